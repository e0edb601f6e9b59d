//! Numbers of a crate's own, for libraries that have number traits of their own.
//!
//! Only the library with a trait, or the crate with a type, may implement the one for the other.
//! So a user declares a type of theirs around our numbers, and implements the trait for that. Both
//! are macros, so that they are the user's own code and ask for no dependency here.

mod forward;

/// What the macros name, wherever they are used.
#[doc(hidden)]
pub mod __private {
    pub use num_traits;
}

/// Declares a number type of the caller's own, `Name<T>`, around whatever is a
/// [`Number`](crate::Number): plain `f64`, [`Dual`](crate::Dual), [`Var`](crate::Var) or
/// [`Active`](crate::Active). It has operators, also with `f64` on either side, comparisons, and
/// `num_traits::Float` with its relatives, all forwarded.
///
/// It is for libraries that ask their numbers for traits of their own: those traits cannot be
/// implemented for our types by anybody but the library, and can for a type of yours. For the traits
/// of some libraries [`forward!`](crate::forward) does so.
///
/// # Example: a trait of somebody else's
/// ```
/// use wengert::{Active, active, gradient};
/// # mod library {
/// #     pub trait Half { fn half(self) -> Self; }
/// #     pub fn quarter<T: Half>(x: T) -> T { x.half().half() }
/// # }
/// wengert::newtype! {
///     /// A number that the library can halve.
///     pub struct Real
/// }
/// impl<T: wengert::Number> library::Half for Real<T> {
///     fn half(self) -> Self {
///         self * 0.5
///     }
/// }
/// let quarter = active(|x: &[Active]| library::quarter(Real(x[0])).0);
/// assert_eq!(gradient(quarter, &[3.0]), [0.25]);
/// assert_eq!(library::quarter(Real(3.0)).0, 0.75);
/// ```
#[macro_export]
macro_rules! newtype {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default)]
        $visibility struct $name<T>(
            /// The number.
            pub T,
        );

        impl<T: $crate::Number> $name<T> {
            /// A constant.
            #[allow(dead_code, reason = "the trait of a library may need none")]
            $visibility fn lit(number: f64) -> Self {
                Self(T::lit(number))
            }
        }

        impl<T: ::core::fmt::Display> ::core::fmt::Display for $name<T> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.0.fmt(f)
            }
        }

        $crate::newtype! { @comparisons $name }
        $crate::newtype! { @operators $name:
            Add add AddAssign add_assign, Sub sub SubAssign sub_assign,
            Mul mul MulAssign mul_assign, Div div DivAssign div_assign,
            Rem rem RemAssign rem_assign
        }
        $crate::newtype! { @numbers $name }
        $crate::newtype! { @float $name }
    };

    // Each by a method of its own, so that a guard notes the line that asks.
    (@comparisons $name:ident) => {
        impl<T: $crate::Number> PartialEq for $name<T> {
            #[track_caller]
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
        impl<T: $crate::Number> PartialOrd for $name<T> {
            #[track_caller]
            fn partial_cmp(&self, other: &Self) -> Option<::core::cmp::Ordering> {
                self.0.partial_cmp(&other.0)
            }
            #[track_caller]
            fn lt(&self, other: &Self) -> bool {
                self.0 < other.0
            }
            #[track_caller]
            fn le(&self, other: &Self) -> bool {
                self.0 <= other.0
            }
            #[track_caller]
            fn gt(&self, other: &Self) -> bool {
                self.0 > other.0
            }
            #[track_caller]
            fn ge(&self, other: &Self) -> bool {
                self.0 >= other.0
            }
        }
    };

    (@operators $name:ident: $($trait:ident $method:ident $assign:ident $assign_method:ident),*) => {
        impl<T: $crate::Number> ::core::ops::Neg for $name<T> {
            type Output = Self;
            #[track_caller]
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        $(
            impl<T: $crate::Number> ::core::ops::$trait for $name<T> {
                type Output = Self;
                #[track_caller]
                fn $method(self, other: Self) -> Self {
                    Self(::core::ops::$trait::$method(self.0, other.0))
                }
            }
            impl<T: $crate::Number> ::core::ops::$trait<f64> for $name<T> {
                type Output = Self;
                #[track_caller]
                fn $method(self, other: f64) -> Self {
                    Self(::core::ops::$trait::$method(self.0, other))
                }
            }
            impl<T: $crate::Number> ::core::ops::$trait<$name<T>> for f64 {
                type Output = $name<T>;
                #[track_caller]
                fn $method(self, other: $name<T>) -> $name<T> {
                    $name(::core::ops::$trait::$method(T::lit(self), other.0))
                }
            }
            impl<T: $crate::Number> ::core::ops::$assign for $name<T> {
                #[track_caller]
                fn $assign_method(&mut self, other: Self) {
                    *self = ::core::ops::$trait::$method(*self, other);
                }
            }
            impl<T: $crate::Number> ::core::ops::$assign<f64> for $name<T> {
                #[track_caller]
                fn $assign_method(&mut self, other: f64) {
                    *self = ::core::ops::$trait::$method(*self, other);
                }
            }
        )*
    };

    (@numbers $name:ident) => {
        impl<T: $crate::Number> $crate::__private::num_traits::Zero for $name<T> {
            fn zero() -> Self {
                Self(T::zero())
            }
            #[track_caller]
            fn is_zero(&self) -> bool {
                self.0.is_zero()
            }
        }
        impl<T: $crate::Number> $crate::__private::num_traits::One for $name<T> {
            fn one() -> Self {
                Self(T::one())
            }
        }
        impl<T: $crate::Number> $crate::__private::num_traits::Num for $name<T> {
            type FromStrRadixErr = T::FromStrRadixErr;
            fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
                T::from_str_radix(text, radix).map(Self)
            }
        }
        impl<T: $crate::Number> $crate::__private::num_traits::NumCast for $name<T> {
            fn from<N: $crate::__private::num_traits::ToPrimitive>(number: N) -> Option<Self> {
                <T as $crate::__private::num_traits::NumCast>::from(number).map(Self)
            }
        }
        impl<T: $crate::Number> $crate::__private::num_traits::FromPrimitive for $name<T> {
            fn from_i64(number: i64) -> Option<Self> {
                <Self as $crate::__private::num_traits::NumCast>::from(number)
            }
            fn from_u64(number: u64) -> Option<Self> {
                <Self as $crate::__private::num_traits::NumCast>::from(number)
            }
            fn from_f64(number: f64) -> Option<Self> {
                Some(Self::lit(number))
            }
        }
        impl<T: $crate::Number> $crate::__private::num_traits::ToPrimitive for $name<T> {
            $crate::newtype! { @casts
                to_isize isize, to_i32 i32, to_i64 i64, to_usize usize, to_u32 u32, to_u64 u64,
                to_f32 f32, to_f64 f64
            }
        }
    };
    (@casts $($method:ident $number:ty),*) => {$(
        #[track_caller]
        fn $method(&self) -> Option<$number> {
            self.0.$method()
        }
    )*};

    (@float $name:ident) => {
        impl<T: $crate::Number> $crate::__private::num_traits::Float for $name<T> {
            $crate::newtype! { @forward Float () -> Self:
                nan infinity neg_infinity neg_zero min_value min_positive_value max_value epsilon
            }
            $crate::newtype! { @forward Float (self) -> Self:
                floor ceil round trunc fract abs signum recip sqrt cbrt exp exp2 exp_m1 ln log2
                log10 ln_1p to_degrees to_radians sin cos tan asin acos atan sinh cosh tanh asinh
                acosh atanh
            }
            $crate::newtype! { @forward Float (self, other) -> Self:
                powf log max min abs_sub hypot atan2 copysign
            }
            $crate::newtype! { @ask
                is_nan is_infinite is_finite is_normal is_sign_positive is_sign_negative
            }
            #[track_caller]
            fn classify(self) -> ::core::num::FpCategory {
                self.0.classify()
            }
            #[track_caller]
            fn integer_decode(self) -> (u64, i16, i8) {
                self.0.integer_decode()
            }
            #[track_caller]
            fn powi(self, exponent: i32) -> Self {
                Self(self.0.powi(exponent))
            }
            #[track_caller]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                Self(self.0.mul_add(factor.0, summand.0))
            }
            #[track_caller]
            fn sin_cos(self) -> (Self, Self) {
                let (sin, cos) = self.0.sin_cos();
                (Self(sin), Self(cos))
            }
        }
        #[allow(non_snake_case, reason = "the names are num_traits'")]
        impl<T: $crate::Number> $crate::__private::num_traits::FloatConst for $name<T> {
            $crate::newtype! { @forward FloatConst () -> Self:
                E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3 FRAC_PI_4
                FRAC_PI_6 FRAC_PI_8 LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2 TAU LOG10_2 LOG2_10
            }
        }
    };
    (@forward $trait:ident () -> Self: $($method:ident)*) => {$(
        fn $method() -> Self {
            Self(<T as $crate::__private::num_traits::$trait>::$method())
        }
    )*};
    (@forward $trait:ident (self) -> Self: $($method:ident)*) => {$(
        #[track_caller]
        fn $method(self) -> Self {
            Self(<T as $crate::__private::num_traits::$trait>::$method(self.0))
        }
    )*};
    (@forward $trait:ident (self, other) -> Self: $($method:ident)*) => {$(
        #[track_caller]
        fn $method(self, other: Self) -> Self {
            Self(<T as $crate::__private::num_traits::$trait>::$method(self.0, other.0))
        }
    )*};
    (@ask $($method:ident)*) => {$(
        #[track_caller]
        fn $method(self) -> bool {
            self.0.$method()
        }
    )*};
}
