//! Decompositions of square matrices, of which one is chosen.

use crate::Error;
use crate::cholesky::Cholesky;
use crate::lblt::Lblt;
use crate::lu::Lu;
use crate::matrix::{Entries, view};
use crate::qr::Qr;
use faer::Mat;

/// How a square matrix is decomposed.
///
/// # Example
/// ```
/// use wengert_linalg::{Method, solve};
/// let a = [4.0, 1.0, 1.0, 3.0];
/// for method in Method::ALL {
///     let x = solve(method, &a, &[1.0, 2.0]).unwrap();
///     assert!((x[0] - 1.0 / 11.0).abs() < 1e-15 && (x[1] - 7.0 / 11.0).abs() < 1e-15);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// LU with partial pivoting: for any matrix that has an inverse.
    Lu,
    /// QR by Householder reflections: for any matrix that has an inverse, twice the work of LU, and
    /// no growth of entries.
    Qr,
    /// Cholesky, LLᵀ: for symmetric matrices that are positive definite, half the work of LU. The
    /// lower triangle is read alone, and derivatives are by its entries: those by the entries above
    /// are 0.
    Cholesky,
    /// Bunch–Kaufman, LBLᵀ with blocks of one or two: for any symmetric matrix that has an inverse.
    /// The lower triangle is read alone, as by Cholesky.
    SymmetricIndefinite,
}

impl Method {
    /// All of them.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_linalg::Method::ALL.len(), 4);
    /// ```
    pub const ALL: [Self; 4] = [Self::Lu, Self::Qr, Self::Cholesky, Self::SymmetricIndefinite];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lu => "lu",
            Self::Qr => "qr",
            Self::Cholesky => "cholesky",
            Self::SymmetricIndefinite => "symmetric_indefinite",
        }
    }

    /// Which entries of the matrix it reads.
    pub(crate) const fn entries(self) -> Entries {
        match self {
            Self::Lu | Self::Qr => Entries::All,
            Self::Cholesky | Self::SymmetricIndefinite => Entries::Lower,
        }
    }

    /// How many numbers are kept of a decomposition for derivatives.
    pub(crate) fn kept(self, n: usize) -> usize {
        match self {
            Self::Lu => Lu::kept(n),
            Self::Qr => Qr::kept(n, n),
            Self::Cholesky => Cholesky::kept(n),
            Self::SymmetricIndefinite => Lblt::kept(n),
        }
    }
}

/// A matrix that was decomposed into a list that can be kept.
#[derive(Clone, Copy)]
pub(crate) enum Factors<'k> {
    Lu(Lu<'k>),
    Qr(Qr<'k>),
    Cholesky(Cholesky<'k>),
    SymmetricIndefinite(Lblt<'k>),
}

impl<'k> Factors<'k> {
    /// Decomposes the matrix of some entries, into what is kept.
    pub(crate) fn find(
        method: Method,
        entries: &[f64],
        n: usize,
        kept: &'k mut [f64],
    ) -> Result<Self, Error> {
        Ok(match method {
            Method::Lu => Self::Lu(Lu::find(entries, n, kept)?),
            Method::Qr => Self::Qr(Qr::find(entries, n, n, kept)?),
            Method::Cholesky => Self::Cholesky(Cholesky::find(entries, n, kept)?),
            Method::SymmetricIndefinite => Self::SymmetricIndefinite(Lblt::find(entries, n, kept)?),
        })
    }

    /// A decomposition that was kept.
    fn of(method: Method, kept: &'k [f64], n: usize) -> Self {
        match method {
            Method::Lu => Self::Lu(Lu::of(kept, n)),
            Method::Qr => Self::Qr(Qr::of(kept, n, n)),
            Method::Cholesky => Self::Cholesky(Cholesky::of(kept, n)),
            Method::SymmetricIndefinite => Self::SymmetricIndefinite(Lblt::of(kept, n)),
        }
    }

    /// Those that were kept or, where nothing was, found again in `memory`; `None` where the matrix
    /// has none.
    pub(crate) fn again(
        method: Method,
        entries: &[f64],
        n: usize,
        kept: &'k [f64],
        memory: &'k mut Vec<f64>,
    ) -> Option<Self> {
        if kept.is_empty() {
            memory.resize(method.kept(n), 0.0);
            return Self::find(method, entries, n, memory).ok();
        }
        Some(Self::of(method, kept, n))
    }

    /// Replaces the columns of a list, B, by those of A⁻¹B.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        match self {
            Self::Lu(lu) => lu.solve(x),
            Self::Qr(qr) => qr.solve(x),
            Self::Cholesky(cholesky) => cholesky.solve(x),
            Self::SymmetricIndefinite(lblt) => lblt.solve(x),
        }
    }

    /// Replaces the columns of a list, B, by those of A⁻ᵀB.
    pub(crate) fn solve_transposed(&self, x: &mut [f64]) {
        match self {
            Self::Lu(lu) => lu.solve_transposed(x),
            Self::Qr(qr) => qr.solve_transposed(x),
            Self::Cholesky(_) | Self::SymmetricIndefinite(_) => self.solve(x),
        }
    }

    /// A⁻¹.
    pub(crate) fn inverse(&self, n: usize) -> Mat<f64> {
        let mut entries = vec![0.0; n * n];
        entries.iter_mut().step_by(n + 1).for_each(|diagonal| *diagonal = 1.0);
        self.solve(&mut entries);
        view(&entries, n, n).to_owned()
    }

    /// ln |det A|.
    pub(crate) fn log_determinant(&self) -> f64 {
        match self {
            Self::Lu(lu) => lu.pivots().map(logarithm).sum(),
            Self::Qr(qr) => qr.pivots().map(logarithm).sum(),
            Self::Cholesky(cholesky) => 2.0 * cholesky.pivots().map(logarithm).sum::<f64>(),
            Self::SymmetricIndefinite(lblt) => lblt.determinants().map(logarithm).sum(),
        }
    }
}

fn logarithm(pivot: f64) -> f64 {
    pivot.abs().ln()
}
