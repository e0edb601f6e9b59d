//! The one-call doors, against hand formulas.

use crate::support::{all_near, near, panics};
use std::cell::Cell;
use wengert::{
    Var, check_gradient, gradient, hessian, hessian_vector_product, jacobian, jvp,
    value_and_gradient, value_gradient_and_hessian_vector_product, vjp,
};

/// Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².
fn rosenbrock<'t>(x: &[Var<'t>]) -> Var<'t> {
    let term =
        |pair: &[Var<'t>]| 100.0 * (pair[1] - pair[0].powi(2)).powi(2) + (1.0 - pair[0]).powi(2);
    x.windows(2).map(term).sum()
}

fn rosenbrock_gradient(x: &[f64]) -> Vec<f64> {
    let mut gradient = vec![0.0; x.len()];
    for i in 0..x.len() - 1 {
        let gap = x[i + 1] - x[i] * x[i];
        gradient[i] -= 400.0 * gap * x[i] + 2.0 * (1.0 - x[i]);
        gradient[i + 1] += 200.0 * gap;
    }
    gradient
}

fn rosenbrock_hessian(x: &[f64]) -> Vec<Vec<f64>> {
    let mut hessian = vec![vec![0.0; x.len()]; x.len()];
    for i in 0..x.len() - 1 {
        hessian[i][i] += 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0;
        hessian[i][i + 1] -= 400.0 * x[i];
        hessian[i + 1][i] -= 400.0 * x[i];
        hessian[i + 1][i + 1] += 200.0;
    }
    hessian
}

/// (r cos φ, r sin φ, r²).
fn polar<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let [r, angle] = [x[0], x[1]];
    vec![r * angle.cos(), r * angle.sin(), r * r]
}

fn polar_jacobian(r: f64, angle: f64) -> Vec<Vec<f64>> {
    let (sin, cos) = angle.sin_cos();
    vec![vec![cos, -r * sin], vec![sin, r * cos], vec![2.0 * r, 0.0]]
}

const POINT: [f64; 4] = [-1.2, 1.0, 0.3, 2.0];

#[test]
fn rosenbrock_has_its_value_gradient_and_hessian() {
    let (value, slopes) = value_and_gradient(rosenbrock, &POINT);
    // 100·(1 − 1.44)² + 2.2² + 100·(0.3 − 1)² + 0² + 100·(2 − 0.09)² + 0.7²
    near(value, 19.36 + 4.84 + 49.0 + 364.81 + 0.49, 1e-14);
    all_near(&slopes, &rosenbrock_gradient(&POINT), 1e-14);
    assert_eq!(gradient(rosenbrock, &POINT), slopes);
    for (row, expected) in hessian(rosenbrock, &POINT).iter().zip(rosenbrock_hessian(&POINT)) {
        all_near(row, &expected, 1e-14);
    }
}

#[test]
fn a_minimum_has_gradient_zero() {
    assert_eq!(value_and_gradient(rosenbrock, &[1.0; 5]), (0.0, vec![0.0; 5]));
}

#[test]
fn a_tall_and_a_wide_jacobian_are_right() {
    let tall = jacobian(polar, &[2.0, 0.5]);
    for (row, expected) in tall.iter().zip(polar_jacobian(2.0, 0.5)) {
        all_near(row, &expected, 1e-15);
    }
    assert_eq!(tall.len(), 3);
    let wide = jacobian(|x| vec![x[0] * x[1] * x[2], x[2] + 1.0], &[2.0, 3.0, 5.0]);
    assert_eq!(wide, [[15.0, 10.0, 6.0], [0.0, 0.0, 1.0]]);
}

#[test]
fn jacobians_have_constant_and_repeated_outputs_and_inputs_as_outputs() {
    let wide = jacobian(|x| vec![x[1], x[1], Var::constant(4.0)], &[1.0, 2.0, 3.0]);
    assert_eq!(wide, [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0; 3]]);
    let tall = jacobian(|x| vec![x[0], x[0], Var::constant(4.0)], &[1.0]);
    assert_eq!(tall, [[1.0], [1.0], [0.0]]);
}

#[test]
fn products_with_the_jacobian_are_right_from_both_sides() {
    let full = polar_jacobian(2.0, 0.5);
    let values = [2.0 * 0.5_f64.cos(), 2.0 * 0.5_f64.sin(), 4.0];
    let v = [1.0, -2.0, 0.5];
    let from_left = |j: usize| (0..3).map(|i| v[i] * full[i][j]).sum::<f64>();
    let (at, product) = vjp(polar, &[2.0, 0.5], &v).unwrap();
    all_near(&at, &values, 1e-15);
    all_near(&product, &[from_left(0), from_left(1)], 1e-15);
    let v = [3.0, -1.0];
    let (at, product) = jvp(polar, &[2.0, 0.5], &v).unwrap();
    all_near(&at, &values, 1e-15);
    let from_right: Vec<f64> = full.iter().map(|row| row[0] * v[0] + row[1] * v[1]).collect();
    all_near(&product, &from_right, 1e-15);
}

#[test]
fn the_hessian_times_a_vector_is_right() {
    let v = [1.0, -2.0, 0.5, 3.0];
    let (slopes, product) = hessian_vector_product(rosenbrock, &POINT, &v).unwrap();
    all_near(&slopes, &rosenbrock_gradient(&POINT), 1e-14);
    let row = |row: &Vec<f64>| row.iter().zip(v).map(|(h, v)| h * v).sum::<f64>();
    let expected: Vec<f64> = rosenbrock_hessian(&POINT).iter().map(row).collect();
    all_near(&product, &expected, 1e-13);
    let all = value_gradient_and_hessian_vector_product(rosenbrock, &POINT, &v).unwrap();
    assert_eq!(all, (value_and_gradient(rosenbrock, &POINT).0, slopes, product));
}

#[test]
fn no_inputs_give_empty_derivatives() {
    fn three<'t>(_: &[Var<'t>]) -> Var<'t> {
        Var::constant(3.0)
    }
    assert_eq!(value_and_gradient(three, &[]), (3.0, vec![]));
    assert!(hessian(three, &[]).is_empty());
    assert_eq!(hessian_vector_product(three, &[], &[]), Ok((vec![], vec![])));
    assert_eq!(jacobian(|_| vec![Var::constant(3.0); 2], &[]), vec![Vec::<f64>::new(); 2]);
    assert_eq!(vjp(|_| vec![Var::constant(3.0)], &[], &[1.0]), Ok((vec![3.0], vec![])));
    assert_eq!(jvp(|_| vec![Var::constant(3.0)], &[], &[]), Ok((vec![3.0], vec![0.0])));
    assert!(check_gradient(three, &[]).is_ok());
    assert!(check_gradient(three, &[]).worst().is_none());
}

#[test]
fn no_outputs_give_empty_derivatives() {
    assert!(jacobian(|_| vec![], &[1.0, 2.0]).is_empty());
    assert_eq!(vjp(|_| vec![], &[1.0, 2.0], &[]), Ok((vec![], vec![0.0, 0.0])));
    assert_eq!(jvp(|_| vec![], &[1.0, 2.0], &[1.0, 1.0]), Ok((vec![], vec![])));
}

#[test]
fn the_first_of_several_inputs_is_a_function_too() {
    let x = [2.0, 3.0, 4.0];
    assert_eq!(value_and_gradient(|x| x[0], &x), (2.0, vec![1.0, 0.0, 0.0]));
    assert_eq!(jacobian(|x| vec![x[0]], &x), [[1.0, 0.0, 0.0]]);
    assert_eq!(vjp(|x| vec![x[0]], &x, &[5.0]), Ok((vec![2.0], vec![5.0, 0.0, 0.0])));
    assert_eq!(jvp(|x| vec![x[0]], &x, &[7.0, 8.0, 9.0]), Ok((vec![2.0], vec![7.0])));
    assert_eq!(hessian(|x| x[0], &x), [[0.0; 3]; 3]);
    assert!(check_gradient(|x| x[0], &x).is_ok());
}

#[test]
fn a_constant_closure_has_derivative_zero() {
    let x = [2.0, 3.0];
    fn four<'t>(_: &[Var<'t>]) -> Var<'t> {
        Var::constant(4.0)
    }
    assert_eq!(value_and_gradient(four, &x), (4.0, vec![0.0, 0.0]));
    assert_eq!(hessian(four, &x), [[0.0; 2]; 2]);
    let product = hessian_vector_product(four, &x, &[1.0, 1.0]).unwrap();
    assert_eq!(product, (vec![0.0; 2], vec![0.0; 2]));
    let all = value_gradient_and_hessian_vector_product(four, &x, &[1.0, 1.0]).unwrap();
    assert_eq!(all, (4.0, vec![0.0; 2], vec![0.0; 2]));
    assert_eq!(vjp(|_| vec![Var::constant(4.0)], &x, &[1.0]), Ok((vec![4.0], vec![0.0, 0.0])));
    assert_eq!(jvp(|_| vec![Var::constant(4.0)], &x, &x), Ok((vec![4.0], vec![0.0])));
    assert!(check_gradient(four, &x).is_ok());
}

#[test]
fn nan_reaches_every_derivative_that_depends_on_it_and_no_other() {
    // ln is NaN at −1; that 0 · NaN is the chain rule's product must not hide it.
    let is_nan = |derivatives: &[f64]| derivatives.iter().map(|d| d.is_nan()).collect::<Vec<_>>();
    let x = [-1.0, 3.0];
    let rows = jacobian(|x| vec![x[0].ln() * 0.0, x[1] * 2.0], &x);
    assert_eq!((is_nan(&rows[0]), &rows[1][..]), (vec![true, false], &[0.0, 2.0][..]));
    let tall = jacobian(|x| vec![x[0].ln() * 0.0, x[1] * 2.0, x[1]], &x);
    assert_eq!((is_nan(&tall[0]), &tall[1][..]), (vec![true, false], &[0.0, 2.0][..]));
    assert!(gradient(|x| x[0].ln() * 0.0, &x)[0].is_nan());
    assert!(jvp(|x| vec![x[0].ln() * 0.0], &x, &[1.0, 0.0]).unwrap().1[0].is_nan());
    let (slopes, product) = hessian_vector_product(|x| x[0].ln() * x[1], &x, &[1.0, 0.0]).unwrap();
    assert!(slopes[0].is_nan() && product[0].is_nan());
    assert!(!check_gradient(|x| x[0].ln() * 0.0, &x).is_ok());
}

#[test]
fn a_door_runs_its_closure_once() {
    let count = Cell::new(0);
    let called = || count.set(count.get() + 1);
    let product = |x: &[f64]| {
        hessian(
            |x| {
                called();
                x[0] * x[1]
            },
            x,
        )
    };
    assert_eq!(product(&[1.0, 2.0]), [[0.0, 1.0], [1.0, 0.0]]);
    let tall = |x: &[f64]| {
        jacobian(
            |x| {
                called();
                vec![x[0], x[1], x[0] * x[1]]
            },
            x,
        )
    };
    assert_eq!(tall(&[1.0, 2.0]), [[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]]);
    assert_eq!(count.get(), 2);
}

#[test]
fn a_panic_in_a_closure_leaves_nothing_behind() {
    panics("in the function", || gradient(|_| panic!("in the function"), &[1.0]));
    assert_eq!(gradient(|x| x[0] * x[0], &[3.0]), [6.0]);
}

#[test]
fn good_functions_pass_the_check() {
    for point in [POINT, [0.1, 0.2, 0.3, 0.4], [100.0, -50.0, 1e-3, 7.0]] {
        let report = check_gradient(rosenbrock, &point);
        assert!(report.is_ok(), "{report}");
        assert_eq!(report.inputs.len(), 4);
        assert!(report.sweep_gap() < 1e-14);
    }
    assert!(check_gradient(|x| (x[0] / x[1]).exp().tanh(), &[1.0, 2.0]).is_ok());
}

#[test]
fn a_jump_fails_the_check_and_its_input_is_named() {
    let report = check_gradient(|x| x[0] * x[2] + x[1].floor(), &[1.5, 2.0, 3.0]);
    assert!(!report.is_ok());
    assert_eq!(report.worst().unwrap().index, 1);
    assert!(report.inputs[0].excess() < 1e-6 && report.inputs[2].excess() < 1e-6);
    let text = report.to_string();
    assert!(text.contains("worst: input 1"), "{text}");
    assert_eq!(text.matches("differs").count(), 1, "{text}");
}

#[test]
fn a_kink_off_its_symmetry_fails_the_check() {
    // The derivative of relu at 0 is 0 by convention, and half a slope by differences.
    let report = check_gradient(|x| x[0] + 4.0 * x[1].relu(), &[1.0, 0.0]);
    assert!(!report.is_ok(), "{report}");
    assert_eq!(report.worst().unwrap().index, 1);
}

#[test]
fn a_function_that_hides_a_dependence_fails_the_check() {
    // What passes through a plain number is constant to the tape.
    let report = check_gradient(|x| x[0] * x[0].value() + x[1], &[3.0, 1.0]);
    assert!(!report.is_ok());
    assert_eq!(report.worst().unwrap().index, 0);
    assert_eq!((report.inputs[0].derivative, report.inputs[1].derivative), (3.0, 1.0));
    near(report.inputs[0].difference, 6.0, 1e-8);
}

#[test]
fn a_function_that_changes_between_calls_fails_the_check() {
    let calls = Cell::new(0.0);
    let report = check_gradient(
        |x| {
            calls.set(calls.get() + 1.0);
            x[0] * calls.get()
        },
        &[3.0],
    );
    assert!(!report.is_ok(), "{report}");
}

#[test]
fn a_wrong_gradient_of_any_input_is_found() {
    for wrong in 0..5 {
        let report = check_gradient(
            |x| {
                let hidden = x[wrong].value() * 1e-3;
                x.iter().sum::<Var<'_>>() + hidden
            },
            &[1.0, 2.0, 3.0, 4.0, 5.0],
        );
        assert_eq!((report.is_ok(), report.worst().unwrap().index), (false, wrong));
    }
}

#[test]
fn arrays_give_what_slices_give() {
    use wengert::{array, value_and_jacobian};
    let x = [0.7, -1.3, 2.1];
    let (values, rows) = value_and_jacobian(
        |x| vec![x[0] * x[1] + x[2].sin(), 2 * x[2], x[0] / x[1], x[2].exp()],
        &x,
    );
    let found = array::value_and_jacobian(|[x, y, z]| [x * y + z.sin(), 2 * z, x / y, z.exp()], x);
    assert_eq!((found.0.to_vec(), found.1.map(|row| row.to_vec()).to_vec()), (values, rows));
    let slopes = array::gradient(|[x, y, z]| x * y.exp() + z * z * x, x);
    assert_eq!(slopes.to_vec(), gradient(|x| x[0] * x[1].exp() + x[2] * x[2] * x[0], &x));
    let curvature = array::hessian(|[x, y, z]| x * y.exp() + z * z * x, x);
    let expected = hessian(|x| x[0] * x[1].exp() + x[2] * x[2] * x[0], &x);
    assert_eq!(curvature.map(|row| row.to_vec()).to_vec(), expected);
    assert_eq!(array::gradient(|[]| Var::constant(1.0), []), [0.0; 0]);
}

#[test]
fn values_and_jacobian_are_those_of_the_two_by_hand() {
    let (values, rows) = wengert::value_and_jacobian(|x| vec![x[0] * x[1], x[0] + 1], &[2.0, 3.0]);
    assert_eq!((values, rows), (vec![6.0, 3.0], vec![vec![3.0, 2.0], vec![1.0, 0.0]]));
    let (values, rows) = wengert::value_and_jacobian(|x| vec![x[0].powi(2), 3 * x[0]], &[2.0]);
    assert_eq!((values, rows), (vec![4.0, 6.0], vec![vec![4.0], vec![3.0]]));
}
