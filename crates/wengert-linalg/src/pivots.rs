//! When a matrix is singular.

use crate::Error;

/// Whether no pivot is lost in the rounding of the largest.
pub(crate) fn check_pivots(pivots: impl Iterator<Item = f64> + Clone) -> Result<(), Error> {
    let (count, largest) = pivots.clone().fold((0, 0.0), |(n, max), pivot| (n + 1, pivot.max(max)));
    let least = f64::EPSILON * f64::from(count) * largest;
    // A NaN is no error of the matrix: it goes on to the result.
    if pivots.into_iter().any(|pivot| pivot <= least) { Err(Error::Singular) } else { Ok(()) }
}
