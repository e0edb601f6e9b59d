//! Doors take what is theirs: outputs of another tape are refused, whichever door they come to.

use crate::support::{panics, panics_here};
use std::fmt::{self, Write};
use wengert::view::ScopeGuard;
use wengert::{
    Function, Tape, Var, check_gradient, gradient, hessian, hessian_vector_product, jacobian, jvp,
    value_and_gradient, vjp,
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
        .record_paths(&[1.0], 4, |x, _| vec![if x[0] > 0.0 { x[0] } else { stray() }]);
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

#[test]
fn identifiers_of_another_tape_name_nothing() {
    let (mut one, mut other) = (Tape::new(), Tape::new());
    one.record_sources(true);
    other.record_sources(true);
    let scopes = (one.scope("one"), other.scope("other"));
    let (x, y) = (one.var(1.0).label("x"), other.var(2.0).label("y"));
    drop(scopes);
    let (x, y) = (x.id().unwrap(), y.id().unwrap());
    assert_eq!(x.index(), y.index());
    assert_ne!(x, y);
    assert_eq!((one.get(x).unwrap().value(), other.get(y).unwrap().value()), (1.0, 2.0));
    assert!(one.get(y).is_none() && other.get(x).is_none());
    let view = one.view();
    assert!(view.node(x).is_some() && view.node(y).is_none());
    assert!(view.label(x).is_some() && view.label(y).is_none());
    assert!(view.source(x).is_some() && view.source(y).is_none());
    assert!(view.scope(x).is_some() && view.scope(y).is_none());
    let scope = other.view().scope(y).unwrap();
    assert_eq!(other.view().scope_path(scope), ["other"]);
    assert!(view.scope_path(scope).is_empty());
    assert!(view.scope_name(scope).is_none());
}

#[test]
fn identifiers_of_what_was_dropped_name_nothing() {
    let mut tape = Tape::new();
    let kept = tape.var(1.0).label("kept").id().unwrap();
    let mark = tape.mark();
    let inner = tape.scope("inner");
    let dropped = tape.var(2.0).label("dropped").id().unwrap();
    drop(inner);
    let scope = tape.view().scope(dropped).unwrap();
    tape.rewind(mark).unwrap();
    let another = tape.scope("another");
    let instead = tape.var(3.0).label("instead").id().unwrap();
    drop(another);
    assert_eq!(dropped.index(), instead.index());
    assert_ne!(dropped, instead);
    assert!(tape.get(dropped).is_none() && tape.view().label(dropped).is_none());
    assert_eq!(tape.get(kept).unwrap().id(), Some(kept), "a node has one name as long as it is");
    assert_eq!(tape.view().label(kept).as_deref(), Some("kept"));
    assert_eq!(tape.view().scope(instead).unwrap().index(), scope.index());
    assert_ne!(tape.view().scope(instead).unwrap(), scope);
    assert!(tape.view().scope_path(scope).is_empty());
    tape.reset();
    assert!(tape.get(kept).is_none());
    let again = tape.var(1.0).id().unwrap();
    assert!(tape.get(kept).is_none() && tape.get(again).is_some());
}

/// Nodes recorded, dropped and recorded again in a random order, each with a value of its own, by
/// which a naive list knows what is still there.
#[test]
fn an_identifier_finds_its_own_node_or_none() {
    let mut random = 1_u64;
    let mut next = |below: u64| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let mut tape = Tape::new();
    let (mut known, mut alive, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    for serial in 0..3000 {
        match next(12) {
            0 => marks.push((tape.mark(), alive.len())),
            1 if !marks.is_empty() => {
                let (mark, len) = marks[next(marks.len() as u64) as usize];
                if tape.rewind(mark).is_ok() {
                    alive.truncate(len);
                }
            }
            2 if next(10) == 0 => {
                tape.reset();
                alive.clear();
            }
            _ => {
                let value = f64::from(serial);
                known.push((tape.var(value).id().unwrap(), value));
                alive.push(value);
            }
        }
        let Some(&(id, value)) = known.get(next(known.len().max(1) as u64) as usize) else {
            continue;
        };
        let found = tape.get(id).map(|var| var.value());
        assert_eq!(found, alive.contains(&value).then_some(value), "{id} in step {serial}");
        assert!(found.is_none() || alive[id.index()] == value);
    }
    assert!(known.iter().filter(|(id, _)| tape.get(*id).is_none()).count() > 1000);
}

#[test]
fn derivatives_are_checked_before_they_are_put_beside_nodes() {
    let (mut one, other) = (Tape::new(), Tape::new());
    let x = one.var(3.0);
    let before = one.mark();
    let gradients = (x * x).gradients();
    assert_eq!(
        gradients.iter(&one.view()).unwrap().map(|(_, g)| g).collect::<Vec<_>>(),
        [6.0, 1.0]
    );
    assert!(gradients.iter(&other.view()).err().unwrap().is_foreign());
    let text =
        "the derivatives are those of 2 nodes, but the recording was looked at when it had 1";
    assert!(gradients.check(before).unwrap_err().to_string().starts_with(text));
    assert_eq!(Var::constant(1.0).gradients().check(other.mark()), Ok(()), "zeros everywhere");
    let _ = x.sin();
    assert_eq!(gradients.check(one.mark()), Ok(()), "what came later has no adjoint");
    one.rewind(before).unwrap();
    let _ = one.vars(&[1.0, 2.0]);
    assert!(gradients.check(one.mark()).unwrap_err().is_stale());
    assert!(gradients.iter(&one.view()).err().unwrap().is_stale());
}
