//! Bundle adjustment: each residual of an observation, over all observations.

use wengert::{Batch, BatchWorkspace, Error, Function};
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use super::workspace;
use crate::modes::{
    Jacobian,
    observer::{self, ON_A_PATH},
    team::Team,
};

/// How many observations are gathered at a time: their variables and rows fit the cache, and
/// there are enough for several threads.
const CHUNK: usize = 2048;

/// Observes chunk by chunk.
pub(in crate::modes) struct BatchObserver {
    chunk: Chunk,
    team: Team,
}

/// The three residuals, each a function with memory of its own.
struct Chunk {
    axes: [Residual; 2],
    constraint: Residual,
    /// The inputs of the chunk's observations, row by row.
    variables: Vec<f64>,
    features: Vec<f64>,
    weights: Vec<f64>,
}

impl BatchObserver {
    pub(in crate::modes) fn new(threads: usize) -> Self {
        Self { chunk: Chunk::new(threads), team: Team::new(threads) }
    }
}

impl Chunk {
    fn new(threads: usize) -> Self {
        let residual = |function| Residual::new(function, threads);
        Self {
            axes: [0, 1].map(|axis| residual(observer::residual(axis))),
            constraint: residual(observer::constraint()),
            variables: Vec::new(),
            features: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// Gathers the inputs of so many observations from number `first` on.
    fn gather(&mut self, problem: &BundleAdjustment, first: usize, count: usize) {
        let Self { variables, features, weights, .. } = self;
        [&mut *variables, features, weights].into_iter().for_each(Vec::clear);
        for i in first..first + count {
            let x = problem.variables(i);
            variables.extend_from_slice(&x);
            features.extend_from_slice(&problem.feature(i));
            weights.push(x[OBSERVATION - 1]);
        }
    }

    /// The rows and the slopes by the weights of what was gathered.
    fn differentiate(&mut self, blocks: &mut [f64], of_weights: &mut [f64]) -> Result<(), Error> {
        let samples = Batch::new(of_weights.len());
        let observations = samples.variables(&self.variables).data(&self.features);
        for (axis, residual) in self.axes.iter_mut().enumerate() {
            let rows = residual.gradients(&observations)?.chunks_exact(OBSERVATION);
            let blocks = blocks.chunks_exact_mut(2 * OBSERVATION);
            for (block, row) in blocks.zip(rows) {
                block[axis * OBSERVATION..][..OBSERVATION].copy_from_slice(row);
            }
        }
        let slopes = self.constraint.gradients(&samples.variables(&self.weights))?;
        of_weights.copy_from_slice(slopes);
        Ok(())
    }
}

impl Jacobian for BatchObserver {
    fn entries(&mut self, problem: &BundleAdjustment, entries: &mut [f64]) {
        let Self { chunk, team } = self;
        let (blocks, weights) = problem.split_entries(entries);
        let chunks = blocks.chunks_mut(CHUNK * 2 * OBSERVATION).zip(weights.chunks_mut(CHUNK));
        for (i, (blocks, weights)) in chunks.enumerate() {
            chunk.gather(problem, i * CHUNK, weights.len());
            team.run(|| chunk.differentiate(blocks, weights)).expect(ON_A_PATH);
        }
    }
}

/// A function of one output, and what it gave of each observation.
struct Residual {
    function: Function,
    workspace: BatchWorkspace,
    values: Vec<f64>,
    gradients: Vec<f64>,
}

impl Residual {
    fn new(function: Function, threads: usize) -> Self {
        let workspace = workspace(&function, threads);
        Self { function, workspace, values: Vec::new(), gradients: Vec::new() }
    }

    /// The gradients of all samples, row by row.
    fn gradients(&mut self, batch: &Batch<'_>) -> Result<&[f64], Error> {
        let Self { function, workspace, values, gradients } = self;
        values.resize(batch.samples(), 0.0);
        gradients.resize(batch.samples() * function.variables(), 0.0);
        function.batch_gradients(workspace, batch, values, gradients)?;
        Ok(gradients)
    }
}
