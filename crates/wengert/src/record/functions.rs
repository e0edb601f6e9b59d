//! The elementary functions as methods.

use super::Var;
use crate::ops::rules;
use crate::scalar::Scalar;

/// Calls `$callback` with the functions of one variable that `num_traits::Float` has too.
///
/// Columns: the documentation; the method, which is also `Float`'s; its rule; then, for the
/// example, an argument, the function's value there and its derivative there.
macro_rules! float_functions {
    ($callback:ident) => {
        $callback! {
            /// 1/x. Derivative −1/x².
            recip Recip: 2.0 => 0.5, -0.25;
            /// √x. Derivative 1/(2√x), which is ∞ at 0; NaN below 0.
            sqrt Sqrt: 4.0 => 2.0, 0.25;
            /// ∛x, also of negative numbers. Derivative 1/(3·∛x²), which is ∞ at 0.
            cbrt Cbrt: -8.0 => -2.0, 0.083_333_333_333_333_33;
            /// eˣ, which is its own derivative.
            exp Exp: 1.0 => 2.718_281_828_459_045, 2.718_281_828_459_045;
            /// 2ˣ. Derivative 2ˣ·ln 2.
            exp2 Exp2: 3.0 => 8.0, 5.545_177_444_479_562;
            /// eˣ − 1, exact for small x. Derivative eˣ.
            exp_m1 ExpM1: 1e-12 => 1.000_000_000_000_5e-12, 1.000_000_000_001;
            /// The natural logarithm. Derivative 1/x; NaN below 0.
            ln Ln: 2.0 => 0.693_147_180_559_945_3, 0.5;
            /// ln(1 + x), exact for small x. Derivative 1/(1 + x).
            ln_1p Ln1p: 1.0 => 0.693_147_180_559_945_3, 0.5;
            /// The logarithm to base 2. Derivative 1/(x·ln 2).
            log2 Log2: 8.0 => 3.0, 0.180_336_880_111_120_42;
            /// The logarithm to base 10. Derivative 1/(x·ln 10).
            log10 Log10: 100.0 => 2.0, 0.004_342_944_819_032_518;
            /// The sine of an angle in radians. Derivative cos x.
            sin Sin: 1.0 => 0.841_470_984_807_896_5, 0.540_302_305_868_139_8;
            /// The cosine of an angle in radians. Derivative −sin x.
            cos Cos: 1.0 => 0.540_302_305_868_139_8, -0.841_470_984_807_896_5;
            /// The tangent of an angle in radians. Derivative 1 + tan² x.
            tan Tan: 1.0 => 1.557_407_724_654_902_3, 3.425_518_820_814_759;
            /// The angle in radians whose sine is x. Derivative 1/√(1 − x²).
            asin Asin: 0.6 => 0.643_501_108_793_284_4, 1.25;
            /// The angle in radians whose cosine is x. Derivative −1/√(1 − x²).
            acos Acos: 0.6 => 0.927_295_218_001_612_3, -1.25;
            /// The angle in radians whose tangent is x. Derivative 1/(1 + x²).
            atan Atan: 2.0 => 1.107_148_717_794_090_4, 0.2;
            /// The hyperbolic sine. Derivative cosh x.
            sinh Sinh: 1.0 => 1.175_201_193_643_801_4, 1.543_080_634_815_243_7;
            /// The hyperbolic cosine. Derivative sinh x.
            cosh Cosh: 1.0 => 1.543_080_634_815_243_7, 1.175_201_193_643_801_4;
            /// The hyperbolic tangent. Derivative 1 − tanh² x, exact also far out, where it is
            /// tiny but not yet 0.
            tanh Tanh: 0.5 => 0.462_117_157_260_009_8, 0.786_447_732_965_927_4;
            /// The inverse of the hyperbolic sine. Derivative 1/√(1 + x²).
            asinh Asinh: 0.75 => 0.693_147_180_559_945_3, 0.8;
            /// The inverse of the hyperbolic cosine, for x ≥ 1. Derivative 1/√(x² − 1).
            acosh Acosh: 1.25 => 0.693_147_180_559_945_3, 1.333_333_333_333_333_3;
            /// The inverse of the hyperbolic tangent, for |x| < 1. Derivative 1/(1 − x²).
            atanh Atanh: 0.6 => 0.693_147_180_559_945_3, 1.562_5;
            /// |x|. Derivative ±1, and 0 at 0.
            abs Abs: -3.0 => 3.0, -1.0;
            /// 1 or −1 by the sign bit, as floats have it: 1 at +0, −1 at −0. Derivative 0.
            signum Signum: -3.0 => -1.0, 0.0;
            /// The largest integer ≤ x. Derivative 0.
            floor Floor: 1.5 => 1.0, 0.0;
            /// The smallest integer ≥ x. Derivative 0.
            ceil Ceil: 1.5 => 2.0, 0.0;
            /// The nearest integer, halves away from zero. Derivative 0.
            round Round: 2.5 => 3.0, 0.0;
            /// The integer part. Derivative 0.
            trunc Trunc: -1.5 => -1.0, 0.0;
            /// The fractional part, x − trunc x. Derivative 1.
            fract Fract: -1.25 => -0.25, 1.0;
        }
    };
}

/// Calls `$callback` with the functions of one variable that `Float` does not have, in the
/// same columns; `$context` is passed through.
macro_rules! extra_functions {
    ($callback:ident) => {
        $callback! {
            /// max(x, 0). Derivative 0 or 1, and 0 at 0.
            relu Relu: 2.0 => 2.0, 1.0;
            /// The logistic function 1/(1 + e⁻ˣ). Derivative σ(x)·σ(−x).
            sigmoid Sigmoid: 0.0 => 0.5, 0.25;
            /// ln(1 + eˣ), without overflow. Derivative 1/(1 + e⁻ˣ).
            softplus Softplus: 0.0 => 0.693_147_180_559_945_3, 0.5;
            /// x·σ(x), also called swish. Derivative σ(x)·(1 + x·σ(−x)).
            silu Silu: 1.0 => 0.731_058_578_630_004_9, 0.927_670_511_871_486_9;
            /// x·Φ(x), Φ the normal distribution function (exact, not the tanh formula).
            /// Derivative Φ(x) + x·φ(x).
            gelu Gelu: 1.0 => 0.841_344_746_068_542_9, 1.083_315_470_587_686_3;
            /// The error function 2/√π ∫₀ˣ e^(−t²) dt. Derivative 2/√π·e^(−x²).
            erf Erf: 1.0 => 0.842_700_792_949_714_9, 0.415_107_497_420_594_7;
            /// 1 − erf(x), exact also where erf(x) is near 1. Derivative −2/√π·e^(−x²).
            erfc Erfc: 1.0 => 0.157_299_207_050_285_13, -0.415_107_497_420_594_7;
            /// The logarithm of the gamma function's magnitude, ln |Γ(x)|. Derivative
            /// [`digamma`](Self::digamma).
            lgamma Lgamma: 3.0 => 0.693_147_180_559_945_3, 0.922_784_335_098_467_1;
            /// The derivative of ln Γ(x). Derivative: the trigamma function.
            digamma Digamma: 1.0 => -0.577_215_664_901_532_9, 1.644_934_066_848_226_4;
            /// The density of the standard normal distribution, φ(x) = e^(−x²/2)/√(2π).
            /// Derivative −x·φ(x).
            normal_pdf NormalPdf: 1.0 => 0.241_970_724_519_143_37, -0.241_970_724_519_143_37;
            /// The distribution function of the standard normal distribution, exact in both
            /// tails. Derivative φ(x).
            normal_cdf NormalCdf: 1.0 => 0.841_344_746_068_542_9, 0.241_970_724_519_143_37;
        }
    };
}
pub(crate) use {extra_functions, float_functions};

/// Makes a method of each line of the tables.
macro_rules! var_methods {
    ($($(#[$doc:meta])* $method:ident $rule:ident: $at:expr => $value:expr, $slope:expr;)*) => {
        /// Functions of one variable. Each records one node, and panics only where its tape
        /// cannot take it: at a limit, or while a view of it lives.
        impl<'t, F: Scalar> Var<'t, F> {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            #[doc = concat!("let x0: f64 = ", stringify!($at), ";")]
            /// let tape = wengert::Tape::new();
            /// let x = tape.var(x0);
            #[doc = concat!("let y = x.", stringify!($method), "();")]
            #[doc = concat!("assert!((y.value() - ", stringify!($value), ").abs() < 1e-15 * x0.abs().max(4.0));")]
            #[doc = concat!("assert!((y.gradients()[x] - ", stringify!($slope), ").abs() < 1e-14);")]
            /// ```
            #[inline]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn $method(self) -> Self {
                self.unary::<rules::$rule>()
            }
        )*}
    };
}
float_functions!(var_methods);
extra_functions!(var_methods);

/// Functions of several variables. Where the second argument is `impl Into<Var>`, a plain number
/// does as well as a variable. Variables of different tapes panic.
impl<'t, F: Scalar> Var<'t, F> {
    /// xⁿ. Derivative n·xⁿ⁻¹, and 0 for n = 0 everywhere.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// let y = x.powi(3);
    /// assert_eq!((y.value(), y.gradients()[x]), (8.0, 12.0));
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn powi(self, n: i32) -> Self {
        self.power(n)
    }

    /// xʸ with a constant or variable exponent. Derivatives y·xʸ⁻¹ and xʸ·ln x; at y = 0 the
    /// first is 0 everywhere, at x = 0 the second is 0 for y ≥ 0. For x < 0 the derivative with
    /// respect to y does not exist and is NaN.
    ///
    /// # Example: a constant exponent, and a constant base
    /// ```
    /// use wengert::Var;
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!(x.powf(2.0).gradients()[x], 6.0);
    /// let y = Var::constant(2.0).powf(x);
    /// assert_eq!((y.value(), y.gradients()[x]), (8.0, 8.0 * 2.0_f64.ln()));
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn powf(self, exponent: impl Into<Self>) -> Self {
        self.binary::<rules::Pow>(exponent.into())
    }

    /// The same as [`Var::powf`], under the name for a variable exponent.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([3.0, 2.0]);
    /// assert_eq!(x.pow(y).gradients()[y], 9.0 * 3.0_f64.ln());
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn pow(self, exponent: impl Into<Self>) -> Self {
        self.binary::<rules::Pow>(exponent.into())
    }

    /// The logarithm of x to a base, ln x/ln b. Derivatives 1/(x·ln b) and −log_b(x)/(b·ln b).
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(9.0);
    /// let y = x.log(3.0);
    /// assert_eq!((y.value(), y.gradients()[x]), (2.0, 1.0 / 9.0 / 3.0_f64.ln()));
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn log(self, base: impl Into<Self>) -> Self {
        self.binary::<rules::Log>(base.into())
    }

    /// √(x² + y²) without overflow. Derivatives x/√(x² + y²) and y/√(x² + y²), 0 at the origin.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([3.0, 4.0]);
    /// let r = x.hypot(y);
    /// assert_eq!((r.value(), r.gradients().wrt(&[x, y])), (5.0, vec![0.6, 0.8]));
    /// ```
    #[inline]
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
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([1.0, 1.0]);
    /// let angle = y.atan2(x);
    /// assert_eq!(angle.value(), std::f64::consts::FRAC_PI_4);
    /// assert_eq!(angle.gradients().wrt(&[y, x]), [0.5, -0.5]);
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn atan2(self, x: impl Into<Self>) -> Self {
        self.binary::<rules::Atan2>(x.into())
    }

    /// The larger of two. The larger one takes the derivative, each half of it in a tie; a NaN
    /// is ignored, as by floats.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// assert_eq!(x.max(1.0).gradients()[x], 1.0);
    /// assert_eq!(x.max(2.0).gradients()[x], 0.5);
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn max(self, other: impl Into<Self>) -> Self {
        self.binary::<rules::Max>(other.into())
    }

    /// The smaller of two, with the conventions of [`Var::max`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// assert_eq!(x.min(1.0).gradients()[x], 0.0);
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn min(self, other: impl Into<Self>) -> Self {
        self.binary::<rules::Min>(other.into())
    }

    /// x held between two bounds. Derivative 1 strictly between constant bounds, 0 at and
    /// beyond them; with variable bounds it is `max(low).min(high)`, ties included.
    ///
    /// # Panics
    /// If `low > high` or a bound is NaN, as for floats.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// assert_eq!(x.clamp(0.0, 3.0).gradients()[x], 1.0);
    /// assert_eq!(x.clamp(0.0, 1.0).gradients()[x], 0.0);
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn clamp(self, low: impl Into<Self>, high: impl Into<Self>) -> Self {
        let clamped = self.try_clamp(low.into(), high.into());
        clamped.unwrap_or_else(|error| panic!("{error}"))
    }

    /// |x| with the sign bit of `sign`. Derivative ±1 in x, 0 at x = 0; 0 in `sign`.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// let y = x.copysign(-1.0);
    /// assert_eq!((y.value(), y.gradients()[x]), (-2.0, -1.0));
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn copysign(self, sign: impl Into<Self>) -> Self {
        self.binary::<rules::Copysign>(sign.into())
    }

    /// x where positive, slope·x elsewhere. Derivative 1 or the slope, the slope at 0.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(-2.0);
    /// let y = x.leaky_relu(0.1);
    /// assert_eq!((y.value(), y.gradients()[x]), (-0.2, 0.1));
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn leaky_relu(self, slope: impl Into<Self>) -> Self {
        self.binary::<rules::LeakyRelu>(slope.into())
    }

    /// x·y + z, rounded once. One node, whichever of the three are constants.
    ///
    /// Without a fused instruction in the build's target (`-C target-cpu`), floats compute this
    /// by a slower function call; `x * y + z` is then faster.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y, z] = tape.var_array([2.0, 3.0, 4.0]);
    /// let w = x.mul_add(y, z);
    /// assert_eq!((w.value(), w.gradients().wrt(&[x, y, z])), (10.0, vec![3.0, 2.0, 1.0]));
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "the operation is recorded, but its result goes unused"]
    pub fn mul_add(self, factor: impl Into<Self>, summand: impl Into<Self>) -> Self {
        self.fused(factor.into(), summand.into())
    }

    /// Sine and cosine of one angle: two nodes.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
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
