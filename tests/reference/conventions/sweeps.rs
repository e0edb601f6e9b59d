//! Reverse sweep, forward sweep and dual numbers, at every special point of every operation.

use super::{SPECIAL, differentiate, is_same};
use crate::apply;
use crate::ulps::distance;
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

/// Operations of lists and of three numbers, one of which varies: also where several are infinite.
#[test]
fn all_directions_agree_at_special_points_of_three() {
    use OpKind as K;
    const FEWER: [f64; 8] = [f64::NEG_INFINITY, -1.0, -0.0, 5e-324, 0.5, 1.0, 2.0, f64::INFINITY];
    let numbers = || FEWER.into_iter().chain([f64::NAN]);
    let lists = [K::Sum, K::Product, K::Mean, K::SquaredNorm, K::Norm, K::LogSumExp, K::Horner];
    for kind in lists.into_iter().chain([K::MulAdd, K::BetaInc]) {
        for x in numbers() {
            for y in numbers() {
                numbers().for_each(|z| check_directions(kind, &[x, y, z]));
            }
        }
    }
}

#[test]
fn all_directions_agree_at_special_points_of_two_lists() {
    const FEWER: [f64; 5] = [f64::NEG_INFINITY, -0.0, 2.0, f64::INFINITY, f64::NAN];
    for x in FEWER {
        for y in FEWER {
            for z in FEWER {
                FEWER.into_iter().for_each(|w| check_directions(OpKind::Dot, &[x, y, z, w]));
            }
        }
    }
}

fn check_directions(kind: OpKind, arguments: &[f64]) {
    let (value, reversed) = apply::reverse(kind, arguments, &vec![true; arguments.len()]);
    for seeded in 0..arguments.len() {
        let (_, alone) = apply::reverse(kind, arguments, &only(seeded, arguments.len()));
        let pushed = pushforward(kind, arguments, seeded);
        let dual = apply::forward(kind, arguments, seeded);
        let found = [alone[seeded], pushed, dual.tangent];
        let near = |x: f64| is_same(x, reversed[seeded]) || distance(x, reversed[seeded]) <= 4.0;
        let same = is_same(dual.value, value) && found.into_iter().all(near);
        assert!(same, "∂{seeded} of {kind}{arguments:?} is {} and {found:?}", reversed[seeded]);
    }
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
