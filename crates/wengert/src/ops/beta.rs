//! The beta function's logarithm.

use super::extended::Extended;
use super::polygamma::{BERNOULLI, factorial};
use super::{Binary, lost_at_infinity, polygamma};
use crate::scalar::{Concrete, Evaluate, Real, Scalar};

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), for positive a and b
pub(crate) struct LogBeta;
impl Binary for LogBeta {
    #[inline]
    fn value<F: Real>(a: F, b: F) -> F {
        F::lit(log_beta(a.as_f64(), b.as_f64()))
    }
    #[inline]
    fn left<F: Scalar>(a: F, b: F, _: F) -> F {
        F::binary::<Digammas>(a, b) + lost_at_infinity(a)
    }
    #[inline]
    fn right<F: Scalar>(a: F, b: F, _: F) -> F {
        F::binary::<Digammas>(b, a) + lost_at_infinity(b)
    }
}

/// From here on, Stirling's series has all digits.
const LARGE: f64 = 10.0;

/// Where a sum of three logarithms of gamma functions cancels most, it has twice the digits; where
/// all arguments are large, the cancelling terms are left out (after Didonato & Morris, "Algorithm
/// 708: Significant digit computation of the incomplete beta function ratios", 1992).
fn log_beta(a: f64, b: f64) -> f64 {
    let (p, q) = if a < b { (a, b) } else { (b, a) };
    if !(p >= 0.0 && q >= 0.0) || (p == 0.0 && q.is_infinite()) {
        f64::NAN
    } else if p == 0.0 {
        f64::INFINITY
    } else if q.is_infinite() {
        f64::NEG_INFINITY
    } else if p == 1.0 || q == 1.0 {
        // B(a, 1) = 1/a; the difference from 0 is +0 where a is 1.
        0.0 - if p == 1.0 { q } else { p }.ln()
    } else if p >= LARGE {
        log_beta_of_large(p, q)
    } else {
        (log_gamma(p.into(), FAR) + log_gamma_ratio(p, q.into(), FAR)).rounded()
    }
}

/// −(p − ½)·ln(1 + q/p) − q·ln(1 + p/q) − ½ ln q + ½ ln 2π and what Stirling's series add.
fn log_beta_of_large(p: f64, q: f64) -> f64 {
    // Far out the first term is all of it.
    let series = |x: f64| match x > 1e17 {
        true => (12.0 * x).recip(),
        false => stirling_series(Extended::from(x)).rounded(),
    };
    let small = HALF_LN_TAU.rounded() - 0.5 * q.ln() + (series(p) + (series(q) - series(p + q)));
    small - (p - 0.5) * (q / p).ln_1p() - q * (p / q).ln_1p()
}

/// ½ ln 2π: mpmath at 40 digits, and what the double leaves out
pub(super) const HALF_LN_TAU: Extended =
    Extended::new(0.918_938_533_204_672_8, -3.878_294_158_067_241_4e-17);

/// From here on, the series of [`stirling_series`] has twice the digits.
const FAR: f64 = 24.0;

/// From here on, it has 75 bits: enough for what is not near 0, or becomes an exponential.
pub(super) const NEAR: f64 = 10.0;

/// ln Γ(x) for x > 0 that is not large, by ln Γ(x) = ln Γ(x + n) − ln x(x + 1)…(x + n − 1) with x + n
/// beyond `far`.
pub(super) fn log_gamma(x: Extended, far: f64) -> Extended {
    if x.rounded() < 1e-18 {
        return (-x.rounded().ln()).into();
    }
    let (mut product, mut shifted) = (x, x + Extended::ONE);
    while shifted.rounded() < far {
        product = product * shifted;
        shifted = shifted + Extended::ONE;
    }
    let main = (shifted - Extended::from(0.5)) * shifted.ln() - shifted;
    main + HALF_LN_TAU + stirling_series(shifted) - product.ln()
}

/// ln(Γ(q)/Γ(p + q)) for p that is not large and q ≥ p, by the quotient further on,
/// Γ(q)/Γ(p + q) = (1 + p/q)·Γ(q + 1)/Γ(p + q + 1).
pub(super) fn log_gamma_ratio(p: f64, q: Extended, far: f64) -> Extended {
    if q.rounded() > 1e20 {
        // What is left out is below p²/q.
        return -(q.ln() * Extended::from(p));
    }
    let p = Extended::from(p);
    // Π(1 + p/(q + k)) − 1, which keeps its digits where p is small.
    let (mut product, mut shifted) = (Extended::ZERO, q);
    while shifted.rounded() < far {
        let part = p / shifted;
        product = product + part + product * part;
        shifted = shifted + Extended::ONE;
    }
    let both = p + shifted;
    let main =
        (both - Extended::from(0.5)) * (p / shifted).ln_1p() + p * (shifted.ln() - Extended::ONE);
    product.ln_1p() - main + (stirling_series(shifted) - stirling_series(both))
}

/// ln Γ(x) − (x − ½) ln x + x − ½ ln 2π = Σ B₂ₖ/(2k(2k − 1) x²ᵏ⁻¹) (Abramowitz & Stegun 6.1.41), to
/// twice the digits from 24 on.
pub(super) fn stirling_series(x: Extended) -> Extended {
    let inverse = x.recip();
    let square = inverse * inverse;
    square.polynomial(&STIRLING, &STIRLING_BEYOND) * inverse
}

/// B₂ₖ/(2k(2k − 1)) for k from 1 to 5, and from 6 to 14, of which a float has all digits that count:
/// quotients of integers, rounded.
const STIRLING: [Extended; 5] = [
    Extended::new(0.083_333_333_333_333_33, 4.625_929_269_271_485e-18),
    Extended::new(-0.002_777_777_777_777_778, 1.060_108_790_874_715_4e-19),
    Extended::new(0.000_793_650_793_650_793_7, 6.883_823_317_368_282e-22),
    Extended::new(-0.000_595_238_095_238_095_3, 5.369_382_187_547_26e-20),
    Extended::new(0.000_841_750_841_750_841_7, 3.687_017_488_923_769_4e-20),
];
const STIRLING_BEYOND: [f64; 9] = [
    -0.001_917_526_917_526_917_6,
    0.006_410_256_410_256_41,
    -0.029_550_653_594_771_242,
    0.179_644_372_368_830_57,
    -1.392_432_216_905_901_1,
    13.402_864_044_168_393,
    -156.848_284_626_002_03,
    2_193.103_333_333_333_5,
    -36_108.771_253_724_99,
];

/// Makes the rule of ψ⁽ⁿ⁾(a) − ψ⁽ⁿ⁾(a + b), whose derivative by a is that of the next order.
macro_rules! polygamma_difference {
    ($name:ident $order:literal $next:expr) => {
        pub(super) struct $name;
        impl Binary for $name {
            #[inline]
            fn value<F: Real>(a: F, b: F) -> F {
                F::lit(polygamma_difference($order, a.as_f64(), b.as_f64()))
            }
            #[inline]
            fn left<F: Scalar>(a: F, b: F, _: F) -> F {
                $next(a, b)
            }
            #[inline]
            fn right<F: Scalar>(a: F, b: F, _: F) -> F {
                -F::polygamma($order + 1, a + b)
            }
        }
    };
}
polygamma_difference! { Digammas 0 F::binary::<Trigammas> }
polygamma_difference! { Trigammas 1 F::binary::<Tetragammas> }
polygamma_difference! { Tetragammas 2 |a, b| F::polygamma(3, a) - F::polygamma(3, a + b) }

/// ψ⁽ⁿ⁾(a) − ψ⁽ⁿ⁾(a + b) for positive a and b, in which nothing cancels: the recurrence up to where
/// the asymptotic series holds (Abramowitz & Stegun 6.3.18, 6.4.11), each of its powers as a
/// difference.
pub(super) fn polygamma_difference(n: u32, a: f64, b: f64) -> f64 {
    if !(a >= 0.0 && b >= 0.0) {
        // Here the logarithm has no value, and its partial derivatives reach nobody.
        return polygamma(n, a) - polygamma(n, a + b);
    } else if a.is_infinite() {
        return 0.0;
    } else if b.is_infinite() {
        return if n == 0 { f64::NEG_INFINITY } else { polygamma(n, a) };
    }
    let (mut x, mut sum) = (a, 0.0);
    while x < 15.0 + f64::from(n) {
        sum += PowerDifferences::of(x, b).last(n + 1);
        x += 1.0;
    }
    let mut powers = PowerDifferences::of(x, b);
    let first = if n == 0 { (b / x).ln_1p() } else { factorial(n - 1) * powers.last(n) };
    let second = 0.5 * factorial(n) * powers.last(n + 1);
    let mut series = 0.0;
    for (&b, k) in BERNOULLI.iter().zip(1u32..) {
        // (2k + n − 1)!/(2k)!
        let rising: f64 = (2 * k + 1..2 * k + n).map(f64::from).product();
        let factor = if n == 0 { 0.5 / f64::from(k) } else { rising };
        series += b * factor * powers.last(2 * k + n);
    }
    let size = factorial(n) * sum + (series + second + first);
    if n % 2 == 1 { size } else { -size }
}

/// 1/xᵐ − 1/(x + b)ᵐ for m = 1, 2 …, by uᵐ⁺¹ − vᵐ⁺¹ = u(uᵐ − vᵐ) + (u − v)vᵐ.
struct PowerDifferences {
    u: f64,
    v: f64,
    m: u32,
    power_of_v: f64,
    difference: f64,
    first: f64,
}

impl PowerDifferences {
    fn of(x: f64, b: f64) -> Self {
        let (u, v) = (x.recip(), (x + b).recip());
        let first = b / (x + b) * u;
        Self { u, v, m: 1, power_of_v: v, difference: first, first }
    }

    /// The difference of the m-th powers, m no less than before.
    fn last(&mut self, m: u32) -> f64 {
        while self.m < m {
            // Where a power of v vanishes, the first difference may be infinite.
            let rest = if self.power_of_v == 0.0 { 0.0 } else { self.first * self.power_of_v };
            self.difference = self.u * self.difference + rest;
            self.power_of_v *= self.v;
            self.m += 1;
        }
        self.difference
    }
}

#[cfg(test)]
mod tests {
    use super::{Extended, STIRLING, STIRLING_BEYOND};

    #[test]
    fn the_terms_of_stirlings_series_are_bernoullis_numbers() {
        // Numerators and denominators of B₂, B₄ … B₂₈.
        let ratios = [
            (1.0, 6.0),
            (-1.0, 30.0),
            (1.0, 42.0),
            (-1.0, 30.0),
            (5.0, 66.0),
            (-691.0, 2730.0),
            (7.0, 6.0),
            (-3617.0, 510.0),
            (43_867.0, 798.0),
            (-174_611.0, 330.0),
            (854_513.0, 138.0),
            (-236_364_091.0, 2730.0),
            (8_553_103.0, 6.0),
            (-23_749_461_029.0, 870.0),
        ];
        let beyond = STIRLING_BEYOND.iter().map(|&term| (Extended::from(term), 1e-16));
        let terms: Vec<_> = STIRLING.iter().map(|&term| (term, 1e-31)).chain(beyond).collect();
        assert_eq!(terms.len(), ratios.len());
        for ((k, (up, down)), (term, allowed)) in (1..).zip(ratios).zip(terms) {
            let wanted = Extended::from(up) / Extended::from(down * f64::from(2 * k * (2 * k - 1)));
            let gap = ((term - wanted) / wanted).rounded().abs();
            assert!(gap <= allowed, "{k}: {gap:e}");
        }
    }
}
