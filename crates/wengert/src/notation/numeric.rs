//! The traits of `num_traits`.

/// Implements the traits for a type that has the constructor `constant`; `unary`, `binary`,
/// `power` and `fused`, which apply a rule; and `asked`, the value for a question about it. In
/// brackets the generic parameters; then the type, and its number.
macro_rules! numeric_traits {
    ([$($generics:tt)*] $this:ty, $number:ty) => {
        impl<$($generics)*> Zero for $this {
            #[inline]
            fn zero() -> Self {
                Self::constant(<$number>::zero())
            }
            #[inline]
            #[track_caller]
            fn is_zero(&self) -> bool {
                self.asked(Comparison::IsZero).is_zero()
            }
        }

        impl<$($generics)*> One for $this {
            #[inline]
            fn one() -> Self {
                Self::constant(<$number>::one())
            }
            #[inline]
            #[track_caller]
            fn is_one(&self) -> bool {
                *self == Self::one()
            }
        }

        impl<$($generics)*> Num for $this {
            type FromStrRadixErr = <$number as Num>::FromStrRadixErr;
            fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
                <$number>::from_str_radix(text, radix).map(Self::constant)
            }
        }

        impl<$($generics)*> ToPrimitive for $this {
            // All of them: a default method would note its own line.
            $crate::notation::casts! {
                Integer: to_isize isize, to_i8 i8, to_i16 i16, to_i32 i32, to_i64 i64,
                to_i128 i128, to_usize usize, to_u8 u8, to_u16 u16, to_u32 u32, to_u64 u64,
                to_u128 u128
            }
            $crate::notation::casts! { Number: to_f32 f32, to_f64 f64 }
        }

        impl<$($generics)*> FromPrimitive for $this {
            fn from_i64(n: i64) -> Option<Self> {
                <$number>::from_i64(n).map(Self::constant)
            }
            fn from_u64(n: u64) -> Option<Self> {
                <$number>::from_u64(n).map(Self::constant)
            }
            fn from_i128(n: i128) -> Option<Self> {
                <$number>::from_i128(n).map(Self::constant)
            }
            fn from_u128(n: u128) -> Option<Self> {
                <$number>::from_u128(n).map(Self::constant)
            }
            fn from_f64(n: f64) -> Option<Self> {
                <$number>::from_f64(n).map(Self::constant)
            }
        }

        impl<$($generics)*> NumCast for $this {
            /// A constant of the same value; a derivative does not survive a cast.
            fn from<T: ToPrimitive>(n: T) -> Option<Self> {
                <$number as NumCast>::from(n).map(Self::constant)
            }
        }

        impl<$($generics)*> Inv for $this {
            type Output = Self;
            #[inline]
            #[track_caller]
            fn inv(self) -> Self {
                Self::unary::<rules::Recip>(self)
            }
        }

        impl<$($generics)*> MulAdd for $this {
            type Output = Self;
            #[inline]
            #[track_caller]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                Self::fused(self, factor, summand)
            }
        }

        impl<$($generics)*> MulAddAssign for $this {
            #[inline]
            #[track_caller]
            fn mul_add_assign(&mut self, factor: Self, summand: Self) {
                *self = Self::fused(*self, factor, summand);
            }
        }

        impl<$($generics)*> Pow<Self> for $this {
            type Output = Self;
            #[inline]
            #[track_caller]
            fn pow(self, exponent: Self) -> Self {
                Self::binary::<rules::Pow>(self, exponent)
            }
        }

        impl<$($generics)*> Pow<$number> for $this {
            type Output = Self;
            #[inline]
            #[track_caller]
            fn pow(self, exponent: $number) -> Self {
                Self::binary::<rules::Pow>(self, Self::constant(exponent))
            }
        }

        impl<$($generics)*> Pow<i32> for $this {
            type Output = Self;
            #[inline]
            #[track_caller]
            fn pow(self, exponent: i32) -> Self {
                Self::power(self, exponent)
            }
        }

        impl<$($generics)*> Signed for $this {
            #[inline]
            #[track_caller]
            fn abs(&self) -> Self {
                Self::unary::<rules::Abs>(*self)
            }
            #[inline]
            #[track_caller]
            fn abs_sub(&self, other: &Self) -> Self {
                Float::abs_sub(*self, *other)
            }
            #[inline]
            #[track_caller]
            fn signum(&self) -> Self {
                Self::unary::<rules::Signum>(*self)
            }
            #[track_caller]
            fn is_positive(&self) -> bool {
                self.asked(Comparison::Sign).is_sign_positive()
            }
            #[track_caller]
            fn is_negative(&self) -> bool {
                self.asked(Comparison::Sign).is_sign_negative()
            }
        }

        $crate::notation::constants! { [$($generics)*] $this, FloatConst <$number>:
            E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3 FRAC_PI_4
            FRAC_PI_6 FRAC_PI_8 LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2 TAU LOG10_2 LOG2_10
        }

        impl<$($generics)*> Float for $this {
            $crate::notation::constant_functions! { <$number>:
                nan infinity neg_infinity neg_zero min_value min_positive_value max_value epsilon
            }
            $crate::notation::value_predicates! { IsNan: is_nan }
            $crate::notation::value_predicates! { IsInfinite: is_infinite }
            $crate::notation::value_predicates! { IsFinite: is_finite }
            $crate::notation::value_predicates! { IsNormal: is_normal }
            $crate::notation::value_predicates! { Class: is_subnormal }
            $crate::notation::value_predicates! { Sign: is_sign_positive is_sign_negative }
            $crate::notation::float_functions! { float_trait_methods }

            #[track_caller]
            fn classify(self) -> FpCategory {
                self.asked(Comparison::Class).classify()
            }
            #[track_caller]
            fn integer_decode(self) -> (u64, i16, i8) {
                self.asked(Comparison::Number).integer_decode()
            }
            #[inline]
            #[track_caller]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                Self::fused(self, factor, summand)
            }
            #[inline]
            #[track_caller]
            fn powi(self, n: i32) -> Self {
                Self::power(self, n)
            }
            #[inline]
            #[track_caller]
            fn powf(self, exponent: Self) -> Self {
                Self::binary::<rules::Pow>(self, exponent)
            }
            #[inline]
            #[track_caller]
            fn log(self, base: Self) -> Self {
                Self::binary::<rules::Log>(self, base)
            }
            #[inline]
            #[track_caller]
            fn max(self, other: Self) -> Self {
                Self::binary::<rules::Max>(self, other)
            }
            #[inline]
            #[track_caller]
            fn min(self, other: Self) -> Self {
                Self::binary::<rules::Min>(self, other)
            }
            #[inline]
            #[track_caller]
            fn clamp(self, low: Self, high: Self) -> Self {
                Self::clamped(self, low, high)
            }
            /// max(x − y, 0); at x = y the derivative is 0, as that of `relu`.
            #[inline]
            #[track_caller]
            fn abs_sub(self, other: Self) -> Self {
                Self::unary::<rules::Relu>(self - other)
            }
            #[inline]
            #[track_caller]
            fn hypot(self, other: Self) -> Self {
                Self::binary::<rules::Hypot>(self, other)
            }
            #[inline]
            #[track_caller]
            fn atan2(self, other: Self) -> Self {
                Self::binary::<rules::Atan2>(self, other)
            }
            #[inline]
            #[track_caller]
            fn copysign(self, sign: Self) -> Self {
                Self::binary::<rules::Copysign>(self, sign)
            }
            #[inline]
            #[track_caller]
            fn sin_cos(self) -> (Self, Self) {
                (Self::unary::<rules::Sin>(self), Self::unary::<rules::Cos>(self))
            }
            #[inline]
            #[track_caller]
            fn to_degrees(self) -> Self {
                // The factor as floats round it: that of f32 is no quotient of f32.
                self * <$number>::one().to_degrees()
            }
            #[inline]
            #[track_caller]
            fn to_radians(self) -> Self {
                self * <$number>::one().to_radians()
            }
        }
    };
}

/// A trait's functions without arguments that return a constant.
macro_rules! constants {
    ([$($generics:tt)*] $this:ty, $trait:ident <$number:ty>: $($name:ident)*) => {
        impl<$($generics)*> $trait for $this {
            $crate::notation::constant_functions! { <$number>: $($name)* }
        }
    };
}

macro_rules! constant_functions {
    (<$number:ty>: $($name:ident)*) => {$(
        #[inline]
        #[allow(non_snake_case, reason = "the names are num_traits'")]
        fn $name() -> Self {
            Self::constant(<$number>::$name())
        }
    )*};
}

/// Questions that look at the value alone, by the comparison that they make of it.
macro_rules! value_predicates {
    ($comparison:ident: $($name:ident)*) => {$(
        #[inline]
        #[track_caller]
        fn $name(self) -> bool {
            self.asked(Comparison::$comparison).$name()
        }
    )*};
}

/// Casts to numbers, by the comparison that they make of the value.
macro_rules! casts {
    ($comparison:ident: $($name:ident $number:ty),*) => {$(
        #[track_caller]
        fn $name(&self) -> Option<$number> {
            self.asked(Comparison::$comparison).$name()
        }
    )*};
}

/// The lines of the table of functions as methods of `Float`.
macro_rules! float_trait_methods {
    ($($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*) => {$(
        #[inline]
        #[track_caller]
        fn $method(self) -> Self {
            Self::unary::<rules::$rule>(self)
        }
    )*};
}

pub(crate) use {
    casts, constant_functions, constants, float_trait_methods, numeric_traits, value_predicates,
};
