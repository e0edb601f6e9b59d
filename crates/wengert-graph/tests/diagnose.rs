//! The first number that is not finite, told as a story, and what else is found.

use wengert::{OpKind, Tape, Var};
use wengert_graph::diagnosis::{Cause, Quantity};
use wengert_graph::{Diagnosis, NodeIndex, Snapshot};

/// What the diagnosis of `f` at `x` finds first, without a sweep.
fn first_cause(x: f64, f: impl for<'t> Fn(Var<'t>) -> Var<'t>) -> Option<(Cause, String)> {
    let tape = Tape::new();
    f(tape.var(x));
    let snapshot = Snapshot::of(&tape.view());
    let diagnosis = snapshot.diagnose();
    diagnosis.findings().next().map(|finding| {
        assert_eq!(finding.quantity, Quantity::Value);
        (finding.cause, snapshot.node(finding.node).operation().name().to_owned())
    })
}

#[track_caller]
fn assert_cause(x: f64, f: impl for<'t> Fn(Var<'t>) -> Var<'t>, cause: Cause, operation: &str) {
    assert_eq!(first_cause(x, f), Some((cause, operation.to_owned())));
}

#[test]
fn the_kinds_of_trouble_are_told_apart() {
    assert_cause(f64::NAN, |x| x + 1.0, Cause::Given, "input");
    assert_cause(f64::INFINITY, |x| x + 1.0, Cause::Given, "input");
    assert_cause(1000.0, |x| x.exp(), Cause::Overflow, "exp");
    assert_cause(1e200, |x| x * x, Cause::Overflow, "mul");
    assert_cause(1e-200, |x| 1e200 / x, Cause::Overflow, "div");
    assert_cause(200.0, |x| x.lgamma().exp(), Cause::Overflow, "exp");
    assert_cause(0.0, |x| 1.0 / x, Cause::Pole, "div");
    assert_cause(0.0, |x| x.ln(), Cause::Pole, "ln");
    assert_cause(0.0, |x| x.powi(-2), Cause::Pole, "powi");
    assert_cause(1.0, |x| x.atanh(), Cause::Pole, "atanh");
    assert_cause(-1.0, |x| x.ln(), Cause::Domain, "ln");
    assert_cause(-1.0, |x| x.sqrt(), Cause::Domain, "sqrt");
    assert_cause(0.0, |x| x / x, Cause::Domain, "div");
    assert_cause(0.0, |x| x * f64::INFINITY, Cause::Indeterminate, "mul");
    assert_cause(3.0, |x| x + f64::INFINITY, Cause::Given, "add");
    assert_cause(3.0, |x| x * f64::NAN, Cause::Given, "mul");
    assert_eq!(first_cause(3.0, |x| x.sin()), None);
}

/// ∞ − ∞: the overflow is the first trouble, the NaN the second.
#[test]
fn a_nan_behind_an_infinity_is_found_too() {
    let tape = Tape::new();
    let x = tape.var(1000.0);
    let (a, b) = (x.exp(), (2.0 * x).exp());
    let c = a - b;
    let snapshot = Snapshot::of(&tape.view());
    let diagnosis = snapshot.diagnose();
    let found: Vec<(NodeIndex, Cause)> =
        diagnosis.findings().map(|finding| (finding.node, finding.cause)).collect();
    let [a, c] = [a, c].map(|var| var.id().unwrap().into());
    assert_eq!(found, [(a, Cause::Overflow), (c, Cause::Indeterminate)]);
}

/// The finding about adjoints, if there is one.
fn adjoint_cause(diagnosis: &Diagnosis<'_>) -> Option<(NodeIndex, NodeIndex, Cause)> {
    let mut findings = diagnosis.findings();
    let finding = findings.find(|finding| finding.quantity == Quantity::Adjoint)?;
    Some((finding.node, finding.operation, finding.cause))
}

#[track_caller]
fn assert_adjoint(x: f64, f: impl for<'t> Fn(Var<'t>) -> Var<'t>, cause: Cause, operation: OpKind) {
    let tape = Tape::new();
    let y = f(tape.var(x));
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    let diagnosis = snapshot.diagnose();
    let (_, user, found) = adjoint_cause(&diagnosis).expect("an adjoint is not finite");
    assert_eq!((found, snapshot.node(user).operation().kind()), (cause, Some(operation)));
}

#[test]
fn the_origin_of_an_adjoint_is_the_operation_that_uses_it() {
    assert_adjoint(0.0, |x| x.sqrt() + 1.0, Cause::Pole, OpKind::Sqrt);
    assert_adjoint(1.0, |x| (x * 1e200) * 1e200, Cause::Overflow, OpKind::Mul);
    assert_adjoint(-1.0, |x| x.ln() * 2.0, Cause::LostOutput, OpKind::Mul);
    assert_adjoint(0.0, |x| x.sqrt().sqrt(), Cause::Pole, OpKind::Sqrt);
}

#[test]
fn an_adjoint_set_by_hand_is_given() {
    let tape = Tape::new();
    let _ = tape.var(3.0).sin();
    let snapshot = Snapshot::of(&tape.view()).with_adjoints(|_| Some(f64::INFINITY));
    assert_eq!(adjoint_cause(&snapshot.diagnose()).unwrap().2, Cause::Given);
}

#[test]
fn the_story_names_the_line_the_scope_and_the_inputs() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let [x, y] = [tape.var(2.0).label("x"), tape.var(5.0).label("y")];
    let unused = tape.var(1.0).label("unused");
    let (z, line) = {
        let _layer = tape.scope("layer1");
        let _loss = tape.scope("loss");
        ((x - y).label("d").ln().label("z"), line!())
    };
    let gradients = (z + 1.0).gradients();
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&gradients);
    let diagnosis = snapshot.diagnose();
    assert_eq!(diagnosis.independent(), [unused.id().unwrap().into()]);
    let story = diagnosis.to_string();
    let file = file!();
    let expected = format!(
        "Not all values and adjoints of 6 nodes are finite.\n\n\
         The first value that is not finite is that of z: NaN\n  \
         z = ln(d) = NaN\n  \
         at {file}:{line}:29\n  \
         in layer1/loss\n  \
         where d = −3.0000\n  \
         `ln` is not defined there: a domain error.\n  \
         Inputs that lead there: x = 2.0000, y = 5.0000"
    );
    assert!(story.starts_with(&expected), "{story}");
    assert!(story.contains("No output depends on these inputs: unused"), "{story}");
    assert!(story.contains(&format!("{file}:{line}  2 nodes, 48 bytes")), "{story}");
}

#[test]
fn a_healthy_recording_says_so() {
    let tape = Tape::new();
    let y = tape.var(3.0).label("x").sin().label("y");
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    assert_eq!(
        snapshot.diagnose().to_string(),
        "All values and adjoints of 2 nodes are finite.\n\n\
         Largest adjoints: y 1.0000, x −0.9900\n"
    );
}

#[test]
fn the_largest_and_the_vanishing_are_listed_in_order() {
    let tape = Tape::new();
    let x = tape.vars(&[1.0; 20]);
    let scaled = x.iter().enumerate().map(|(i, &x)| x * 10.0_f64.powi(i as i32 - 18));
    let y: Var<'_> = scaled.sum();
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    let diagnosis = snapshot.diagnose();
    let position = |nodes: &[NodeIndex]| nodes.iter().map(|at| at.position()).collect::<Vec<_>>();
    assert_eq!(position(diagnosis.largest())[0], 19, "10 is the largest");
    assert_eq!(position(diagnosis.vanishing()), [0, 1, 2, 3, 4]);
    assert!(diagnosis.to_string().contains("Vanishing, below 1e-12 of the largest: 7: "));
}

/// The bytes of a line are those that the tape counts.
#[test]
fn the_lines_take_what_the_tape_counts() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let x = tape.vars(&[0.5; 8]);
    let _ = Var::log_sum_exp(&x) + Var::dot(&x, &x) * Var::linear_combination(&[2.0; 8], &x);
    let _ =
        x[0].clamp(0.0, 1.0).mul_add(2.0, 3.0) + x[1].polynomial(&[1.0, 2.0, 3.0]) + Var::sum(&x);
    let snapshot = Snapshot::of(&tape.view());
    let bytes: usize = snapshot.diagnose().lines().iter().map(|line| line.bytes).sum();
    assert_eq!(bytes, tape.stats().bytes_used);
}

#[test]
fn a_million_nodes_are_diagnosed() {
    let tape = Tape::new();
    let x = tape.var(1.0);
    let y = (0..1_000_000).fold(x, |y, _| y * 1.001);
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    let diagnosis = snapshot.diagnose();
    let finding = diagnosis.findings().next().expect("the product overflows");
    assert_eq!(finding.cause, Cause::Overflow);
    assert_eq!(finding.inputs, [x.id().unwrap().into()]);
    assert!(diagnosis.to_string().contains("Inputs that lead there: n0 = 1.0000"));
}

#[test]
fn kinks_that_count_are_told_with_their_arguments() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([0.0, 2.0]);
    let length = Var::norm(&[x, x]);
    let largest = y.max(2.0);
    let unused = x.abs();
    let _ = (length.powi(2) + largest) / 2.0;
    let snapshot = Snapshot::of(&tape.view());
    // What leads nowhere is an output too, as far as a recording knows.
    let kinks = snapshot.diagnose().kinks().to_vec();
    let nodes = [length, largest, unused].map(|var| var.id().unwrap().into());
    assert_eq!(kinks, nodes);
    let text = snapshot.diagnose().to_string();
    let told = "Kinks that were met, where derivatives are conventions:\n  n2 = ";
    assert!(text.contains(told), "{text}");
    // Of a point beside them, nothing is told.
    let beside = Tape::new();
    let _ = beside.var(0.1).abs();
    assert!(!Snapshot::of(&beside.view()).diagnose().to_string().contains("Kinks"));
}

#[test]
fn equalities_that_held_are_told_with_values_and_lines() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let [x, y] = tape.var_array([0.0, 5.0]);
    let z = if x == 0.0 { x } else { x * y };
    let _ = if y == 5.5 { z } else { y };
    let _ = wengert::select(y.equal(z + 5.0), y, z);
    let snapshot = Snapshot::of(&tape.view());
    let diagnosis = snapshot.diagnose();
    let [asked, selected] = diagnosis.equalities() else { panic!("{diagnosis}") };
    assert!(asked.starts_with("0.0 == 0.0 is true, at "), "{asked}");
    assert!(selected.starts_with("5.0 == 5.0 is true, at "), "{selected}");
    assert!(asked.contains("diagnose.rs:") && selected.contains("diagnose.rs:"));
    let text = "Equalities that held, so that the derivative is that of a branch of measure zero:\n  0.0 ==";
    assert!(diagnosis.to_string().contains(text), "{diagnosis}");
}

#[test]
fn equalities_of_a_function_are_those_at_the_point() {
    let f = wengert::Function::record(&[1.0, 2.0], |x| {
        let first = if x[0] == 1.0 { x[0].exp() } else { x[0] };
        if x[0] == x[1] { first } else { x[1] * first }
    });
    let snapshot = Snapshot::of_function(&f, &[1.0, 3.0]).unwrap();
    let diagnosis = snapshot.diagnose();
    assert_eq!(diagnosis.equalities().len(), 1);
    assert!(diagnosis.equalities()[0].starts_with("x0 (1.0000) == 1 is true, at "));
}
