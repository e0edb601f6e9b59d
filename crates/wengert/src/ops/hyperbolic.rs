//! Hyperbolic functions and their inverses.

use super::trigonometric::one_minus_square;
use super::{Unary, lost_at_infinity, vectorised};
use crate::scalar::{Evaluate, Real, Scalar, from_f64, into_f64};
use crate::vector;

/// sinh x
pub(crate) struct Sinh;
impl Unary for Sinh {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.sinh()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        x.cosh()
    }
    vectorised! { values vector::sinh }
    vectorised! { slopes vector::cosh }
}

/// cosh x
pub(crate) struct Cosh;
impl Unary for Cosh {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.cosh()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        x.sinh()
    }
    vectorised! { values vector::cosh }
    vectorised! { slopes vector::sinh }
}

/// tanh x
pub(crate) struct Tanh;
impl Unary for Tanh {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.tanh()
    }
    /// 1 − y² near the origin, 4t/(1 + t)² with t = e^(−2|x|) further out, where 1 − y² loses
    /// every digit.
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        if y.abs() <= F::lit(0.75) {
            return F::one() - y * y;
        }
        let t = (F::lit(-2.0) * x.abs()).exp();
        let sum = F::one() + t;
        F::lit(4.0) * t / (sum * sum)
    }
    vectorised! { values vector::tanh }
    #[inline(always)]
    fn slopes<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        let mut slopes = y;
        let mut are_near = true;
        for slope in &mut slopes {
            are_near &= slope.abs() <= F::lit(0.75);
            *slope = F::one() - *slope * *slope;
        }
        if are_near {
            return slopes;
        }
        let mut t = x;
        for t in &mut t {
            *t = F::lit(-2.0) * t.abs();
        }
        let t = from_f64(vector::exp(into_f64(t)));
        for ((slope, y), t) in slopes.iter_mut().zip(y).zip(t) {
            let sum = F::one() + t;
            let far = F::lit(4.0) * t / (sum * sum);
            *slope = if y.abs() <= F::lit(0.75) { *slope } else { far };
        }
        slopes
    }
}

/// arsinh x
pub(crate) struct Asinh;
impl Unary for Asinh {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.asinh()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        x.hypot(F::one()).recip() + lost_at_infinity(x)
    }
}

/// arcosh x
pub(crate) struct Acosh;
impl Unary for Acosh {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.acosh()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        // Two roots, because x² − 1 might overflow.
        ((x - F::one()).sqrt() * (x + F::one()).sqrt()).recip() + lost_at_infinity(x)
    }
}

/// artanh x
pub(crate) struct Atanh;
impl Unary for Atanh {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.atanh()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        one_minus_square(x).recip()
    }
}
