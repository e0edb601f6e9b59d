//! The binary at the other end of two pipes.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
};

use serde_json::{Value, json};

/// A running tool.
pub(crate) struct Tool {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_id: i64,
}

impl Tool {
    /// Starts the tool in every mode, with one thread and with several.
    pub(crate) fn start_all() -> impl Iterator<Item = Self> {
        let with = |mode| ["1", "3"].map(|threads| ["--mode", mode, "--threads", threads]);
        let all = ["record", "replay", "batch"].into_iter().flat_map(with);
        all.map(|options| Self::start(&options))
    }

    /// Starts the tool with these options.
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_wengert-gradbench"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary was built with the test");
        let input = process.stdin.take().expect("it is piped");
        let output = BufReader::new(process.stdout.take().expect("it is piped"));
        Self { process, input, output, last_id: 0 }
    }

    /// Sends a line and reads the one that comes back, while the tool waits for the next.
    pub(crate) fn exchange(&mut self, line: &str) -> Value {
        writeln!(self.input, "{line}").expect("the tool reads");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("the tool writes");
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{answer:?}: {error}"))
    }

    /// Sends a message under the next number, and returns the answer, which must bear it.
    #[track_caller]
    pub(crate) fn ask(&mut self, mut message: Value) -> Value {
        self.last_id += 1;
        message["id"] = self.last_id.into();
        let answer = self.exchange(&message.to_string());
        assert_eq!(answer["id"], self.last_id, "the answer to {message} is {answer}");
        answer
    }

    /// The answer to a question for a function.
    #[track_caller]
    pub(crate) fn evaluate(&mut self, module: &str, function: &str, input: &Value) -> Value {
        let kind = "evaluate";
        self.ask(json!({ "kind": kind, "module": module, "function": function, "input": input }))
    }

    /// The value of a function, which must have one.
    #[track_caller]
    pub(crate) fn output(&mut self, module: &str, function: &str, input: &Value) -> Value {
        let mut answer = self.evaluate(module, function, input);
        assert_eq!(answer["success"], true, "{module}.{function}: {answer}");
        assert_eq!(answer.get("error"), None);
        answer["output"].take()
    }

    /// Ends the tool's input, and waits for it.
    pub(crate) fn finish(mut self) -> ExitStatus {
        drop(self.input);
        self.process.wait().expect("it was started")
    }
}

/// All numbers of a value, in their order.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        Value::Object(fields) => fields.values().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap_or_else(|| panic!("{number} is no number"))],
    }
}

/// Asserts that two lists agree to a relative 1e-9, number by number; a number may be off by
/// as much of the mean of all.
#[track_caller]
pub(crate) fn assert_agree(given: &[f64], expected: &[f64]) {
    let difference = wengert_problems::oracle::relative_difference(given, expected);
    assert!(difference < 1e-9, "{given:?} and {expected:?} differ by {difference:e}");
}
