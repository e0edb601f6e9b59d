//! Values and gradients at many points: the one place that knows how they are computed.

use wengert::{Gradients, Tape};
use wengert_cli::{Error, Program};

/// Evaluates one program again and again.
#[derive(Debug)]
pub(super) struct Evaluator<'p> {
    program: &'p Program,
    tape: Tape,
    gradients: Gradients,
}

/// What was found at some points.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) values: Vec<f64>,
    /// A row for each point, in the order of the program's inputs.
    pub(super) gradients: Vec<f64>,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self { program, tape: Tape::new(), gradients: Gradients::new() }
    }

    /// Evaluates at each point: a row of `points` for each, in the order of the program's
    /// inputs. What `batch` held is overwritten.
    pub(super) fn evaluate(&mut self, points: &[f64], batch: &mut Batch) -> Result<(), Error> {
        batch.values.clear();
        batch.gradients.clear();
        for x in points.chunks_exact(self.program.inputs().len()) {
            self.tape.reset();
            let inputs = self.tape.vars(x);
            let output = self.program.record(&inputs)?.output();
            output.gradients_into(&mut self.gradients);
            batch.values.push(output.value());
            let derivatives = inputs.iter().map(|&x| self.gradients.get(x).unwrap_or(0.0));
            batch.gradients.extend(derivatives);
        }
        Ok(())
    }
}
