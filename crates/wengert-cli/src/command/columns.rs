//! Tables for reading: columns of equal width, heads in bold.

use clap::builder::styling::{AnsiColor, Style};
use std::io::{self, Write};
use wengert_cli::shorten;

const HEAD: Style = Style::new().bold();
const BAD: Style = AnsiColor::Red.on_default();

/// A column: its head, and its cells from top to bottom.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) head: String,
    pub(crate) cells: Vec<String>,
}

impl Column {
    /// A column of numbers, or of other short texts.
    pub(crate) fn new(head: &str, cells: Vec<String>) -> Self {
        Self { head: shorten(head), cells }
    }

    /// A column of names, which can be as long as an expression.
    pub(crate) fn of_names<'n>(head: &str, names: impl Iterator<Item = &'n str>) -> Self {
        Self::new(head, names.map(shorten).collect())
    }

    fn width(&self) -> usize {
        self.cells.iter().chain([&self.head]).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

/// Writes columns of equal length side by side, those with something wrong in red.
pub(crate) fn write(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let widths: Vec<usize> = columns.iter().map(Column::width).collect();
    let mut line = String::new();
    for (column, &width) in columns.iter().zip(&widths) {
        append(&column.head, Style::new(), width, &mut line);
    }
    writeln!(out, "{HEAD}{}{HEAD:#}", line.trim_end())?;
    for row in 0..columns.first().map_or(0, |column| column.cells.len()) {
        line.clear();
        for (column, &width) in columns.iter().zip(&widths) {
            let cell = &column.cells[row];
            append(cell, style(cell), width, &mut line);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Appends a cell to a line, with blanks up to the width of its column.
fn append(cell: &str, style: Style, width: usize, line: &mut String) {
    line.push_str("  ");
    match style.is_plain() {
        true => line.push_str(cell),
        false => line.push_str(&format!("{style}{cell}{style:#}")),
    }
    line.extend(std::iter::repeat_n(' ', width - cell.chars().count()));
}

/// A number that is none stands out on a terminal.
fn style(cell: &str) -> Style {
    match cell.trim() {
        "NaN" | "inf" | "-inf" => BAD,
        _ => Style::new(),
    }
}
