//! What is answered at kinks, poles, infinities and NaN: the tests of `docs/CONVENTIONS.md`.

use crate::apply;
use wengert::{OpKind, Tape, Var};

mod differences;
mod expressions;
mod points;
mod pytorch;
mod sweeps;

/// Numbers at which functions tend to be special.
const SPECIAL: [f64; 14] = [
    f64::NEG_INFINITY,
    f64::MIN,
    -2.0,
    -1.0,
    -0.5,
    -5e-324,
    -0.0,
    0.0,
    5e-324,
    0.5,
    1.0,
    2.0,
    f64::INFINITY,
    f64::NAN,
];

/// Equal numbers, zeros of either sign, or both NaN.
fn is_same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

fn all_same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| is_same(a, b))
}

/// The value and gradient of an operation, all its arguments variables but an exponent.
fn differentiate(kind: OpKind, arguments: &[f64]) -> (f64, Vec<f64>) {
    let constant_bounds = kind == OpKind::Clamp || kind == OpKind::Powi;
    let varies: Vec<bool> = (0..arguments.len()).map(|i| i == 0 || !constant_bounds).collect();
    let (value, gradient) = apply::reverse(kind, arguments, &varies);
    let taken = gradient.iter().zip(&varies).filter(|(_, varies)| **varies);
    (value, taken.map(|(&derivative, _)| derivative).collect())
}

/// The value and derivative of a function of one variable, by a reverse sweep.
fn slope(f: impl for<'t> Fn(Var<'t>) -> Var<'t>, x: f64) -> (f64, f64) {
    let tape = Tape::new();
    let x = tape.var(x);
    let y = f(x);
    (y.value(), y.gradients()[x])
}
