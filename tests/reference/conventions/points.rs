//! Single operations at single points, where `docs/CONVENTIONS.md` says what is answered.

use super::{all_same, differentiate, is_same};
use wengert::OpKind::{self, *};
use wengert::{Tape, Var};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const TINY: f64 = 5e-324;
const MAX: f64 = f64::MAX;

/// An operation, its arguments, its value and its derivatives; bounds and exponents have none.
type Point = (OpKind, &'static [f64], f64, &'static [f64]);

#[test]
fn kinks_and_ties_have_the_derivative_in_the_middle() {
    check(&[
        (Abs, &[0.0], 0.0, &[0.0]),
        (Abs, &[-0.0], 0.0, &[0.0]),
        (Relu, &[0.0], 0.0, &[0.0]),
        (LeakyRelu, &[0.0, 0.1], 0.0, &[0.1, 0.0]),
        (Max, &[1.0, 1.0], 1.0, &[0.5, 0.5]),
        (Min, &[1.0, 1.0], 1.0, &[0.5, 0.5]),
        (Max, &[0.0, -0.0], 0.0, &[0.5, 0.5]),
        (Max, &[INF, INF], INF, &[0.5, 0.5]),
        (Max, &[NAN, 1.0], 1.0, &[0.0, 1.0]),
        (Min, &[1.0, NAN], 1.0, &[1.0, 0.0]),
        (Max, &[NAN, NAN], NAN, &[NAN, NAN]),
        (Clamp, &[0.0, 0.0, 1.0], 0.0, &[0.0]),
        (Clamp, &[1.0, 0.0, 1.0], 1.0, &[0.0]),
        (Clamp, &[0.5, 0.0, 1.0], 0.5, &[1.0]),
        (Clamp, &[NAN, 0.0, 1.0], NAN, &[NAN]),
        (Clamp, &[INF, -INF, INF], INF, &[0.0]),
        (Copysign, &[0.0, -1.0], -0.0, &[0.0, 0.0]),
        (Copysign, &[2.0, -0.0], -2.0, &[-1.0, 0.0]),
    ]);
}

#[test]
fn variable_bounds_share_with_what_they_hold() {
    let tape = Tape::new();
    let [x, low, high] = tape.var_array([1.0, 1.0, 3.0]);
    let clamped = x.clamp(low, high);
    assert_eq!(clamped.gradients().wrt(&[x, low, high]), [0.5, 0.5, 0.0]);
}

#[test]
fn a_selection_hands_its_derivative_to_the_number_taken() {
    check(&[
        (SelectLess, &[1.0, 2.0, 3.0, 4.0], 3.0, &[0.0, 0.0, 1.0, 0.0]),
        (SelectLess, &[2.0, 1.0, 3.0, 4.0], 4.0, &[0.0, 0.0, 0.0, 1.0]),
        (SelectLess, &[1.0, 1.0, 3.0, 4.0], 4.0, &[0.0, 0.0, 0.0, 1.0]),
        (SelectLess, &[-0.0, 0.0, 3.0, 4.0], 4.0, &[0.0, 0.0, 0.0, 1.0]),
        (SelectLess, &[NAN, 1.0, 3.0, 4.0], 4.0, &[0.0, 0.0, 0.0, 1.0]),
        (SelectLess, &[1.0, NAN, 3.0, 4.0], 4.0, &[0.0, 0.0, 0.0, 1.0]),
        (SelectLessOrEqual, &[1.0, 1.0, 3.0, 4.0], 3.0, &[0.0, 0.0, 1.0, 0.0]),
        (SelectLessOrEqual, &[-0.0, 0.0, 3.0, 4.0], 3.0, &[0.0, 0.0, 1.0, 0.0]),
        (SelectLessOrEqual, &[NAN, NAN, 3.0, 4.0], 4.0, &[0.0, 0.0, 0.0, 1.0]),
        (SelectEqual, &[INF, INF, 3.0, 4.0], 3.0, &[0.0, 0.0, 1.0, 0.0]),
        (SelectEqual, &[0.0, -0.0, 3.0, 4.0], 3.0, &[0.0, 0.0, 1.0, 0.0]),
        (SelectEqual, &[NAN, NAN, 3.0, 4.0], 4.0, &[0.0, 0.0, 0.0, 1.0]),
        // What is not taken passes nothing on, and what is taken is handed on as it is.
        (SelectLess, &[1.0, 2.0, 3.0, NAN], 3.0, &[0.0, 0.0, 1.0, 0.0]),
        (SelectLess, &[1.0, 2.0, -0.0, INF], -0.0, &[0.0, 0.0, 1.0, 0.0]),
        (SelectLess, &[1.0, 2.0, NAN, 4.0], NAN, &[NAN, NAN, NAN, NAN]),
    ]);
}

#[test]
fn jumps_have_the_derivative_beside_them() {
    check(&[
        (Signum, &[0.0], 1.0, &[0.0]),
        (Signum, &[-0.0], -1.0, &[0.0]),
        (Round, &[2.5], 3.0, &[0.0]),
        (Round, &[-2.5], -3.0, &[0.0]),
        (Floor, &[2.0], 2.0, &[0.0]),
        (Ceil, &[2.0], 2.0, &[0.0]),
        (Trunc, &[-INF], -INF, &[0.0]),
        (Fract, &[2.0], 0.0, &[1.0]),
        (Fract, &[INF], NAN, &[NAN]),
        (Rem, &[6.0, 2.0], 0.0, &[1.0, -3.0]),
        (Rem, &[-5.5, 2.0], -1.5, &[1.0, 2.0]),
        (Rem, &[1.0, 0.0], NAN, &[NAN, NAN]),
        (Rem, &[1.0, INF], 1.0, &[1.0, 0.0]),
    ]);
}

#[test]
fn powers_are_differentiable_where_their_limit_is() {
    check(&[
        (Powi, &[0.0, 0.0], 1.0, &[0.0]),
        (Powi, &[INF, 0.0], 1.0, &[0.0]),
        (Powi, &[NAN, 0.0], 1.0, &[0.0]),
        (Powi, &[0.0, 1.0], 0.0, &[1.0]),
        (Powi, &[0.0, -1.0], INF, &[-INF]),
        (Powi, &[-0.0, -1.0], -INF, &[-INF]),
        (Powi, &[0.0, -2.0], INF, &[-INF]),
        (Powi, &[-INF, 3.0], -INF, &[INF]),
        (Pow, &[3.0, 0.0], 1.0, &[0.0, 1.098_612_288_668_109_8]),
        (Pow, &[0.0, 0.0], 1.0, &[0.0, 0.0]),
        (Pow, &[NAN, 0.0], 1.0, &[0.0, NAN]),
        (Pow, &[0.0, 0.5], 0.0, &[INF, 0.0]),
        (Pow, &[0.0, 1.0], 0.0, &[1.0, 0.0]),
        (Pow, &[0.0, 2.0], 0.0, &[0.0, 0.0]),
        (Pow, &[0.0, -1.0], INF, &[-INF, -INF]),
        (Pow, &[-2.0, 3.0], -8.0, &[12.0, NAN]),
        (Pow, &[-2.0, 0.5], NAN, &[NAN, NAN]),
        (Pow, &[2.0, -INF], 0.0, &[0.0, 0.0]),
        (Pow, &[1.0, INF], 1.0, &[INF, 0.0]),
        (Sqrt, &[0.0], 0.0, &[INF]),
        (Sqrt, &[-0.0], -0.0, &[-INF]),
        (Sqrt, &[INF], INF, &[NAN]),
        (Sqrt, &[TINY], 2.2227587494850775e-162, &[2.2494568972715982e+161]),
        (Cbrt, &[-8.0], -2.0, &[1.0 / 12.0]),
        (Cbrt, &[0.0], 0.0, &[INF]),
        (Cbrt, &[-INF], -INF, &[NAN]),
        (Pow, &[INF, 0.5], INF, &[NAN, INF]),
        (Pow, &[INF, 2.0], INF, &[INF, INF]),
        (Pow, &[INF, -1.0], 0.0, &[0.0, 0.0]),
    ]);
}

#[test]
fn the_origin_and_infinity_have_directions() {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    check(&[
        (Hypot, &[0.0, 0.0], 0.0, &[0.0, 0.0]),
        (Hypot, &[TINY, 0.0], TINY, &[1.0, 0.0]),
        (Hypot, &[INF, 1.0], INF, &[1.0, 0.0]),
        (Hypot, &[-INF, 1.0], INF, &[-1.0, 0.0]),
        (Hypot, &[INF, NAN], INF, &[NAN, NAN]),
        (Norm, &[0.0, 0.0], 0.0, &[0.0, 0.0]),
        (Norm, &[1.0, -INF], INF, &[0.0, -1.0]),
        (Atan2, &[0.0, 0.0], 0.0, &[0.0, 0.0]),
        (Atan2, &[1.0, INF], 0.0, &[0.0, 0.0]),
        (Atan2, &[0.0, -1.0], std::f64::consts::PI, &[-1.0, 0.0]),
    ]);
    let (value, gradient) = differentiate(Hypot, &[INF, -INF]);
    assert_eq!(value, INF);
    assert!((gradient[0] - half).abs() < 1e-15 && (gradient[1] + half).abs() < 1e-15);
}

#[test]
fn saturation_gives_zero_and_poles_give_infinity() {
    check(&[
        (Tanh, &[400.0], 1.0, &[0.0]),
        (Tanh, &[-INF], -1.0, &[0.0]),
        (Sigmoid, &[-1000.0], 0.0, &[0.0]),
        (Sigmoid, &[INF], 1.0, &[0.0]),
        (Softplus, &[INF], INF, &[1.0]),
        (Softplus, &[-INF], 0.0, &[0.0]),
        (Silu, &[-INF], 0.0, &[0.0]),
        (Silu, &[INF], INF, &[1.0]),
        (Gelu, &[-INF], 0.0, &[0.0]),
        (Gelu, &[INF], INF, &[1.0]),
        (NormalPdf, &[INF], 0.0, &[0.0]),
        (NormalCdf, &[-INF], 0.0, &[0.0]),
        (Erf, &[-INF], -1.0, &[0.0]),
        (ExpM1, &[1e-12], 1.000_000_000_000_5e-12, &[1.000_000_000_001]),
        (ExpM1, &[-INF], -1.0, &[0.0]),
        (Exp, &[1000.0], INF, &[INF]),
        (Exp, &[-INF], 0.0, &[0.0]),
        (Ln, &[0.0], -INF, &[INF]),
        (Ln, &[-1.0], NAN, &[NAN]),
        (Ln, &[TINY], -744.440_071_921_381_2, &[INF]),
        (Ln1p, &[-1.0], -INF, &[INF]),
        (Asin, &[1.0], std::f64::consts::FRAC_PI_2, &[INF]),
        (Acos, &[-1.0], std::f64::consts::PI, &[-INF]),
        (Acosh, &[1.0], 0.0, &[INF]),
        (Atanh, &[1.0], INF, &[INF]),
        (Atan, &[-INF], -std::f64::consts::FRAC_PI_2, &[0.0]),
        (Asinh, &[INF], INF, &[NAN]),
        (Acosh, &[INF], INF, &[NAN]),
        (Ln, &[INF], INF, &[NAN]),
        (Sinh, &[-INF], -INF, &[INF]),
        (Sin, &[INF], NAN, &[NAN]),
        (Recip, &[0.0], INF, &[-INF]),
        (Recip, &[-0.0], -INF, &[-INF]),
        (Recip, &[MAX], 5.562_684_646_268_003e-309, &[0.0]),
        (Div, &[1.0, 0.0], INF, &[INF, -INF]),
        (Div, &[0.0, 0.0], NAN, &[NAN, NAN]),
        (Div, &[1.0, INF], 0.0, &[0.0, 0.0]),
        (Mul, &[0.0, INF], NAN, &[NAN, NAN]),
        (Mul, &[INF, 2.0], INF, &[2.0, INF]),
        (Lgamma, &[0.0], INF, &[-INF]),
        (Lgamma, &[-0.0], INF, &[INF]),
        (Lgamma, &[-1.0], INF, &[NAN]),
        (Lgamma, &[INF], INF, &[INF]),
        (Digamma, &[0.0], -INF, &[INF]),
        (Digamma, &[-1.0], NAN, &[NAN]),
        (Digamma, &[INF], INF, &[NAN]),
    ]);
}

#[test]
fn logarithms_of_exponentials_have_the_limit_at_the_ends() {
    check(&[
        (Xlogy, &[0.0, 0.0], 0.0, &[-INF, 0.0]),
        (Xlogy, &[0.0, INF], 0.0, &[INF, 0.0]),
        (Xlogy, &[0.0, -1.0], 0.0, &[0.0, 0.0]),
        (Xlogy, &[0.0, NAN], NAN, &[NAN, NAN]),
        (Xlogy, &[2.0, 0.0], -INF, &[-INF, INF]),
        (Xlogy, &[2.0, INF], INF, &[INF, NAN]),
        (Xlogy, &[2.0, -1.0], NAN, &[NAN, NAN]),
        (Xlog1py, &[0.0, -1.0], 0.0, &[-INF, 0.0]),
        (Xlog1py, &[0.0, -2.0], 0.0, &[0.0, 0.0]),
        (Xlog1py, &[0.0, INF], 0.0, &[INF, 0.0]),
        (Xlog1py, &[-2.0, INF], -INF, &[INF, NAN]),
        (Log1mExp, &[0.0], -INF, &[-INF]),
        (Log1mExp, &[-0.0], -INF, &[-INF]),
        (Log1mExp, &[1.0], NAN, &[NAN]),
        (Log1mExp, &[-INF], 0.0, &[0.0]),
        (LogSigmoid, &[-INF], -INF, &[1.0]),
        (LogSigmoid, &[INF], 0.0, &[0.0]),
        (LogCosh, &[0.0], 0.0, &[0.0]),
        (LogCosh, &[-INF], INF, &[-1.0]),
        (LogAddExp, &[INF, INF], INF, &[0.5, 0.5]),
        (LogAddExp, &[-INF, -INF], -INF, &[0.0, 0.0]),
        (LogAddExp, &[INF, -INF], INF, &[1.0, 0.0]),
        (LogAddExp, &[-INF, 0.0], 0.0, &[0.0, 1.0]),
        (LogAddExp, &[MAX, -MAX], MAX, &[1.0, 0.0]),
        (LogAddExp, &[NAN, INF], NAN, &[NAN, NAN]),
        (LogDiffExp, &[1.0, 1.0], -INF, &[INF, -INF]),
        (LogDiffExp, &[1.0, 2.0], NAN, &[NAN, NAN]),
        (LogDiffExp, &[1.0, -INF], 1.0, &[1.0, 0.0]),
        (LogDiffExp, &[INF, 1.0], INF, &[1.0, 0.0]),
        (LogDiffExp, &[INF, INF], NAN, &[NAN, NAN]),
        (LogDiffExp, &[-INF, -INF], -INF, &[0.0, 0.0]),
    ]);
}

#[test]
fn special_functions_have_the_limit_at_the_ends() {
    check(&[
        (Sinc, &[0.0], 1.0, &[0.0]),
        (Sinc, &[-0.0], 1.0, &[0.0]),
        (Sinc, &[2.0], 0.0, &[0.5]),
        (Sinc, &[-3.0], 0.0, &[1.0 / 3.0]),
        (Sinc, &[INF], 0.0, &[0.0]),
        (Erfcx, &[INF], 0.0, &[0.0]),
        (Erfcx, &[-INF], INF, &[-INF]),
        (Erfcx, &[0.0], 1.0, &[-std::f64::consts::FRAC_2_SQRT_PI]),
        (ErfInv, &[0.0], 0.0, &[0.886_226_925_452_758]),
        (ErfInv, &[1.0], INF, &[INF]),
        (ErfInv, &[-1.0], -INF, &[INF]),
        (ErfInv, &[1.5], NAN, &[NAN]),
        (LogNormalCdf, &[-INF], -INF, &[INF]),
        (LogNormalCdf, &[INF], 0.0, &[0.0]),
        (NormalQuantile, &[0.0], -INF, &[INF]),
        (NormalQuantile, &[1.0], INF, &[INF]),
        (NormalQuantile, &[0.5], 0.0, &[2.506_628_274_631_000_2]),
        (NormalQuantile, &[-0.5], NAN, &[NAN]),
        (LogBeta, &[0.0, 2.0], INF, &[-INF, 0.0]),
        (LogBeta, &[INF, 2.0], -INF, &[NAN, -INF]),
        (LogBeta, &[2.0, INF], -INF, &[-INF, NAN]),
        (LogBeta, &[-1.0, 2.0], NAN, &[NAN, NAN]),
        (GammaP, &[0.0, 1.0], 0.0, &[1.0, 0.0]),
        (GammaP, &[0.0, 0.5], 0.0, &[INF, 0.0]),
        (GammaP, &[0.0, 2.0], 0.0, &[0.0, 0.0]),
        (GammaP, &[INF, 2.0], 1.0, &[0.0, 0.0]),
        (GammaP, &[2.0, INF], 0.0, &[0.0, 0.0]),
        (GammaP, &[0.0, 0.0], NAN, &[NAN, NAN]),
        (GammaP, &[-1.0, 2.0], NAN, &[NAN, NAN]),
        (GammaP, &[1.0, -2.0], NAN, &[NAN, NAN]),
        (GammaQ, &[0.0, 1.0], 1.0, &[-1.0, 0.0]),
        (GammaQ, &[INF, 2.0], 0.0, &[0.0, 0.0]),
        (BetaInc, &[0.0, 1.0, 3.0], 0.0, &[3.0, 0.0, 0.0]),
        (BetaInc, &[0.0, 0.5, 3.0], 0.0, &[INF, 0.0, 0.0]),
        (BetaInc, &[1.0, 2.0, 1.0], 1.0, &[2.0, 0.0, 0.0]),
        (BetaInc, &[0.5, INF, 2.0], 0.0, &[0.0, 0.0, 0.0]),
        (BetaInc, &[0.5, 2.0, INF], 1.0, &[0.0, 0.0, 0.0]),
        (BetaInc, &[0.5, 0.0, 2.0], 1.0, &[0.0, -0.193_147_180_559_945_31, 0.0]),
        (BetaInc, &[0.5, -0.0, 2.0], 1.0, &[0.0, -0.193_147_180_559_945_31, 0.0]),
        (BetaInc, &[0.5, 2.0, 0.0], 0.0, &[0.0, 0.0, 0.193_147_180_559_945_31]),
        (BetaInc, &[0.5, 0.0, 0.0], NAN, &[NAN, NAN, NAN]),
        (BetaInc, &[1.5, 2.0, 2.0], NAN, &[NAN, NAN, NAN]),
    ]);
}

#[test]
fn the_incomplete_gamma_function_at_a_parameter_of_zero_has_the_exponential_integral_as_slope() {
    let (value, slope) = super::slope(|a| Var::constant(2.0).gamma_q(a), 0.0);
    assert_eq!(value, 0.0);
    // E1(2), by mpmath.
    assert!((slope - 0.048_900_510_708_061_12).abs() < 2e-17, "{slope}");
}

/// They were asked for by loops that count a negative parameter up to where a series holds.
#[test]
fn the_incomplete_gamma_functions_have_no_value_for_negative_parameters() {
    for a in [-0.5, -3.0, -1e9, -1e300, -f64::INFINITY] {
        for x in [0.0, 2.0, 1e300] {
            let (value, slope) = super::slope(|a| Var::constant(x).gamma_p(a), a);
            assert!(value.is_nan() && slope.is_nan(), "P({a}, {x}) is {value} with {slope}");
            let hessian = wengert::hessian(|v| v[0].gamma_q(v[1]), &[x, a]);
            assert!(hessian.iter().flatten().all(|h| h.is_nan()), "{hessian:?}");
        }
    }
    let (value, slope) = super::slope(|a| Var::constant(2.0).gamma_q(a), -0.0);
    assert_eq!((value, slope), super::slope(|a| Var::constant(2.0).gamma_q(a), 0.0));
}

#[test]
fn empty_lists_have_the_neutral_element() {
    type List = (OpKind, f64);
    let lists: [List; 6] =
        [(Sum, 0.0), (Product, 1.0), (Mean, NAN), (Dot, 0.0), (SquaredNorm, 0.0), (Norm, 0.0)];
    for (kind, value) in lists.into_iter().chain([(LogSumExp, -INF), (LinearCombination, 0.0)]) {
        let empty: Var<'_> = Var::try_apply(kind, &[]).expect("an empty list is a list");
        assert!(is_same(empty.value(), value), "{kind} of nothing is {}", empty.value());
    }
    let tape = Tape::new();
    let x = tape.var(3.0);
    for y in [x.polynomial(&[]), x.horner(&[])] {
        assert_eq!((y.value(), y.gradients()[x]), (0.0, 0.0));
    }
}

#[test]
fn reductions_have_the_limit_at_zeros_and_infinities() {
    check(&[
        (Product, &[0.0, 2.0, 3.0], 0.0, &[6.0, 0.0, 0.0]),
        (Product, &[0.0, 0.0, 3.0], 0.0, &[0.0, 0.0, 0.0]),
        (LogSumExp, &[INF, 0.0], INF, &[1.0, 0.0]),
        (LogSumExp, &[INF, INF], INF, &[0.5, 0.5]),
        (LogSumExp, &[-INF, 0.0], 0.0, &[0.0, 1.0]),
        (LogSumExp, &[-INF, -INF], -INF, &[0.0, 0.0]),
        (LogSumExp, &[NAN, 0.0], NAN, &[NAN, NAN]),
        (LogSumExp, &[MAX, -MAX], MAX, &[1.0, 0.0]),
        (Sum, &[INF, -INF], NAN, &[NAN, NAN]),
        (Mean, &[INF, 1.0], INF, &[0.5, 0.5]),
        (Sum, &[-0.0], -0.0, &[1.0]),
    ]);
}

#[test]
fn comparisons_with_nan_are_false() {
    let tape = Tape::new();
    let [x, nan] = tape.var_array([1.0, NAN]);
    for result in [nan == nan, nan < x, nan > x, nan <= x, nan >= x, x < nan, nan == 1.0, 1.0 < nan]
    {
        assert!(!result);
    }
    assert!(nan != nan && x.partial_cmp(&nan).is_none());
    assert_eq!(tape.len(), 2, "a comparison records nothing");
}

#[track_caller]
fn check(points: &[Point]) {
    for &(kind, arguments, value, derivatives) in points {
        let (ours, gradient) = differentiate(kind, arguments);
        assert!(is_same(ours, value), "{kind}{arguments:?} is {ours:?}");
        let same = all_same(&gradient, derivatives);
        assert!(same, "the gradient of {kind}{arguments:?} is {gradient:?}");
    }
}
