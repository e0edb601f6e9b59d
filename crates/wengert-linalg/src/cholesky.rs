//! The Cholesky decomposition of a symmetric matrix, A = LLᵀ, in a list that can be kept.
//!
//! Small matrices are decomposed by loops over columns, the smallest by loops of known length: the
//! fixed cost of faer's kernels, which know what large ones need, is many times what there is to
//! do.

mod panels;
pub(crate) mod sized;

use crate::Error;
use crate::matrix::view_mut;
use crate::vectors::invert_diagonal;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor as llt;
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_upper_triangular_in_place,
};
use faer::{MatMut, MatRef, Par};

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
        n * stride(n) + n
    }

    /// A decomposition that was kept.
    pub(crate) fn of(kept: &'k [f64], n: usize) -> Self {
        let (l, reciprocals) = kept.split_at(n * stride(n));
        Self { n, l, reciprocals }
    }

    /// Decomposes the matrix of a lower triangle.
    pub(crate) fn find(triangle: &[f64], n: usize, kept: &'k mut [f64]) -> Result<Self, Error> {
        let (l, reciprocals) = kept.split_at_mut(n * stride(n));
        let found = if is_sized(n) {
            sized::decompose(triangle, n, l, reciprocals)
        } else {
            panels::unpack(triangle, n, l);
            if n <= panels::LARGEST {
                panels::decompose(l, reciprocals)
            } else {
                blocked(l, n).inspect(|()| invert_diagonal(l, stride(n), reciprocals))
            }
        };
        found.map_err(|column| Error::NotPositiveDefinite { column })?;
        Ok(Self::of(kept, n))
    }

    /// Solves for the columns of a list, in place.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        let Self { n, l, reciprocals } = *self;
        let columns = x.len() / n.max(1);
        if n > panels::LARGEST && columns > 1 {
            let (l, mut x) = (factor(l, n), view_mut(x, n, columns));
            solve_lower_triangular_in_place(l, x.as_mut(), Par::Seq);
            solve_upper_triangular_in_place(l.transpose(), x, Par::Seq);
            return;
        }
        for x in x.chunks_exact_mut(n.max(1)) {
            if is_sized(n) {
                sized::solve(l, reciprocals, n, x);
            } else {
                panels::solve(l, reciprocals, x);
            }
        }
    }

    /// The diagonal of L.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        self.l.iter().copied().step_by(stride(self.n) + 1).take(self.n)
    }
}

/// Whether there are loops for just this side.
const fn is_sized(n: usize) -> bool {
    n > 0 && n <= sized::LARGEST
}

/// The numbers of a column of the factor.
const fn stride(n: usize) -> usize {
    if is_sized(n) { n } else { panels::stride(n) }
}

/// The factor as faer has it.
fn factor(l: &[f64], n: usize) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice_with_stride(l, n, n, stride(n))
}

/// Decomposes by faer, in place, or finds the first column whose pivot is not positive.
fn blocked(l: &mut [f64], n: usize) -> Result<(), usize> {
    let (par, parameters) = (Par::Seq, Default::default());
    let needs = llt::cholesky_in_place_scratch::<f64>(n, par, parameters);
    let l = MatMut::from_column_major_slice_with_stride_mut(l, n, n, stride(n));
    let (regularization, mut memory) = (Default::default(), MemBuffer::new(needs));
    let stack = MemStack::new(&mut memory);
    let found = llt::cholesky_in_place(l, regularization, par, stack, parameters);
    found.map(drop).map_err(|llt::LltError::NonPositivePivot { index }| index)
}
