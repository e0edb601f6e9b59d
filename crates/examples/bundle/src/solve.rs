//! Residuals, and the solver that makes them small.

use crate::scene::Scene;
use indicatif::{ProgressBar, ProgressStyle};
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use solver_nalgebra::{DMatrix, DVector, Dyn, storage::Owned};
use std::cell::Cell;
use std::error::Error;
use wengert::{Active, Function, active};
use wengert_argmin::LeastSquares;

/// What was found.
pub(crate) struct Solved {
    pub(crate) at: Vec<f64>,
    pub(crate) jacobians: usize,
}

/// The pixels that are seen too far to the right and below, recorded once.
pub(crate) fn residuals(scene: &Scene) -> Function {
    let residuals = |x: &[Active]| -> Vec<Active> {
        scene.project(x).iter().zip(&scene.seen).map(|(&pixel, &seen)| pixel - seen).collect()
    };
    Function::record_many(&scene.start, active(residuals))
}

/// A problem whose progress is shown.
struct Watched {
    problem: LeastSquares,
    bar: ProgressBar,
    jacobians: Cell<usize>,
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Watched {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, point: &DVector<f64>) {
        self.problem.set_params(point);
    }

    fn params(&self) -> DVector<f64> {
        self.problem.params()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let residuals = self.problem.residuals()?;
        let off = (residuals.norm_squared() / residuals.len() as f64).sqrt();
        self.bar.set_message(format!("{off:.3} pixels off"));
        Some(residuals)
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        self.bar.inc(1);
        self.jacobians.set(self.jacobians.get() + 1);
        self.problem.jacobian()
    }
}

/// Levenberg and Marquardt's method from the guess.
pub(crate) fn solve(scene: &Scene) -> Result<Solved, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{spinner} {pos:>3} steps, {msg}")?;
    let bar = ProgressBar::no_length().with_style(style);
    let problem = LeastSquares::new(residuals(scene), &scene.start);
    let watched = Watched { problem, bar, jacobians: Cell::new(0) };
    let (watched, report) = LevenbergMarquardt::new().minimize(watched);
    watched.bar.finish();
    if !report.termination.was_successful() {
        return Err(format!("the solver stopped: {:?}", report.termination).into());
    }
    Ok(Solved { at: watched.problem.point().to_vec(), jacobians: watched.jacobians.get() })
}
