//! Where derivatives can be other than zero: against derivatives that were computed, and by hand.

use super::support::{optimisers, record_with};
use crate::expression::{expression, point};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Function, Optimise, Pattern, Var, select};

/// Checks that no entry of a matrix outside the pattern is a number other than zero.
#[track_caller]
fn assert_covers(pattern: &Pattern, matrix: &[f64]) {
    for (at, &entry) in matrix.iter().enumerate() {
        let (row, column) = (at / pattern.columns(), at % pattern.columns());
        let is_told = entry == 0.0 || entry.is_nan() || pattern.contains(row, column);
        assert!(is_told, "{entry} at ({row}, {column}) is not in {pattern:?}");
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_not_zero_is_in_the_pattern(
        (first, second) in (expression(), expression()),
        (at, x) in (point(), point()),
    ) {
        for optimise in optimisers() {
            let f = record_with(optimise, &at, |x| {
                let (y, z) = (first.record(x), second.record(x));
                vec![y, z, y.max(z), y * x[0]]
            });
            let (n, m) = (f.num_variables(), f.num_outputs());
            let (everywhere, hessian) = (f.jacobian_pattern(), f.hessian_pattern());
            prop_assert_eq!(&hessian.transposed(), &hessian);
            let (mut workspace, mut dual) = (f.workspace(), f.dual_workspace());
            let Ok(here) = f.jacobian_pattern_at(&mut workspace, &x) else { continue };
            let second_here = f.hessian_pattern_at(&mut workspace, &x).unwrap();
            prop_assert!(here.entries().all(|(i, j)| everywhere.contains(i, j)));
            prop_assert!(second_here.entries().all(|(i, j)| hessian.contains(i, j)));
            let mut jacobian = vec![0.0; m * n];
            f.jacobian(&mut workspace, &x, &mut jacobian).unwrap();
            assert_covers(&here, &jacobian);
            let mut matrix = vec![0.0; n * n];
            f.weighted_hessian(&mut dual, &x, &vec![1.0; m], &mut matrix).unwrap();
            assert_covers(&second_here, &matrix);
        }
    }
}

/// The pattern of the Hessian of a function of five variables.
fn hessian_of(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>) -> Vec<(usize, usize)> {
    let at = [1.0, 2.0, 3.0, 4.0, 5.0];
    let patterns = [Optimise::none(), Optimise::all()]
        .map(|optimise| Function::builder().optimise(optimise).record(&at, &f).hessian_pattern());
    assert_eq!(patterns[0], patterns[1]);
    patterns[0].entries().filter(|(row, column)| row <= column).collect()
}

#[test]
fn variables_meet_where_an_operation_is_not_linear_in_both() {
    let none: [(usize, usize); 0] = [];
    assert_eq!(hessian_of(|x| Var::sum(x) - x[0] * 3.0 + x[1].abs().max(x[2])), none);
    assert_eq!(hessian_of(|x| x[0] * x[1]), [(0, 1)]);
    assert_eq!(hessian_of(|x| x[0] / x[1]), [(0, 1), (1, 1)]);
    assert_eq!(hessian_of(|x| x[0].xlogy(x[1])), [(0, 1), (1, 1)]);
    assert_eq!(hessian_of(|x| x[0].powf(x[1])), [(0, 0), (0, 1), (1, 1)]);
    assert_eq!(hessian_of(|x| x[0].mul_add(x[1], x[2])), [(0, 1)]);
    assert_eq!(hessian_of(|x| (x[0] + x[3]).sin()), [(0, 0), (0, 3), (3, 3)]);
    assert_eq!(hessian_of(|x| Var::dot(&x[..2], &x[2..4])), [(0, 2), (1, 3)]);
    assert_eq!(hessian_of(|x| x[0].horner(&x[1..3])), [(0, 0), (0, 1), (0, 2)]);
    assert_eq!(hessian_of(|x| Var::norm(&x[..2])), [(0, 0), (0, 1), (1, 1)]);
    // What is thrown away, and what only decides, does not count.
    assert_eq!(hessian_of(|x| x[0].sin().floor() + x[1].exp().signum()), none);
    assert_eq!(
        hessian_of(|x| select(x[0].sin().less(x[1]), x[2] * x[2], x[3] * x[4])),
        [(2, 2), (3, 4)]
    );
}

#[test]
fn a_point_has_one_side_of_each_decision() {
    let f = Function::record(&[1.0, 2.0], |x| {
        select(x[0].less(x[1]), x[0] * x[0], x[1].exp()) + (x[0] * x[1]).relu()
    });
    let all = |pattern: Pattern| pattern.entries().collect::<Vec<_>>();
    assert_eq!(all(f.hessian_pattern()), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    let mut w = f.workspace();
    let mut at = |x: [f64; 2]| all(f.hessian_pattern_at(&mut w, &x).unwrap());
    assert_eq!(at([1.0, 2.0]), [(0, 0), (0, 1), (1, 0)]);
    assert_eq!(at([2.0, 1.0]), [(0, 1), (1, 0), (1, 1)]);
    assert_eq!(at([-1.0, 2.0]), [(0, 0)]);
    assert!(f.hessian_pattern_at(&mut w, &[1.0]).is_err());
}

/// Sums that grow term by term have sets of n²/2 variables together, and the pattern 3n entries.
#[test]
fn a_long_sum_takes_what_its_pattern_takes() {
    const N: usize = 100_000;
    for optimise in [Optimise::none(), Optimise::all()] {
        let f = Function::builder().optimise(optimise).record(&vec![0.5; N], |x| {
            let mut sum = x[0];
            for pair in x.windows(2) {
                sum += (pair[1] - pair[0] * pair[0]).powi(2);
            }
            sum
        });
        assert_eq!(f.hessian_pattern().len(), 3 * N - 2);
        assert_eq!(f.jacobian_pattern().len(), N);
    }
}

/// Each state depends on all before it: the pattern is full, and found in its own size, where
/// the states' pairs are n³/6.
#[test]
fn a_recurrence_has_a_full_pattern() {
    const N: usize = 1500;
    let f =
        Function::record(&vec![0.5; N], |x| x.iter().fold(x[0], |state, &x| (state + x).tanh()));
    assert_eq!(f.hessian_pattern().len(), N * N);
}

#[test]
fn layers_that_all_depend_on_all_share_their_sets() {
    const N: usize = 200;
    let f = Function::record_many(&vec![0.5; N], |x| {
        let mut state = x.to_vec();
        for _ in 0..3 {
            state = (0..N).map(|i| Var::sum(&state) * 0.1 + state[i]).collect();
        }
        state
    });
    assert_eq!(f.jacobian_pattern().len(), N * N);
}

#[test]
fn a_pattern_is_told_by_its_entries() {
    let entries = [(2, 1), (0, 3), (0, 0), (2, 1), (1, 2)];
    let pattern = Pattern::from_entries(4, 5, entries).unwrap();
    assert_eq!((pattern.rows(), pattern.columns(), pattern.len()), (4, 5, 4));
    assert_eq!((pattern.row(0), pattern.row(3)), (&[0, 3][..], &[][..]));
    assert_eq!(pattern.transposed().transposed(), pattern);
    assert_eq!((pattern.offsets(), pattern.indices()), (&[0, 2, 3, 4, 4][..], &[0, 3, 2, 1][..]));
    for outside in [(4, 0), (0, 5)] {
        let error = Pattern::from_entries(4, 5, [outside]).unwrap_err();
        assert!(error.to_string().contains("count them from 0"), "{error}");
    }
    let f = Function::record_many(&[1.0], |_| vec![Var::constant(1.0); 3]);
    assert!(f.jacobian_pattern().is_empty() && f.hessian_pattern().is_empty());
    assert_eq!(f.jacobian_pattern().rows(), 3);
    let nothing = Function::record_many(&[], |_| vec![]);
    assert_eq!(nothing.jacobian_pattern(), Pattern::from_entries(0, 0, []).unwrap());
}
