//! How the samples of a batch are divided, and sums put together.

use super::CHUNK;
use crate::error::Error;
use crate::function::interrupt::Interrupt;
use crate::function::pool::Pool;
use crate::scalar::Real;

/// A run of chunks, with where the results of its samples go.
pub(in crate::function) struct Part<'r, F> {
    pub(in crate::function) first: usize,
    pub(in crate::function) samples: usize,
    pub(in crate::function) values: &'r mut [F],
    pub(in crate::function) shared: &'r mut [F],
    pub(in crate::function) rows: &'r mut [F],
}

/// What is done with each chunk.
pub(in crate::function) trait Leaves<F: Real>: Sync {
    /// Evaluates the samples of a chunk, and returns the sum of their first outputs.
    fn leaf(&self, part: Part<'_, F>) -> Result<F, Error>;
    /// The numbers of a sample's values.
    fn outputs(&self) -> usize;
    /// The numbers of a sample's row of derivatives.
    fn row(&self) -> usize;
    /// Whether threads share the work.
    fn is_parallel(&self) -> bool;
    fn buffers(&self) -> &Pool<Vec<F>>;
    /// What ends the work before it is through.
    fn interrupt(&self) -> &Interrupt;

    /// A leaf, or two parts and the sum of their sums.
    fn part(&self, part: Part<'_, F>) -> Result<F, Error> {
        if part.samples <= CHUNK {
            self.interrupt().check()?;
            return self.leaf(part);
        }
        let len = part.shared.len();
        self.buffers().with(Vec::new, |buffer| {
            buffer.resize(len, F::zero());
            let (left, right) = self.halves(part, buffer);
            let (a, b) = self.both(left, right);
            Ok(a? + b?)
        })
    }

    /// Both parts, side by side where threads share the work, and their sum into the first.
    fn both(&self, left: Part<'_, F>, right: Part<'_, F>) -> (Result<F, Error>, Result<F, Error>) {
        let Part { first, samples, values, shared, rows } = left;
        let left = Part { first, samples, values, shared: &mut *shared, rows };
        let Part { first, samples, values, shared: sum, rows } = right;
        let right = Part { first, samples, values, shared: &mut *sum, rows };
        let (left, right) = (|| self.part(left), || self.part(right));
        let results = if self.is_parallel() { join(left, right) } else { (left(), right()) };
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
        let outputs = if part.values.is_empty() { 0 } else { self.outputs() };
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
