//! The shape of answers, whatever they say.

use serde_json::{Value, json};

use crate::tool::Tool;

#[test]
fn a_session_in_the_words_of_the_protocol() {
    let mut tool = Tool::start(&["--threads", "2"]);
    let start = tool.exchange(r#"{"id":0,"kind":"start","eval":"lse","config":{}}"#);
    let config = json!({ "mode": "record", "threads": 2 });
    assert_eq!(start, json!({ "id": 0, "tool": "wengert", "config": config }));
    let define = tool.exchange(r#"{"id":1,"kind":"define","module":"lse"}"#);
    assert_eq!(define, json!({ "id": 1, "success": true }));
    let answer = tool.exchange(
        r#"{"id":2,"kind":"evaluate","module":"hello","function":"square","input":4,"description":"4"}"#,
    );
    assert_eq!((&answer["success"], &answer["output"]), (&json!(true), &json!(16.0)));
    let analysis = tool.exchange(r#"{"id":3,"kind":"analysis","of":2,"valid":true}"#);
    assert_eq!(analysis, json!({ "id": 3 }));
    let other = tool.exchange(r#"{"id":4,"kind":"dance","steps":[1,2]}"#);
    assert_eq!(other, json!({ "id": 4 }));
    assert!(tool.finish().success());
}

#[test]
fn an_empty_input_ends_well() {
    assert!(Tool::start(&[]).finish().success());
}

/// The names of an answer's timings, which must all be numbers of nanoseconds.
fn timings(answer: &Value) -> Vec<&str> {
    let timings = answer["timings"].as_array().expect("there are timings");
    assert!(timings.iter().all(|timing| timing["nanoseconds"].is_u64()));
    timings.iter().map(|timing| timing["name"].as_str().expect("it has a name")).collect()
}

#[test]
fn there_is_a_timing_for_each_run() {
    let mut tool = Tool::start(&[]);
    let mut input = json!({ "x": [0.25, 0.5], "min_runs": 5, "min_seconds": 0.0 });
    let answer = tool.evaluate("lse", "primal", &input);
    assert_eq!(timings(&answer), ["evaluate"; 5]);
    let answer = tool.evaluate("lse", "gradient", &input);
    let mut expected = vec!["prepare"];
    expected.extend(["evaluate"; 5]);
    assert_eq!(timings(&answer), expected);
    input["min_runs"] = 0.into();
    assert_eq!(timings(&tool.evaluate("lse", "primal", &input)), ["evaluate"]);
}

#[test]
fn runs_go_on_until_the_time_is_over() {
    let mut tool = Tool::start(&[]);
    let input = json!({ "x": [0.25, 0.5], "min_runs": 1, "min_seconds": 0.01 });
    let answer = tool.evaluate("lse", "primal", &input);
    let timings = answer["timings"].as_array().expect("there are timings");
    let each = timings.iter().map(|t| t["nanoseconds"].as_u64().expect("a whole number"));
    let (last, all) = (each.clone().next_back().expect("there is one"), each.sum::<u64>());
    assert!(all >= 10_000_000, "{all} ns in all");
    assert!(all - last <= 10_000_000, "{all} ns with the last run, which took {last} ns");
}
