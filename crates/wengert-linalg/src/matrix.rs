//! Lists of numbers as matrices, column behind column.

use faer::{Mat, MatRef};

/// A list as a matrix of so many rows.
pub(crate) fn view(entries: &[f64], rows: usize, columns: usize) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(entries, rows, columns)
}

/// Writes a matrix into a list.
pub(crate) fn write(matrix: MatRef<'_, f64>, entries: &mut [f64]) {
    let rows = matrix.nrows();
    for (j, column) in entries.chunks_mut(rows.max(1)).enumerate() {
        column.iter_mut().enumerate().for_each(|(i, entry)| *entry = matrix[(i, j)]);
    }
}

/// Which entries of a square matrix count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entries {
    /// All of them.
    All,
    /// Those of the lower triangle, which tell a symmetric matrix.
    Lower,
}

impl Entries {
    /// The matrix that a list tells.
    pub(crate) fn read(self, entries: &[f64], n: usize) -> Mat<f64> {
        let matrix = view(entries, n, n);
        match self {
            Self::All => matrix.to_owned(),
            Self::Lower => Mat::from_fn(n, n, |i, j| matrix[(i.max(j), i.min(j))]),
        }
    }

    /// Writes derivatives by the entries of a matrix as those by the entries that count: one below
    /// the diagonal stands in two places.
    pub(crate) fn write(self, derivatives: MatRef<'_, f64>, entries: &mut [f64]) {
        if self == Self::All {
            return write(derivatives, entries);
        }
        let n = derivatives.nrows();
        for j in 0..n {
            for i in j..n {
                let both = derivatives[(i, j)] + derivatives[(j, i)];
                entries[j * n + i] = if i == j { derivatives[(i, i)] } else { both };
            }
        }
    }
}

/// The trace of a product.
pub(crate) fn trace_of_product(a: MatRef<'_, f64>, b: MatRef<'_, f64>) -> f64 {
    (0..a.nrows()).map(|i| (0..b.nrows()).map(|j| a[(i, j)] * b[(j, i)]).sum::<f64>()).sum()
}

/// The length of the side of a square matrix with so many entries, if there is one.
pub(crate) fn side(entries: usize) -> Option<usize> {
    let side = entries.isqrt();
    (side * side == entries).then_some(side)
}
