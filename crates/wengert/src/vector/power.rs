//! xʸ.

use super::exponential::{Reduced, reduce};
use super::logarithm::{Split, split_normal};
use super::parts::{Sum, fast_sum, integer_bits, nearest, polynomial, raised, upper_bits};

/// (2 artanh(s) − 2s − 2s³/3)/s⁵ of s² on |s| ≤ 3 − 2√2
/// (`tests/reference/fit.py ARTANH`, error 2^-65.73).
const ARTANH: [f64; 7] = [
    0.400_000_000_000_022_56,
    0.285_714_285_701_000_27,
    0.222_222_225_198_808,
    0.181_817_843_675_873_64,
    0.153_867_574_402_395_85,
    0.132_568_126_034_393_27,
    0.131_963_971_648_359_05,
];

/// The upper 26 bits of ⅔ and the rest (mpmath: `float(mpf(2)/3 - TWO_THIRDS)`).
const TWO_THIRDS: f64 = 0.666_666_656_732_559_2;
const TWO_THIRDS_REST: f64 = 9.934_107_462_565_104e-9;

/// The upper 42 bits of ln 2 and the rest.
const LN_2_UPPER: f64 = 0.693_147_180_559_890_3;
const LN_2_REST: f64 = 5.497_923_018_708_371e-14;

/// s = f/(2 + f), 26 bits of it and the rest.
#[inline(always)]
fn artanh_argument(f: f64) -> Sum {
    let denominator = fast_sum(2.0, f);
    let reciprocal = 1.0 / denominator.high;
    let high = upper_bits(f * reciprocal);
    let upper = upper_bits(denominator.high);
    let rest = (f - high * upper) - high * (denominator.high - upper);
    Sum { high, low: (rest - high * denominator.low) * reciprocal }
}

/// ⅔s³, the product of bits few enough to be exact and the rest.
#[inline(always)]
fn two_thirds_of_cube(s: Sum, square: Sum) -> Sum {
    let upper_square = upper_bits(square.high);
    let rest_square = (square.high - upper_square) + square.low;
    let cube = s.high * upper_square;
    let rest = s.high * rest_square + s.low * (upper_square + rest_square);
    let upper = upper_bits(cube);
    let rest = (cube - upper) + rest;
    let low = upper * TWO_THIRDS_REST + rest * (TWO_THIRDS + TWO_THIRDS_REST);
    Sum { high: upper * TWO_THIRDS, low }
}

/// ln x to 2⁻⁶⁴ of its size, for a positive normal x: 2 artanh s = 2s + ⅔s³ + …, where the first
/// two terms are sums.
#[inline(always)]
fn ln_sum(x: f64) -> Sum {
    let Split { k, f } = split_normal(x);
    let s = artanh_argument(f);
    let square = Sum { high: s.high * s.high, low: (s.high + s.high + s.low) * s.low };
    let cube = two_thirds_of_cube(s, square);
    let z = square.high + square.low;
    let tail = z * z * polynomial(z, &ARTANH) * (s.high + s.low);
    let mantissa = fast_sum(s.high + s.high, cube.high);
    let low = mantissa.low + ((s.low + s.low) + (cube.low + tail));
    let sum = fast_sum(k * LN_2_UPPER, mantissa.high);
    Sum { high: sum.high, low: sum.low + (low + k * LN_2_REST) }
}

/// y·ln |x|, the product of bits few enough to be exact and the rest.
#[inline(always)]
fn exponent(x: f64, y: f64) -> Sum {
    let logarithm = ln_sum(x.abs());
    let upper = upper_bits(logarithm.high);
    let rest = (logarithm.high - upper) + logarithm.low;
    let y_upper = upper_bits(y);
    Sum { high: y_upper * upper, low: (y - y_upper) * upper + y * rest }
}

/// xʸ as e^(y·ln |x|), with the sign of an odd power.
#[inline(always)]
pub(super) fn powf(x: f64, y: f64) -> f64 {
    let exponent = exponent(x, y);
    let Reduced { k, high, rest } = reduce(exponent.high, exponent.low);
    let size = raised(1.0 + (high + rest), integer_bits(k));
    let odd = (integer_bits(y) << 63) & x.to_bits();
    f64::from_bits(size.to_bits() ^ odd)
}

/// Positive normal numbers to powers that are not huge, and negative ones to whole powers, where the
/// result is normal.
#[inline(always)]
pub(super) fn inside(x: f64, y: f64) -> bool {
    let size = x.abs();
    let normal = (f64::MIN_POSITIVE..f64::INFINITY).contains(&size);
    let whole = nearest(y) == y;
    // 2⁵⁰, below which `nearest` is right
    let small = y.abs() <= 1_125_899_906_842_624.0;
    normal & small & ((x > 0.0) | whole) & (exponent(x, y).high.abs() <= 708.0)
}
