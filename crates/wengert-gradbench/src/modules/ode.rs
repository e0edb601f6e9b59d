//! A system of differential equations by Runge and Kutta's method.

use std::hint::black_box;

use serde::Deserialize;
use serde_json::value::RawValue;
use wengert_problems::{Problem, gradbench::RungeKutta};

use super::{Request, evaluation, read, scalar};
use crate::{
    failure::{Failure, finite, range},
    protocol::Evaluation,
    timing::{Repeat, Stopwatch},
};

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
    s: usize,
}

/// The problem of an input.
///
/// # Errors
///
/// If the input is not that of this module, or has no variables or no steps.
pub fn problem(input: &RawValue) -> Result<RungeKutta, Failure> {
    let Input { x, s } = read(input)?;
    range("the number of variables", x.len(), [1, usize::MAX])?;
    range("s", s, [1, usize::MAX])?;
    Ok(RungeKutta::at(x, s))
}

pub(super) fn evaluate(request: Request<'_>) -> Result<Evaluation, Failure> {
    let problem = problem(request.input)?;
    match request.function {
        "primal" => solution(&problem, request.input),
        _ => scalar::evaluate(&problem, request),
    }
}

fn solution(problem: &RungeKutta, input: &RawValue) -> Result<Evaluation, Failure> {
    let mut watch = Stopwatch::default();
    let repeat = Repeat::read(input)?;
    let solution = watch.evaluate(repeat, || problem.solution(black_box(problem.point())));
    finite(&solution)?;
    evaluation(solution, watch)
}
