//! Roots, powers and the hypotenuse.

use super::{Binary, Form, Operands, Slope, Ternary, Unary, lost_at_infinity, vectorised};
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
        F::lit(0.5) / y + lost_at_infinity(y)
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
    fn partial<F: Scalar>(x: F, y: F) -> F {
        F::binary::<CbrtSlope>(x, y)
    }
    vectorised! { values vector::cbrt }
}

/// 1/(3∛x²)
struct CbrtSlope;
impl Slope for CbrtSlope {
    #[inline]
    fn value<F: Real>(_: F, y: F) -> F {
        (F::lit(3.0) * y * y).recip() + lost_at_infinity(y)
    }
    /// −⅔ of the slope over x, which at 0 tells the sides apart.
    #[inline]
    fn partial<F: Scalar>(x: F, _: F, slope: F) -> F {
        F::lit(-2.0 / 3.0) * (slope / x)
    }
}

/// x²
pub(crate) struct Square;
impl Unary for Square {
    const IS_PLAIN: bool = true;
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
            4..=8 if F::RECORDS => F::lit(f64::from(n)) * F::power(x, n - 1),
            -1 => -(y * y),
            _ => Self::far_partial(x, F::lit(f64::from(n))),
        }
    }
    #[inline]
    fn far_partial<F: Scalar>(x: F, n: F) -> F {
        if !F::HAS_TANGENT {
            // Repeated multiplication loses about n/2 units in the last place, powf below one.
            let power = x.powf(n - F::one());
            if power.is_normal() {
                return n * power;
            }
        }
        F::power_derivative(x, n, 1, 0)
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
        // z/x is as exact as z, and costs no power; it fails only where z or the quotient leaves
        // the normal range, or x is zero. Its own derivative would cancel where y is near 1.
        let quotient = z / x;
        if F::HAS_TANGENT || !z.is_normal() || y.is_zero() {
            F::power_derivative(x, y, 1, 0)
        } else if quotient.is_normal() {
            y * quotient
        } else {
            (y * z) / x
        }
    }
    /// xʸ·ln x; 0 at x = 0 for y ≥ 0, the limit from the right.
    #[inline]
    fn right<F: Scalar>(x: F, y: F, z: F) -> F {
        let is_special = x.is_zero() || !z.is_normal();
        if F::HAS_TANGENT || is_special { F::power_derivative(x, y, 0, 1) } else { z * x.ln() }
    }
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
        F::ternary::<Cosine>(x, y, z)
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, z: F) -> F {
        F::ternary::<Cosine>(y, x, z)
    }
}

/// x/z with z = √(x² + y²), the cosine of the angle between the point and the first axis. It is a
/// rule of its own because 1/z − x²/z³, its derivative as a quotient, cancels where y is small.
/// That z depends on x and y is counted in x and y.
struct Cosine;
impl Ternary for Cosine {
    #[inline]
    fn value<F: Real>(x: F, y: F, z: F) -> F {
        if z.is_normal() { x / z } else { ExtremeDirection::of([x, y].as_slice()).component(x) }
    }
    fn partials<F: Scalar>(_: [bool; 3], x: F, y: F, z: F) -> [F; 3] {
        [F::ternary::<Bend>(x, y, z), F::ternary::<Twist>(x, y, z), F::zero()]
    }
}

/// s²/z for cosine c and sine s of the point: the second derivative of z = √(x² + y²) in x.
struct Bend;
impl Ternary for Bend {
    #[inline]
    fn value<F: Real>(x: F, y: F, z: F) -> F {
        let at = Polar::of(x, y, z);
        at.over_length(at.s * at.s)
    }
    /// (−3cs²/z², s(2c² − s²)/z²)
    fn partials<F: Scalar>(_: [bool; 3], x: F, y: F, z: F) -> [F; 3] {
        let at = Polar::of(x, y, z);
        let in_x = at.over_length(F::lit(-3.0) * at.c * at.s).chain(at.over_length(at.s));
        [in_x, at.third(at.c, at.s), F::zero()]
    }
}

/// −cs/z, the derivative of z in x and y.
struct Twist;
impl Ternary for Twist {
    #[inline]
    fn value<F: Real>(x: F, y: F, z: F) -> F {
        let at = Polar::of(x, y, z);
        -at.over_length(at.c * at.s)
    }
    /// (s(2c² − s²)/z², c(2s² − c²)/z²)
    fn partials<F: Scalar>(_: [bool; 3], x: F, y: F, z: F) -> [F; 3] {
        let at = Polar::of(x, y, z);
        [at.third(at.c, at.s), at.third(at.s, at.c), F::zero()]
    }
}

/// A point (x, y) at the distance z of the origin, with cosine and sine of its angle.
struct Polar<F> {
    x: F,
    y: F,
    z: F,
    c: F,
    s: F,
}

impl<F: Scalar> Polar<F> {
    fn of(x: F, y: F, z: F) -> Self {
        let (c, s) = (F::ternary::<Cosine>(x, y, z), F::ternary::<Cosine>(y, x, z));
        Self { x, y, z, c, s }
    }

    /// u/z, and 0 at the origin, as everything is there.
    fn over_length(&self, u: F) -> F {
        if self.z.is_normal() {
            return u / self.z;
        }
        if self.z.primal_is_zero() {
            return F::zero();
        }
        // A length that is subnormal has lost digits, and one that overflowed all.
        let scale = scale_for_squares(self.z);
        u * scale / F::binary::<Hypot>(self.x * scale, self.y * scale)
    }

    /// b(2a² − b²)/z²
    fn third(&self, a: F, b: F) -> F {
        // Next to the origin a zero stands beside an infinity on the axes.
        self.over_length(b).chain(self.over_length(F::lit(2.0) * a * a - b * b))
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
