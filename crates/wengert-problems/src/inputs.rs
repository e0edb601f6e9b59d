//! Fixed-seed inputs.

use std::ops::Range;

use fastrand::Rng;

/// `length` numbers spread evenly over `range`, the same at every call.
pub(crate) fn uniform(seed: u64, range: Range<f64>, length: usize) -> Vec<f64> {
    let mut random = Rng::with_seed(seed);
    let width = range.end - range.start;
    std::iter::repeat_with(|| range.start + width * random.f64()).take(length).collect()
}
