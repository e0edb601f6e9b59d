//! The operators of dual numbers, also with plain numbers, and sums and products of many.

use super::{Dual, DualVec, Evaluate, Scalar};
use crate::notation::{operators, operators_on_the_right, operators_with_integers};
use crate::ops::rules;
use num_traits::{One, Zero};
use std::iter::{Product, Sum};
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

operators! { [F: Scalar] Dual<F>, F }
operators! { [F: Scalar, const N: usize] DualVec<F, N>, F }
operators_on_the_right! { [] f64, Dual<f64> }
operators_on_the_right! { [] f32, Dual<f32> }
operators_with_integers! { [] Dual<f64>, i32 }
operators_with_integers! { [] Dual<f32>, i16 }
operators_on_the_right! { [const N: usize] f64, DualVec<f64, N> }
operators_on_the_right! { [const N: usize] f32, DualVec<f32, N> }
operators_with_integers! { [const N: usize] DualVec<f64, N>, i32 }
operators_with_integers! { [const N: usize] DualVec<f32, N>, i16 }

/// Sums and products of many. In brackets the generic parameters, then the type.
macro_rules! folds {
    ([$($generics:tt)*] $this:ty) => {
        impl<$($generics)*> Sum for $this {
            fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
                numbers.reduce(|a, b| a + b).unwrap_or_else(Self::zero)
            }
        }

        impl<'a, $($generics)*> Sum<&'a $this> for $this {
            fn sum<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
                numbers.copied().sum()
            }
        }

        impl<$($generics)*> Product for $this {
            fn product<I: Iterator<Item = Self>>(numbers: I) -> Self {
                numbers.reduce(|a, b| a * b).unwrap_or_else(Self::one)
            }
        }

        impl<'a, $($generics)*> Product<&'a $this> for $this {
            fn product<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
                numbers.copied().product()
            }
        }
    };
}
folds! { [F: Scalar] Dual<F> }
folds! { [F: Scalar, const N: usize] DualVec<F, N> }
