//! Solvers that are generic over their numbers: a differential equation by differential-equations,
//! a root by eqsolver.

use differential_equations::prelude::{ExplicitRungeKutta, IVP, ODE, Solution};
use eqsolver::single_variable::Newton;
use nalgebra::{RealField, convert};
use num_traits::{Float, FromPrimitive};

fn number<T: RealField + Copy>(x: f64) -> T {
    convert(x)
}

/// Hares and foxes (Lotka and Volterra).
struct Prey<T> {
    rates: [T; 4],
}

impl<T: RealField + Copy> ODE<T, [T; 2]> for Prey<T> {
    fn diff(&self, _: T, y: &[T; 2], slope: &mut [T; 2]) {
        let [birth, hunt, feed, death] = self.rates;
        slope[0] = birth * y[0] - hunt * y[0] * y[1];
        slope[1] = feed * y[0] * y[1] - death * y[1];
    }
}

/// The foxes after two years, with steps of one size.
fn foxes<T: RealField + Copy>(x: &[T]) -> T {
    let prey = Prey { rates: [x[0], x[1], x[2], x[3]] };
    let start = [x[4], T::one()];
    let solution: Solution<T, [T; 2]> = IVP::ode(&prey, T::zero(), number(2.0), start)
        .method(ExplicitRungeKutta::rk4(number(0.05)))
        .solve()
        .expect("a fixed number of steps");
    solution.y.last().expect("there are steps")[1]
}

/// Kepler's equation: the anomaly of a planet, by as many Newton steps as it takes.
fn kepler<T: Float + FromPrimitive>(x: &[T]) -> T {
    let (mean, eccentricity) = (x[0], x[1]);
    let f = |e: T| e - eccentricity * e.sin() - mean;
    let slope = |e: T| T::one() - eccentricity * e.cos();
    Newton::new(f, slope).solve(mean).expect("the equation has one root")
}

mod tests {
    use crate::differentiates;
    differentiates! { foxes at [1.1, 0.4, 0.1, 0.4, 10.0] }
    differentiates! { kepler at [0.7, 0.3] }
}
