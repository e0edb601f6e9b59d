//! Loops whose outputs are a function of the final state.

use super::loops::path;
use crate::support::same;
use wengert::{Batch, Function, Scan, Var};

/// The same as one recording.
fn flat(steps: usize) -> Function {
    let scan = path();
    let data = vec![0.2; steps];
    Function::builder().data(&data).record_many_with_data(&[0.3, 1.2, 0.5, 0.1], |x, data| {
        scan.inline(steps, x, data).expect("there is no comparison")
    })
}

const X: [f64; 4] = [0.25, 1.1, 0.6, 0.2];

fn data(steps: usize) -> Vec<f64> {
    (0..steps).map(|i| (i as f64 * 0.7).sin()).collect()
}

#[test]
fn values_and_products_are_those_of_the_flat_function() {
    let scan = path();
    for steps in [0, 1, 2, 3, 7, 40] {
        let (flat, data) = (flat(steps), data(steps));
        let inputs = (&X[..], &data[..]);
        assert_eq!(scan.num_outputs(steps), 2);
        let (mut values, mut expected) = ([0.0; 2], [0.0; 2]);
        let mut workspace = scan.workspace(steps);
        scan.values(&mut workspace, steps, inputs, &mut values).unwrap();
        flat.values(&mut flat.workspace(), inputs, &mut expected).unwrap();
        values.into_iter().zip(expected).for_each(|(a, b)| same(a, b));
        let (mut jacobian, mut known) = ([0.0; 8], [0.0; 8]);
        scan.jacobian(&mut workspace, steps, inputs, &mut jacobian).unwrap();
        flat.jacobian(&mut flat.workspace(), inputs, &mut known).unwrap();
        for (a, b) in jacobian.into_iter().zip(known) {
            assert!((a - b).abs() <= 1e-14 * (1.0 + b.abs()), "{a} is not {b}");
        }
        if let Ok(mut tight) = scan.workspace_within(steps, 100) {
            let mut again = [0.0; 8];
            scan.jacobian(&mut tight, steps, inputs, &mut again).unwrap();
            again.into_iter().zip(jacobian).for_each(|(a, b)| same(a, b));
        }
    }
}

/// The payoff of each of many paths, and its gradient, have the bits of the path alone.
#[test]
fn batches_have_the_bits_of_single_paths() {
    let scan = Scan::builder().shared(&[0.3]).state(&[0.5]).data(&[0.2]).record_end(
        |step| vec![step.state[0] + step.shared[0] * step.data[0]],
        |end| vec![(end.state[0].exp() - 1.4).max(0.0) * end.shared[0]],
    );
    let (steps, samples) = (13, 21);
    let numbers: Vec<f64> = (0..steps * samples).map(|i| (i as f64 * 1.3).sin()).collect();
    let batch = Batch::new(samples).shared_variables(&[0.3, 0.4]).data(&numbers);
    let (mut values, mut gradients) = ([0.0; 21], [0.0; 42]);
    let mut workspace = scan.batch_workspace(steps);
    scan.batch_gradients(&mut workspace, steps, &batch, &mut values, &mut gradients).unwrap();
    let mut single = scan.workspace(steps);
    for (i, data) in numbers.chunks(steps).enumerate() {
        let mut gradient = [0.0; 2];
        let inputs = (&[0.3, 0.4][..], data);
        let value = scan.value_and_gradient(&mut single, steps, inputs, &mut gradient).unwrap();
        same(values[i], value);
        gradient.into_iter().zip(&gradients[2 * i..]).for_each(|(a, &b)| same(a, b));
    }
    let paid = values.iter().filter(|value| **value > 0.0).count();
    assert!((1..samples).contains(&paid), "{paid} of {samples}");
    let mut sums = [0.0; 2];
    scan.batch_gradient(&mut workspace, steps, &batch, &mut sums, &mut []).unwrap();
    let sum = |i: usize| gradients.iter().skip(i).step_by(2).sum::<f64>();
    assert!((sums[0] - sum(0)).abs() < 1e-13 && (sums[1] - sum(1)).abs() < 1e-13);
}

#[test]
fn a_guard_of_the_end_names_the_step_behind_the_last() {
    let scan = Scan::builder().state(&[1.0]).record_end(
        |step| vec![step.state[0] * 0.5],
        |end| vec![if end.state[0] < 0.1 { 0.0.into() } else { end.state[0] }],
    );
    let mut workspace = scan.workspace(9);
    assert_eq!(scan.value(&mut workspace, 2, &[1.0]), Ok(0.25));
    let error = scan.value(&mut workspace, 9, &[1.0]).unwrap_err();
    assert!(error.is_guard() && error.to_string().contains("step 9"), "{error}");
    let batch = Batch::new(3).variables(&[1.0, 2.0, 0.1]);
    let error = scan.batch_values(&mut scan.batch_workspace(2), 2, &batch, &mut [0.0; 3]);
    assert!(error.unwrap_err().to_string().contains("sample 2"));
    assert_eq!(scan.value(&mut workspace, 2, &[1.0]), Ok(0.25));
}

#[test]
fn the_tangent_of_a_loop_with_an_end_is_its_derivative() {
    let (scan, steps) = (path(), 11);
    let along = scan.tangent_scan().unwrap();
    let data = data(steps);
    let v = [1.0, -0.5, 0.3, 2.0];
    let [s, t, x, y] = X;
    let at = [s, t, v[0], v[1], x, y, v[2], v[3]];
    let mut tangents = [0.0; 2];
    along.values(&mut along.workspace(steps), steps, (&at, &data), &mut tangents).unwrap();
    let mut jacobian = [0.0; 8];
    scan.jacobian(&mut scan.workspace(steps), steps, (&X, &data), &mut jacobian).unwrap();
    for (row, tangent) in jacobian.chunks(4).zip(tangents) {
        let known: f64 = row.iter().zip(v).map(|(a, b)| a * b).sum();
        assert!((known - tangent).abs() < 1e-13, "{tangent} is not {known}");
    }
}

#[test]
fn a_loop_with_an_end_is_saved() {
    let (scan, steps) = (path(), 5);
    let data = data(steps);
    let values = |scan: &Scan| {
        let mut values = [0.0; 2];
        scan.values(&mut scan.workspace(steps), steps, (&X, &data), &mut values).unwrap();
        values
    };
    let json = scan.to_json();
    for loaded in [Scan::from_bytes(&scan.to_bytes()).unwrap(), Scan::from_json(&json).unwrap()] {
        values(&loaded).into_iter().zip(values(&scan)).for_each(|(a, b)| same(a, b));
        assert_eq!(loaded.bytes(), scan.bytes());
    }
    // Without its variables the end is none of this loop's.
    for (from, to) in [("\"shared\":2", "\"shared\":1"), ("\"state\":2", "\"state\":1")] {
        assert!(Scan::<f64>::from_json(&json.replacen(from, to, 1)).is_err(), "{to}");
    }
}

#[test]
fn a_workspace_of_another_end_is_refused() {
    let ends: [fn(Var<'_>) -> Var<'_>; 2] = [|x| x.sin(), |x| x.cos()];
    let [sine, cosine] = ends.map(|end| {
        Scan::builder()
            .state(&[1.0])
            .record_end(|step| vec![step.state[0] * 0.5], |e| vec![end(e.state[0])])
    });
    let error = sine.value(&mut cosine.workspace(3), 3, &[1.0]).unwrap_err();
    assert!(error.to_string().starts_with("the workspace was made by another"), "{error}");
}

/// A step that panics leaves nothing behind: the next loop is recorded as if it had not been.
#[test]
fn a_step_that_panics_is_no_loop() {
    let record = |panics: bool| {
        Scan::builder().state(&[1.0]).record(move |step| {
            let x = step.state[0] * 0.5;
            assert!(!panics, "in the middle of a step");
            (vec![x], vec![])
        })
    };
    crate::support::panics("in the middle of a step", || record(true));
    let scan = record(false);
    assert_eq!(scan.value(&mut scan.workspace(3), 3, &[8.0]), Ok(1.0));
}
