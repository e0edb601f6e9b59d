//! The decomposition of a matrix with no more columns than rows by QR with Householder reflections,
//! in a list that can be kept.

use crate::Error;
use crate::matrix::{view, view_mut};
use crate::pivots::check_pivots;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::qr::no_pivoting::{factor, solve};
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_upper_triangular_in_place,
};
use faer::{MatRef, Par};

/// The factors: R on and above the diagonal, the vectors of the reflections below it.
#[derive(Clone, Copy)]
pub(crate) struct Qr<'k> {
    qr: MatRef<'k, f64>,
    /// How reflections are made one, some at a time.
    blocks: MatRef<'k, f64>,
}

impl<'k> Qr<'k> {
    /// How many numbers are kept of a matrix.
    pub(crate) fn kept(rows: usize, columns: usize) -> usize {
        (rows + block_size(rows, columns)) * columns
    }

    /// A decomposition that was kept.
    pub(crate) fn of(kept: &'k [f64], rows: usize, columns: usize) -> Self {
        let (qr, blocks) = kept.split_at(rows * columns);
        let blocks = view(blocks, block_size(rows, columns), columns);
        Self { qr: view(qr, rows, columns), blocks }
    }

    /// Decomposes a matrix.
    pub(crate) fn find(
        a: &[f64],
        rows: usize,
        columns: usize,
        kept: &'k mut [f64],
    ) -> Result<Self, Error> {
        let (qr, blocks) = kept.split_at_mut(rows * columns);
        let size = block_size(rows, columns);
        qr.copy_from_slice(a);
        blocks.fill(0.0);
        let (par, parameters) = (Par::Seq, Default::default());
        let needs = factor::qr_in_place_scratch::<f64>(rows, columns, size, par, parameters);
        factor::qr_in_place(
            view_mut(qr, rows, columns),
            view_mut(blocks, size, columns),
            par,
            MemStack::new(&mut MemBuffer::new(needs)),
            parameters,
        );
        let found = Self::of(kept, rows, columns);
        check_pivots(found.pivots().map(f64::abs))?;
        Ok(found)
    }

    /// Replaces the columns of a list, B, by those of A⁻¹B; of a matrix with more rows than columns,
    /// by the solutions of the least-squares problems, with what is left behind each.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        let (rows, columns) = (self.qr.nrows(), self.qr.ncols());
        let count = x.len() / rows.max(1);
        let (size, par) = (self.blocks.nrows(), Par::Seq);
        let needs = solve::solve_lstsq_in_place_scratch::<f64>(rows, columns, size, count, par);
        let stack = &mut MemBuffer::new(needs);
        let (x, stack) = (view_mut(x, rows, count), MemStack::new(stack));
        solve::solve_lstsq_in_place(self.qr, self.blocks, self.qr, x, par, stack);
    }

    /// Replaces the columns of a list, B, by those of A⁻ᵀB, of a square matrix.
    pub(crate) fn solve_transposed(&self, x: &mut [f64]) {
        let n = self.qr.nrows();
        let count = x.len() / n.max(1);
        let (size, par) = (self.blocks.nrows(), Par::Seq);
        let needs = solve::solve_transpose_in_place_scratch::<f64>(n, size, count, par);
        let stack = &mut MemBuffer::new(needs);
        let (x, stack) = (view_mut(x, n, count), MemStack::new(stack));
        solve::solve_transpose_in_place(self.qr, self.blocks, self.qr, x, par, stack);
    }

    /// Replaces a vector v by (AᵀA)⁻¹v, which is R⁻¹R⁻ᵀv.
    pub(crate) fn solve_normal(&self, v: &mut [f64]) {
        let n = self.qr.ncols();
        let r = self.qr.subrows(0, n);
        solve_lower_triangular_in_place(r.transpose(), view_mut(v, n, 1), Par::Seq);
        solve_upper_triangular_in_place(r, view_mut(v, n, 1), Par::Seq);
    }

    /// The diagonal of R.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> + Clone + use<'k> {
        let r = self.qr;
        (0..r.ncols()).map(move |k| r[(k, k)])
    }
}

/// How many reflections are made one, for matrices of a size.
fn block_size(rows: usize, columns: usize) -> usize {
    factor::recommended_block_size::<f64>(rows, columns)
}
