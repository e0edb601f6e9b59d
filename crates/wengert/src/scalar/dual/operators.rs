//! The operators of dual numbers, also with plain numbers, and sums and products of many.

use super::{Dual, Evaluate, Scalar};
use crate::notation::{operators, operators_on_the_right, operators_with_integers};
use crate::ops::rules;
use num_traits::{One, Zero};
use std::iter::{Product, Sum};
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

operators! { [F: Scalar] Dual<F>, F }
operators_on_the_right! { [] f64, Dual<f64> }
operators_on_the_right! { [] f32, Dual<f32> }
operators_with_integers! { [] Dual<f64>, i32 }
operators_with_integers! { [] Dual<f32>, i16 }

impl<F: Scalar> Sum for Dual<F> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.reduce(|a, b| a + b).unwrap_or_else(Self::zero)
    }
}

impl<'a, F: Scalar> Sum<&'a Dual<F>> for Dual<F> {
    fn sum<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
        numbers.copied().sum()
    }
}

impl<F: Scalar> Product for Dual<F> {
    fn product<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.reduce(|a, b| a * b).unwrap_or_else(Self::one)
    }
}

impl<'a, F: Scalar> Product<&'a Dual<F>> for Dual<F> {
    fn product<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
        numbers.copied().product()
    }
}
