//! The operations by themselves, for who calls them by [`Number::call`](wengert::Number::call), and
//! for [`wengert::custom::register`]: a saved function names them with their sizes.

use crate::Method;
use crate::determinant::LogDeterminant;
use crate::eigenvalues::Eigenvalues;
use crate::inverse::Inverse;
use crate::least_squares::LeastSquares;
use crate::product::Product;
use crate::solve::Solve;
use std::sync::Arc;
use wengert::custom::Operation;

/// The solution of a system of `n` equations for so many right sides: the matrix and, behind it, the
/// right sides are its inputs.
///
/// # Example: a saved function finds it again
/// ```
/// use wengert::{Function, custom::register};
/// use wengert_linalg::{Method, operations, solve};
/// let f = Function::record_many(&[2.0, 0.0, 1.0, 4.0], |a| {
///     solve(Method::Lu, a, &[3.0.into(), 8.0.into()]).unwrap()
/// });
/// assert!(Function::<f64>::from_bytes(&f.to_bytes()).is_err());
/// register(operations::solve(Method::Lu, 2, 1));
/// assert!(Function::<f64>::from_bytes(&f.to_bytes()).is_ok());
/// ```
#[must_use]
pub fn solve(method: Method, n: usize, columns: usize) -> Arc<dyn Operation> {
    Arc::new(Solve::new(method, n, columns))
}

/// The logarithm of the determinant of an n×n matrix.
///
/// # Example
/// ```
/// let operation = wengert_linalg::operations::log_determinant(wengert_linalg::Method::Lu, 3);
/// assert_eq!((operation.name(), operation.outputs(9)), ("lu_log_determinant(3)", Some(1)));
/// ```
#[must_use]
pub fn log_determinant(method: Method, n: usize) -> Arc<dyn Operation> {
    Arc::new(LogDeterminant::new(method, n))
}

/// The inverse of an n×n matrix.
///
/// # Example
/// ```
/// assert_eq!(wengert_linalg::operations::inverse(3).name(), "inverse(3)");
/// ```
#[must_use]
pub fn inverse(n: usize) -> Arc<dyn Operation> {
    Arc::new(Inverse::new(n))
}

/// The product of a matrix of so many rows and `inner` columns with one of so many columns.
///
/// # Example
/// ```
/// assert_eq!(wengert_linalg::operations::product(2, 3, 4).outputs(18), Some(8));
/// ```
#[must_use]
pub fn product(rows: usize, inner: usize, columns: usize) -> Arc<dyn Operation> {
    Arc::new(Product::new(rows, inner, columns))
}

/// The solution of a least-squares problem of so many rows and columns: the matrix and, behind it,
/// the right side are its inputs.
///
/// # Example
/// ```
/// assert_eq!(wengert_linalg::operations::least_squares(5, 2).outputs(15), Some(2));
/// ```
#[must_use]
pub fn least_squares(rows: usize, columns: usize) -> Arc<dyn Operation> {
    Arc::new(LeastSquares::new(rows, columns))
}

/// The eigenvalues of a symmetric n×n matrix.
///
/// # Example
/// ```
/// assert_eq!(wengert_linalg::operations::symmetric_eigenvalues(3).outputs(9), Some(3));
/// ```
#[must_use]
pub fn symmetric_eigenvalues(n: usize) -> Arc<dyn Operation> {
    Arc::new(Eigenvalues::new(n))
}
