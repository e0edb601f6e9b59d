//! Roots, powers and the hypotenuse.

use super::{Binary, Form, Operands, Unary, vectorised};
use crate::scalar::{Evaluate, Real, Scalar, from_f64, into_f64};
use crate::vector;

/// √x
pub(crate) struct Sqrt;
impl Unary for Sqrt {
    const FORM: Form = Form::Inline;
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
    vectorised! { values vector::cbrt }
}

/// x²
pub(crate) struct Square;
impl Unary for Square {
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        x * x
    }
    #[inline(always)]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        x + x
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
            _ => {
                let power = x.powf(F::lit(f64::from(n) - 1.0));
                let exponent = F::lit(f64::from(n));
                if power.is_normal() { exponent * power } else { slope_in_halves(x, exponent, y) }
            }
        }
    }
}

/// xʸ
pub(crate) struct Pow;
impl Binary for Pow {
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        x.powf(y)
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        from_f64(vector::powf(into_f64(x), into_f64(y)))
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
        if !z.is_normal() {
            slope_in_halves(x, y, z)
        } else if quotient.is_normal() {
            y * quotient
        } else {
            (y * z) / x
        }
    }
    /// xʸ·ln x; 0 at x = 0 for y ≥ 0, the limit from the right.
    #[inline]
    fn right<F: Scalar>(x: F, y: F, z: F) -> F {
        if x.primal_is_zero() && y >= F::zero() {
            return F::zero();
        }
        if z.is_normal() {
            return z * x.ln();
        }
        // Half the exponent stays in range where the whole leaves it.
        let half = x.powf(y * F::lit(0.5));
        half * (half * x.ln())
    }
}

/// y·xʸ⁻¹ where z = xʸ or the result is zero, subnormal or infinite: by way of |x|ʸᐟ², which is
/// none of these as long as the result is in range, or else (at x = 0, or all out of range) by
/// the formula.
#[cold]
fn slope_in_halves<F: Scalar>(x: F, y: F, z: F) -> F {
    let base = x.abs();
    let half = base.powf(y * F::lit(0.5));
    let slope = if half.is_normal() && base.is_finite() {
        (y * half) / base * half
    } else {
        // At an infinite exponent a power of 0 wins.
        base.powf(y - F::one()).chain(y)
    };
    // Of an integer power, z knows whether it is even, also where y − 1 rounds.
    if x < F::zero() { slope * -z.signum() } else { slope }
}

/// √(x² + y²) without overflow
pub(crate) struct Hypot;
impl Binary for Hypot {
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        x.hypot(y)
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        from_f64(vector::hypot(into_f64(x), into_f64(y)))
    }
    #[inline]
    fn left<F: Scalar>(x: F, y: F, z: F) -> F {
        if z.is_normal() { x / z } else { ExtremeDirection::of([x, y].as_slice()).component(x) }
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, z: F) -> F {
        if z.is_normal() { y / z } else { ExtremeDirection::of([x, y].as_slice()).component(y) }
    }
}

/// The unit vector along a vector whose length is zero, subnormal or infinite.
///
/// It is 0 for the zero vector, which is the subgradient of least norm. Infinite components
/// outweigh all finite ones and are equal among themselves, as they are to `atan2`.
pub(super) struct ExtremeDirection<F> {
    largest: F,
    /// The length of the scaled vector, or the root of the number of infinite components.
    length: F,
}

impl<F: Scalar> ExtremeDirection<F> {
    #[cold]
    pub(super) fn of(xs: impl Operands<F>) -> Self {
        let unit = Self { largest: largest(xs.iter().map(F::abs)), length: F::one() };
        let squares = xs.iter().map(|x| unit.component(x)).map(|x| x * x);
        Self { length: squares.fold(F::zero(), |sum, square| sum + square).sqrt(), ..unit }
    }

    /// The component that belongs to `x`.
    pub(super) fn component(&self, x: F) -> F {
        if self.largest.primal_is_zero() {
            F::zero()
        } else if !self.largest.is_infinite() {
            x * scale_for_squares(self.largest) / self.length
        } else if x.is_infinite() {
            x.signum() / self.length
        } else {
            F::zero()
        }
    }
}

/// A power of two, which rounds nothing, that brings numbers whose squares leave the normal
/// range back to where sums of squares are fine: 2⁵⁶³ for small `f64`, 2⁻⁵⁶³ for large ones.
pub(super) fn scale_for_squares<F: Scalar>(largest: F) -> F {
    let down = F::min_positive_value().sqrt() * F::epsilon();
    if largest < F::one() { down.recip() } else { down }
}

/// The largest of some numbers; a NaN among them is the answer.
#[inline]
pub(super) fn largest<F: Scalar>(numbers: impl Iterator<Item = F>) -> F {
    numbers.reduce(|a, b| if b > a || b.is_nan() { b } else { a }).unwrap_or_else(F::neg_infinity)
}
