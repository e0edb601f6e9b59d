//! One trait for all numbers, so that a model is written once.

mod lists;

use crate::error::{Error, expect};
use crate::notation::{extra_functions, extra_functions_of_two};
use crate::operation::{Called, Operation};
use crate::ops::rules;
use crate::record::{Active, Var};
use crate::scalar::{Dual, DualVec, Evaluate, Real, Scalar};
use num_traits::{Float, FloatConst, NumAssignOps};
use std::fmt::{Debug, Display};
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Rem, Sub, SubAssign};
use std::sync::Arc;

/// Declares the methods of a table.
macro_rules! declare {
    ($($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        fn $method(self) -> Self;
    )*};
}

/// Declares the methods of the table of functions of two variables.
macro_rules! declare_of_two {
    ($(
        $(#[$doc:meta])* $method:ident $rule:ident:
        ($x:expr, $y:expr) => $value:expr, ($left:expr, $right:expr);
    )*) => {$(
        $(#[$doc])*
        #[must_use]
        fn $method(self, other: Self) -> Self;
    )*};
}

/// What every number can do: `f64` (and `f32`, as `Number<f32>`), [`Dual`], [`DualVec`], [`Var`]
/// and [`Active`]. A model that is generic over it is written once, evaluated in plain floats at full
/// speed, and differentiated in every way.
///
/// It has what `num_traits::Float` has, with no need to import that; arithmetic with plain numbers
/// on the right; and the functions below. The trait is sealed.
///
/// A plain number on the left, `2.0 * x`, cannot be promised by a trait of Rust's: write
/// `x * 2.0`, or [`T::lit(2.0)`](Number::lit) where the order matters.
///
/// # Example: one model, evaluated and differentiated
/// ```
/// use wengert::{Active, Dual, Number, active, gradient};
///
/// fn loss<T: Number>(w: &[T]) -> T {
///     let residual = w[0].softplus() * 3.0 - w[1];
///     T::squared_norm(&[residual, w[0] * 0.1]) + T::lit(1.0)
/// }
///
/// let point = [0.5, 2.0];
/// let value = loss(&point);
/// let reverse = gradient(|w| loss(w), &point);
/// assert_eq!(gradient(active(loss::<Active>), &point), reverse);
/// let dual: Dual = loss(&[Dual::variable(0.5), Dual::constant(2.0)]);
/// assert_eq!(dual.value, value);
/// assert!((dual.tangent - reverse[0]).abs() < 1e-14);
/// ```
pub trait Number<F: Scalar = f64>:
    Float
    + FloatConst
    + NumAssignOps
    + Add<F, Output = Self>
    + Sub<F, Output = Self>
    + Mul<F, Output = Self>
    + Div<F, Output = Self>
    + Rem<F, Output = Self>
    + AddAssign<F>
    + SubAssign<F>
    + MulAssign<F>
    + DivAssign<F>
    + Sum
    + Product
    + Debug
    + Display
    + Default
    + sealed::Sealed
{
    /// A plain number as a constant.
    fn lit(number: F) -> Self;

    extra_functions! { declare }
    extra_functions_of_two! { declare_of_two }

    /// x where positive, slope·x elsewhere: see [`Var::leaky_relu`].
    #[must_use]
    fn leaky_relu(self, slope: Self) -> Self;

    /// Σ xᵢ / n; NaN for no operands.
    fn mean(xs: &[Self]) -> Self;
    /// Σ xᵢ·yᵢ; panics if the lengths differ.
    fn dot(xs: &[Self], ys: &[Self]) -> Self;
    /// Σ xᵢ².
    fn squared_norm(xs: &[Self]) -> Self;
    /// √Σ xᵢ² without overflow; derivatives 0 at the origin.
    fn norm(xs: &[Self]) -> Self;
    /// ln Σ e^xᵢ without overflow.
    fn log_sum_exp(xs: &[Self]) -> Self;
    /// Σ cᵢ·xᵢ with constant coefficients; panics if the lengths differ.
    fn linear_combination(coefficients: &[F], xs: &[Self]) -> Self;
    /// Σ cₖ·xᵏ with constant coefficients, the lowest power first.
    #[must_use]
    fn polynomial(self, coefficients: &[F]) -> Self;
    /// Σ cₖ·xᵏ, the lowest power first.
    #[must_use]
    fn horner(self, coefficients: &[Self]) -> Self;

    /// The outputs of an operation of one's own at `xs`, recorded as one operation: see
    /// [`Operation`].
    ///
    /// # Panics
    /// Where [`Number::try_call`] gives an error.
    #[track_caller]
    fn call(operation: &Arc<dyn Operation>, xs: &[Self]) -> Vec<Self> {
        expect(Self::try_call(operation, xs))
    }

    /// The outputs of an operation of one's own at `xs`, or why there are none.
    ///
    /// # Errors
    /// If the operation has no value there, if it takes another number of inputs, if variables
    /// belong to different tapes or the tape is full; of dual numbers, if it does not give the
    /// derivative.
    #[track_caller]
    fn try_call(operation: &Arc<dyn Operation>, xs: &[Self]) -> Result<Vec<Self>, Error> {
        Self::call_of(Called::new(operation, xs.len())?, xs)
    }

    /// `a` where x < y, and `b` elsewhere, decided anew at every evaluation of a recording: see
    /// [`select`](crate::select).
    #[must_use]
    fn select_less(self, y: Self, a: Self, b: Self) -> Self;
    /// `a` where x ≤ y, and `b` elsewhere: see [`Number::select_less`].
    #[must_use]
    fn select_less_or_equal(self, y: Self, a: Self, b: Self) -> Self;
    /// `a` where x = y, and `b` elsewhere: see [`Number::select_less`].
    #[must_use]
    fn select_equal(self, y: Self, a: Self, b: Self) -> Self;
}

mod sealed {
    use crate::error::Error;
    use crate::operation::Called;

    pub trait Sealed: Sized {
        /// The outputs of what is called.
        fn call_of(called: Called, xs: &[Self]) -> Result<Vec<Self>, Error>;
    }
}

/// Defines the methods of a table.
macro_rules! define {
    ($($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*) => {$(
        #[inline]
        #[track_caller]
        fn $method(self) -> Self {
            Self::unary::<rules::$rule>(self)
        }
    )*};
}

/// Defines the methods of the table of functions of two variables.
macro_rules! define_of_two {
    ($(
        $(#[$doc:meta])* $method:ident $rule:ident:
        ($x:expr, $y:expr) => $value:expr, ($left:expr, $right:expr);
    )*) => {$(
        #[inline]
        #[track_caller]
        fn $method(self, other: Self) -> Self {
            Self::binary::<rules::$rule>(self, other)
        }
    )*};
}

/// Methods that hand on to functions of a list of arguments.
macro_rules! by {
    ($($name:ident($($argument:ident: $type:ty),*) = $function:expr;)*) => {$(
        #[inline]
        #[track_caller]
        fn $name($($argument: $type),*) -> Self {
            $function($($argument),*)
        }
    )*};
}

/// The trait for a type that has `unary` and `binary`, and functions of lists in `$lists`.
macro_rules! number {
    ([$($generics:tt)*] $this:ty, $number:ty, $lit:expr, $lists:ty) => {
        impl<$($generics)*> sealed::Sealed for $this {
            #[track_caller]
            fn call_of(called: Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
                <$lists>::try_call_of(called, xs)
            }
        }
        impl<$($generics)*> Number<$number> for $this {
            extra_functions! { define }
            extra_functions_of_two! { define_of_two }
            by! {
                lit(number: $number) = $lit;
                mean(xs: &[Self]) = <$lists>::mean;
                dot(xs: &[Self], ys: &[Self]) = <$lists>::dot;
                squared_norm(xs: &[Self]) = <$lists>::squared_norm;
                norm(xs: &[Self]) = <$lists>::norm;
                log_sum_exp(xs: &[Self]) = <$lists>::log_sum_exp;
                linear_combination(c: &[$number], xs: &[Self]) = <$lists>::linear_combination;
            }
            #[inline]
            #[track_caller]
            fn leaky_relu(self, slope: Self) -> Self {
                Self::binary::<rules::LeakyRelu>(self, slope)
            }
            #[inline]
            #[track_caller]
            fn polynomial(self, coefficients: &[$number]) -> Self {
                <$lists>::polynomial(self, coefficients)
            }
            #[inline]
            #[track_caller]
            fn horner(self, coefficients: &[Self]) -> Self {
                <$lists>::horner(self, coefficients)
            }
            #[inline]
            #[track_caller]
            fn select_less(self, y: Self, a: Self, b: Self) -> Self {
                <$lists>::nary::<rules::SelectLess>(&[self, y, a, b], &[])
            }
            #[inline]
            #[track_caller]
            fn select_less_or_equal(self, y: Self, a: Self, b: Self) -> Self {
                <$lists>::nary::<rules::SelectLessOrEqual>(&[self, y, a, b], &[])
            }
            #[inline]
            #[track_caller]
            fn select_equal(self, y: Self, a: Self, b: Self) -> Self {
                <$lists>::nary::<rules::SelectEqual>(&[self, y, a, b], &[])
            }
        }
    };
}
number! { [] f64, f64, std::convert::identity, lists::Plain<f64> }
number! { [] f32, f32, std::convert::identity, lists::Plain<f32> }
number! { [F: Scalar] Dual<F>, F, Self::constant, lists::Plain<Self, F> }
number! { [F: Scalar, const N: usize] DualVec<F, N>, F, Self::constant, lists::Plain<Self, F> }
number! { ['t, F: Scalar] Var<'t, F>, F, Self::constant, Self }
number! { [F: Real] Active<F>, F, Self::constant, Self }
