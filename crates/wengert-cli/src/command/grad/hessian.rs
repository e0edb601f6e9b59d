//! `--hessian`: second derivatives, where they end in bearable time.

use super::Point;
use crate::command::failure::Failure;
use crate::command::source::Source;
use wengert::Var;

/// The inputs whose matrix can still be looked at.
const INPUTS: usize = 1_000;
/// The steps of sweeps over dual numbers: about half a minute.
const STEPS: usize = 1_000_000_000;

/// The Hessian, in the order in which the values were given.
pub(super) fn at(source: &Source, point: &Point, nodes: usize) -> Result<Vec<Vec<f64>>, Failure> {
    let inputs = point.x.len();
    if inputs > INPUTS {
        let message = format!("--hessian of {inputs} inputs: the limit is {INPUTS}");
        return Err(Failure::Usage(message));
    }
    let steps = inputs.saturating_mul(nodes);
    if steps > STEPS {
        let message = format!(
            "--hessian sweeps {nodes} nodes for each of {inputs} inputs, {steps} steps: the \
             limit is {STEPS}"
        );
        return Err(Failure::Usage(message));
    }
    let rows = wengert::hessian(|x| record(source, x, 0), &point.x);
    let row = |&i: &usize| point.order.iter().map(|&j| rows[i][j]).collect();
    Ok(point.order.iter().map(row).collect())
}

/// An output at `x`. What an operation refuses is NaN: at the point itself, it refused nothing.
pub(super) fn record<'t>(source: &Source, x: &[Var<'t>], output: usize) -> Var<'t> {
    let recorded = source.program.record(x).ok();
    let output = recorded.and_then(|recorded| recorded.outputs().nth(output));
    output.unwrap_or(Var::constant(f64::NAN))
}
