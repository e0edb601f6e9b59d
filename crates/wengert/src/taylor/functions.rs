//! The functions of series, which are those of all numbers.

use super::Taylor;
use crate::notation::{
    extra_functions, extra_functions_of_two, float_trait_methods, numeric_traits,
};
use crate::ops::{Comparison, OpKind, rules};
use crate::scalar::{Evaluate, Real};
use num_traits::{
    Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow, Signed,
    ToPrimitive, Zero,
};
use std::num::FpCategory;

impl<const N: usize, F: Real> Taylor<N, F> {
    fn power(self, n: i32) -> Self {
        self.binary::<rules::Pow>(Self::constant(F::lit(n.into())))
    }

    fn fused(self, factor: Self, summand: Self) -> Self {
        Self::of(OpKind::MulAdd, &[self, factor, summand])
    }

    #[track_caller]
    fn clamped(self, low: Self, high: Self) -> Self {
        assert!(low <= high, "{}", crate::Error::from(crate::error::Kind::Bounds));
        Self::of(OpKind::Clamp, &[self, low, high])
    }

    fn asked(&self, _: Comparison) -> F {
        self.value()
    }
}

numeric_traits! { [const N: usize, F: Real] Taylor<N, F>, F }

/// Makes a method of each line of the table.
macro_rules! taylor_methods {
    ($($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*) => {
        /// Functions that `num_traits::Float` does not have.
        impl<const N: usize, F: Real> Taylor<N, F> {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            #[doc = concat!("let y = wengert::Taylor::<2>::variable(", stringify!($at), ").", stringify!($method), "();")]
            #[doc = concat!("assert!((y.value() - ", stringify!($value), ").abs() < 1e-15);")]
            #[doc = concat!("assert!((y.derivative(1) - ", stringify!($slope), ").abs() < 1e-15);")]
            /// ```
            #[must_use]
            pub fn $method(self) -> Self {
                self.unary::<rules::$rule>()
            }
        )*}
    };
}
extra_functions!(taylor_methods);

/// What the documentation says of a function that not all series have.
macro_rules! panics_of {
    (GammaP) => {
        "\n# Panics\nIf `other` varies: in the parameter there is no recurrence. `Dual` numbers within \
         each other have derivatives in it, up to the third."
    };
    (GammaQ) => {
        "\n# Panics\nAs [`gamma_p`](Self::gamma_p)."
    };
    ($rule:ident) => {
        ""
    };
}

/// Makes a method of each line of the table of functions of two variables.
macro_rules! taylor_methods_of_two {
    ($(
        $(#[$doc:meta])* $method:ident $rule:ident:
        ($x:expr, $y:expr) => $value:expr, ($left:expr, $right:expr);
    )*) => {
        /// Functions of two variables that `num_traits::Float` does not have.
        impl<const N: usize, F: Real> Taylor<N, F> {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            /// use wengert::Taylor;
            #[doc = concat!("let (x, y) = (Taylor::<2>::variable(", stringify!($x), "), Taylor::constant(", stringify!($y), "));")]
            #[doc = concat!("let z = x.", stringify!($method), "(y);")]
            #[doc = concat!("assert!((z.value() - ", stringify!($value), ").abs() <= 1e-15 * z.value().abs());")]
            #[doc = concat!("assert!((z.derivative(1) - ", stringify!($left), ").abs() < 1e-14);")]
            /// ```
            #[doc = panics_of!($rule)]
            #[must_use]
            #[track_caller]
            pub fn $method(self, other: impl Into<Self>) -> Self {
                self.binary::<rules::$rule>(other.into())
            }
        )*}
    };
}
extra_functions_of_two!(taylor_methods_of_two);

impl<const N: usize, F: Real> Taylor<N, F> {
    /// The regularised incomplete beta function, as [`Var::beta_inc`](crate::Var::beta_inc).
    ///
    /// # Panics
    /// If a parameter varies: as [`gamma_p`](Self::gamma_p).
    ///
    /// # Example
    /// ```
    /// let y = wengert::Taylor::<2>::variable(0.5).beta_inc(2.0, 3.0);
    /// assert!((y.value() - 0.6875).abs() < 1e-15);
    /// assert!((y.derivative(1) - 1.5).abs() < 1e-14);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn beta_inc(self, a: impl Into<Self>, b: impl Into<Self>) -> Self {
        Self::of(OpKind::BetaInc, &[self, a.into(), b.into()])
    }
}
