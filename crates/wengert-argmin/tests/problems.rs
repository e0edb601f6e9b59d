//! Solvers on data, held against what is found without the library.

use argmin::core::{Executor, State};
use argmin::solver::gaussnewton::GaussNewton;
use argmin::solver::gradientdescent::SteepestDescent;
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::newton::NewtonCG;
use levenberg_marquardt::LevenbergMarquardt;
use nalgebra::{DVector, Matrix3, Vector3};
use wengert::{Function, Var};
use wengert_argmin::{LeastSquares, Objective, Residuals};

/// Points of the plane behind a 1, and a label that the plane does not divide cleanly.
fn labelled() -> impl Iterator<Item = (Vector3<f64>, f64)> {
    (0..60).map(f64::from).map(|i| {
        let x = Vector3::new(1.0, (1.3 * i).sin(), (2.1 * i).cos());
        let margin = 0.4 + x[1] - 1.5 * x[2] + 0.8 * (17.0 * i).sin();
        (x, if margin > 0.0 { 1.0 } else { -1.0 })
    })
}

/// A little of the weights' length, so that they stay finite whatever the labels are.
const RIDGE: f64 = 0.1;

/// The negative log-likelihood of the labels.
fn logistic<'t>(w: &[Var<'t>]) -> Var<'t> {
    let margin = |x: Vector3<f64>| w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
    let loss: Var<'t> = labelled().map(|(x, y)| (-y * margin(x)).softplus()).sum();
    loss + RIDGE * (w[0] * w[0] + w[1] * w[1] + w[2] * w[2])
}

/// The lowest point and its loss, by Newton's method with derivatives by hand: reweighted least
/// squares.
fn logistic_by_hand() -> (Vector3<f64>, f64) {
    let mut w = Vector3::zeros();
    for _ in 0..30 {
        let (mut gradient, mut hessian) = (2.0 * RIDGE * w, Matrix3::identity() * (2.0 * RIDGE));
        for (x, y) in labelled() {
            let share = 1.0 / (1.0 + (y * w.dot(&x)).exp());
            gradient -= x * (y * share);
            hessian += x * x.transpose() * (share * (1.0 - share));
        }
        w -= hessian.cholesky().expect("a convex loss").solve(&gradient);
    }
    let losses = labelled().map(|(x, y)| (-y * w.dot(&x)).exp().ln_1p());
    (w, losses.sum::<f64>() + RIDGE * w.norm_squared())
}

#[track_caller]
fn is_the_lowest(point: &[f64], lowest: &Vector3<f64>) {
    let off = (Vector3::from_column_slice(point) - lowest).norm();
    assert!(off < 1e-6 && lowest.norm() > 1.0, "{point:?} is {off} from {lowest}");
}

#[test]
fn a_logistic_regression_by_steepest_descent() {
    let (lowest, loss) = logistic_by_hand();
    let solver = SteepestDescent::new(MoreThuenteLineSearch::new());
    let result = Executor::new(Objective::record(&[0.0; 3], logistic), solver)
        // Its line search calls a gradient of zero no descent.
        .configure(|state| state.param(vec![0.0; 3]).max_iters(500).target_cost(loss + 2e-13))
        .run()
        .unwrap();
    is_the_lowest(result.state().get_best_param().unwrap(), &lowest);
}

#[test]
fn a_logistic_regression_by_newton_with_conjugate_gradients() {
    let (lowest, loss) = logistic_by_hand();
    let function = Function::record(&[0.0; 3], logistic);
    let solver = NewtonCG::new(MoreThuenteLineSearch::new());
    let result = Executor::new(Objective::<DVector<f64>>::new(function), solver)
        .configure(|state| state.param(DVector::zeros(3)).max_iters(100).target_cost(loss + 2e-13))
        .run()
        .unwrap();
    is_the_lowest(result.state().get_best_param().unwrap().as_slice(), &lowest);
}

/// Misra1a of NIST's Statistical Reference Datasets: a monomolecular adsorption as it was measured,
/// pressures and volumes.
const MISRA1A: [(f64, f64); 14] = [
    (77.6, 10.07),
    (114.9, 14.73),
    (141.1, 17.94),
    (190.8, 23.93),
    (239.9, 29.61),
    (289.0, 35.18),
    (332.8, 40.02),
    (378.4, 44.82),
    (434.8, 50.76),
    (477.3, 55.05),
    (536.8, 61.01),
    (593.1, 66.40),
    (689.1, 75.47),
    (760.0, 81.78),
];
const CERTIFIED: [f64; 2] = [2.3894212918e2, 5.5015643181e-4];
const CERTIFIED_SQUARES: f64 = 1.2455138894e-1;
/// Where NIST says to begin, far off and near.
const STARTS: [[f64; 2]; 2] = [[500.0, 0.0001], [250.0, 0.0005]];

fn misra1a<'t>(b: &[Var<'t>]) -> Vec<Var<'t>> {
    MISRA1A.iter().map(|&(x, y)| b[0] * -(-b[1] * x).exp_m1() - y).collect()
}

#[track_caller]
fn is_certified(b: &[f64]) {
    let residual = |(x, y): (f64, f64)| b[0] * -(-b[1] * x).exp_m1() - y;
    let squares: f64 = MISRA1A.map(residual).iter().map(|r| r * r).sum();
    for (found, wanted) in [(b[0], CERTIFIED[0]), (b[1], CERTIFIED[1])] {
        assert!((found / wanted - 1.0).abs() < 1e-6, "{b:?}");
    }
    assert!((squares / CERTIFIED_SQUARES - 1.0).abs() < 1e-9, "{squares}");
}

#[test]
fn measured_data_by_gauss_and_newton() {
    // Without damping it finds the way from the nearer start alone.
    let start = STARTS[1].to_vec();
    let residuals = Residuals::<DVector<f64>>::new(Function::record_many(&start, misra1a));
    let result = Executor::new(residuals, GaussNewton::new())
        .configure(|state| state.param(DVector::from_vec(start)).max_iters(50))
        .run()
        .unwrap();
    is_certified(result.state().get_best_param().unwrap().as_slice());
}

#[test]
fn measured_data_by_levenberg_and_marquardt() {
    for start in STARTS {
        let problem = LeastSquares::new(Function::record_many(&start, misra1a), &start);
        let (found, report) = LevenbergMarquardt::new().minimize(problem);
        assert!(report.termination.was_successful(), "{report:?}");
        is_certified(found.point());
        assert!((2.0 * report.objective_function / CERTIFIED_SQUARES - 1.0).abs() < 1e-9);
    }
}
