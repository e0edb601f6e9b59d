//! eˣ, 2ˣ and eˣ − 1.

use super::parts::{Sum, fast_sum, nearest, polynomial, power_of_two, scale, select, upper_bits};
use std::f64::consts::LOG2_E;

/// (eʳ − 1 − r − r²/2)/r³ on |r| ≤ ln(2)/2
/// (`tests/reference/fit.py EXP`, error 2^-60.58).
const EXP: [f64; 10] = [
    0.166_666_666_666_666_82,
    0.041_666_666_666_666_7,
    0.008_333_333_333_316_859,
    0.001_388_888_888_886_517_6,
    0.000_198_412_698_968_192,
    2.480_158_736_511_491e-5,
    2.755_723_443_803_300_4e-6,
    2.755_723_865_089_638e-7,
    2.511_217_920_684_078_8e-8,
    2.092_568_983_493_97e-9,
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
    let square = high * high;
    let tail = square * 0.5 + square * high * polynomial(high, &EXP);
    Reduced { k, high, rest: tail + (low + low * high) }
}

impl Reduced {
    /// 2⁻ᵏ·e^x, between 0.7 and 1.5, as a large and a small term
    #[inline(always)]
    pub(super) fn terms(self) -> Sum {
        let one = fast_sum(1.0, self.high);
        Sum { high: one.high, low: one.low + self.rest }
    }

    /// 2⁻ᵏ·e^x, between 0.7 and 1.5
    #[inline(always)]
    pub(super) fn mantissa(self) -> Sum {
        let Sum { high, low } = self.terms();
        fast_sum(high, low)
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

/// eˣ
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    // Beyond these the result is 0 or ∞, and the exponent is still in range.
    let reduced = reduce(at_least(-760.0, at_most(720.0, x)), 0.0);
    let mantissa = reduced.terms();
    scale(mantissa.high + mantissa.low, reduced.k)
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
