//! wengert with a recording that is evaluated again: a function with its workspace.

use wengert::{Function, Optimise, Workspace};
use wengert_problems::Problem;

use crate::engines::Replay;

/// A recording, and the memory that its evaluations take.
pub(in crate::engines) struct Replayed {
    function: Function,
    workspace: Workspace,
}

impl Replayed {
    pub(in crate::engines) fn record<P: Problem>(problem: &P, optimise: Optimise) -> Self {
        let builder = Function::builder().optimise(optimise);
        let function = builder.record(problem.point(), |x| problem.objective(x));
        Self { workspace: function.workspace(), function }
    }
}

impl Replay for Replayed {
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let Self { function, workspace } = self;
        function
            .value_and_gradient(workspace, x, gradient)
            .expect("the lengths fit, and no comparison comes out differently")
    }
}
