//! Functions saved and loaded: the same bits, whatever the format; and no harm from any file.

mod everything;
mod golden;
mod hostile;
mod numbers;
mod problems;
mod refused;

use crate::expression::{INPUTS, expression, point};
use crate::support::cases;
use everything::{DATA, POINT, everything};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use wengert::optimiser::Pass;
use wengert::{Function, Inputs, Real};

/// What a function gives at a point: its values, and the gradient of each or the error.
fn answers<F: Real>(f: &Function<F>, x: &[F], data: &[F]) -> Result<(Vec<u64>, Vec<u64>), String> {
    let inputs = Inputs { variables: x, data };
    let mut workspace = f.workspace();
    let mut values = vec![F::zero(); f.num_outputs()];
    let mut rows = vec![F::zero(); f.num_outputs() * x.len()];
    f.values(&mut workspace, inputs, &mut values).map_err(|error| error.to_string())?;
    f.jacobian(&mut workspace, inputs, &mut rows).map_err(|error| error.to_string())?;
    Ok((bits(&values), bits(&rows)))
}

fn bits<F: Real>(numbers: &[F]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_f64().unwrap().to_bits()).collect()
}

/// Asserts that a function loaded from either format is the same as the one saved.
#[track_caller]
fn survives<F: Real>(f: &Function<F>, points: &[Vec<F>], data: &[F]) {
    let (bytes, json) = (f.to_bytes(), f.to_json());
    let loaded = [Function::from_bytes(&bytes).unwrap(), Function::from_json(&json).unwrap()];
    for loaded in loaded {
        assert_eq!((loaded.to_bytes(), loaded.to_json()), (bytes.clone(), json.clone()));
        assert_eq!(
            (
                loaded.num_variables(),
                loaded.num_data(),
                loaded.num_outputs(),
                loaded.len(),
                loaded.bytes()
            ),
            (f.num_variables(), f.num_data(), f.num_outputs(), f.len(), f.bytes()),
        );
        assert_eq!(loaded.workspace_bytes(), f.workspace_bytes());
        assert_eq!(loaded.report().passes().last(), f.report().passes().last());
        for x in points {
            assert_eq!(answers(&loaded, x, data), answers(f, x, data));
        }
    }
}

proptest! {
    #![proptest_config(cases())]
    #[test]
    fn random_expressions_survive(
        expressions in prop::collection::vec(expression(), 1..4),
        at in point(),
        others in prop::collection::vec(point(), 3),
    ) {
        let f = Function::record_many(&at, |x| expressions.iter().map(|e| e.record(x)).collect());
        survives(&f, &others, &[]);
    }
}

#[test]
fn every_operation_survives() {
    let f = everything::<f64>();
    let points = [POINT.to_vec(), vec![0.35, 0.65, 1.25]];
    survives(&f, &points, &DATA);
    let single = everything::<f32>();
    let points = points.map(|x| x.iter().map(|&x| x as f32).collect());
    survives(&single, &points, &DATA.map(|x| x as f32));
}

#[test]
fn a_function_of_nothing_survives() {
    survives(&Function::record_many(&[], |_| vec![]), &[vec![]], &[]);
    survives(&Function::record_many(&[1.0], |_| vec![]), &[vec![2.0]], &[]);
    survives(&Function::record(&[1.0, 2.0], |x| x[1]), &[vec![2.0, 3.0]], &[]);
}

#[test]
fn the_point_of_the_recording_is_saved() {
    let f = everything::<f64>();
    let loaded = Function::<f64>::from_bytes(&f.to_bytes()).unwrap();
    assert_eq!(loaded.recorded_at(), f.recorded_at());
}

#[test]
fn the_report_says_that_it_was_loaded() {
    let f = Function::record(&[2.0], |x| x[0].sin() + x[0].sin());
    let loaded = Function::<f64>::from_bytes(&f.to_bytes()).unwrap();
    let passes = loaded.report().passes();
    assert_eq!((passes[0].pass, passes[0].operations), (Pass::Loaded, f.len()));
    assert!(loaded.report().to_string().contains("as they were saved"));
}

#[test]
fn guards_are_saved_with_their_lines() {
    let f = Function::record(&[1.0], |x| if x[0] < 0.0 { -x[0] } else { x[0] });
    let loaded = Function::<f64>::from_bytes(&f.to_bytes()).unwrap();
    let [error, loaded_error] =
        [&f, &loaded].map(|f| f.value(&mut f.workspace(), &[-1.0]).unwrap_err());
    assert!(loaded_error.is_guard());
    assert!(loaded_error.to_string().contains("saved.rs:"), "{loaded_error}");
    assert_eq!(loaded_error, error);
}

#[test]
fn guards_that_are_ignored_stay_so() {
    let f = Function::builder()
        .ignore_guards()
        .record(&[1.0], |x| if x[0] < 0.0 { -x[0] } else { x[0] });
    let loaded = Function::<f64>::from_json(&f.to_json()).unwrap();
    assert_eq!(loaded.value(&mut loaded.workspace(), &[-2.0]), Ok(-2.0));
}

#[test]
fn of_many_paths_the_first_is_saved() {
    let f = Function::builder()
        .record_paths(&[1.0], 8, |x, _| vec![if x[0] < 0.0 { -x[0] } else { x[0] }]);
    assert_eq!(f.value(&mut f.workspace(), &[-3.0]), Ok(3.0));
    let loaded = Function::<f64>::from_bytes(&f.to_bytes()).unwrap();
    let mut workspace = loaded.workspace();
    assert_eq!(loaded.value(&mut workspace, &[3.0]), Ok(3.0));
    assert!(loaded.value(&mut workspace, &[-3.0]).unwrap_err().is_guard());
}

/// What somebody might keep with a function.
#[derive(Serialize, Deserialize)]
struct Model {
    name: String,
    loss: Function,
    scale: f64,
}

#[test]
fn a_function_is_part_of_a_type_in_any_format() {
    let loss = Function::record(&[3.0], |x| x[0] * x[0]);
    let model = Model { name: "square".into(), loss, scale: 2.0 };
    let check = |loaded: Model| {
        assert_eq!((loaded.name.as_str(), loaded.scale), ("square", 2.0));
        assert_eq!(loaded.loss.value(&mut loaded.loss.workspace(), &[5.0]), Ok(25.0));
    };
    check(serde_json::from_str(&serde_json::to_string_pretty(&model).unwrap()).unwrap());
    check(postcard::from_bytes(&postcard::to_allocvec(&model).unwrap()).unwrap());
}

#[test]
fn steps_are_readable() {
    let f = Function::record(&[0.5; INPUTS], |x| (x[0] * x[1] - x[2] * 3.0).exp().powi(5));
    let json: serde_json::Value = serde_json::from_str(&f.to_json()).unwrap();
    assert_eq!(json["wengert"], 1);
    assert_eq!(json["scalar"], "f64");
    let steps = serde_json::json!(["v3 = products v0 v1 -v2 c0", "v4 = exp v3", "v5 = powi v4 5"]);
    assert_eq!(json["steps"], steps);
    assert_eq!(json["outputs"], serde_json::json!(["v5"]));
}

#[test]
fn json_is_three_to_seven_times_as_long() {
    let terms: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i) / 7.0).collect();
    let functions = [
        everything::<f64>(),
        Function::record(&terms, |x| wengert::Var::log_sum_exp(x) + wengert::Var::norm(x)),
        Function::record(&terms, |x| x.iter().fold(x[0], |y, &x| (y * x).sin() + x.tanh())),
        Function::record(&terms, |x| x.iter().map(|&x| (x - 0.1).exp() * 0.7).sum()),
    ];
    for f in functions {
        let ratio = f.to_json().len() as f64 / f.to_bytes().len() as f64;
        assert!((2.5..=7.5).contains(&ratio), "{ratio}");
    }
}
