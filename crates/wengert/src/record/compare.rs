//! Equality and order of variables: those of their values, also against plain numbers.

use super::Var;
use crate::scalar::{Dual, Scalar};
use std::cmp::Ordering;

impl<F: Scalar> PartialEq for Var<'_, F> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<F: Scalar> PartialOrd for Var<'_, F> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<F: Scalar> PartialEq<F> for Var<'_, F> {
    #[inline]
    fn eq(&self, other: &F) -> bool {
        self.value == *other
    }
}

impl<F: Scalar> PartialOrd<F> for Var<'_, F> {
    #[inline]
    fn partial_cmp(&self, other: &F) -> Option<Ordering> {
        self.value.partial_cmp(other)
    }
}

/// Comparisons with the number on the left.
macro_rules! number_on_the_left {
    ([$($generics:tt)*] $number:ty) => {
        impl<$($generics)*> PartialEq<Var<'_, $number>> for $number {
            #[inline]
            fn eq(&self, other: &Var<'_, $number>) -> bool {
                *self == other.value
            }
        }
        impl<$($generics)*> PartialOrd<Var<'_, $number>> for $number {
            #[inline]
            fn partial_cmp(&self, other: &Var<'_, $number>) -> Option<Ordering> {
                self.partial_cmp(&other.value)
            }
        }
    };
}

number_on_the_left! { [] f64 }
number_on_the_left! { [] f32 }
number_on_the_left! { [F: Scalar] Dual<F> }
