//! Batches of every length, with inputs shared and apart in all ways.

use super::oracle::{Samples, loss, tree};
use crate::function::support::{all_same, is_same};
use wengert::{Batch, BatchWorkspace, Function, Real};

/// None, less and more than the samples side by side, and less and more than a leaf of the tree.
const COUNTS: [usize; 10] = [1, 7, 15, 16, 17, 255, 256, 257, 1000, 2049];

/// All three questions, against each sample by itself.
fn check<F: Real>(f: &Function<F>, workspace: &mut BatchWorkspace<F>, samples: &Samples<F>) {
    let (count, batch) = (samples.count, samples.batch());
    let (known_values, known_rows) = samples.gradients(f);
    let mut values = vec![F::nan(); count];
    f.batch_values(workspace, &batch, &mut values).unwrap();
    all_same(&values, &known_values);

    let (mut values, mut rows) = (vec![F::nan(); count], vec![F::nan(); 3 * count]);
    f.batch_gradients(workspace, &batch, &mut values, &mut rows).unwrap();
    all_same(&values, &known_values);
    all_same(&rows, &known_rows);

    let common = samples.shared[0].len();
    let (mut shared, mut each) = (vec![F::nan(); common], vec![F::nan(); (3 - common) * count]);
    let sum = f.batch_gradient(workspace, &batch, &mut shared, &mut each).unwrap();
    assert!(is_same(sum, tree(&known_values)), "{sum:?} of {count} samples");
    let own: Vec<F> = known_rows.chunks(3).flat_map(|row| &row[common..]).copied().collect();
    all_same(&each, &own);
    let column = |k| known_rows.iter().skip(k).step_by(3).copied().collect::<Vec<_>>();
    let sums: Vec<F> = (0..common).map(|k| tree(&column(k))).collect();
    all_same(&shared, &sums);
}

/// With one workspace for all, so that each batch finds what another left.
fn every_shape<F: Real>() {
    let f = loss::<F>();
    let mut workspace = f.batch_workspace();
    for shared in 0..16 {
        let (variables, data) = (shared % 4, shared / 4);
        for (i, count) in COUNTS.into_iter().enumerate() {
            // The long ones with some of all ways only: they take most of the time.
            if count < 300 || shared % 5 == i % 2 {
                let shapes = [variables, data].map(|shared| [shared, 3 - shared]);
                check(&f, &mut workspace, &Samples::of(count, shapes[0], shapes[1]));
            }
        }
    }
}

#[test]
fn every_length_and_every_way_to_share_is_one_by_one() {
    every_shape::<f64>();
    every_shape::<f32>();
}

#[test]
fn no_samples_have_the_sum_zero() {
    let f = loss::<f64>();
    let mut workspace = f.batch_workspace();
    let shared = [1.0; 3];
    let batch = Batch::new(0).shared_variables(&shared).shared_data(&shared);
    let mut gradient = [f64::NAN; 3];
    let sum = f.batch_gradient(&mut workspace, &batch, &mut gradient, &mut []).unwrap();
    assert_eq!((sum, gradient), (0.0, [0.0; 3]));
    f.batch_values(&mut workspace, &batch, &mut []).unwrap();
    f.batch_gradients(&mut workspace, &batch, &mut [], &mut []).unwrap();
    f.batch_values(&mut workspace, &Batch::new(0), &mut []).unwrap();
}

#[test]
fn several_outputs_are_rows() {
    let f = Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1], x[0].exp(), x[1], x[0]]);
    for count in [1, 8, 13, 600] {
        let samples = Samples::of(count, [1, 1], [0, 0]);
        let mut values = vec![f64::NAN; 4 * count];
        f.batch_values(&mut f.batch_workspace(), &samples.batch(), &mut values).unwrap();
        all_same(&values, &samples.values(&f));
    }
}

#[test]
fn no_outputs_and_no_inputs_are_fine() {
    let nothing = Function::<f64>::builder().record_many(&[1.0], |_| vec![]);
    let x = [1.0; 300];
    let batch = Batch::new(300).variables(&x);
    nothing.batch_values(&mut nothing.batch_workspace(), &batch, &mut []).unwrap();

    let constant = Function::<f64>::builder().record(&[], |_| wengert::Var::constant(0.5));
    let (mut workspace, mut values) = (constant.batch_workspace(), [0.0; 300]);
    constant.batch_values(&mut workspace, &Batch::new(300), &mut values).unwrap();
    assert_eq!(values, [0.5; 300]);
    let batch = Batch::new(1000);
    let sum = constant.batch_gradient(&mut workspace, &batch, &mut [], &mut []).unwrap();
    assert_eq!(sum, 500.0);
}

/// Outputs that are inputs, data or constants: nothing is computed, and nothing piles up.
#[test]
fn outputs_that_are_inputs_hand_on_their_seeds() {
    let x = [2.0, 3.0, 5.0];
    let variable = Function::record(&[1.0], |x| x[0]);
    let data = Function::builder().data(&[1.0]).record_with_data(&[1.0], |_, d| d[0]);
    let (mut v, mut d) = (variable.batch_workspace(), data.batch_workspace());
    for _ in 0..3 {
        let mut each = [f64::NAN; 3];
        let batch = Batch::new(3).variables(&x);
        let sum = variable.batch_gradient(&mut v, &batch, &mut [], &mut each).unwrap();
        assert_eq!((sum, each), (10.0, [1.0; 3]));
        let mut shared = [f64::NAN];
        let batch = Batch::new(3).shared_variables(&[7.0]).data(&x);
        let sum = data.batch_gradient(&mut d, &batch, &mut shared, &mut []).unwrap();
        assert_eq!((sum, shared), (10.0, [0.0]));
    }
}
