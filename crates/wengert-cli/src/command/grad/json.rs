//! `--json`: all that is told, with all digits.

use super::check::Verdict;
use super::{Answer, Quantity};
use crate::command::failure::Failure;
use crate::command::source::Source;
use serde::{Serialize, Serializer};
use std::io::Write;

/// A number; those that JSON has none for are the strings `"NaN"`, `"inf"` and `"-inf"`.
pub(super) struct Number(pub(super) f64);

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
    expression: String,
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
pub(super) struct Check<'a> {
    ok: bool,
    sweep_gap: Number,
    inputs: Vec<Comparison<'a>>,
    /// The operations at a kink.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinks: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hessian: Option<Second<'a>>,
}

#[derive(Serialize)]
struct Second<'a> {
    ok: bool,
    asymmetry: Number,
    failures: Vec<Comparison<'a>>,
}

#[derive(Serialize)]
struct Comparison<'a> {
    name: &'a str,
    ok: bool,
    derivative: Number,
    difference: Number,
    uncertainty: Number,
    /// The slopes below and above, where they are two.
    #[serde(skip_serializing_if = "Option::is_none")]
    kink: Option<[Number; 2]>,
}

pub(super) fn write(answer: &Answer, source: &Source, out: &mut dyn Write) -> Result<(), Failure> {
    let document = Document {
        expression: source.program.to_string(),
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
    write_document(&document, out)
}

pub(super) fn write_document(
    document: &impl Serialize,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

fn entry(quantity: &Quantity) -> Entry<'_> {
    let Quantity { name, value, derivative } = quantity;
    Entry { name, value: Number(*value), derivative: Number(*derivative) }
}

pub(super) fn row(numbers: &[f64]) -> Vec<Number> {
    numbers.iter().copied().map(Number).collect()
}

pub(super) fn check(check: &super::Check) -> Check<'_> {
    let inputs = check.inputs.iter().map(comparison).collect();
    let hessian = check.second.as_ref().map(|second| Second {
        ok: second.is_ok(),
        asymmetry: Number(second.asymmetry),
        failures: second.failures.iter().map(comparison).collect(),
    });
    let kinks = check.kinks().collect();
    Check { ok: check.is_ok(), sweep_gap: Number(check.sweep_gap), inputs, kinks, hessian }
}

fn comparison(found: &super::check::Comparison) -> Comparison<'_> {
    Comparison {
        name: &found.name,
        ok: found.verdict == Verdict::Agrees,
        derivative: Number(found.derivative),
        difference: Number(found.difference),
        uncertainty: Number(found.uncertainty),
        kink: match found.verdict {
            Verdict::Kink(sides) => Some(sides.map(Number)),
            Verdict::Agrees | Verdict::Differs | Verdict::Unknown => None,
        },
    }
}
