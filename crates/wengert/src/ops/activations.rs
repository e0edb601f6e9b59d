//! The smooth activations of neural networks.

use super::Unary;
use super::special::{NormalCdf, NormalPdf};
use crate::scalar::{Real, Scalar};

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
    /// y(1 − y), and e⁻ˣ·y² where 1 − y cancels.
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        if y <= F::lit(0.75) { y * (F::one() - y) } else { (-x).exp() * (y * y) }
    }
}

/// ln(1 + eˣ)
pub(crate) struct Softplus;
impl Unary for Softplus {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        let tail = (-x.abs()).exp().ln_1p();
        if x > F::zero() { x + tail } else { tail }
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::unary::<Sigmoid>(x)
    }
}

/// x · sigmoid(x)
pub(crate) struct Silu;
impl Unary for Silu {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        let s = Sigmoid::value(x);
        // At −∞ the sigmoid's zero wins.
        if s == F::zero() { s } else { x * s }
    }
    /// σ(x)·(1 + x·σ(−x))
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        let other = F::unary::<Sigmoid>(-x);
        let bracket = if other.primal_is_zero() { F::one() } else { F::one() + x * other };
        F::unary::<Sigmoid>(x).chain(bracket)
    }
}

/// x · Φ(x), Φ the normal distribution function (the exact form, not the one by tanh)
pub(crate) struct Gelu;
impl Unary for Gelu {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        let cdf = NormalCdf::value(x);
        if cdf == F::zero() { cdf } else { x * cdf }
    }
    /// Φ(x) + x·φ(x)
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        let pdf = F::unary::<NormalPdf>(x);
        F::unary::<NormalCdf>(x) + pdf.chain(x)
    }
}
