//! Implicit functions beside the same by operations.

use wengert::check::check_operation;
use wengert::{Function, Number, Tape, Var, hessian};
use wengert_linalg::implicit;

/// Intersects a circle of radius √x₀ with the line y₁ = x₁·y₀, by Newton's method on two unknowns.
fn intersect(x: &[f64]) -> Vec<f64> {
    let slope = (x[0] / (1.0 + x[1] * x[1])).sqrt();
    let (mut y0, mut y1) = (slope + 0.1, slope * x[1] - 0.1);
    for _ in 0..50 {
        let (f, g) = (y0 * y0 + y1 * y1 - x[0], y1 - x[1] * y0);
        let det = 2.0 * y0 + 2.0 * y1 * x[1];
        let (d0, d1) = ((f - 2.0 * y1 * g) / det, (2.0 * y0 * g + x[1] * f) / det);
        (y0, y1) = (y0 - d0, y1 - d1);
    }
    vec![y0, y1]
}

fn residual() -> Function {
    Function::record_many(&[2.0, 0.5, 1.0, 0.5], |v| {
        vec![v[2].powi(2) + v[3].powi(2) - v[0], v[3] - v[1] * v[2]]
    })
}

#[test]
fn solutions_of_equations_have_both_orders() {
    let operation = implicit::solution("circle", &residual(), |x| Ok(intersect(x))).unwrap();
    let x = [2.0, 0.75];
    let report = check_operation(&operation, &x).unwrap();
    assert!(report.second.is_some() && report.is_ok(), "{report}");
    // y₀ = √(x₀/(1 + x₁²))
    let found = hessian(|x| Var::call(&operation, x)[0] * x[1], &x).concat();
    let wanted = hessian(|x| (x[0] / (x[1].powi(2) + 1.0)).sqrt() * x[1], &x).concat();
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-13, "{found} {wanted}");
    }
    let f = Function::record(&x, |x| Var::call(&operation, x)[1]);
    let mut gradient = [0.0; 2];
    f.gradient(&mut f.workspace(), &[3.0, 1.0], &mut gradient).unwrap();
    let wanted = wengert::gradient(|x| (x[0] / (x[1].powi(2) + 1.0)).sqrt() * x[1], &[3.0, 1.0]);
    assert!((gradient[0] - wanted[0]).abs() < 1e-14 && (gradient[1] - wanted[1]).abs() < 1e-14);
}

#[test]
fn minima_move_with_what_they_depend_on() {
    // y minimises (y₀ − x₀)⁴ + (y₀ − x₀)² + (y₁ − x₀·x₁)²
    let objective = Function::record(&[1.0, 2.0, 0.5, 0.5], |v| {
        let apart = v[2] - v[0];
        apart.powi(4) + apart.powi(2) + (v[3] - v[0] * v[1]).powi(2)
    });
    let solver = |x: &[f64]| Ok(vec![x[0], x[0] * x[1]]);
    let operation = implicit::argmin("minimum", &objective, 2, solver).unwrap();
    let report = check_operation(&operation, &[1.5, 2.0]).unwrap();
    assert!(report.is_ok(), "{report}");
}

#[test]
fn fixed_points_of_several_numbers() {
    let map = Function::record_many(&[0.5, 0.0, 0.0], |v| {
        vec![(v[2] * v[0]).cos(), (v[1] * v[0]).sin() + v[0]]
    });
    let operation = implicit::fixed_point("fixed", &map, |x| {
        let (mut a, mut b) = (0.0_f64, 0.0_f64);
        for _ in 0..500 {
            (a, b) = ((b * x[0]).cos(), (a * x[0]).sin() + x[0]);
        }
        Ok(vec![a, b])
    })
    .unwrap();
    let report = check_operation(&operation, &[0.4]).unwrap();
    assert!(report.is_ok(), "{report}");
}

#[test]
fn what_has_no_solution_or_no_derivative() {
    let none = implicit::solution("none", &residual(), |_| Err("there is none".into())).unwrap();
    let error = f64::try_call(&none, &[2.0, 0.5]).unwrap_err();
    assert_eq!(error.to_string(), "the operation `none` failed: there is none");
    let short = implicit::solution("short", &residual(), |_| Ok(vec![1.0])).unwrap();
    assert!(f64::try_call(&short, &[2.0, 0.5]).unwrap_err().is_operation());
    // Where F_y is singular, no number is made up.
    let tangent = implicit::solution("tangent", &residual(), |_| Ok(vec![0.0, 0.0])).unwrap();
    let tape = Tape::new();
    let x = tape.vars(&[0.0, 0.0]);
    let y = Var::call(&tangent, &x);
    assert!(y[0].gradients()[x[0]].is_nan());
}
