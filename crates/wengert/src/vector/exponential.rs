//! eˣ, 2ˣ and eˣ − 1.

use super::parts::{
    Sum, above, fast_sum, nearest, nearest_and_bits, polynomial, power_of_two, raised, scale,
    select, upper_bits,
};
use std::f64::consts::LOG2_E;

/// (eʳ − 1 − r)/r² on |r| ≤ ln(2)/2
/// (`tests/reference/fit.py EXP`, error 2^-60.31).
const EXP: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_82,
    0.041_666_666_666_666_095,
    0.008_333_333_333_317_039,
    0.001_388_888_888_911_621_8,
    0.000_198_412_698_963_763_87,
    2.480_158_692_557_907_3e-5,
    2.755_723_486_761_317e-6,
    2.755_758_266_193_247_5e-7,
    2.511_203_533_221_568_7e-8,
    2.082_639_901_427_406_6e-9,
];

/// The same with a coefficient less, for what is rounded once
/// (`tests/reference/fit.py EXP_SHORT`, error 2^-56.38).
const EXP_SHORT: [f64; 10] = [
    0.500_000_000_000_001_1,
    0.166_666_666_666_664_13,
    0.041_666_666_666_530_17,
    0.008_333_333_333_494_562,
    0.001_388_888_894_362_834_7,
    0.000_198_412_695_064_032_34,
    2.480_149_310_004_438_7e-5,
    2.755_758_650_639_944e-6,
    2.763_024_814_597_813_5e-7,
    2.500_002_521_238_969_3e-8,
];

/// (2ʳ − 1 − r·ln 2)/r² on |r| ≤ 1/2
/// (`tests/reference/fit.py EXP2`, error 2^-58.42).
const EXP2: [f64; 11] = [
    0.240_226_506_959_100_72,
    0.055_504_108_664_821_64,
    0.009_618_129_107_628_49,
    0.001_333_355_814_640_191_7,
    0.000_154_035_303_933_482_18,
    1.525_273_384_691_797_7e-5,
    1.321_548_682_824_043_8e-6,
    1.017_805_463_367_415e-7,
    7.054_889_778_447_232e-9,
    4.456_206_401_287_503e-10,
    2.573_996_547_386_954e-11,
];

/// The upper 32 bits of ln 2, whose products with exponents are exact, and the rest
/// (mpmath: `float(ln(2) - LN_2_HIGH)`).
pub(super) const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
pub(super) const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// x = k·ln 2 + high + low and e^(high + low) − 1 − high = rest, for an integer k (the reduction
/// of Cody & Waite, "Software Manual for the Elementary Functions", 1980).
#[derive(Clone, Copy, Debug)]
pub(super) struct Reduced {
    pub(super) k: f64,
    pub(super) high: f64,
    pub(super) rest: f64,
}

/// Reduces x + `low`, |x| below 2000.
#[inline(always)]
pub(super) fn reduce(x: f64, low: f64) -> Reduced {
    let k = nearest(x * LOG2_E);
    // Exact, and what is subtracted from it next is far smaller.
    let first = x - k * LN_2_HIGH;
    let second = k * LN_2_LOW - low;
    let high = first - second;
    let low = (first - high) - second;
    Reduced { k, high, rest: high * high * polynomial(high, &EXP) + low }
}

impl Reduced {
    /// 2⁻ᵏ·e^x, between 0.7 and 1.5
    #[inline(always)]
    pub(super) fn mantissa(self) -> Sum {
        let Sum { high, low } = fast_sum(1.0, self.high);
        fast_sum(high, low + self.rest)
    }
}

/// x, or `low` if x is below it. A NaN stays one.
#[inline(always)]
pub(super) fn at_least(low: f64, x: f64) -> f64 {
    select(x < low, low, x)
}

/// x, or `high` if x is above it. A NaN stays one.
#[inline(always)]
pub(super) fn at_most(high: f64, x: f64) -> f64 {
    select(x > high, high, x)
}

/// x − k·ln 2, for an integer k next to x/ln 2: the first difference is exact.
#[inline(always)]
pub(super) fn remainder(x: f64, k: f64) -> f64 {
    (x - k * LN_2_HIGH) - k * LN_2_LOW
}

/// eˣ, for |x| ≤ 708: then the result is a normal number.
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    let (k, bits) = nearest_and_bits(x * LOG2_E);
    let r = remainder(x, k);
    raised(1.0 + (r + r * r * polynomial(r, &EXP_SHORT)), bits)
}

/// What `exp` does not serve.
#[inline(always)]
pub(super) fn outside(x: f64) -> u64 {
    above(708.0, x)
}

/// eˣ, for |x| > 708 or a NaN. PERF: far below, as weights of a mixture are, not by a call.
#[inline]
pub(super) fn exp_outside(x: f64) -> f64 {
    if x < -746.0 { 0.0 } else { libm::exp(x) }
}

/// eˣ − 1, with all digits near 0
#[inline(always)]
pub(super) fn exp_m1(x: f64) -> f64 {
    let Reduced { k, high, rest } = reduce(at_least(-50.0, at_most(720.0, x)), 0.0);
    // 2ᵏ·((1 − 2⁻ᵏ) + high + rest), where 2⁻ᵏ beyond 2⁻⁶⁴ is nothing beside 1.
    let beside = 1.0 - power_of_two(-at_most(64.0, k));
    let sum = fast_sum(beside, high);
    scale(sum.high + (sum.low + rest), k).copysign(x) // which matters at −0
}

/// 2ˣ
#[inline(always)]
pub(super) fn exp2(x: f64) -> f64 {
    let x = at_least(-1100.0, at_most(1030.0, x));
    let k = nearest(x);
    let r = x - k;
    // The product of r and the upper half of ln 2 is split, so that it is exact.
    let upper = upper_bits(r);
    let linear = upper * LN_2_UPPER;
    let rest = (r - upper) * LN_2_UPPER + r * LN_2_REST;
    let one = fast_sum(1.0, linear);
    let tail = rest + r * r * polynomial(r, &EXP2);
    scale(one.high + (one.low + tail), k)
}

/// The upper 26 bits of ln 2 and the rest (mpmath: `float(ln(2) - LN_2_UPPER)`).
const LN_2_UPPER: f64 = 0.693_147_167_563_438_4;
const LN_2_REST: f64 = 1.299_650_689_388_988_9e-8;
