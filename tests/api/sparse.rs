//! Sparse derivatives of random programs against dense ones, and the memory that they take.

mod calls;

use crate::expression::{Expression, expression, point};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Function, Optimise, Var};
use wengert_sparse::{Method, Order, Side, SparseHessian, SparseJacobian};

/// Blocks of the inputs of an expression; a row of blocks is a function whose derivatives are
/// sparse.
const BLOCKS: usize = 4;

/// Random programs over neighbouring blocks: the function whose outputs they are.
fn record(terms: &[Expression], at: &[f64], optimise: Optimise) -> Function {
    let x: Vec<f64> = (0..BLOCKS).flat_map(|_| at.iter().copied()).collect();
    Function::builder().optimise(optimise).record_many(&x, |x| {
        // A window of inputs that begins at any place, so that terms share some variables.
        let window = |(k, term): (usize, &Expression)| {
            let start = (5 * k) % (x.len() - at.len() + 1);
            term.record(&x[start..start + at.len()])
        };
        terms.iter().enumerate().map(window).collect()
    })
}

/// Equal but for the order in which products are summed; where one is lost, the other may be.
fn close(found: f64, known: f64, scale: f64) -> bool {
    let is_near = (found - known).abs() <= 1e-11 * scale.max(known.abs());
    is_near || found == known || !found.is_finite() || !known.is_finite()
}

/// The largest finite magnitude.
fn scale(matrix: &[f64]) -> f64 {
    matrix.iter().filter(|x| x.is_finite()).fold(1.0, |a: f64, b| a.max(b.abs()))
}

fn check(f: &Function, x: &[f64]) {
    let (n, m) = (f.num_variables(), f.num_outputs());
    let mut dense = vec![0.0; m * n];
    if f.jacobian(&mut f.workspace(), x, &mut dense).is_err() {
        return; // Another path than that of the recording.
    }
    for (side, order) in [
        (Side::Columns, Order::Natural),
        (Side::Rows, Order::LargestFirst),
        (Side::Both, Order::SmallestLast),
        (Side::Fewest, Order::IncidenceDegree),
    ] {
        let builder = SparseJacobian::builder(f.jacobian_pattern()).side(side).order(order);
        let plan = builder.plan().unwrap();
        let mut values = vec![f64::NAN; plan.structure().len()];
        plan.evaluate(f, &mut plan.workspace(f), x, &mut values).unwrap();
        compare(plan.structure().triplets().zip(values), &dense, n);
    }
    let weights = vec![1.0; m];
    let (hessian, mut by_door) = (by_products(f, x, &weights), vec![f64::NAN; n * n]);
    f.weighted_hessian(&mut f.dual_workspace(), x, &weights, &mut by_door).unwrap();
    let places = (0..n * n).map(|k| (k / n, k % n));
    compare(places.zip(by_door.iter().copied()), &hessian, n);
    let is_symmetric = |k: usize| same(by_door[k], by_door[k % n * n + k / n]);
    assert!((0..n * n).all(is_symmetric), "{by_door:?}");
    // A row's products share a sum with others, which one that is lost would spoil.
    if hessian.iter().any(|entry| !entry.is_finite()) {
        return;
    }
    for (method, order) in [(Method::Star, Order::Natural), (Method::Acyclic, Order::SmallestLast)]
    {
        let builder = SparseHessian::builder(f.hessian_pattern()).method(method).order(order);
        let plan = builder.plan().unwrap();
        let mut values = vec![f64::NAN; plan.structure().len()];
        plan.evaluate(f, &mut plan.workspace(f), x, &weights, &mut values).unwrap();
        compare(plan.structure().triplets().zip(values), &hessian, n);
    }
}

/// The Hessian by a product for each variable, which knows nothing of patterns.
fn by_products(f: &Function, x: &[f64], weights: &[f64]) -> Vec<f64> {
    let (n, mut workspace) = (f.num_variables(), f.dual_workspace());
    let mut hessian = vec![0.0; n * n];
    for (j, row) in hessian.chunks_mut(n).enumerate() {
        let mut unit = vec![0.0; n];
        unit[j] = 1.0;
        f.weighted_hessian_vector_product(&mut workspace, x, weights, &unit, row).unwrap();
    }
    hessian
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Holds entries against a dense matrix, and what has none against zero.
#[track_caller]
fn compare(entries: impl Iterator<Item = ((usize, usize), f64)>, dense: &[f64], columns: usize) {
    let (mut rest, scale) = (dense.to_vec(), scale(dense));
    for ((row, column), value) in entries {
        let known = std::mem::take(&mut rest[row * columns + column]);
        assert!(close(value, known, scale), "{value} is {known} at ({row}, {column})");
    }
    let lost = rest.iter().position(|&entry| entry != 0.0 && !entry.is_nan());
    assert_eq!(lost, None, "of {columns} columns has an entry, and no place in the pattern");
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn random_programs_have_the_dense_derivatives(
        terms in prop::collection::vec(expression(), 1..7),
        (at, x) in (point(), prop::collection::vec(-2.0..2.0_f64, BLOCKS * crate::expression::INPUTS)),
    ) {
        for optimise in [Optimise::none(), Optimise::all()] {
            check(&record(&terms, &at, optimise), &x);
        }
    }
}

/// Also where numbers are lost, and the passes are made again.
#[test]
fn an_evaluation_of_a_plan_allocates_nothing() {
    let f = Function::record_many(&[0.5; 40], |x| {
        let mut rows: Vec<_> = x.windows(3).map(|x| x[0] * x[1].ln() / x[2]).collect();
        rows.push(Var::norm(x) + Var::log_sum_exp(&x[..20]));
        rows.push((x[0] * x[39]).exp());
        rows
    });
    let (weights, m) = (vec![1.0; f.num_outputs()], f.num_outputs());
    for x in [vec![0.75; 40], (0..40).map(f64::from).collect::<Vec<_>>()] {
        for side in [Side::Columns, Side::Rows, Side::Both, Side::Fewest] {
            let plan = SparseJacobian::builder(f.jacobian_pattern()).side(side).plan().unwrap();
            let (mut w, mut values) = (plan.workspace(&f), vec![0.0; plan.structure().len()]);
            let count = allocation_counter::measure(|| {
                plan.evaluate(&f, &mut w, &x, &mut values).unwrap();
            });
            assert_eq!(count.count_total, 0, "{side:?} of {m} rows");
        }
        for method in [Method::Star, Method::Acyclic] {
            let plan = SparseHessian::builder(f.hessian_pattern()).method(method).plan().unwrap();
            let (mut w, mut values) = (plan.workspace(&f), vec![0.0; plan.structure().len()]);
            let count = allocation_counter::measure(|| {
                plan.evaluate(&f, &mut w, &x, &weights, &mut values).unwrap();
            });
            assert_eq!(count.count_total, 0, "{method:?}");
        }
    }
}
