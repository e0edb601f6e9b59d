//! The derivative of a function as a function: first, second and third derivatives of everything
//! against the sweeps, dual numbers, and dual numbers within each other.

mod alone;
mod conventions;
mod lengths;
mod programs;

use crate::expression::{
    Expression, INPUTS, expression, expression_of, operations, point, smooth_expression,
};
use crate::support::cases;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use wengert::{Batch, Dual, Function, OpKind, Scalar, Var, VectorAs, select};

type Dual2 = Dual<Dual>;
type Dual3 = Dual<Dual2>;

/// The values of a function of any number of outputs.
fn values(f: &Function, x: &[f64]) -> Vec<f64> {
    let mut values = vec![0.0; f.num_outputs()];
    f.values(&mut f.workspace(), x, &mut values).expect("the path is the same");
    values
}

fn gradient(f: &Function, x: &[f64]) -> Vec<f64> {
    let mut gradient = vec![0.0; f.num_variables()];
    f.gradient(&mut f.workspace(), x, &mut gradient).expect("the path is the same");
    gradient
}

fn hessian(f: &Function, x: &[f64]) -> Vec<f64> {
    let mut hessian = vec![0.0; f.num_variables() * f.num_variables()];
    f.hessian(&mut f.dual_workspace(), x, &mut hessian).expect("the path is the same");
    hessian
}

/// An input with tangents along three of the inputs.
fn lifted(x: &[f64], along: [usize; 3]) -> Vec<Dual3> {
    let part = |i: usize, k: usize| if along[k] == i { 1.0 } else { 0.0 };
    let first = |i: usize| Dual::new(x[i], part(i, 0));
    let second = |i: usize| Dual::new(first(i), Dual::new(part(i, 1), 0.0));
    let zero = Dual2::constant(Dual::constant(0.0));
    let third = |i: usize| Dual::new(second(i), Dual { value: Dual::new(part(i, 2), 0.0), ..zero });
    (0..x.len()).map(third).collect()
}

fn evaluate<F: Scalar>(e: &Expression, inputs: Vec<F>) -> F {
    e.record(&inputs.into_iter().map(wengert::Var::constant).collect::<Vec<_>>()).value()
}

/// All third derivatives, by dual numbers within dual numbers within dual numbers.
fn thirds(e: &Expression, x: &[f64]) -> Vec<f64> {
    let along = |i, j, k| evaluate(e, lifted(x, [i, j, k])).tangent.tangent.tangent;
    let n = x.len();
    (0..n * n * n).map(|at| along(at / (n * n), at / n % n, at % n)).collect()
}

/// Holds one list of derivatives against another, up to rounding of the largest.
#[track_caller]
fn check(what: &str, found: &[f64], known: &[f64], tolerance: f64) {
    assert_eq!(found.len(), known.len(), "{what}");
    let scale = known.iter().fold(1.0, |scale: f64, x| scale.max(x.abs()));
    for (&a, &b) in found.iter().zip(known) {
        let is_same = a == b || (a.is_nan() && b.is_nan());
        assert!(is_same || (a - b).abs() <= tolerance * scale, "{what}: {found:?}, {known:?}");
    }
}

/// First, second and third derivatives through functions of functions of a function; whether they
/// are of a size to be compared.
fn check_orders(e: &Expression, at: &[f64], x: &[f64]) -> bool {
    let f = Function::record(at, |x| e.record(x));
    let known = hessian(&f, x);
    let third = thirds(e, x);
    let all = known.iter().chain(&third).chain(&gradient(&f, x)).fold(0.0, |a: f64, b| a + b.abs());
    if !all.is_finite() || all > 1e6 {
        return false;
    }
    let g = f.gradient_function().unwrap();
    check("gradient", &values(&g, x), &gradient(&f, x), 1e-12);
    let both = f.value_and_gradient_function().unwrap();
    check("value and gradient", &values(&both, x)[1..], &gradient(&f, x), 1e-12);
    let h = g.jacobian_function().unwrap();
    check("Hessian", &values(&h, x), &known, 1e-9);
    let mut rows = vec![0.0; known.len()];
    g.jacobian(&mut g.workspace(), x, &mut rows).unwrap();
    check("sweeps of the gradient", &rows, &known, 1e-9);
    let t = h.jacobian_function().unwrap();
    check("third derivatives", &values(&t, x), &third, 1e-6);
    true
}

#[test]
fn every_operation_has_derivatives_of_three_orders() {
    let mut runner = TestRunner::deterministic();
    for kind in operations() {
        let mut compared = 0;
        for _ in 0..8 {
            let tree = expression_of(kind).new_tree(&mut runner).unwrap().current();
            let (at, x) = (point().new_tree(&mut runner), point().new_tree(&mut runner));
            let [at, x] = [at, x].map(|tree| tree.unwrap().current());
            compared += usize::from(check_orders(&tree, &at, &x));
        }
        assert!(compared >= 3, "{kind} was compared at {compared} points");
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn functions_of_functions_of_functions(e in smooth_expression(), at in point(), x in point()) {
        check_orders(&e, &at, &x);
    }

    #[test]
    fn gradients_are_those_of_the_sweep_at_kinks_too(
        e in expression(), at in point(), x in point(),
    ) {
        let f = Function::record(&at, |x| e.record(x));
        let known = gradient(&f, &x);
        prop_assume!(known.iter().all(|d| d.abs() < 1e9));
        check("gradient", &values(&f.gradient_function().unwrap(), &x), &known, 1e-12);
    }

    #[test]
    fn tangents_are_those_of_dual_numbers(e in smooth_expression(), at in point(), x in point(), v in point()) {
        let f = Function::record(&at, |x| e.record(x));
        let mut known = [0.0];
        f.jvp(&mut f.dual_workspace(), &x, &v, &mut known).unwrap();
        prop_assume!(known[0].abs() < 1e9);
        let along = f.jvp_function(VectorAs::Variables).unwrap();
        check("tangent", &values(&along, &[x, v].concat()), &known, 1e-11);
        prop_assert_eq!(along.num_variables(), 2 * INPUTS);
    }
}

#[test]
fn zeros_infinities_and_nan_are_as_in_the_sweep() {
    type Body = for<'t> fn(&[Var<'t>]) -> Var<'t>;
    let bodies: [(Body, &[f64]); 9] = [
        // A masked root, whose slope is infinite.
        (|x| x[0].sqrt() * 0.0 + x[1], &[0.0, 1.0]),
        (|x| select(x[0].less(0.0), (-x[0]).sqrt(), x[0] * x[1]), &[0.0, 2.0]),
        (|x| (x[0] * x[0]).sqrt() + x[1], &[0.0, 1.0]),
        (|x| x[0].abs() + x[1].max(x[0]), &[0.0, 0.0]),
        (|x| Var::norm(x), &[0.0, 0.0]),
        // Beside a value that is lost, every derivative is.
        (|x| x[0].ln() * 0.0 + x[1], &[-1.0, 1.0]),
        (|x| x[0].floor() + x[1], &[f64::NAN, 1.0]),
        (|x| (x[0].exp() + 1.0).ln() + x[1].recip(), &[800.0, 1.0]),
        (|x| Var::log_sum_exp(x), &[f64::INFINITY, 1.0]),
    ];
    for (body, at) in bodies {
        let f = Function::record(&[0.5, 0.25], body);
        let found = values(&f.gradient_function().unwrap(), at);
        check(&format!("{at:?}"), &found, &gradient(&f, at), 1e-14);
    }
}

/// Sums of the chain rule of every length, alone and side by side, with signs: where one product of
/// each is 0 · ∞, the others are what is left, one by one as in a batch.
#[test]
fn a_zero_times_infinity_leaves_the_rest_of_its_sum() {
    let sizes = [(1, 2), (1, 3), (1, 7), (3, 12), (5, 2), (5, 11), (9, 3), (9, 4), (20, 2)];
    for (roots, terms) in sizes {
        let width = 1 + terms;
        let start: Vec<f64> = (0..roots * width).map(|i| 2.0 + terms as f64 + i as f64).collect();
        let f = Function::record(&start, |x| {
            let term = |k: usize, t: usize| {
                let x = &x[k * width..][..width];
                let term = x[1 + t] * (x[0] - t as f64).sqrt();
                if (k + t) % 3 == 1 { -term } else { term }
            };
            let all = (0..roots).flat_map(|k| (0..terms).map(move |t| (k, t)));
            all.map(|(k, t)| term(k, t)).sum()
        });
        let derived = f.gradient_function().unwrap();
        // A root of 0 beside a factor of 0, and all others as they come.
        let last = terms - 1;
        let entry = |i: usize| match i % width {
            0 => last as f64,
            t if t == width - 1 => 0.0,
            _ => 0.5 + (i as f64).sin(),
        };
        let zeros: Vec<f64> = (0..start.len()).map(entry).collect();
        let lost: Vec<f64> = zeros.iter().map(|&x| if x == 0.0 { f64::NAN } else { x }).collect();
        let known = gradient(&f, &zeros);
        assert!(known.iter().all(|x| x.is_finite()), "{known:?}");
        let points = [start, zeros, lost];
        let mut rows = vec![0.0; 3 * known.len()];
        let all = points.concat();
        let batch = Batch::new(3).variables(&all);
        derived.batch_values(&mut derived.batch_workspace(), &batch, &mut rows).unwrap();
        for (x, row) in points.iter().zip(rows.chunks(known.len())) {
            let found = values(&derived, x);
            check(&format!("{roots} sums of {terms}"), &found, &gradient(&f, x), 1e-14);
            let bits = |row: &[f64]| row.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert!(bits(row) == bits(&found) || row.iter().any(|x| x.is_nan()));
        }
    }
}

#[test]
fn guards_keep_their_lines_and_outcomes() {
    let f = Function::record(&[2.0], |x| if x[0] > 1.0 { x[0] * x[0] } else { x[0] });
    let g = f.gradient_function().unwrap();
    let known = f.value(&mut f.workspace(), &[0.0]).unwrap_err();
    let found = g.values(&mut g.workspace(), &[0.0], &mut [0.0]).unwrap_err();
    assert_eq!(found.to_string(), known.to_string());
    assert!(found.to_string().contains("derived.rs"), "{found}");
}

#[test]
fn a_function_with_paths_has_a_gradient_with_paths() {
    let paths = Function::builder()
        .record_paths(&[2.0], 4, |x, _| vec![if x[0] > 1.0 { x[0].powi(3) } else { 5.0 * x[0] }]);
    let g = paths.gradient_function().unwrap();
    let h = g.gradient_function().unwrap();
    assert_eq!(values(&g, &[2.0]), [12.0]);
    assert_eq!(values(&g, &[0.5]), [5.0]);
    assert_eq!((values(&h, &[2.0]), values(&h, &[0.5])), (vec![12.0], vec![0.0]));
    assert_eq!((g.recordings(), h.recordings()), (2, 2));
}

#[test]
fn a_derived_function_is_saved_batched_and_traced_as_any_other() {
    let f = Function::record(&[0.5, 1.5, 2.5], |x| {
        Var::log_sum_exp(x) * x[0].tanh() + Var::norm(x) / x[1].max(x[2])
    });
    let g = f.value_and_gradient_function().unwrap();
    let points = [0.1, 0.2, 0.3, 1.0, 2.0, 3.0, -1.0, 0.5, 0.25];
    let loaded =
        [Function::from_bytes(&g.to_bytes()).unwrap(), Function::from_json(&g.to_json()).unwrap()];
    let mut rows = vec![0.0; 12];
    let batch = Batch::new(3).variables(&points);
    g.batch_values(&mut g.batch_workspace(), &batch, &mut rows).unwrap();
    for (x, row) in points.chunks(3).zip(rows.chunks(4)) {
        let known = values(&g, x);
        assert_eq!(row, known);
        loaded.iter().for_each(|f| assert_eq!(values(f, x), known));
    }
    let trace = g.trace(&[0.1, 0.2, 0.3]).unwrap();
    assert!(trace.operations().any(|step| step.kind() == Some(OpKind::Derivative)));
}

#[test]
fn an_order_that_no_rule_has_is_refused() {
    let mut f = Function::record(&[0.5], |x| x[0].gelu());
    for _ in 0..4 {
        f = f.gradient_function().unwrap();
    }
    let error = f.gradient_function().unwrap_err();
    assert!(error.to_string().contains("above 4"), "{error}");
    let mut power = Function::record(&[0.5], |x| x[0].powf(6.5));
    for _ in 0..9 {
        power = power.gradient_function().unwrap();
    }
    // 6.5·5.5 … (−1.5)·x^(−2.5)
    let factors: f64 = (0..9).map(|k| 6.5 - f64::from(k)).product();
    check("ninth", &values(&power, &[0.5]), &[factors * 0.5_f64.powf(-2.5)], 1e-13);
}

/// Tangents and products with the Hessian of many samples at once, against each by itself.
#[test]
fn batches_have_tangents_and_second_derivatives() {
    let loss =
        Function::builder().data(&[1.0, 2.0]).record_with_data(&[0.5, 0.1, 0.2], |w, point| {
            let x = w[0] * point[0] + w[1];
            Var::log_sum_exp(&[x, w[2], w[0] * w[1]]) + (x.tanh() - point[1]).powi(2) * w[2].exp()
        });
    let along = loss.jvp_function(VectorAs::Variables).unwrap();
    let (weights, v) = ([0.4, -0.3, 0.7], [1.0, -2.0, 0.5]);
    let samples = 1000;
    let points: Vec<f64> = (0..2 * samples).map(|i| (i as f64 * 0.7).sin()).collect();
    let shared = [weights, v].concat();
    let batch = Batch::new(samples).shared_variables(&shared).data(&points);
    let (mut tangents, mut found) = (vec![0.0; samples], [0.0; 6]);
    let mut alone = along.batch_workspace();
    along.batch_values(&mut alone, &batch, &mut tangents).unwrap();
    along.batch_gradient(&mut alone, &batch, &mut found, &mut []).unwrap();
    let mut by_threads = [0.0; 6];
    let mut threads = along.batch_workspace().parallel();
    along.batch_gradient(&mut threads, &batch, &mut by_threads, &mut []).unwrap();
    assert_eq!(by_threads, found, "the same bits");

    let (mut dual, mut known) = (loss.dual_workspace(), [0.0; 6]);
    for (point, &tangent) in points.chunks(2).zip(&tangents) {
        let (mut product, mut gradient, mut one) = ([0.0; 3], [0.0; 3], [0.0]);
        let inputs = (&weights, point);
        loss.jvp(&mut dual, inputs, &v, &mut one).unwrap();
        assert!((tangent - one[0]).abs() <= 1e-13 * (1.0 + one[0].abs()), "{tangent} and {one:?}");
        loss.value_gradient_and_hessian_vector_product(
            &mut dual,
            inputs,
            &v,
            &mut gradient,
            &mut product,
        )
        .unwrap();
        known.iter_mut().zip(product.iter().chain(&gradient)).for_each(|(sum, x)| *sum += x);
    }
    for (a, b) in found.iter().zip(known) {
        assert!((a - b).abs() <= 1e-10 * (1.0 + b.abs()), "{found:?} and {known:?}");
    }
}
