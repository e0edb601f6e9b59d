//! How a table is written: as columns for reading, or as comma-separated values.

use crate::command::columns::{self, Column};
use crate::command::failure::Failure;
use crate::command::number;
use std::io::{self, Write};

/// A table that is being written.
pub(super) enum Sheet<'o> {
    /// All digits.
    Csv(Box<csv::Writer<&'o mut dyn Write>>),
    Text(Page<'o>),
}

/// Rows that are written together, because a column is as wide as its longest number.
pub(super) struct Page<'o> {
    out: &'o mut dyn Write,
    digits: u8,
    heads: Vec<String>,
    rows: Vec<Vec<f64>>,
    is_first: bool,
}

impl<'o> Sheet<'o> {
    pub(super) fn begin(
        is_csv: bool,
        digits: u8,
        heads: &[String],
        out: &'o mut dyn Write,
    ) -> Result<Self, Failure> {
        if is_csv {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(heads).map_err(failure)?;
            return Ok(Self::Csv(Box::new(writer)));
        }
        let heads = heads.to_vec();
        Ok(Self::Text(Page { out, digits, heads, rows: Vec::new(), is_first: true }))
    }

    pub(super) fn write(&mut self, row: Vec<f64>) -> Result<(), Failure> {
        match self {
            Self::Csv(writer) => writer.serialize(row).map_err(failure),
            Self::Text(page) => Ok(page.add(row)?),
        }
    }

    pub(super) fn end(self) -> Result<(), Failure> {
        match self {
            Self::Csv(mut writer) => Ok(writer.flush()?),
            Self::Text(mut page) => Ok(page.write()?),
        }
    }
}

/// What can go wrong with plain numbers is the writing.
fn failure(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => io::Error::other(format!("{other:?}")).into(),
    }
}

impl Page<'_> {
    /// The rows of a page, beyond which nobody compares.
    const ROWS: usize = 1_000;

    fn add(&mut self, row: Vec<f64>) -> io::Result<()> {
        self.rows.push(row);
        if self.rows.len() == Self::ROWS { self.write() } else { Ok(()) }
    }

    /// Writes the rows that are there, with the heads above them.
    fn write(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        if !std::mem::take(&mut self.is_first) {
            writeln!(self.out)?;
        }
        let column = |(position, head): (usize, &String)| {
            let numbers = self.rows.iter().map(|row| row[position]);
            Column::new(head, number::column(numbers, self.digits))
        };
        let columns: Vec<Column> = self.heads.iter().enumerate().map(column).collect();
        self.rows.clear();
        columns::write(&columns, self.out)
    }
}
