//! The traits of `num_traits`, so that code generic over them differentiates unchanged.

use super::Var;
use crate::notation::{float_trait_methods, numeric_traits};
use crate::ops::{Comparison, rules};
use crate::scalar::Scalar;
use num_traits::{
    Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow, Signed,
    ToPrimitive, Zero,
};
use std::num::FpCategory;

numeric_traits! { ['t, F: Scalar] Var<'t, F>, F }

impl<'t, F: Scalar> Var<'t, F> {
    #[inline]
    #[track_caller]
    fn clamped(self, low: Self, high: Self) -> Self {
        self.clamp(low, high)
    }
}

/// A number to the power of a variable.
macro_rules! constant_base {
    ($($number:ty)*) => {$(
        impl<'t> Pow<Var<'t, $number>> for $number {
            type Output = Var<'t, $number>;
            #[inline]
            #[track_caller]
            fn pow(self, exponent: Var<'t, $number>) -> Var<'t, $number> {
                Var::constant(self).powf(exponent)
            }
        }
    )*};
}
constant_base! { f64 f32 }
