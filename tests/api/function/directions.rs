//! Many directions at once find what one finds.

use super::support::{optimisers, record_with};
use crate::expression::{expression, point};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Error, Function, Mode, Var};

/// Equal as numbers, or both NaN.
#[track_caller]
fn same(ours: &[f64], known: &[f64]) {
    let agree = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
    assert!(ours.len() == known.len() && ours.iter().zip(known).all(agree), "{ours:?} {known:?}");
}

/// Every direction of several passes against each by itself.
fn check(f: &Function, x: &[f64], count: usize) -> Result<(), Error> {
    let (n, m) = (f.num_variables(), f.num_outputs());
    let entry = |i: usize| [1.0, 0.0, -0.5, 0.0, 2.0, 1.0, 0.25][i % 7];
    let mut dual = f.dual_workspace();
    let vectors: Vec<f64> = (0..count * n).map(entry).collect();
    let mut products = vec![f64::NAN; count * m];
    f.jvp_many(&mut dual, x, count, &vectors, &mut products)?;
    let mut one = vec![0.0; m];
    for (v, products) in vectors.chunks(n).zip(products.chunks(m)) {
        f.jvp(&mut dual, x, v, &mut one)?;
        same(products, &one);
    }
    let weights: Vec<f64> = (0..count * m).map(entry).collect();
    let mut products = vec![f64::NAN; count * n];
    f.vjp_many(&mut dual, x, count, &weights, &mut products)?;
    let mut one = vec![0.0; n];
    let mut again = vec![0.0; n];
    for (v, products) in weights.chunks(m).zip(products.chunks(n)) {
        f.vjp_many(&mut dual, x, 1, v, &mut one)?;
        same(products, &one);
        f.vjp(&mut f.workspace(), x, v, &mut again)?;
        let scale = again.iter().fold(1e-300, |a: f64, b| a.max(b.abs()));
        for (a, b) in one.iter().zip(&again) {
            let is_near = (a - b).abs() <= 1e-9 * scale || !scale.is_finite();
            assert!(is_near || a.is_nan() && b.is_nan(), "{one:?} {again:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn lanes_are_directions(e in expression(), (at, x) in (point(), point()), count in 0_usize..20) {
        for optimise in optimisers() {
            let f = record_with(optimise, &at, |x| {
                let y = e.record(x);
                vec![y, x[0] * y, x[1]]
            });
            if let Err(error) = check(&f, &x, count) {
                prop_assert!(error.is_guard());
            }
        }
    }
}

/// A function with lists of every kind, which have kernels of their own.
fn lists<'t>(x: &[Var<'t>]) -> Var<'t> {
    let products: Vec<_> = (0..20).map(|i| x[i % 3] * x[(i + 1) % 3]).collect();
    let long = Var::dot(&products[..9], &products[9..18]);
    Var::log_sum_exp(&products) + Var::norm(&products) + Var::sum(&products).sin() + long.sqrt()
}

#[test]
fn products_with_the_hessian_are_its_rows_combined() {
    let (x, n, count) = ([0.7, 1.3, 2.1], 3, 11);
    for optimise in optimisers() {
        let f = Function::builder().optimise(optimise).record(&x, lists);
        let mut workspace = f.dual_workspace();
        let mut hessian = [0.0; 9];
        f.hessian(&mut workspace, &x, &mut hessian).unwrap();
        let vectors: Vec<f64> = (0..count * n).map(|i| (i as f64).sin()).collect();
        let mut products = vec![0.0; count * n];
        f.hessian_vector_product_many(&mut workspace, &x, count, &vectors, &mut products).unwrap();
        let (mut gradient, mut product) = ([0.0; 3], [0.0; 3]);
        for (v, many) in vectors.chunks(n).zip(products.chunks(n)) {
            let value = f
                .value_gradient_and_hessian_vector_product(
                    &mut workspace,
                    &x,
                    v,
                    &mut gradient,
                    &mut product,
                )
                .unwrap();
            same(many, &product);
            let mut known = [0.0; 3];
            let known_value = f.value_and_gradient(&mut f.workspace(), &x, &mut known).unwrap();
            assert_eq!(value, known_value);
            for j in 0..n {
                assert!((gradient[j] - known[j]).abs() <= 1e-12 * known[j].abs());
                let row = &hessian[j * n..][..n];
                let sum: f64 = row.iter().zip(v).map(|(h, v)| h * v).sum();
                assert!((sum - many[j]).abs() <= 1e-11 * (1.0 + sum.abs()), "{sum} {}", many[j]);
            }
        }
    }
}

#[test]
fn a_jacobian_comes_from_the_shorter_side() {
    fn wide<'t>(x: &[Var<'t>]) -> Var<'t> {
        x[0].sin() * x[9] + x[4]
    }
    let x: Vec<f64> = (1..=10).map(f64::from).collect();
    for (mode, outputs) in [(Mode::Forward, 12), (Mode::Reverse, 10), (Mode::Reverse, 1)] {
        let f = Function::record_many(&x, |x| (0..outputs).map(|k| wide(x) * x[k % 10]).collect());
        let (mut lanes, mut known) = (vec![f64::NAN; 10 * outputs], vec![0.0; 10 * outputs]);
        assert_eq!(f.jacobian_in_lanes(&mut f.dual_workspace(), &x, &mut lanes), Ok(mode));
        f.jacobian(&mut f.workspace(), &x, &mut known).unwrap();
        for (a, b) in lanes.iter().zip(&known) {
            assert!((a - b).abs() <= 1e-14 * b.abs(), "{a} {b}");
        }
    }
}

#[test]
fn the_hessian_of_a_weighted_sum_is_that_of_a_lagrangian() {
    fn outputs<'t>(x: &[Var<'t>]) -> (Var<'t>, Var<'t>) {
        (x[0] * x[1] * x[2], x[0].exp() * x[2])
    }
    let f = Function::record_many(&[1.0, 2.0, 3.0], |x| {
        let (a, b) = outputs(x);
        vec![a, b, x[1]]
    });
    let (x, weights) = ([0.5, -1.0, 2.0], [2.0, -3.0, 7.0]);
    let mut ours = [0.0; 9];
    f.weighted_hessian(&mut f.dual_workspace(), &x, &weights, &mut ours).unwrap();
    let known = wengert::hessian(
        |x| {
            let (a, b) = outputs(x);
            2.0 * a - 3.0 * b + 7.0 * x[1]
        },
        &x,
    );
    for (a, b) in ours.iter().zip(known.iter().flatten()) {
        assert!((a - b).abs() < 1e-14, "{a} {b}");
    }
}

#[test]
fn a_wrong_length_is_told() {
    let f = Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1], x[0], x[1]]);
    let (mut w, x) = (f.dual_workspace(), [1.0, 2.0]);
    let two = [0.0; 2];
    let text = |result: Result<(), Error>| result.unwrap_err().to_string();
    assert_eq!(
        text(f.jvp_many(&mut w, &x, 2, &two, &mut [0.0; 6])),
        "the slice of vectors has length 2, wanted is 4"
    );
    assert_eq!(
        text(f.vjp_many(&mut w, &x, 2, &[0.0; 6], &mut [0.0; 2])),
        "the slice for the products has length 2, wanted is 4"
    );
    assert_eq!(
        text(f.weighted_hessian(&mut w, &x, &two, &mut [0.0; 4])),
        "the slice of weights has length 2, wanted is 3"
    );
    let error = f.hessian_vector_product_many(&mut w, &x, 1, &two, &mut [0.0; 2]).unwrap_err();
    assert!(error.to_string().contains("outputs"), "{error}");
    assert!(f.jvp_many(&mut w, &x, usize::MAX, &[], &mut []).is_err());
    // None is a number of directions too.
    assert_eq!(f.jvp_many(&mut w, &x, 0, &[], &mut []), Ok(()));
}

/// With one variable and one output, every direction is a multiple of one; by itself, and as an
/// operation of a function of several.
#[test]
fn a_function_of_one_variable_takes_several_directions() {
    let f = Function::record(&[0.5], |x| x[0].sin() * x[0]);
    let calls = Function::record(&[0.5, 0.6, 0.7], |x| {
        let call = |x| f.call_as_one(&[x], &[]).expect("it compares nothing")[0];
        call(x[0] * x[1]) * call(x[2])
    });
    for count in [1, 2, 3, 4, 5, 8, 9, 17] {
        check(&f, &[0.7], count).unwrap();
        check(&calls, &[0.7, 0.8, -0.9], count).unwrap();
        let (mut many, mut one) = (vec![7.0; count], [7.0]);
        let (workspace, vectors) = (&mut f.dual_workspace(), vec![0.5; count]);
        f.hessian_vector_product_many(workspace, &[0.7], count, &vectors, &mut many).unwrap();
        f.hessian_vector_product(workspace, &[0.7], &[0.5], &mut one).unwrap();
        same(&many, &one.repeat(count));
    }
}
