//! What can go wrong, with the numbers, and what to do about it.

use std::fmt;

/// Why a plan could not be made or used. `Display` says what was given and what to do.
///
/// # Example
/// ```
/// use wengert::Pattern;
/// use wengert_sparse::SparseHessian;
/// let pattern = Pattern::from_entries(2, 2, [(0, 1)])?;
/// let error = SparseHessian::builder(pattern).plan().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the pattern has (0, 1) and not (1, 0): give both triangles of a Hessian's pattern"
/// );
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Kind);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Function(wengert::Error),
    Length {
        what: &'static str,
        given: usize,
        wanted: usize,
    },
    Shape {
        given: (usize, usize),
        wanted: (usize, usize),
    },
    NotSymmetric {
        row: usize,
        column: usize,
    },
    TooLarge {
        given: usize,
        limit: usize,
    },
    Unrecoverable {
        row: usize,
        column: usize,
    },
    Mismatch {
        row: usize,
    },
    #[cfg(feature = "serde")]
    Saved {
        reason: &'static str,
    },
}

impl Error {
    /// Whether a check found derivatives that are not those of the plan: its pattern lacks an
    /// entry.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Pattern};
    /// use wengert_sparse::SparseJacobian;
    /// let f = Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1]]);
    /// let plan = SparseJacobian::builder(Pattern::from_entries(1, 2, [(0, 0)])?).plan()?;
    /// let error = plan.check(&f, &mut plan.workspace(&f), &[3.0, 4.0]).unwrap_err();
    /// assert!(error.is_mismatch());
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn is_mismatch(&self) -> bool {
        matches!(self.0, Kind::Mismatch { .. })
    }

    /// The error of the function, if it was one.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// use wengert_sparse::SparseHessian;
    /// let f = Function::record(&[1.0], |x| if x[0] > 0.0 { x[0].exp() } else { -x[0] });
    /// let plan = SparseHessian::of(&f)?;
    /// let (mut workspace, mut values) = (plan.workspace(&f), [0.0]);
    /// let error = plan.evaluate(&f, &mut workspace, &[-1.0], &[1.0], &mut values).unwrap_err();
    /// assert!(error.of_function().is_some_and(wengert::Error::is_guard));
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn of_function(&self) -> Option<&wengert::Error> {
        match &self.0 {
            Kind::Function(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self(kind)
    }
}

impl From<wengert::Error> for Error {
    fn from(error: wengert::Error) -> Self {
        Self(Kind::Function(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Function(error) => error.fmt(f),
            Kind::Length { what, given, wanted } => {
                write!(f, "{what} has length {given}, wanted is {wanted}")
            }
            Kind::Shape { given, wanted } => write!(
                f,
                "the plan is for a matrix of {} by {}, the function has one of {} by {}: plan for \
                 this function",
                given.0, given.1, wanted.0, wanted.1
            ),
            Kind::NotSymmetric { row, column } => write!(
                f,
                "the pattern has ({row}, {column}) and not ({column}, {row}): give both triangles \
                 of a Hessian's pattern"
            ),
            Kind::TooLarge { given, limit } => write!(
                f,
                "the pattern has {given} entries, a plan can have {limit}: take dense derivatives, \
                 or products"
            ),
            Kind::Unrecoverable { row, column } => write!(
                f,
                "the colours do not tell the entry ({row}, {column}) apart: leave them to the plan"
            ),
            Kind::Mismatch { row } => write!(
                f,
                "row {row} of the matrix, times a vector, is not what the function's own product \
                 is: the pattern lacks an entry there, or is another function's"
            ),
            #[cfg(feature = "serde")]
            Kind::Saved { reason } => write!(f, "this is no saved plan: {reason}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.of_function().map(|error| error as _)
    }
}

/// Checks the length of a slice.
pub(crate) fn check_length(what: &'static str, given: usize, wanted: usize) -> Result<(), Error> {
    if given == wanted { Ok(()) } else { Err(Kind::Length { what, given, wanted }.into()) }
}
