//! Tables for reading: columns of equal width, heads in bold.

use clap::builder::styling::{AnsiColor, Style};
use std::io::{self, Write};

const HEAD: Style = Style::new().bold();
const BAD: Style = AnsiColor::Red.on_default();

/// A column: its head, and its cells from top to bottom.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) head: String,
    pub(crate) cells: Vec<String>,
}

impl Column {
    pub(crate) fn new(head: impl Into<String>, cells: Vec<String>) -> Self {
        Self { head: head.into(), cells }
    }

    fn width(&self) -> usize {
        self.cells.iter().chain([&self.head]).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

/// Writes columns of equal length side by side, those with something wrong in red.
pub(crate) fn write(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let widths: Vec<usize> = columns.iter().map(Column::width).collect();
    let heads = columns.iter().zip(&widths);
    let heads: Vec<String> = heads.map(|(column, w)| format!("  {:<w$}", column.head)).collect();
    writeln!(out, "{HEAD}{}{HEAD:#}", heads.concat().trim_end())?;
    for row in 0..columns.first().map_or(0, |column| column.cells.len()) {
        let mut line = String::new();
        for (column, width) in columns.iter().zip(&widths) {
            let cell = &column.cells[row];
            let padding = width - cell.chars().count();
            line.push_str(&format!("  {}{:padding$}", styled(cell), ""));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A number that is none stands out on a terminal.
fn styled(cell: &str) -> String {
    match cell.trim() {
        "NaN" | "inf" | "-inf" => format!("{BAD}{cell}{BAD:#}"),
        _ => cell.to_owned(),
    }
}
