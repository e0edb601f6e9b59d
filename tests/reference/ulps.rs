//! Distances between floating-point numbers.

use std::fmt::Debug;

/// A float whose neighbours can be counted.
pub(crate) trait Float: Copy + Debug + Into<f64> {
    /// Consecutive numbers for consecutive floats, 0 for both zeros.
    fn ordinal(self) -> i64;
    /// The distance from |self| to the next larger float.
    fn ulp(self) -> f64;
}

impl Float for f64 {
    fn ordinal(self) -> i64 {
        let magnitude = self.abs().to_bits() as i64;
        if self < 0.0 { -magnitude } else { magnitude }
    }
    fn ulp(self) -> f64 {
        let bits = self.abs().to_bits().min(f64::MAX.to_bits() - 1);
        f64::from_bits(bits + 1) - f64::from_bits(bits)
    }
}

impl Float for f32 {
    fn ordinal(self) -> i64 {
        let magnitude = i64::from(self.abs().to_bits());
        if self < 0.0 { -magnitude } else { magnitude }
    }
    fn ulp(self) -> f64 {
        let bits = self.abs().to_bits().min(f32::MAX.to_bits() - 1);
        f64::from(f32::from_bits(bits + 1)) - f64::from(f32::from_bits(bits))
    }
}

/// How many floats lie between two, which is their distance in units in the last place.
///
/// Nothing special happens at the ends of the range: infinity is the number behind the largest,
/// so that a result just below the threshold of overflow may round over it, and between
/// subnormal numbers the unit is the smallest of them. NaN is at distance 0 from NaN, and
/// infinitely far from all else.
pub(crate) fn distance<F: Float>(actual: F, reference: F) -> f64 {
    let (a, r): (f64, f64) = (actual.into(), reference.into());
    match (a.is_nan(), r.is_nan()) {
        (true, true) => 0.0,
        (false, false) => actual.ordinal().abs_diff(reference.ordinal()) as f64,
        _ => f64::INFINITY,
    }
}

/// The error in units in the last place of `scale` or of the reference, whichever is larger:
/// for a result that cancels from terms as large as `scale`.
pub(crate) fn distance_against<F: Float>(actual: F, reference: F, scale: F) -> f64 {
    let (a, r): (f64, f64) = (actual.into(), reference.into());
    if a.is_finite() && r.is_finite() {
        distance(actual, reference).min((a - r).abs() / scale.ulp())
    } else {
        distance(actual, reference)
    }
}

#[test]
fn a_distance_counts_floats_across_zero_and_up_to_infinity() {
    assert_eq!(distance(1.0, 1.0 + f64::EPSILON), 1.0);
    assert_eq!(distance(5e-324, -5e-324), 2.0);
    assert_eq!(distance(0.0, -0.0), 0.0);
    assert_eq!(distance(f64::INFINITY, f64::MAX), 1.0);
    assert_eq!(distance(f32::NEG_INFINITY, f32::MIN), 1.0);
    assert_eq!(distance(f64::NAN, f64::NAN), 0.0);
    assert_eq!(distance(f64::NAN, 1.0), f64::INFINITY);
    assert!(distance(f64::INFINITY, -f64::INFINITY) > 1e18);
}

#[test]
fn an_error_of_cancelling_terms_is_measured_against_them() {
    assert_eq!(distance_against(3.0 * f64::EPSILON, 0.0, 1.0), 3.0);
    assert_eq!(distance_against(1.0 + f64::EPSILON, 1.0, 1e-9), 1.0);
    assert_eq!(distance_against(f64::NAN, 1.0, 1.0), f64::INFINITY);
}
