//! Functions of an angle in radians.

use super::parts::{Sum, above, fast_sum, integer_bits, nearest, polynomial, quotient, select};
use std::f64::consts::FRAC_2_PI;

/// (sin r − r)/r³ of r² on |r| ≤ π/4
/// (`tests/reference/fit.py SIN`, error 2^-57.27).
const SIN: [f64; 6] = [
    -0.166_666_666_666_666_32,
    0.008_333_333_333_322_42,
    -0.000_198_412_698_298_117_54,
    2.755_731_369_279_574e-6,
    -2.505_075_818_971_439e-8,
    1.589_679_709_322_621_2e-10,
];

/// (cos r − 1 + r²/2)/r⁴ of r² on |r| ≤ π/4
/// (`tests/reference/fit.py COS`, error 2^-59.98).
const COS: [f64; 6] = [
    0.041_666_666_666_666_6,
    -0.001_388_888_888_887_413_3,
    2.480_158_728_948_643_6e-5,
    -2.755_731_435_327_03e-7,
    2.087_572_337_185_116e-9,
    -1.135_965_180_453_079_9e-11,
];

/// π/2 in parts of 33 bits, whose products with integers below 2²⁰ are exact, and the rest.
const HALF_PI: [f64; 4] = [
    1.570_796_326_734_125_6,
    6.077_100_506_303_966e-11,
    2.022_266_248_711_166_5e-21,
    8.478_427_660_368_9e-32,
];

/// Angles up to here are reduced exactly enough; 2²⁰·π/2 would be the end.
const LARGEST: f64 = 1_048_576.0;

#[inline(always)]
pub(super) fn outside(x: f64) -> u64 {
    above(LARGEST, x)
}

/// The angle less a multiple of a right angle, and the two lowest bits of that multiple.
#[derive(Clone, Copy, Debug)]
struct Reduced {
    angle: Sum,
    quadrant: u64,
}

/// Cody & Waite's reduction in four steps, the sums exact (`fast_sum`: each minuend is a multiple
/// of the last place of its subtrahend). The closest that a double below 2²⁰ comes to a multiple
/// of π/2 is about 2⁻⁶⁰, and the error is below 2⁻¹³⁰.
#[inline(always)]
fn reduce(x: f64) -> Reduced {
    let k = nearest(x * FRAC_2_PI);
    let first = x - k * HALF_PI[0];
    let second = fast_sum(first, -(k * HALF_PI[1]));
    let third = fast_sum(second.high, -(k * HALF_PI[2]));
    let low = (second.low + third.low) - k * HALF_PI[3];
    Reduced { angle: Sum { high: third.high, low }, quadrant: integer_bits(k) }
}

/// sin(high + low) as high + rest, for |high| ≤ π/4
#[inline(always)]
fn sine(r: Sum) -> Sum {
    let square = r.high * r.high;
    let cube = square * r.high;
    Sum { high: r.high, low: cube * polynomial(square, &SIN) + r.low }
}

/// cos(high + low), for |high| ≤ π/4
#[inline(always)]
fn cosine(r: Sum) -> Sum {
    let square = r.high * r.high;
    let sum = fast_sum(1.0, -0.5 * square);
    let tail = square * square * polynomial(square, &COS) - r.high * r.low;
    Sum { high: sum.high, low: sum.low + tail }
}

/// x with the sign changed if the second bit of the quadrant is set.
#[inline(always)]
fn turned(x: f64, quadrant: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ ((quadrant & 2) << 62))
}

/// The sine of the reduced angle, advanced by so many quadrants.
#[inline(always)]
fn advanced(reduced: Reduced, quadrants: u64) -> f64 {
    let quadrant = reduced.quadrant.wrapping_add(quadrants);
    let (sine, cosine) = (sine(reduced.angle), cosine(reduced.angle));
    let odd = quadrant & 1 == 1;
    turned(select(odd, cosine.high + cosine.low, sine.high + sine.low), quadrant)
}

/// sin x
#[inline(always)]
pub(super) fn sin(x: f64) -> f64 {
    with_sign_of(x, advanced(reduce(x.abs()), 0))
}

/// cos x
#[inline(always)]
pub(super) fn cos(x: f64) -> f64 {
    advanced(reduce(x), 1)
}

/// tan x
#[inline(always)]
pub(super) fn tan(x: f64) -> f64 {
    let reduced = reduce(x.abs());
    let (sine, cosine) = (normalised(sine(reduced.angle)), normalised(cosine(reduced.angle)));
    let odd = reduced.quadrant & 1 == 1;
    // tan(r + π/2) = −cos r/sin r
    let numerator = chosen(odd, cosine, sine);
    let denominator = chosen(odd, sine, cosine);
    let ratio = quotient(numerator, denominator);
    let turned = f64::from_bits(ratio.to_bits() ^ (reduced.quadrant << 63));
    with_sign_of(x, turned)
}

/// An odd function's value, given that for |x|.
#[inline(always)]
fn with_sign_of(x: f64, of_size: f64) -> f64 {
    f64::from_bits(of_size.to_bits() ^ (x.to_bits() & (-0.0_f64).to_bits()))
}

#[inline(always)]
fn normalised(sum: Sum) -> Sum {
    fast_sum(sum.high, sum.low)
}

#[inline(always)]
fn chosen(condition: bool, yes: Sum, no: Sum) -> Sum {
    Sum { high: select(condition, yes.high, no.high), low: select(condition, yes.low, no.low) }
}
