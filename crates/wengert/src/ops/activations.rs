//! The smooth activations of neural networks.

use super::arithmetic::MulAdd;
use super::hyperbolic::Tanh;
use super::special::{FRAC_1_SQRT_TAU, NormalCdf, NormalPdf, times_pdf, weighted_exp_half_square};
use super::{Slope, Unary, vectorised};
use crate::scalar::{Evaluate, Real, Scalar, from_f64, into_f64};
use crate::vector;

/// 1 / (1 + e⁻ˣ)
pub(crate) struct Sigmoid;
impl Unary for Sigmoid {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        // e^(−|x|) never overflows.
        if x >= F::zero() {
            (F::one() + (-x).exp()).recip()
        } else {
            let e = x.exp();
            e / (F::one() + e)
        }
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        F::binary::<SigmoidSlope>(x, y)
    }
    vectorised! { values vector::sigmoid }
    #[inline(always)]
    fn slopes<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        let mut slopes = y;
        let mut are_below = true;
        for slope in &mut slopes {
            are_below &= *slope <= F::lit(0.75);
            *slope *= F::one() - *slope;
        }
        if are_below {
            return slopes;
        }
        let mut t = x;
        for t in &mut t {
            *t = -*t;
        }
        let t: [F; W] = from_f64(vector::exp(into_f64(t)));
        for ((slope, y), t) in slopes.iter_mut().zip(y).zip(t) {
            *slope = if y <= F::lit(0.75) { *slope } else { t * (y * y) };
        }
        slopes
    }
}

/// σ′(x) = σ(x)·σ(−x)
struct SigmoidSlope;
impl Slope for SigmoidSlope {
    /// y(1 − y), and e⁻ˣ·y² where 1 − y cancels.
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        if y <= F::lit(0.75) { y * (F::one() - y) } else { (-x).exp() * (y * y) }
    }
    /// −σ′(x)·tanh(x/2), where 1 − 2y would cancel near 0.
    #[inline]
    fn partial<F: Scalar>(x: F, _: F, slope: F) -> F {
        -slope * F::unary::<Tanh>(x * F::lit(0.5))
    }
}

/// ln(1 + eˣ)
pub(crate) struct Softplus;
impl Unary for Softplus {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        let tail = (-x.abs()).exp().ln_1p();
        if x > F::zero() { x + tail } else { tail }
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::unary::<Sigmoid>(x)
    }
    vectorised! { values vector::softplus }
    vectorised! { slopes vector::sigmoid }
}

/// x · sigmoid(x)
pub(crate) struct Silu;
impl Unary for Silu {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        times_sigmoid(x, x)
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        F::binary::<SiluSlope>(x, y)
    }
}

/// σ(x)·(1 + x·σ(−x)), and for negative x, where those terms cancel, σ(x)·σ(−x)·(1 + x + eˣ): next
/// to its zero 1 + x is exact.
struct SiluSlope;
impl Slope for SiluSlope {
    #[inline]
    fn value<F: Real>(x: F, _: F) -> F {
        let other = F::unary::<Sigmoid>(-x);
        let bracket = if other.is_zero() {
            F::one()
        } else if x < F::zero() {
            (F::one() + x + x.exp()) * other
        } else {
            F::one() + x * other
        };
        times_sigmoid(bracket, x)
    }
    /// σ(x)·σ(−x)·(2 − x·tanh(x/2)), which is the same on either side of 0.
    #[inline]
    fn partial<F: Scalar>(x: F, _: F, _: F) -> F {
        let bracket = F::lit(2.0) - x * F::unary::<Tanh>(x * F::lit(0.5));
        let size = x.abs();
        times_sigmoid(bracket * F::unary::<Sigmoid>(size), -size)
    }
}

/// `factor` · σ(x), with all digits also where σ(x) is subnormal, and 0 at −∞.
#[inline]
fn times_sigmoid<F: Scalar>(factor: F, x: F) -> F {
    let sigmoid = F::unary::<Sigmoid>(x);
    if sigmoid.is_normal() {
        return factor * sigmoid;
    }
    // Here σ(x) = eˣ, whose root is in range.
    let root = (x * F::lit(0.5)).exp();
    if root.primal_is_zero() { root.copysign(factor) } else { factor * root * root }
}

/// x · Φ(x), Φ the normal distribution function (the exact form, not the one by tanh)
pub(crate) struct Gelu;
impl Unary for Gelu {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        let cdf = NormalCdf::value(x);
        if cdf.is_normal() { x * cdf } else { gelu_far_out(x) }
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        F::binary::<GeluSlope>(x, y)
    }
}

/// Φ(x) + x·φ(x), where x·φ(x) is −φ′(x)
struct GeluSlope;
impl Slope for GeluSlope {
    #[inline]
    fn value<F: Real>(x: F, _: F) -> F {
        let pdf = NormalPdf::value(x);
        NormalCdf::value(x) - NormalPdf::partial(x, pdf)
    }
    /// φ(x)·(2 − x²), with one rounding of the bracket, which is 0 at √2.
    #[inline]
    fn partial<F: Scalar>(x: F, _: F, _: F) -> F {
        times_pdf(F::ternary::<MulAdd>(-x, x, F::lit(2.0)), x)
    }
}

/// x·Φ(x) where Φ(x) is subnormal: −φ(x)·(1 − 1/x² + 1·3/x⁴ − 1·3·5/x⁶ …), the asymptotic
/// series of Mills' ratio (Abramowitz & Stegun 26.2.12), whose terms fall below 10⁻¹⁷ here.
#[cold]
fn gelu_far_out<F: Real>(x: F) -> F {
    let step = -(x * x).recip();
    let odd = [13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0];
    let series = odd.iter().fold(F::one(), |sum, &k| F::one() + F::lit(k) * step * sum);
    weighted_exp_half_square(-series * F::lit(FRAC_1_SQRT_TAU), x)
}
