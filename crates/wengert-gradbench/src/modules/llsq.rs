//! Least squares of a polynomial.

use serde::Deserialize;
use serde_json::value::RawValue;
use wengert_problems::gradbench::Llsq;

use super::{evaluation, read, scalar};
use crate::{
    failure::{Failure, range},
    modes::Options,
    protocol::Evaluation,
};

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
    n: usize,
}

/// The problem of an input.
///
/// # Errors
///
/// If the input is not that of this module, has no variables, or fewer than two points.
pub fn problem(input: &RawValue) -> Result<Llsq, Failure> {
    let Input { x, n } = read(input)?;
    range("the number of variables", x.len(), [1, usize::MAX])?;
    range("n", n, [2, usize::MAX])?;
    Ok(Llsq::at(x, n))
}

pub(super) fn evaluate(
    function: &str,
    input: &RawValue,
    options: &Options,
) -> Result<Evaluation, Failure> {
    let problem = problem(input)?;
    if function == "primal" {
        return scalar::value(&problem, input);
    }
    let (gradient, watch) = scalar::gradient(&problem, input, options)?;
    evaluation(gradient, watch)
}
