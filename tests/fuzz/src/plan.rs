//! Texts that say they are kept plans: each is refused, or is a plan like any other.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wengert::{Function, Var};
use wengert_sparse::{SparseHessian, SparseJacobian, Structure};

/// The most variables and outputs of a function that a plan is tried on.
const LARGEST: usize = 64;

/// Loads `bytes` as plans of either kind, and evaluates what could be loaded.
///
/// # Panics
/// If loading or evaluating panics, or the plan is another after it was kept again.
pub fn plan(bytes: &[u8]) {
    if let Some(plan) = load::<SparseJacobian>(bytes, SparseJacobian::structure) {
        let (rows, columns) = (plan.structure().rows(), plan.structure().columns());
        if rows.max(columns) <= LARGEST {
            let f = Function::record_many(&vec![0.5; columns], |x| {
                (0..rows).map(|row| Var::sum(x).sin() * row as f64).collect()
            });
            let mut values = vec![0.0; plan.structure().len()];
            let x = vec![0.25; columns];
            plan.evaluate(&f, &mut plan.workspace(&f), &x, &mut values).expect("it fits");
        }
    }
    if let Some(plan) = load::<SparseHessian>(bytes, SparseHessian::structure) {
        let n = plan.structure().rows();
        if n <= LARGEST {
            let f = Function::record(&vec![0.5; n], |x| Var::sum(x).sin());
            let mut values = vec![0.0; plan.structure().len()];
            let x = vec![0.25; n];
            plan.evaluate(&f, &mut plan.workspace(&f), &x, &[1.0], &mut values).expect("it fits");
        }
    }
}

fn load<P: Serialize + DeserializeOwned>(
    bytes: &[u8],
    structure: fn(&P) -> &Structure,
) -> Option<P> {
    let plan: P = serde_json::from_slice(bytes).ok()?;
    let text = serde_json::to_string(&plan).expect("a plan can be kept");
    let again: P = serde_json::from_str(&text).expect("what was kept can be loaded");
    assert_eq!(structure(&again), structure(&plan));
    Some(plan)
}
