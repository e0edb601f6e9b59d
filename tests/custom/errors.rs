//! What is not given, and what fails, is an error that names the operation.

use super::operations::{pair_operation, root_operation};
use std::error::Error as _;
use wengert::{Batch, Dual, Function, Number, Optimise, Scan, Tape, Var, VectorAs};

fn root<T: Number>(x: &[T]) -> T {
    T::call(&root_operation(), &x[..1])[0]
}

#[test]
fn inputs_that_it_does_not_take() {
    let error = f64::try_call(&pair_operation(), &[1.0]).unwrap_err();
    assert_eq!(error.to_string(), "the operation `pair` does not take 1 inputs");
    assert!(error.is_operation());
}

#[test]
fn a_value_that_there_is_not() {
    let tape = Tape::new();
    let x = tape.var(-4.0);
    let error = Var::try_call(&root_operation(), &[x]).unwrap_err();
    assert_eq!(error.to_string(), "the operation `root` failed: -4 is below 0");
    assert_eq!(error.source().unwrap().to_string(), "-4 is below 0");
    assert_eq!(tape.len(), 1);
}

#[test]
fn forward_derivatives_of_an_operation_that_has_none() {
    let tape = Tape::new();
    let x = tape.var(4.0);
    let y = Var::call(&root_operation(), &[x])[0];
    assert_eq!(y.gradients()[x], 0.25);
    let error = tape.pushforward(&[(x, 1.0)]).unwrap_err();
    assert!(error.is_operation());
    let text = "the operation `root` does not give `Forward`, which this derivative needs";
    assert!(error.to_string().starts_with(text), "{error}");
    assert!(wengert::jvp(|x| vec![root(x)], &[4.0], &[1.0]).unwrap_err().is_operation());
    let error = wengert::hessian_vector_product(|x| root(x), &[4.0], &[1.0]).unwrap_err();
    assert!(error.is_operation());
    let error = std::panic::catch_unwind(|| root(&[Dual::variable(4.0)])).unwrap_err();
    assert!(error.downcast_ref::<String>().unwrap().starts_with(text));
}

#[test]
fn derivatives_of_functions_whose_operations_have_none() {
    let f = Function::record(&[4.0], |x| root(x));
    let (mut gradient, mut hessian) = ([0.0], [0.0]);
    f.gradient(&mut f.workspace(), &[4.0], &mut gradient).unwrap();
    assert_eq!(gradient, [0.25]);
    assert!(
        f.jvp(&mut f.dual_workspace(), &[4.0], &[1.0], &mut gradient).unwrap_err().is_operation()
    );
    assert!(f.hessian(&mut f.dual_workspace(), &[4.0], &mut hessian).unwrap_err().is_operation());
    assert!(f.jvp_function(VectorAs::Data).unwrap_err().is_operation());
    assert!(f.taylor(1, &[4.0, 1.0], &[], &mut [0.0; 2]).unwrap_err().is_operation());
    let derivative = f.gradient_function().unwrap();
    assert_eq!(derivative.value(&mut derivative.workspace(), &[4.0]), Ok(0.25));
    assert!(derivative.gradient_function().unwrap_err().is_operation());
    let error =
        derivative.gradient(&mut derivative.workspace(), &[4.0], &mut gradient).unwrap_err();
    assert!(error.is_operation());
}

/// Also where guards are not looked at.
#[test]
fn ends_of_loops_at_which_it_fails() {
    for ignores in [false, true] {
        let builder = Scan::builder().state(&[9.0]);
        let builder = if ignores { builder.ignore_guards() } else { builder };
        let falling = builder.record_end(
            |step| vec![step.state[0] - 1.0],
            |end| {
                let y = root(&[end.state[0]]);
                vec![if y > 1.0 { y } else { y * 3.0 }]
            },
        );
        let text = "the operation `root` failed in step 4: -0.5 is below 0";
        let (mut workspace, mut slope) = (falling.workspace(4), [0.0]);
        let error = falling.value(&mut workspace, 4, &[3.5]).unwrap_err();
        assert!(error.is_operation());
        assert_eq!(error.to_string(), text);
        let error = falling.value_and_gradient(&mut workspace, 4, &[3.5], &mut slope).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(falling.value(&mut workspace, 4, &[8.0]), Ok(2.0));
        let unchecked = falling.value(&mut workspace, 4, &[4.25]);
        assert_eq!(unchecked.as_ref().ok(), ignores.then_some(&0.5), "{unchecked:?}");
        assert_eq!(unchecked.is_err_and(|error| error.is_guard()), !ignores);

        let mut states = [20.0; 11];
        states[9] = 3.5;
        let (batch, mut workspace) =
            (Batch::new(11).variables(&states), falling.batch_workspace(4));
        let text = "the operation `root` failed for sample 9 in step 4: -0.5 is below 0";
        let error = falling.batch_values(&mut workspace, 4, &batch, &mut [0.0; 11]).unwrap_err();
        assert_eq!(error.to_string(), text);
        let error = falling.batch_gradient(&mut workspace, 4, &batch, &mut [], &mut [0.0; 11]);
        assert_eq!(error.unwrap_err().to_string(), text);
    }
}

/// Behind a call of a function the error is that of the operation all the same.
#[test]
fn evaluations_of_a_called_function_at_which_it_fails() {
    let inner = Function::builder().name("inner").record(&[4.0], |x| root(x) + 1.0);
    let f = Function::record(&[4.0], |x| inner.call_as_one(x, &[]).unwrap()[0] * x[0]);
    let mut workspace = f.workspace();
    let error = f.value(&mut workspace, &[-1.0]).unwrap_err();
    let text = "the operation `inner` failed: the operation `root` failed: -1 is below 0";
    assert_eq!(error.to_string(), text);
    let mut gradient = [0.0];
    assert_eq!(f.value_and_gradient(&mut workspace, &[9.0], &mut gradient), Ok(36.0));
    assert_eq!(gradient, [5.5]);
    let batch = wengert::Batch::new(9).variables(&[1.0, 4.0, 9.0, 1.0, 1.0, 1.0, 1.0, -2.0, 1.0]);
    let mut values = [0.0; 9];
    let error = f.batch_values(&mut f.batch_workspace(), &batch, &mut values).unwrap_err();
    assert!(error.to_string().contains("sample 7: the operation `root` failed"), "{error}");
    // What `root` does not give, `inner` does not.
    let error = f.jvp(&mut f.dual_workspace(), &[4.0], &[1.0], &mut gradient).unwrap_err();
    assert!(error.is_operation() && error.to_string().contains("`Forward`"), "{error}");
}

#[test]
fn evaluations_at_which_it_fails() {
    for optimise in [Optimise::all(), Optimise::none()] {
        let f = Function::builder().optimise(optimise).record(&[4.0], |x| root(x) + x[0]);
        let mut workspace = f.workspace();
        let error = f.value(&mut workspace, &[-1.0]).unwrap_err();
        assert_eq!(error.to_string(), "the operation `root` failed: -1 is below 0");
        assert_eq!(f.value(&mut workspace, &[9.0]), Ok(12.0));
        let batch =
            Batch::new(11).variables(&[1.0, 4.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -2.0, 1.0]);
        let mut values = [0.0; 11];
        let error = f.batch_values(&mut f.batch_workspace(), &batch, &mut values).unwrap_err();
        assert_eq!(error.to_string(), "the operation `root` failed for sample 9: -2 is below 0");
    }
}

#[test]
fn steps_of_a_loop_at_which_it_fails() {
    // The state falls by one in each step, and its roots are summed up.
    let falling = Scan::builder().state(&[9.0]).ignore_guards().record_sum(|step| {
        let state = step.state[0];
        (vec![state - 1.0], vec![root(&[state])])
    });
    let text = "the operation `root` failed in step 3: -0.5 is below 0";
    for mut workspace in [falling.workspace(9), falling.workspace_within(9, 200).unwrap()] {
        let (mut slope, at) = ([0.0], [2.5]);
        let error = falling.value(&mut workspace, 9, &at).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert!(error.is_operation() && error.source().is_some());
        let error = falling.value_and_gradient(&mut workspace, 9, &at, &mut slope).unwrap_err();
        assert_eq!(error.to_string(), text);
        let error = falling.vjp(&mut workspace, 9, &at, &[1.0], &mut slope).unwrap_err();
        assert_eq!(error.to_string(), text);
        let error = falling.jacobian(&mut workspace, 9, &at, &mut slope).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(falling.value(&mut workspace, 2, &[4.0]), Ok(2.0 + 3.0_f64.sqrt()));
    }
    let tape = Tape::new();
    let error = falling.call(9, &[tape.var(2.5)], &[]).unwrap_err();
    assert_eq!(error.to_string(), "the operation `root` failed: -0.5 is below 0");

    let mut states = [20.0; 11];
    states[9] = 5.5;
    let (batch, mut workspace) = (Batch::new(11).variables(&states), falling.batch_workspace(9));
    let text = "the operation `root` failed for sample 9 in step 6: -0.5 is below 0";
    let error = falling.batch_values(&mut workspace, 9, &batch, &mut [0.0; 11]).unwrap_err();
    assert_eq!(error.to_string(), text);
    let error = falling.batch_gradient(&mut workspace, 9, &batch, &mut [], &mut [0.0; 11]);
    assert_eq!(error.unwrap_err().to_string(), text);
}

#[test]
fn comparisons_that_meet_the_nan_of_a_failure() {
    fn branched<'t>(x: &[Var<'t>]) -> Var<'t> {
        if x[0] < -10.0 {
            return x[0] * 2.0;
        }
        let y = root(x);
        if y > 1.0 { y } else { y * 3.0 }
    }
    let text = "the operation `root` failed: -1 is below 0";
    let plain = Function::record(&[4.0], branched);
    assert_eq!(plain.value(&mut plain.workspace(), &[-1.0]).unwrap_err().to_string(), text);
    assert!(plain.value(&mut plain.workspace(), &[-16.0]).unwrap_err().is_guard());
    let batch = Batch::new(3).variables(&[4.0, 9.0, -1.0]);
    let error = plain.batch_values(&mut plain.batch_workspace(), &batch, &mut [0.0; 3]);
    let text_of_sample = "the operation `root` failed for sample 2: -1 is below 0";
    assert_eq!(error.unwrap_err().to_string(), text_of_sample);

    let f = Function::builder().record_paths(&[4.0], 8, |x, _| vec![branched(x)]);
    let mut workspace = f.workspace();
    for _ in 0..2 {
        assert_eq!(f.value(&mut workspace, &[-1.0]).unwrap_err().to_string(), text);
        assert_eq!(f.value(&mut workspace, &[0.25]), Ok(1.5));
        assert_eq!(f.value(&mut workspace, &[-16.0]), Ok(-32.0));
        assert_eq!(f.value(&mut workspace, &[9.0]), Ok(3.0));
    }
    let mut values = [0.0; 3];
    let error = f.batch_values(&mut f.batch_workspace(), &batch, &mut values);
    assert!(error.unwrap_err().is_operation());

    let falling = Scan::builder().state(&[9.0]).record(|step| {
        let y = root(&[step.state[0]]);
        (vec![step.state[0] - 1.0], vec![if y < 9.0 { y } else { -y }])
    });
    let error = falling.values(&mut falling.workspace(4), 4, &[2.5], &mut [0.0; 5]).unwrap_err();
    assert_eq!(error.to_string(), "the operation `root` failed in step 3: -0.5 is below 0");
}
