//! Functions with kinks and jumps. What they answer at a kink stands in `docs/CONVENTIONS.md`.

use super::{Binary, Form, Ternary, Unary};
use crate::scalar::{Evaluate, Real, Scalar};

/// −1, 0 or 1: unlike `signum` of floats, 0 at both zeros (and at NaN).
#[inline]
fn sign<F: Scalar>(x: F) -> F {
    if x > F::zero() {
        F::one()
    } else if x < F::zero() {
        -F::one()
    } else {
        F::zero()
    }
}

/// |x|
pub(crate) struct Abs;
impl Unary for Abs {
    const FORM: Form = Form::Inline;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.abs()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        sign(x)
    }
}

/// Connects a step function to the method of floats that has its value; between its jumps, and
/// by convention at them, its slope is the constant in the third column.
macro_rules! step_functions {
    ($($(#[$doc:meta])* $rule:ident $method:ident $slope:ident $form:ident;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $rule;
        impl Unary for $rule {
            const FORM: Form = Form::$form;
            const IS_PLAIN: bool = true;
            #[inline]
            fn value<F: Real>(x: F) -> F {
                x.$method()
            }
            #[inline]
            fn partial<F: Scalar>(_: F, _: F) -> F {
                F::$slope()
            }
        }
    )*};
}

step_functions! {
    /// 1 or −1 by the sign bit, as floats have it. PERF: recorded sweeps have one for each output.
    Signum signum zero Inline;
    /// The largest integer ≤ x
    Floor floor zero Call;
    /// The smallest integer ≥ x
    Ceil ceil zero Call;
    /// The nearest integer, halves away from zero
    Round round zero Call;
    /// The integer part
    Trunc trunc zero Call;
    /// The fractional part, x − trunc x
    Fract fract one Call;
}

/// The share of `x` in an extremum whose other candidate is `y`: 1 if `x` wins, 1/2 in a tie,
/// and 1 against a NaN, which floats ignore here.
///
/// PERF: two halves without a branch, so that several shares are computed at once.
#[inline(always)]
fn share<F: Scalar>(wins: bool, x: F, y: F) -> F {
    let has_all = wins | y.is_nan();
    let half = |holds: bool| if holds { F::lit(0.5) } else { F::zero() };
    half(has_all) + half(has_all | (x == y))
}

/// The larger of two, ignoring a NaN as floats do
pub(crate) struct Max;
impl Binary for Max {
    const FORM: Form = Form::Inline;
    /// A tie is the first one. `Float::max` leaves open which of 0 and −0 it gives, and then gives
    /// one here and the other there.
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        if y > x || x.is_nan() { y } else { x }
    }
    #[inline]
    fn left<F: Scalar>(x: F, y: F, _: F) -> F {
        share(x > y, x, y)
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, _: F) -> F {
        share(y > x, y, x)
    }
}

/// The smaller of two, ignoring a NaN as floats do
pub(crate) struct Min;
impl Binary for Min {
    const FORM: Form = Form::Inline;
    /// A tie is the first one, as of [`Max`].
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        if y < x || x.is_nan() { y } else { x }
    }
    #[inline]
    fn left<F: Scalar>(x: F, y: F, _: F) -> F {
        share(x < y, x, y)
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, _: F) -> F {
        share(y < x, y, x)
    }
}

/// x held between two bounds. At a bound the derivative is 0, as PyTorch has it.
pub(crate) struct Clamp;
impl Ternary for Clamp {
    const FORM: Form = Form::Inline;
    #[inline]
    fn value<F: Real>(x: F, low: F, high: F) -> F {
        if x < low {
            low
        } else if x > high {
            high
        } else {
            x
        }
    }
    #[inline]
    fn partials<F: Scalar>(_: [bool; 3], x: F, low: F, high: F) -> [F; 3] {
        let (zero, one) = (F::zero(), F::one());
        if x <= low {
            [zero, one, zero]
        } else if x >= high {
            [zero, zero, one]
        } else {
            [one, zero, zero]
        }
    }
}

/// |x| with the sign bit of y
pub(crate) struct Copysign;
impl Binary for Copysign {
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        x.copysign(y)
    }
    #[inline]
    fn left<F: Scalar>(x: F, y: F, _: F) -> F {
        sign(x) * y.signum()
    }
    #[inline]
    fn right<F: Scalar>(_: F, _: F, _: F) -> F {
        F::zero()
    }
}

/// max(x, 0), with slope 0 at 0, as PyTorch has it
pub(crate) struct Relu;
impl Unary for Relu {
    const FORM: Form = Form::Inline;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        if x < F::zero() { F::zero() } else { x }
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        if x > F::zero() { F::one() } else { F::zero() }
    }
}

/// x where positive, and slope · x elsewhere
pub(crate) struct LeakyRelu;
impl Binary for LeakyRelu {
    #[inline]
    fn value<F: Real>(x: F, slope: F) -> F {
        if x > F::zero() { x } else { slope * x }
    }
    #[inline]
    fn left<F: Scalar>(x: F, slope: F, _: F) -> F {
        if x > F::zero() { F::one() } else { slope }
    }
    #[inline]
    fn right<F: Scalar>(x: F, _: F, _: F) -> F {
        if x > F::zero() { F::zero() } else { x }
    }
}
