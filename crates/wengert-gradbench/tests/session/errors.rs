//! What is wrong with a message costs one answer, and the session goes on.

use serde_json::{Value, json};

use crate::{samples::sample, tool::Tool};

/// Asserts that an answer is that of a failure whose words contain `words`.
#[track_caller]
fn assert_failure(answer: &Value, words: &str) {
    assert_eq!(answer["success"], false, "{answer}");
    assert_eq!((answer.get("output"), answer.get("timings")), (None, None));
    let error = answer["error"].as_str().expect("a failure says why");
    assert!(error.contains(words), "{error:?} does not say {words:?}");
}

/// A tool, and proof at its end that it lived through everything.
#[track_caller]
fn assert_survives(test: impl FnOnce(&mut Tool)) {
    let mut tool = Tool::start(&[]);
    test(&mut tool);
    assert_eq!(tool.output("hello", "square", &json!(3)), 9.0);
    assert!(tool.finish().success());
}

#[test]
fn lines_that_are_no_messages() {
    assert_survives(|tool| {
        let lines = [
            "{",
            "[]",
            "nonsense",
            r#"{"id":"one","kind":"start"}"#,
            r#"{"kind":"start"}"#,
            r#"{"id":1.5,"kind":"start"}"#,
            &"[".repeat(100_000),
        ];
        for line in lines {
            let answer = tool.exchange(line);
            assert_eq!(answer["id"], Value::Null);
            assert_failure(&answer, "not a message");
        }
    });
}

#[test]
fn messages_that_lack_something_keep_their_number() {
    assert_survives(|tool| {
        assert_failure(&tool.ask(json!({ "kind": "define" })), "needs `module`");
        assert_failure(&tool.ask(json!({ "kind": "evaluate" })), "needs `module`");
        let message = json!({ "kind": "evaluate", "module": "lse" });
        assert_failure(&tool.ask(message), "needs `function`");
        let message = json!({ "kind": "evaluate", "module": "lse", "function": "primal" });
        assert_failure(&tool.ask(message), "needs `input`");
        assert_failure(&tool.ask(json!({ "kind": "define", "module": 3 })), "not a message");
        assert_eq!(tool.ask(json!({})), json!({ "id": 6 }));
    });
}

#[test]
fn what_the_tool_does_not_have() {
    assert_survives(|tool| {
        let answer = tool.ask(json!({ "kind": "define", "module": "det" }));
        assert_failure(&answer, "no module `det`; there are hello, lse, llsq, ode, gmm, lstm, ba");
        assert_failure(&tool.evaluate("det", "primal", &json!({})), "no module `det`");
        let answer = tool.evaluate("lse", "hessian", &json!({}));
        assert_failure(&answer, "`lse` has no function `hessian`; it has primal, gradient");
    });
}

/// Each row is a module, a change of the sample's input, and words of the answer.
#[test]
fn inputs_of_wrong_shapes() {
    let rows = [
        ("lse.gradient", "x", json!([]), "number of variables is 0"),
        ("lse.gradient", "x", json!("all"), "cannot be read"),
        ("lse.gradient", "x", json!([1.0, null]), "cannot be read"),
        ("lse.gradient", "min_runs", json!(-1), "cannot be read"),
        ("lse.gradient", "min_seconds", json!("long"), "cannot be read"),
        ("lse.primal", "x", json!([1e308, -1e308, 1e308, 0.0]), ""),
        ("llsq.gradient", "n", json!(1), "n is 1, and should be from 2"),
        ("llsq.gradient", "x", json!([]), "number of variables is 0"),
        ("ode.gradient", "s", json!(0), "s is 0, and should be from 1"),
        ("ode.primal", "x", json!([]), "number of variables is 0"),
        ("ode.primal", "x", json!([1e200, 1e200, 1e200]), "not finite"),
        ("gmm.jacobian", "d", json!(0), "d is 0"),
        ("gmm.jacobian", "d", json!(4), "the points `x`: 3 given, 4 wanted"),
        ("gmm.jacobian", "k", json!(3), "the weights `alpha`: 2 given, 3 wanted"),
        ("gmm.jacobian", "n", json!(1_000_000_000_000_u64), "4 given, 1000000000000 wanted"),
        ("gmm.jacobian", "m", json!(-1), "cannot be read"),
        ("gmm.jacobian", "gamma", json!(0), "gamma is 0"),
        ("gmm.jacobian", "mu", json!([[1, 2, 3]]), "the means `mu`: 1 given, 2 wanted"),
        ("gmm.jacobian", "q", json!([[1, 2, 3], [1, 2]]), "`q`: 2 given, 3 wanted"),
        ("gmm.jacobian", "l", json!([[], []]), "the lower parts `l`: 0 given, 3 wanted"),
        ("lstm.jacobian", "state", json!([]), "number of layers is 0"),
        ("lstm.jacobian", "sequence", json!([]), "number of items in `sequence` is 0"),
        ("lstm.jacobian", "sequence", json!([[], []]), "width of an item is 0"),
        ("lstm.jacobian", "sequence", json!([[1], [0]]), "`main_params`: 56 given, 4 wanted"),
        ("lstm.jacobian", "extra_params", json!([[1.0]]), "`extra_params`: 1 given, 3 wanted"),
        ("ba.jacobian", "p", json!(0), "p is 0"),
        ("ba.jacobian", "p", json!(u64::MAX), "should be from 1 to 33554432"),
        ("ba.objective", "cam", json!([1, 2, 3]), "cannot be read"),
        ("ba.objective", "cam", json!(vec![0; 11]), ""),
    ];
    assert_survives(|tool| {
        for (name, field, value, words) in rows {
            let mut input = sample(name)["input"].take();
            input[field] = value;
            let (module, function) = name.split_once('.').expect("a module and a function");
            let answer = tool.evaluate(module, function, &input);
            if words.is_empty() {
                assert_eq!(answer["success"], true, "{name} with another {field}: {answer}");
            } else {
                assert_failure(&answer, words);
            }
        }
    });
}

#[test]
fn fields_that_are_missing() {
    assert_survives(|tool| {
        for name in ["lse.primal", "llsq.primal", "ode.primal", "gmm.objective", "lstm.objective"] {
            let (module, function) = name.split_once('.').expect("a module and a function");
            assert_failure(&tool.evaluate(module, function, &json!({})), "missing field");
        }
        assert_failure(&tool.evaluate("hello", "square", &json!([2])), "cannot be read");
    });
}
