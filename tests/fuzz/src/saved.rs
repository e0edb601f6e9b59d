//! Files that say they are saved functions: each is refused, or is a function like any other.

use crate::numbers::same;
use wengert::{Error, Function, Inputs, Real};

/// Loads `bytes` as a function of either scalar and in either format.
///
/// # Panics
/// If loading or evaluating panics, or the function is another after it was saved again.
pub fn saved(bytes: &[u8]) {
    check(Function::<f64>::from_bytes(bytes));
    check(Function::<f32>::from_bytes(bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(Function::<f64>::from_json(text));
        check(Function::<f32>::from_json(text));
    }
}

fn check<F: Real>(loaded: Result<Function<F>, Error>) {
    match loaded {
        Ok(function) => round_trip(&function),
        Err(error) => assert!(error.is_saved() && !error.to_string().is_empty()),
    }
}

/// Checks that a function saved and loaded again gives the same numbers, in both formats.
fn round_trip<F: Real>(f: &Function<F>) {
    let (bytes, json) = (f.to_bytes(), f.to_json());
    let again = Function::<F>::from_bytes(&bytes).expect("what was saved can be loaded");
    assert_eq!((again.to_bytes(), again.to_json()), (bytes, json.clone()));
    let read = Function::<F>::from_json(&json).expect("what was saved can be loaded");
    assert_eq!(read.to_json(), json);
    let x = vec![F::from(0.75).expect("any number can be rounded"); f.num_variables()];
    let elsewhere = Inputs { variables: &x, data: f.recorded_at().data };
    for inputs in [f.recorded_at(), elsewhere] {
        let (one, other) = (numbers(f, inputs), numbers(&again, inputs));
        assert_eq!(one.len(), other.len());
        let pairs = one.iter().zip(&other);
        assert!(pairs.clone().all(|(&a, &b)| same(a, b)), "numbers differ, of:\n{json}");
    }
}

/// The values, and derivatives in one direction backward and forward; none where a guard fails.
fn numbers<F: Real>(f: &Function<F>, inputs: Inputs<'_, F>) -> Vec<f64> {
    let (mut workspace, mut dual) = (f.workspace(), f.dual_workspace());
    let mut values = vec![F::zero(); f.num_outputs()];
    let mut slopes = vec![F::zero(); f.num_variables()];
    let mut tangents = vec![F::zero(); f.num_outputs()];
    let (v, w) = (vec![F::one(); f.num_outputs()], vec![F::one(); f.num_variables()]);
    let is_on_path = f.values(&mut workspace, inputs, &mut values).is_ok()
        && f.vjp(&mut workspace, inputs, &v, &mut slopes).is_ok()
        && f.jvp(&mut dual, inputs, &w, &mut tangents).is_ok();
    if !is_on_path {
        return Vec::new();
    }
    let all = values.iter().chain(&slopes).chain(&tangents);
    all.map(|number| number.to_f64().expect("any number is a double")).collect()
}
