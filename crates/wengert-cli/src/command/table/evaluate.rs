//! Values and gradients at many points: the one place that knows how they are computed.
//!
//! The program is recorded once and replayed in batches. Where a replay cannot go (a clamp whose
//! bounds are out of order at some point), each point is recorded, and tells what is wrong.

use wengert::{BatchWorkspace, Function, Gradients, Tape, Var};
use wengert_cli::{Error, Program};

/// Evaluates one program again and again.
#[derive(Debug)]
pub(super) struct Evaluator<'p> {
    program: &'p Program,
    replay: Option<(Function, BatchWorkspace)>,
    tape: Tape,
    gradients: Gradients,
}

/// What was found at some points.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) values: Vec<f64>,
    /// For each point a row for each output, in the order of the program's inputs.
    pub(super) gradients: Vec<f64>,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self { program, replay: None, tape: Tape::new(), gradients: Gradients::new() }
    }

    /// Evaluates at each point: a row of `points` for each, in the order of the program's
    /// inputs. What `batch` held is overwritten.
    pub(super) fn evaluate(&mut self, points: &[f64], batch: &mut Batch) -> Result<(), Error> {
        let inputs = self.program.inputs().len();
        let Some(first) = points.get(..inputs).filter(|_| inputs > 0) else {
            return self.record_each(points, batch);
        };
        let (function, workspace) = match &mut self.replay {
            Some(replay) => replay,
            None => {
                let function = record(self.program, first)?;
                let workspace = function.batch_workspace();
                self.replay.insert((function, workspace))
            }
        };
        let samples = points.len() / inputs;
        batch.values.resize(samples * function.num_outputs(), 0.0);
        batch.gradients.resize(points.len() * function.num_outputs(), 0.0);
        let rows = wengert::Batch::new(samples).variables(points);
        let (values, gradients) = (&mut batch.values, &mut batch.gradients);
        match function.batch_jacobians(workspace, &rows, values, gradients) {
            Ok(()) => Ok(()),
            Err(_) => self.record_each(points, batch),
        }
    }

    fn record_each(&mut self, points: &[f64], batch: &mut Batch) -> Result<(), Error> {
        batch.values.clear();
        batch.gradients.clear();
        for x in points.chunks_exact(self.program.inputs().len()) {
            self.tape.reset();
            let inputs = self.tape.vars(x);
            let recorded = self.program.record(&inputs)?;
            for output in recorded.outputs() {
                output.gradients_into(&mut self.gradients);
                batch.values.push(output.value());
                let derivatives = inputs.iter().map(|&x| self.gradients.get(x).unwrap_or(0.0));
                batch.gradients.extend(derivatives);
            }
        }
        Ok(())
    }
}

/// The program as a function, recorded at a point.
fn record(program: &Program, point: &[f64]) -> Result<Function, Error> {
    let mut failure = None;
    let function = Function::record_many(point, |inputs| match program.record(inputs) {
        Ok(recorded) => recorded.outputs().collect(),
        Err(error) => {
            failure = Some(error);
            vec![Var::constant(f64::NAN)]
        }
    });
    failure.map_or(Ok(function), Err)
}
