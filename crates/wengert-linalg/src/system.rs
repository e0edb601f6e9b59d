//! What a matrix is to the solution of its systems: entries, factors, and products with vectors.

use crate::factors::Factors;
use crate::{Error, Method};

/// Matrices of one kind and size, told by lists of entries. Vectors are columns of a list.
pub(crate) trait System: Send + Sync + 'static {
    type Factors<'k>
    where
        Self: 'k;

    /// The number of rows.
    fn side(&self) -> usize;

    /// The number of entries that tell a matrix.
    fn entries(&self) -> usize;

    /// How many numbers are kept of a decomposition for derivatives.
    fn kept(&self) -> usize;

    /// Decomposes a matrix, into what is kept.
    fn find<'k>(&'k self, entries: &[f64], kept: &'k mut [f64])
    -> Result<Self::Factors<'k>, Error>;

    /// The factors that were kept or, where nothing was, found again in `memory`; `None` where the
    /// matrix has none.
    fn again<'k>(
        &'k self,
        entries: &[f64],
        kept: &'k [f64],
        memory: &'k mut Vec<f64>,
    ) -> Option<Self::Factors<'k>>;

    /// Replaces B by A⁻¹B.
    fn solve(&self, factors: &Self::Factors<'_>, x: &mut [f64]);

    /// Replaces B by A⁻ᵀB.
    fn solve_transposed(&self, factors: &Self::Factors<'_>, x: &mut [f64]);

    /// Subtracts AV.
    fn subtract_product(&self, entries: &[f64], v: &[f64], from: &mut [f64]);

    /// Subtracts AᵀV.
    fn subtract_transposed(&self, entries: &[f64], v: &[f64], from: &mut [f64]);

    /// Subtracts UVᵀ, the derivative by a whole matrix, from those by its entries.
    fn subtract_outer(&self, u: &[f64], v: &[f64], derivatives: &mut [f64]);
}

/// Matrices that are lists of all entries, or of those of the lower triangle.
pub(crate) struct Dense {
    pub(crate) method: Method,
    pub(crate) n: usize,
}

impl System for Dense {
    type Factors<'k> = Factors<'k>;

    fn side(&self) -> usize {
        self.n
    }
    fn entries(&self) -> usize {
        self.method.entries().count(self.n)
    }
    fn kept(&self) -> usize {
        self.method.kept(self.n)
    }
    fn find<'k>(&'k self, entries: &[f64], kept: &'k mut [f64]) -> Result<Factors<'k>, Error> {
        Factors::find(self.method, entries, self.n, kept)
    }
    fn again<'k>(
        &'k self,
        entries: &[f64],
        kept: &'k [f64],
        memory: &'k mut Vec<f64>,
    ) -> Option<Factors<'k>> {
        Factors::again(self.method, entries, self.n, kept, memory)
    }
    fn solve(&self, factors: &Factors<'_>, x: &mut [f64]) {
        factors.solve(x);
    }
    fn solve_transposed(&self, factors: &Factors<'_>, x: &mut [f64]) {
        factors.solve_transposed(x);
    }
    fn subtract_product(&self, entries: &[f64], v: &[f64], from: &mut [f64]) {
        self.method.entries().subtract_product(entries, self.n, v, from);
    }
    fn subtract_transposed(&self, entries: &[f64], v: &[f64], from: &mut [f64]) {
        self.method.entries().subtract_transposed(entries, self.n, v, from);
    }
    fn subtract_outer(&self, u: &[f64], v: &[f64], derivatives: &mut [f64]) {
        self.method.entries().subtract_outer(self.n, u, v, derivatives);
    }
}
