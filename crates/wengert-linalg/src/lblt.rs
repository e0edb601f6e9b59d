//! The decomposition of a symmetric matrix by Bunch and Kaufman, PAPᵀ = LBLᵀ with blocks of one or
//! two in B, in a list that can be kept.

use crate::Error;
use crate::matrix::{Entries, view, view_mut};
use crate::pivots::check_pivots;
use faer::diag::{DiagMut, DiagRef};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::lblt::{factor, solve};
use faer::perm::PermRef;
use faer::{MatRef, Par};

/// The factors.
#[derive(Clone, Copy)]
pub(crate) struct Lblt<'k> {
    /// L below the diagonal, which is 1 there, and on it that of B.
    l: MatRef<'k, f64>,
    /// What stands below the diagonal of B.
    beside: &'k [f64],
    /// Which row of the matrix, as a number, each row is.
    order: &'k [f64],
}

impl<'k> Lblt<'k> {
    /// How many numbers are kept of a matrix.
    pub(crate) const fn kept(n: usize) -> usize {
        n * n + 2 * n
    }

    /// A decomposition that was kept.
    pub(crate) fn of(kept: &'k [f64], n: usize) -> Self {
        let (l, rest) = kept.split_at(n * n);
        let (beside, order) = rest.split_at(n);
        Self { l: view(l, n, n), beside, order }
    }

    /// Decomposes the matrix of a lower triangle.
    pub(crate) fn find(triangle: &[f64], n: usize, kept: &'k mut [f64]) -> Result<Self, Error> {
        let (l, rest) = kept.split_at_mut(n * n);
        let (beside, order) = rest.split_at_mut(n);
        Entries::Lower.unpack(triangle, n, l);
        beside.fill(0.0);
        let (par, parameters) = (Par::Seq, Default::default());
        let needs = factor::cholesky_in_place_scratch::<usize, f64>(n, par, parameters);
        let (mut forward, mut inverse) = (vec![0_usize; n], vec![0; n]);
        factor::cholesky_in_place(
            view_mut(l, n, n),
            DiagMut::from_slice_mut(beside),
            &mut forward,
            &mut inverse,
            par,
            MemStack::new(&mut MemBuffer::new(needs)),
            parameters,
        );
        order.iter_mut().zip(forward).for_each(|(place, row)| *place = row as f64);
        let found = Self::of(kept, n);
        check_pivots(found.least())?;
        Ok(found)
    }

    /// Replaces the columns of a list, B, by those of A⁻¹B.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        let n = self.order.len();
        let count = x.len() / n.max(1);
        let forward: Vec<usize> = self.order.iter().map(|&row| row as usize).collect();
        let mut inverse = vec![0; n];
        forward.iter().enumerate().for_each(|(place, &row)| inverse[row] = place);
        let needs = solve::solve_in_place_scratch::<usize, f64>(n, count, Par::Seq);
        solve::solve_in_place(
            self.l,
            self.l.diagonal(),
            DiagRef::from_slice(self.beside),
            PermRef::new_checked(&forward, &inverse, n),
            view_mut(x, n, count),
            Par::Seq,
            MemStack::new(&mut MemBuffer::new(needs)),
        );
    }

    /// The determinants of the blocks of B.
    pub(crate) fn determinants(&self) -> impl Iterator<Item = f64> {
        self.blocks().map(|(determinant, _)| determinant)
    }

    /// The magnitude of each block's lesser eigenvalue, but for a factor of two.
    fn least(&self) -> impl Iterator<Item = f64> + Clone {
        self.blocks().map(|(determinant, size)| determinant.abs() / size)
    }

    /// The determinants of the blocks, with the sizes of their entries.
    fn blocks(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        let Self { l, beside, .. } = *self;
        let mut at = 0;
        std::iter::from_fn(move || {
            let beside = *beside.get(at)?;
            let first = l[(at, at)];
            if beside == 0.0 || at + 1 == l.nrows() {
                at += 1;
                return Some((first, 1.0));
            }
            let second = l[(at + 1, at + 1)];
            at += 2;
            let size = first.abs().max(second.abs()).max(beside.abs());
            Some((first * second - beside * beside, size))
        })
    }
}
