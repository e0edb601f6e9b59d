//! Hyperbolic functions, and what neural networks make of them.

use super::exponential::{Reduced, at_least, at_most, exp, reduce};
use super::logarithm::{ln_1p, ln_one_plus};
use super::parts::{Sum, fast_sum, polynomial, power_of_two, quotient, scale, select};
use std::f64::consts::LN_2;

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

/// tanh x = (e²ˣ − 1)/(e²ˣ + 1)
#[inline(always)]
pub(super) fn tanh(x: f64) -> f64 {
    let Reduced { k, high, rest } = reduce(at_most(40.0, 2.0 * x.abs()), 0.0);
    // Both divided by 2ᵏ
    let one = power_of_two(-k);
    let term = fast_sum(high, rest);
    let numerator = plus(1.0 - one, term);
    // From x = 18 on 1 + 2⁻ᵏ rounds.
    let more = fast_sum(1.0, one);
    let denominator = plus(more.high, Sum { high: term.high, low: term.low + more.low });
    quotient(numerator, denominator).copysign(x)
}

/// a + b for a = 0 or |a| ≥ |b|
#[inline(always)]
fn plus(a: f64, b: Sum) -> Sum {
    let sum = fast_sum(a, b.high);
    Sum { high: sum.high, low: sum.low + b.low }
}

/// e⁻ˣ = 2ᵏ·mantissa, and 1 + e⁻ˣ, for x ≥ 0.
#[inline(always)]
fn falling(x: f64) -> (Sum, f64, Sum) {
    let reduced = reduce(at_least(-760.0, -x), 0.0);
    let mantissa = reduced.mantissa();
    // Below 2⁻²⁰⁰ it is nothing beside 1.
    let power = power_of_two(at_least(-200.0, reduced.k));
    let one_more = plus(1.0, Sum { high: mantissa.high * power, low: mantissa.low * power });
    (mantissa, reduced.k, one_more)
}

/// 1/(1 + e⁻ˣ)
#[inline(always)]
pub(super) fn sigmoid(x: f64) -> f64 {
    let (t, k, sum) = falling(x.abs());
    // e/(1 + e), and 1 − e/(1 + e) for a positive x
    let below = scale(quotient(t, sum), k);
    select(x < 0.0, below, 1.0 - below)
}

/// ln(1 + eˣ)
#[inline(always)]
pub(super) fn softplus(x: f64) -> f64 {
    let reduced = reduce(at_least(-760.0, -x.abs()), 0.0);
    let e = reduced.mantissa();
    let high = scale(e.high, reduced.k);
    let low = scale(e.low, reduced.k);
    let sum = fast_sum(1.0, high);
    let tail = ln_one_plus(high, Sum { low: sum.low + low, ..sum });
    select(x > 0.0, x + tail, tail)
}

/// ln cosh x
#[inline(always)]
pub(super) fn log_cosh(x: f64) -> f64 {
    let size = x.abs();
    let is_near = size < 2.0;
    let sinh = sinh(size);
    let rest = ln_1p(select(is_near, sinh * sinh, exp(-2.0 * size)));
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
