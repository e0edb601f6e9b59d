//! What can go wrong.

use std::fmt;

/// Why there is no result.
///
/// # Example
/// ```
/// use wengert_linalg::{Error, Method, solve};
/// let error = solve(Method::Cholesky, &[1.0, 2.0, 2.0, 1.0], &[1.0, 1.0]).unwrap_err();
/// assert_eq!(error, Error::NotPositiveDefinite { column: 1 });
/// assert_eq!(
///     error.to_string(),
///     "the matrix is not positive definite, as column 1 shows: take `Method::SymmetricIndefinite`"
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A matrix that has to be square has so many entries.
    NotSquare {
        /// How many there are.
        entries: usize,
    },
    /// A list that goes with a matrix has the wrong length.
    Length {
        /// Its length.
        given: usize,
        /// What its length has to be a multiple of.
        of: usize,
    },
    /// A pivot is zero but for rounding, so that the matrix has no inverse.
    Singular,
    /// A pivot of the Cholesky decomposition is not positive.
    NotPositiveDefinite {
        /// Its column.
        column: usize,
    },
    /// A sparse matrix has no Cholesky decomposition.
    Indefinite,
    /// A column of a sparse matrix's pattern is not one.
    Pattern {
        /// The column.
        column: usize,
    },
    /// The columns of a least-squares problem depend on each other, or are more than the rows.
    RankDeficient,
    /// The iteration for the eigenvalues did not converge.
    NoConvergence,
    /// The result could not be recorded.
    Recording(wengert::Error),
}

impl From<wengert::Error> for Error {
    /// The error of this crate that is the source of the engine's, if there is one.
    fn from(error: wengert::Error) -> Self {
        let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref());
        source.cloned().unwrap_or(Self::Recording(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSquare { entries } => {
                write!(f, "a square matrix cannot have {entries} entries")
            }
            Self::Length { given, of } => {
                write!(f, "a list has length {given}, wanted is a multiple of {of}")
            }
            Self::Singular => f.write_str("the matrix is singular to working precision"),
            Self::NotPositiveDefinite { column } => write!(
                f,
                "the matrix is not positive definite, as column {column} shows: take \
                 `Method::SymmetricIndefinite`"
            ),
            Self::Indefinite => {
                f.write_str("the sparse matrix is not positive definite: take `SparseSystem::lu`")
            }
            Self::Pattern { column } => write!(
                f,
                "column {column} of the pattern is none: rows have to ascend, to be below the number \
                 of rows and, by Cholesky, not to be above the diagonal"
            ),
            Self::RankDeficient => f.write_str(
                "the columns of the least-squares problem are not independent to working precision",
            ),
            Self::NoConvergence => {
                f.write_str("the iteration for the eigenvalues did not converge")
            }
            Self::Recording(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
