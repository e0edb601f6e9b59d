//! Every operation in lanes, at points at which floats are special among ordinary ones.

use super::agreement::batch_gradients;
use super::oracle::Samples;
use crate::expression::operations;
use crate::function::support::{cast, is_same};
use wengert::{Function, OpKind, Real, Var};

/// Ordinary numbers between those at which functions tend to be special, so that every pack of
/// eight has both.
const NUMBERS: [f64; 23] = [
    0.3,
    f64::NEG_INFINITY,
    -2.0,
    f64::MIN,
    0.7,
    -5e-324,
    1.3,
    -0.0,
    -0.4,
    0.0,
    2.6,
    5e-324,
    0.5,
    1.0,
    1e-310,
    -1.0,
    f64::INFINITY,
    -0.9,
    f64::NAN,
    17.3,
    3e-39,
    1e30,
    -700.5,
];

/// An operation on variables and, where it wants them, constants. That the bounds of a clamp are
/// in order is a guard, which the functions here ignore.
fn apply<'t, F: Real>(kind: OpKind, x: &[Var<'t, F>]) -> Var<'t, F> {
    let [low, high, three] = [-0.5, 2.0, 3.0].map(|c| Var::constant(cast::<F>(&[c])[0]));
    let [x, y, z] = [x[0], x[1], x[2]];
    let shapes: [&[Var<'t, F>]; 7] = [
        &[x, y, z, x],
        &[x, y, z],
        &[x, y],
        &[x],
        &[x, three],
        &[x, low, high],
        &[low, high, x, y],
    ];
    let tried = shapes.into_iter().find_map(|shape| Var::try_apply(kind, shape).ok());
    tried.unwrap_or_else(|| panic!("no shape fits {kind}"))
}

/// Each number beside each other one, and a third.
fn points<F: Real>() -> Vec<Vec<F>> {
    let count = NUMBERS.len();
    let pick = |i: usize| NUMBERS[i % count];
    let point = |i: usize| cast(&[pick(i), pick(i / count), pick(7 * i + i / count)]);
    (0..count * count).map(point).collect()
}

fn check<F: Real>(kind: OpKind, f: &Function<F>, points: &[Vec<F>]) {
    let samples = Samples::apart(points);
    let (values, rows) = batch_gradients(f, &samples);
    let (known_values, known_rows) = samples.gradients(f);
    for (i, x) in points.iter().enumerate() {
        let (value, known) = (values[i], known_values[i]);
        assert!(is_same(value, known), "{kind}{x:?} is {value:?} in a batch, {known:?} by itself");
        let row = |rows: &[F]| rows[i * x.len()..][..x.len()].to_vec();
        let (row, known) = (row(&rows), row(&known_rows));
        let same = row.iter().zip(&known).all(|(&a, &b)| is_same(a, b));
        assert!(same, "d{kind}{x:?} is {row:?} in a batch, {known:?} by itself");
    }
}

fn check_one<F: Real>(kind: OpKind) {
    let f = Function::builder()
        .ignore_guards()
        .record(&cast::<F>(&[0.3, 0.7, 1.3]), |x| apply(kind, x));
    check(kind, &f, &points());
}

#[test]
fn every_operation_has_the_bits_of_a_single_evaluation() {
    for kind in operations() {
        check_one::<f64>(kind);
        check_one::<f32>(kind);
    }
}

/// So many operations of one kind that a single evaluation takes eight of them at once.
const COPIES: usize = 9;

/// One operation of several at special numbers, the others at ordinary ones.
fn check_several<F: Real>(kind: OpKind) {
    let ordinary = [0.3, 0.7, 1.3].repeat(COPIES);
    let f = Function::builder().ignore_guards().record(&cast::<F>(&ordinary), |x| {
        let results: Vec<_> = x.chunks(3).map(|x| apply(kind, x)).collect();
        Var::sum(&results)
    });
    // Integrals take a thousand times as long as a sum; 21 has no factor with the numbers in common,
    // so that all of them occur.
    let is_integral = matches!(kind, OpKind::GammaP | OpKind::GammaQ | OpKind::BetaInc);
    let place = |(i, special): (usize, Vec<F>)| {
        let mut point = cast::<F>(&ordinary);
        point[3 * (i % COPIES)..][..3].copy_from_slice(&special);
        point
    };
    let points = points().into_iter().step_by(if is_integral { 21 } else { 1 });
    check(kind, &f, &points.enumerate().map(place).collect::<Vec<_>>());
}

#[test]
fn also_where_a_single_evaluation_takes_several_at_once() {
    for kind in operations() {
        check_several::<f64>(kind);
        check_several::<f32>(kind);
    }
}

/// A sample has the same bits whatever stands beside it.
#[test]
fn a_lane_does_not_change_its_neighbours() {
    for kind in operations() {
        let at = [0.3, 0.7, 1.3];
        let f = Function::builder().ignore_guards().record(&at, |x| apply(kind, x));
        let ordinary: Vec<Vec<f64>> =
            (0..16).map(|i| vec![0.3 + 0.025 * f64::from(i); 3]).collect();
        let known = batch_gradients(&f, &Samples::apart(&ordinary));
        for (lane, &x) in NUMBERS.iter().enumerate() {
            let mut disturbed = ordinary.clone();
            disturbed[lane % 16] = vec![x; 3];
            let given = batch_gradients(&f, &Samples::apart(&disturbed));
            for other in (0..16).filter(|&other| other != lane % 16) {
                let (row, known_row) = (&given.1[3 * other..][..3], &known.1[3 * other..][..3]);
                let same = is_same(given.0[other], known.0[other])
                    && row.iter().zip(known_row).all(|(&a, &b)| is_same(a, b));
                assert!(same, "{kind}: {x} in lane {} changes lane {other}", lane % 16);
            }
        }
    }
}
