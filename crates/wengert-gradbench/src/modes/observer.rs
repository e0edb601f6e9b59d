//! What modes have in common in bundle adjustment: how threads share the observations, and how
//! an observation is recorded once.

use std::iter;

use wengert::{Function, Var};
use wengert_problems::gradbench::{BundleAdjustment, CAMERA, OBSERVATION, observe, of_weight};

use super::{Jacobian, team::Team};

/// What differentiates one observation after the other.
pub(super) trait Observe: Send {
    /// Overwrites the two rows of observation `i`, and the slope by its weight.
    fn observe(
        &mut self,
        problem: &BundleAdjustment,
        i: usize,
        rows: &mut [f64],
        of_weight: &mut f64,
    );
}

/// One observer a thread, each with a share of the observations.
pub(super) struct Observers<O> {
    observers: Vec<O>,
    team: Team,
}

impl<O> Observers<O> {
    pub(super) fn new(threads: usize, observer: impl FnMut() -> O) -> Self {
        let observers = iter::repeat_with(observer).take(threads).collect();
        Self { observers, team: Team::new(threads) }
    }
}

impl<O: Observe> Jacobian for Observers<O> {
    fn entries(&mut self, problem: &BundleAdjustment, entries: &mut [f64]) {
        let each = problem.observations().div_ceil(self.observers.len());
        let (blocks, weights) = problem.split_entries(entries);
        let shares = blocks.chunks_mut(each * 2 * OBSERVATION).zip(weights.chunks_mut(each));
        let mut work: Vec<_> = self.observers.iter_mut().zip(shares).enumerate().collect();
        self.team.each(&mut work, |(share, (observer, (blocks, weights)))| {
            let blocks = blocks.chunks_exact_mut(2 * OBSERVATION);
            for (i, (rows, of_weight)) in blocks.zip(weights.iter_mut()).enumerate() {
                observer.observe(problem, *share * each + i, rows, of_weight);
            }
        });
    }
}

/// An observation's variables when it is recorded: a camera that is turned, and a point ahead.
const TYPICAL: [f64; OBSERVATION] =
    [0.1, 0.2, 0.3, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.2, 1.0, 1.0];

/// A camera is turned or it is not, which is decided by a comparison.
const PATHS: usize = 2;

/// What an observation's replays answer: there is no third way to turn a camera.
pub(super) const ON_A_PATH: &str = "every slice has its length, and both paths are recorded";

/// The two residuals of the picture, by an observation's variables; its feature is data.
pub(super) fn picture() -> Function {
    Function::builder().data(&[0.0; 2]).record_paths(&TYPICAL, PATHS, residuals)
}

/// The residual of a weight.
pub(super) fn constraint() -> Function {
    Function::record(&[1.0], |weight| of_weight(weight[0]))
}

fn residuals<'t>(x: &[Var<'t>], feature: &[Var<'t>]) -> Vec<Var<'t>> {
    let (camera, x) = x.split_at(CAMERA);
    let (point, weight) = x.split_at(3);
    let [across, down, _] = observe(camera, point, weight[0], [feature[0], feature[1]]);
    vec![across, down]
}
