//! The decomposition of a square matrix by LU with partial pivoting, in a list that can be kept.

use crate::Error;
use crate::matrix::{view, view_mut};
use crate::pivots::check_pivots;
use crate::vectors::{SMALL, dot, invert_diagonal, subtract};
use faer::Par;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::lu::partial_pivoting::factor;
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_unit_lower_triangular_in_place,
    solve_unit_upper_triangular_in_place, solve_upper_triangular_in_place,
};

/// The factors: L below the diagonal, which is 1 there, and U on and above it.
#[derive(Clone, Copy)]
pub(crate) struct Lu<'k> {
    n: usize,
    lu: &'k [f64],
    /// Of the diagonal of U.
    reciprocals: &'k [f64],
    /// With which row, as a number, each is exchanged in turn.
    exchanges: &'k [f64],
}

impl<'k> Lu<'k> {
    /// How many numbers are kept of a matrix.
    pub(crate) const fn kept(n: usize) -> usize {
        n * n + 2 * n
    }

    /// A decomposition that was kept.
    pub(crate) fn of(kept: &'k [f64], n: usize) -> Self {
        let (lu, rest) = kept.split_at(n * n);
        let (reciprocals, exchanges) = rest.split_at(n);
        Self { n, lu, reciprocals, exchanges }
    }

    /// Decomposes a matrix.
    pub(crate) fn find(a: &[f64], n: usize, kept: &'k mut [f64]) -> Result<Self, Error> {
        let (lu, rest) = kept.split_at_mut(n * n);
        let (reciprocals, exchanges) = rest.split_at_mut(n);
        lu.copy_from_slice(a);
        if n > SMALL {
            blocked(lu, n, exchanges)
        } else {
            by_columns(lu, n, exchanges)
        }
        check_pivots((0..n).map(|k| lu[k * n + k].abs()))?;
        invert_diagonal(lu, n, reciprocals);
        Ok(Self::of(kept, n))
    }

    /// Solves for the columns of a list, in place.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        let (n, columns) = (self.n, x.len() / self.n.max(1));
        x.chunks_exact_mut(n.max(1)).for_each(|x| self.exchange(x, 0..n));
        if n > SMALL && columns > 1 {
            let lu = view(self.lu, n, n);
            solve_unit_lower_triangular_in_place(lu, view_mut(x, n, columns), Par::Seq);
            solve_upper_triangular_in_place(lu, view_mut(x, n, columns), Par::Seq);
        } else {
            x.chunks_exact_mut(n.max(1)).for_each(|x| self.solve_column(x));
        }
    }

    /// Solves with the transposed matrix.
    pub(crate) fn solve_transposed(&self, x: &mut [f64]) {
        let (n, columns) = (self.n, x.len() / self.n.max(1));
        if n > SMALL && columns > 1 {
            let lu = view(self.lu, n, n).transpose();
            solve_lower_triangular_in_place(lu, view_mut(x, n, columns), Par::Seq);
            solve_unit_upper_triangular_in_place(lu, view_mut(x, n, columns), Par::Seq);
        } else {
            x.chunks_exact_mut(n.max(1)).for_each(|x| self.solve_column_transposed(x));
        }
        x.chunks_exact_mut(n.max(1)).for_each(|x| self.exchange(x, (0..n).rev()));
    }

    fn exchange(&self, x: &mut [f64], rows: impl Iterator<Item = usize>) {
        rows.for_each(|k| x.swap(k, self.exchanges[k] as usize));
    }

    fn solve_column(&self, x: &mut [f64]) {
        let Self { n, lu, reciprocals, .. } = *self;
        for j in 0..n {
            let (head, tail) = x.split_at_mut(j + 1);
            subtract(tail, head[j], &lu[j * n + j + 1..(j + 1) * n]);
        }
        for j in (0..n).rev() {
            let (head, tail) = x.split_at_mut(j);
            tail[0] *= reciprocals[j];
            subtract(head, tail[0], &lu[j * n..j * n + j]);
        }
    }

    fn solve_column_transposed(&self, x: &mut [f64]) {
        let Self { n, lu, reciprocals, .. } = *self;
        for j in 0..n {
            let (head, tail) = x.split_at_mut(j);
            tail[0] = (tail[0] - dot(head, &lu[j * n..j * n + j])) * reciprocals[j];
        }
        for j in (0..n).rev() {
            let (head, tail) = x.split_at_mut(j + 1);
            head[j] -= dot(tail, &lu[j * n + j + 1..(j + 1) * n]);
        }
    }

    /// The diagonal of U.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        (0..self.n).map(|k| self.lu[k * self.n + k])
    }
}

/// Column by column, each subtracted from those behind it.
fn by_columns(lu: &mut [f64], n: usize, exchanges: &mut [f64]) {
    for (k, exchange) in exchanges.iter_mut().enumerate() {
        let column = &lu[k * n..(k + 1) * n];
        let pivot = (k + 1..n).fold(
            k,
            |best, i| {
                if column[i].abs() > column[best].abs() { i } else { best }
            },
        );
        *exchange = pivot as f64;
        if pivot != k {
            lu.chunks_exact_mut(n).for_each(|column| column.swap(k, pivot));
        }
        let (before, behind) = lu.split_at_mut((k + 1) * n);
        let column = &mut before[k * n + k..];
        let reciprocal = 1.0 / column[0];
        column[1..].iter_mut().for_each(|entry| *entry *= reciprocal);
        for other in behind.chunks_exact_mut(n) {
            let (factor, below) = other[k..].split_first_mut().expect("the row is one of n");
            subtract(below, *factor, &column[1..]);
        }
    }
}

/// By faer, in place.
fn blocked(lu: &mut [f64], n: usize, exchanges: &mut [f64]) {
    let (par, parameters) = (Par::Seq, Default::default());
    let needs = factor::lu_in_place_scratch::<usize, f64>(n, n, par, parameters);
    let (mut rows, mut inverse) = (vec![0_usize; n], vec![0; n]);
    let (lu, stack) = (view_mut(lu, n, n), &mut MemBuffer::new(needs));
    let stack = MemStack::new(stack);
    factor::lu_in_place(lu, &mut rows, &mut inverse, par, stack, parameters);
    // Row k of the product is row `rows[k]` of the matrix: told by exchanges, one after the other.
    let mut order: Vec<usize> = (0..n).collect();
    let mut places = order.clone();
    for (k, exchange) in exchanges.iter_mut().enumerate() {
        let place = places[rows[k]];
        *exchange = place as f64;
        order.swap(k, place);
        places[order[place]] = place;
    }
}
