//! The logarithm of a sum of exponentials.

use serde::Deserialize;
use serde_json::value::RawValue;
use wengert_problems::gradbench::Lse;

use super::{evaluation, read, scalar};
use crate::{
    failure::{Failure, range},
    modes::Options,
    protocol::Evaluation,
};

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
}

/// The problem of an input.
///
/// # Errors
///
/// If the input is not that of this module, or has no variables.
pub fn problem(input: &RawValue) -> Result<Lse, Failure> {
    let Input { x } = read(input)?;
    range("the number of variables", x.len(), [1, usize::MAX])?;
    Ok(Lse::at(x))
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
