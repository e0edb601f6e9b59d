//! Reverse sweep, forward sweep and dual numbers, at every special point of every operation.

use super::{SPECIAL, differentiate, is_same};
use crate::apply;
use wengert::{OpKind, Tape, Var};

#[test]
fn all_directions_agree_at_special_points() {
    for_each_point(|kind, arguments| {
        for seeded in 0..arguments.len() {
            let (value, reversed) = apply::reverse(kind, arguments, &only(seeded, arguments.len()));
            let pushed = pushforward(kind, arguments, seeded);
            let dual = apply::forward(kind, arguments, seeded);
            let same = is_same(dual.value, value)
                && is_same(pushed, reversed[seeded])
                && is_same(dual.tangent, reversed[seeded]);
            let found = (reversed[seeded], pushed, dual.tangent);
            assert!(same, "∂{seeded} of {kind}{arguments:?} is {found:?}");
        }
    });
}

#[test]
fn every_derivative_of_nan_is_nan() {
    for_each_point(|kind, arguments| {
        let (value, gradient) = differentiate(kind, arguments);
        let all_nan = gradient.iter().all(|derivative| derivative.is_nan());
        assert!(!value.is_nan() || all_nan, "{kind}{arguments:?} is NaN, and has {gradient:?}");
    });
}

/// Calls `visit` with all operations of one and two variables at all special points.
fn for_each_point(visit: impl Fn(OpKind, &[f64])) {
    for &kind in OpKind::ALL {
        for x in SPECIAL {
            if takes(kind, 1) {
                visit(kind, &[x]);
            }
            for y in SPECIAL.into_iter().filter(|_| takes(kind, 2)) {
                visit(kind, &[x, y]);
            }
        }
    }
}

/// Whether an operation on numbers takes so many; lists do, and are left to their own tests.
fn takes(kind: OpKind, arity: usize) -> bool {
    let arguments = vec![Var::<f64>::constant(1.0); arity];
    let leaf = matches!(kind, OpKind::Input | OpKind::Constant | OpKind::Powi);
    !leaf && !apply::is_reduction(kind) && Var::try_apply(kind, &arguments).is_ok()
}

fn only(seeded: usize, len: usize) -> Vec<bool> {
    (0..len).map(|i| i == seeded).collect()
}

fn pushforward(kind: OpKind, arguments: &[f64], seeded: usize) -> f64 {
    let tape = Tape::new();
    let mut vars: Vec<Var<'_>> = arguments.iter().map(|&x| Var::constant(x)).collect();
    vars[seeded] = tape.var(arguments[seeded]);
    let output = Var::try_apply(kind, &vars).expect("the arity fits");
    tape.pushforward(&[(vars[seeded], 1.0)]).expect("the seed is of this tape")[output]
}
