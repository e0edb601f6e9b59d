//! The traits of `num_traits`, for numbers without a lifetime.

use super::Active;
use crate::notation::{float_trait_methods, numeric_traits};
use crate::ops::{Comparison, rules};
use crate::scalar::Real;
use num_traits::{
    Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow, Signed,
    ToPrimitive, Zero,
};
use std::num::FpCategory;

numeric_traits! { [F: Real] Active<F>, F }

impl<F: Real> Active<F> {
    #[inline]
    #[track_caller]
    fn clamped(self, low: Self, high: Self) -> Self {
        self.clamp(low, high)
    }
}

/// A number to the power of a variable.
macro_rules! constant_base {
    ($($number:ty)*) => {$(
        impl Pow<Active<$number>> for $number {
            type Output = Active<$number>;
            #[inline]
            #[track_caller]
            fn pow(self, exponent: Active<$number>) -> Active<$number> {
                Active::constant(self).powf(exponent)
            }
        }
    )*};
}
constant_base! { f64 f32 }
