//! Doors take what is theirs: outputs of another tape are refused, whichever door they come to.

use crate::support::{panics, panics_here};
use std::fmt::{self, Write};
use wengert::{
    Function, ScopeGuard, Tape, Var, check_gradient, gradient, hessian, hessian_vector_product,
    jacobian, jvp, value_and_gradient, vjp,
};

const DIFFERENT: &str = "the variables belong to different tapes: record both on one tape";

/// A variable that outlives every door: its tape is never dropped. With any other tape, a closure
/// that returns it does not compile.
fn stray() -> Var<'static> {
    let tape: &'static Tape = Box::leak(Box::default());
    let _ = tape.vars(&[1.0, 2.0, 3.0]);
    tape.var(5.0) * 2.0
}

#[test]
fn doors_that_return_derivatives_refuse_an_output_of_another_tape() {
    let y = stray();
    let x = [1.0, 2.0];
    panics_here(DIFFERENT, || gradient(|_| y, &x));
    panics_here(DIFFERENT, || value_and_gradient(|_| y, &x));
    panics_here(DIFFERENT, || hessian(|_| y, &x));
    panics_here(DIFFERENT, || jacobian(|x| vec![x[0], y], &x));
    panics_here(DIFFERENT, || jacobian(|x| vec![x[0], x[1], y], &x));
    panics_here(DIFFERENT, || check_gradient(|_| y, &x));
    panics_here(DIFFERENT, || Function::record(&x, |_| y));
    panics_here(DIFFERENT, || Function::record_many(&x, |x| vec![x[0], y]));
}

#[test]
fn doors_that_return_errors_refuse_an_output_of_another_tape() {
    let y = stray();
    let x = [1.0, 2.0];
    let refused = [
        hessian_vector_product(|_| y, &x, &x).unwrap_err(),
        vjp(|x| vec![x[0], y], &x, &x).unwrap_err(),
        jvp(|x| vec![x[0], y], &x, &x).unwrap_err(),
    ];
    for error in refused {
        assert!(error.is_foreign(), "{error}");
    }
}

#[test]
fn doors_of_no_variable_refuse_an_output_of_another_tape() {
    let y = stray();
    panics_here(DIFFERENT, || gradient(|_| y, &[]));
    panics_here(DIFFERENT, || value_and_gradient(|_| y, &[]));
    panics_here(DIFFERENT, || hessian(|_| y, &[]));
    panics_here(DIFFERENT, || jacobian(|_| vec![y], &[]));
    panics_here(DIFFERENT, || check_gradient(|_| y, &[]));
    assert!(hessian_vector_product(|_| y, &[], &[]).unwrap_err().is_foreign());
    assert!(vjp(|_| vec![y], &[], &[1.0]).unwrap_err().is_foreign());
    assert!(jvp(|_| vec![y], &[], &[]).unwrap_err().is_foreign());
}

#[test]
fn a_path_that_returns_an_output_of_another_tape_is_an_error() {
    let f = Function::builder()
        .record_paths(4, &[1.0], |x, _| vec![if x[0] > 0.0 { x[0] } else { stray() }]);
    assert!(f.value(&mut f.workspace(), &[-1.0]).unwrap_err().is_foreign());
    assert_eq!(f.value(&mut f.workspace(), &[3.0]), Ok(3.0));
}

/// A writer that does to a tape, while it is printed, all that a shared borrow allows.
struct Meddler<'t> {
    x: Var<'t>,
    scope: Option<ScopeGuard<'t>>,
    text: String,
}

impl Write for Meddler<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text += text;
        let _ = self.x.sin().label(format!("after {text}"));
        self.scope = None;
        self.scope = Some(self.x.tape().expect("it is a variable").scope("within"));
        let _: Var<'_> = [self.x, self.x].into_iter().sum();
        Ok(())
    }
}

#[test]
fn a_writer_may_record_label_and_leave_scopes_while_a_tape_is_printed() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let x = tape.var(3.0).label("x");
    let mut writer = Meddler { x, scope: Some(tape.scope("outer")), text: String::new() };
    write!(writer, "{tape:?}").unwrap();
    assert!(writer.text.starts_with("Tape { identity: "), "{}", writer.text);
    let guard = tape.scope("guard");
    write!(writer, "{guard:?}").unwrap();
    assert!(tape.len() > 40, "it did record");
    assert_eq!((x * x).gradients()[x], 6.0);
}

#[test]
fn a_writer_that_records_while_a_view_is_printed_is_told_so() {
    let tape = Tape::new();
    let x = tape.var(3.0).label("x");
    let view = tape.view();
    let mut writer = Meddler { x, scope: None, text: String::new() };
    panics("drop its `TapeView` before recording", || write!(writer, "{view:?}"));
    panics("drop its `TapeView` before recording", || write!(writer, "{tape}"));
    drop(view);
    assert_eq!((x * x).gradients()[x], 6.0);
}
