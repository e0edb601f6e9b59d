//! The Cholesky decomposition of a symmetric matrix, A = LLᵀ, in a list that can be kept.
//!
//! Small matrices are decomposed by loops over columns, the smallest by loops of known length: the
//! fixed cost of blocked kernels, which know what large ones need, is many times what there is to
//! do.

pub(crate) mod sized;

use crate::Error;
use crate::matrix::{Entries, view, view_mut};
use crate::vectors::{SMALL, dot, invert_diagonal, subtract, subtract_four};
use faer::Par;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor;
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_upper_triangular_in_place,
};
use pulp::{Arch, Simd, WithSimd};

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
        Entries::Lower.unpack(triangle, n, l);
        if n > SMALL {
            blocked(l, n)?
        } else {
            Arch::new().dispatch(ByColumns { l, n })?
        }
        invert_diagonal(l, n, reciprocals);
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
        Arch::new().dispatch(Substitution { l, reciprocals, x });
    }

    /// The diagonal of L.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        (0..self.n).map(|k| self.l[k * self.n + k])
    }
}

/// Decomposition column by column, each from the columns before it.
struct ByColumns<'l> {
    l: &'l mut [f64],
    n: usize,
}

impl WithSimd for ByColumns<'_> {
    type Output = Result<(), Error>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let Self { l, n } = self;
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
}

/// Subtracts from the end of a column the earlier columns, each by its entry in the first row.
#[inline(always)]
fn subtract_columns(column: &mut [f64], before: &[f64], n: usize) {
    let row = n - column.len();
    let fours = before.chunks_exact(4 * n);
    let rest = fours.remainder();
    for four in fours {
        let (front, back) = four.split_at(2 * n);
        let ((a, b), (c, d)) = (front.split_at(n), back.split_at(n));
        subtract_four(column, [&a[row..], &b[row..], &c[row..], &d[row..]]);
    }
    rest.chunks_exact(n).for_each(|one| subtract(column, one[row], &one[row..]));
}

/// The solution for one column, in place.
struct Substitution<'x> {
    l: &'x [f64],
    reciprocals: &'x [f64],
    x: &'x mut [f64],
}

impl WithSimd for Substitution<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { l, reciprocals, x } = self;
        let n = x.len();
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
}

/// By faer, in place.
fn blocked(l: &mut [f64], n: usize) -> Result<(), Error> {
    let (par, parameters) = (Par::Seq, Default::default());
    let needs = factor::cholesky_in_place_scratch::<f64>(n, par, parameters);
    let (l, stack) = (view_mut(l, n, n), &mut MemBuffer::new(needs));
    let regularization = Default::default();
    let stack = MemStack::new(stack);
    let found = factor::cholesky_in_place(l, regularization, par, stack, parameters);
    found.map(drop).map_err(|factor::LltError::NonPositivePivot { index }| {
        Error::NotPositiveDefinite { column: index }
    })
}
