//! nalgebra, by way of simba: the traits of real numbers that vectors, matrices, decompositions,
//! quaternions and isometries are written over.

use crate::record::Active;
use crate::scalar::{Dual, Real};
use num_traits::{Float, FloatConst, NumCast, One, Signed, Zero};
use simba::scalar::{ComplexField, Field, RealField, SubsetOf};
use simba::simd::{PrimitiveSimdValue, SimdValue};

/// Methods of a trait that are those of `Float`.
macro_rules! by_float {
    ($($name:ident)*) => {$(
        #[inline]
        #[track_caller]
        fn $name(self) -> Self {
            Float::$name(self)
        }
    )*};
}

/// Methods of a trait that return the number as it is, or a constant of `FloatConst`.
macro_rules! constants {
    ($($name:ident $constant:ident)*) => {$(
        #[inline]
        fn $name() -> Self {
            Self::$constant()
        }
    )*};
}

/// The numbers of a type as real numbers. In brackets the generic parameters; then the type.
macro_rules! real_field {
    ([$($generics:tt)*] $this:ty) => {
        impl<$($generics)*> PrimitiveSimdValue for $this {}

        /// One number is one lane.
        impl<$($generics)*> SimdValue for $this {
            const LANES: usize = 1;
            type Element = Self;
            type SimdBool = bool;
            #[inline]
            fn splat(number: Self) -> Self {
                number
            }
            #[inline]
            fn extract(&self, _: usize) -> Self {
                *self
            }
            #[inline]
            #[allow(unsafe_code, reason = "the trait says so; nothing unsafe is done")]
            unsafe fn extract_unchecked(&self, _: usize) -> Self {
                *self
            }
            #[inline]
            fn replace(&mut self, _: usize, number: Self) {
                *self = number;
            }
            #[inline]
            #[allow(unsafe_code, reason = "the trait says so; nothing unsafe is done")]
            unsafe fn replace_unchecked(&mut self, _: usize, number: Self) {
                *self = number;
            }
            #[inline]
            fn select(self, condition: bool, other: Self) -> Self {
                if condition { self } else { other }
            }
        }

        impl<$($generics)*> Field for $this {}

        impl<$($generics)*> SubsetOf<Self> for $this {
            #[inline]
            fn to_superset(&self) -> Self {
                *self
            }
            #[inline]
            fn from_superset_unchecked(number: &Self) -> Self {
                *number
            }
            #[inline]
            fn is_in_subset(_: &Self) -> bool {
                true
            }
        }

        real_field! { @plain f64 to_f64, [$($generics)*] $this }
        real_field! { @plain f32 to_f32, [$($generics)*] $this }

        impl<$($generics)*> ComplexField for $this {
            type RealField = Self;
            by_float! {
                floor ceil round trunc fract abs signum recip sqrt cbrt exp exp2 exp_m1 ln ln_1p
                log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh
            }
            #[inline]
            fn from_real(number: Self) -> Self {
                number
            }
            #[inline]
            fn real(self) -> Self {
                self
            }
            #[inline]
            fn imaginary(self) -> Self {
                Self::zero()
            }
            #[inline]
            fn conjugate(self) -> Self {
                self
            }
            #[inline]
            #[track_caller]
            fn modulus(self) -> Self {
                Float::abs(self)
            }
            #[inline]
            #[track_caller]
            fn modulus_squared(self) -> Self {
                self * self
            }
            #[inline]
            #[track_caller]
            fn norm1(self) -> Self {
                Float::abs(self)
            }
            #[inline]
            #[track_caller]
            fn argument(self) -> Self {
                if self >= Self::zero() { Self::zero() } else { Self::PI() }
            }
            #[inline]
            #[track_caller]
            fn to_exp(self) -> (Self, Self) {
                if self >= Self::zero() { (self, Self::one()) } else { (-self, -Self::one()) }
            }
            #[inline]
            #[track_caller]
            fn scale(self, factor: Self) -> Self {
                self * factor
            }
            #[inline]
            #[track_caller]
            fn unscale(self, factor: Self) -> Self {
                self / factor
            }
            #[inline]
            #[track_caller]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                Float::mul_add(self, factor, summand)
            }
            #[inline]
            #[track_caller]
            fn hypot(self, other: Self) -> Self {
                Float::hypot(self, other)
            }
            #[inline]
            #[track_caller]
            fn powi(self, n: i32) -> Self {
                Float::powi(self, n)
            }
            #[inline]
            #[track_caller]
            fn powf(self, exponent: Self) -> Self {
                Float::powf(self, exponent)
            }
            #[inline]
            #[track_caller]
            fn powc(self, exponent: Self) -> Self {
                Float::powf(self, exponent)
            }
            #[inline]
            #[track_caller]
            fn log(self, base: Self) -> Self {
                Float::log(self, base)
            }
            #[inline]
            #[track_caller]
            fn sin_cos(self) -> (Self, Self) {
                Float::sin_cos(self)
            }
            #[inline]
            #[track_caller]
            fn try_sqrt(self) -> Option<Self> {
                (self >= Self::zero()).then(|| Float::sqrt(self))
            }
            #[inline]
            #[track_caller]
            fn is_finite(&self) -> bool {
                Float::is_finite(*self)
            }
        }

        impl<$($generics)*> RealField for $this {
            constants! {
                pi PI two_pi TAU frac_pi_2 FRAC_PI_2 frac_pi_3 FRAC_PI_3 frac_pi_4 FRAC_PI_4
                frac_pi_6 FRAC_PI_6 frac_pi_8 FRAC_PI_8 frac_1_pi FRAC_1_PI frac_2_pi FRAC_2_PI
                frac_2_sqrt_pi FRAC_2_SQRT_PI e E log2_e LOG2_E log10_e LOG10_E ln_2 LN_2
                ln_10 LN_10
            }
            #[inline]
            #[track_caller]
            fn is_sign_positive(&self) -> bool {
                Signed::is_positive(self)
            }
            #[inline]
            #[track_caller]
            fn is_sign_negative(&self) -> bool {
                Signed::is_negative(self)
            }
            #[inline]
            #[track_caller]
            fn copysign(self, sign: Self) -> Self {
                Float::copysign(self, sign)
            }
            #[inline]
            #[track_caller]
            fn max(self, other: Self) -> Self {
                Float::max(self, other)
            }
            #[inline]
            #[track_caller]
            fn min(self, other: Self) -> Self {
                Float::min(self, other)
            }
            #[inline]
            #[track_caller]
            fn clamp(self, low: Self, high: Self) -> Self {
                Float::clamp(self, low, high)
            }
            #[inline]
            #[track_caller]
            fn atan2(self, x: Self) -> Self {
                Float::atan2(self, x)
            }
            #[inline]
            fn min_value() -> Option<Self> {
                Some(<Self as Float>::min_value())
            }
            #[inline]
            fn max_value() -> Option<Self> {
                Some(<Self as Float>::max_value())
            }
        }
    };
    // A plain number as a constant; back, the value alone.
    (@plain $number:ident $cast:ident, [$($generics:tt)*] $this:ty) => {
        impl<$($generics)*> SubsetOf<$this> for $number {
            #[inline]
            fn to_superset(&self) -> $this {
                <$this as NumCast>::from(*self).expect("a float is a constant of every float")
            }
            #[inline]
            #[track_caller]
            fn from_superset_unchecked(number: &$this) -> Self {
                num_traits::ToPrimitive::$cast(number).expect("every float has a nearest other")
            }
            #[inline]
            fn is_in_subset(_: &$this) -> bool {
                true
            }
        }
    };
}
real_field! { [F: Real] Active<F> }
real_field! { [F: Real] Dual<F> }
