//! x ↦ x² and its derivative: whether the two understand each other.

use super::{Request, evaluation, read};
use crate::{
    failure::{Failure, finite},
    modes,
    protocol::Evaluation,
    timing::{Repeat, Stopwatch},
};

pub(super) fn evaluate(request: Request<'_>) -> Result<Evaluation, Failure> {
    let x: f64 = read(request.input)?;
    let mut watch = Stopwatch::default();
    let output = watch.evaluate(Repeat::default(), || match request.function {
        "square" => x * x,
        _ => modes::derivative_of_square(x, request.options),
    });
    finite(&[output])?;
    evaluation(output, watch)
}
