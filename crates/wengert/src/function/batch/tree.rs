//! How the samples of a batch are divided, and sums put together.

use super::CHUNK;
use super::leaf::Leaf;
use super::pool::BatchWorkspace;
use super::task::Task;
use crate::error::{Error, Kind};
use crate::scalar::Real;

/// A run of chunks, with where the results of its samples go.
struct Part<'r, F> {
    first: usize,
    samples: usize,
    values: &'r mut [F],
    shared: &'r mut [F],
    rows: &'r mut [F],
}

impl<F: Real> Task<'_, F> {
    /// Does the task, and returns the sum of the first outputs.
    pub(super) fn run(
        &self,
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
        self.part(workspace, Part { first: 0, samples, values, shared, rows })
    }

    /// A leaf, or two parts and the sum of their sums.
    fn part(&self, workspace: &BatchWorkspace<F>, part: Part<'_, F>) -> Result<F, Error> {
        if part.samples <= CHUNK {
            let Part { first, samples, values, shared, rows } = part;
            return workspace.with_space(&self.function.program, |space| {
                Leaf { task: *self, first, samples }.run(space, values, shared, rows)
            });
        }
        workspace.with_buffer(part.shared.len(), |sum| {
            let (left, right) = self.halves(part, sum);
            let (a, b) = self.both(workspace, left, right);
            Ok(a? + b?)
        })
    }

    /// Both parts, side by side where threads share the work, and their sum into the first.
    fn both(
        &self,
        workspace: &BatchWorkspace<F>,
        left: Part<'_, F>,
        right: Part<'_, F>,
    ) -> (Result<F, Error>, Result<F, Error>) {
        let Part { first, samples, values, shared, rows } = left;
        let left = Part { first, samples, values, shared: &mut *shared, rows };
        let Part { first, samples, values, shared: sum, rows } = right;
        let right = Part { first, samples, values, shared: &mut *sum, rows };
        let (left, right) = (|| self.part(workspace, left), || self.part(workspace, right));
        let results = if workspace.is_parallel { join(left, right) } else { (left(), right()) };
        for (total, &mut part) in shared.iter_mut().zip(sum) {
            *total += part;
        }
        results
    }

    /// Divides a part: the first takes the largest power of two of chunks that leaves the
    /// second some, so that the shape of the tree depends on the number of samples alone.
    fn halves<'r>(&self, part: Part<'r, F>, sum: &'r mut [F]) -> (Part<'r, F>, Part<'r, F>) {
        let chunks = part.samples.div_ceil(CHUNK);
        let samples = CHUNK * (chunks.next_power_of_two() / 2);
        let outputs = if part.values.is_empty() { 0 } else { self.function.outputs() };
        let (left, right) = part.values.split_at_mut(samples * outputs);
        let (above, below) = part.rows.split_at_mut(samples * self.row());
        let Part { first, shared, .. } = part;
        let rest = part.samples - samples;
        (
            Part { first, samples, values: left, shared, rows: above },
            Part { first: first + samples, samples: rest, values: right, shared: sum, rows: below },
        )
    }
}

#[cfg(feature = "rayon")]
use rayon::join;

/// Without threads nothing is parallel, and this is not called.
#[cfg(not(feature = "rayon"))]
fn join<A, B>(left: impl FnOnce() -> A, right: impl FnOnce() -> B) -> (A, B) {
    (left(), right())
}
