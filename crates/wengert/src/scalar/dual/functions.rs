//! The functions of dual numbers: those of variables, by the same rules.

use super::{Dual, DualVec, Evaluate, Scalar};
use crate::notation::{
    extra_functions, extra_functions_of_two, float_trait_methods, numeric_traits,
};
use crate::ops::{Comparison, rules};
use num_traits::{
    Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow, Signed,
    ToPrimitive, Zero,
};
use std::num::FpCategory;

/// What [`numeric_traits`] wants of a type. In brackets the generic parameters, then the type.
macro_rules! ground {
    ([$($generics:tt)*] $this:ty) => {
        impl<$($generics)*> $this {
            /// The value, for a question about it.
            #[inline]
            fn asked(&self, _: Comparison) -> F {
                self.value
            }

            fn fused(self, factor: Self, summand: Self) -> Self {
                Self::ternary::<rules::MulAdd>(self, factor, summand)
            }

            #[track_caller]
            fn clamped(self, low: Self, high: Self) -> Self {
                assert!(
                    low.value <= high.value,
                    "{}",
                    crate::Error::from(crate::error::Kind::Bounds)
                );
                Self::ternary::<rules::Clamp>(self, low, high)
            }
        }
    };
}
ground! { [F: Scalar] Dual<F> }
ground! { [F: Scalar, const N: usize] DualVec<F, N> }
numeric_traits! { [F: Scalar] Dual<F>, F }
numeric_traits! { [F: Scalar, const N: usize] DualVec<F, N>, F }

/// Makes a method of each line of the table. First the generic parameters and the type; then, for
/// the example, how a variable is made, what follows its value, and how its derivative is read.
macro_rules! dual_methods {
    (
        [$($generics:tt)*] $this:ty, $make:literal $position:literal $read:literal;
        $($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*
    ) => {
        /// Functions that `num_traits::Float` does not have.
        impl<$($generics)*> $this {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            #[doc = concat!("let y = wengert::", $make, "::variable(", stringify!($at), $position, ").", stringify!($method), "();")]
            #[doc = concat!("assert!((y.value - ", stringify!($value), ").abs() < 1e-15);")]
            #[doc = concat!("assert!((", $read, " - ", stringify!($slope), ").abs() < 1e-15);")]
            /// ```
            #[inline]
            #[must_use]
            pub fn $method(self) -> Self {
                Self::unary::<rules::$rule>(self)
            }
        )*}
    };
}
extra_functions! { dual_methods [F: Scalar] Dual<F>, "Dual::<f64>" "" "y.tangent"; }
extra_functions! {
    dual_methods [F: Scalar, const N: usize] DualVec<F, N>,
    "dual::DualVec::<f64, 1>" ", 0" "y.tangents[0]";
}

/// Makes a method of each line of the table of functions of two variables, in the same way.
macro_rules! dual_methods_of_two {
    (
        [$($generics:tt)*] $this:ty, $make:literal $position:literal $read:literal;
        $(
            $(#[$doc:meta])* $method:ident $rule:ident:
            ($x:expr, $y:expr) => $value:expr, ($left:expr, $right:expr);
        )*
    ) => {
        /// Functions of two variables that `num_traits::Float` does not have.
        impl<$($generics)*> $this {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            #[doc = concat!("let x = wengert::", $make, "::variable(", stringify!($x), $position, ");")]
            #[doc = concat!("let z = x.", stringify!($method), "(", stringify!($y), ");")]
            #[doc = concat!("assert!((z.value - ", stringify!($value), ").abs() < 1e-15 * z.value.abs());")]
            #[doc = concat!("assert!((", $read, " - ", stringify!($left), ").abs() < 1e-15);")]
            /// ```
            #[inline]
            #[must_use]
            pub fn $method(self, other: impl Into<Self>) -> Self {
                Self::binary::<rules::$rule>(self, other.into())
            }
        )*}
    };
}
extra_functions_of_two! { dual_methods_of_two [F: Scalar] Dual<F>, "Dual::<f64>" "" "z.tangent"; }
extra_functions_of_two! {
    dual_methods_of_two [F: Scalar, const N: usize] DualVec<F, N>,
    "dual::DualVec::<f64, 1>" ", 0" "z.tangents[0]";
}

/// The one function of three variables.
macro_rules! dual_beta_inc {
    ([$($generics:tt)*] $this:ty, $make:literal $position:literal $read:literal) => {
        impl<$($generics)*> $this {
            /// The regularised incomplete beta function, as [`Var::beta_inc`](crate::Var::beta_inc).
            ///
            /// # Example
            /// ```
            #[doc = concat!("let y = wengert::", $make, "::variable(0.5", $position, ").beta_inc(2.0, 3.0);")]
            #[doc = concat!("assert_eq!((y.value, ", $read, "), (0.6875, 1.5));")]
            /// ```
            #[must_use]
            pub fn beta_inc(self, a: impl Into<Self>, b: impl Into<Self>) -> Self {
                Self::ternary::<rules::BetaInc>(self, a.into(), b.into())
            }
        }
    };
}
dual_beta_inc! { [F: Scalar] Dual<F>, "Dual::<f64>" "" "y.tangent" }
dual_beta_inc! {
    [F: Scalar, const N: usize] DualVec<F, N>, "dual::DualVec::<f64, 1>" ", 0" "y.tangents[0]"
}
