//! Roots, powers and the hypotenuse.

use super::{Binary, Unary};
use crate::scalar::{Real, Scalar};

/// √x
pub(crate) struct Sqrt;
impl Unary for Sqrt {
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        x.sqrt()
    }
    #[inline(always)]
    fn partial<F: Scalar>(_: F, y: F) -> F {
        F::lit(0.5) / y
    }
}

/// ∛x, also of negative numbers
pub(crate) struct Cbrt;
impl Unary for Cbrt {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.cbrt()
    }
    #[inline]
    fn partial<F: Scalar>(_: F, y: F) -> F {
        (F::lit(3.0) * y * y).recip()
    }
}

/// xⁿ with an integer n that is part of the operation.
pub(crate) struct Powi;
impl Powi {
    #[inline]
    pub(crate) fn value<F: Real>(x: F, n: i32) -> F {
        x.powi(n)
    }
    /// n·xⁿ⁻¹; 0 for n = 0 everywhere, since x⁰ is 1 even at 0, ∞ and NaN.
    #[inline]
    pub(crate) fn partial<F: Scalar>(x: F, n: i32, y: F) -> F {
        match n {
            0 => F::zero(),
            1 => F::one(),
            2 => x + x,
            3 => F::lit(3.0) * (x * x),
            -1 => -(y * y),
            // Repeated multiplication loses about n/2 units in the last place, powf below one.
            _ => F::lit(f64::from(n)) * x.powf(F::lit(f64::from(n) - 1.0)),
        }
    }
}

/// xʸ
pub(crate) struct Pow;
impl Binary for Pow {
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        x.powf(y)
    }
    /// y·xʸ⁻¹; 0 for y = 0 everywhere.
    #[inline]
    fn left<F: Scalar>(x: F, y: F, z: F) -> F {
        if y.primal_is_zero() {
            return F::zero();
        }
        // z/x is as exact as z, where y − 1 would round the exponent; it fails only where z or
        // the quotient leaves the normal range, or x is zero.
        let quotient = z / x;
        if quotient.is_normal() && z.is_normal() { y * quotient } else { y * x.powf(y - F::one()) }
    }
    /// xʸ·ln x; 0 at x = 0 for y ≥ 0, the limit from the right.
    #[inline]
    fn right<F: Scalar>(x: F, y: F, z: F) -> F {
        if x.primal_is_zero() && y >= F::zero() { F::zero() } else { z * x.ln() }
    }
}

/// √(x² + y²) without overflow
pub(crate) struct Hypot;
impl Binary for Hypot {
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        x.hypot(y)
    }
    #[inline]
    fn left<F: Scalar>(x: F, _: F, z: F) -> F {
        direction(x, z)
    }
    #[inline]
    fn right<F: Scalar>(_: F, y: F, z: F) -> F {
        direction(y, z)
    }
}

/// The component of a unit vector: x over the length, and 0 for the zero vector, which is the
/// subgradient of least norm.
#[inline]
pub(super) fn direction<F: Scalar>(x: F, length: F) -> F {
    if length.primal_is_zero() { F::zero() } else { x / length }
}
