//! Bundle adjustment: each observation is a small recording with three outputs.

use wengert::{Gradients, Tape, Var};
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use super::tape;
use crate::modes::{
    Jacobian,
    observer::{self, Observe},
    team::Team,
};

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
        observer::share(&self.team, &mut self.observers, problem, entries);
    }
}

/// The memory for one observation after the other.
struct Observer {
    tape: Tape,
    adjoints: Gradients,
}

impl Observe for Observer {
    fn observe(
        &mut self,
        problem: &BundleAdjustment,
        i: usize,
        rows: &mut [f64],
        of_weight: &mut f64,
    ) {
        self.tape.reset();
        let x: [Var<'_>; OBSERVATION] = self.tape.var_array(problem.variables(i));
        let [across, down, constraint] = problem.residuals(i, &x);
        for (residual, row) in [across, down].iter().zip(rows.chunks_exact_mut(OBSERVATION)) {
            residual.gradients_into(&mut self.adjoints);
            self.adjoints.wrt_into(&x, row);
        }
        constraint.gradients_into(&mut self.adjoints);
        *of_weight = self.adjoints[x[OBSERVATION - 1]];
    }
}
