//! What modules of one number have in common.

use std::hint::black_box;

use serde_json::value::RawValue;
use wengert_problems::Problem;

use super::evaluation;
use crate::{
    failure::{Failure, finite},
    modes::{self, Options, Recordable},
    protocol::Evaluation,
    timing::{Repeat, Stopwatch},
};

/// The value of a problem at its point, in plain floats.
pub(super) fn value(problem: &impl Problem, input: &RawValue) -> Result<Evaluation, Failure> {
    let mut watch = Stopwatch::default();
    let repeat = Repeat::read(input)?;
    let value = watch.evaluate(repeat, || problem.objective(black_box(problem.point())));
    finite(&[value])?;
    evaluation(value, watch)
}

/// The gradient of a problem at its point, as one list.
pub(super) fn gradient<P: Recordable>(
    problem: &P,
    input: &RawValue,
    options: &Options,
) -> Result<(Vec<f64>, Stopwatch), Failure> {
    let mut watch = Stopwatch::default();
    let repeat = Repeat::read(input)?;
    let mut mode = watch.prepare(|| modes::gradient(problem, options));
    let mut gradient = vec![0.0; problem.point().len()];
    watch.evaluate(repeat, || mode.gradient(black_box(problem.point()), &mut gradient));
    finite(&gradient)?;
    Ok((gradient, watch))
}
