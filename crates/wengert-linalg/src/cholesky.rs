//! The Cholesky decomposition of a symmetric matrix, A = LLᵀ, in a list that can be kept.
//!
//! Small matrices are decomposed by loops over columns, the smallest by loops of known length: the
//! fixed cost of blocked kernels, which know what large ones need, is many times what there is to
//! do.

mod sized;

use crate::Error;
use crate::matrix::{view, view_mut, write};
use crate::vectors::{SMALL, dot, subtract, subtract_four};
use faer::linalg::solvers::Llt;
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_upper_triangular_in_place,
};
use faer::{Par, Side};

/// The factor, whose entries above the diagonal mean nothing.
#[derive(Clone, Copy)]
pub(crate) struct Cholesky<'k> {
    n: usize,
    l: &'k [f64],
    /// Of the diagonal: a substitution waits for each of its quotients.
    reciprocals: &'k [f64],
}

impl<'k> Cholesky<'k> {
    /// How many numbers are kept of a matrix.
    pub(crate) const fn kept(n: usize) -> usize {
        n * n + n
    }

    /// A decomposition that was kept.
    pub(crate) fn of(kept: &'k [f64], n: usize) -> Self {
        let (l, reciprocals) = kept.split_at(n * n);
        Self { n, l, reciprocals }
    }

    /// Decomposes the matrix of a lower triangle.
    pub(crate) fn find(triangle: &[f64], n: usize, kept: &'k mut [f64]) -> Result<Self, Error> {
        let (l, reciprocals) = kept.split_at_mut(n * n);
        if (1..=sized::LARGEST).contains(&n) {
            let found = sized::decompose(triangle, n, l, reciprocals);
            found.map_err(|column| Error::NotPositiveDefinite { column })?;
            return Ok(Self::of(kept, n));
        }
        let mut columns = triangle;
        for k in 0..n {
            let (column, rest) = columns.split_at(n - k);
            l[k * n + k..(k + 1) * n].copy_from_slice(column);
            columns = rest;
        }
        if n > SMALL {
            blocked(l, n)?
        } else {
            by_columns(l, n)?
        }
        for (k, reciprocal) in reciprocals.iter_mut().enumerate() {
            *reciprocal = 1.0 / l[k * n + k];
        }
        Ok(Self::of(kept, n))
    }

    /// Solves for the columns of a list, in place.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        let (n, columns) = (self.n, x.len() / self.n.max(1));
        if n > SMALL && columns > 1 {
            let l = view(self.l, n, n);
            solve_lower_triangular_in_place(l, view_mut(x, n, columns), Par::Seq);
            solve_upper_triangular_in_place(l.transpose(), view_mut(x, n, columns), Par::Seq);
        } else {
            x.chunks_exact_mut(n.max(1)).for_each(|x| self.solve_column(x));
        }
    }

    fn solve_column(&self, x: &mut [f64]) {
        let Self { n, l, reciprocals } = *self;
        if n <= sized::LARGEST {
            return sized::solve(l, reciprocals, n, x);
        }
        for (j, reciprocal) in reciprocals.iter().enumerate() {
            let (head, tail) = x.split_at_mut(j + 1);
            head[j] *= reciprocal;
            subtract(tail, head[j], &l[j * n + j + 1..(j + 1) * n]);
        }
        for (j, reciprocal) in reciprocals.iter().enumerate().rev() {
            let (head, tail) = x.split_at_mut(j + 1);
            head[j] = (head[j] - dot(tail, &l[j * n + j + 1..(j + 1) * n])) * reciprocal;
        }
    }

    /// The diagonal of L.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        (0..self.n).map(|k| self.l[k * self.n + k])
    }
}

/// Column by column, each from the columns before it.
fn by_columns(l: &mut [f64], n: usize) -> Result<(), Error> {
    for k in 0..n {
        let (before, from) = l.split_at_mut(k * n);
        let column = &mut from[k..n];
        subtract_columns(column, before, n);
        let pivot = column[0];
        if pivot.is_nan() || pivot <= 0.0 {
            return Err(Error::NotPositiveDefinite { column: k });
        }
        column[0] = pivot.sqrt();
        let reciprocal = 1.0 / column[0];
        column[1..].iter_mut().for_each(|entry| *entry *= reciprocal);
    }
    Ok(())
}

/// Subtracts from the end of a column the earlier columns, each by its entry in the first row.
fn subtract_columns(column: &mut [f64], before: &[f64], n: usize) {
    let row = n - column.len();
    let mut rest = before;
    while rest.len() >= 4 * n {
        let (four, behind) = rest.split_at(4 * n);
        subtract_four(column, [0, 1, 2, 3].map(|j| &four[j * n + row..(j + 1) * n]));
        rest = behind;
    }
    while !rest.is_empty() {
        let (one, behind) = rest.split_at(n);
        subtract(column, one[row], &one[row..]);
        rest = behind;
    }
}

/// By faer, in place.
fn blocked(l: &mut [f64], n: usize) -> Result<(), Error> {
    let llt = Llt::new(view(l, n, n), Side::Lower).map_err(|error| {
        let faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index } = error;
        Error::NotPositiveDefinite { column: index }
    })?;
    write(llt.L(), l);
    Ok(())
}
