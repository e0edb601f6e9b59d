//! Functions of an angle in radians, and their inverses.

use super::{Binary, Form, Unary, vectorised};
use crate::scalar::{Evaluate, Real, Scalar, from_f64, into_f64};
use crate::vector;

/// sin x
pub(crate) struct Sin;
impl Unary for Sin {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.sin()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        x.cos()
    }
    vectorised! { values vector::sin }
    vectorised! { slopes vector::cos }
}

/// cos x
pub(crate) struct Cos;
impl Unary for Cos {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.cos()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        -x.sin()
    }
    vectorised! { values vector::cos }
    #[inline(always)]
    fn slopes<F: Real, const W: usize>(x: [F; W], _: [F; W]) -> [F; W] {
        let mut slopes: [F; W] = from_f64(vector::sin(into_f64(x)));
        for slope in &mut slopes {
            *slope = -*slope;
        }
        slopes
    }
}

/// tan x
pub(crate) struct Tan;
impl Unary for Tan {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.tan()
    }
    #[inline]
    fn partial<F: Scalar>(_: F, y: F) -> F {
        F::one() + y * y
    }
    vectorised! { values vector::tan }
}

/// arcsin x
pub(crate) struct Asin;
impl Unary for Asin {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.asin()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        one_minus_square(x).sqrt().recip()
    }
    vectorised! { values vector::asin }
}

/// arccos x
pub(crate) struct Acos;
impl Unary for Acos {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.acos()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        -one_minus_square(x).sqrt().recip()
    }
    vectorised! { values vector::acos }
}

/// 1 − x²
pub(super) fn one_minus_square<F: Scalar>(x: F) -> F {
    F::unary::<OneMinusSquare>(x)
}

/// 1 − x², as a product because each factor is exact near its zero. A rule of its own because the
/// derivative of the product, (1 − x) − (1 + x), cancels near 0.
struct OneMinusSquare;
impl Unary for OneMinusSquare {
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        (F::one() - x) * (F::one() + x)
    }
    #[inline(always)]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        -(x + x)
    }
}

/// arctan x
pub(crate) struct Atan;
impl Unary for Atan {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.atan()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        // Beyond 10¹⁰ the 1 is below half a unit in the last place, and x² might overflow.
        if x.abs() > F::lit(1e10) { x.recip() / x } else { (F::one() + x * x).recip() }
    }
    vectorised! { values vector::atan }
}

/// The angle of the point (x, y), written atan2(y, x) as everywhere
pub(crate) struct Atan2;
impl Binary for Atan2 {
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(y: F, x: F) -> F {
        y.atan2(x)
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        from_f64(vector::atan2(into_f64(x), into_f64(y)))
    }
    /// x / (x² + y²)
    #[inline]
    fn left<F: Scalar>(y: F, x: F, _: F) -> F {
        F::binary::<OverSquaredLength>(x, y)
    }
    /// −y / (x² + y²)
    #[inline]
    fn right<F: Scalar>(y: F, x: F, _: F) -> F {
        -F::binary::<OverSquaredLength>(y, x)
    }
}

/// u / (u² + v²), and 0 at the origin as PyTorch has it. Infinitely far out it is 0, the limit.
struct OverSquaredLength;
impl Binary for OverSquaredLength {
    #[inline]
    fn value<F: Real>(u: F, v: F) -> F {
        let squared = u * u + v * v;
        if squared.is_normal() {
            return u / squared;
        }
        let (scale, length) = scaled_length(u, v);
        if length.is_zero() || length.is_infinite() {
            return F::zero();
        }
        (u * scale / length) / length * scale
    }
    /// (v − u)(v + u)/(u² + v²)², whose factors are exact where u and v are nearly equal.
    #[inline]
    fn left<F: Scalar>(u: F, v: F, _: F) -> F {
        over_squares(u, v, |u, v| (v - u, v + u))
    }
    /// −2uv/(u² + v²)²
    #[inline]
    fn right<F: Scalar>(u: F, v: F, _: F) -> F {
        over_squares(u, v, |u, v| (-(u + u), v))
    }
}

/// The product of two numbers of the size of u and v, over (u² + v²)².
fn over_squares<F: Scalar>(u: F, v: F, factors: impl Fn(F, F) -> (F, F)) -> F {
    let squared = u * u + v * v;
    if squared.is_normal() {
        let (a, b) = factors(u, v);
        return (a / squared) * (b / squared);
    }
    let (scale, length) = scaled_length(u, v);
    if length.primal_is_zero() || length.is_infinite() {
        return F::zero();
    }
    let (a, b) = factors(u * scale / length, v * scale / length);
    // One may be 0 where the other overflows.
    (a / length * scale).chain(b / length * scale)
}

/// √(u² + v²) of the numbers times a scale with which it is finite.
fn scaled_length<F: Scalar>(u: F, v: F) -> (F, F) {
    // A quarter of the largest numbers has a finite length.
    let scale = if u.abs().max(v.abs()) > F::one() { F::lit(0.25) } else { F::one() };
    (scale, (u * scale).hypot(v * scale))
}
