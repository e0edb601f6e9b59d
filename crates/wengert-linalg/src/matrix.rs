//! Lists of numbers as matrices, column behind column.

use crate::cholesky::sized;
use crate::vectors::{dot, subtract};
use faer::{Mat, MatMut, MatRef};
use pulp::{Arch, Simd, WithSimd};

/// A list as a matrix of so many rows.
pub(crate) fn view(entries: &[f64], rows: usize, columns: usize) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(entries, rows, columns)
}

/// The same, to be changed.
pub(crate) fn view_mut(entries: &mut [f64], rows: usize, columns: usize) -> MatMut<'_, f64> {
    MatMut::from_column_major_slice_mut(entries, rows, columns)
}

/// Writes a matrix into a list.
pub(crate) fn write(matrix: MatRef<'_, f64>, entries: &mut [f64]) {
    let rows = matrix.nrows();
    for (j, column) in entries.chunks_mut(rows.max(1)).enumerate() {
        column.iter_mut().enumerate().for_each(|(i, entry)| *entry = matrix[(i, j)]);
    }
}

/// The entries of a square matrix that an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entries {
    /// All of them.
    All,
    /// Those of the lower triangle, which tell a symmetric matrix: each column from the diagonal
    /// down.
    Lower,
}

impl Entries {
    /// How many there are.
    pub(crate) const fn count(self, n: usize) -> usize {
        match self {
            Self::All => n * n,
            Self::Lower => n * (n + 1) / 2,
        }
    }

    /// Adds those of a whole matrix to a list.
    pub(crate) fn pick<T: Copy>(self, matrix: &[T], n: usize, list: &mut Vec<T>) {
        match self {
            Self::All => list.extend_from_slice(matrix),
            Self::Lower => {
                // PERF: most columns are too short for a copy of memory.
                let columns = matrix.chunks_exact(n.max(1)).enumerate();
                columns.for_each(|(j, column)| list.extend(column[j..].iter().copied()));
            }
        }
    }

    /// Writes them where they stand in a matrix.
    pub(crate) fn unpack(self, entries: &[f64], n: usize, matrix: &mut [f64]) {
        match self {
            Self::All => matrix.copy_from_slice(entries),
            Self::Lower => {
                let mut rest = entries;
                for (k, column) in matrix.chunks_exact_mut(n.max(1)).enumerate() {
                    let (own, behind) = rest.split_at(n - k);
                    column[k..].copy_from_slice(own);
                    rest = behind;
                }
            }
        }
    }

    /// The matrix that they tell.
    pub(crate) fn read(self, entries: &[f64], n: usize) -> Mat<f64> {
        match self {
            Self::All => view(entries, n, n).to_owned(),
            Self::Lower => Mat::from_fn(n, n, |i, j| {
                let (i, j) = (i.max(j), i.min(j));
                entries[j * n + i - j * (j + 1) / 2]
            }),
        }
    }

    /// Writes derivatives by all entries of a matrix as those by the ones that are taken: of a
    /// symmetric matrix, an entry below the diagonal stands in two places.
    pub(crate) fn write(self, derivatives: MatRef<'_, f64>, entries: &mut [f64]) {
        if self == Self::All {
            return write(derivatives, entries);
        }
        let each = each_of_lower(derivatives.nrows()).zip(entries);
        each.for_each(|((i, j), entry)| {
            let both = derivatives[(i, j)] + derivatives[(j, i)];
            *entry = if i == j { derivatives[(i, i)] } else { both };
        });
    }

    /// Subtracts uvᵀ, of matrices of n rows, from derivatives.
    pub(crate) fn subtract_outer(self, n: usize, u: &[f64], v: &[f64], derivatives: &mut [f64]) {
        if u.len() > n {
            let columns = u.len() / n;
            let product = view(u, n, columns) * view(v, n, columns).transpose();
            let mut entries = vec![0.0; derivatives.len()];
            self.write(product.as_ref(), &mut entries);
            return subtract(derivatives, 1.0, &entries);
        }
        match self {
            Self::All => {
                let columns = derivatives.chunks_exact_mut(n.max(1)).zip(v);
                columns.for_each(|(column, &factor)| subtract(column, factor, u));
            }
            Self::Lower if (1..=sized::LARGEST).contains(&n) => {
                sized::subtract_outer(u, v, n, derivatives);
            }
            Self::Lower => Arch::new().dispatch(BothOuter { u, v, triangle: derivatives }),
        }
    }

    /// Subtracts AV from the columns of a list.
    pub(crate) fn subtract_product(self, a: &[f64], n: usize, v: &[f64], from: &mut [f64]) {
        if self == Self::All && v.len() == n {
            a.chunks_exact(n).zip(v).for_each(|(column, &factor)| subtract(from, factor, column));
        } else {
            let product = self.read(a, n) * view(v, n, v.len() / n.max(1));
            subtract_matrix(product.as_ref(), from);
        }
    }

    /// Subtracts AᵀV from the columns of a list.
    pub(crate) fn subtract_transposed(self, a: &[f64], n: usize, v: &[f64], from: &mut [f64]) {
        if self == Self::All && v.len() == n {
            let columns = a.chunks_exact(n).zip(from);
            columns.for_each(|(column, entry)| *entry -= dot(column, v));
        } else {
            let product = self.read(a, n).transpose() * view(v, n, v.len() / n.max(1));
            subtract_matrix(product.as_ref(), from);
        }
    }
}

/// Subtracts uvᵀ + vuᵀ from what stands below the diagonal, and uvᵀ from what stands on it.
struct BothOuter<'x> {
    u: &'x [f64],
    v: &'x [f64],
    triangle: &'x mut [f64],
}

impl WithSimd for BothOuter<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { u, v, triangle: mut rest } = self;
        for (j, (&of_u, &of_v)) in u.iter().zip(v).enumerate() {
            let (column, behind) = rest.split_at_mut(u.len() - j);
            let diagonal = column[0] - of_u * of_v;
            let rows = column.iter_mut().zip(u[j..].iter().zip(&v[j..]));
            rows.for_each(|(entry, (u, v))| *entry -= u * of_v + of_u * v);
            column[0] = diagonal;
            rest = behind;
        }
    }
}

fn subtract_matrix(matrix: MatRef<'_, f64>, from: &mut [f64]) {
    let mut entries = vec![0.0; from.len()];
    write(matrix, &mut entries);
    subtract(from, 1.0, &entries);
}

/// The rows and columns of the entries of a lower triangle.
fn each_of_lower(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |j| (j..n).map(move |i| (i, j)))
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
