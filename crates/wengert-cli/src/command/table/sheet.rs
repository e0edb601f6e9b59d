//! How a table is written: as columns for reading, or as comma-separated values.

use crate::command::failure::Failure;
use crate::command::number;
use std::io::{self, Write};

pub(super) enum Sheet<'o> {
    /// All digits, one writer for all rows.
    Csv(Box<csv::Writer<&'o mut dyn Write>>),
    /// Rows are written as they come, so that a column cannot know its longest number.
    Text { out: &'o mut dyn Write, digits: u8, widths: Vec<usize> },
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
        // A sign, a point and an exponent besides the digits.
        let longest = usize::from(digits) + 7;
        let widths: Vec<usize> =
            heads.iter().map(|head| head.chars().count().max(longest)).collect();
        let cells = heads.iter().zip(&widths).map(|(head, width)| format!("{head:>width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  "))?;
        Ok(Self::Text { out, digits, widths })
    }

    pub(super) fn write(&mut self, row: &[f64]) -> Result<(), Failure> {
        match self {
            Self::Csv(writer) => writer.serialize(row).map_err(failure),
            Self::Text { out, digits, widths } => {
                let cell = |(x, width): (&f64, &usize)| {
                    format!("{:>width$}", number::significant(*x, *digits))
                };
                let cells: Vec<String> = row.iter().zip(widths.iter()).map(cell).collect();
                Ok(writeln!(out, "{}", cells.join("  "))?)
            }
        }
    }

    pub(super) fn end(self) -> Result<(), Failure> {
        match self {
            Self::Csv(mut writer) => Ok(writer.flush()?),
            Self::Text { out, .. } => Ok(out.flush()?),
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
