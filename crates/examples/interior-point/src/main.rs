//! A constrained problem of a thousand variables: problem 5.1 of Lukšan & Vlček, "Sparse and
//! partially separable test problems for unconstrained and equality constrained optimization"
//! (1999), solved by an interior-point method. It is given what such methods want: the objective
//! with its gradient, the constraints with their sparse Jacobian, and the lower triangle of the
//! Lagrangian's Hessian.

mod problem;

use problem::Chained;
use ripopt::{SolverOptions, solve};

fn main() -> Result<(), wengert_sparse::Error> {
    let problem = Chained::new(1000)?;
    let options = SolverOptions { print_level: 0, ..SolverOptions::default() };
    let result = solve(&problem, &options);
    let violation = result.constraint_values.iter().fold(0.0, |most: f64, g| most.max(g.abs()));
    println!("{:?} after {} iterations", result.status, result.iterations);
    println!("objective {:.6}, largest violation {violation:.1e}", result.objective);
    let [jacobian, hessian] = problem.colors();
    println!("by {jacobian} directions for the Jacobian and {hessian} for the Hessian");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_satisfies_the_constraints_and_is_stationary() {
        let problem = Chained::new(60).unwrap();
        let options = SolverOptions { print_level: 0, ..SolverOptions::default() };
        let result = solve(&problem, &options);
        assert_eq!(format!("{:?}", result.status), "Optimal");
        assert!(result.constraint_values.iter().all(|g| g.abs() < 1e-8));
        let stationary = problem.stationarity(&result.x, &result.constraint_multipliers);
        assert!(stationary < 1e-6, "{stationary}");
    }
}
