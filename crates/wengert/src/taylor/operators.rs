//! The operators of series, also with plain numbers.

use super::Taylor;
use crate::notation::{operators, operators_on_the_right};
use crate::ops::{kind_of, rules};
use crate::scalar::Real;
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

impl<const N: usize, F: Real> Taylor<N, F> {
    pub(super) fn unary<R: 'static>(self) -> Self {
        Self::of(kind_of::<R>(), &[self])
    }

    #[track_caller]
    pub(super) fn binary<R: 'static>(self, other: Self) -> Self {
        Self::of(kind_of::<R>(), &[self, other])
    }
}

operators! { [const N: usize, F: Real] Taylor<N, F>, F }
operators_on_the_right! { [const N: usize] f64, Taylor<N, f64> }
operators_on_the_right! { [const N: usize] f32, Taylor<N, f32> }
