//! A branch that flips for some of the samples.

use super::oracle::{Samples, tree};
use crate::function::support::{all_same, is_same};
use wengert::{Batch, Function, Var};

/// Two paths, with poles where the other path is meant.
fn piece<'t>(x: &[Var<'t>]) -> Var<'t> {
    if x[1] < 0.0 { x[0] * x[1] } else { x[1].sqrt() * 2.0 + x[0] }
}

/// Samples with a shared variable, and one of their own that is negative at some places.
fn samples(count: usize, negative: impl Fn(usize) -> bool) -> Samples<f64> {
    let mut samples = Samples::<f64>::of(count, [1, 1], [0, 0]);
    for (i, x) in samples.own[0].iter_mut().enumerate() {
        *x = if negative(i) { -0.1 - x.abs() } else { 0.1 + x.abs() };
    }
    samples
}

#[test]
fn the_error_names_the_sample_the_place_and_the_numbers() {
    let f = Function::record(&[1.0, 2.0], piece);
    for (count, place) in [(1, 0), (9, 8), (40, 13), (300, 299)] {
        let mut samples = samples(count, |_| false);
        samples.own[0][place] = -2.5;
        let mut workspace = f.batch_workspace();
        let error = f.batch_values(&mut workspace, &samples.batch(), &mut vec![0.0; count]);
        let error = error.unwrap_err();
        assert!(error.is_guard());
        let text = error.to_string();
        for part in [
            &format!("for sample {place}"),
            "guards.rs:",
            "2.0 < 0.0 is false",
            "-2.5 < 0.0 is true",
        ] {
            assert!(text.contains(part), "{part} is not in: {text}");
        }
    }
}

#[test]
fn of_several_samples_the_lowest_is_named() {
    let f = Function::record(&[1.0, 2.0], piece);
    for (count, first) in [(8, 1), (20, 11), (600, 258)] {
        let samples = samples(count, |i| i >= first);
        let mut values = vec![0.0; count];
        let error = f.batch_values(&mut f.batch_workspace(), &samples.batch(), &mut values);
        let text = error.unwrap_err().to_string();
        assert!(text.contains(&format!("for sample {first}:")), "{text}");
    }
}

/// An error after packs that have left their sums leaves none of them behind.
#[test]
fn an_error_leaves_the_workspace_clean() {
    let f = Function::record(&[1.0, 2.0], piece);
    let mut workspace = f.batch_workspace();
    let good = samples(600, |_| false);
    let ask = |workspace: &mut _, samples: &Samples<f64>| {
        let (mut shared, mut each) = ([f64::NAN], vec![f64::NAN; samples.count]);
        let sum = f.batch_gradient(workspace, &samples.batch(), &mut shared, &mut each)?;
        Ok::<_, wengert::Error>((sum, shared, each))
    };
    let before = ask(&mut workspace, &good).unwrap();
    for bad in [3, 100, 255, 256, 599] {
        assert!(ask(&mut workspace, &samples(600, |i| i == bad)).unwrap_err().is_guard());
        assert_eq!(ask(&mut workspace, &good).unwrap(), before, "after an error at {bad}");
    }
}

#[test]
fn ignored_guards_follow_the_recorded_path() {
    let f = Function::builder()
        .ignore_guards()
        .record(&[1.0, 2.0], |x| if x[1] < 0.0 { -x[1] * x[0] } else { x[1] * x[0] });
    let samples = samples(20, |i| i % 3 == 0);
    let (mut shared, mut each) = ([0.0], vec![0.0; 20]);
    let mut workspace = f.batch_workspace();
    let sum = f.batch_gradient(&mut workspace, &samples.batch(), &mut shared, &mut each).unwrap();
    let w = samples.shared[0][0];
    let products: Vec<f64> = samples.own[0].iter().map(|x| x * w).collect();
    assert_eq!((sum, shared[0]), (tree(&products), tree(&samples.own[0])));
    assert_eq!(each, [w; 20]);
}

/// Samples that leave the path are evaluated on their own; sums are over all samples.
#[test]
fn strays_take_their_own_path() {
    for (count, step) in [(1, 1), (16, 3), (21, 2), (300, 7), (600, 1), (600, 599)] {
        let f = Function::builder().record_paths(&[1.0, 2.0], 4, |x, _| vec![piece(x)]);
        let samples = samples(count, |i| i % step == 0);
        let plain = |i: usize| {
            let (w, x) = (samples.shared[0][0], samples.own[0][i]);
            wengert::value_and_gradient(piece, &[w, x])
        };
        let known: Vec<(f64, Vec<f64>)> = (0..count).map(plain).collect();
        let column = |k: usize| known.iter().map(|(_, row)| row[k]).collect::<Vec<f64>>();
        let known_values: Vec<f64> = known.iter().map(|(value, _)| *value).collect();
        let (mut workspace, batch) = (f.batch_workspace(), samples.batch());
        for _ in 0..2 {
            let (mut shared, mut each) = ([f64::NAN], vec![f64::NAN; count]);
            let sum = f.batch_gradient(&mut workspace, &batch, &mut shared, &mut each).unwrap();
            assert!(is_same(sum, tree(&known_values)), "{sum} of {count}");
            assert!(is_same(shared[0], tree(&column(0))), "{shared:?} of {count}");
            all_same(&each, &column(1));
            let (mut values, mut rows) = (vec![f64::NAN; count], vec![f64::NAN; 2 * count]);
            f.batch_values(&mut workspace, &batch, &mut values).unwrap();
            all_same(&values, &known_values);
            values.fill(f64::NAN);
            f.batch_gradients(&mut workspace, &batch, &mut values, &mut rows).unwrap();
            all_same(&values, &known_values);
            let known_rows: Vec<f64> = known.iter().flat_map(|(_, row)| row.clone()).collect();
            all_same(&rows, &known_rows);
        }
        assert_eq!(f.recordings(), 2, "the other path is recorded once");
    }
}

/// A stray at a pole of its own path, among samples at which nothing is lost.
#[test]
fn a_stray_may_be_lost() {
    let f = Function::builder().record_paths(&[1.0, 2.0], 4, |x, _| vec![piece(x)]);
    for lost in [f64::NAN, f64::INFINITY, 0.0, f64::NEG_INFINITY] {
        let mut samples = samples(20, |i| i % 4 == 1);
        samples.own[0][6] = lost;
        let (known_values, known_rows) = samples.gradients(&f);
        let (mut values, mut rows) = (vec![7.0; 20], vec![7.0; 40]);
        let mut workspace = f.batch_workspace();
        f.batch_gradients(&mut workspace, &samples.batch(), &mut values, &mut rows).unwrap();
        all_same(&values, &known_values);
        all_same(&rows, &known_rows);
    }
}

/// With several outputs, and a guard that asks for data.
#[test]
fn strays_have_all_their_outputs() {
    let f = Function::builder().data(&[1.0]).record_paths(&[2.0], 4, |x, d| {
        if d[0] < 0.0 { vec![x[0], x[0] * d[0]] } else { vec![x[0] + d[0], d[0]] }
    });
    let data: Vec<f64> = (0..19).map(|i| if i % 5 == 2 { -1.5 } else { f64::from(i) }).collect();
    let batch = Batch::new(19).shared_variables(&[3.0]).data(&data);
    let mut values = [f64::NAN; 38];
    f.batch_values(&mut f.batch_workspace(), &batch, &mut values).unwrap();
    let row = |&d: &f64| if d < 0.0 { [3.0, 3.0 * d] } else { [3.0 + d, d] };
    assert_eq!(values.to_vec(), data.iter().flat_map(row).collect::<Vec<f64>>());
    let mut jacobians = [f64::NAN; 38];
    values.fill(f64::NAN);
    f.batch_jacobians(&mut f.batch_workspace(), &batch, &mut values, &mut jacobians).unwrap();
    assert_eq!(values.to_vec(), data.iter().flat_map(row).collect::<Vec<f64>>());
    let slopes = |&d: &f64| [1.0, if d < 0.0 { d } else { 0.0 }];
    assert_eq!(jacobians.to_vec(), data.iter().flat_map(slopes).collect::<Vec<f64>>());
}
