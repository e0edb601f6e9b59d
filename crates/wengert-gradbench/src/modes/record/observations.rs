//! Bundle adjustment: each observation is a small recording with three outputs.

use wengert::{Gradients, Tape, Var};
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use super::tape;
use crate::modes::{
    Jacobian,
    observer::{Observe, Observers},
};

/// Observers of so many threads.
pub(in crate::modes) fn observers(threads: usize) -> impl Jacobian {
    Observers::new(threads, || Observer { tape: tape(), adjoints: Gradients::new() })
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
