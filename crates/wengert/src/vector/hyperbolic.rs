//! Hyperbolic functions, and what neural networks make of them.

use super::exponential::{at_most, exp, exp_outside, reduce, remainder};
use super::logarithm::{ln_1p, ln_1p_of_fraction};
use super::parts::{Sum, fast_sum, nearest, polynomial, power_of_two, scale, select, sum};
use std::f64::consts::{LN_2, LOG2_E};

/// (sinh x − x)/x³ of x² on |x| ≤ 1
/// (`tests/reference/fit.py SINH`, error 2^-56.53).
const SINH: [f64; 8] = [
    0.166_666_666_666_666_66,
    0.008_333_333_333_333_333,
    0.000_198_412_698_412_695_9,
    2.755_731_922_412_025e-6,
    2.505_210_834_563_954_3e-8,
    1.605_905_070_612_064e-10,
    7.646_476_344_393_138e-13,
    2.848_398_735_731_073e-15,
];

/// (eʳ − 1 − r)/r² on 0 ≤ r ≤ ln 2
/// (`tests/reference/fit.py EXP_M1`, error 2^-58.72).
const EXP_M1: [f64; 12] = [
    0.5,
    0.166_666_666_666_666_77,
    0.041_666_666_666_662_77,
    0.008_333_333_333_401_175,
    0.001_388_888_888_198_779_5,
    0.000_198_412_702_870_504_72,
    2.480_156_815_383_774e-5,
    2.755_787_853_560_539e-6,
    2.754_617_546_264_579_6e-7,
    2.520_080_591_737_755_4e-8,
    1.961_312_934_949_716e-9,
    2.213_393_402_643_401e-10,
];

/// eˣ − 1 for 0 ≤ x ≤ 708, as 2ᵏ − 1 + 2ᵏ(eʳ − 1) with r not below 0, so that nothing cancels.
#[inline(always)]
fn exp_m1_of_positive(x: f64) -> f64 {
    let k = nearest(x * LOG2_E - 0.5);
    let r = remainder(x, k);
    let power = power_of_two(k);
    (power - 1.0) + power * (r + r * r * polynomial(r, &EXP_M1))
}

/// tanh x = (e²ˣ − 1)/(e²ˣ + 1)
#[inline(always)]
pub(super) fn tanh(x: f64) -> f64 {
    let numerator = exp_m1_of_positive(at_most(40.0, 2.0 * x.abs()));
    let denominator = numerator + 2.0;
    let quotient = numerator / denominator;
    // What the rounding of the denominator lost is taken from the quotient, as long as 1 less the
    // quotient, which is 2/denominator, has digits.
    let lost = select(numerator < 1e6, numerator - (denominator - 2.0), 0.0);
    (quotient - quotient * lost * (0.5 - 0.5 * quotient)).copysign(x)
}

/// 1/(1 + e⁻ˣ), for |x| ≤ 708
#[inline(always)]
pub(super) fn sigmoid(x: f64) -> f64 {
    let Sum { high, low } = sum(1.0, exp(-x));
    let y = 1.0 / high;
    y - y * (y * low)
}

/// What `sigmoid` and `softplus` do not serve.
pub(super) use super::exponential::outside;

/// 1/(1 + e⁻ˣ), for |x| > 708 or a NaN
pub(super) fn sigmoid_outside(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else { exp_outside(x) }
}

/// ln(1 + eˣ), for |x| ≤ 708
#[inline(always)]
pub(super) fn softplus(x: f64) -> f64 {
    let tail = ln_1p_of_fraction(exp(-x.abs()));
    select(x > 0.0, x + tail, tail)
}

/// ln(1 + eˣ), for |x| > 708 or a NaN
pub(super) fn softplus_outside(x: f64) -> f64 {
    if x > 0.0 { x } else { exp_outside(x) }
}

/// ln cosh x
#[inline(always)]
pub(super) fn log_cosh(x: f64) -> f64 {
    let size = x.abs();
    let is_near = size < 2.0;
    let sinh = sinh(size);
    let rest = ln_1p(select(is_near, sinh * sinh, exp(-2.0 * at_most(350.0, size))));
    select(is_near, 0.5 * rest, size + (rest - LN_2))
}

/// sinh x
#[inline(always)]
pub(super) fn sinh(x: f64) -> f64 {
    let size = x.abs();
    let square = size * size;
    let near_zero = size + size * square * polynomial(square, &SINH);
    let (sum, k) = half_exponentials(size, -1.0);
    select(size < 1.0, near_zero, scale(sum.high + sum.low, k)).copysign(x)
}

/// cosh x
#[inline(always)]
pub(super) fn cosh(x: f64) -> f64 {
    let (sum, k) = half_exponentials(x.abs(), 1.0);
    scale(sum.high + sum.low, k)
}

/// (eˣ + sign·e⁻ˣ)/2 for x ≥ 0, as a sum and a power of two.
#[inline(always)]
fn half_exponentials(x: f64, sign: f64) -> (Sum, f64) {
    let reduced = reduce(at_most(720.0, x), 0.0);
    let grown = reduced.mantissa();
    let falling = power_of_two(-2.0 * at_most(100.0, reduced.k)) / grown.high;
    let sum = fast_sum(grown.high, sign * falling);
    (Sum { high: sum.high, low: sum.low + grown.low }, reduced.k - 1.0)
}
