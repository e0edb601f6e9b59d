//! The logarithm of a sum of exponentials.

use serde::Deserialize;
use serde_json::value::RawValue;
use wengert_problems::gradbench::Lse;

use super::{Request, read, scalar};
use crate::{
    failure::{Failure, range},
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

pub(super) fn evaluate(request: Request<'_>) -> Result<Evaluation, Failure> {
    scalar::evaluate(&problem(request.input)?, request)
}
