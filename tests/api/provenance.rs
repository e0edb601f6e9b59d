//! Where nodes come from: source locations when asked for, and named scopes.

use crate::support::panics;
use num_traits::Float;
use std::panic::Location;
use wengert::{NodeId, OpKind, Parameters, Tape, Var};

fn traced() -> Tape {
    let mut tape = Tape::new();
    tape.record_sources(true);
    tape
}

/// Asserts that the variable's node was recorded on the line of the call.
#[track_caller]
fn here(var: Var<'_>) {
    let here = Location::caller();
    let view = var.tape().unwrap().view();
    let place = view.source(var.id().unwrap()).expect("the place was kept");
    assert_eq!((place.file(), place.line()), (here.file(), here.line()));
}

#[test]
fn every_way_to_record_names_the_line_of_the_caller() {
    let tape = traced();
    let [x, y] = tape.var_array([0.5, 2.0]);
    let mut parameters = Parameters::new();
    parameters.insert("a", 1.0);
    here(tape.var(1.0));
    here(tape.try_var(1.0).unwrap());
    here(tape.vars(&[1.0, 2.0])[1]);
    here(parameters.record(&tape).iter().next().unwrap());
    here(x + y);
    here(2.0 * x);
    here(-x);
    here(x.sin());
    here(Float::sin(x));
    here(Float::atan2(x, y));
    here(x.powi(3));
    here(x.mul_add(y, x));
    here(Var::constant(2.0).mul_add(x, 3.0));
    here(x.clamp(0.0, 1.0));
    here(x.clamp(y, 3.0));
    here(Var::dot(&[x, y], &[y, 2.0.into()]));
    here(Var::log_sum_exp(&[x, y]));
    here(Var::linear_combination(&[1.0, 2.0], &[x, y]));
    here(x.polynomial(&[1.0, 2.0]));
    here(x.horner(&[x, y]));
    here(Var::try_apply(OpKind::Mul, &[x, y]).unwrap());
    here(Var::try_apply(OpKind::MulAdd, &[x, y, 1.0.into()]).unwrap());
}

#[test]
fn a_constant_that_needs_a_node_comes_from_the_operation() {
    let tape = traced();
    let x = tape.var(1.0);
    let y = Var::sum(&[x, 2.0.into()]);
    let view = tape.view();
    let ids: Vec<NodeId> = view.ids().collect();
    assert_eq!(view.node(ids[1]).unwrap().kind(), OpKind::Constant);
    assert_eq!(view.source(ids[1]), view.source(y.id().unwrap()));
}

#[test]
fn nothing_is_kept_where_nobody_asked() {
    let mut tape = Tape::new();
    let x = tape.var(1.0).id().unwrap();
    assert_eq!(tape.view().source(x), None);
    tape.record_sources(true);
    let y = tape.var(1.0).id().unwrap();
    tape.record_sources(false);
    let z = tape.var(1.0).id().unwrap();
    let known = [x, y, z].map(|id| tape.view().source(id).is_some());
    assert_eq!(known, [false, true, false]);
    tape.record_sources(true);
    let known = [x, y, z].map(|id| tape.view().source(id).is_some());
    assert_eq!(known, [false, true, false], "asking again finds nothing out");
    here(tape.var(1.0));
}

#[test]
fn sources_follow_a_reset_and_a_rewind() {
    let mut tape = traced();
    let x = tape.var(1.0).id().unwrap();
    let mark = tape.mark();
    let before = tape.view().source(x);
    let _ = tape.get(x).unwrap().sin();
    tape.rewind(mark).unwrap();
    assert_eq!(tape.view().source(x), before);
    here(tape.get(x).unwrap().cos());
    tape.reset();
    assert_eq!(tape.view().source(x), None);
    here(tape.var(1.0));
    assert_ne!(tape.view().source(x), before);
}

#[test]
fn the_recording_and_its_gradients_are_the_same_with_sources() {
    let evaluate = |tape: &Tape| {
        let x = tape.vars(&[0.5; 200]);
        let y = x.iter().fold(Var::constant(1.0), |y, &x| (y * x).tanh() + x);
        (tape.to_string(), y.gradients().wrt(&x))
    };
    let mut tape = traced();
    assert_eq!(evaluate(&tape), evaluate(&Tape::new()));
    tape.reset();
    assert_eq!(evaluate(&tape), evaluate(&Tape::new()));
}

#[test]
fn limits_and_views_stop_recording_with_sources_as_without() {
    let mut tape = Tape::with_limit(48);
    tape.record_sources(true);
    let x = tape.var(1.0);
    {
        let _view = tape.view();
        let _second = tape.view();
        panics("drop its `TapeView`", || tape.var(2.0));
    }
    let y = tape.var(2.0);
    assert!(tape.try_var(3.0).unwrap_err().is_limit());
    assert_eq!(tape.len(), 2);
    assert_eq!(x.value() + y.value(), 3.0);
    tape.reset();
    here(tape.var(3.0));
}

#[test]
fn reserved_memory_is_used_with_sources_too() {
    let tape = traced();
    tape.try_reserve(100).unwrap();
    let held = tape.memory_usage();
    let _ = tape.vars(&[1.0; 100]);
    assert_eq!(tape.memory_usage(), held);
}

/// The scope of a variable's node, joined by slashes.
fn scope(var: Var<'_>) -> String {
    let view = var.tape().unwrap().view();
    view.scope(var.id().unwrap()).map_or(String::new(), |scope| view.scope_path(scope).join("/"))
}

#[test]
fn scopes_nest_and_come_again() {
    let tape = Tape::new();
    let outside = tape.var(1.0);
    let layer = |i: usize| {
        let _layer = tape.scope(format!("layer{i}"));
        let before = tape.var(1.0);
        let within = {
            let _neuron = tape.scope("neuron");
            tape.var(2.0)
        };
        [before, within, tape.var(3.0)]
    };
    let (one, two, again) = (layer(1), layer(2), layer(1));
    assert_eq!(scope(outside), "");
    assert_eq!(one.map(scope), ["layer1", "layer1/neuron", "layer1"]);
    assert_eq!(two.map(scope), ["layer2", "layer2/neuron", "layer2"]);
    assert_eq!(again.map(scope), one.map(scope));
    assert_eq!(scope(tape.var(1.0)), "");
    let view = tape.view();
    let ids = [one, again].map(|layer| layer.map(|var| view.scope(var.id().unwrap())));
    assert_eq!(ids[0], ids[1], "a name entered again is the same scope");
}

#[test]
fn guards_may_be_dropped_in_any_order() {
    let tape = Tape::new();
    let (outer, inner) = (tape.scope("outer"), tape.scope("inner"));
    drop(outer);
    assert_eq!(scope(tape.var(1.0)), "", "leaving a scope leaves those within it");
    let other = tape.scope("other");
    drop(inner);
    assert_eq!(scope(tape.var(1.0)), "other", "a guard ends no scope but its own");
    drop(other);
    let outer = tape.scope("outer");
    std::mem::forget(tape.scope("forgotten"));
    drop(outer);
    assert_eq!(scope(tape.var(1.0)), "");
}

#[test]
fn scopes_can_change_while_the_recording_is_read() {
    let tape = Tape::new();
    let guard = tape.scope("layer");
    let x = tape.var(1.0).id().unwrap();
    let view = tape.view();
    drop(guard);
    let _other = tape.scope("other");
    assert_eq!(view.scope_path(view.scope(x).unwrap()), ["layer"]);
    drop(view);
    assert_eq!(scope(tape.var(1.0)), "other");
}

#[test]
fn scopes_follow_a_reset_and_a_rewind() {
    let mut tape = Tape::new();
    let guard = tape.scope("kept");
    let x = tape.var(1.0).id().unwrap();
    let mark = tape.mark();
    let dropped = tape.scope("dropped");
    let stale = tape.var(1.0).id().unwrap();
    let stale = tape.view().scope(stale).unwrap();
    drop((guard, dropped));
    tape.rewind(mark).unwrap();
    assert_eq!(scope(tape.get(x).unwrap()), "kept");
    assert_eq!(scope(tape.var(1.0)), "", "the mark's scope was left");
    assert!(tape.view().scope_path(stale).is_empty(), "its name is gone");
    std::mem::forget(tape.scope("forgotten"));
    tape.reset();
    assert_eq!(scope(tape.var(1.0)), "");
}

/// Names made anew for each recording do not pile up.
#[test]
fn a_reset_forgets_the_names_of_scopes() {
    let mut tape = Tape::new();
    for i in 0..100 {
        tape.reset();
        let x = {
            let _step = tape.scope(format!("step {i}"));
            tape.var(1.0).id().unwrap()
        };
        let view = tape.view();
        assert_eq!(view.scope(x).unwrap().index(), 0);
    }
}

#[test]
fn a_thousand_scopes_within_each_other_are_one_path() {
    let tape = Tape::new();
    let guards: Vec<_> = (0..1000).map(|_| tape.scope("deeper")).collect();
    let x = tape.var(1.0).id().unwrap();
    let view = tape.view();
    assert_eq!(view.scope_path(view.scope(x).unwrap()).len(), 1000);
    drop(view);
    drop(guards);
    assert_eq!(scope(tape.var(1.0)), "");
}
