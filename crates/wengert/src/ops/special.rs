//! The error function, the gamma function's logarithm, and the normal distribution.

use super::trigonometric::one_minus_square;
use super::{Slope, Unary, lost_at_infinity, vectorised};
use crate::scalar::{Concrete, Evaluate, Real, Scalar, from_f64, into_f64};
use crate::vector;

/// e^(−x²/2) to full relative precision.
///
/// x² rounds, and its error times x²/2 is the relative error of the exponential: 700 units in
/// the last place at x = 38. So x is split into h with few enough bits that h² is exact, and
/// x² = h² + (x − h)(x + h).
#[inline]
fn exp_half_square<F: Scalar>(x: F) -> F {
    if x.abs() > F::lit(39.0) {
        return F::zero();
    }
    let h = (x * F::lit(16.0)).trunc() / F::lit(16.0);
    let half = F::lit(-0.5);
    (half * (h * h)).exp() * (half * (x - h) * (x + h)).exp()
}

/// `weight` · e^(−x²/2), rounded once where it is subnormal and e^(−x²/2) has lost digits.
#[cold]
pub(super) fn weighted_exp_half_square<F: Scalar>(weight: F, x: F) -> F {
    if x.abs() > F::lit(39.0) {
        return F::zero().copysign(weight);
    }
    let h = (x * F::lit(16.0)).trunc() / F::lit(16.0);
    // The root of the first factor is in range; only the last product leaves it.
    let root = (F::lit(-0.25) * (h * h)).exp();
    let rest = (F::lit(-0.5) * (x - h) * (x + h)).exp();
    weight * root * rest * root
}

/// `weight` · e^(−x²), in the same way.
#[cold]
fn weighted_exp_square<F: Scalar>(weight: F, x: F) -> F {
    if x.abs() > F::lit(28.0) {
        return F::zero().copysign(weight);
    }
    let h = (x * F::lit(16.0)).trunc() / F::lit(16.0);
    let root = (F::lit(-0.5) * (h * h)).exp();
    let rest = (-((x - h) * (x + h))).exp();
    weight * root * rest * root
}

/// e^(−x²), in the same way.
#[inline]
fn exp_square<F: Scalar>(x: F) -> F {
    if x.abs() > F::lit(28.0) {
        return F::zero();
    }
    let h = (x * F::lit(16.0)).trunc() / F::lit(16.0);
    (-(h * h)).exp() * (-((x - h) * (x + h))).exp()
}

/// 2/√π ∫₀ˣ e^(−t²) dt
pub(crate) struct Erf;
impl Unary for Erf {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.erf()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        F::binary::<ErfSlope>(x, y)
    }
    vectorised! { values vector::erf }
    vectorised! { slopes vector::erf_slope }
}

/// 2/√π · e^(−x²)
struct ErfSlope;
impl Slope for ErfSlope {
    #[inline]
    fn value<F: Real>(x: F, _: F) -> F {
        F::FRAC_2_SQRT_PI() * exp_square(x)
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F, slope: F) -> F {
        let factor = -(x + x);
        if slope.is_normal() {
            factor * slope
        } else {
            weighted_exp_square(factor * F::FRAC_2_SQRT_PI(), x)
        }
    }
}

/// 1 − erf(x), exact where erf(x) is near 1
pub(crate) struct Erfc;
impl Unary for Erfc {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.erfc()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        -F::binary::<ErfSlope>(x, y)
    }
    vectorised! { values vector::erfc }
    #[inline(always)]
    fn slopes<F: Real, const W: usize>(x: [F; W], _: [F; W]) -> [F; W] {
        let mut slopes: [F; W] = from_f64(vector::erf_slope(into_f64(x)));
        for slope in &mut slopes {
            *slope = -*slope;
        }
        slopes
    }
}

/// ln |Γ(x)|
pub(crate) struct Lgamma;
impl Unary for Lgamma {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.lgamma()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::polygamma(0, x)
    }
}

/// ψ(x), the derivative of ln Γ(x)
pub(crate) struct Digamma;
impl Unary for Digamma {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        F::polygamma(0, x)
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::polygamma(1, x) + lost_at_infinity(x)
    }
}

/// 1/√(2π): mpmath.mp.dps = 30; 1/sqrt(2*pi)
pub(super) const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// The density of the standard normal distribution, e^(−x²/2)/√(2π)
pub(crate) struct NormalPdf;
impl Unary for NormalPdf {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        F::lit(FRAC_1_SQRT_TAU) * exp_half_square(x)
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        F::binary::<NormalPdfSlope>(x, y)
    }
    vectorised! { values vector::normal_pdf }
}

/// −x·φ(x)
struct NormalPdfSlope;
impl Slope for NormalPdfSlope {
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        if y.is_normal() {
            -y * x
        } else {
            weighted_exp_half_square(-x * F::lit(FRAC_1_SQRT_TAU), x)
        }
    }
    /// φ(x)·(x − 1)(x + 1)
    #[inline]
    fn partial<F: Scalar>(x: F, _: F, _: F) -> F {
        times_pdf(-one_minus_square(x), x)
    }
}

/// `factor` · φ(x), with all digits also where φ(x) is subnormal.
#[inline]
pub(super) fn times_pdf<F: Scalar>(factor: F, x: F) -> F {
    let pdf = F::unary::<NormalPdf>(x);
    if pdf.is_normal() {
        factor * pdf
    } else {
        weighted_exp_half_square(factor * F::lit(FRAC_1_SQRT_TAU), x)
    }
}

/// The distribution function of the standard normal distribution, ½ erfc(−x/√2)
pub(crate) struct NormalCdf;
impl Unary for NormalCdf {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        let t = -x * F::FRAC_1_SQRT_2();
        let half = F::lit(0.5) * t.erfc();
        if x > F::lit(-1.0) || t > F::lit(28.0) {
            return half;
        }
        // In the tail erfc magnifies the rounding of t by 2t²; the first term of Taylor's series
        // at the rounded t puts it right. 1/√2 − f64(1/√2) by mpmath at 40 digits.
        let rest = (-x).mul_add(F::FRAC_1_SQRT_2(), -t) - x * F::frac_1_sqrt_2_rest();
        half - rest * F::lit(0.5) * F::FRAC_2_SQRT_PI() * exp_square(t)
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::unary::<NormalPdf>(x)
    }
    vectorised! { values vector::normal_cdf }
    vectorised! { slopes vector::normal_pdf }
}
