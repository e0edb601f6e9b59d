//! Derivatives of which a process knows by what it is given alone: it differentiates nothing itself.

use super::values;
use std::process::Command;
use wengert::trace::TraceSource;
use wengert::{Function, OpKind, Tape, Var};

/// Holds the derivative function, in JSON, in the process that differentiates nothing.
const GIVEN: &str = "WENGERT_TEST_GIVEN";
const AT: f64 = 0.3;

/// tanh′ = 1 − tanh²
fn known() -> f64 {
    1.0 - AT.tanh().powi(2)
}

/// Runs a test again in a process of its own, in which no other test runs.
#[track_caller]
fn passes_alone(test: &str, given: &str) {
    let this = std::env::current_exe().expect("the test has a file");
    let output = Command::new(this)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(GIVEN, given)
        .output()
        .expect("the test runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    assert!(text.contains("1 passed"), "{text}\n{errors}");
}

#[track_caller]
fn is_known(found: f64) {
    assert!((found - known()).abs() < 1e-15, "{found} instead of {}", known());
}

#[test]
fn a_saved_derivative_is_evaluated_where_none_is_recorded() {
    if let Ok(json) = std::env::var(GIVEN) {
        let loaded: Function = Function::from_json(&json).unwrap();
        return is_known(values(&loaded, &[AT])[0]);
    }
    let derived = Function::record(&[0.0], |x| x[0].tanh()).gradient_function().unwrap();
    assert!(derived.to_json().contains("derivative"), "{}", derived.to_json());
    passes_alone(
        "derived::alone::a_saved_derivative_is_evaluated_where_none_is_recorded",
        &derived.to_json(),
    );
}

#[test]
fn a_derivative_by_its_name_is_recorded_where_no_other_is() {
    if let Ok(code) = std::env::var(GIVEN) {
        let tape = Tape::new();
        let operands = [Var::constant(code.parse().unwrap()), tape.var(AT)];
        return is_known(Var::try_apply(OpKind::Derivative, &operands).unwrap().value());
    }
    let derived = Function::record(&[0.0], |x| x[0].tanh()).gradient_function().unwrap();
    // The number that stands for tanh′ is the operation's first operand.
    let trace = derived.trace(&[AT]).unwrap();
    let step = trace.operations().find(|step| step.kind() == Some(OpKind::Derivative)).unwrap();
    let TraceSource::Constant(code) = step.operands()[0].source else { panic!("no constant") };
    passes_alone(
        "derived::alone::a_derivative_by_its_name_is_recorded_where_no_other_is",
        &code.to_string(),
    );
}
