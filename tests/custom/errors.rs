//! What is not given, and what fails, is an error that names the operation.

use super::operations::{pair_operation, root_operation};
use std::error::Error as _;
use wengert::{Dual, Function, Number, Optimise, Tape, Var, VectorAs};

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
        let batch = wengert::Batch::new(11)
            .variables(&[1.0, 4.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -2.0, 1.0]);
        let mut values = [0.0; 11];
        let error = f.batch_values(&mut f.batch_workspace(), &batch, &mut values).unwrap_err();
        assert_eq!(error.to_string(), "the operation `root` failed for sample 9: -2 is below 0");
    }
}
