//! Larger questions than the samples: several parts, several runs, and no memory of the last one.

use serde_json::{json, value::RawValue};
use wengert_gradbench::modules::ba;
use wengert_problems::{
    Problem,
    gradbench::{Llsq, Lse, RungeKutta},
};

use crate::{
    samples::sample,
    tool::{Tool, assert_agree, numbers},
};

fn gradient(problem: &impl Problem) -> Vec<f64> {
    let mut gradient = vec![f64::NAN; problem.point().len()];
    problem.gradient(problem.point(), &mut gradient);
    gradient
}

#[test]
fn one_session_answers_different_sizes_in_turn() {
    for mut tool in Tool::start_all() {
        for size in [30, 4, 100, 1] {
            let lse = Lse::new(size);
            let answer =
                tool.output("lse", "gradient", &json!({ "x": lse.point(), "min_runs": 3 }));
            assert_agree(&numbers(&answer), &gradient(&lse));
            let llsq = Llsq::new(size, 2 * size);
            let input = json!({ "x": llsq.point(), "n": 2 * size, "min_runs": 2 });
            let answer = tool.output("llsq", "gradient", &input);
            assert_agree(&numbers(&answer), &gradient(&llsq));
            let ode = RungeKutta::new(size.min(8), 10);
            let answer = tool.output("ode", "gradient", &json!({ "x": ode.point(), "s": 10 }));
            assert_agree(&numbers(&answer), &gradient(&ode));
        }
        assert!(tool.finish().success());
    }
}

#[test]
fn a_gradient_that_is_exactly_zero_is_zeros() {
    for mut tool in Tool::start_all() {
        let x = vec![0.5; 41];
        let answer = tool.output("ode", "gradient", &json!({ "x": x, "s": 10 }));
        assert_eq!(numbers(&answer), [0.0; 41]);
    }
}

#[test]
fn a_camera_that_is_not_turned_is_on_another_path() {
    let mut input = sample("ba.jacobian")["input"].take();
    for i in 0..3 {
        input["cam"][i] = json!(0.0);
    }
    let text = RawValue::from_string(input.to_string()).expect("it is JSON");
    let problem = ba::problem(&text).expect("it is a sample");
    let mut entries = vec![f64::NAN; problem.entries()];
    problem.jacobian(&mut entries);
    for mut tool in Tool::start_all() {
        let shown = numbers(&tool.output("ba", "jacobian", &input)["vals"]);
        assert_agree(&shown[..30], &entries[..30]);
        // And one that is turned is again on the first.
        let turned = sample("ba.jacobian");
        let shown = numbers(&tool.output("ba", "jacobian", &turned["input"])["vals"]);
        assert_agree(&shown, &numbers(&turned["output"]["vals"]));
    }
}

#[test]
fn hello_squares_and_doubles() {
    for mut tool in Tool::start_all() {
        assert_eq!(tool.output("hello", "square", &json!(-3)), 9.0);
        assert_eq!(tool.output("hello", "double", &json!(-3.5)), -7.0);
    }
}
