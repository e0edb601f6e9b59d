//! The tables of elementary functions of one variable.

/// Calls `$callback` with the functions of one variable that `num_traits::Float` has too, behind
/// whatever else it wants first.
///
/// Columns: the documentation; the method, which is also `Float`'s; its rule; then, for the
/// example, an argument, the function's value there and its derivative there.
macro_rules! float_functions {
    ($callback:ident $($first:tt)*) => {
        $callback! {
            $($first)*
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
/// same columns.
macro_rules! extra_functions {
    ($callback:ident $($first:tt)*) => {
        $callback! {
            $($first)*
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
            /// ln(1 − eˣ) for x ≤ 0, exact near 0 and far out; −∞ at 0, NaN above. Derivative
            /// −1/(e⁻ˣ − 1).
            log1mexp Log1mExp: -1.0 => -0.458_675_145_387_081_9, -0.581_976_706_869_326_4;
            /// ln σ(x) = −ln(1 + e⁻ˣ), without overflow. Derivative σ(−x).
            log_sigmoid LogSigmoid: 0.0 => -0.693_147_180_559_945_3, 0.5;
            /// ln cosh x, without overflow and exact near 0. Derivative tanh x.
            log_cosh LogCosh: 1.0 => 0.433_780_830_483_027_2, 0.761_594_155_955_764_9;
            /// The cardinal sine sin(πx)/(πx), and 1 at 0: the normalised one, whose zeros are the
            /// integers. Derivative (cos(πx) − sinc x)/x, exact also near 0.
            sinc Sinc: 0.5 => 0.636_619_772_367_581_3, -1.273_239_544_735_162_7;
            /// e^(x²)·erfc x, which falls as 1/x where erfc underflows. Derivative
            /// 2x·erfcx x − 2/√π.
            erfcx Erfcx: 1.0 => 0.427_583_576_155_807, -0.273_212_014_783_898_6;
            /// The number whose error function is x, for |x| ≤ 1. Derivative √π/2·e^(y²) of the
            /// result y.
            erf_inv ErfInv: 0.5 => 0.476_936_276_204_469_9, 1.112_584_818_971_949_8;
            /// ln Φ(x), Φ the normal distribution function, also where Φ underflows. Derivative
            /// φ(x)/Φ(x).
            log_normal_cdf LogNormalCdf: -38.0 => -726.557_216_018_820_1, 38.026_279_466_575_87;
            /// The quantile of the standard normal distribution, the x with Φ(x) = p, also called
            /// probit. Derivative 1/φ(x).
            normal_quantile NormalQuantile: 0.75 => 0.674_489_750_196_081_7, 3.146_865_080_561_092;
        }
    };
}

/// Calls `$callback` with the functions of two variables that `Float` does not have, in the same
/// columns, with two arguments and two derivatives.
macro_rules! extra_functions_of_two {
    ($callback:ident $($first:tt)*) => {
        $callback! {
            $($first)*
            /// x·ln y, and 0 where x is 0, as entropies and likelihoods want it. Derivatives ln y
            /// and x/y; at x = 0 the second is 0, also beside a y of 0.
            xlogy Xlogy: (2.0, 3.0) => 2.197_224_577_336_219_4,
                (1.098_612_288_668_109_8, 0.666_666_666_666_666_6);
            /// x·ln(1 + y), and 0 where x is 0; exact for small y. Derivatives ln(1 + y) and
            /// x/(1 + y); at x = 0 the second is 0, also beside a y of −1.
            xlog1py Xlog1py: (2.0, 1e-12) => 1.999_999_999_999e-12,
                (9.999_999_999_995e-13, 1.999_999_999_998);
            /// ln(eˣ + eʸ), without overflow. Derivatives σ(x − y) and σ(y − x).
            log_add_exp LogAddExp: (1000.0, 1000.0) => 1_000.693_147_180_56, (0.5, 0.5);
            /// ln(eˣ − eʸ) for x ≥ y, without overflow; −∞ for equal ones, NaN for x < y.
            /// Derivatives 1/(1 − e^(y − x)) and −1/(e^(x − y) − 1).
            log_diff_exp LogDiffExp: (1000.0, 999.0) => 999.541_324_854_612_9,
                (1.581_976_706_869_326_4, -0.581_976_706_869_326_4);
            /// The logarithm of the beta function, ln Γ(x) + ln Γ(y) − ln Γ(x + y), for positive
            /// numbers. Derivatives ψ(x) − ψ(x + y) and ψ(y) − ψ(x + y), where nothing cancels.
            log_beta LogBeta: (2.0, 3.0) => -2.484_906_649_788_000_3,
                (-1.083_333_333_333_333_3, -0.583_333_333_333_333_3);
            /// The regularised lower incomplete gamma function
            /// P(y, x) = 1/Γ(y) ∫₀ˣ tʸ⁻¹e⁻ᵗ dt of the argument x ≥ 0 and the parameter y ≥ 0, the
            /// distribution function of the gamma distribution. Derivative xʸ⁻¹e⁻ˣ/Γ(y) in x; that
            /// in the parameter is an integral too. Beyond the third order, what is by the parameter
            /// alone is NaN.
            gamma_p GammaP: (3.0, 2.0) => 0.800_851_726_528_544_2,
                (0.149_361_205_103_591_83, -0.197_425_419_579_202_48);
            /// The regularised upper incomplete gamma function, 1 − [`gamma_p`](Self::gamma_p) with
            /// all its digits also where it is small.
            gamma_q GammaQ: (3.0, 2.0) => 0.199_148_273_471_455_78,
                (-0.149_361_205_103_591_83, 0.197_425_419_579_202_48);
        }
    };
}
pub(crate) use {extra_functions, extra_functions_of_two, float_functions};
