//! Logarithms.

use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::parts::{fast_sum, polynomial, select, sum, upper_bits};
use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

/// (2 artanh(s) − 2s)/s³ of s² on |s| ≤ 3 − 2√2
/// (`tests/reference/fit.py LN`, error 2^-58.81).
const LN: [f64; 7] = [
    0.666_666_666_666_673_4,
    0.399_999_999_994_138_93,
    0.285_714_287_425_787_97,
    0.222_221_985_520_150_5,
    0.181_835_655_001_595_85,
    0.153_140_187_486_360_9,
    0.147_962_846_509_435_95,
];

/// A positive number as 2ᵏ·(1 + f), 1 + f between √½ and √2.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    pub(super) k: f64,
    pub(super) f: f64,
}

/// 2⁵²: an integer below it, put into its mantissa, is added to it.
const ABOVE_INTEGERS: f64 = 4_503_599_627_370_496.0;

/// Splits a positive normal number.
#[inline(always)]
pub(super) fn split_normal(x: f64) -> Split {
    let root = FRAC_1_SQRT_2.to_bits();
    // The exponent steps at √2 instead of at 2.
    let shifted = x.to_bits().wrapping_add(1.0_f64.to_bits() - root);
    let exponent = f64::from_bits((shifted >> 52) | ABOVE_INTEGERS.to_bits());
    let mantissa = f64::from_bits((shifted & 0xF_FFFF_FFFF_FFFF) + root);
    Split { k: exponent - (ABOVE_INTEGERS + 1023.0), f: mantissa - 1.0 }
}

/// Splits a positive finite number.
#[inline(always)]
pub(super) fn split(x: f64) -> Split {
    // A subnormal number has no exponent of its own.
    let subnormal = x < f64::MIN_POSITIVE;
    let Split { k, f } = split_normal(select(subnormal, x * TWO_TO_54, x));
    Split { k: select(subnormal, k - 54.0, k), f }
}

const TWO_TO_54: f64 = 18_014_398_509_481_984.0;

/// ln(1 + f) = f − f²/2 + rest, for 1 + f between √½ and √2, the two halves of f²/2 and the rest
/// apart (s = f/(2 + f), ln(1 + f) = 2 artanh s; Tang, "Table-driven implementation of the
/// logarithm function", 1990, has the arrangement).
#[inline(always)]
fn half_square_and_rest(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let square = s * s;
    let half_square = 0.5 * f * f;
    (half_square, s * (half_square + square * polynomial(square, &LN)))
}

/// k·ln 2 + ln(1 + f) + low
#[inline(always)]
fn natural(k: f64, f: f64, low: f64) -> f64 {
    let (half_square, rest) = half_square_and_rest(f);
    let sum = fast_sum(k * LN_2_HIGH, f);
    sum.high + ((sum.low + (rest + (k * LN_2_LOW + low))) - half_square)
}

/// The result where the argument of a logarithm is positive and finite, and the limits elsewhere.
#[inline(always)]
fn in_domain(x: f64, result: f64) -> f64 {
    let at_edge = select(x == 0.0, f64::NEG_INFINITY, f64::NAN);
    select(x > 0.0, select(x < f64::INFINITY, result, x), at_edge)
}

/// ln x, for a positive normal x
#[inline(always)]
pub(super) fn ln(x: f64) -> f64 {
    let Split { k, f } = split_normal(x);
    natural(k, f, 0.0)
}

/// What `ln` does not serve: what has the sign bit, and of all else what lies below the least or
/// above the largest normal number, by the bits as integers.
#[inline(always)]
pub(super) fn outside(x: f64) -> u64 {
    let bits = x.to_bits();
    let below = bits.wrapping_sub(f64::MIN_POSITIVE.to_bits());
    bits | below | f64::MAX.to_bits().wrapping_sub(bits)
}

/// ln(1 + x), with all digits near 0
#[inline(always)]
pub(super) fn ln_1p(x: f64) -> f64 {
    let sum = sum(1.0, x);
    let Split { k, f } = split_normal(sum.high);
    // Near 0, f has few of the digits of x and x has all.
    let near = k == 0.0;
    let lost = select(near, sum.low - (x - f), sum.low);
    let result = natural(k, select(near, x, f), lost / sum.high);
    in_domain(sum.high, result).copysign(x) // which matters at −0
}

/// ln(1 + x) for x from 0 to 1, with all digits near 0
#[inline(always)]
pub(super) fn ln_1p_of_fraction(x: f64) -> f64 {
    let doubled = x > SQRT_2 - 1.0;
    // 1 + x, or half of it, less 1
    let f = select(doubled, 0.5 * x - 0.5, x);
    natural(select(doubled, 1.0, 0.0), f, 0.0)
}

/// A base b of logarithms, in two parts each: 1/ln b and log_b 2, the first of 26 and of 32 bits.
struct Base {
    unit: (f64, f64),
    two: (f64, f64),
}

const TWO: Base =
    Base { unit: (1.442_695_021_629_333_5, 1.925_962_991_126_617_5e-8), two: (1.0, 0.0) };

const TEN: Base = Base {
    unit: (0.434_294_477_105_140_7, 4.798_111_141_615_973e-9),
    two: (0.301_029_995_549_470_2, 1.145_110_089_802_183_8e-10),
};

/// log_b x
#[inline(always)]
fn to_base(base: Base, x: f64) -> f64 {
    let Split { k, f } = split(x);
    let (half_square, rest) = half_square_and_rest(f);
    // Upper bits of ln(1 + f) whose product with those of 1/ln b is exact.
    let high = upper_bits(f - half_square);
    let low = ((f - high) - half_square) + rest;
    let sum = fast_sum(k * base.two.0, high * base.unit.0);
    let tail = (low + high) * base.unit.1 + low * base.unit.0 + k * base.two.1;
    in_domain(x, sum.high + (sum.low + tail))
}

/// log₂ x
#[inline(always)]
pub(super) fn log2(x: f64) -> f64 {
    to_base(TWO, x)
}

/// log₁₀ x
#[inline(always)]
pub(super) fn log10(x: f64) -> f64 {
    to_base(TEN, x)
}
