//! Sizes and auto traits that the documentation promises.

use static_assertions::{assert_impl_all, assert_not_impl_any};
use std::mem::size_of;
use wengert::check::{InputReport, Report};
use wengert::parameters::{ParameterId, ParameterVars};
use wengert::view::{Argument, NodeView, ScopeGuard, ScopeId, Stats, TapeView};
use wengert::{Dual, Error, Function, Gradients, Mark, NodeId, OpKind, Optimise, Parameters};
use wengert::{Tangents, Tape, Var};

assert_impl_all!(Tape: Send);
assert_impl_all!(Tape<Dual<f32>>: Send);
assert_not_impl_any!(Tape: Sync);

assert_impl_all!(Var<'static>: Copy);
assert_not_impl_any!(Var<'static>: Send, Sync);
assert_not_impl_any!(TapeView<'static>: Send, Sync);
assert_not_impl_any!(ScopeGuard<'static>: Send, Sync, Clone);
assert_not_impl_any!(ParameterVars<'static, 'static>: Send, Sync);
assert_not_impl_any!(Tape: Clone);
assert_not_impl_any!(Parameters: Clone);

assert_impl_all!(Gradients: Send, Sync, Clone);
assert_impl_all!(Tangents: Send, Sync, Clone);
assert_impl_all!(Parameters: Send, Sync);
assert_impl_all!(ParameterId: Send, Sync, Copy, Ord, std::hash::Hash);
assert_impl_all!(Error: Send, Sync, std::error::Error);
assert_impl_all!(Mark: Send, Sync, Copy);
assert_impl_all!(NodeId: Send, Sync, Copy, Ord, std::hash::Hash);
assert_impl_all!(ScopeId: Send, Sync, Copy, Ord, std::hash::Hash);
assert_impl_all!(NodeView<'static>: Send, Sync, Copy);
assert_impl_all!(Argument<f64>: Send, Sync, Copy);
assert_impl_all!(Dual: Send, Sync, Copy);
assert_impl_all!(OpKind: Send, Sync, Copy);
assert_impl_all!(Stats: Send, Sync);
assert_impl_all!(Report: Send, Sync);
assert_impl_all!(InputReport: Send, Sync, Copy);

#[test]
fn a_node_has_24_bytes_for_f64_and_20_for_f32() {
    assert_eq!(Tape::with_capacity(1000).memory_usage(), 24_000);
    let single = Tape::<f32>::default();
    single.try_reserve(1000).unwrap();
    assert_eq!(single.memory_usage(), 20_000);
}

#[test]
fn an_adjoint_has_8_bytes_for_f64_and_4_for_f32() {
    fn bytes<F>(numbers: &[F]) -> usize {
        size_of_val(numbers)
    }
    let (double, single) = (Tape::new(), Tape::<f32>::default());
    let (x, y) = (double.var(1.0), single.var(1.0));
    assert_eq!(bytes((x * x).gradients().as_slice()), 2 * 8);
    assert_eq!(bytes((y * y).gradients().as_slice()), 2 * 4);
}

#[test]
fn a_variable_has_24_bytes() {
    assert_eq!(size_of::<Var<'_>>(), 24);
}

/// An identifier carries its tape and its epoch; on the tape, a node is named by 4 bytes.
#[test]
fn an_identifier_has_24_bytes() {
    assert_eq!(size_of::<NodeId>(), 24);
}

#[test]
fn an_operand_of_an_nary_node_has_4_bytes_and_a_coefficient_8() {
    let tape = Tape::new();
    let x = tape.vars(&[1.0; 10]);
    let before = tape.stats().bytes_used;
    let _ = Var::sum(&x);
    assert_eq!(tape.stats().bytes_used - before, 24 + 10 * 4);
    let before = tape.stats().bytes_used;
    let _ = Var::linear_combination(&[2.0; 10], &x);
    assert_eq!(tape.stats().bytes_used - before, 24 + 10 * 12);
}

#[test]
fn a_constant_operand_takes_no_bytes_of_its_own() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let before = tape.stats().bytes_used;
    let _ = 2.0 * x;
    let _ = x / 2.0;
    let _ = x.powf(2.0);
    assert_eq!(tape.stats().bytes_used - before, 3 * 24);
}

/// Values, adjoints, and tangents with their adjoints along one, four and eight directions; those
/// along several have no use with one variable.
#[test]
fn eight_directions_take_some_250_bytes_an_operation() {
    const LENGTH: usize = 10_000;
    fn chain<'t>(x: &[Var<'t>]) -> Var<'t> {
        (0..LENGTH).fold(x[0], |y, i| y.sin() + x[i % x.len()])
    }
    for optimise in [Optimise::none(), Optimise::all()] {
        let bytes_of_each = |at: &[f64]| {
            let f = Function::builder().optimise(optimise).record(at, chain);
            f.dual_workspace_bytes() / f.len()
        };
        let (one, two) = (bytes_of_each(&[0.5]), bytes_of_each(&[0.5, 0.7]));
        assert!((40..=60).contains(&one), "{one} bytes an operation");
        assert!((225..=275).contains(&two), "{two} bytes an operation");
    }
}
