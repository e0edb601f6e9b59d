//! Plans of functions that call others and loops as single operations.

use super::{BLOCKS, check, close, scale};
use crate::expression::{Expression, INPUTS, expression, point};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Error, Function, Optimise, Scan, Var};
use wengert_sparse::{Method, Order, SparseHessian, SparseJacobian, Structure};

/// How functions and loops are called: as one operation, or operation by operation.
#[derive(Clone, Copy)]
enum Call {
    Whole,
    Apart,
}

impl Call {
    fn of_function<'t>(self, f: &Function, x: &[Var<'t>]) -> Result<Vec<Var<'t>>, Error> {
        match self {
            Self::Whole => f.call_as_one(x, &[]),
            Self::Apart => f.inline(x, &[]),
        }
    }

    fn of_loop<'t>(self, scan: &Scan, x: &[Var<'t>]) -> Result<Vec<Var<'t>>, Error> {
        match self {
            Self::Whole => scan.call_as_one(STEPS, x, &[]),
            Self::Apart => scan.inline(STEPS, x, &[]),
        }
    }
}

const STEPS: usize = 3;

/// Two numbers that change places, one of them through a term, beside one that steps share.
fn repeated(term: &Expression, at: &[f64], optimise: Optimise) -> Scan {
    let builder = Scan::builder().shared(&at[..1]).state(&at[1..]).optimise(optimise);
    builder.record(|step| {
        let x = [step.shared, step.state].concat();
        (vec![step.state[1], term.record(&x).tanh() + step.state[0]], vec![])
    })
}

/// Terms of neighbouring variables, each a call of a function or of a loop, and a call of what
/// the calls give.
fn record(terms: &[Expression], at: &[f64], optimise: Optimise, call: Call) -> Function {
    let builder = || Function::builder().optimise(optimise);
    let start: Vec<f64> = (0..BLOCKS).flat_map(|_| at.iter().copied()).collect();
    let functions: Vec<_> =
        terms.iter().map(|term| builder().record(at, |x| term.record(x))).collect();
    let loops: Vec<_> = terms.iter().map(|term| repeated(term, at, optimise)).collect();
    builder().record_many(&start, |x| {
        let mut rows: Vec<Var<'_>> = Vec::new();
        for k in 0..terms.len() {
            let start = (5 * k) % (x.len() - INPUTS + 1);
            let window = &x[start..start + INPUTS];
            rows.extend(match k % 2 {
                0 => call.of_function(&functions[k], window).unwrap(),
                _ => call.of_loop(&loops[k], window).unwrap(),
            });
        }
        let given = [rows[0].tanh(), rows[rows.len() - 1].tanh(), x[x.len() - 1]];
        rows.extend(call.of_function(&functions[0], &given).unwrap());
        rows
    })
}

/// Values at their places in a dense matrix.
fn spread(structure: &Structure, values: &[f64], columns: usize, rows: usize) -> Vec<f64> {
    let mut dense = vec![0.0; rows * columns];
    for ((row, column), &value) in structure.triplets().zip(values) {
        dense[row * columns + column] = value;
    }
    dense
}

/// The Jacobian and two Hessians of the outputs' sum, by plans.
fn by_plans(f: &Function, x: &[f64]) -> [Vec<f64>; 3] {
    let (n, m) = (f.num_variables(), f.num_outputs());
    let plan = SparseJacobian::of(f).unwrap();
    let mut values = vec![0.0; plan.structure().len()];
    plan.evaluate(f, &mut plan.workspace(f), x, &mut values).unwrap();
    let jacobian = spread(plan.structure(), &values, n, m);
    let [star, acyclic] = [Method::Star, Method::Acyclic].map(|method| {
        let builder = SparseHessian::builder(f.hessian_pattern()).method(method);
        let plan = builder.order(Order::SmallestLast).plan().unwrap();
        let mut values = vec![0.0; plan.structure().len()];
        plan.evaluate(f, &mut plan.workspace(f), x, &vec![1.0; m], &mut values).unwrap();
        spread(plan.structure(), &values, n, n)
    });
    [jacobian, star, acyclic]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases / 2, ..cases() })]

    #[test]
    fn calls_and_loops_have_the_dense_derivatives_and_those_of_their_operations(
        terms in prop::collection::vec(expression(), 1..5),
        (at, x) in (point(), prop::collection::vec(-2.0..2.0_f64, BLOCKS * INPUTS)),
    ) {
        for optimise in [Optimise::none(), Optimise::all()] {
            let [whole, apart] =
                [Call::Whole, Call::Apart].map(|call| record(&terms, &at, optimise, call));
            // The optimiser may find out more where it sees all operations at once.
            let pattern = whole.jacobian_pattern();
            let is_there = |(row, column)| pattern.contains(row, column);
            prop_assert!(apart.jacobian_pattern().entries().all(is_there));
            check(&whole, &x);
            let all = by_plans(&whole, &x).into_iter().zip(by_plans(&apart, &x));
            // Where a number is lost, so is what shares a sum with it.
            for (found, known) in all.filter(|(_, known)| known.iter().all(|x| x.is_finite())) {
                let scale = scale(&known);
                for (&a, &b) in found.iter().zip(&known) {
                    prop_assert!(close(a, b, scale), "{a} is not {b}");
                }
            }
        }
    }
}
