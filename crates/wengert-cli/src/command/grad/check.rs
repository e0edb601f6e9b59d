//! `--check`: the engine's own check of derivatives, by name.

use super::{Point, hessian};
use crate::command::failure::Failure;
use crate::command::source::Source;
use wengert::Report;

/// The operations of all evaluations: about half a minute.
const STEPS: usize = 1_000_000_000;
/// How often the engine evaluates the function for an input, as it documents.
const EVALUATIONS: usize = 24;

/// What the check found.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) inputs: Vec<Comparison>,
    /// How far reverse sweep, forward sweep and dual numbers are apart.
    pub(super) sweep_gap: f64,
    report: Report,
}

/// A derivative and the difference quotient.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) name: String,
    pub(super) derivative: f64,
    pub(super) difference: f64,
    pub(super) uncertainty: f64,
    pub(super) is_ok: bool,
}

impl Check {
    pub(super) fn at(source: &Source, point: &Point, nodes: usize) -> Result<Self, Failure> {
        let evaluations = point.x.len().saturating_mul(EVALUATIONS);
        let steps = evaluations.saturating_mul(nodes);
        if steps > STEPS {
            let message = format!(
                "--check evaluates {nodes} nodes {evaluations} times, {steps} steps: the limit \
                 is {STEPS}"
            );
            return Err(Failure::Usage(message));
        }
        let report = wengert::check_gradient(|x| hessian::record(source, x), &point.x);
        let comparison = |&input: &usize| {
            let found = &report.inputs[input];
            Comparison {
                name: source.program.inputs()[input].clone(),
                derivative: found.derivative,
                difference: found.difference,
                uncertainty: found.uncertainty,
                is_ok: found.excess() <= Report::DIFFERENCE_TOLERANCE,
            }
        };
        let inputs = point.order.iter().map(comparison).collect();
        Ok(Self { inputs, sweep_gap: report.sweep_gap(), report })
    }

    pub(super) fn is_ok(&self) -> bool {
        self.report.is_ok()
    }
}
