//! Decompositions of square matrices, and when a matrix is singular.

use crate::Error;
use crate::matrix::Entries;
use faer::linalg::solvers::{Lblt, Llt, PartialPivLu, Qr, Solve};
use faer::{Mat, MatRef, Side};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
}

/// A matrix that was decomposed.
pub(crate) enum Factors {
    Lu(PartialPivLu<f64>),
    Qr(Qr<f64>),
    Cholesky(Llt<f64>),
    SymmetricIndefinite(Lblt<f64>),
}

impl Factors {
    pub(crate) fn of(a: MatRef<'_, f64>, method: Method) -> Result<Self, Error> {
        Ok(match method {
            Method::Lu => {
                let lu = PartialPivLu::new(a);
                check_pivots((0..a.nrows()).map(|i| lu.U()[(i, i)].abs()))?;
                Self::Lu(lu)
            }
            Method::Qr => {
                let qr = Qr::new(a);
                check_pivots((0..a.nrows()).map(|i| qr.R()[(i, i)].abs()))?;
                Self::Qr(qr)
            }
            Method::Cholesky => Self::Cholesky(Llt::new(a, Side::Lower).map_err(|error| {
                let faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index } =
                    error;
                Error::NotPositiveDefinite { column: index }
            })?),
            Method::SymmetricIndefinite => {
                let lblt = Lblt::new(a, Side::Lower);
                check_pivots(blocks(&lblt))?;
                Self::SymmetricIndefinite(lblt)
            }
        })
    }

    /// A⁻¹B.
    pub(crate) fn solve(&self, b: MatRef<'_, f64>) -> Mat<f64> {
        match self {
            Self::Lu(lu) => lu.solve(b),
            Self::Qr(qr) => qr.solve(b),
            Self::Cholesky(llt) => llt.solve(b),
            Self::SymmetricIndefinite(lblt) => lblt.solve(b),
        }
    }

    /// A⁻ᵀB.
    pub(crate) fn solve_transposed(&self, b: MatRef<'_, f64>) -> Mat<f64> {
        match self {
            Self::Lu(lu) => lu.solve_transpose(b),
            Self::Qr(qr) => qr.solve_transpose(b),
            Self::Cholesky(_) | Self::SymmetricIndefinite(_) => self.solve(b),
        }
    }

    /// ln |det A|.
    pub(crate) fn log_determinant(&self, n: usize) -> f64 {
        let sum = |pivot: &dyn Fn(usize) -> f64| (0..n).map(|i| pivot(i).abs().ln()).sum::<f64>();
        match self {
            Self::Lu(lu) => sum(&|i| lu.U()[(i, i)]),
            Self::Qr(qr) => sum(&|i| qr.R()[(i, i)]),
            Self::Cholesky(llt) => 2.0 * sum(&|i| llt.L()[(i, i)]),
            Self::SymmetricIndefinite(lblt) => determinants(lblt).map(|d| d.abs().ln()).sum(),
        }
    }
}

/// Whether no pivot is lost in the rounding of the largest.
pub(crate) fn check_pivots(pivots: impl Iterator<Item = f64> + Clone) -> Result<(), Error> {
    let (count, largest) = pivots.clone().fold((0, 0.0), |(n, max), pivot| (n + 1, pivot.max(max)));
    let least = f64::EPSILON * f64::from(count) * largest;
    // A NaN is no error of the matrix: it goes on to the result.
    if pivots.into_iter().any(|pivot| pivot <= least) { Err(Error::Singular) } else { Ok(()) }
}

/// The determinants of the blocks on the diagonal, with the sizes of their entries.
fn each_block(lblt: &Lblt<f64>) -> impl Iterator<Item = (f64, f64)> + Clone {
    let (diagonal, below) = (lblt.B_diag().column_vector(), lblt.B_subdiag().column_vector());
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = *diagonal.get(at..).iter().next()?;
        let beside = if at + 1 < diagonal.nrows() { below[at] } else { 0.0 };
        if beside == 0.0 {
            at += 1;
            return Some((first, 1.0));
        }
        let second = diagonal[at + 1];
        at += 2;
        let size = first.abs().max(second.abs()).max(beside.abs());
        Some((first * second - beside * beside, size))
    })
}

fn determinants(lblt: &Lblt<f64>) -> impl Iterator<Item = f64> {
    each_block(lblt).map(|(determinant, _)| determinant)
}

/// The magnitude of each block's lesser eigenvalue, but for a factor of two.
fn blocks(lblt: &Lblt<f64>) -> impl Iterator<Item = f64> + Clone {
    each_block(lblt).map(|(determinant, size)| determinant.abs() / size)
}
