//! Numbers of a program: mostly small ones, on which arithmetic is exact.

use arbitrary::Arbitrary;

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Number {
    Whole(i8),
    Quarters(i8),
    Corner(u8),
    Bits(u64),
}

const CORNERS: [f64; 12] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    -0.0,
    f64::MIN_POSITIVE,
    5e-324,
    f64::MAX,
    f64::MIN,
    f64::EPSILON,
    1e-300,
    i32::MIN as f64,
    4_294_967_296.0,
];

impl Number {
    pub(crate) fn value(self) -> f64 {
        match self {
            Self::Whole(n) => f64::from(n),
            Self::Quarters(n) => f64::from(n) / 4.0,
            Self::Corner(i) => CORNERS[usize::from(i) % CORNERS.len()],
            // A listing writes every NaN alike.
            Self::Bits(bits) if f64::from_bits(bits).is_nan() => f64::NAN,
            Self::Bits(bits) => f64::from_bits(bits),
        }
    }
}

/// Whether two numbers are the same one, zeros told apart by sign and NaN from nothing.
pub(crate) fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
