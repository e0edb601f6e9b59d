//! What decides anew at every evaluation: `select`, `min`, `max`, `abs`, `clamp` and their like
//! need no guard.

use super::support::optimisers;
use crate::support::same;
use wengert::{Function, Var, select};

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

type Case = for<'t> fn(&[Var<'t>]) -> Var<'t>;

const CASES: [Case; 16] = [
    |x| select(x[0].less(x[1]), x[0] * 2.0, x[1] * x[0]),
    |x| select(x[0].less_or_equal(x[1]), x[0], x[1].sqrt()),
    |x| select(x[0].equal(x[1]), x[0] * x[1], 5.0),
    |x| select(x[0].greater(x[1]), 1.0, x[1]),
    |x| select(x[0].greater_or_equal(x[1]), x[0].ln(), x[1].recip()),
    |x| select(!x[0].less(x[1]), x[0], x[1]),
    |x| select(!x[0].equal(0.0), x[1] / x[0], x[1]),
    |x| select(x[0].less(0.0), select(x[1].less(0.0), x[0] * x[1], -x[0]), x[1]),
    |x| x[0].max(x[1]) * 3.0,
    |x| x[0].min(x[1]) * 3.0,
    |x| x[0].abs() + x[1].abs(),
    |x| x[0].clamp(-1.0, 1.0) * x[1],
    |x| x[0].relu() - x[1].leaky_relu(0.1),
    |x| x[0].signum() * x[1],
    |x| x[0].copysign(x[1]),
    |x| x[0].max(0.0).min(x[1].floor()),
];

const NUMBERS: [f64; 11] = [-INF, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, INF, NAN];

/// At every pair of numbers, recorded at every sign.
#[test]
fn decisions_follow_the_inputs() {
    for (number, case) in CASES.into_iter().enumerate() {
        for optimise in optimisers() {
            for at in [[1.5, -2.5], [-1.5, 2.5], [NAN, 1.0]] {
                let f = Function::builder().optimise(optimise).record(&at, case);
                let mut workspace = f.workspace();
                for (x, y) in NUMBERS.into_iter().flat_map(|x| NUMBERS.map(|y| (x, y))) {
                    let mut gradient = [7.0; 2];
                    let value = f.value_and_gradient(&mut workspace, &[x, y], &mut gradient);
                    let (expected, slopes) = wengert::value_and_gradient(case, &[x, y]);
                    same(value.expect("nothing to guard"), expected);
                    for (&given, &slope) in gradient.iter().zip(&slopes) {
                        let is_it = given == slope || (given.is_nan() && slope.is_nan());
                        assert!(is_it, "{number} at {x}, {y}: {gradient:?}, not {slopes:?}");
                    }
                }
            }
        }
    }
}

/// A clamp between variables follows too. That its bounds are in order is a guard: out of order
/// they panic where they are recorded.
#[test]
fn a_clamp_between_variables_follows() {
    let f = Function::record(&[0.5, 0.0, 1.0], |x| x[0].clamp(x[1], x[2]));
    let mut workspace = f.workspace();
    let mut evaluate = |x: [f64; 3]| {
        let mut gradient = [7.0; 3];
        f.value_and_gradient(&mut workspace, &x, &mut gradient).map(|value| (value, gradient))
    };
    assert_eq!(evaluate([5.0, 0.0, 1.0]), Ok((1.0, [0.0, 0.0, 1.0])));
    assert_eq!(evaluate([-5.0, -1.0, 1.0]), Ok((-1.0, [0.0, 1.0, 0.0])));
    assert_eq!(evaluate([3.0, 3.0, 9.0]), Ok((3.0, [0.5, 0.5, 0.0])));
    let (value, gradient) = evaluate([NAN, 0.0, 1.0]).unwrap();
    assert!(value.is_nan() && gradient.iter().all(|slope| slope.is_nan()));
    let error = evaluate([0.5, 2.0, 1.0]).unwrap_err();
    assert!(error.to_string().contains("0.0 <= 1.0 is true, now 2.0 <= 1.0 is false"), "{error}");
    assert!(evaluate([0.5, NAN, 1.0]).unwrap_err().is_guard());
}

/// What is not taken can be anything.
#[test]
fn the_branch_not_taken_passes_nothing_on() {
    let f = Function::record(&[1.0], |x| {
        let root = (x[0] - 2.0).sqrt();
        select(x[0].greater_or_equal(2.0), root * root.ln(), x[0] * 3.0)
    });
    let mut gradient = [7.0];
    let mut workspace = f.workspace();
    for x in [1.0, -INF, 1.9999, -1e300] {
        let value = f.value_and_gradient(&mut workspace, &[x], &mut gradient).unwrap();
        assert_eq!((value, gradient), (3.0 * x, [3.0]));
    }
    let value = f.value_and_gradient(&mut workspace, &[6.0], &mut gradient).unwrap();
    let (expected, slope) = (2.0 * 2.0_f64.ln(), (2.0_f64.ln() + 1.0) / 4.0);
    approx::assert_relative_eq!(value, expected, max_relative = 1e-15);
    approx::assert_relative_eq!(gradient[0], slope, max_relative = 1e-14);
}

#[test]
fn decisions_have_tangents_and_second_derivatives() {
    let f = Function::record(&[1.0], |x| select(x[0].less(0.0), x[0].ln(), x[0].powi(3)));
    let (mut tangent, mut hessian) = ([7.0], [7.0]);
    let mut workspace = f.dual_workspace();
    f.jvp(&mut workspace, &[2.0], &[1.0], &mut tangent).unwrap();
    f.hessian(&mut workspace, &[2.0], &mut hessian).unwrap();
    assert_eq!((tangent, hessian), ([12.0], [12.0]));
    f.jvp(&mut workspace, &[0.0], &[1.0], &mut tangent).unwrap();
    f.hessian(&mut workspace, &[0.0], &mut hessian).unwrap();
    assert_eq!((tangent, hessian), ([0.0], [0.0]));
}

#[test]
fn a_condition_can_be_asked_and_turned_round() {
    let tape = wengert::Tape::new();
    let [x, y] = tape.var_array([1.0, 2.0]);
    assert!(x.less(y).holds() && !(!x.less(y)).holds() && y.greater(x).holds());
    assert!(x.less_or_equal(1.0).holds() && x.greater_or_equal(1.0).holds() && x.equal(x).holds());
    let nan = Var::constant(NAN);
    assert!(!x.less(nan).holds() && (!x.less(nan)).holds() && !nan.equal(nan).holds());
    assert_eq!(select(Var::constant(1.0).less(2.0), 3.0, 4.0), Var::constant(3.0));
}
