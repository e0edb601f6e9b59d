//! Second derivatives: every rule is differentiated again when the scalar is a dual number.

use crate::apply;
use wengert::{Dual, OpKind, hessian};

/// Moderate points; those outside an operation's domain are skipped.
const POINTS: [f64; 8] = [-2.3, -0.9, -0.37, 0.21, 0.83, 1.3, 2.4, 6.1];

/// The step of the central difference, (3ε)^(1/3) with unit scale: truncation and rounding then
/// balance (Press et al., "Numerical Recipes", 5.7).
const STEP: f64 = 1e-5;

/// What truncation leaves, h²/6 of the gradient's third derivative. At a distance d from a pole
/// that is some 12/d² times the second derivative's, and digamma is asked at d = 0.1: 2·10⁻⁸.
/// Rounding (ε/h) leaves less.
const TOLERANCE: f64 = 1e-7;

#[test]
fn second_derivatives_of_one_variable_are_differences_of_the_first() {
    let unary = |kind: &&OpKind| {
        let leaf = matches!(kind, OpKind::Input | OpKind::Constant);
        !leaf && !apply::is_reduction(**kind) && is_of(**kind, 1)
    };
    for &kind in OpKind::ALL.iter().filter(unary) {
        let checked = POINTS.iter().filter(|&&x| check(kind, &[x])).count();
        assert!(checked >= 1, "{kind} has no point in its domain");
    }
}

#[test]
fn second_derivatives_of_two_variables_are_differences_of_the_first() {
    let binary = |kind: &&OpKind| !apply::is_reduction(**kind) && is_of(**kind, 2);
    for &kind in OpKind::ALL.iter().filter(binary).filter(|&&kind| kind != OpKind::Powi) {
        let pairs = POINTS.iter().flat_map(|&x| POINTS.iter().map(move |&y| [x, y]));
        let smooth = pairs.filter(|[x, y]| (x - y).abs() > 0.1);
        assert!(smooth.filter(|pair| check(kind, pair)).count() > 10, "{kind} has few points");
    }
}

#[test]
fn second_derivatives_of_lists_are_differences_of_the_first() {
    use OpKind as K;
    for kind in [K::Sum, K::Product, K::Mean, K::Dot, K::SquaredNorm, K::Norm, K::LogSumExp] {
        assert!(check(kind, &[0.3, -1.2, 0.7, 2.1]), "{kind}");
    }
    for kind in [K::SelectLess, K::SelectLessOrEqual, K::SelectEqual] {
        assert!(check(kind, &[-1.2, 0.3, 0.7, 2.1]), "{kind}");
    }
    assert!(check(K::Horner, &[0.3, -1.2, 0.7, 2.1]) && check(K::MulAdd, &[0.3, -1.2, 0.7]));
}

#[test]
fn known_second_derivatives_come_out() {
    let second =
        |f: for<'t> fn(wengert::Var<'t>) -> wengert::Var<'t>, x| hessian(|v| f(v[0]), &[x])[0][0];
    let expected = [
        (second(|x| x.powi(5), 1.5), 20.0 * 1.5_f64.powi(3)),
        (second(|x| x.powi(2), 0.0), 2.0),
        (second(|x| x.powf(3.0), 1.5), 9.0),
        (second(|x| x.polynomial(&[1.0, 2.0, 3.0, 4.0]), 2.0), 54.0),
        (second(|x| x.sin(), 1.0), -1.0_f64.sin()),
        (second(|x| x.tanh(), 30.0), -8.0 * (-60.0_f64).exp()),
        (second(|x| (x * x).sqrt(), 3.0), 0.0),
        (second(|x| x.abs(), 0.0), 0.0),
        (second(|x| x.clamp(0.0, 1.0), 0.5), 0.0),
    ];
    for (i, (ours, known)) in expected.into_iter().enumerate() {
        assert!((ours - known).abs() <= 1e-14 * known.abs().max(1e-300), "row {i}: {ours} {known}");
    }
}

fn is_of(kind: OpKind, arity: usize) -> bool {
    let arguments = vec![wengert::Var::<f64>::constant(1.0); arity];
    wengert::Var::try_apply(kind, &arguments).is_ok()
}

/// Compares the Hessian, column by column, with central differences of the gradient; false if
/// the point is outside the domain.
fn check(kind: OpKind, x: &[f64]) -> bool {
    let varies = vec![true; x.len()];
    let (value, _) = apply::reverse(kind, x, &varies);
    if !value.is_finite() || apply::reverse(kind, x, &varies).1.iter().any(|g| !g.is_finite()) {
        return false;
    }
    for along in 0..x.len() {
        let seed = |(i, &x): (usize, &f64)| Dual::new(x, if i == along { 1.0 } else { 0.0 });
        let duals: Vec<Dual> = x.iter().enumerate().map(seed).collect();
        let (_, gradient) = apply::reverse(kind, &duals, &varies);
        let (above, below) = (shifted(kind, x, along, STEP), shifted(kind, x, along, -STEP));
        for i in 0..x.len() {
            let second = gradient[i].tangent;
            let difference = (above[i] - below[i]) / (2.0 * STEP);
            let scale = 1.0 + second.abs() + gradient[i].value.abs();
            let close = (second - difference).abs() <= TOLERANCE * scale;
            assert!(close, "∂{i}∂{along} of {kind}{x:?}: {second} and {difference}");
        }
    }
    true
}

/// The gradient beside the point.
fn shifted(kind: OpKind, x: &[f64], along: usize, step: f64) -> Vec<f64> {
    let mut x = x.to_vec();
    x[along] += step;
    apply::reverse(kind, &x, &vec![true; x.len()]).1
}
