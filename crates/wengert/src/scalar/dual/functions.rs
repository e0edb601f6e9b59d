//! The functions of dual numbers: those of variables, by the same rules.

use super::{Dual, Evaluate, Scalar};
use crate::notation::{
    extra_functions, extra_functions_of_two, float_trait_methods, numeric_traits,
};
use crate::ops::{Comparison, rules};
use num_traits::{
    Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow, Signed,
    ToPrimitive, Zero,
};
use std::num::FpCategory;

impl<F: Scalar> Dual<F> {
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
        assert!(low.value <= high.value, "{}", crate::Error::from(crate::error::Kind::Bounds));
        Self::ternary::<rules::Clamp>(self, low, high)
    }
}

numeric_traits! { [F: Scalar] Dual<F>, F }

/// Makes a method of each line of the table.
macro_rules! dual_methods {
    ($($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*) => {
        /// Functions that `num_traits::Float` does not have.
        impl<F: Scalar> Dual<F> {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            #[doc = concat!("let y = wengert::Dual::<f64>::variable(", stringify!($at), ").", stringify!($method), "();")]
            #[doc = concat!("assert!((y.value - ", stringify!($value), ").abs() < 1e-15);")]
            #[doc = concat!("assert!((y.tangent - ", stringify!($slope), ").abs() < 1e-15);")]
            /// ```
            #[inline]
            #[must_use]
            pub fn $method(self) -> Self {
                Self::unary::<rules::$rule>(self)
            }
        )*}
    };
}
extra_functions!(dual_methods);

/// Makes a method of each line of the table of functions of two variables.
macro_rules! dual_methods_of_two {
    ($(
        $(#[$doc:meta])* $method:ident $rule:ident:
        ($x:expr, $y:expr) => $value:expr, ($left:expr, $right:expr);
    )*) => {
        /// Functions of two variables that `num_traits::Float` does not have.
        impl<F: Scalar> Dual<F> {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            /// use wengert::Dual;
            #[doc = concat!("let (x, y): (Dual, Dual) = (Dual::variable(", stringify!($x), "), Dual::constant(", stringify!($y), "));")]
            #[doc = concat!("let z = x.", stringify!($method), "(y);")]
            #[doc = concat!("assert!((z.value - ", stringify!($value), ").abs() < 1e-15 * z.value.abs());")]
            #[doc = concat!("assert!((z.tangent - ", stringify!($left), ").abs() < 1e-15);")]
            /// ```
            #[inline]
            #[must_use]
            pub fn $method(self, other: impl Into<Self>) -> Self {
                Self::binary::<rules::$rule>(self, other.into())
            }
        )*}
    };
}
extra_functions_of_two!(dual_methods_of_two);

impl<F: Scalar> Dual<F> {
    /// The regularised incomplete beta function, as [`Var::beta_inc`](crate::Var::beta_inc).
    ///
    /// # Example
    /// ```
    /// let y = wengert::Dual::<f64>::variable(0.5).beta_inc(2.0, 3.0);
    /// assert_eq!((y.value, y.tangent), (0.6875, 1.5));
    /// ```
    #[must_use]
    pub fn beta_inc(self, a: impl Into<Self>, b: impl Into<Self>) -> Self {
        Self::ternary::<rules::BetaInc>(self, a.into(), b.into())
    }
}
