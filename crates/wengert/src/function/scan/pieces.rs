//! Several steps as one program, where a step is a few operations.
//!
//! What is done between two steps (a state is handed on, values are kept and taken back) costs as
//! much as a few operations do. Of several steps in a row, it is done once. The steps are not
//! optimised across each other, and pieces begin at the same steps whatever the budget, so that
//! results keep their bits.

use crate::error::expect;
use crate::function::compiled;
use crate::function::draft::{Draft, DraftGuard, Source};
use crate::function::program::Program;
use crate::function::program::decode::decode;
use crate::function::replay::steps::Shape;
use crate::scalar::Real;
use std::sync::Arc;

/// The most operations of a step that is made longer, and those of a piece.
const SHORT: usize = 8;
const PIECE: usize = 32;

/// Some steps as one program, and what its inputs and outputs are.
#[derive(Clone, Debug)]
pub(super) struct Piece<F> {
    pub(super) program: Arc<Program<F>>,
    pub(super) shape: Shape,
}

impl<F: Real> Piece<F> {
    /// As many steps as make a piece: one, but for a step of few operations.
    pub(super) fn of(program: &Arc<Program<F>>, shape: Shape) -> Self {
        let steps = match program.operations() {
            operations @ 1..=SHORT if program.calls.is_empty() => PIECE / operations.max(2),
            _ => return Self { program: program.clone(), shape },
        };
        let draft = repeated(&decode(program), shape, steps);
        let program = Arc::new(expect(compiled::assemble(&draft)));
        Self { program, shape: shape.of_steps(steps) }
    }
}

/// A number of steps, one behind the other: of the inputs, the variables of the steps follow each
/// other, and so do their data; of the outputs, those of the steps do.
fn repeated<F: Real>(step: &Draft<F>, shape: Shape, steps: usize) -> Draft<F> {
    let before = shape.shared + shape.state;
    let rows = |row: &[F]| row.repeat(steps);
    let variables = [&step.variables[..before], &rows(&step.variables[before..])].concat();
    let mut draft = Draft::with_inputs(variables, rows(&step.data));
    draft.constants.clone_from(&step.constants);
    draft.reserve(steps * step.steps.len(), steps * step.operands.len());
    let mut state: Vec<_> = shape.state().map(Source::value).collect();
    let mut outputs = Vec::new();
    for number in 0..steps {
        let (inputs, values) = (draft.variables.len(), draft.values());
        let place = |source: Source| {
            let Some(value) = source.as_value() else { return source };
            let from = |first: usize, to: usize| Source::value(value - first + to);
            let place = match value {
                _ if value < shape.shared => source.plain(),
                _ if value < before => state[value - shape.shared],
                _ if value < step.variables.len() => from(0, number * shape.variables),
                _ if value < step.inputs() => {
                    from(step.variables.len(), inputs + number * shape.data)
                }
                _ => from(step.inputs(), values),
            };
            place.negated_as(source)
        };
        for (index, &operation) in step.steps.iter().enumerate() {
            let operands = step.operands_of(index).iter();
            draft.operands.extend(operands.map(|&source| place(source)));
            draft.finish(operation);
        }
        draft.guards.extend(
            step.guards
                .iter()
                .map(|guard| DraftGuard { operands: guard.operands.map(place), ..guard.clone() }),
        );
        outputs.extend(step.outputs[shape.state..].iter().map(|&source| place(source)));
        state = step.outputs[..shape.state].iter().map(|&source| place(source)).collect();
    }
    draft.outputs = [state, outputs].concat();
    draft
}
