//! Bundle adjustment: the residuals of an observation, over all observations.

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

/// The two residuals of the picture and that of the weight, with memory for both.
struct Chunk {
    picture: Function,
    picture_workspace: BatchWorkspace,
    constraint: Function,
    constraint_workspace: BatchWorkspace,
    /// The inputs of the chunk's observations, row by row.
    variables: Vec<f64>,
    features: Vec<f64>,
    weights: Vec<f64>,
    residuals: Vec<f64>,
}

impl BatchObserver {
    pub(in crate::modes) fn new(threads: usize) -> Self {
        Self { chunk: Chunk::new(threads), team: Team::new(threads) }
    }
}

impl Chunk {
    fn new(threads: usize) -> Self {
        let (picture, constraint) = (observer::picture(), observer::constraint());
        Self {
            picture_workspace: workspace(&picture, threads),
            picture,
            constraint_workspace: workspace(&constraint, threads),
            constraint,
            variables: Vec::new(),
            features: Vec::new(),
            weights: Vec::new(),
            residuals: Vec::new(),
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
        let (pictures, weights) = (
            samples.variables(&self.variables).data(&self.features),
            samples.variables(&self.weights),
        );
        self.residuals.resize(2 * samples.samples(), 0.0);
        let Self { picture, picture_workspace, residuals, .. } = self;
        picture.batch_jacobians(picture_workspace, &pictures, residuals, blocks)?;
        let residuals = &mut self.residuals[..samples.samples()];
        let Self { constraint, constraint_workspace, .. } = self;
        constraint.batch_gradients(constraint_workspace, &weights, residuals, of_weights)
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
