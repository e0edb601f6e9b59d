//! The Brusselator with diffusion along a line (Hairer & Wanner, "Solving Ordinary Differential
//! Equations II", IV.10), by an implicit method, which wants the Jacobian of the right-hand side:
//! five entries a row, by as many directions however many points the line has. The solver's own
//! differences take one evaluation a column.

mod brusselator;

use brusselator::{brusselator, start};
use differential_equations::prelude::*;

/// The state at the end, with the evaluations of the right-hand side and of the Jacobian.
fn solve<const N: usize>(model: &impl ODE<f64, [f64; N]>) -> ([f64; N], usize, usize) {
    let method = ImplicitRungeKutta::radau5().rtol(1e-7).atol(1e-9).h0(1e-4);
    let solution = IVP::ode(model, 0.0, 2.0, start()).method(method).solve().expect("it is solved");
    let (_, end) = solution.iter().next_back().expect("there is an end");
    (*end, solution.evals.function, solution.evals.jacobian)
}

fn main() -> Result<(), wengert_sparse::Error> {
    let model = brusselator(120)?;
    let (end, evaluations, jacobians) = solve::<120>(&model);
    println!("{} unknowns, {} directions a Jacobian", end.len(), model.colors());
    println!("{evaluations} evaluations, {jacobians} Jacobians");
    println!("in the middle: u = {:.6}, v = {:.6}", end[60], end[61]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wengert_ode::Equation;

    /// The same without a Jacobian: the solver takes differences.
    struct WithoutJacobian<'a>(&'a Equation);

    impl<const N: usize> ODE<f64, [f64; N]> for WithoutJacobian<'_> {
        fn diff(&self, t: f64, y: &[f64; N], slopes: &mut [f64; N]) {
            self.0.diff(t, y, slopes);
        }
    }

    #[test]
    fn the_solution_is_that_by_differences_with_fewer_evaluations() {
        let model = brusselator(24).unwrap();
        let (ours, evaluations, jacobians) = solve::<24>(&model);
        let (known, with_differences, _) = solve::<24>(&WithoutJacobian(&model));
        assert!(ours.iter().zip(&known).all(|(a, b)| (a - b).abs() < 1e-6), "{ours:?} {known:?}");
        assert!(jacobians > 0 && evaluations <= with_differences);
        assert!(model.colors() <= 6);
    }
}
