//! What a tape can hold: `f64`, `f32` and dual numbers of them.

mod dual;
mod real;

pub use dual::Dual;
pub use real::Real;
pub(crate) use real::{from_f64, into_f64};

use crate::ops::{Binary, Ternary, Unary};
use num_traits::{Float, FloatConst, FromPrimitive};
use std::fmt::{Debug, Display};
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

/// A number that a tape can hold: `f64`, `f32`, or a [`Dual`] of one of them.
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
    + sealed::Evaluate
    + 'static
{
}

impl Scalar for f64 {}
impl Scalar for f32 {}
impl<F: Scalar> Scalar for Dual<F> {}

pub(crate) mod sealed {
    use super::{Binary, Ternary, Unary};

    /// How a scalar computes: what the sweeps and the rules need beyond `Float`.
    pub trait Evaluate: Sized {
        /// The scalar nearest to `c`; a constant where the scalar carries a tangent.
        fn lit(c: f64) -> Self;
        /// f(x) by the rule `R`.
        fn unary<R: Unary>(x: Self) -> Self;
        /// f(x, y) by the rule `R`.
        fn binary<R: Binary>(x: Self, y: Self) -> Self;
        /// f(x, y, z) by the rule `R`.
        fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self;
        /// xⁿ with an integer n.
        fn power(x: Self, n: i32) -> Self;
        /// The derivative of order n + 1 of ln Γ.
        fn polygamma(n: u32, x: Self) -> Self;
        /// Whether the number itself, apart from any tangent, is a zero.
        fn primal_is_zero(&self) -> bool;
        /// Whether all of it is zero, so that as an adjoint it has nothing to pass on.
        fn is_all_zero(&self) -> bool;
        /// Whether it is finite and not zero: then the chain rule is a plain product.
        fn is_ordinary(&self) -> bool;
        /// The chain rule's product of a flowing derivative (adjoint or tangent) `self` and a
        /// local `partial`, with 0 · ∞ = 0. A zero derivative passes nothing on whatever the
        /// partial; a zero partial stops all but NaN.
        fn chain(self, partial: Self) -> Self;
    }
}
