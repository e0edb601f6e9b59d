//! A mixture: the logarithm of the density at a point, over all points.
//!
//! What all points have in common is a function of its own, from the variables to the numbers of
//! the components and what belongs to no point. The chain rule joins the two: a batch gives the
//! slopes by those numbers, and a vector-Jacobian product pulls them back to the variables.

use wengert::{Batch, BatchWorkspace, Function, Var, Workspace};
use wengert_problems::{
    Component, Mixture, MixtureSize, Problem, Scratch, gradbench::Gmm, log_density,
};

use super::workspace;
use crate::modes::{
    Gradient, Recordable,
    replay::{ANYWHERE, ON_ITS_PATH},
    team::Team,
};

/// The two functions.
pub(in crate::modes) struct Points {
    common: Function,
    common_workspace: Workspace,
    term: Function,
    term_workspace: BatchWorkspace,
    samples: Vec<f64>,
    size: MixtureSize,
    /// The values of the first function's outputs, and their adjoints.
    numbers: Vec<f64>,
    slopes: Vec<f64>,
    team: Team,
}

impl Points {
    pub(in crate::modes) fn new(problem: &Gmm, threads: usize) -> Self {
        let (mixture, size) = (problem.mixture(), problem.mixture().size());
        let variables = vec![ANYWHERE; problem.point().len()];
        let common = Function::record_many(&variables, |x| common(mixture, x));
        let term = Function::builder().data(&vec![ANYWHERE; size.dimensions]).record_with_data(
            &vec![ANYWHERE; size.components * size.numbers()],
            |numbers, point| term(size, numbers, point),
        );
        Self {
            common_workspace: common.workspace(),
            term_workspace: workspace(&term, threads),
            samples: problem.data(),
            size,
            numbers: vec![0.0; common.num_outputs()],
            slopes: vec![0.0; common.num_outputs()],
            team: Team::new(threads),
            common,
            term,
        }
    }
}

/// The numbers of all components, and last what belongs to no point.
fn common<'t>(mixture: &Mixture, x: &[Var<'t>]) -> Vec<Var<'t>> {
    let components = mixture.components(x);
    let numbers = components.iter().flat_map(Component::numbers);
    numbers.chain([mixture.rest(x, &components)]).collect()
}

/// The term of a point, by the numbers of all components.
fn term<'t>(size: MixtureSize, numbers: &[Var<'t>], point: &[Var<'t>]) -> Var<'t> {
    let components = numbers.chunks_exact(size.numbers());
    let components: Vec<_> =
        components.map(|numbers| Component::of_numbers(numbers, size.dimensions)).collect();
    log_density(&components, point, &mut Scratch::for_size(size))
}

impl Gradient for Points {
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) {
        let Self {
            common,
            common_workspace,
            term,
            term_workspace,
            samples,
            size,
            numbers,
            slopes,
            team,
        } = self;
        common.values(common_workspace, x, numbers).expect(ON_ITS_PATH);
        let (_, shared) = numbers.split_last().expect("the last belongs to no point");
        let (of_rest, slopes_of_shared) = slopes.split_last_mut().expect("they are as many");
        let batch = Batch::new(size.samples).shared_variables(shared).data(samples);
        let sum = || term.batch_gradient(term_workspace, &batch, slopes_of_shared, &mut []);
        team.run(sum).expect(ON_ITS_PATH);
        *of_rest = 1.0;
        common.vjp(common_workspace, x, slopes, gradient).expect(ON_ITS_PATH);
    }
}
