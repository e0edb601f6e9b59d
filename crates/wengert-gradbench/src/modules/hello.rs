//! x ↦ x² and its derivative: whether the two understand each other.

use serde_json::value::RawValue;

use super::{evaluation, read};
use crate::{
    failure::{Failure, finite},
    modes::{self, Options},
    protocol::Evaluation,
    timing::{Repeat, Stopwatch},
};

pub(super) fn evaluate(
    function: &str,
    input: &RawValue,
    options: &Options,
) -> Result<Evaluation, Failure> {
    let x: f64 = read(input)?;
    let mut watch = Stopwatch::default();
    let output = watch.evaluate(Repeat::default(), || match function {
        "square" => x * x,
        _ => modes::derivative_of_square(x, options),
    });
    finite(&[output])?;
    evaluation(output, watch)
}
