//! Sums, differences, products, quotients and remainders.

use super::{Binary, Form, Ternary, Unary};
use crate::scalar::{Real, Scalar};

/// x + y
pub(crate) struct Add;
impl Binary for Add {
    const IS_PLAIN: bool = true;
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F, y: F) -> F {
        x + y
    }
    #[inline(always)]
    fn left<F: Scalar>(_: F, _: F, _: F) -> F {
        F::one()
    }
    #[inline(always)]
    fn right<F: Scalar>(_: F, _: F, _: F) -> F {
        F::one()
    }
}

/// x − y
pub(crate) struct Sub;
impl Binary for Sub {
    const IS_PLAIN: bool = true;
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F, y: F) -> F {
        x - y
    }
    #[inline(always)]
    fn left<F: Scalar>(_: F, _: F, _: F) -> F {
        F::one()
    }
    #[inline(always)]
    fn right<F: Scalar>(_: F, _: F, _: F) -> F {
        -F::one()
    }
}

/// x · y
pub(crate) struct Mul;
impl Binary for Mul {
    const IS_PLAIN: bool = true;
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F, y: F) -> F {
        x * y
    }
    #[inline(always)]
    fn left<F: Scalar>(_: F, y: F, _: F) -> F {
        y
    }
    #[inline(always)]
    fn right<F: Scalar>(x: F, _: F, _: F) -> F {
        x
    }
}

/// x / y
pub(crate) struct Div;
impl Binary for Div {
    const IS_PLAIN: bool = true;
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F, y: F) -> F {
        x / y
    }
    #[inline(always)]
    fn left<F: Scalar>(_: F, y: F, _: F) -> F {
        y.recip()
    }
    #[inline(always)]
    fn right<F: Scalar>(_: F, y: F, z: F) -> F {
        -z / y
    }
}

/// x % y, the remainder of the quotient rounded towards zero: x − trunc(x/y)·y.
///
/// Its derivatives are those between the jumps; at a jump they are the right-hand ones of the
/// piece that the remainder belongs to.
pub(crate) struct Rem;
impl Binary for Rem {
    const IS_PLAIN: bool = true;
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        x % y
    }
    #[inline]
    fn left<F: Scalar>(_: F, _: F, _: F) -> F {
        F::one()
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, z: F) -> F {
        // trunc(x / y) would be one too large where the quotient rounds up to an integer; x − z
        // is a multiple of y, so that rounding its quotient finds the integer.
        -((x - z) / y).round()
    }
}

/// −x
pub(crate) struct Neg;
impl Unary for Neg {
    const IS_PLAIN: bool = true;
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        -x
    }
    #[inline(always)]
    fn partial<F: Scalar>(_: F, _: F) -> F {
        -F::one()
    }
}

/// 1 / x
pub(crate) struct Recip;
impl Unary for Recip {
    const IS_PLAIN: bool = true;
    const FORM: Form = Form::Inline;
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        x.recip()
    }
    #[inline(always)]
    fn partial<F: Scalar>(_: F, y: F) -> F {
        -(y * y)
    }
}

/// x · y + z, rounded once
pub(crate) struct MulAdd;
impl Ternary for MulAdd {
    const FORM: Form = Form::Inline;
    const IS_PLAIN: bool = true;
    #[inline(always)]
    fn value<F: Real>(x: F, y: F, z: F) -> F {
        x.mul_add(y, z)
    }
    #[inline(always)]
    fn partials<F: Scalar>(_: [bool; 3], x: F, y: F, _: F) -> [F; 3] {
        [y, x, F::one()]
    }
}
