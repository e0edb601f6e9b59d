//! Fixed-seed inputs.

use std::{f64::consts::TAU, ops::Range};

use fastrand::Rng;

/// `length` numbers spread evenly over `range`, the same at every call.
pub(crate) fn uniform(seed: u64, range: Range<f64>, length: usize) -> Vec<f64> {
    let mut random = Rng::with_seed(seed);
    let width = range.end - range.start;
    std::iter::repeat_with(|| range.start + width * random.f64()).take(length).collect()
}

/// `length` normally distributed numbers, by Box and Muller's method: the same at every call, and
/// everywhere but for the last bits of the system's `ln` and `cos`.
pub(crate) fn normal(seed: u64, length: usize) -> Vec<f64> {
    let mut random = Rng::with_seed(seed);
    let mut next = || (-2.0 * (1.0 - random.f64()).ln()).sqrt() * (TAU * random.f64()).cos();
    std::iter::repeat_with(&mut next).take(length).collect()
}
