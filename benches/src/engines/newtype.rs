//! Operators for a wrapper around an engine's number.
//!
//! Neither the engines' numbers nor `Real` are defined in this package, so each
//! engine needs a type of its own to bring them together. Its operators only
//! forward to those of the number inside, and are inlined whatever the compiler
//! thinks of it: a call of the wrapper would be charged to the engine.

/// Forwards the arithmetic operators of a tuple struct to its only field, with
/// a wrapped number and with an `f64` on the right.
macro_rules! forward_operators {
    ($number:ty) => {
        // Each row is an operator's trait and its method.
        forward_operators! { $number: Add add }
        forward_operators! { $number: Sub sub }
        forward_operators! { $number: Mul mul }
        forward_operators! { $number: Div div }

        impl std::ops::Neg for $number {
            type Output = Self;

            #[inline(always)]
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
    };
    ($number:ty: $operator:ident $method:ident) => {
        impl std::ops::$operator for $number {
            type Output = Self;

            #[inline(always)]
            fn $method(self, right: Self) -> Self {
                Self(std::ops::$operator::$method(self.0, right.0))
            }
        }

        impl std::ops::$operator<f64> for $number {
            type Output = Self;

            #[inline(always)]
            fn $method(self, right: f64) -> Self {
                Self(std::ops::$operator::$method(self.0, right))
            }
        }
    };
}

/// Forwards functions of one number to the methods of that name of the field.
macro_rules! forward_functions {
    ($($function:ident)*) => {$(
        #[inline(always)]
        fn $function(self) -> Self {
            Self(self.0.$function())
        }
    )*};
}
