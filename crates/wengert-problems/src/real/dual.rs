//! A dual number is a real number that carries its tangents: forward mode, to hold gradients
//! against, and to compute the partial derivatives of a part that becomes one node.

use num_traits::Float;
use wengert::{Dual, dual::DualVec};

use super::Real;

/// Dual numbers of one direction and of several compute alike.
macro_rules! dual {
    ([$($generics:tt)*] $this:ty) => {
        impl<$($generics)*> Real for $this {
            #[inline]
            fn value(self) -> f64 {
                self.value
            }

            #[inline]
            fn constant(self, value: f64) -> Self {
                Self::constant(value)
            }

            #[inline]
            fn recip(self) -> Self {
                Float::recip(self)
            }

            #[inline]
            fn sqrt(self) -> Self {
                Float::sqrt(self)
            }

            #[inline]
            fn sin(self) -> Self {
                Float::sin(self)
            }

            #[inline]
            fn cos(self) -> Self {
                Float::cos(self)
            }

            #[inline]
            fn exp(self) -> Self {
                Float::exp(self)
            }

            #[inline]
            fn ln(self) -> Self {
                Float::ln(self)
            }

            #[inline]
            fn tanh(self) -> Self {
                Float::tanh(self)
            }
        }
    };
}
dual! { [] Dual }
dual! { [const N: usize] DualVec<f64, N> }
