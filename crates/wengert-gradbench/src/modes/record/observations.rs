//! Bundle adjustment: each observation is a small recording with three outputs.

use wengert::{Gradients, Tape, Var};
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use super::tape;
use crate::modes::{Jacobian, team::Team};

/// One observer a thread.
pub(in crate::modes) struct Observers {
    observers: Vec<Observer>,
    team: Team,
}

impl Observers {
    pub(in crate::modes) fn new(threads: usize) -> Self {
        let observer = || Observer { tape: tape(), adjoints: Gradients::new() };
        let observers = std::iter::repeat_with(observer).take(threads).collect();
        Self { observers, team: Team::new(threads) }
    }
}

impl Jacobian for Observers {
    fn entries(&mut self, problem: &BundleAdjustment, entries: &mut [f64]) {
        let each = problem.observations().div_ceil(self.observers.len());
        let (blocks, weights) = problem.split_entries(entries);
        let shares = blocks.chunks_mut(each * 2 * OBSERVATION).zip(weights.chunks_mut(each));
        let mut work: Vec<_> = self.observers.iter_mut().zip(shares).enumerate().collect();
        self.team.each(&mut work, |(share, (observer, (blocks, weights)))| {
            observer.share(problem, *share * each, blocks, weights);
        });
    }
}

/// The memory for one observation after the other.
struct Observer {
    tape: Tape,
    adjoints: Gradients,
}

impl Observer {
    /// The entries of observations from number `first` on.
    fn share(
        &mut self,
        problem: &BundleAdjustment,
        first: usize,
        blocks: &mut [f64],
        weights: &mut [f64],
    ) {
        let blocks = blocks.chunks_exact_mut(2 * OBSERVATION);
        for (i, (block, of_weight)) in blocks.zip(weights).enumerate() {
            self.observe(problem, first + i, block, of_weight);
        }
    }

    fn observe(
        &mut self,
        problem: &BundleAdjustment,
        i: usize,
        block: &mut [f64],
        of_weight: &mut f64,
    ) {
        self.tape.reset();
        let x: [Var<'_>; OBSERVATION] = self.tape.var_array(problem.variables(i));
        let [across, down, constraint] = problem.residuals(i, &x);
        for (residual, row) in [across, down].iter().zip(block.chunks_exact_mut(OBSERVATION)) {
            residual.gradients_into(&mut self.adjoints);
            self.adjoints.wrt_into(&x, row);
        }
        constraint.gradients_into(&mut self.adjoints);
        *of_weight = self.adjoints[x[OBSERVATION - 1]];
    }
}
