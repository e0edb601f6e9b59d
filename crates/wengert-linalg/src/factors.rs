//! Decompositions of square matrices, and when a matrix is singular.

use crate::Error;
use crate::cholesky::Cholesky;
use crate::lu::Lu;
use crate::matrix::{Entries, view, write};
use crate::pivots::check_pivots;
use faer::linalg::solvers::{Lblt, Qr, Solve};
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
    pub(crate) const fn kept(self, n: usize) -> usize {
        match self {
            Self::Lu => Lu::kept(n),
            Self::Cholesky => Cholesky::kept(n),
            Self::Qr | Self::SymmetricIndefinite => 0,
        }
    }
}

/// A matrix that was decomposed; in a list that can be kept, where it is decomposed into one.
pub(crate) enum Factors<'k> {
    Lu(Lu<'k>),
    Cholesky(Cholesky<'k>),
    Qr(Qr<f64>),
    SymmetricIndefinite(Lblt<f64>),
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
            Method::Cholesky => Self::Cholesky(Cholesky::find(entries, n, kept)?),
            Method::Qr => {
                let qr = Qr::new(view(entries, n, n));
                check_pivots((0..n).map(|i| qr.R()[(i, i)].abs()))?;
                Self::Qr(qr)
            }
            Method::SymmetricIndefinite => {
                let lblt = Lblt::new(method.entries().read(entries, n).as_ref(), Side::Lower);
                check_pivots(blocks(&lblt))?;
                Self::SymmetricIndefinite(lblt)
            }
        })
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
        match method {
            Method::Lu if !kept.is_empty() => Some(Self::Lu(Lu::of(kept, n))),
            Method::Cholesky if !kept.is_empty() => Some(Self::Cholesky(Cholesky::of(kept, n))),
            _ => {
                memory.resize(method.kept(n), 0.0);
                Self::find(method, entries, n, memory).ok()
            }
        }
    }

    /// Replaces the columns of a list, B, by those of A⁻¹B.
    pub(crate) fn solve(&self, x: &mut [f64], n: usize) {
        match self {
            Self::Lu(lu) => lu.solve(x),
            Self::Cholesky(cholesky) => cholesky.solve(x),
            Self::Qr(qr) => replace(x, n, |b| qr.solve(b)),
            Self::SymmetricIndefinite(lblt) => replace(x, n, |b| lblt.solve(b)),
        }
    }

    /// Replaces the columns of a list, B, by those of A⁻ᵀB.
    pub(crate) fn solve_transposed(&self, x: &mut [f64], n: usize) {
        match self {
            Self::Lu(lu) => lu.solve_transposed(x),
            Self::Qr(qr) => replace(x, n, |b| qr.solve_transpose(b)),
            Self::Cholesky(_) | Self::SymmetricIndefinite(_) => self.solve(x, n),
        }
    }

    /// A⁻¹.
    pub(crate) fn inverse(&self, n: usize) -> Mat<f64> {
        let mut entries = vec![0.0; n * n];
        entries.iter_mut().step_by(n + 1).for_each(|diagonal| *diagonal = 1.0);
        self.solve(&mut entries, n);
        view(&entries, n, n).to_owned()
    }

    /// ln |det A|.
    pub(crate) fn log_determinant(&self, n: usize) -> f64 {
        match self {
            Self::Lu(lu) => lu.pivots().map(logarithm).sum(),
            Self::Cholesky(cholesky) => 2.0 * cholesky.pivots().map(logarithm).sum::<f64>(),
            Self::Qr(qr) => (0..n).map(|i| logarithm(qr.R()[(i, i)])).sum(),
            Self::SymmetricIndefinite(lblt) => determinants(lblt).map(logarithm).sum(),
        }
    }
}

fn logarithm(pivot: f64) -> f64 {
    pivot.abs().ln()
}

/// Replaces the columns of a list by those of a matrix that is made of them.
fn replace(x: &mut [f64], n: usize, solve: impl FnOnce(MatRef<'_, f64>) -> Mat<f64>) {
    let columns = x.len() / n.max(1);
    let solution = solve(view(x, n, columns));
    write(solution.as_ref(), x);
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
