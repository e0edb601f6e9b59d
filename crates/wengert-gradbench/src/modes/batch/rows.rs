//! Least squares: the squared residual of a point, over all points.

use wengert::{Batch, BatchWorkspace, Function};
use wengert_problems::{
    Problem, Real,
    gradbench::{Llsq, residual_at, sign},
};

use super::workspace;
use crate::modes::{
    Gradient,
    replay::{ANYWHERE, ON_ITS_PATH},
    team::Team,
};

/// A recorded term: the coefficients are shared, and a point and its sign are a sample's data.
pub(in crate::modes) struct Rows {
    term: Function,
    workspace: BatchWorkspace,
    samples: Vec<f64>,
    team: Team,
}

impl Rows {
    pub(in crate::modes) fn new(problem: &Llsq, threads: usize) -> Self {
        let coefficients = vec![ANYWHERE; problem.point().len()];
        let term =
            Function::builder().data(&[ANYWHERE; 2]).record_with_data(&coefficients, |x, row| {
                residual_at(x, row[0], row[1]).square() * 0.5
            });
        let workspace = workspace(&term, threads);
        let samples = problem.abscissae().flat_map(|t| [t, sign(t)]).collect();
        Self { term, workspace, samples, team: Team::new(threads) }
    }
}

impl Gradient for Rows {
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) {
        let Self { term, workspace, samples, team } = self;
        let batch = Batch::new(samples.len() / 2).shared_variables(x).data(samples);
        let sum = team.run(|| term.batch_gradient(workspace, &batch, gradient, &mut []));
        sum.expect(ON_ITS_PATH);
    }
}
