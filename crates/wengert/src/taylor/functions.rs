//! The functions of series, which are those of all numbers.

use super::{Taylor, apply};
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
        let operands = [self, factor, summand];
        let operands = operands.each_ref().map(|x| x.coefficients.as_slice());
        Self::made(apply(OpKind::MulAdd, &operands))
    }

    #[track_caller]
    fn clamped(self, low: Self, high: Self) -> Self {
        assert!(low <= high, "{}", crate::Error::from(crate::error::Kind::Bounds));
        let operands = [self, low, high];
        let operands = operands.each_ref().map(|x| x.coefficients.as_slice());
        Self::made(apply(OpKind::Clamp, &operands))
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
            #[must_use]
            pub fn $method(self, other: impl Into<Self>) -> Self {
                self.binary::<rules::$rule>(other.into())
            }
        )*}
    };
}
extra_functions_of_two!(taylor_methods_of_two);
