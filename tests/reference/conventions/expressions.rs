//! Expressions in which zeros, infinities and NaN meet in the chain rule.

use super::is_same;
use num_traits::Float;
use wengert::{Dual, Number, Tape, Var};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// An expression in x, at a point.
struct Expression {
    text: &'static str,
    reverse: for<'t> fn(Var<'t>) -> Var<'t>,
    dual: fn(Dual) -> Dual,
    at: f64,
    value: f64,
    /// The derivative in reverse.
    slope: f64,
    /// The derivative by tangents.
    forward: f64,
}

/// Makes a row of each line: an expression, where, its value and its derivative; and, where
/// forward mode finds another one, that too.
macro_rules! expressions {
    ($($x:ident => $e:expr; $at:expr => $value:expr, $slope:expr $(, $forward:expr)?;)*) => {
        [$(Expression {
            text: stringify!($e),
            reverse: |$x| $e,
            dual: |$x| $e,
            at: $at,
            value: $value,
            slope: $slope,
            forward: [$slope $(, $forward)?].into_iter().last().unwrap_or(NAN),
        }),*]
    };
}

#[test]
fn zero_stops_infinity_and_not_nan() {
    check(&expressions! {
        x => 0.0 * x.sqrt(); 0.0 => 0.0, 0.0;
        x => (x * x).sqrt(); 0.0 => 0.0, 0.0;
        x => x.abs().sqrt(); 0.0 => 0.0, 0.0;
        x => x * x.ln(); 0.0 => NAN, NAN;
        x => x.ln() * 0.0; -1.0 => NAN, NAN;
        x => x.ln() * 0.0; 0.0 => NAN, NAN;
        x => x.recip().powi(0); 0.0 => 1.0, 0.0;
        x => x.recip().floor(); 0.0 => INF, 0.0;
        x => Float::powf(x * x, 0.5.into()); 0.0 => 0.0, 0.0;
        x => 2.0 / x; 4.0 => 0.5, -0.125;
        x => 2.0 / x; INF => 0.0, 0.0;
        x => x + INF; 1.0 => INF, 1.0;
        x => x - x; INF => NAN, NAN;
        x => Float::powf(x, 0.0.into()); -3.0 => 1.0, 0.0;
        x => Float::powf(x, 2.0.into()); -3.0 => 9.0, -6.0;
        x => (-(x * x)).exp(); 1e200 => 0.0, 0.0;
    });
}

#[test]
fn nan_on_the_way_is_seen_in_the_result_or_in_no_result() {
    check(&expressions! {
        // The operand that `max` ignores has a NaN tangent, which the zero partial stops.
        x => Float::max(x.ln(), 1.0.into()); -1.0 => 1.0, 0.0;
        x => Float::min(x.ln(), 1.0.into()); -1.0 => 1.0, 0.0;
        // The same with a power that is 1 whatever its base.
        x => x.ln().powi(0); -1.0 => 1.0, 0.0;
        // A mask over a value that is fine though its tangent is ∞ − ∞.
        x => 0.0 * (x.sqrt() - x.sqrt()); 0.0 => 0.0, 0.0;
        // A derivative that is lost, and a step that passes nothing on.
        x => x.sqrt().floor() * 2.0; 0.0 => 0.0, 0.0;
    });
}

#[test]
fn what_overflowed_has_no_derivative_of_zero() {
    check(&expressions! {
        x => (1.0 + x.exp()).ln(); 800.0 => INF, NAN;
        x => (1.0 + x * x).sqrt(); 1e200 => INF, NAN;
        x => x.exp().ln_1p(); 800.0 => INF, NAN;
        x => Float::powf(x.exp(), 0.5.into()); 800.0 => INF, NAN;
        x => x.cosh().ln(); -800.0 => INF, NAN;
        x => Number::xlogy(2.0.into(), x.exp()); 800.0 => INF, NAN;
        x => Number::xlog1py(2.0.into(), x.exp()); 800.0 => INF, NAN;
        x => Number::log_beta(x.exp(), 2.0.into()); 800.0 => -INF, NAN;
        // Values that are not lost keep their derivatives, also behind an overflow.
        x => (1.0 + (-x).exp()).recip(); -800.0 => 0.0, 0.0;
        x => x.exp().atan(); 800.0 => std::f64::consts::FRAC_PI_2, 0.0;
        x => Float::hypot(x * x, 1.0.into()); 1e200 => INF, 2e200;
        // So do branches that do not count.
        x => Float::min((1.0 + x.exp()).ln(), x); 800.0 => 800.0, 1.0;
        x => (x.exp().sqrt()).tanh(); 1600.0 => 1.0, 0.0;
        x => Number::xlogy(0.0.into(), x.exp()); 800.0 => 0.0, 0.0;
    });
}

/// An infinite derivative of one of several powers has its share, and does not cancel with itself.
#[test]
fn an_infinite_derivative_goes_through_a_sum_of_powers() {
    check(&expressions! {
        x => Number::log_sum_exp(&[x, x.asin()]); 1.0 => (1.0_f64.exp() + std::f64::consts::FRAC_PI_2.exp()).ln(), INF;
        x => Number::log_sum_exp(&[x.sqrt(), x]); 0.0 => std::f64::consts::LN_2, INF;
        x => Number::log_sum_exp(&[x.acos(), x, x]); -1.0 => 3.172_892_680_963_671_7, -INF;
    });
}

#[test]
fn directions_multiply_from_their_own_end() {
    // Forward multiplies 10²⁰⁰ by 10²⁰⁰ first, which overflows; reverse begins at the other end.
    check(&expressions! {
        x => x * 1e200 * 1e200 * 1e-300; 1e-300 => 1e-200, 1e100, INF;
    });
}

#[test]
fn a_constant_base_leaves_the_exponent_alone() {
    let (value, slope) = super::slope(|x| Var::constant(2.0).powf(x), 3.0);
    assert_eq!((value, slope), (8.0, 8.0 * 2.0_f64.ln()));
    let (value, slope) = super::slope(|x| Var::constant(0.0).powf(x), 2.0);
    assert_eq!((value, slope), (0.0, 0.0));
    let (value, slope) = super::slope(|x| Var::constant(-2.0).powf(x), 2.0);
    assert!(value == 4.0 && slope.is_nan());
}

#[test]
fn an_input_that_is_nan_has_a_nan_derivative_of_itself() {
    // Forward, the seed of an input is what the caller says it is.
    let tape = Tape::new();
    let x = tape.var(NAN);
    assert!(x.gradients()[x].is_nan());
    let tangents = tape.pushforward(&[(x, 1.0)]).expect("x is of this tape");
    assert_eq!(tangents[x], 1.0);
}

#[track_caller]
fn check(expressions: &[Expression]) {
    for expression in expressions {
        let Expression { text, at, value, slope, forward, .. } = *expression;
        let tape = Tape::new();
        let x = tape.var(at);
        let y = (expression.reverse)(x);
        let reversed = y.gradients()[x];
        let tangent = tape.pushforward(&[(x, 1.0)]).expect("x is of this tape")[y];
        let dual = (expression.dual)(Dual::variable(at));
        let all = [
            ("value", y.value(), value),
            ("reverse", reversed, slope),
            ("pushforward", tangent, forward),
            ("value of the dual", dual.value, value),
            ("tangent of the dual", dual.tangent, forward),
        ];
        for (what, ours, expected) in all {
            let close = (ours - expected).abs() <= 1e-14 * expected.abs();
            assert!(close || is_same(ours, expected), "{text} at {at}: the {what} is {ours}");
        }
    }
}
