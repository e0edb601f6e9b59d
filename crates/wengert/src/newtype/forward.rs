//! The number traits of some libraries, for a number type of the caller's own.

/// Implements the number traits of a library for a type that [`newtype!`](crate::newtype) has
/// declared. The library is a dependency of the caller's; this crate knows its traits by name alone.
///
/// | what is written | version | what it implements |
/// |---|---|---|
/// | `roots for Real` | 0.0.8 | `FloatType`, so that roots are found and differentiated |
/// | `splines for Real` | 5 | `Interpolator` and `Interpolate` |
/// | `uniform_cubic_splines for Real` | 0.5 | `Basis`, of all bases, over `f64`, `Active` and `Dual` |
/// | `euclid for Real` | 0.22 | `Trig`, for angles, rotations and transformations |
/// | `ode_solvers for Real, simba` | 0.6 | `FloatNumber`, and `SubsetOf<f64>` of simba 0.9, named behind the comma |
///
/// # Example
/// ```
/// # mod euclid { pub trait Trig {
/// #     fn sin(self) -> Self; fn cos(self) -> Self; fn tan(self) -> Self;
/// #     fn fast_atan2(y: Self, x: Self) -> Self;
/// #     fn degrees_to_radians(deg: Self) -> Self; fn radians_to_degrees(rad: Self) -> Self;
/// # } }
/// wengert::newtype! { struct Real }
/// wengert::forward! { euclid for Real }
/// # assert_eq!(<Real<f64> as euclid::Trig>::degrees_to_radians(Real(0.0)).0, 0.0);
/// ```
#[macro_export]
macro_rules! forward {
    (roots for $name:ident) => {
        impl<T: $crate::Number> From<i16> for $name<T> {
            fn from(integer: i16) -> Self {
                Self::lit(integer.into())
            }
        }
        impl<T: $crate::Number> roots::FloatType for $name<T> {
            fn zero() -> Self {
                Self::lit(0.0)
            }
            fn one() -> Self {
                Self::lit(1.0)
            }
            fn one_third() -> Self {
                Self::lit(1.0 / 3.0)
            }
            fn pi() -> Self {
                Self::lit(::core::f64::consts::PI)
            }
            fn two_third_pi() -> Self {
                Self::lit(2.0 * ::core::f64::consts::FRAC_PI_3)
            }
            fn powf(self, exponent: Self) -> Self {
                Self(self.0.powf(exponent.0))
            }
            $crate::forward! { @methods sqrt cbrt atan acos sin cos abs }
        }
    };

    (euclid for $name:ident) => {
        impl<T: $crate::Number> euclid::Trig for $name<T> {
            $crate::forward! { @methods sin cos tan }
            // Exact, where euclid has an approximation for plain floats.
            fn fast_atan2(y: Self, x: Self) -> Self {
                Self(y.0.atan2(x.0))
            }
            fn degrees_to_radians(degrees: Self) -> Self {
                Self(degrees.0.to_radians())
            }
            fn radians_to_degrees(radians: Self) -> Self {
                Self(radians.0.to_degrees())
            }
        }
    };

    (splines for $name:ident) => {
        impl<T: $crate::Number> splines::interpolate::Interpolator for $name<T> {
            fn normalize(self, start: Self, end: Self) -> Self {
                (self - start) / (end - start)
            }
        }
        impl<T: $crate::Number> splines::interpolate::Interpolate<Self> for $name<T> {
            fn step(t: Self, threshold: Self, a: Self, b: Self) -> Self {
                if t < threshold { a } else { b }
            }
            fn lerp(t: Self, a: Self, b: Self) -> Self {
                a * (1.0 - t) + b * t
            }
            fn cosine(t: Self, a: Self, b: Self) -> Self {
                let t = Self((t.0 * ::core::f64::consts::PI).cos());
                <Self as splines::interpolate::Interpolate<Self>>::lerp((1.0 - t) * 0.5, a, b)
            }
            // By the slopes between the neighbours, of which Catmull and Rom's are the even case.
            fn cubic_hermite(
                t: Self,
                x: (Self, Self),
                a: (Self, Self),
                b: (Self, Self),
                y: (Self, Self),
            ) -> Self {
                let (t2, t3) = (t * t, t * t * t);
                let m0 = (b.1 - x.1) / (b.0 - x.0) * (b.0 - a.0);
                let m1 = (y.1 - a.1) / (y.0 - a.0) * (b.0 - a.0);
                let back = 3.0 * t2 - 2.0 * t3;
                a.1 * (1.0 - back) + m0 * (t3 - 2.0 * t2 + t) + b.1 * back + m1 * (t3 - t2)
            }
            fn quadratic_bezier(t: Self, a: Self, u: Self, b: Self) -> Self {
                let s = 1.0 - t;
                u + (a - u) * s * s + (b - u) * t * t
            }
            fn cubic_bezier(t: Self, a: Self, u: Self, v: Self, b: Self) -> Self {
                let s = 1.0 - t;
                a * s * s * s + 3.0 * (u * s * s * t + v * s * t * t) + b * t * t * t
            }
            fn cubic_bezier_mirrored(t: Self, a: Self, u: Self, v: Self, b: Self) -> Self {
                let v = b + b - v;
                <Self as splines::interpolate::Interpolate<Self>>::cubic_bezier(t, a, u, v, b)
            }
        }
    };

    // A basis is a matrix of constants, and those of a type parameter cannot be computed before
    // the program runs: so it is done for each of our numbers that can be one.
    (uniform_cubic_splines for $name:ident) => {
        $crate::forward! { @bases $name, f64, |number| number }
        $crate::forward! { @bases $name, $crate::Active, |number| $crate::Active::constant(number) }
        $crate::forward! { @bases $name, $crate::Dual,
            |number| $crate::Dual { value: number, tangent: 0.0 }
        }
    };
    (@bases $name:ident, $number:ty, |$entry:ident| $constant:expr) => {
        $crate::forward! { @basis $name, $number, |$entry| $constant;
            Bspline Bezier CatmullRom Hermite Linear Power
        }
    };
    (@basis $name:ident, $number:ty, |$entry:ident| $constant:expr; $first:ident $($basis:ident)*) => {
        impl uniform_cubic_splines::Basis<$name<$number>> for uniform_cubic_splines::$first {
            const NAME: &'static str = <Self as uniform_cubic_splines::Basis<f64>>::NAME;
            const STEP: usize = <Self as uniform_cubic_splines::Basis<f64>>::STEP;
            const MATRIX: [[$name<$number>; 4]; 4] = {
                const fn constant($entry: f64) -> $name<$number> {
                    $name($constant)
                }
                let plain = <Self as uniform_cubic_splines::Basis<f64>>::MATRIX;
                let mut matrix = [[constant(0.0); 4]; 4];
                let mut place = 0;
                while place < 16 {
                    matrix[place / 4][place % 4] = constant(plain[place / 4][place % 4]);
                    place += 1;
                }
                matrix
            };
        }
        $crate::forward! { @basis $name, $number, |$entry| $constant; $($basis)* }
    };
    (@basis $name:ident, $number:ty, |$entry:ident| $constant:expr;) => {};

    (ode_solvers for $name:ident, $simba:ident) => {
        impl<T: $crate::Number> $simba::scalar::SubsetOf<f64> for $name<T> {
            fn to_superset(&self) -> f64 {
                self.0.to_f64().expect("every number has a value")
            }
            fn from_superset_unchecked(number: &f64) -> Self {
                Self::lit(*number)
            }
            fn is_in_subset(_: &f64) -> bool {
                true
            }
        }
        impl<T: $crate::Number + 'static> ode_solvers::dop_shared::FloatNumber for $name<T> {}
    };

    (@methods $($method:ident)*) => {$(
        fn $method(self) -> Self {
            Self(self.0.$method())
        }
    )*};
}
