//! A step recorded once, and a loop over it on every call. A chain stays with one thread.

use wengert::{Scan, scan::ScanWorkspace};
use wengert_problems::{
    Problem,
    gradbench::{Lstm, RungeKutta},
};

use super::{
    Gradient,
    replay::{ANYWHERE, ON_ITS_PATH},
};

/// A loop whose shared variables are those of the problem, from a state that is given.
pub(super) struct Loop {
    scan: Scan,
    workspace: ScanWorkspace,
    steps: usize,
    /// The variables of a call, then the initial state.
    variables: Vec<f64>,
    data: Vec<f64>,
    /// Of the loop's outputs, in the problem's number.
    weights: Vec<f64>,
    product: Vec<f64>,
}

impl Loop {
    /// Runge and Kutta's method, of which the last component of the final state is wanted.
    pub(super) fn of_steps(problem: &RungeKutta) -> Self {
        let equations = problem.point().len();
        let anywhere = vec![ANYWHERE; equations];
        let scan = Scan::builder().shared(&anywhere).state(&anywhere).record(|step| {
            let mut y = step.state.to_vec();
            problem.advance(step.shared, &mut y);
            (y, vec![])
        });
        let mut weights = vec![0.0; equations];
        weights[equations - 1] = 1.0;
        Self::new(scan, problem.steps(), &vec![0.0; equations], Vec::new(), weights)
    }

    /// A network's predictions, whose log-likelihoods are summed.
    pub(super) fn of_predictions(problem: &Lstm) -> Self {
        let (size, width) = (problem.size(), problem.size().width);
        let (state, sequence) = problem.state_and_sequence();
        let scan = Scan::builder()
            .shared(&vec![ANYWHERE; size.variables()])
            .state(&vec![ANYWHERE; size.state()])
            .data(&vec![ANYWHERE; 2 * width])
            .record_sum(|step| {
                let (item, next) = step.data.split_at(width);
                let (rows, term) = problem.prediction(step.shared, step.state, item, next);
                (rows, vec![term])
            });
        let pairs = sequence.windows(2 * width).step_by(width);
        let data = pairs.flatten().copied().collect();
        Self::new(scan, size.items - 1, state, data, vec![problem.scale()])
    }

    fn new(scan: Scan, steps: usize, state: &[f64], data: Vec<f64>, weights: Vec<f64>) -> Self {
        let variables = [vec![ANYWHERE; scan.shared()], state.to_vec()].concat();
        let product = vec![0.0; variables.len()];
        Self { workspace: scan.workspace(steps), scan, steps, variables, data, weights, product }
    }
}

impl Gradient for Loop {
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) {
        let Self { scan, workspace, steps, variables, data, weights, product } = self;
        variables[..x.len()].copy_from_slice(x);
        let inputs = (&*variables, &*data);
        scan.vjp(workspace, *steps, inputs, weights, product).expect(ON_ITS_PATH);
        gradient.copy_from_slice(&product[..x.len()]);
    }
}
