//! The digamma function and its derivatives.
//!
//! No crate at hand has them to full precision: the usual code loses relative accuracy around
//! digamma's root at 1.46, and none has the higher orders that derivatives of derivatives need.

use smallvec::{SmallVec, smallvec};
use std::f64::consts::PI;

/// ψ⁽ⁿ⁾(x), the (n+1)-th derivative of ln Γ(x): the digamma function for n = 0.
///
/// ∓∞ for digamma at ±0, +∞ or NaN at the other poles as the limit exists or not.
pub(crate) fn polygamma(n: u32, x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY {
        f64::NAN
    } else if x <= 0.0 && x == x.trunc() {
        at_pole(n, x)
    } else if x < 0.0 {
        reflected(n, x)
    } else if n == 0 {
        digamma_of_positive(x)
    } else {
        polygamma_of_positive(n, x)
    }
}

/// At a pole an odd order has the limit +∞ from both sides; an even one has none, but a signed
/// zero says which side is meant.
fn at_pole(n: u32, x: f64) -> f64 {
    if n % 2 == 1 {
        f64::INFINITY
    } else if x == 0.0 {
        -x.recip()
    } else {
        f64::NAN
    }
}

/// ψ⁽ⁿ⁾(x) = (−1)ⁿ ψ⁽ⁿ⁾(1 − x) − π dⁿ/dxⁿ cot(πx) (Abramowitz & Stegun 6.4.7).
fn reflected(n: u32, x: f64) -> f64 {
    let mirrored = polygamma(n, 1.0 - x);
    let mirrored = if n.is_multiple_of(2) { mirrored } else { -mirrored };
    mirrored - PI * cotangent_derivative(n, cotangent(x))
}

/// cot(πx) of a number that is no integer, with all digits at its zeros and poles.
fn cotangent(x: f64) -> f64 {
    // The difference to the nearest integer is exact, and the tangent has period π.
    let distance = x - x.round();
    if distance.abs() <= 0.25 {
        (PI * distance).tan().recip()
    } else {
        (PI * (0.5 - distance.abs())).tan().copysign(distance)
    }
}

/// dⁿ/dxⁿ cot(πx) as a polynomial in c = cot(πx), by dc/dx = −π(1 + c²).
fn cotangent_derivative(n: u32, c: f64) -> f64 {
    // First and second derivatives need no heap for this.
    let mut polynomial: SmallVec<[f64; 4]> = smallvec![0.0, 1.0];
    for _ in 0..n {
        let mut next: SmallVec<[f64; 4]> = smallvec![0.0; polynomial.len() + 1];
        for (k, &coefficient) in polynomial.iter().enumerate().skip(1) {
            let slope = -PI * k as f64 * coefficient;
            next[k - 1] += slope;
            next[k + 1] += slope;
        }
        polynomial = next;
    }
    // Begun with a coefficient and not with 0, because 0 times an infinite c is NaN.
    polynomial.iter().rev().copied().reduce(|sum, coefficient| sum * c + coefficient).unwrap_or(c)
}

/// Digamma for x > 0: brought to [1, 2] or beyond 10 by ψ(x + 1) = ψ(x) + 1/x.
fn digamma_of_positive(x: f64) -> f64 {
    if x >= 10.0 {
        return digamma_asymptotic(x);
    }
    if x < 1.0 {
        return digamma_around_root(x + 1.0) - x.recip();
    }
    let (mut x, mut sum) = (x, 0.0);
    while x > 2.0 {
        x -= 1.0;
        sum += x.recip();
    }
    digamma_around_root(x) + sum
}

/// ln x − 1/(2x) − Σ B₂ₖ/(2k x²ᵏ) (Abramowitz & Stegun 6.3.18).
fn digamma_asymptotic(x: f64) -> f64 {
    let square = (x * x).recip();
    let term = |(k, b): (usize, &f64)| b / (2 * (k + 1)) as f64;
    let terms = BERNOULLI.iter().enumerate().map(term);
    let series = terms.rev().fold(0.0, |sum, term| (sum + term) * square);
    x.ln() - 0.5 / x - series
}

/// B₂, B₄ … B₁₆.
pub(super) const BERNOULLI: [f64; 8] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
];

/// Digamma on [1, 2] as (x − r)·g(2x − 3), r its root: the first factor keeps the relative
/// precision at the root.
fn digamma_around_root(x: f64) -> f64 {
    // mpmath, 60 digits: findroot(digamma, 1.46), its double and what the double leaves out.
    const ROOT: f64 = 1.461_632_144_968_362_2;
    const ROOT_REST: f64 = 9.549_995_429_965_697e-17;
    let t = 2.0 * x - 3.0;
    let g = ROOT_FACTOR.iter().rev().fold(0.0, |sum, &coefficient| sum * t + coefficient);
    ((x - ROOT) - ROOT_REST) * g
}

/// g(t) = ψ(x)/(x − r), x = (t + 3)/2, lowest power first: its Chebyshev series of degree 23 on
/// [−1, 1], from 40 nodes at 60 digits with mpmath, rewritten in powers; truncation < 10⁻¹⁸.
const ROOT_FACTOR: [f64; 24] = [
    0.951_055_876_031_832_8,
    -0.211_813_710_640_730_24,
    0.060_135_621_060_196_84,
    -0.018_550_615_381_739_84,
    0.005_936_795_278_301_761,
    -0.001_935_066_664_735_652,
    0.000_636_888_030_386_581_7,
    -0.000_210_748_412_889_616_43,
    6.995_018_825_112_794e-5,
    -2.325_823_246_670_795_2e-5,
    7.741_234_508_636_364e-6,
    -2.578_134_894_751_126e-6,
    8.589_060_721_930_695e-7,
    -2.862_090_409_973_941_4e-7,
    9.543_298_288_278_275e-8,
    -3.181_266_980_138_485e-8,
    1.052_769_243_502_668_6e-8,
    -3.503_221_899_650_972_4e-9,
    1.246_998_461_670_740_3e-9,
    -4.197_772_636_734_229e-10,
    8.734_528_429_142_953e-11,
    -2.746_815_038_946_495_2e-11,
    2.918_622_732_168_261e-11,
    -1.001_511_760_206_280_8e-11,
];

/// ψ⁽ⁿ⁾ for n ≥ 1 and x > 0, by ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁾(x + 1) − (−1)ⁿ n!/xⁿ⁺¹ and the asymptotic
/// series (Abramowitz & Stegun 6.4.6, 6.4.11). All terms of the recurrence have one sign.
fn polygamma_of_positive(n: u32, x: f64) -> f64 {
    let power = n as i32 + 1;
    let (mut x, mut sum) = (x, 0.0);
    while x < 15.0 + f64::from(n) {
        sum += x.powi(-power);
        x += 1.0;
    }
    let magnitude = factorial(n) * sum + polygamma_asymptotic(n, x);
    if n % 2 == 1 { magnitude } else { -magnitude }
}

/// (n−1)!/xⁿ + n!/(2xⁿ⁺¹) + Σ B₂ₖ (2k+n−1)!/((2k)! x²ᵏ⁺ⁿ).
fn polygamma_asymptotic(n: u32, x: f64) -> f64 {
    let square = (x * x).recip();
    let mut term = factorial(n - 1);
    let mut sum = term + 0.5 * factorial(n) / x;
    for (&b, k) in BERNOULLI.iter().zip(1u32..) {
        let top = f64::from(2 * k + n - 1) * f64::from(2 * k + n - 2);
        term *= square * top / f64::from(2 * k * (2 * k - 1));
        sum += b * term;
    }
    // A power of x may overflow where the quotient is a number.
    (0..n).fold(sum, |quotient, _| quotient / x)
}

pub(super) fn factorial(n: u32) -> f64 {
    (1..=n).map(f64::from).product()
}
