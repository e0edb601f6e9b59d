//! The normal distribution's logarithm and quantiles, and what they are made of: e^(x²)·erfc x.

use super::extended::Extended;
use super::special::{FRAC_1_SQRT_TAU, weighted_exp_half_square};
use super::{Binary, Derivatives, Form, Unary};
use crate::scalar::{Concrete, Evaluate, Real, Scalar, from_f64, into_f64};
use crate::vector;
use smallvec::{SmallVec, smallvec};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

/// e^(x²)·erfc x, which falls as 1/x where erfc underflows
pub(crate) struct Erfcx;
impl Unary for Erfcx {
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        F::lit(erfcx(x.as_f64()))
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W]) -> [F; W] {
        from_f64(vector::erfcx(into_f64(x)))
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::derivative::<Self>(1, x)
    }
}

impl Derivatives for Erfcx {
    /// E⁽ⁿ⁾ = 2x·E⁽ⁿ⁻¹⁾ + 2(n − 1)·E⁽ⁿ⁻²⁾, which begins with E′ = 2x·E − 2/√π (Abramowitz & Stegun
    /// 7.2.10, 7.1.19). Its terms cancel for positive x, the more the larger x is.
    fn derivative(n: u32, x: f64) -> f64 {
        if n == 0 {
            return erfcx(x);
        } else if x > FAR * FRAC_1_SQRT_2 {
            return erfcx_far_out(n, x);
        }
        let (mut before, mut last) = (erfcx(x), 2.0 * x * erfcx(x) - FRAC_2_SQRT_PI);
        if x < 0.0 {
            for k in 1..n {
                (before, last) = (last, 2.0 * (x * last + f64::from(k) * before));
            }
            return last;
        }
        let twice = Extended::from(2.0 * x);
        let mut before = erfcx_extended(Extended::from(x));
        let mut last = twice * before - Extended::FRAC_2_SQRT_PI;
        for k in 1..n {
            (before, last) = (last, twice * last + before * Extended::from(2.0 * f64::from(k)));
        }
        last.rounded()
    }
}

fn erfcx(x: f64) -> f64 {
    let [y] = vector::erfcx([x]);
    y
}

/// From so many standard deviations on, asymptotic series have all digits: their smallest term
/// is some e^(−x²/2).
const FAR: f64 = 12.0;

/// How many terms of an asymptotic series are needed from there on.
const TERMS: usize = 26;

/// 1/√π Σ (−1)ᵏ (2k − 1)‼/(2ᵏ x²ᵏ⁺¹), differentiated n times (Abramowitz & Stegun 7.1.23).
fn erfcx_far_out(n: u32, x: f64) -> f64 {
    let mut coefficients = [1.0; TERMS];
    for k in 1..TERMS {
        coefficients[k] = coefficients[k - 1] * (0.5 - k as f64);
    }
    let size = FRAC_2_SQRT_PI * 0.5 * derivative_of_series(&coefficients, n, x);
    if n.is_multiple_of(2) { size } else { -size }
}

/// Σ cₖ/|x|²ᵏ⁺¹, differentiated n times in −|x|, by which no term changes its sign.
fn derivative_of_series(coefficients: &[f64], n: u32, x: f64) -> f64 {
    let inverse = x.abs().recip();
    let rising = |power: f64| (0..n).map(|i| power + f64::from(i)).product::<f64>();
    let terms = coefficients.iter().enumerate().rev();
    let sum =
        terms.fold(0.0, |sum, (k, c)| sum * (inverse * inverse) + c * rising((2 * k + 1) as f64));
    sum * inverse.powi(n as i32 + 1)
}

/// e^(x²)·erfc x to twice the digits, for −1 ≤ x ≤ 9.
fn erfcx_extended(x: Extended) -> Extended {
    if x.rounded() < 2.0 { erfcx_by_series(x) } else { erfcx_by_fraction(x) }
}

/// e^(x²) − 2/√π Σ 2ᵏ x²ᵏ⁺¹/(2k + 1)‼ (Abramowitz & Stegun 7.1.6).
fn erfcx_by_series(x: Extended) -> Extended {
    let square = x * x;
    let (mut term, mut sum) = (x, x);
    for k in 1..60 {
        term = term * square * Extended::from(2.0) / Extended::from(f64::from(2 * k + 1));
        sum = sum + term;
    }
    square.exp() - sum * Extended::FRAC_2_SQRT_PI
}

/// 1/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), Laplace's fraction (Abramowitz & Stegun 7.1.14). Of
/// n levels an error of some e^(−2x√(2n)) is left.
fn erfcx_by_fraction(x: Extended) -> Extended {
    let levels = (31.0 / x.rounded()).powi(2).ceil() as u32 / 2 + 20;
    let step = |fraction, k| x + Extended::from(0.5 * f64::from(k)) / fraction;
    Extended::FRAC_2_SQRT_PI.scaled(0.5) / (1..=levels).rev().fold(x, step)
}

/// ln Φ(x), Φ the distribution function of the standard normal distribution
pub(crate) struct LogNormalCdf;
impl Unary for LogNormalCdf {
    /// Where Φ is small it is e^(−x²/2)·½ e^(t²) erfc t with t = −x/√2.
    #[inline]
    fn value<F: Real>(x: F) -> F {
        F::lit(log_normal_cdf(x.as_f64()))
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::derivative::<Self>(1, x)
    }
}

fn log_normal_cdf(x: f64) -> f64 {
    if x < -1.0 {
        (0.5 * erfcx(-x * FRAC_1_SQRT_2)).ln() - 0.5 * x * x
    } else if x < 0.0 {
        normal_cdf(x).ln()
    } else {
        (-normal_cdf(-x)).ln_1p()
    }
}

fn normal_cdf(x: f64) -> f64 {
    let [y] = vector::normal_cdf([x]);
    y
}

impl Derivatives for LogNormalCdf {
    /// The derivatives of h = φ/Φ by h′ = −h·(x + h), whose terms cancel for negative x: h′ is
    /// nearly −1 and h″ nearly 2/|x|³.
    fn derivative(n: u32, x: f64) -> f64 {
        match n {
            0 => log_normal_cdf(x),
            1 => inverse_mills(x),
            _ if x > 9.0 => log_normal_cdf_at_one(n, x),
            _ if x >= -FAR => {
                let h = if x > 1.0 { inverse_mills(x).into() } else { inverse_mills_extended(x) };
                inverse_mills_derivative(n - 1, x, h)
            }
            _ => inverse_mills_far_out(n - 1, x),
        }
    }
}

/// √(2/π): mpmath at 30 digits, sqrt(2/pi)
const SQRT_2_FRAC_PI: f64 = 0.797_884_560_802_865_4;

/// φ(x)/Φ(x), the inverse of Mills' ratio at −x
fn inverse_mills(x: f64) -> f64 {
    if x < -1e9 {
        // Here it is −x − 1/x to all digits.
        -x
    } else if x < 0.0 {
        SQRT_2_FRAC_PI / erfcx(-x * FRAC_1_SQRT_2)
    } else {
        let [density] = vector::normal_pdf([x]);
        density / normal_cdf(x)
    }
}

fn inverse_mills_extended(x: f64) -> Extended {
    let t = Extended::from(-x) * Extended::FRAC_1_SQRT_2;
    Extended::FRAC_2_SQRT_PI * Extended::FRAC_1_SQRT_2 / erfcx_extended(t)
}

/// The n-th derivative of h, given h at x: that of h′ = −h·g with g = x + h is by Leibniz
/// −Σ (n over k)·h⁽ᵏ⁾·g⁽ⁿ⁻ᵏ⁾.
fn inverse_mills_derivative(n: u32, x: f64, h: Extended) -> f64 {
    // An evaluation takes no memory from the heap up to the fourth derivative.
    let mut hs: SmallVec<[Extended; 4]> = smallvec![h];
    let mut gs: SmallVec<[Extended; 4]> = smallvec![Extended::from(x) + h];
    for order in 0..n as usize {
        let mut choices = Extended::ONE;
        let mut sum = Extended::ZERO;
        for k in 0..=order {
            sum = sum + choices * hs[k] * gs[order - k];
            choices = choices * Extended::from((order - k) as f64) / Extended::from((k + 1) as f64);
        }
        hs.push(-sum);
        gs.push(if order == 0 { Extended::ONE - sum } else { -sum });
    }
    hs[n as usize].rounded()
}

/// The n-th derivative of h far left, where h = X + 1/X − 2/X³ + 10/X⁵ − … with X = −x. The
/// coefficients of r = h − X are those of dr/dX = r·h − 1.
fn inverse_mills_far_out(n: u32, x: f64) -> f64 {
    let mut coefficients = [1.0; TERMS];
    for k in 1..TERMS {
        let products = (0..k).map(|i| coefficients[i] * coefficients[k - 1 - i]);
        coefficients[k] = -((2 * k - 1) as f64) * coefficients[k - 1] - products.sum::<f64>();
    }
    derivative_of_series(&coefficients, n, x) - if n == 1 { 1.0 } else { 0.0 }
}

/// The n-th derivative of ln Φ where Φ is 1 to all digits, so that it is that of Φ:
/// (−1)ⁿ⁻¹·Heₙ₋₁(x)·φ(x) (Abramowitz & Stegun 26.2.29).
fn log_normal_cdf_at_one(n: u32, x: f64) -> f64 {
    let (mut before, mut last) = (1.0, -x);
    for k in 1..n - 1 {
        (before, last) = (last, -x * last - f64::from(k) * before);
    }
    weighted_exp_half_square(last * FRAC_1_SQRT_TAU, x)
}

/// The number whose error function is x
pub(crate) struct ErfInv;
impl Unary for ErfInv {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        F::lit(erf_inv(x.as_f64()))
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        F::binary::<ErfInvSlope>(x, y)
    }
}

/// Halley's iteration from Winitzki's approximation ("A handy approximation for the error
/// function and its inverse", 2008), which is right to 2·10⁻³: twice three times as many digits.
/// Where erf is near 1, it is 1 − |x| that has the digits.
fn erf_inv(x: f64) -> f64 {
    let (size, rest) = (x.abs(), 1.0 - x.abs());
    if size < 1e-9 {
        // The next term of the series is a twelfth of πx² of this one.
        return x * (0.5 * std::f64::consts::PI.sqrt());
    }
    if size >= 1.0 || x.is_nan() {
        return if size == 1.0 { f64::INFINITY.copysign(x) } else { f64::NAN };
    }
    let logarithm = rest.ln() + size.ln_1p();
    let middle = 2.0 / (std::f64::consts::PI * WINITZKI) + 0.5 * logarithm;
    let mut y = ((middle * middle - logarithm / WINITZKI).sqrt() - middle).sqrt();
    for _ in 0..3 {
        let [erf] = vector::erf([y]);
        let [erfc] = vector::erfc([y]);
        let [slope] = vector::erf_slope([y]);
        let error = if size < 0.5 { erf - size } else { rest - erfc };
        let step = error / slope;
        y -= step / (1.0 + y * step);
    }
    y.copysign(x)
}

/// The constant of Winitzki's approximation.
const WINITZKI: f64 = 0.147;

/// √π/2·e^(y²) at y = erf⁻¹ x: a function of y, computed by what x knows better. From the rounded
/// y, the exponential would magnify its rounding by 2y².
struct ErfInvSlope;
impl Binary for ErfInvSlope {
    /// √π/2·E(|y|)/(1 − |x|) with E(y) = e^(y²)·erfc y
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        let rest = 1.0 - x.as_f64().abs();
        F::lit(if rest == 0.0 {
            f64::INFINITY
        } else {
            erfcx(y.as_f64().abs()) / (FRAC_2_SQRT_PI * rest)
        })
    }
    #[inline]
    fn left<F: Scalar>(_: F, _: F, _: F) -> F {
        F::zero()
    }
    #[inline]
    fn right<F: Scalar>(_: F, y: F, z: F) -> F {
        (y + y) * z
    }
}

/// The quantile of the standard normal distribution, the number x with Φ(x) = p
pub(crate) struct NormalQuantile;
impl Unary for NormalQuantile {
    #[inline]
    fn value<F: Real>(p: F) -> F {
        F::lit(normal_quantile(p.as_f64()))
    }
    #[inline]
    fn partial<F: Scalar>(p: F, x: F) -> F {
        F::binary::<NormalQuantileSlope>(p, x)
    }
}

fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if (p - 0.5).abs() < 0.25 {
        SQRT_2 * erf_inv(2.0 * (p - 0.5))
    } else if p < 0.5 {
        lower_quantile(p)
    } else {
        -lower_quantile(1.0 - p)
    }
}

/// The quantile below a quarter: Halley's iteration for ln Φ(x) = ln p from an approximation that
/// is right to 4.5·10⁻⁴ (Abramowitz & Stegun 26.2.23). Logarithms leave no p too small.
fn lower_quantile(p: f64) -> f64 {
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let logarithm = p.ln();
    let t = (-2.0 * logarithm).sqrt();
    let numerator = (0.010_328 * t + 0.802_853) * t + 2.515_517;
    let denominator = ((0.001_308 * t + 0.189_269) * t + 1.432_788) * t + 1.0;
    let mut x = numerator / denominator - t;
    for _ in 0..2 {
        let h = inverse_mills(x);
        let step = (log_normal_cdf(x) - logarithm) / h;
        x -= step / (1.0 + 0.5 * step * (x + h));
    }
    x
}

/// 1/φ(x) at the quantile x of p: a function of x, computed by what p knows better.
struct NormalQuantileSlope;
impl Binary for NormalQuantileSlope {
    /// 1/(q·h(−|x|)), with the tail q = Φ(−|x|) and h = φ/Φ
    #[inline]
    fn value<F: Real>(p: F, x: F) -> F {
        let p = p.as_f64();
        let tail = p.min(1.0 - p);
        let mills = erfcx(x.as_f64().abs() * FRAC_1_SQRT_2);
        F::lit(if tail == 0.0 { f64::INFINITY } else { mills / (SQRT_2_FRAC_PI * tail) })
    }
    #[inline]
    fn left<F: Scalar>(_: F, _: F, _: F) -> F {
        F::zero()
    }
    #[inline]
    fn right<F: Scalar>(_: F, x: F, z: F) -> F {
        x * z
    }
}
