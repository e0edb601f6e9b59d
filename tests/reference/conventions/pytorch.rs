//! PyTorch's answers beside ours: the same, unless a table says what ours is and why.

use super::{all_same, differentiate, is_same, slope};
use serde_json::Value;
use wengert::{OpKind, Var, gradient};

/// PyTorch's own errors are larger than ours (its trigamma is right to 10 digits); conventions
/// show well above this.
const TOLERANCE: f64 = 1e-9;

/// A case in which we answer otherwise.
struct Difference {
    case: &'static str,
    value: f64,
    gradient: &'static [f64],
    reason: &'static str,
}

/// One line a difference.
const fn differs(
    case: &'static str,
    value: f64,
    gradient: &'static [f64],
    reason: &'static str,
) -> Difference {
    Difference { case, value, gradient, reason }
}

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

const NAN_OUTPUT: &str = "the derivative of a NaN is NaN, so that it cannot go unseen";
const NAN_IGNORED: &str = "`max` and `min` of floats ignore a NaN";
const OVERFLOWED: &str = "the infinity stands for what overflowed, and its slope for what is lost";
const ZERO_WINS: &str = "in the chain rule 0 · ∞ is 0: a branch not used passes nothing on";

const DIFFERENCES: &[Difference] = &[
    differs("abs(nan,)", NAN, &[NAN], NAN_OUTPUT),
    differs("relu(nan,)", NAN, &[NAN], NAN_OUTPUT),
    differs("log(-1.0,)", NAN, &[NAN], NAN_OUTPUT),
    differs("log(inf,)", INF, &[NAN], OVERFLOWED),
    differs("sqrt(inf,)", INF, &[NAN], OVERFLOWED),
    differs("div(0.0, 0.0)", NAN, &[NAN, NAN], NAN_OUTPUT),
    differs("mul_zero_inf(0.0, inf)", NAN, &[NAN, NAN], NAN_OUTPUT),
    differs("max(nan, 1.0)", 1.0, &[0.0, 1.0], NAN_IGNORED),
    differs("max(1.0, nan)", 1.0, &[1.0, 0.0], NAN_IGNORED),
    differs("min(nan, 1.0)", 1.0, &[0.0, 1.0], NAN_IGNORED),
    differs("min(1.0, nan)", 1.0, &[1.0, 0.0], NAN_IGNORED),
    differs("where_masked_sqrt(0.0,)", 0.0, &[0.0], ZERO_WINS),
    differs("where_masked_sqrt(-1.0,)", 0.0, &[0.0], ZERO_WINS),
    differs("zero_times_sqrt0(0.0,)", 0.0, &[0.0], ZERO_WINS),
    differs(
        "hypot(0.0, 0.0)",
        0.0,
        &[0.0, 0.0],
        "the subgradient of least norm, as PyTorch itself has it for `norm`",
    ),
    differs(
        "hypot(inf, 1.0)",
        f64::INFINITY,
        &[1.0, 0.0],
        "the limit: an infinite component outweighs a finite one",
    ),
    differs(
        "logsumexp(-inf, -inf)",
        f64::NEG_INFINITY,
        &[0.0, 0.0],
        "e^x is 0 for each, and no small step changes that",
    ),
    differs(
        "logsumexp(inf, 0.0)",
        f64::INFINITY,
        &[1.0, 0.0],
        "the limit: the infinite operand has all the weight",
    ),
    differs(
        "cbrt_by_pow(-8.0,)",
        -2.0,
        &[1.0 / 12.0],
        "PyTorch has no cube root; floats have one, also of negative numbers",
    ),
    differs(
        "remainder(-5.5, 2.0)",
        -1.5,
        &[1.0, 2.0],
        "Rust's `%` rounds the quotient towards zero, as PyTorch's `fmod`",
    ),
    differs("round(2.5,)", 3.0, &[0.0], "Rust's `round` takes halves away from zero"),
    differs("sign(0.0,)", 1.0, &[0.0], "Rust's `signum` tells the sign bit"),
    differs(
        "tanh(20.0,)",
        1.0,
        &[1.699_341_702_116_635_6e-17],
        "the derivative is tiny and not yet 0",
    ),
];

#[test]
fn answers_are_those_of_pytorch_or_listed_with_a_reason() {
    let text = include_str!("../pytorch.json");
    let document: Value = serde_json::from_str(text).expect("the file is JSON");
    let cases = document["cases"].as_object().expect("cases by name");
    let mut faults = Vec::new();
    for (case, answer) in cases {
        let theirs = (number(&answer["value"]), numbers(&answer["grads"]));
        faults.extend(compare(case, theirs).err());
    }
    for Difference { case, reason, .. } in DIFFERENCES {
        assert!(cases.contains_key(*case), "PyTorch was not asked for {case}");
        assert!(!reason.is_empty());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Holds our answer against theirs, or against the listed one where there is one.
fn compare(case: &str, theirs: (f64, Vec<f64>)) -> Result<(), String> {
    let ours = answer(case);
    let agrees =
        is_close(ours.0, theirs.0) && ours.1.iter().zip(&theirs.1).all(|(&a, &b)| is_close(a, b));
    match DIFFERENCES.iter().find(|difference| difference.case == case) {
        Some(_) if agrees => Err(format!("{case}: listed as different, and is the same")),
        Some(listed) if is_same(listed.value, ours.0) && all_same(listed.gradient, &ours.1) => {
            Ok(())
        }
        None if agrees => Ok(()),
        _ => Err(format!("{case}: ours {ours:?}, PyTorch's {theirs:?}")),
    }
}

fn is_close(a: f64, b: f64) -> bool {
    is_same(a, b) || (a - b).abs() <= TOLERANCE * b.abs()
}

fn number(json: &Value) -> f64 {
    match json {
        Value::String(name) => name.parse().expect("inf, -inf or nan"),
        _ => json.as_f64().expect("a number"),
    }
}

fn numbers(json: &Value) -> Vec<f64> {
    json.as_array().expect("a list of derivatives").iter().map(number).collect()
}

/// Our answer to a case such as `max(1.0, nan)`.
fn answer(case: &str) -> (f64, Vec<f64>) {
    let (name, arguments) = case.strip_suffix(')').and_then(|c| c.split_once('(')).expect("a call");
    let fields = arguments.split(',').map(str::trim).filter(|field| !field.is_empty());
    let arguments: Vec<f64> = fields.map(|field| field.parse().expect("a number")).collect();
    if let Some(exponent) = name.strip_prefix("pow_int") {
        let exponent = exponent.parse().expect("an integer");
        return of_one(|x| x.powi(exponent), &arguments);
    }
    match name {
        "cbrt_by_pow" => of_one(|x| x.cbrt(), &arguments),
        "pow_half" => of_one(|x| x.powf(0.5), &arguments),
        "clamp01" => of_one(|x| x.clamp(0.0, 1.0), &arguments),
        "zero_times_sqrt0" => of_one(|x| 0.0 * x.sqrt(), &arguments),
        "where_masked_sqrt" => of_one(root_of_positive, &arguments),
        _ => differentiate(kind(name), &arguments),
    }
}

fn of_one(f: impl for<'t> Fn(Var<'t>) -> Var<'t>, arguments: &[f64]) -> (f64, Vec<f64>) {
    let (value, derivative) = slope(f, arguments[0]);
    (value, vec![derivative])
}

/// The root is computed in any case, and used where x is positive.
fn root_of_positive(x: Var<'_>) -> Var<'_> {
    let root = x.sqrt();
    if x > 0.0 { root } else { 0.0.into() }
}

/// Our operation for PyTorch's function.
fn kind(name: &str) -> OpKind {
    match name {
        "pow_vv" => OpKind::Pow,
        "log" => OpKind::Ln,
        "log1p" => OpKind::Ln1p,
        "sign" => OpKind::Signum,
        "frac" => OpKind::Fract,
        "fmod" | "remainder" => OpKind::Rem,
        "mul_zero_inf" => OpKind::Mul,
        "logsumexp" => OpKind::LogSumExp,
        "prod" => OpKind::Product,
        _ => OpKind::from_name(name).unwrap_or_else(|| panic!("no operation {name}")),
    }
}

#[test]
fn a_neuron_has_the_gradient_that_pytorch_found() {
    let text = include_str!("../pytorch.json");
    let document: Value = serde_json::from_str(text).expect("the file is JSON");
    for run in ["neuron_b_float64", "neuron_b_through_float32"] {
        let theirs = &document[run];
        let b = number(&theirs["b_used"]);
        let ours =
            gradient(|v| (v[0] * v[2] + v[1] * v[3] + v[4]).tanh(), &[2.0, 0.0, -3.0, 1.0, b]);
        for (name, ours) in ["x1", "x2", "w1", "w2", "b"].into_iter().zip(ours) {
            let expected = number(&theirs[name]);
            assert!((ours - expected).abs() <= 1e-15 * expected.abs(), "{run} {name}: {ours}");
        }
    }
}
