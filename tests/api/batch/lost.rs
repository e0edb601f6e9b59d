//! Zero, infinity and NaN in one sample of many: it follows the conventions, and leaves the
//! others, and the workspace, alone.

use super::agreement::batch_gradients;
use super::oracle::{Samples, tree};
use crate::function::support::{all_same, is_same};
use wengert::{Function, Var};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

type Case = (&'static str, for<'t> fn(&[Var<'t>]) -> Var<'t>);

/// Functions of two variables in which zero meets infinity on the way back. The second variable
/// has one term in each, so that its sum over samples is that of the tree.
const CASES: [Case; 10] = [
    ("an unused branch", |x| x[0].sqrt() * 0.0 + x[1]),
    ("a square root of a square", |x| (x[0] * x[0]).sqrt() + x[1]),
    ("a zero times a pole", |x| x[1] + 0.0 * x[0].ln()),
    ("a partial that is zero", |x| (1.0 / x[0]).floor() + x[1]),
    ("an output that is lost", |x| x[0].ln() + x[1]),
    ("an intermediate that is not used", |x| x[0].ln().max(1.0) + x[1]),
    ("an overflow", |x| (x[0] * 1e300) * 1e300 + x[1]),
    ("an overflow on the way back", |x| x[0] * 1e200 * 1e200 * 1e-300 + x[1]),
    ("a log-sum-exp", |x| Var::log_sum_exp(&[x[0], x[1], x[0].ln()])),
    ("a selection", |x| wengert::select(x[0].greater(0.0), x[0].ln(), x[1].recip())),
];

const LOST: [f64; 6] = [0.0, -0.0, -1.0, INF, NAN, 1e300];

/// Ordinary samples, of which one has another first variable.
fn samples(count: usize, place: usize, x: f64) -> Samples<f64> {
    let ordinary = |i: usize| vec![0.5 + 0.01 * i as f64, 1.5 - 0.002 * i as f64];
    let mut points: Vec<Vec<f64>> = (0..count).map(ordinary).collect();
    points[place][0] = x;
    Samples::apart(&points)
}

/// Places in the first pack, in the last that is not full, and in another leaf.
const PLACES: [(usize, usize); 6] = [(1, 0), (17, 3), (17, 16), (30, 29), (300, 255), (300, 299)];

#[test]
fn one_lost_sample_is_as_by_itself_and_the_others_are_untouched() {
    for (name, case) in CASES {
        let f = Function::record(&[1.0, 2.0], case);
        for (count, place) in PLACES {
            for x in LOST {
                let samples = samples(count, place, x);
                let (values, rows) = batch_gradients(&f, &samples);
                let (known_values, known_rows) = samples.gradients(&f);
                for i in 0..count {
                    let (row, known) = (&rows[2 * i..][..2], &known_rows[2 * i..][..2]);
                    let same = is_same(values[i], known_values[i])
                        && row.iter().zip(known).all(|(&a, &b)| is_same(a, b));
                    assert!(same, "{name}, {x} at {place} of {count}: {i} is {row:?}, {known:?}");
                }
            }
        }
    }
}

/// The lost variable is each sample's own; the other is shared.
#[test]
fn sums_over_samples_are_as_lost_as_their_terms() {
    for (name, case) in CASES {
        let f = Function::record(&[1.0, 2.0], |x| case(&[x[1], x[0]]));
        let mut workspace = f.batch_workspace();
        for (count, place) in PLACES {
            for x in LOST {
                let mut samples = Samples::<f64>::of(count, [1, 1], [0, 0]);
                samples.own[0].iter_mut().for_each(|x| *x = x.abs() + 0.1);
                samples.own[0][place] = x;
                let (mut shared, mut each) = ([7.0], vec![7.0; count]);
                let batch = samples.batch();
                let sum = f.batch_gradient(&mut workspace, &batch, &mut shared, &mut each).unwrap();
                let (values, rows) = samples.gradients(&f);
                let column = |k| rows.iter().skip(k).step_by(2).copied().collect::<Vec<f64>>();
                let what = format!("{name}, {x} at {place} of {count}");
                assert!(is_same(sum, tree(&values)), "{what}: {sum}");
                assert!(is_same(shared[0], tree(&column(0))), "{what}: {shared:?}");
                assert!(each.iter().zip(column(1)).all(|(&a, b)| is_same(a, b)), "{what}");
            }
        }
    }
}

/// A shared variable that is lost is so for all samples.
#[test]
fn a_shared_variable_may_be_lost() {
    for (name, case) in CASES {
        let f = Function::record(&[1.0, 2.0], case);
        for x in LOST {
            let mut samples = Samples::<f64>::of(21, [1, 1], [0, 0]);
            samples.shared[0][0] = x;
            let (values, rows) = batch_gradients(&f, &samples);
            let (known_values, known_rows) = samples.gradients(&f);
            assert_eq!(values.len(), 21, "{name}");
            all_same(&values, &known_values);
            all_same(&rows, &known_rows);
        }
    }
}

/// A batch that met infinity leaves nothing behind in the workspace.
#[test]
fn the_next_batch_is_clean() {
    for (name, case) in CASES {
        let f = Function::record(&[1.0, 2.0], case);
        let mut workspace = f.batch_workspace();
        let mut evaluate = |samples: &Samples<f64>| {
            let (mut shared, mut each) = ([], vec![7.0; 2 * samples.count]);
            let batch = samples.batch();
            let sum = f.batch_gradient(&mut workspace, &batch, &mut shared, &mut each).unwrap();
            each.push(sum);
            each
        };
        let clean = samples(11, 0, 0.75);
        let before = evaluate(&clean);
        for x in LOST {
            evaluate(&samples(270, 100, x));
            let after = evaluate(&clean);
            assert!(after.iter().zip(&before).all(|(&a, &b)| is_same(a, b)), "{name} after {x}");
        }
    }
}
