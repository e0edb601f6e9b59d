//! Calls that are too large to be taken apart.

use super::{MOST_APART, hessian, jacobian};
use crate::{Function, Scan, Var};

/// A call of a function and one of a loop, each of two variables, and a product beside them.
fn caller() -> Function {
    let apart = Function::record_many(&[0.5; 2], |x| vec![x[0].sin(), x[1].max(x[1].exp())]);
    let turn = Scan::builder()
        .shared(&[0.5])
        .state(&[1.0])
        .record(|step| (vec![step.state[0].sin() + step.shared[0]], vec![]));
    Function::record_many(&[0.5; 6], |x| {
        let mut rows = apart.call_as_one(&x[..2], &[]).unwrap();
        rows.extend(turn.call_as_one(9, &x[2..4], &[]).unwrap());
        rows.push(x[4] * x[5]);
        rows
    })
}

fn entries(pattern: &super::Pattern) -> Vec<(usize, usize)> {
    pattern.entries().collect()
}

#[test]
fn a_call_that_is_too_large_depends_on_all_that_it_is_given() {
    let program = caller().program;
    let rows = |most| entries(&jacobian(&program, None, most));
    let rest = [(2, 2), (2, 3), (3, 4), (3, 5)];
    assert_eq!(rows(MOST_APART), [&[(0, 0), (1, 1)][..], &rest].concat());
    assert_eq!(rows(20), [&[(0, 0), (0, 1), (1, 0), (1, 1)][..], &rest].concat());
}

#[test]
fn what_a_call_that_is_too_large_is_given_meets() {
    let program = caller().program;
    let rows = |most| entries(&hessian(&program, None, most));
    let product = [(4, 5), (5, 4)];
    // The shared number is added at each step, and goes through the sine of the next.
    let of_loop = [(2, 2), (2, 3), (3, 2), (3, 3)];
    assert_eq!(rows(MOST_APART), [&[(0, 0), (1, 1)][..], &of_loop, &product].concat());
    let of_function = [(0, 0), (0, 1), (1, 0), (1, 1)];
    assert_eq!(rows(20), [&of_function[..], &of_loop, &product].concat());
}

/// At a point too, where the sides of decisions inside of a call are not known.
#[test]
fn at_a_point_what_is_inside_of_a_call_that_is_too_large_stays_unknown() {
    let larger = Function::record(&[0.5; 2], |x: &[Var<'_>]| x[0].max(x[1]));
    let f = Function::record(&[0.5; 3], |x| larger.call_as_one(&x[..2], &[]).unwrap()[0].max(x[2]));
    let rows = |x: &[f64], most| {
        let mut workspace = f.workspace();
        let (program, space) = f.evaluate(&mut workspace, x.into()).unwrap();
        entries(&jacobian(program, Some(&space.slots), most))
    };
    assert_eq!(rows(&[3.0, 2.0, 1.0], MOST_APART), [(0, 0)]);
    assert_eq!(rows(&[3.0, 2.0, 1.0], 1), [(0, 0), (0, 1)]);
    assert_eq!(rows(&[3.0, 2.0, 5.0], 1), [(0, 2)]);
}
