//! argmin's solvers, and levenberg-marquardt, with derivatives by wengert.

use argmin::core::{CostFunction, Executor, Gradient, Hessian, Jacobian, State};
use argmin::solver::gaussnewton::GaussNewton;
use argmin::solver::gradientdescent::SteepestDescent;
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::newton::NewtonCG;
use argmin::solver::quasinewton::LBFGS;
use argmin::solver::trustregion::{Steihaug, TrustRegion};
use levenberg_marquardt::LevenbergMarquardt;
use nalgebra::DVector;
use ndarray::{Array1, Axis, array};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use wengert::custom::{Failure, Operation};
use wengert::{Function, Number, Var, gradient};
use wengert_argmin::{LeastSquares, Objective, Residuals};

/// Rosenbrock's valley, whose lowest point is all ones.
fn rosenbrock<'t>(x: &[Var<'t>]) -> Var<'t> {
    let term = |w: &[Var<'t>]| 100 * (w[1] - w[0] * w[0]).powi(2) + (1 - w[0]).powi(2);
    x.windows(2).map(term).sum()
}

fn start(n: usize) -> Vec<f64> {
    (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect()
}

#[track_caller]
fn is_at_ones(point: &[f64], within: f64) {
    let furthest = point.iter().map(|x| (x - 1.0).abs()).fold(0.0, f64::max);
    assert!(furthest < within, "{furthest} from the lowest point");
}

/// Points on a curve a·e^(b·x), and the residuals of a guess.
fn decay<'t>(p: &[Var<'t>]) -> Vec<Var<'t>> {
    let at = |i: i32| {
        let x = 0.1 * f64::from(i);
        p[0] * (p[1] * x).exp() - 2.0 * (-0.5 * x).exp()
    };
    (0..20).map(at).collect()
}

#[track_caller]
fn is_the_curve(p: &[f64]) {
    assert!((p[0] - 2.0).abs() < 1e-6 && (p[1] + 0.5).abs() < 1e-6, "{p:?}");
}

/// A bowl whose lowest point is (1, 1), of value 0.
fn bowl<'t>(x: &[Var<'t>]) -> Var<'t> {
    (x[0] - 1).powi(2) + 3 * (x[1] - 1).powi(2) + (x[0] - x[1]).powi(4)
}

#[test]
fn steepest_descent() {
    let objective = Objective::record(&[0.0, 0.0], bowl);
    let solver = SteepestDescent::new(MoreThuenteLineSearch::new());
    let result = Executor::new(objective, solver)
        // Its line search calls a gradient of zero no descent.
        .configure(|state| state.param(vec![-1.0, 3.0]).max_iters(200).target_cost(1e-14))
        .run()
        .unwrap();
    is_at_ones(result.state().get_best_param().unwrap(), 1e-5);
}

#[test]
fn l_bfgs_of_a_hundred_variables() {
    let objective = Objective::record(&start(100), rosenbrock);
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let result = Executor::new(objective, solver)
        .configure(|state| state.param(start(100)).max_iters(2000))
        .run()
        .unwrap();
    is_at_ones(result.state().get_best_param().unwrap(), 1e-5);
}

#[test]
fn a_trust_region_with_exact_hessians() {
    // From the usual start, ten variables lead to the valley's other low point.
    let start = DVector::from_element(10, 0.5);
    let function = Function::record(start.as_slice(), rosenbrock);
    let solver = TrustRegion::new(Steihaug::new().with_max_iters(20));
    let result = Executor::new(Objective::<DVector<f64>>::new(function), solver)
        .configure(|state| state.param(start).max_iters(200))
        .run()
        .unwrap();
    is_at_ones(result.state().get_best_param().unwrap().as_slice(), 1e-5);
}

#[test]
fn newton_with_conjugate_gradients() {
    let function = Function::record(&[0.0, 0.0], bowl);
    let solver = NewtonCG::new(MoreThuenteLineSearch::new());
    let result = Executor::new(Objective::<DVector<f64>>::new(function), solver)
        .configure(|state| {
            state.param(DVector::from_vec(vec![-1.0, 3.0])).max_iters(200).target_cost(1e-14)
        })
        .run()
        .unwrap();
    is_at_ones(result.state().get_best_param().unwrap().as_slice(), 1e-5);
}

#[test]
fn gauss_and_newton() {
    let residuals = Residuals::<DVector<f64>>::new(Function::record_many(&[1.0, 0.0], decay));
    let result = Executor::new(residuals, GaussNewton::new())
        .configure(|state| state.param(DVector::from_vec(vec![1.0, 0.0])).max_iters(50))
        .run()
        .unwrap();
    is_the_curve(result.state().get_best_param().unwrap().as_slice());
}

#[test]
fn levenberg_and_marquardt() {
    let problem = LeastSquares::new(Function::record_many(&[1.0, 0.0], decay), &[1.0, 0.0]);
    let (found, report) = LevenbergMarquardt::new().minimize(problem);
    assert!(report.termination.was_successful(), "{report:?}");
    is_the_curve(found.point());
}

#[test]
fn values_and_gradients_are_those_of_each_point_in_any_order() {
    let objective = Objective::record(&start(4), rosenbrock);
    let points: Vec<Vec<f64>> = (0..5).map(|k| vec![0.1 * f64::from(k), 0.5, -0.2, 1.0]).collect();
    let value = |x: &[f64]| {
        let term = |w: &[f64]| 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2);
        x.windows(2).map(term).sum::<f64>()
    };
    // Each digit is a request: of a value where it is even, of a gradient where it is odd.
    for requests in ["0123456789", "0002244", "1133557799", "01100110", "02461357", "98765432100"] {
        for request in requests.bytes().map(|digit| usize::from(digit - b'0')) {
            let point = &points[request / 2];
            if request % 2 == 0 {
                let (found, wanted) = (objective.cost(point).unwrap(), value(point));
                assert!((found - wanted).abs() <= 1e-12 * wanted);
            } else {
                let found = objective.gradient(point).unwrap();
                for (found, wanted) in found.iter().zip(gradient(rosenbrock, point)) {
                    assert!((found - wanted).abs() <= 1e-10 * wanted.abs().max(1.0));
                }
            }
        }
    }
}

/// A sum of fourth powers around 1, which counts how often it is evaluated and swept.
#[derive(Default)]
struct Counted {
    values: AtomicU64,
    sweeps: AtomicU64,
}

impl Operation for Counted {
    fn name(&self) -> &str {
        "counted"
    }

    fn outputs(&self, _: usize) -> Option<usize> {
        Some(1)
    }

    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        self.values.fetch_add(1, Relaxed);
        y[0] = x.iter().map(|x| (x - 1.0).powi(4) + (x - 1.0).powi(2)).sum();
        Ok(())
    }

    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        self.sweeps.fetch_add(1, Relaxed);
        for (product, x) in product.iter_mut().zip(x) {
            *product = weights[0] * (4.0 * (x - 1.0).powi(3) + 2.0 * (x - 1.0));
        }
    }
}

impl Counted {
    /// What was counted since it was asked last.
    fn taken(&self) -> (u64, u64) {
        (self.values.swap(0, Relaxed), self.sweeps.swap(0, Relaxed))
    }

    /// An objective that is this operation, of which nothing is counted yet.
    fn objective(self: &Arc<Self>) -> Objective {
        let operation: Arc<dyn Operation> = self.clone();
        let objective = Objective::record(&start(4), |x| Var::call(&operation, x)[0]);
        self.taken();
        objective
    }
}

#[test]
fn a_value_and_a_gradient_share_one_evaluation() {
    let counted = Arc::new(Counted::default());
    let objective = counted.objective();
    let [p, q, r] = [0.0, 2.0, 3.0].map(|x| vec![x; 4]);
    objective.cost(&p).unwrap();
    objective.gradient(&p).unwrap();
    assert_eq!(counted.taken(), (1, 1), "the value brought its gradient");
    objective.gradient(&q).unwrap();
    objective.cost(&q).unwrap();
    assert_eq!(counted.taken(), (1, 1), "the gradient brought its value");
    objective.cost(&q).unwrap();
    objective.gradient(&q).unwrap();
    assert_eq!(counted.taken(), (0, 0), "both are kept");
    // Where values alone are wanted, no gradient comes along.
    objective.cost(&r).unwrap();
    counted.taken();
    for x in [4.0, 5.0, 6.0] {
        objective.cost(&vec![x; 4]).unwrap();
    }
    assert_eq!(counted.taken(), (3, 0));
}

#[test]
fn a_solver_evaluates_each_point_once() {
    let counted = Arc::new(Counted::default());
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let result = Executor::new(counted.objective(), solver)
        .configure(|state| state.param(start(4)).max_iters(100).target_cost(1e-20))
        .run()
        .unwrap();
    is_at_ones(result.state().get_best_param().unwrap(), 1e-5);
    let asked = &result.problem.counts;
    let (costs, gradients) = (asked["cost_count"], asked["gradient_count"]);
    let (values, sweeps) = counted.taken();
    assert!(costs > 5 && gradients > 5, "{asked:?}");
    assert!(values <= costs.max(gradients) && sweeps <= values, "{asked:?}, {values}, {sweeps}");
}

#[test]
fn what_a_function_refuses_is_an_error_of_the_solver() {
    let abs = Objective::record(&[1.0], |x| if x[0] < 0.0 { -x[0] } else { x[0] });
    assert!(abs.cost(&vec![-1.0]).unwrap_err().to_string().contains("came out differently"));
    assert!(abs.gradient(&vec![1.0, 2.0]).is_err());
    assert_eq!(abs.cost(&vec![2.0]).unwrap(), 2.0);
    let two: Objective = Objective::new(Function::record_many(&[1.0], |x| vec![x[0], x[0]]));
    assert!(two.cost(&vec![1.0]).unwrap_err().to_string().contains("2 outputs"));
}

#[test]
fn arrays_are_parameters_too() {
    let function = Function::record(&start(6), rosenbrock);
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let result = Executor::new(Objective::<Array1<f64>>::new(function), solver)
        .configure(|state| state.param(Array1::from_elem(6, 0.5)).max_iters(200))
        .run()
        .unwrap();
    is_at_ones(&result.state().get_best_param().unwrap().to_vec(), 1e-5);

    let volume = Function::record(&[1.0, 1.0], |x| x[0] * x[0] * x[1]);
    let objective = Objective::<Array1<f64>>::new(volume);
    // In memory the other way round.
    let mut point = array![5.0, 3.0];
    point.invert_axis(Axis(0));
    assert_eq!(objective.cost(&point).unwrap(), 45.0);
    assert_eq!(objective.gradient(&point).unwrap(), array![30.0, 9.0]);
    assert_eq!(objective.hessian(&point).unwrap(), array![[10.0, 6.0], [6.0, 0.0]]);
    let three = Function::record_many(&[1.0, 1.0], |x| vec![x[0] * x[1], x[0], x[1] * 2.0]);
    let residuals = Residuals::<Array1<f64>>::new(three);
    let jacobian = residuals.jacobian(&point).unwrap();
    assert_eq!(jacobian, array![[5.0, 3.0], [1.0, 0.0], [0.0, 2.0]]);
}
