//! The problem, recorded once, with plans for its derivatives.

use ripopt::NlpProblem;
use std::cell::RefCell;
use wengert::{Function, Var};
use wengert_sparse::{Error, SparseHessian, SparseJacobian, Triangle, Workspace};

/// Rosenbrock's function of neighbours.
fn objective<'t>(x: &[Var<'t>]) -> Var<'t> {
    x.windows(2).map(|x| (x[0] * x[0] - x[1]).powi(2) * 100.0 + (x[0] - 1.0).powi(2)).sum()
}

/// n − 2 equations, each of three neighbours.
fn constraints<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let equation = |x: &[Var<'t>]| {
        let [a, b, c] = [x[0], x[1], x[2]];
        b.powi(3) * 3.0 + c * 2.0 - 5.0 + (b - c).sin() * (b + c).sin() + b * 4.0
            - a * (a - b).exp()
            - 3.0
    };
    x.windows(3).map(equation).collect()
}

/// The recordings and the plans. The solver asks by shared reference, and by one thread.
pub(crate) struct Chained {
    start: Vec<f64>,
    objective: Function,
    constraints: Function,
    /// The objective, and behind it the constraints.
    both: Function,
    jacobian: SparseJacobian,
    hessian: SparseHessian,
    memory: RefCell<Memory>,
}

struct Memory {
    objective: wengert::Workspace,
    constraints: wengert::Workspace,
    jacobian: Workspace,
    hessian: Workspace,
    weights: Vec<f64>,
}

impl Chained {
    pub(crate) fn new(n: usize) -> Result<Self, Error> {
        let start: Vec<f64> = (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect();
        let recorded = Function::record(&start, objective);
        let equations = Function::record_many(&start, constraints);
        let both = Function::record_many(&start, |x| {
            let mut all = vec![objective(x)];
            all.extend(constraints(x));
            all
        });
        let jacobian = SparseJacobian::of(&equations)?;
        let builder = SparseHessian::builder(both.hessian_pattern());
        let hessian = builder.triangle(Triangle::Lower).plan()?;
        let memory = RefCell::new(Memory {
            objective: recorded.workspace(),
            constraints: equations.workspace(),
            jacobian: jacobian.workspace(&equations),
            hessian: hessian.workspace(&both),
            weights: vec![0.0; both.num_outputs()],
        });
        let (objective, constraints) = (recorded, equations);
        Ok(Self { start, objective, constraints, both, jacobian, hessian, memory })
    }

    /// The directions of the Jacobian and of the Hessian.
    pub(crate) const fn colors(&self) -> [usize; 2] {
        [self.jacobian.colors(), self.hessian.colors()]
    }

    /// The largest derivative of the Lagrangian.
    #[cfg(test)]
    pub(crate) fn stationarity(&self, x: &[f64], multipliers: &[f64]) -> f64 {
        let mut weights = vec![1.0];
        weights.extend(multipliers);
        let mut slopes = vec![0.0; x.len()];
        self.both.vjp(&mut self.both.workspace(), x, &weights, &mut slopes).unwrap();
        slopes.iter().fold(0.0, |most: f64, slope| most.max(slope.abs()))
    }
}

/// Rows and columns apart, as the solver wants them.
fn apart(triplets: impl Iterator<Item = (usize, usize)>) -> (Vec<usize>, Vec<usize>) {
    triplets.unzip()
}

impl NlpProblem for Chained {
    fn num_variables(&self) -> usize {
        self.start.len()
    }
    fn num_constraints(&self) -> usize {
        self.constraints.num_outputs()
    }
    fn bounds(&self, lower: &mut [f64], upper: &mut [f64]) {
        lower.fill(f64::NEG_INFINITY);
        upper.fill(f64::INFINITY);
    }
    fn constraint_bounds(&self, lower: &mut [f64], upper: &mut [f64]) {
        lower.fill(0.0);
        upper.fill(0.0);
    }
    fn initial_point(&self, x: &mut [f64]) {
        x.copy_from_slice(&self.start);
    }
    fn objective(&self, x: &[f64], _: bool, value: &mut f64) -> bool {
        let memory = &mut *self.memory.borrow_mut();
        let result = self.objective.value(&mut memory.objective, x);
        result.map(|found| *value = found).is_ok()
    }
    fn gradient(&self, x: &[f64], _: bool, gradient: &mut [f64]) -> bool {
        let memory = &mut *self.memory.borrow_mut();
        self.objective.gradient(&mut memory.objective, x, gradient).is_ok()
    }
    fn constraints(&self, x: &[f64], _: bool, values: &mut [f64]) -> bool {
        let memory = &mut *self.memory.borrow_mut();
        self.constraints.values(&mut memory.constraints, x, values).is_ok()
    }
    fn jacobian_structure(&self) -> (Vec<usize>, Vec<usize>) {
        apart(self.jacobian.structure().triplets())
    }
    fn jacobian_values(&self, x: &[f64], _: bool, values: &mut [f64]) -> bool {
        let memory = &mut *self.memory.borrow_mut();
        self.jacobian.evaluate(&self.constraints, &mut memory.jacobian, x, values).is_ok()
    }
    fn hessian_structure(&self) -> (Vec<usize>, Vec<usize>) {
        apart(self.hessian.structure().triplets())
    }
    fn hessian_values(
        &self,
        x: &[f64],
        _: bool,
        of_objective: f64,
        multipliers: &[f64],
        values: &mut [f64],
    ) -> bool {
        let Memory { hessian, weights, .. } = &mut *self.memory.borrow_mut();
        weights[0] = of_objective;
        weights[1..].copy_from_slice(multipliers);
        self.hessian.evaluate(&self.both, hessian, x, weights, values).is_ok()
    }
}
