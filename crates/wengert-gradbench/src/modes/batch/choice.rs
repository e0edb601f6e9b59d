//! What is recorded for a batch: a term where the problem is a sum, else the whole.

use wengert_problems::gradbench::{Gmm, Llsq, Lse, Lstm, RungeKutta};

use super::{
    super::{Gradient, problem::Recordable, replay::Replay, scan::Loop},
    points::Points,
    rows::Rows,
};

/// A problem with a way to its gradient by batches.
pub trait Batchable: Recordable {
    /// Gradients by a recording of the term, if the problem is a sum of them over data.
    ///
    /// Otherwise there is nothing to go side by side, and the whole is replayed.
    fn batch(&self, threads: usize) -> Box<dyn Gradient> {
        Box::new(Replay::new(self, threads))
    }

    /// Gradients by a loop over a recorded step, if the problem is a chain of like steps.
    fn scan(&self, threads: usize) -> Box<dyn Gradient> {
        self.batch(threads)
    }
}

impl Batchable for Lse {}

impl Batchable for Llsq {
    fn batch(&self, threads: usize) -> Box<dyn Gradient> {
        Box::new(Rows::new(self, threads))
    }
}

impl Batchable for RungeKutta {
    fn scan(&self, _threads: usize) -> Box<dyn Gradient> {
        Box::new(Loop::of_steps(self))
    }
}

impl Batchable for Gmm {
    fn batch(&self, threads: usize) -> Box<dyn Gradient> {
        Box::new(Points::new(self, threads))
    }
}

impl Batchable for Lstm {
    fn scan(&self, _threads: usize) -> Box<dyn Gradient> {
        Box::new(Loop::of_predictions(self))
    }
}
