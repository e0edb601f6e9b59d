//! What modules of one number have in common.

use std::hint::black_box;

use serde_json::value::RawValue;
use wengert_problems::Problem;

use super::{Request, evaluation};
use crate::{
    failure::{Failure, finite},
    modes::{self, Batchable},
    protocol::Evaluation,
    timing::{Repeat, Stopwatch},
};

/// The value of a problem or its gradient, as is asked for.
pub(super) fn evaluate<P: Batchable>(
    problem: &P,
    request: Request<'_>,
) -> Result<Evaluation, Failure> {
    match request.function {
        "primal" | "objective" => value(problem, request.input),
        _ => {
            let (gradient, watch) = gradient(problem, request)?;
            evaluation(gradient, watch)
        }
    }
}

/// The value of a problem at its point, in plain floats.
pub(super) fn value(problem: &impl Problem, input: &RawValue) -> Result<Evaluation, Failure> {
    let mut watch = Stopwatch::default();
    let repeat = Repeat::read(input)?;
    let value = watch.evaluate(repeat, || problem.objective(black_box(problem.point())));
    finite(&[value])?;
    evaluation(value, watch)
}

/// The gradient of a problem at its point, as one list.
pub(super) fn gradient<P: Batchable>(
    problem: &P,
    request: Request<'_>,
) -> Result<(Vec<f64>, Stopwatch), Failure> {
    let mut watch = Stopwatch::default();
    let repeat = Repeat::read(request.input)?;
    let mut mode = watch.prepare(|| modes::gradient(problem, request.options));
    let mut gradient = vec![0.0; problem.point().len()];
    watch.evaluate(repeat, || mode.gradient(black_box(problem.point()), &mut gradient));
    finite(&gradient)?;
    Ok((gradient, watch))
}
