//! What a tape can hold: `f64`, `f32` and dual numbers of them.

pub(crate) mod call;
mod dual;
mod real;
mod sealed;

pub use dual::{Dual, DualVec};
pub use real::Real;
pub(crate) use real::{from_f64, into_f64};
pub(crate) use sealed::{Compiled, Concrete, Evaluate, Rules};

use num_traits::{Float, FloatConst, FromPrimitive};
use std::fmt::{Debug, Display};
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

/// A number that a tape can hold: `f64`, `f32`, a [`Dual`] or [`DualVec`] of a scalar, or a
/// [`Var`](crate::Var) of another tape.
///
/// The trait is sealed, because the rules of calculus rely on how these types round and on how
/// they treat zeros and infinities.
///
/// # Example: code generic over the scalar
/// ```
/// use wengert::{Scalar, Tape};
/// fn slope_of_square<F: Scalar>(x: F) -> F {
///     let tape = Tape::default();
///     let x = tape.var(x);
///     (x * x).gradients()[x]
/// }
/// assert_eq!(slope_of_square(3.0_f64), 6.0);
/// assert_eq!(slope_of_square(3.0_f32), 6.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "a tape cannot hold `{Self}`",
    label = "not a scalar",
    note = "a tape holds `f64`, `f32`, a `Dual` or `DualVec` of a scalar, or a `Var` of another tape"
)]
pub trait Scalar:
    Float
    + FloatConst
    + FromPrimitive
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Debug
    + Display
    + Default
{
    /// How the library computes with the scalar. The trait that bounds it is out of reach, so that
    /// this one is sealed; and as a type, it brings no method into the scope of generic code.
    #[doc(hidden)]
    type SealedRules: sealed::Rules<Self>;
}

impl Scalar for f64 {
    type SealedRules = Self;
}
impl Scalar for f32 {
    type SealedRules = Self;
}
