//! Slices of a wrong length, and workspaces of others.

use super::oracle::{loss, numbers};
use crate::support::says;
use wengert::{Batch, Function};

/// A batch of five with two variables and one of the data shared, of a function of three each.
#[test]
fn wrong_lengths_are_told_with_both_numbers() {
    let f = loss::<f64>();
    let mut w = f.batch_workspace();
    let ones = [1.0; 16];
    let rest = Batch::new(5).shared_variables(&ones[..2]).shared_data(&ones[..1]);
    let batch = rest.variables(&ones[..5]).data(&ones[..10]);
    let mut out = [0.0; 16];
    says(
        f.batch_values(&mut w, &rest.data(&ones[..10]), &mut out[..5]),
        "the slice of each sample's variables has length 0, wanted is 5",
    );
    says(
        f.batch_values(&mut w, &batch.variables(&ones[..6]), &mut out[..5]),
        "the slice of each sample's variables has length 6, wanted is 5",
    );
    says(
        f.batch_values(&mut w, &batch.data(&ones[..9]), &mut out[..5]),
        "the slice of each sample's data has length 9, wanted is 10",
    );
    says(
        f.batch_values(&mut w, &batch.shared_variables(&ones[..4]), &mut out[..5]),
        "the batch shares 4 variables, the function has 3 of them",
    );
    says(
        f.batch_values(&mut w, &batch.shared_data(&ones[..7]), &mut out[..5]),
        "the batch shares 7 data, the function has 3 of them",
    );
    says(
        f.batch_values(&mut w, &batch, &mut out[..6]),
        "the slice of values has length 6, wanted is 5",
    );
    let (shared, each) = out.split_at_mut(8);
    says(
        f.batch_gradient(&mut w, &batch, &mut shared[..3], &mut each[..5]),
        "the slice for the gradient of the shared variables has length 3, wanted is 2",
    );
    says(
        f.batch_gradient(&mut w, &batch, &mut shared[..2], &mut each[..4]),
        "the slice for the gradients of each sample's variables has length 4, wanted is 5",
    );
    let mut rows = [0.0; 16];
    says(
        f.batch_gradients(&mut w, &batch, &mut each[..4], &mut rows[..15]),
        "the slice of values has length 4, wanted is 5",
    );
    says(
        f.batch_gradients(&mut w, &batch, &mut each[..5], &mut rows),
        "the slice for the gradients has length 16, wanted is 15",
    );
    f.batch_gradients(&mut w, &batch, &mut each[..5], &mut rows[..15]).unwrap();
    says(
        f.batch_jacobians(&mut w, &batch, &mut each[..4], &mut rows[..15]),
        "the slice of values has length 4, wanted is 5",
    );
    says(
        f.batch_jacobians(&mut w, &batch, &mut each[..5], &mut rows),
        "the slice for the Jacobians has length 16, wanted is 15",
    );
}

/// So many samples that their inputs could not be counted.
#[test]
fn a_batch_of_more_samples_than_there_can_be_is_refused() {
    let f = Function::record(&[1.0, 2.0], |x| x[0] * x[1]);
    let mut w = f.batch_workspace();
    let batch = Batch::new(1 << (usize::BITS - 1));
    let text =
        format!("the slice of each sample's variables has length 0, wanted is {}", usize::MAX);
    says(f.batch_values(&mut w, &batch, &mut []), &text);
    says(f.batch_gradient(&mut w, &batch, &mut [], &mut []), &text);
    says(f.batch_gradients(&mut w, &batch, &mut [], &mut []), &text);
}

#[test]
fn a_gradient_wants_one_output() {
    let x = [1.0, 2.0];
    let batch = Batch::new(2).variables(&x);
    for outputs in [0, 2] {
        let f = Function::record_many(&[1.0], |x| vec![x[0]; outputs]);
        let mut w = f.batch_workspace();
        let text = format!(
            "the function has {outputs} outputs, here it needs one: take `values`, `vjp` or \
             `jacobian`"
        );
        says(f.batch_gradient(&mut w, &batch, &mut [], &mut [0.0; 2]), &text);
        says(f.batch_gradients(&mut w, &batch, &mut [0.0; 2], &mut [0.0; 2]), &text);
    }
}

#[test]
fn a_workspace_of_another_function_is_refused() {
    let (f, other) = (loss::<f64>(), loss::<f64>());
    let x = numbers::<f64>(12, 1);
    let batch = Batch::new(2).variables(&x[..6]).data(&x[6..]);
    let mut workspace = other.batch_workspace();
    let error = f.batch_values(&mut workspace, &batch, &mut [0.0; 2]).unwrap_err();
    assert!(error.is_foreign(), "{error}");
    let error = f.batch_gradient(&mut workspace, &batch, &mut [], &mut [0.0; 6]).unwrap_err();
    assert!(error.is_foreign(), "{error}");
    // A copy is the same function.
    f.clone().batch_values(&mut f.batch_workspace(), &batch, &mut [0.0; 2]).unwrap();
}
