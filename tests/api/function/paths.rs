//! Functions that record another path where a branch flips.

use crate::support::{panics, panics_here, says};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use wengert::{Function, Var};

type Case = for<'t> fn(&[Var<'t>], &[Var<'t>]) -> Vec<Var<'t>>;

fn record(limit: usize, x: &[f64], f: Case) -> Function {
    Function::builder().record_paths(x, limit, f)
}

/// Values and gradients are those of the closure at each of the points, in order.
#[track_caller]
fn check(f: &Function, case: Case, points: &[&[f64]]) {
    let mut workspace = f.workspace();
    for &x in points {
        let mut gradient = vec![7.0; x.len()];
        let value = f.value_and_gradient(&mut workspace, x, &mut gradient).unwrap();
        let (expected, slopes) = wengert::value_and_gradient(|x| case(x, &[])[0], x);
        assert!(value == expected || (value.is_nan() && expected.is_nan()), "{value} at {x:?}");
        assert_eq!(format!("{gradient:?}"), format!("{slopes:?}"), "at {x:?}");
    }
}

/// Three paths, by a comparison that has three outcomes and more.
const SIGN: Case = |x, _| {
    vec![match x[0].partial_cmp(&0.0) {
        Some(std::cmp::Ordering::Less) => x[0] * -2.0,
        Some(std::cmp::Ordering::Equal) => x[0] + 5.0,
        Some(std::cmp::Ordering::Greater) => x[0] * x[0],
        None => x[0] * 0.0,
    }]
};

#[test]
fn a_comparison_of_four_outcomes_has_four_paths() {
    let f = record(8, &[1.0], SIGN);
    assert_eq!(f.recordings(), 1);
    let points: [&[f64]; 4] = [&[2.0], &[-1.0], &[0.0], &[f64::NAN]];
    check(&f, SIGN, &points);
    assert_eq!(f.recordings(), 4);
    check(&f, SIGN, &points);
    check(&f, SIGN, &[&[-0.0], &[-7.0], &[1e300], &[f64::NAN], &[-f64::INFINITY], &[3.0]]);
    assert_eq!(f.recordings(), 4, "the second visit records nothing");
}

const NESTED: Case = |x, _| {
    let y = if x[0] < 0.0 { -x[0] } else { x[0] * 2.0 };
    vec![if x[1] < y {
        if x[1] < 0.0 { y * x[1] } else { y + x[1] }
    } else if x[0] * x[1] > 10.0 {
        x[0] / x[1]
    } else {
        x[1] - y
    }]
};

#[test]
fn nested_branches_are_each_recorded_once() {
    let f = record(100, &[1.0, 1.0], NESTED);
    let grid = [-5.0, -1.0, -0.5, 0.0, 0.5, 1.0, 5.0, 20.0];
    let points: Vec<[f64; 2]> = grid.iter().flat_map(|&x| grid.map(|y| [x, y])).collect();
    let slices: Vec<&[f64]> = points.iter().map(|point| &point[..]).collect();
    check(&f, NESTED, &slices);
    let recordings = f.recordings();
    assert_eq!(recordings, 7, "of eight paths one contradicts itself");
    check(&f, NESTED, &slices);
    let reversed: Vec<&[f64]> = slices.iter().rev().copied().collect();
    check(&f, NESTED, &reversed);
    assert_eq!(f.recordings(), recordings);
}

/// Newton's iteration for a root: as many rounds as the input wants.
const LOOP: Case = |x, _| {
    let mut y = x[0];
    let mut rounds = 0;
    while (y * y - x[0]).abs() > 1e-9 * x[0] && rounds < 60 {
        y = (y + x[0] / y) * 0.5;
        rounds += 1;
    }
    vec![y]
};

#[test]
fn loops_run_as_often_as_the_input_wants() {
    let f = record(100, &[2.0], LOOP);
    let points = [2.0, 3.0, 10.0, 100.0, 1e6, 0.01, 1.0, 1e-4, 5.0, 2.5];
    let points: Vec<[f64; 1]> = points.map(|x| [x]).to_vec();
    let slices: Vec<&[f64]> = points.iter().map(|point| &point[..]).collect();
    check(&f, LOOP, &slices);
    let recordings = f.recordings();
    assert!((5..=10).contains(&recordings), "{recordings}");
    check(&f, LOOP, &slices);
    assert_eq!(f.recordings(), recordings);
}

#[test]
fn no_more_than_the_limit_is_kept_and_results_stay_right() {
    for limit in [1, 2, 3, 5] {
        let f = record(limit, &[1.0], SIGN);
        let points: [&[f64]; 4] = [&[2.0], &[-1.0], &[0.0], &[3.0]];
        for _ in 0..5 {
            check(&f, SIGN, &points);
        }
        let recordings = f.recordings();
        assert_eq!(recordings == 3, limit >= 3, "{recordings} recordings, {limit} are kept");
        assert!(recordings <= 1 + 5 * 2, "{recordings}");
    }
}

/// The closure is called as often as the function says.
#[test]
fn recordings_are_calls_of_the_closure() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let f = Function::builder().data(&[1.0]).record_paths(&[1.0], 10, move |x, d| {
        counter.fetch_add(1, Ordering::Relaxed);
        let calm = if x[0] < d[0] { x[0] * d[0] } else { x[0] - d[0] };
        vec![calm, -calm]
    });
    let (mut workspace, mut values) = (f.workspace(), [0.0; 2]);
    for (x, d) in [(1.0, 2.0), (2.0, 1.0), (0.5, 1.0), (3.0, 3.0), (1.0, 9.0)] {
        f.values(&mut workspace, (&[x], &[d]), &mut values).unwrap();
        let expected = if x < d { x * d } else { x - d };
        assert_eq!(values, [expected, -expected]);
        let mut jacobian = [0.0; 2];
        f.jacobian(&mut workspace, (&[x], &[d]), &mut jacobian).unwrap();
        assert_eq!(jacobian[0], if x < d { d } else { 1.0 });
    }
    assert_eq!((f.recordings(), calls.load(Ordering::Relaxed)), (2, 2));
}

#[test]
fn a_new_workspace_and_a_clone_share_the_paths() {
    let f = record(8, &[1.0], SIGN);
    check(&f, SIGN, &[&[-1.0], &[0.0]]);
    let other = f.clone();
    check(&other, SIGN, &[&[0.0], &[-2.0], &[5.0]]);
    assert_eq!((f.recordings(), other.recordings()), (3, 3));
}

/// Threads that meet a new path at once may each record it; afterwards nobody does.
#[test]
fn threads_share_the_paths() {
    let f = record(100, &[1.0, 1.0], NESTED);
    let grid = [-5.0, -1.0, -0.5, 0.0, 0.5, 1.0, 5.0, 20.0];
    let all = |start: usize| {
        let mut workspace = f.workspace();
        for k in 0..64 {
            let k = (start + k) % 64;
            let x = [grid[k / 8], grid[k % 8]];
            let mut gradient = [0.0; 2];
            let value = f.value_and_gradient(&mut workspace, &x, &mut gradient).unwrap();
            let (expected, slopes) = wengert::value_and_gradient(|x| NESTED(x, &[])[0], &x);
            assert_eq!((value, &gradient[..]), (expected, &slopes[..]));
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || all(thread * 8));
        }
    });
    let recordings = f.recordings();
    assert!((7..=7 * 8).contains(&recordings), "{recordings}");
    all(0);
    assert_eq!(f.recordings(), recordings);
}

/// A path costs memory once; the second evaluation on it allocates nothing.
#[test]
fn going_to_and_fro_allocates_nothing() {
    let f = record(8, &[1.0], SIGN);
    let mut workspace = f.workspace();
    let mut evaluate = || {
        for x in [1.0, -1.0, 0.0, 2.0] {
            f.value(&mut workspace, &[x]).unwrap();
        }
    };
    evaluate();
    assert_eq!(allocation_counter::measure(evaluate).count_total, 0);
}

/// A path with another number of outputs is refused, wherever the first one stands.
#[test]
fn every_path_has_as_many_outputs() {
    let text = |given| {
        format!("the list that the closure returns on this path has length {given}, wanted is 1")
    };
    let cases: [(usize, Case); 2] = [
        (0, |x, _| if x[0] < 0.0 { vec![] } else { vec![x[0]] }),
        (2, |x, _| if x[0] < 0.0 { vec![x[0], x[0]] } else { vec![x[0]] }),
    ];
    for (given, case) in cases {
        let f = record(8, &[1.0], case);
        let (mut workspace, mut one) = (f.workspace(), [7.0]);
        says(f.value(&mut workspace, &[-1.0]), &text(given));
        says(f.values(&mut workspace, &[-1.0], &mut one), &text(given));
        says(f.jacobian(&mut workspace, &[-1.0], &mut one), &text(given));
        let batch = wengert::Batch::new(1).variables(&[-1.0]);
        says(f.batch_values(&mut f.batch_workspace(), &batch, &mut one), &text(given));
        assert_eq!(f.value(&mut workspace, &[3.0]), Ok(3.0), "and is good again");
    }
}

/// A closure that panics on a new path, in a workspace that has forgotten the last one.
#[test]
fn a_workspace_outlives_a_panic_of_the_closure() {
    let f = record(2, &[1.0, 1.0], |x, _| {
        vec![match x[0].partial_cmp(&0.0) {
            Some(std::cmp::Ordering::Less) if x[1] > 100.0 => panic!("the closure's own"),
            Some(std::cmp::Ordering::Less) => -x[0],
            Some(std::cmp::Ordering::Equal) => x[0] + 5.0,
            _ => x[0] * x[0],
        }]
    });
    let (mut workspace, mut other) = (f.workspace(), f.workspace());
    assert_eq!(f.value(&mut workspace, &[0.0, 1.0]), Ok(5.0));
    assert!(f.value(&mut workspace, &[f64::NAN, 1.0]).unwrap().is_nan());
    assert_eq!(f.value(&mut other, &[-2.0, 1.0]), Ok(2.0));
    panics("the closure's own", || f.value(&mut workspace, &[-2.0, 200.0]));
    assert_eq!(f.value(&mut workspace, &[3.0, 1.0]), Ok(9.0));
    assert_eq!(f.value(&mut workspace, &[-2.0, 1.0]), Ok(2.0));
}

#[test]
fn a_limit_of_no_path_is_refused() {
    panics_here("keeps at least the one path", || record_none());
}

#[track_caller]
fn record_none() -> Function {
    Function::builder().record_paths(&[1.0], 0, SIGN)
}
