//! Linear algebra as single operations of [`wengert`]: a solution of a linear system, a
//! log-determinant, an inverse, a product, a least-squares solution or the eigenvalues of a matrix of
//! variables is one operation of a recording, computed by [`faer`] and differentiated by its adjoint.
//!
//! A decomposition by a matrix's own operations records some n³/3 of them; here a recording has one,
//! with n² operands.
//!
//! Every function is generic over [`Number`]: plain numbers, dual numbers, variables of tapes and of
//! functions that are recorded, and numbers without a lifetime. All give derivatives of first and
//! second order, forward and in reverse (Giles, "Collected matrix derivative results for forward and
//! reverse mode algorithmic differentiation", 2008). Matrices are lists of their entries, column
//! behind column, as nalgebra and faer have them.
//!
//! # Example: the gradient of a Gaussian log-density in its covariance
//! ```
//! use wengert::{Number, gradient};
//! use wengert_linalg::{Method, log_determinant, solve};
//!
//! fn log_density<T: Number>(covariance: &[T], x: &[T]) -> Result<T, wengert_linalg::Error> {
//!     let whitened = solve(Method::Cholesky, covariance, x)?;
//!     let log_det = log_determinant(Method::Cholesky, covariance)?;
//!     Ok((T::dot(&whitened, x) + log_det) * -0.5)
//! }
//!
//! let (covariance, x) = ([2.0, 0.5, 0.5, 1.0], [1.0.into(), 2.0.into()]);
//! let slope = gradient(|s| log_density(s, &x).unwrap(), &covariance);
//! assert!((slope[0] + 2.0 / 7.0).abs() < 1e-15 && slope[2] == 0.0);
//! ```
//!
//! # When not to use this
//! Where a matrix is 2×2 or 3×3, its operations written out are as fast, and a function that is
//! recorded of them can be optimised. Where it is large and sparse, a [`SparseSystem`] keeps it so; for
//! a solver of one's own there are implicit functions ([`implicit`]).

mod cholesky;
mod determinant;
mod eigenvalues;
mod error;
mod factors;
pub mod implicit;
mod inverse;
mod lblt;
mod least_squares;
mod lu;
mod matrix;
pub mod operations;
mod pivots;
mod product;
mod qr;
mod saving;
mod solve;
mod sparse;
mod system;
mod vectors;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use error::Error;
pub use factors::Method;
pub use sparse::SparseSystem;

use matrix::{Entries, side};
use wengert::Number;

/// The side of a square matrix.
fn square<N>(a: &[N]) -> Result<usize, Error> {
    side(a.len()).ok_or(Error::NotSquare { entries: a.len() })
}

/// How often a length goes into that of a list.
fn times<N>(list: &[N], of: usize) -> Result<usize, Error> {
    let given = list.len();
    let fits = of > 0 && given.is_multiple_of(of);
    if fits { Ok(given / of) } else { Err(Error::Length { given, of }) }
}

/// The entries of a matrix that an operation takes.
fn picked<N: Number>(entries: Entries, a: &[N], n: usize) -> Vec<N> {
    let mut list = Vec::with_capacity(entries.count(n));
    entries.pick(a, n, &mut list);
    list
}

/// The solution X of AX = B, for a square matrix `a` and as many right sides as `b` has columns.
///
/// # Errors
/// If the matrix is singular or, by Cholesky, not positive definite; if a list has the wrong length;
/// if the operation cannot be recorded.
///
/// # Complexity
/// One decomposition, which is kept for the sweeps: some n² numbers.
///
/// # Example
/// ```
/// use wengert::Tape;
/// use wengert_linalg::{Error, Method, solve};
/// let tape = Tape::new();
/// let a = tape.vars(&[2.0, 0.0, 1.0, 4.0]);
/// let x = solve(Method::Lu, &a, &[3.0.into(), 8.0.into()])?;
/// assert_eq!((x[0].value(), x[1].value()), (0.5, 2.0));
/// assert_eq!(x[0].gradients().wrt(&a), [-0.25, 0.0625, -1.0, 0.25]);
/// assert_eq!(solve(Method::Lu, &[1.0, 2.0, 2.0, 4.0], &[1.0, 1.0]), Err(Error::Singular));
/// # Ok::<(), Error>(())
/// ```
#[track_caller]
pub fn solve<N: Number>(method: Method, a: &[N], b: &[N]) -> Result<Vec<N>, Error> {
    let n = square(a)?;
    let columns = times(b, n)?;
    let mut inputs = Vec::with_capacity(a.len() + b.len());
    method.entries().pick(a, n, &mut inputs);
    inputs.extend_from_slice(b);
    Ok(N::try_call(&operations::solve(method, n, columns), &inputs)?)
}

/// ln |det A|.
///
/// # Errors
/// As [`solve`].
///
/// # Example
/// ```
/// use wengert_linalg::{Method, log_determinant};
/// let log = wengert::gradient(|a| log_determinant(Method::Lu, a).unwrap(), &[2.0, 0.0, 1.0, 4.0]);
/// assert_eq!(log, [0.5, -0.125, 0.0, 0.25]);
/// ```
#[track_caller]
pub fn log_determinant<N: Number>(method: Method, a: &[N]) -> Result<N, Error> {
    let n = square(a)?;
    let entries = picked(method.entries(), a, n);
    Ok(N::try_call(&operations::log_determinant(method, n), &entries)?[0])
}

/// The inverse of a matrix, by LU.
///
/// # Errors
/// As [`solve`]. To multiply with an inverse, solve.
///
/// # Example
/// ```
/// let inverse = wengert_linalg::inverse(&[2.0, 0.0, 1.0, 4.0])?;
/// assert_eq!(inverse, [0.5, 0.0, -0.125, 0.25]);
/// # Ok::<(), wengert_linalg::Error>(())
/// ```
#[track_caller]
pub fn inverse<N: Number>(a: &[N]) -> Result<Vec<N>, Error> {
    Ok(N::try_call(&operations::inverse(square(a)?), a)?)
}

/// The product of two matrices, of which `a` has `inner` columns and `b` as many rows.
///
/// # Errors
/// If a length is no multiple of `inner`; if the operation cannot be recorded.
///
/// # Example
/// ```
/// let product = wengert_linalg::product(&[1.0, 2.0, 3.0, 4.0], &[1.0, 1.0], 2)?;
/// assert_eq!(product, [4.0, 6.0]);
/// # Ok::<(), wengert_linalg::Error>(())
/// ```
#[track_caller]
pub fn product<N: Number>(a: &[N], b: &[N], inner: usize) -> Result<Vec<N>, Error> {
    let (rows, columns) = (times(a, inner)?, times(b, inner)?);
    Ok(N::try_call(&operations::product(rows, inner, columns), &[a, b].concat())?)
}

/// The x that minimises ‖Ax − b‖, by QR. The rows of `a` are as many as the entries of `b`.
///
/// # Errors
/// If the columns of the matrix depend on each other, or are more than its rows; if the length of
/// `a` is no multiple of that of `b`; if the operation cannot be recorded.
///
/// # Example: a line through three points
/// ```
/// use wengert_linalg::least_squares;
/// let line = least_squares(&[1.0, 1.0, 1.0, 0.0, 1.0, 2.0], &[1.0, 3.0, 5.0])?;
/// assert!((line[0] - 1.0).abs() < 1e-14 && (line[1] - 2.0).abs() < 1e-14);
/// # Ok::<(), wengert_linalg::Error>(())
/// ```
#[track_caller]
pub fn least_squares<N: Number>(a: &[N], b: &[N]) -> Result<Vec<N>, Error> {
    let columns = times(a, b.len())?;
    Ok(N::try_call(&operations::least_squares(b.len(), columns), &[a, b].concat())?)
}

/// The eigenvalues of a symmetric matrix, ascending. The lower triangle is read alone, and
/// derivatives are by its entries: those by the entries above are 0.
///
/// Where eigenvalues meet, each of them has a kink: derivatives are those of the eigenvectors that
/// were found. Sums of all that meet are smooth, and right.
///
/// # Errors
/// If the iteration does not converge; if the matrix is not square; if the
/// operation cannot be recorded.
///
/// # Example
/// ```
/// use wengert_linalg::symmetric_eigenvalues;
/// let values = symmetric_eigenvalues(&[2.0, 1.0, 1.0, 2.0])?;
/// assert!((values[0] - 1.0).abs() < 1e-14 && (values[1] - 3.0).abs() < 1e-14);
/// # Ok::<(), wengert_linalg::Error>(())
/// ```
#[track_caller]
pub fn symmetric_eigenvalues<N: Number>(a: &[N]) -> Result<Vec<N>, Error> {
    let n = square(a)?;
    let entries = picked(Entries::Lower, a, n);
    Ok(N::try_call(&operations::symmetric_eigenvalues(n), &entries)?)
}
