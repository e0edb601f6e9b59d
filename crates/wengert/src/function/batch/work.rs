//! A task done: its chunks, by the memory for them.

use super::leaf::Leaf;
use super::pool::BatchWorkspace;
use super::task::Task;
use super::tree::{Leaves, Part};
use crate::error::{Error, Kind};
use crate::function::compiled::compiled;
use crate::function::interrupt::Interrupt;
use crate::function::pool::Pool;
use crate::scalar::Real;

impl<F: Real> Task<'_, F> {
    /// Does the task, and returns the sum of the first outputs.
    pub(super) fn run(
        self,
        workspace: &BatchWorkspace<F>,
        values: &mut [F],
        shared: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        run(self, workspace, values, shared, rows)
    }

    fn run_here(
        self,
        workspace: &BatchWorkspace<F>,
        values: &mut [F],
        shared: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        if workspace.function != self.function.identity {
            return Err(Kind::ForeignWorkspace.into());
        }
        if self.batch.samples == 0 {
            shared.fill(F::zero());
            return Ok(F::zero());
        }
        let samples = self.batch.samples;
        let work = Work { task: self, workspace };
        work.part(Part { first: 0, samples, values, shared, rows })
    }
}

compiled! {
    fn run<'a>(
        task: Task<'a, F>,
        workspace: &'a BatchWorkspace<F>,
        values: &'a mut [F],
        shared: &'a mut [F],
        rows: &'a mut [F],
    ) -> Result<F, Error> = Task::<F>::run_here;
}

/// A task, and the memory for it.
struct Work<'a, F: Real> {
    task: Task<'a, F>,
    workspace: &'a BatchWorkspace<F>,
}

impl<F: Real> Leaves<F> for Work<'_, F> {
    fn leaf(&self, part: Part<'_, F>) -> Result<F, Error> {
        let Part { first, samples, values, shared, rows } = part;
        self.workspace.with_space(&self.task.function.program, |space| {
            Leaf { task: self.task, first, samples }.run(space, values, shared, rows)
        })
    }
    fn outputs(&self) -> usize {
        self.task.function.num_outputs()
    }
    fn row(&self) -> usize {
        self.task.row()
    }
    fn is_parallel(&self) -> bool {
        self.workspace.is_parallel
    }
    fn buffers(&self) -> &Pool<Vec<F>> {
        &self.workspace.buffers
    }
    fn interrupt(&self) -> &Interrupt {
        &self.workspace.interrupt
    }
}
