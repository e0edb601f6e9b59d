//! What the functions are built from: polynomials, integers inside floats, exact sums and
//! products.

/// 1.5·2⁵². Added to a number below 2⁵¹ it leaves the nearest integer in the low bits of the sum
/// (ties to even), without a conversion to integers, which SSE2 and AVX2 lack.
const INTEGER: f64 = 6_755_399_441_055_744.0;

/// The nearest integer to x, for |x| < 2⁵¹.
#[inline(always)]
pub(super) fn nearest(x: f64) -> f64 {
    (x + INTEGER) - INTEGER
}

/// The same, and its bits as [`integer_bits`] has them.
#[inline(always)]
pub(super) fn nearest_and_bits(x: f64) -> (f64, u64) {
    let shifted = x + INTEGER;
    (shifted - INTEGER, shifted.to_bits())
}

/// The bits of an integer |k| < 2⁵¹, of which the low ones are those of k in two's complement.
#[inline(always)]
pub(super) fn integer_bits(k: f64) -> u64 {
    (k + INTEGER).to_bits()
}

/// 2ᵏ, for an integer k from −1022 to 1023.
#[inline(always)]
pub(super) fn power_of_two(k: f64) -> f64 {
    // The shift drops all but the low bits, the biased exponent.
    f64::from_bits((k + (INTEGER + 1023.0)).to_bits() << 52)
}

/// x·2ᵏ for an integer |k| ≤ 2044, rounded once if x is between 2⁻⁴ and 2⁴.
#[inline(always)]
pub(super) fn scale(x: f64, k: f64) -> f64 {
    // 2ᵏ alone may be out of range where the product is not, so it is two factors. Their biased
    // exponents add up to k + 2046; what else the bits hold is shifted out.
    let both = (k + (INTEGER + 2046.0)).to_bits();
    let one = both >> 1;
    x * f64::from_bits(one << 52) * f64::from_bits(both.wrapping_sub(one) << 52)
}

/// x·2ᵏ, where both are normal, given the bits of k as [`integer_bits`] has them: they are added to
/// the exponent.
#[inline(always)]
pub(super) fn raised(x: f64, k: u64) -> f64 {
    f64::from_bits(x.to_bits().wrapping_add(k << 52))
}

/// Has the sign bit set if |x| is above a positive limit, or x is a NaN.
#[inline(always)]
pub(super) fn above(limit: f64, x: f64) -> u64 {
    limit.to_bits().wrapping_sub(x.abs().to_bits())
}

/// c₀ + c₁x + c₂x² + …, by Horner's rule in x⁴ over blocks of four (between Horner's chain and
/// Estrin's tree; Muller, "Elementary Functions", 3rd ed., section 5.3.1), which halves the time
/// to the result. A tree over the whole is not unrolled in time to be vectorised.
#[inline(always)]
pub(crate) fn polynomial<const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    let square = x * x;
    let fourth = square * square;
    let pair = |i: usize| c[i] + c[i + 1] * x;
    let mut i = (N - 1) / 4 * 4;
    let mut sum = match N - i {
        1 => c[i],
        2 => pair(i),
        3 => pair(i) + c[i + 2] * square,
        _ => pair(i) + pair(i + 2) * square,
    };
    while i > 0 {
        i -= 4;
        sum = (pair(i) + pair(i + 2) * square) + sum * fourth;
    }
    sum
}

/// A number as an unevaluated sum, `high` being its nearest float.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum {
    pub(crate) high: f64,
    pub(crate) low: f64,
}

/// a + b exactly, where a is 0, or |a| ≥ |b|, or a is a multiple of the last place of b (Dekker's
/// Fast2Sum; Muller et al., "Handbook of Floating-Point Arithmetic", 2nd ed., section 4.3.1).
#[inline(always)]
pub(crate) fn fast_sum(a: f64, b: f64) -> Sum {
    let high = a + b;
    Sum { high, low: (a - high) + b }
}

/// a + b exactly (Knuth's TwoSum; the same book, section 4.3.2).
#[inline(always)]
pub(crate) fn sum(a: f64, b: f64) -> Sum {
    let high = a + b;
    let a_part = high - b;
    let b_part = high - a_part;
    Sum { high, low: (a - a_part) + (b - b_part) }
}

/// a·b exactly unless something leaves the range, without a fused multiply-add (Dekker's product
/// with Veltkamp's splitting; the same book, section 4.4).
#[inline(always)]
pub(crate) fn exact_product(a: f64, b: f64) -> Sum {
    let high = a * b;
    let (a1, a2) = split(a);
    let (b1, b2) = split(b);
    let low = ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2;
    Sum { high, low }
}

/// The upper 26 bits of a number and the rest, for numbers below 2⁹⁹⁶.
#[inline(always)]
fn split(a: f64) -> (f64, f64) {
    let c = 134_217_729.0 * a; // 2²⁷ + 1
    let high = c - (c - a);
    (high, a - high)
}

/// The quotient of two sums, rounded almost once.
#[inline(always)]
pub(super) fn quotient(numerator: Sum, denominator: Sum) -> f64 {
    let Sum { high, low } = quotient_sum(numerator, denominator);
    high + low
}

/// The quotient of two sums to twice the digits, the upper part of 26 bits.
#[inline(always)]
pub(super) fn quotient_sum(numerator: Sum, denominator: Sum) -> Sum {
    let reciprocal = 1.0 / denominator.high;
    // Few enough bits that the products below are exact; what they leave is divided again.
    let estimate = upper_bits(numerator.high * reciprocal);
    let upper = upper_bits(denominator.high);
    let rest = (numerator.high - estimate * upper) - estimate * (denominator.high - upper);
    let rest = rest + (numerator.low - estimate * denominator.low);
    Sum { high: estimate, low: rest * reciprocal }
}

/// The upper 26 bits of a number.
#[inline(always)]
pub(super) fn upper_bits(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !0x7FF_FFFF)
}

/// One of two numbers that have both been computed. With an `if`, the compiler is free to make
/// branches of several choices with the same condition, which then do not vectorise.
#[inline(always)]
pub(crate) fn select(condition: bool, yes: f64, no: f64) -> f64 {
    let mask = 0_u64.wrapping_sub(u64::from(condition));
    f64::from_bits((yes.to_bits() & mask) | (no.to_bits() & !mask))
}
