//! Saved functions name operations, and find them by these names.

use super::operations::{Pair, pair_operation};
use std::sync::Arc;
use wengert::custom::{Failure, Operation, register};
use wengert::{Function, Number, Var};

const POINT: [f64; 3] = [0.7, -1.3, 0.4];

/// A pair by another name, which asks for care where texts are put together.
struct Named(&'static str);

impl Operation for Named {
    fn name(&self) -> &str {
        self.0
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        Pair.outputs(inputs)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        Pair.value(x, y)
    }
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        Pair.vjp(x, y, weights, product);
    }
}

fn function(operations: &[Arc<dyn Operation>]) -> Function {
    Function::record(&POINT, |x| {
        let first = Var::call(&operations[0], x);
        let second = Var::call(operations.last().unwrap(), &[first[1], x[0], x[1]]);
        let third = Var::call(&operations[0], &[x[0], second[0], second[1]]);
        first[0] + third[1]
    })
}

#[test]
fn a_loaded_function_gives_the_same_bits() {
    let named: Arc<dyn Operation> = Arc::new(Named("vjp \"of\" pair\\ 3 in two words"));
    let operations = [pair_operation(), named];
    for operation in &operations {
        register(Arc::clone(operation));
    }
    let f = function(&operations);
    for g in [f.clone(), function(&operations[..1]).gradient_function().unwrap()] {
        let by_bytes = Function::from_bytes(&g.to_bytes()).unwrap();
        let by_json = Function::from_json(&g.to_json()).unwrap();
        let mut wanted = vec![0.0; g.num_outputs()];
        g.values(&mut g.workspace(), &[0.1, 0.2, 0.3], &mut wanted).unwrap();
        for loaded in [by_bytes, by_json] {
            let mut found = vec![0.0; g.num_outputs()];
            loaded.values(&mut loaded.workspace(), &[0.1, 0.2, 0.3], &mut found).unwrap();
            assert_eq!(found, wanted);
            assert_eq!(loaded.to_json(), g.to_json());
            assert_eq!(loaded.to_bytes(), g.to_bytes());
        }
    }
}

#[test]
fn an_operation_that_nobody_registered() {
    let stranger: Arc<dyn Operation> = Arc::new(Named("stranger"));
    let f = Function::record(&POINT, |x| Var::call(&stranger, x)[0]);
    for error in [
        Function::<f64>::from_bytes(&f.to_bytes()).unwrap_err(),
        Function::<f64>::from_json(&f.to_json()).unwrap_err(),
    ] {
        assert!(error.is_saved());
        let text = "the saved function calls the operation `stranger`, which nobody registered";
        assert!(error.to_string().starts_with(text), "{error}");
    }
}

#[test]
fn what_a_file_says_of_calls_is_not_believed() {
    register(pair_operation());
    let f = Function::record(&POINT, |x| Var::call(&pair_operation(), x)[1]);
    let json = f.to_json();
    assert!(json.contains(r#""v3 = call \"value 3 pair\" v0 v1 v2","v4 = output v3 1""#), "{json}");
    for (from, to) in [
        ("value 3 pair", "value 2 pair"),
        ("value 3 pair", "third 3 pair"),
        ("value 3 pair", "value pair"),
        ("value 3 pair", "jvp 3 pair"),
        ("v0 v1 v2", "v0 v1"),
        ("v0 v1 v2", "v0 v1 -v2"),
        ("output v3 1", "output v3 2"),
        ("output v3 1", "output v3 -1"),
        ("output v3 1", "output v2 1"),
        ("output v3 1", "output v3 v3 1"),
    ] {
        let error = Function::<f64>::from_json(&json.replace(from, to)).unwrap_err();
        assert!(error.is_saved(), "{to}: {error}");
    }
    let bytes = f.to_bytes();
    for at in 0..bytes.len() {
        for change in [1, 3, 128, 255] {
            let mut wrong = bytes.clone();
            wrong[at] ^= change;
            // A function or an error, and no panic.
            let _ = Function::<f64>::from_bytes(&wrong);
        }
    }
}
