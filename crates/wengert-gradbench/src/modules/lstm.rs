//! Long short-term memory with diagonal weights.

use serde::Deserialize;
use serde_json::value::RawValue;
use wengert_problems::gradbench::{Lstm, LstmSize};

use super::{Request, flatten, read, scalar};
use crate::{
    failure::{Failure, range},
    protocol::Evaluation,
};

#[derive(Deserialize)]
struct Input {
    main_params: Vec<Vec<f64>>,
    extra_params: Vec<Vec<f64>>,
    state: Vec<Vec<f64>>,
    sequence: Vec<Vec<f64>>,
}

/// The problem of an input. The number of layers is half that of the states, and the width that
/// of an item.
///
/// # Errors
///
/// If the input is not that of this module, if there is no layer or fewer than two items, or if
/// a list does not have the length that the number of layers and the width ask for.
pub fn problem(input: &RawValue) -> Result<Lstm, Failure> {
    let Input { main_params, extra_params, state, sequence } = read(input)?;
    let (layers, items) = (state.len() / 2, sequence.len());
    range("the number of layers", layers, [1, usize::MAX])?;
    range("the number of items in `sequence`", items, [2, usize::MAX])?;
    let width = sequence[0].len();
    range("the width of an item", width, [1, usize::MAX])?;
    let main = flatten("the layers `main_params`", &main_params, 2 * layers, 4 * width)?;
    let extra = flatten("the rows of `extra_params`", &extra_params, 3, width)?;
    let state = flatten("the rows of `state`", &state, 2 * layers, width)?;
    let sequence = flatten("the items of `sequence`", &sequence, items, width)?;
    Ok(Lstm::at(LstmSize { layers, width, items }, state, sequence, [main, extra].concat()))
}

pub(super) fn evaluate(request: Request<'_>) -> Result<Evaluation, Failure> {
    scalar::evaluate(&problem(request.input)?, request)
}
