//! Slices of a wrong length, workspaces and variables of others: errors and panics that say what
//! was given and what is wanted.

use crate::support::{panics, panics_here, says};
use wengert::{Error, Function, Tape, Var};

#[test]
fn wrong_lengths_are_told_with_both_numbers() {
    let f =
        Function::builder().data(&[1.0, 2.0]).record_many_with_data(&[1.0, 2.0, 3.0], |x, d| {
            vec![x[0] * d[0], x[1] + d[1], x[2] * x[0], x[1] * x[2]]
        });
    let (mut w, mut d) = (f.workspace(), f.dual_workspace());
    let (x, data) = ([1.0; 3], [1.0; 2]);
    let mut out = [0.0; 12];
    says(
        f.values(&mut w, (&x[..2], &data), &mut out[..4]),
        "the slice of variables has length 2, wanted is 3",
    );
    says(
        f.values(&mut w, (&x, &data[..1]), &mut out[..4]),
        "the slice of data has length 1, wanted is 2",
    );
    says(f.values(&mut w, &x, &mut out[..4]), "the slice of data has length 0, wanted is 2");
    says(
        f.values(&mut w, (&x, &data), &mut out[..3]),
        "the slice of values has length 3, wanted is 4",
    );
    says(
        f.vjp(&mut w, (&x, &data), &[1.0; 5], &mut out[..3]),
        "the vector has length 5, wanted is 4",
    );
    says(
        f.vjp(&mut w, (&x, &data), &[1.0; 4], &mut out[..4]),
        "the slice for the product has length 4, wanted is 3",
    );
    says(
        f.jacobian(&mut w, (&x, &data), &mut out[..11]),
        "the slice for the Jacobian has length 11, wanted is 12",
    );
    says(
        f.jvp(&mut d, (&x, &data), &[1.0; 2], &mut out[..4]),
        "the vector has length 2, wanted is 3",
    );
    says(
        f.jvp(&mut d, (&x, &data), &[1.0; 3], &mut out[..3]),
        "the slice for the product has length 3, wanted is 4",
    );
    says(
        f.jvp(&mut d, (&x[..1], &data), &[1.0; 3], &mut out[..4]),
        "the slice of variables has length 1, wanted is 3",
    );
    f.jacobian(&mut w, (&x, &data), &mut out).unwrap();
    assert_eq!(out, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0]);
}

#[test]
fn wrong_lengths_of_one_output_are_told_with_both_numbers() {
    let f = Function::record(&[1.0, 2.0], |x| x[0] * x[1]);
    let (mut w, mut d, mut out) = (f.workspace(), f.dual_workspace(), [0.0; 4]);
    let x = [1.0, 2.0];
    says(f.value(&mut w, &[0.0; 3]), "the slice of variables has length 3, wanted is 2");
    says(f.value(&mut w, (&x, &[1.0])), "the slice of data has length 1, wanted is 0");
    says(
        f.gradient(&mut w, &x, &mut out[..3]),
        "the slice for the gradient has length 3, wanted is 2",
    );
    says(
        f.value_and_gradient(&mut w, &x, &mut []),
        "the slice for the gradient has length 0, wanted is 2",
    );
    says(
        f.hessian(&mut d, &x, &mut out[..3]),
        "the slice for the Hessian has length 3, wanted is 4",
    );
    says(f.hessian(&mut d, &[1.0], &mut out), "the slice of variables has length 1, wanted is 2");
    says(
        f.hessian_vector_product(&mut d, &x, &[1.0], &mut out[..2]),
        "the vector has length 1, wanted is 2",
    );
    says(
        f.hessian_vector_product(&mut d, &x, &x, &mut out[..1]),
        "the slice for the product has length 1, wanted is 2",
    );
}

/// Also where there is no variable, and so no row to compute.
#[test]
fn a_hessian_of_nothing_looks_at_its_inputs() {
    let f = Function::builder().data(&[2.0]).record_with_data(&[], |_, d| d[0] * d[0]);
    let mut workspace = f.dual_workspace();
    assert_eq!(f.hessian(&mut workspace, (&[], &[3.0]), &mut []), Ok(()));
    says(
        f.hessian(&mut workspace, &[1.0], &mut []),
        "the slice of variables has length 1, wanted is 0",
    );
    says(f.hessian(&mut workspace, &[], &mut []), "the slice of data has length 0, wanted is 1");
}

#[test]
fn a_gradient_wants_one_output() {
    let two = Function::record_many(&[1.0], |x| vec![x[0], x[0] * 2.0]);
    let none = Function::record_many(&[1.0], |_| Vec::new());
    let mut out = [0.0];
    for (f, count) in [(&two, 2), (&none, 0)] {
        let text = format!(
            "the function has {count} outputs, here it needs one: take `values`, `vjp` or `jacobian`"
        );
        says(f.value(&mut f.workspace(), &[1.0]), &text);
        says(f.gradient(&mut f.workspace(), &[1.0], &mut out), &text);
        says(f.value_and_gradient(&mut f.workspace(), &[1.0], &mut out), &text);
        says(f.hessian(&mut f.dual_workspace(), &[1.0], &mut out), &text);
        says(f.hessian_vector_product(&mut f.dual_workspace(), &[1.0], &[1.0], &mut out), &text);
    }
}

#[test]
fn a_workspace_serves_its_own_function_alone() {
    let small = Function::record(&[1.0], |x| x[0] * x[0]);
    let large = Function::record(&[1.0, 2.0, 3.0], |x| (x[0] * x[1]).exp() + x[2]);
    let (mut out, x) = ([0.0; 9], [1.0, 2.0, 3.0]);
    let (mut w, mut d) = (small.workspace(), small.dual_workspace());
    let foreign = |result: Result<(), Error>| {
        let error = result.expect_err("it is refused");
        assert!(error.is_foreign(), "{error}");
        assert!(error.to_string().contains("made by another function"), "{error}");
    };
    foreign(large.value(&mut w, &x).map(|_| ()));
    foreign(large.gradient(&mut w, &x, &mut out[..3]));
    foreign(large.vjp(&mut w, &x, &[1.0], &mut out[..3]));
    foreign(large.jacobian(&mut w, &x, &mut out[..3]));
    foreign(large.jvp(&mut d, &x, &x, &mut out[..1]));
    foreign(large.hessian_vector_product(&mut d, &x, &x, &mut out[..3]));
    foreign(large.hessian(&mut d, &x, &mut out));
    let (mut w, mut d) = (large.workspace(), large.dual_workspace());
    foreign(small.value(&mut w, &[1.0]).map(|_| ()));
    foreign(small.hessian(&mut d, &[1.0], &mut out[..1]));
    let nothing = Function::record_many(&[], |_| Vec::new());
    foreign(large.hessian(&mut nothing.dual_workspace(), &x, &mut out));
    // A recording of the same closure is another function, a clone is the same.
    let twin = Function::record(&[1.0], |x| x[0] * x[0]);
    foreign(twin.value(&mut small.workspace(), &[1.0]).map(|_| ()));
    assert_eq!(small.clone().value(&mut small.workspace(), &[3.0]), Ok(9.0));
}

#[test]
fn variables_of_other_tapes_panic() {
    // A tape that lives for ever: with any other, this does not compile.
    let outer: &'static Tape = Box::leak(Box::default());
    let y = outer.var(2.0);
    panics("belong to different tapes", || Function::record(&[1.0], |x| x[0] * y));
    panics_here("belong to different tapes", || Function::record(&[1.0], |_| y));
    panics_here("belong to different tapes", || Function::record_many(&[1.0], |x| vec![x[0], y]));
    assert_eq!(outer.len(), 1, "nothing is recorded there");
    let f = Function::record(&[1.0], |x| x[0] * y.value());
    assert_eq!(f.value(&mut f.workspace(), &[3.0]), Ok(6.0));
}

#[test]
fn a_closure_that_panics_leaves_the_next_recording_alone() {
    panics("the closure's own", || {
        Function::record(&[1.0], |x| if x[0] > 0.0 { panic!("the closure's own") } else { x[0] })
    });
    let f = Function::record(&[1.0], |x| Var::constant(2.0) * x[0]);
    assert_eq!(f.value(&mut f.workspace(), &[3.0]), Ok(6.0));
}
