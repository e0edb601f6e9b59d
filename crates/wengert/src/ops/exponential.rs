//! Exponentials and logarithms.

use super::{Binary, Unary, vectorised};
use crate::scalar::{Evaluate, Real, Scalar};
use crate::vector;

/// eˣ
pub(crate) struct Exp;
impl Unary for Exp {
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        x.exp()
    }
    #[inline(always)]
    fn partial<F: Scalar>(_: F, y: F) -> F {
        y
    }
    vectorised! { values vector::exp }
}

/// 2ˣ
pub(crate) struct Exp2;
impl Unary for Exp2 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.exp2()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        // 2ˣ overflows a little before its derivative, which is smaller.
        if y.is_infinite() {
            (x - F::one()).exp2() * (F::lit(2.0) * F::LN_2())
        } else {
            y * F::LN_2()
        }
    }
    vectorised! { values vector::exp2 }
}

/// eˣ − 1, exact for small x
pub(crate) struct ExpM1;
impl Unary for ExpM1 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.exp_m1()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        // y + 1 cancels where y is near −1.
        if y > F::lit(-0.5) { y + F::one() } else { x.exp() }
    }
    vectorised! { values vector::exp_m1 }
}

/// ln x
pub(crate) struct Ln;
impl Unary for Ln {
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        x.ln()
    }
    #[inline(always)]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        x.recip()
    }
    vectorised! { values vector::ln }
}

/// ln(1 + x), exact for small x
pub(crate) struct Ln1p;
impl Unary for Ln1p {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.ln_1p()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        (F::one() + x).recip()
    }
    vectorised! { values vector::ln_1p }
}

/// log₂ x
pub(crate) struct Log2;
impl Unary for Log2 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.log2()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::LOG2_E() / x
    }
    vectorised! { values vector::log2 }
}

/// log₁₀ x
pub(crate) struct Log10;
impl Unary for Log10 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.log10()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::LOG10_E() / x
    }
    vectorised! { values vector::log10 }
}

/// The logarithm of x to the base b, ln x / ln b
pub(crate) struct Log;
impl Binary for Log {
    #[inline]
    fn value<F: Real>(x: F, base: F) -> F {
        x.log(base)
    }
    #[inline]
    fn left<F: Scalar>(x: F, base: F, _: F) -> F {
        x.recip() / base.ln()
    }
    #[inline]
    fn right<F: Scalar>(_: F, base: F, z: F) -> F {
        -(z / base) / base.ln()
    }
}
