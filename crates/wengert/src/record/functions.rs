//! The elementary functions as methods, of both handles.

use super::{Active, Var};
use crate::error::expect;
use crate::notation::{extra_functions, extra_functions_of_two, float_functions};
use crate::ops::rules;
use crate::scalar::{Real, Scalar};

/// Makes a method of each line of the tables. In brackets the generic parameters; then the type,
/// and the line that makes a tape for the examples.
macro_rules! methods {
    ([$($generics:tt)*] $this:ty, $tape:literal;
        $($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*) => {
        /// Functions of one variable. Each records one node, and panics only where its tape
        /// cannot take it: at a limit, or while a view of it lives.
        impl<$($generics)*> $this {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            #[doc = concat!("let x0: f64 = ", stringify!($at), ";")]
            #[doc = $tape]
            /// let x = tape.var(x0);
            #[doc = concat!("let y = x.", stringify!($method), "();")]
            #[doc = concat!("assert!((y.value() - ", stringify!($value), ").abs() < 1e-15 * x0.abs().max(4.0));")]
            #[doc = concat!("assert!((y.gradients()[x] - ", stringify!($slope), ").abs() < 1e-14);")]
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn $method(self) -> Self {
                self.unary::<rules::$rule>()
            }
        )*}
    };
}

/// Makes a method of each line of the table of functions of two variables.
macro_rules! methods_of_two {
    ([$($generics:tt)*] $this:ty, $tape:literal; $(
        $(#[$doc:meta])* $method:ident $rule:ident:
        ($x:expr, $y:expr) => $value:expr, ($left:expr, $right:expr);
    )*) => {
        /// Functions of two variables, of which the second may be a plain number.
        impl<$($generics)*> $this {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            #[doc = concat!("let [x, y] = tape.var_array([", stringify!($x), ", ", stringify!($y), "]);")]
            #[doc = concat!("let z = x.", stringify!($method), "(y);")]
            #[doc = concat!("assert!((z.value() - ", stringify!($value), ").abs() < 1e-15 * z.value().abs());")]
            /// let gradients = z.gradients();
            #[doc = concat!("assert!((gradients[x] - ", stringify!($left), ").abs() < 1e-15);")]
            #[doc = concat!("assert!((gradients[y] - ", stringify!($right), ").abs() < 1e-15);")]
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn $method(self, other: impl Into<Self>) -> Self {
                self.binary::<rules::$rule>(other.into())
            }
        )*}
    };
}

/// Functions of several variables, written once for both handles.
macro_rules! methods_of_several {
    ([$($generics:tt)*] $this:ty, $name:literal, $tape:literal) => {
        /// Functions of several variables. Where the second argument is `impl Into<Var>`, a plain
        /// number does as well as a variable. Variables of different tapes panic.
        impl<$($generics)*> $this {
            /// xⁿ. Derivative n·xⁿ⁻¹, and 0 for n = 0 everywhere.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(2.0);
            /// let y = x.powi(3);
            /// assert_eq!((y.value(), y.gradients()[x]), (8.0, 12.0));
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn powi(self, n: i32) -> Self {
                self.power(n)
            }

            /// xʸ with a constant or variable exponent. Derivatives y·xʸ⁻¹ and xʸ·ln x; at y = 0
            /// the first is 0 everywhere, at x = 0 the second is 0 for y ≥ 0. For x < 0 the
            /// derivative with respect to y does not exist and is NaN.
            ///
            /// # Example: a constant exponent, and a constant base
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.var(3.0);
            /// assert_eq!(x.powf(2.0).gradients()[x], 6.0);
            #[doc = concat!("let y = ", $name, "::constant(2.0).powf(x);")]
            /// assert_eq!((y.value(), y.gradients()[x]), (8.0, 8.0 * 2.0_f64.ln()));
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn powf(self, exponent: impl Into<Self>) -> Self {
                self.binary::<rules::Pow>(exponent.into())
            }

            /// The same as [`Self::powf`], under the name for a variable exponent.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let [x, y] = tape.var_array([3.0, 2.0]);
            /// assert_eq!(x.pow(y).gradients()[y], 9.0 * 3.0_f64.ln());
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn pow(self, exponent: impl Into<Self>) -> Self {
                self.binary::<rules::Pow>(exponent.into())
            }

            /// The logarithm of x to a base, ln x/ln b. Derivatives 1/(x·ln b) and −log_b(x)/(b·ln
            /// b).
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(9.0);
            /// let y = x.log(3.0);
            /// assert_eq!((y.value(), y.gradients()[x]), (2.0, 1.0 / 9.0 / 3.0_f64.ln()));
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn log(self, base: impl Into<Self>) -> Self {
                self.binary::<rules::Log>(base.into())
            }

            /// √(x² + y²) without overflow. Derivatives x/√(x² + y²) and y/√(x² + y²), 0 at the
            /// origin.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let [x, y] = tape.var_array([3.0, 4.0]);
            /// let r = x.hypot(y);
            /// assert_eq!((r.value(), r.gradients().wrt(&[x, y])), (5.0, vec![0.6, 0.8]));
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn hypot(self, other: impl Into<Self>) -> Self {
                self.binary::<rules::Hypot>(other.into())
            }

            /// The angle in radians of the point (x, y), called as `y.atan2(x)`. Derivatives
            /// x/(x² + y²) and −y/(x² + y²), 0 at the origin.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let [x, y] = tape.var_array([1.0, 1.0]);
            /// let angle = y.atan2(x);
            /// assert_eq!(angle.value(), std::f64::consts::FRAC_PI_4);
            /// assert_eq!(angle.gradients().wrt(&[y, x]), [0.5, -0.5]);
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn atan2(self, x: impl Into<Self>) -> Self {
                self.binary::<rules::Atan2>(x.into())
            }

            /// The larger of two. The larger one takes the derivative, each half of it in a tie; a
            /// NaN is ignored, as by floats.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(2.0);
            /// assert_eq!(x.max(1.0).gradients()[x], 1.0);
            /// assert_eq!(x.max(2.0).gradients()[x], 0.5);
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn max(self, other: impl Into<Self>) -> Self {
                self.binary::<rules::Max>(other.into())
            }

            /// The smaller of two, with the conventions of [`Self::max`].
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(2.0);
            /// assert_eq!(x.min(1.0).gradients()[x], 0.0);
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn min(self, other: impl Into<Self>) -> Self {
                self.binary::<rules::Min>(other.into())
            }

            /// x held between two bounds. Derivative 1 strictly between constant bounds, 0 at and
            /// beyond them; with variable bounds it is `max(low).min(high)`, ties included, but
            /// that a NaN stays NaN.
            ///
            /// # Panics
            /// If `low > high` or a bound is NaN, as for floats.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(2.0);
            /// assert_eq!(x.clamp(0.0, 3.0).gradients()[x], 1.0);
            /// assert_eq!(x.clamp(0.0, 1.0).gradients()[x], 0.0);
            /// ```
            #[inline]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn clamp(self, low: impl Into<Self>, high: impl Into<Self>) -> Self {
                expect(self.try_clamp(low.into(), high.into()))
            }

            /// The regularised incomplete beta function
            /// I<sub>x</sub>(a, b) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt, the distribution function of
            /// the beta distribution, for 0 ≤ x ≤ 1 and positive parameters. Derivative
            /// xᵃ⁻¹(1 − x)ᵇ⁻¹/B(a, b) in x; those in a and b, up to the third order, are integrals
            /// too. Beyond the third order, what is by the parameters alone is NaN.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(0.5);
            /// let y = x.beta_inc(2.0, 3.0);
            /// assert_eq!((y.value(), y.gradients()[x]), (0.6875, 1.5));
            /// ```
            #[inline]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn beta_inc(self, a: impl Into<Self>, b: impl Into<Self>) -> Self {
                expect(self.try_beta_inc(a.into(), b.into()))
            }

            /// |x| with the sign bit of `sign`. Derivative ±1 in x, 0 at x = 0; 0 in `sign`.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(2.0);
            /// let y = x.copysign(-1.0);
            /// assert_eq!((y.value(), y.gradients()[x]), (-2.0, -1.0));
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn copysign(self, sign: impl Into<Self>) -> Self {
                self.binary::<rules::Copysign>(sign.into())
            }

            /// x where positive, slope·x elsewhere. Derivative 1 or the slope, the slope at 0.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(-2.0);
            /// let y = x.leaky_relu(0.1);
            /// assert_eq!((y.value(), y.gradients()[x]), (-0.2, 0.1));
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn leaky_relu(self, slope: impl Into<Self>) -> Self {
                self.binary::<rules::LeakyRelu>(slope.into())
            }

            /// x·y + z, rounded once. One node, whichever of the three are constants.
            ///
            /// In a [`Function`](crate::Function) a chain of these is one instruction, as a chain of
            /// `x * y + z` is, and computes with the processor's instruction if there is one. Of a
            /// running total each waits for the one before, longer than an addition does: there
            /// [`dot`](Self::dot) is faster.
            ///
            /// On a tape, without a fused instruction in the build's target (`-C target-cpu`), floats
            /// compute this by a slower function call; `x * y + z` is then faster.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let [x, y, z] = tape.var_array([2.0, 3.0, 4.0]);
            /// let w = x.mul_add(y, z);
            /// assert_eq!((w.value(), w.gradients().wrt(&[x, y, z])), (10.0, vec![3.0, 2.0, 1.0]));
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn mul_add(self, factor: impl Into<Self>, summand: impl Into<Self>) -> Self {
                self.fused(factor.into(), summand.into())
            }

            /// Sine and cosine of one angle: two nodes.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(0.0);
            /// let (sin, cos) = x.sin_cos();
            /// assert_eq!((sin.gradients()[x], cos.gradients()[x]), (1.0, 0.0));
            /// ```
            #[inline]
            #[track_caller]
            #[must_use = "the operations are recorded, but their results go unused"]
            pub fn sin_cos(self) -> (Self, Self) {
                (self.sin(), self.cos())
            }
        }
    };
}

/// All functions of a handle: its generic parameters, type and name, and a line that makes a tape
/// for the examples.
macro_rules! functions {
    ([$($generics:tt)*] $this:ty, $name:literal, $tape:literal) => {
        float_functions! { methods [$($generics)*] $this, $tape; }
        extra_functions! { methods [$($generics)*] $this, $tape; }
        extra_functions_of_two! { methods_of_two [$($generics)*] $this, $tape; }
        methods_of_several! { [$($generics)*] $this, $name, $tape }
    };
}
functions! { ['t, F: Scalar] Var<'t, F>, "Var", "let tape = wengert::Tape::new();" }
functions! { [F: Real] Active<F>, "Active", "let tape = wengert::Tape::new().activate();" }
