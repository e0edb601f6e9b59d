//! Cube roots, and the hypotenuse.

use super::logarithm::{Split, split};
use super::parts::{
    exact_product, fast_sum, nearest, polynomial, power_of_two, select, upper_bits,
};

/// ∛(1 + f) for 1 + f between √½ and √2
/// (`tests/reference/fit.py CBRT`, error 2^-25.29).
const CBRT: [f64; 8] = [
    1.000_000_011_338_486_6,
    0.333_333_828_293_601_4,
    -0.111_114_257_001_748_87,
    0.061_687_395_716_938_18,
    -0.040_991_115_047_542_25,
    0.030_971_999_431_427_67,
    -0.026_354_224_525_493_217,
    0.015_770_863_697_702_11,
];

const CBRT_2: f64 = 1.259_921_049_894_873_2; // mpmath: cbrt(2)
const CBRT_HALF: f64 = 0.793_700_525_984_099_8; // mpmath: cbrt(0.5)

/// ∛x, also of negative numbers
#[inline(always)]
pub(super) fn cbrt(x: f64) -> f64 {
    let size = x.abs();
    let Split { k, f } = split(size);
    let third = nearest(k * (1.0 / 3.0));
    let rest = k - 3.0 * third;
    let of_rest = select(rest > 0.0, CBRT_2, select(rest < 0.0, CBRT_HALF, 1.0));
    // 24 bits of the root, whose square is exact, and one step of Halley's iteration.
    let root = upper_bits(polynomial(f, &CBRT) * of_rest);
    let ratio = (1.0 + f) * power_of_two(rest) / (root * root);
    let root = root + root * ((ratio - root) / (root + root + ratio));
    let ordinary = (size > 0.0) & (size < f64::INFINITY);
    select(ordinary, (root * power_of_two(third)).copysign(x), x)
}

/// Neither square overflows, and one that vanishes beside the other may.
#[inline(always)]
pub(super) fn inside(x: f64, y: f64) -> bool {
    let (x, y) = (x.abs(), y.abs());
    let larger = select(x > y, x, y);
    // 2⁻⁴⁰⁰ and 2⁴⁰⁰; a NaN is told by both comparisons.
    let largest = 2.582_249_878_086_908_6e120;
    (larger >= 1.0 / largest) & (x <= largest) & (y <= largest)
}

/// √(x² + y²) without overflow
#[inline(always)]
pub(super) fn hypot(x: f64, y: f64) -> f64 {
    let (x, y) = (x.abs(), y.abs());
    let swap = x < y;
    let (longer, shorter) = (select(swap, y, x), select(swap, x, y));
    let (longer, shorter) = (exact_product(longer, longer), exact_product(shorter, shorter));
    let sum = fast_sum(longer.high, shorter.high);
    (sum.high + (sum.low + (longer.low + shorter.low))).sqrt()
}
