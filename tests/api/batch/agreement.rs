//! Values and gradients of random programs, and sums over the samples.

use super::oracle::{Samples, entangled, loss, number, numbers, tree};
use crate::expression::point;
use crate::function::program::{self, Step, all, record, special_point};
use crate::function::support::{all_same, cast, is_same, record_with};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Function, Optimise, Real, Var};

fn check_values<F: Real>(steps: &[Step], at: &[f64], points: &[Vec<f64>]) {
    let points: Vec<Vec<F>> = points.iter().map(|x| cast(x)).collect();
    let samples = Samples::apart(&points);
    for optimise in [Optimise::none(), Optimise::all()] {
        let f = record_with(optimise, &cast::<F>(at), |x| record(steps, x));
        let mut values = vec![F::zero(); points.len() * f.num_outputs()];
        f.batch_values(&mut f.batch_workspace(), &samples.batch(), &mut values).unwrap();
        all_same(&values, &samples.values(&f));
    }
}

fn check_gradients<F: Real>(steps: &[Step], at: &[f64], points: &[Vec<f64>]) {
    let points: Vec<Vec<F>> = points.iter().map(|x| cast(x)).collect();
    let samples = Samples::apart(&points);
    for optimise in [Optimise::none(), Optimise::all()] {
        let f = record_with(optimise, &cast::<F>(at), |x| vec![record(steps, x)[0]]);
        let (values, rows) = batch_gradients(&f, &samples);
        let (known_values, known_rows) = samples.gradients(&f);
        all_same(&values, &known_values);
        all_same(&rows, &known_rows);
    }
}

fn check_jacobians<F: Real>(steps: &[Step], at: &[f64], points: &[Vec<f64>]) {
    let points: Vec<Vec<F>> = points.iter().map(|x| cast(x)).collect();
    let samples = Samples::apart(&points);
    for optimise in [Optimise::none(), Optimise::all()] {
        let f = record_with(optimise, &cast::<F>(at), |x| record(steps, x));
        let (values, jacobians) = batch_jacobians(&f, &samples);
        all_same(&values, &samples.values(&f));
        all_same(&jacobians, &samples.jacobians(&f));
    }
}

pub(super) fn batch_jacobians<F: Real>(f: &Function<F>, samples: &Samples<F>) -> (Vec<F>, Vec<F>) {
    let mut values = vec![F::nan(); samples.count * f.num_outputs()];
    let mut jacobians = vec![F::nan(); values.len() * f.num_variables()];
    let mut workspace = f.batch_workspace();
    f.batch_jacobians(&mut workspace, &samples.batch(), &mut values, &mut jacobians).unwrap();
    (values, jacobians)
}

pub(super) fn batch_gradients<F: Real>(f: &Function<F>, samples: &Samples<F>) -> (Vec<F>, Vec<F>) {
    let mut values = vec![F::nan(); samples.count];
    let mut rows = vec![F::nan(); samples.count * f.num_variables()];
    let mut workspace = f.batch_workspace();
    f.batch_gradients(&mut workspace, &samples.batch(), &mut values, &mut rows).unwrap();
    (values, rows)
}

fn points() -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop_oneof![2 => point(), 1 => special_point()], 1..20)
}

/// So few steps that no instruction has operations enough to be taken in packs: where it has,
/// a single evaluation adds what flows into one variable in another order.
const FEW: usize = 4;

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn values_have_the_bits_of_those_one_by_one(
        steps in program::program(all()),
        (at, points) in (point(), points()),
    ) {
        check_values::<f64>(&steps, &at, &points);
        check_values::<f32>(&steps, &at, &points);
    }

    #[test]
    fn gradients_have_the_bits_of_those_one_by_one(
        steps in program::program(all()),
        (at, points) in (point(), points()),
    ) {
        let steps = &steps[..steps.len().min(FEW)];
        check_gradients::<f64>(steps, &at, &points);
        check_gradients::<f32>(steps, &at, &points);
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn jacobians_have_the_bits_of_those_one_by_one(
        steps in program::program(all()),
        (at, points) in (point(), points()),
    ) {
        let steps = &steps[..steps.len().min(FEW)];
        check_jacobians::<f64>(steps, &at, &points);
        check_jacobians::<f32>(steps, &at, &points);
    }
}

/// Shared and own variables and data, in more than one leaf, and no outputs at all.
#[test]
fn jacobians_have_a_row_for_each_output() {
    for outputs in [0, 1, 3] {
        let f = Function::builder().data(&[1.0, 2.0]).record_many_with_data(&[0.5; 3], |x, d| {
            let all = [x[0] * x[1] + d[0], (x[2] * d[1]).sin(), x[1] / x[2]];
            all[..outputs].to_vec()
        });
        let samples = Samples::of(300, [1, 2], [1, 1]);
        let (values, jacobians) = batch_jacobians(&f, &samples);
        assert_eq!(jacobians.len(), 300 * outputs * 3);
        all_same(&values, &samples.values(&f));
        all_same(&jacobians, &samples.jacobians(&f));
    }
}

/// Outputs that are inputs, constants or each other leave nothing behind for the next sample.
#[test]
fn jacobians_of_outputs_that_compute_nothing() {
    let f = Function::builder().data(&[2.0]).record_many_with_data(&[0.5, 1.5], |x, d| {
        let product = x[0] * x[1];
        vec![x[0], d[0], Var::constant(3.0), product, product, x[0]]
    });
    for count in [0, 1, 16, 17, 300] {
        let samples = Samples::of(count, [1, 1], [0, 1]);
        let (values, jacobians) = batch_jacobians(&f, &samples);
        if count > 0 {
            all_same(&values, &samples.values(&f));
            all_same(&jacobians, &samples.jacobians(&f));
        }
    }
}

/// What flows into one variable from many operations of one kind is added in another order.
#[test]
fn gradients_of_many_like_operations_differ_by_rounding_only() {
    for optimise in [Optimise::none(), Optimise::all()] {
        let builder = Function::builder().optimise(optimise);
        let f = builder.record(&numbers(3, 1), entangled);
        let samples = Samples::<f64>::of(100, [0, 3], [0, 0]);
        let (values, rows) = batch_gradients(&f, &samples);
        let (known_values, known_rows) = samples.gradients(&f);
        all_same(&values, &known_values);
        for (row, known) in rows.iter().zip(&known_rows) {
            assert!((row - known).abs() <= 1e-14 * (1.0 + known.abs()), "{row} is not {known}");
        }
    }
}

fn sums_are_those_of_the_tree<F: Real>(count: usize) {
    let (f, samples) = (loss::<F>(), Samples::<F>::of(count, [3, 0], [1, 2]));
    let mut shared = [F::nan(); 3];
    let mut workspace = f.batch_workspace();
    let sum = f.batch_gradient(&mut workspace, &samples.batch(), &mut shared, &mut []).unwrap();
    let (values, rows) = samples.gradients(&f);
    assert!(is_same(sum, tree(&values)), "{sum} of {count} samples");
    for (k, &shared) in shared.iter().enumerate() {
        let column: Vec<F> = rows.iter().skip(k).step_by(3).copied().collect();
        assert!(is_same(shared, tree(&column)), "∂{k} of {count} samples is {shared}");
        let naive = column.iter().fold(F::zero(), |sum, &x| sum + x);
        let size = column.iter().fold(F::zero(), |sum, &x| sum + x.abs());
        // Both orders err by less than half a unit for each addition.
        let bound = F::epsilon() * number_of(count) * size;
        assert!((shared - naive).abs() <= bound, "∂{k} of {count} samples: {shared}, {naive}");
    }
}

fn number_of<F: Real>(count: usize) -> F {
    F::from(count).expect("a small number")
}

#[test]
fn sums_over_samples_are_those_of_the_tree() {
    for count in [1, 2, 8, 15, 16, 17, 255, 256, 257, 511, 512, 513, 768, 1000, 1280, 2049, 3000] {
        sums_are_those_of_the_tree::<f64>(count);
        sums_are_those_of_the_tree::<f32>(count);
    }
}

/// Where a variable has several terms in a sample, each is a term of the sum over samples.
#[test]
fn sums_of_several_terms_a_sample_are_right() {
    let f = Function::record(&numbers(3, 1), entangled);
    let samples = Samples::of(700, [2, 1], [0, 0]);
    let (mut shared, mut each) = ([0.0; 2], vec![0.0; 700]);
    let mut workspace = f.batch_workspace();
    let sum = f.batch_gradient(&mut workspace, &samples.batch(), &mut shared, &mut each).unwrap();
    let (values, rows) = batch_gradients(&f, &samples);
    assert!(is_same(sum, tree(&values)));
    all_same(&each, &rows.iter().skip(2).step_by(3).copied().collect::<Vec<_>>());
    for (k, shared) in shared.into_iter().enumerate() {
        let column = rows.iter().skip(k).step_by(3);
        let size: f64 = column.clone().map(|x: &f64| x.abs()).sum();
        assert!((shared - column.sum::<f64>()).abs() <= 1e-13 * size, "∂{k} is {shared}");
    }
}

#[test]
fn the_oracle_adds_as_written_here() {
    let terms: Vec<f64> = numbers(17, 1);
    let four = |at: usize| (terms[at] + terms[at + 1]) + (terms[at + 2] + terms[at + 3]);
    let first = ((terms[0] + terms[16]) + terms[1]) + (terms[2] + terms[3]);
    assert_eq!(tree(&terms), (first + four(4)) + (four(8) + four(12)));
    let two: Vec<f64> = (0..257).map(number).collect();
    assert_eq!(tree(&two), tree(&two[..256]) + two[256]);
    let five: Vec<f64> = (0..1025).map(number).collect();
    let (four, last) = (&five[..1024], five[1024]);
    let halves = tree(&four[..512]) + tree(&four[512..]);
    assert_eq!(tree(&five), halves + last);
}
