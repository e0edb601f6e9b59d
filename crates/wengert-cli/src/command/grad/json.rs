//! `--json`: all that is told, with all digits.

use super::{Answer, Quantity};
use crate::command::failure::Failure;
use serde::{Serialize, Serializer};
use std::io::Write;

/// A number; those that JSON has none for are the strings `"NaN"`, `"inf"` and `"-inf"`.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.is_finite() {
            true => serializer.serialize_f64(self.0),
            false => serializer.collect_str(&self.0),
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    expression: &'a str,
    output: Option<&'a str>,
    value: Number,
    inputs: Vec<Entry<'a>>,
    steps: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hessian: Option<Vec<Vec<Number>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<Check<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnosis: Option<&'a str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    value: Number,
    derivative: Number,
}

#[derive(Serialize)]
struct Check<'a> {
    ok: bool,
    sweep_gap: Number,
    inputs: Vec<Comparison<'a>>,
}

#[derive(Serialize)]
struct Comparison<'a> {
    name: &'a str,
    ok: bool,
    derivative: Number,
    difference: Number,
    uncertainty: Number,
}

pub(super) fn write(answer: &Answer, out: &mut dyn Write) -> Result<(), Failure> {
    let document = Document {
        expression: &answer.expression,
        output: answer.output.as_deref(),
        value: Number(answer.value),
        inputs: answer.inputs.iter().map(entry).collect(),
        steps: answer.steps.iter().map(entry).collect(),
        hessian: answer
            .hessian
            .as_ref()
            .map(|rows| rows.iter().map(|numbers| row(numbers)).collect()),
        check: answer.check.as_ref().map(check),
        nodes: answer.nodes.as_deref(),
        explanation: answer.explanation.as_deref(),
        diagnosis: answer.diagnosis.as_deref(),
    };
    serde_json::to_writer_pretty(&mut *out, &document).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

fn entry(quantity: &Quantity) -> Entry<'_> {
    let Quantity { name, value, derivative } = quantity;
    Entry { name, value: Number(*value), derivative: Number(*derivative) }
}

fn row(numbers: &[f64]) -> Vec<Number> {
    numbers.iter().copied().map(Number).collect()
}

fn check(check: &super::Check) -> Check<'_> {
    let inputs = check.inputs.iter().map(comparison).collect();
    Check { ok: check.is_ok(), sweep_gap: Number(check.sweep_gap), inputs }
}

fn comparison(found: &super::check::Comparison) -> Comparison<'_> {
    Comparison {
        name: &found.name,
        ok: found.is_ok,
        derivative: Number(found.derivative),
        difference: Number(found.difference),
        uncertainty: Number(found.uncertainty),
    }
}
