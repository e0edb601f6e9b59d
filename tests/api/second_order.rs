//! Second derivatives: a tape of dual numbers, and the doors, against each other and by hand.

use crate::expression::{expression, point, smooth_expression};
use crate::support::{all_near, cases, near, same};
use proptest::prelude::*;
use wengert::{Dual, Tape, Var, hessian, hessian_vector_product};

/// The gradient of `f` and its Hessian times `v`, by one sweep over a tape of dual numbers.
fn by_tape<F>(f: F, x: &[f64], v: &[f64]) -> (Vec<f64>, Vec<f64>)
where
    F: for<'t> Fn(&[Var<'t, Dual>]) -> Var<'t, Dual>,
{
    let tape = Tape::<Dual>::default();
    let seeded: Vec<Dual> = x.iter().zip(v).map(|(&x, &v)| Dual::new(x, v)).collect();
    let inputs = tape.vars(&seeded);
    let adjoints = f(&inputs).gradients().wrt(&inputs);
    adjoints.into_iter().map(|adjoint| (adjoint.value, adjoint.tangent)).unzip()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Checks a function of two variables, given over both scalars, against its Hessian by hand.
macro_rules! has_hessian {
    (|$x:ident, $y:ident| $f:expr, at ($a:expr, $b:expr): $xx:expr, $xy:expr, $yy:expr) => {{
        fn f<'t, F: wengert::Scalar>(x: &[Var<'t, F>]) -> Var<'t, F> {
            let [$x, $y] = [x[0], x[1]];
            $f
        }
        let (point, tolerance) = ([$a, $b], 1e-14);
        let rows = hessian(f, &point);
        all_near(&rows[0], &[$xx, $xy], tolerance);
        all_near(&rows[1], &[$xy, $yy], tolerance);
        let v = [0.5, -3.0];
        let expected = [$xx * v[0] + $xy * v[1], $xy * v[0] + $yy * v[1]];
        all_near(&by_tape(f, &point, &v).1, &expected, 10.0 * tolerance);
        all_near(&hessian_vector_product(f, &point, &v).unwrap().1, &expected, 10.0 * tolerance);
    }};
}

#[test]
fn hessians_are_those_of_the_book() {
    let (a, b) = (0.7_f64, 1.3_f64);
    let e = (a * b).exp();
    let (r, l) = (a.hypot(b), (a / b).atan());
    has_hessian!(|x, y| x * x * y, at (a, b): 2.0 * b, 2.0 * a, 0.0);
    has_hessian!(|x, y| (x * y).exp(), at (a, b): b * b * e, (1.0 + a * b) * e, a * a * e);
    has_hessian!(|x, y| x / y, at (a, b): 0.0, -1.0 / (b * b), 2.0 * a / (b * b * b));
    has_hessian!(|x, y| x.sin() * y.ln(), at (a, b):
        -a.sin() * b.ln(), a.cos() / b, -a.sin() / (b * b));
    has_hessian!(|x, y| x.hypot(y), at (a, b):
        b * b / r.powi(3), -a * b / r.powi(3), a * a / r.powi(3));
    has_hessian!(|x, y| Var::norm(&[x, y]), at (a, b):
        b * b / r.powi(3), -a * b / r.powi(3), a * a / r.powi(3));
    has_hessian!(|x, y| x.powf(y), at (a, b):
        b * (b - 1.0) * a.powf(b - 2.0),
        a.powf(b - 1.0) * (1.0 + b * a.ln()),
        a.powf(b) * a.ln().powi(2));
    has_hessian!(|x, y| x.atan2(y), at (a, b):
        -2.0 * l.sin() * l.cos() / (r * r),
        (a * a - b * b) / r.powi(4),
        2.0 * l.sin() * l.cos() / (r * r));
    has_hessian!(|x, y| x.mul_add(y, x) + y.relu() + x.abs(), at (a, b): 0.0, 1.0, 0.0);
}

#[test]
fn the_hessian_of_log_sum_exp_is_the_covariance_of_the_softmax() {
    let x = [0.5, -1.0, 2.0, 0.0];
    let weights = wengert::gradient(|x| Var::log_sum_exp(x), &x);
    for (i, row) in hessian(|x| Var::log_sum_exp(x), &x).iter().enumerate() {
        for (j, &second) in row.iter().enumerate() {
            let diagonal = if i == j { weights[i] } else { 0.0 };
            near(second, diagonal - weights[i] * weights[j], 1e-15);
        }
    }
}

#[test]
fn a_product_with_zeros_has_its_hessian() {
    let rows = hessian(|x| Var::product(x), &[0.0, 0.0, 5.0]);
    assert_eq!(rows, [[0.0, 5.0, 0.0], [5.0, 0.0, 0.0], [0.0; 3]]);
}

#[test]
fn a_hessian_is_symmetric_to_the_last_bit() {
    let x = [0.3, 1.7, -0.4, 2.2];
    let rows = hessian(|x| (x[0] * x[1]).sin() * (x[2] / x[3]).exp() + Var::norm(x), &x);
    for (i, row) in rows.iter().enumerate() {
        for (j, &second) in row.iter().enumerate() {
            same(second, rows[j][i]);
        }
    }
}

#[test]
fn third_derivatives_come_from_a_tape_of_duals_of_duals() {
    let tape = Tape::<Dual<Dual>>::default();
    let inner = Dual::new(2.0, 1.0);
    let x = tape.var(Dual::new(inner, Dual::constant(1.0)));
    let third = (x * x * x * x).gradients()[x].tangent.tangent;
    assert_eq!(third, 48.0);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_tape_of_dual_numbers_finds_what_the_door_finds(e in expression(), x in point(), v in point()) {
        let (gradient, product) = by_tape(|inputs| e.record(inputs), &x, &v);
        let door = hessian_vector_product(|inputs| e.record(inputs), &x, &v).unwrap();
        gradient.iter().zip(&door.0).for_each(|(&a, &b)| same(a, b));
        product.iter().zip(&door.1).for_each(|(&a, &b)| same(a, b));
    }

    #[test]
    fn the_gradient_along_the_way_is_the_gradient(e in smooth_expression(), x in point()) {
        let (along, _) = hessian_vector_product(|inputs| e.record(inputs), &x, &[1.0; 3]).unwrap();
        let gradient = wengert::gradient(|inputs| e.record(inputs), &x);
        let scale = gradient.iter().fold(1.0, |scale: f64, g| scale.max(g.abs()));
        prop_assume!(scale.is_finite());
        along.iter().zip(&gradient).for_each(|(a, g)| near(a / scale, g / scale, 1e-12));
    }

    #[test]
    fn the_hessian_is_symmetric_from_either_side(
        e in smooth_expression(),
        x in point(),
        (u, v) in (point(), point()),
    ) {
        let along = |v: &[f64]| by_tape(|inputs| e.record(inputs), &x, v).1;
        let (left, right) = (dot(&along(&u), &v), dot(&u, &along(&v)));
        let scale: f64 = along(&[1.0, 1.0, 1.0]).iter().chain(&along(&u)).map(|h| h.abs()).sum();
        prop_assume!(scale.is_finite());
        prop_assert!((left - right).abs() <= 1e-7 * (1.0 + scale), "{left} is not {right}");
    }
}
