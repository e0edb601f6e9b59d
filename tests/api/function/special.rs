//! Zero, infinity and NaN: the quick sweep that multiplies without looking must not show.

use super::support::{Reference, all_same, is_same, jacobian, optimisers, record_with, values};
use crate::support::same;
use wengert::{Function, Optimise, Var};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

type Case = (&'static str, for<'t> fn(&[Var<'t>]) -> Var<'t>);

/// Functions of two variables in which zero meets infinity on the way back.
const CASES: [Case; 16] = [
    ("an unused branch", |x| x[0] * 0.0 + x[0].sqrt() * 0.0 + x[1]),
    ("a square root of a square", |x| (x[0] * x[0]).sqrt() + x[1]),
    ("a zero times a pole", |x| x[1] + 0.0 * x[0].ln()),
    ("a partial that is zero", |x| (1.0 / x[0]).floor() + x[1]),
    ("a power that is one", |x| (1.0 / x[0]).powi(0) + x[1]),
    ("an output that is lost", |x| x[0].ln() + x[1]),
    ("a lost intermediate that is not used", |x| x[0].ln().max(1.0) + x[1]),
    ("a quotient of zeros", |x| x[0] / (x[0] * 1.0) + x[1]),
    ("an overflow", |x| (x[0] * 1e300) * 1e300 + x[1]),
    ("an overflow on the way back", |x| x[0] * 1e200 * 1e200 * 1e-300 + x[1]),
    ("a difference of infinities", |x| x[0] * 1e300 * 1e300 - x[1] * 1e300 * 1e300),
    ("roots side by side", |x| x[0].sqrt() * x[1].sqrt() + x[0].sqrt() * 0.0),
    ("a norm at the origin", |x| Var::norm(&[x[0], x[1]]) + x[1]),
    ("a log-sum-exp", |x| Var::log_sum_exp(&[x[0], x[1], x[0].ln()])),
    ("products in a sum", |x| x[0] * x[1] + x[0].recip() * x[1] - x[0] * 0.0 + x[1] * x[1]),
    ("a selection", |x| wengert::select(x[0].greater(0.0), x[0].ln(), x[1].recip())),
];

const POINTS: [[f64; 2]; 12] = [
    [0.0, 1.0],
    [-0.0, 1.0],
    [0.0, 0.0],
    [-1.0, 2.0],
    [INF, 1.0],
    [-INF, 0.0],
    [NAN, 1.0],
    [1.0, NAN],
    [1e300, -0.0],
    [1.0, INF],
    [INF, INF],
    [5e-324, -5e-324],
];

/// The gradient by the function and by the tape: NaN where the tape has NaN, else equal.
fn check(name: &str, f: &Function, case: Case, x: &[f64; 2]) {
    let mut gradient = [7.0; 2];
    let value = f.value_and_gradient(&mut f.workspace(), x, &mut gradient).unwrap();
    let (expected, slopes) = wengert::value_and_gradient(case.1, x);
    let near = |a: f64, b: f64| is_same(a, b) || a == b || (a - b).abs() <= 1e-12 * b.abs();
    assert!(near(value, expected), "{name} at {x:?}: {value}, not {expected}");
    let same = gradient.iter().zip(&slopes).all(|(&a, &b)| near(a, b));
    assert!(same, "{name} at {x:?}: {gradient:?}, not {slopes:?}");
}

#[test]
fn zero_meets_infinity_as_on_a_tape() {
    for case in CASES {
        for optimise in optimisers() {
            let f = Function::builder().optimise(optimise).record(&[1.0, 2.0], case.1);
            POINTS.iter().for_each(|x| check(&format!("{} {optimise:?}", case.0), &f, case, x));
        }
    }
}

/// A sweep that met infinity leaves nothing behind in the workspace.
#[test]
fn the_next_evaluation_is_clean() {
    for (name, case) in CASES {
        let f = Function::record(&[1.0, 2.0], case);
        let mut workspace = f.workspace();
        let mut evaluate = |x: &[f64; 2]| {
            let mut gradient = [7.0; 2];
            f.value_and_gradient(&mut workspace, x, &mut gradient).map(|y| (y, gradient)).unwrap()
        };
        let before = format!("{:?}", evaluate(&[1.5, 2.5]));
        for x in &POINTS {
            evaluate(x);
            let again = format!("{:?}", evaluate(&[1.5, 2.5]));
            assert_eq!(again, before, "{name} after {x:?}");
        }
    }
}

/// Where the tape computes twice what a function computes once, infinities meet on the tape alone.
#[test]
fn what_is_computed_once_adds_before_it_multiplies() {
    let difference: for<'t> fn(&[Var<'t>]) -> Var<'t> = |x| x[0].sqrt() - x[0].sqrt();
    let slope = |optimise| {
        let f = Function::builder().optimise(optimise).record(&[1.0], difference);
        let mut gradient = [7.0];
        f.gradient(&mut f.workspace(), &[0.0], &mut gradient).map(|()| gradient[0]).unwrap()
    };
    assert!(wengert::gradient(difference, &[0.0])[0].is_nan());
    assert!(slope(Optimise::none()).is_nan());
    assert_eq!(slope(Optimise::all()), 0.0);
}

#[test]
fn a_lost_seed_is_as_clean() {
    let f = Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1], x[0] + x[1], x[1].sin()]);
    let mut workspace = f.workspace();
    let mut product = [0.0; 2];
    for v in [[INF, 0.0, 0.0], [NAN, 1.0, 1.0], [0.0, -INF, INF], [1e300, 1e300, 1e300]] {
        f.vjp(&mut workspace, &[1.0, 2.0], &v, &mut product).unwrap();
        let door = wengert::vjp(|x| vec![x[0] * x[1], x[0] + x[1], x[1].sin()], &[1.0, 2.0], &v);
        let (_, expected) = door.unwrap();
        product.iter().zip(expected).for_each(|(&a, b)| same(a, b));
        f.vjp(&mut workspace, &[1.0, 2.0], &[1.0, 1.0, 0.0], &mut product).unwrap();
        assert_eq!(product, [3.0, 2.0]);
    }
}

#[test]
fn the_rows_of_a_jacobian_do_not_poison_each_other() {
    let record = |x: &[f64]| {
        Function::record_many(x, |x| vec![x[0].ln(), x[1] * 2.0, x[0].sqrt() * 0.0, x[0] * x[1]])
    };
    let f = record(&[1.0, 2.0]);
    let rows = jacobian(&f, &[0.0, 3.0]);
    assert_eq!(rows, [[INF, 0.0], [0.0, 2.0], [0.0, 0.0], [3.0, 0.0]]);
    let rows = jacobian(&f, &[-1.0, 3.0]);
    assert!(rows[0][0].is_nan() && rows[2][0].is_nan());
    assert_eq!((rows[0][1], rows[2][1]), (0.0, 0.0), "these do not depend on the second");
    assert_eq!((&rows[1], &rows[3]), (&vec![0.0, 2.0], &vec![3.0, -1.0]));
}

#[test]
fn negative_zero_survives() {
    for optimise in optimisers() {
        let f = record_with(optimise, &[1.0, 2.0], |x| {
            let [x, y] = [x[0], x[1]];
            vec![x + y, x - y, x * y, -x, x + -0.0, x - 0.0, x * 1.0, x + 0.0, -(-x), x / 4.0]
        });
        let (p, n) = (0.0, -0.0);
        all_same(&values(&f, &[n, n]), &[n, p, p, p, n, n, n, p, n, n]);
        all_same(&values(&f, &[n, p]), &[p, n, n, p, n, n, n, p, n, n]);
        all_same(&values(&f, &[p, n]), &[p, p, n, n, p, p, p, p, p, p]);
    }
}

fn sums<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let [x, y] = [x[0], x[1]];
    vec![
        Var::sum(&[x]),
        Var::sum(&[x, x, x]),
        Var::dot(&[x], &[y]),
        Var::dot(&[x, x], &[y, y]),
        Var::linear_combination(&[1.0, 1.0], &[x, x]),
        Var::mean(&[x, x]),
        x * y + x * y,
    ]
}

/// A sum begins with its first term, not with a positive zero, where it does so on a tape.
#[test]
fn sums_of_negative_zeros_are_those_of_the_tape() {
    for optimise in optimisers() {
        let f = record_with(optimise, &[1.0, 2.0], sums);
        for x in [[-0.0, 1.0], [0.0, -1.0], [-0.0, -0.0]] {
            all_same(&values(&f, &x), &Reference::of(&x, sums).values);
        }
    }
}
