//! Least squares of a polynomial.

use serde::Deserialize;
use serde_json::value::RawValue;
use wengert_problems::gradbench::Llsq;

use super::{Request, read, scalar};
use crate::{
    failure::{Failure, range},
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

pub(super) fn evaluate(request: Request<'_>) -> Result<Evaluation, Failure> {
    scalar::evaluate(&problem(request.input)?, request)
}
