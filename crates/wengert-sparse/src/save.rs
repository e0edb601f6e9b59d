//! Plans that are kept: the pattern and the colours, from which the rest is found anew. Nothing
//! that is read is believed.

use crate::color::{Bicoloring, Coloring};
use crate::error::{Error, Kind};
use crate::structure::{Layout, Structure};
use crate::{SparseHessian, SparseJacobian, Triangle};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wengert::Pattern;

/// The entries of a matrix as they are kept.
#[derive(Serialize, Deserialize)]
struct Entries {
    rows: usize,
    columns: usize,
    offsets: Vec<usize>,
    indices: Vec<u32>,
}

impl Entries {
    fn of(pattern: &Pattern) -> Self {
        Self {
            rows: pattern.rows(),
            columns: pattern.columns(),
            offsets: pattern.offsets().to_vec(),
            indices: pattern.indices().to_vec(),
        }
    }

    /// The pattern, whose columns have as many colours as were read: a few bytes could claim any
    /// number of columns, and memory is taken for each.
    fn read(&self, colors: usize) -> Result<Pattern, Error> {
        let Self { rows, columns, ref offsets, ref indices } = *self;
        let ascends = offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        let spans = offsets.first() == Some(&0) && offsets.last() == Some(&indices.len());
        if columns != colors {
            return Err(Kind::Saved { reason: "its colours are not those of its columns" }.into());
        }
        if offsets.len() != rows.saturating_add(1) || !ascends || !spans {
            return Err(Kind::Saved { reason: "its offsets are not those of its rows" }.into());
        }
        let row = |row: usize| {
            indices[offsets[row]..offsets[row + 1]].iter().map(move |&c| (row, c as usize))
        };
        Ok(Pattern::from_entries(rows, columns, (0..rows).flat_map(row))?)
    }
}

/// A plan for a Jacobian as it is kept.
#[derive(Serialize, Deserialize)]
struct SavedJacobian {
    pattern: Entries,
    layout: Layout,
    column_colors: Vec<u32>,
    row_colors: Vec<u32>,
}

/// A plan for a Hessian as it is kept.
#[derive(Serialize, Deserialize)]
struct SavedHessian {
    pattern: Entries,
    layout: Layout,
    triangle: Triangle,
    colors: Vec<u32>,
}

/// Colours that were read: memory is taken for each of them, so there may not be more than what
/// has one.
fn coloring(colors: Vec<u32>, wanted: usize) -> Result<Coloring, Error> {
    let len = colors.len();
    let coloring = Coloring::of(colors);
    if len != wanted || coloring.count() > len {
        return Err(Kind::Saved { reason: "its colours are not those of its pattern" }.into());
    }
    Ok(coloring)
}

/// The pattern of rows of a structure.
fn rows_of(structure: &Structure) -> Pattern {
    Pattern::from_entries(structure.rows(), structure.columns(), structure.triplets())
        .expect("entries of a pattern")
}

impl Serialize for SparseJacobian {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Bicoloring { columns, rows } = &self.coloring;
        let saved = SavedJacobian {
            pattern: Entries::of(&rows_of(self.structure())),
            layout: self.structure().layout(),
            column_colors: columns.colors().to_vec(),
            row_colors: rows.colors().to_vec(),
        };
        saved.serialize(serializer)
    }
}

impl SavedJacobian {
    fn load(self) -> Result<SparseJacobian, Error> {
        let pattern = self.pattern.read(self.column_colors.len())?;
        let columns = coloring(self.column_colors, pattern.columns())?;
        let rows = coloring(self.row_colors, pattern.rows())?;
        SparseJacobian::builder(pattern).layout(self.layout).coloring(columns, rows).plan()
    }
}

impl<'de> Deserialize<'de> for SparseJacobian {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SavedJacobian::deserialize(deserializer)?.load().map_err(serde::de::Error::custom)
    }
}

impl Serialize for SparseHessian {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let saved = SavedHessian {
            pattern: Entries::of(&self.pattern),
            layout: self.structure().layout(),
            triangle: self.triangle,
            colors: self.coloring.colors().to_vec(),
        };
        saved.serialize(serializer)
    }
}

impl SavedHessian {
    fn load(self) -> Result<SparseHessian, Error> {
        let pattern = self.pattern.read(self.colors.len())?;
        let coloring = coloring(self.colors, pattern.rows())?;
        let builder = SparseHessian::builder(pattern).layout(self.layout).triangle(self.triangle);
        builder.coloring(coloring).plan()
    }
}

impl<'de> Deserialize<'de> for SparseHessian {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SavedHessian::deserialize(deserializer)?.load().map_err(serde::de::Error::custom)
    }
}
