//! Logistic growth by explicit Euler steps: one long chain, three variables.

use crate::{Problem, Real};

/// The population y(T) of y′ = r (y − y²/k), as a function of r, k and y(0).
///
/// Every step depends on the one before, so neither the processor nor an
/// engine can overlap them, and the tape grows with the number of steps while
/// the gradient has three components.
#[derive(Clone, Debug)]
pub struct Ode {
    steps: usize,
    point: [f64; 3],
}

/// The end of the simulated time. At y(T) ≈ 1.5 with k = 2 the growth is past
/// its steepest and not yet level, so all three derivatives matter.
const END: f64 = 5.0;

impl Ode {
    /// The simulation in `steps` steps of equal length.
    pub fn new(steps: usize) -> Self {
        Self { steps, point: [0.8, 2.0, 0.1] }
    }

    fn step_size(&self) -> f64 {
        END / self.steps as f64
    }
}

impl Problem for Ode {
    fn name(&self) -> &'static str {
        "ode"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        let &[rate, capacity, start] = x else {
            panic!("rate, capacity and start: three variables");
        };
        let gain = rate * self.step_size();
        (0..self.steps).fold(start, |y, _| gain.mul_add(y - y.square() / capacity, y))
    }

    /// Carries the three derivatives along with the solution.
    ///
    /// With so few variables that needs no memory of the way, and the
    /// derivatives' arithmetic hides behind the latency of the solution's.
    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        let (gain, inverse) = (x[0] * self.step_size(), 1.0 / x[1]);
        let mut y = x[2];
        let (mut by_gain, mut by_inverse, mut by_start) = (0.0, 0.0, 1.0);
        for _ in 0..self.steps {
            let share = y * inverse;
            let growth = y - y * share;
            let slope = 1.0 + gain * (1.0 - 2.0 * share);
            by_gain = slope * by_gain + growth;
            by_inverse = slope * by_inverse - gain * y * y;
            by_start *= slope;
            y += gain * growth;
        }
        gradient[0] = by_gain * self.step_size();
        gradient[1] = -by_inverse * inverse * inverse;
        gradient[2] = by_start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_central_differences() {
        oracle::assert_gradient(&Ode::new(50));
    }

    #[test]
    fn many_steps_approach_the_closed_form() {
        let problem = Ode::new(100_000);
        let [r, k, start] = problem.point;
        let exact = k / (1.0 + (k / start - 1.0) * (-r * END).exp());
        let value = problem.objective(&problem.point);
        assert!((value - exact).abs() < 1e-4);
    }
}
