//! A product with a vector, by which a matrix is compared with a function.

use crate::error::{Error, Kind};
use wengert::Real;

/// Numbers between ½ and 1½ of which no sum is zero by chance: multiples of the golden ratio.
pub(crate) fn vector<F: Real>(len: usize) -> Vec<F> {
    let number = |i: usize| 0.5 + (i as f64 * 0.618_033_988_749_894_9).fract();
    (0..len).map(|i| F::from(number(i)).expect("a float")).collect()
}

/// Compares a matrix times a vector with the product that should be.
pub(crate) fn compare<F: Real>(
    entries: impl Iterator<Item = ((usize, usize), F)>,
    v: &[F],
    product: &[F],
) -> Result<(), Error> {
    let mut sums = vec![(F::zero(), F::zero()); product.len()];
    for ((row, column), value) in entries {
        let term = value * v[column];
        sums[row] = (sums[row].0 + term, sums[row].1 + term.abs());
    }
    // Half the digits: terms cancel, and were added in another order.
    let tolerance = F::epsilon().sqrt();
    for (row, ((sum, scale), &wanted)) in sums.into_iter().zip(product).enumerate() {
        // A NaN agrees with everything: it tells nothing of the pattern.
        let is_far = (sum - wanted).abs() > tolerance * (scale + wanted.abs());
        if is_far {
            return Err(Kind::Mismatch { row }.into());
        }
    }
    Ok(())
}
