//! The operations by themselves, one of each kind and size for the whole process, for who calls them by [`Number::call`](wengert::Number::call), and
//! for [`wengert::custom::register`]: a saved function names them with their sizes.

use crate::Method;
use crate::determinant::LogDeterminant;
use crate::eigenvalues::Eigenvalues;
use crate::inverse::Inverse;
use crate::least_squares::LeastSquares;
use crate::product::Product;
use crate::solve::Solve;
use crate::system::Dense;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use wengert::custom::Operation;

/// What an operation is, and of which sizes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Solve { method: Method, n: usize, columns: usize },
    LogDeterminant { method: Method, n: usize },
    Inverse { n: usize },
    Product { rows: usize, inner: usize, columns: usize },
    LeastSquares { rows: usize, columns: usize },
    Eigenvalues { n: usize },
}

/// The operations that were asked for. A recording knows two calls as the same where they call one
/// object.
static OPERATIONS: Mutex<BTreeMap<Kind, Arc<dyn Operation>>> = Mutex::new(BTreeMap::new());

impl Kind {
    fn make(self) -> Arc<dyn Operation> {
        match self {
            Self::Solve { method, n, columns } => {
                let name = format!("{}_solve({n}, {columns})", method.name());
                Arc::new(Solve::new(name, Dense { method, n }, columns))
            }
            Self::LogDeterminant { method, n } => Arc::new(LogDeterminant::new(method, n)),
            Self::Inverse { n } => Arc::new(Inverse::new(n)),
            Self::Product { rows, inner, columns } => Arc::new(Product::new(rows, inner, columns)),
            Self::LeastSquares { rows, columns } => Arc::new(LeastSquares::new(rows, columns)),
            Self::Eigenvalues { n } => Arc::new(Eigenvalues::new(n)),
        }
    }

    /// The one operation of this kind.
    fn shared(self) -> Arc<dyn Operation> {
        // A panic of another thread leaves the map whole.
        let mut all = OPERATIONS.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(self).or_insert_with(|| self.make()))
    }
}

/// The solution of a system of `n` equations for so many right sides: the matrix and, behind it, the
/// right sides are its inputs. Of a symmetric matrix its lower triangle is, each column from the
/// diagonal down.
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
    Kind::Solve { method, n, columns }.shared()
}

/// The logarithm of the determinant of an n×n matrix; of a symmetric one, of its lower triangle, as
/// for [`solve`].
///
/// # Example
/// ```
/// let operation = wengert_linalg::operations::log_determinant(wengert_linalg::Method::Lu, 3);
/// assert_eq!((operation.name(), operation.outputs(9)), ("lu_log_determinant(3)", Some(1)));
/// ```
#[must_use]
pub fn log_determinant(method: Method, n: usize) -> Arc<dyn Operation> {
    Kind::LogDeterminant { method, n }.shared()
}

/// The inverse of an n×n matrix.
///
/// # Example
/// ```
/// assert_eq!(wengert_linalg::operations::inverse(3).name(), "inverse(3)");
/// ```
#[must_use]
pub fn inverse(n: usize) -> Arc<dyn Operation> {
    Kind::Inverse { n }.shared()
}

/// The product of a matrix of so many rows and `inner` columns with one of so many columns.
///
/// # Example
/// ```
/// assert_eq!(wengert_linalg::operations::product(2, 3, 4).outputs(18), Some(8));
/// ```
#[must_use]
pub fn product(rows: usize, inner: usize, columns: usize) -> Arc<dyn Operation> {
    Kind::Product { rows, inner, columns }.shared()
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
    Kind::LeastSquares { rows, columns }.shared()
}

/// The eigenvalues of a symmetric n×n matrix, of its lower triangle, each column from the diagonal
/// down.
///
/// # Example
/// ```
/// assert_eq!(wengert_linalg::operations::symmetric_eigenvalues(3).outputs(6), Some(3));
/// ```
#[must_use]
pub fn symmetric_eigenvalues(n: usize) -> Arc<dyn Operation> {
    Kind::Eigenvalues { n }.shared()
}
