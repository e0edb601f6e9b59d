//! The chained Rosenbrock function: cheap operations, each variable used in two terms.

use crate::{Problem, Real, inputs};

/// Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², the valley that optimisers are tried on.
#[derive(Clone, Debug)]
pub struct Rosenbrock {
    point: Vec<f64>,
}

impl Rosenbrock {
    /// The function of `variables` variables, two at least.
    pub fn new(variables: usize) -> Self {
        assert!(variables >= 2, "the chain needs two variables");
        Self { point: inputs::uniform(1, -1.5..1.5, variables) }
    }
}

impl Problem for Rosenbrock {
    fn name(&self) -> &'static str {
        "rosenbrock"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        T::sum_of_squares(x.windows(2).flat_map(|pair| residuals(pair[0], pair[1])))
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        // The second variable of a term is the first of the next, so its share
        // of the slope is carried on and each component is written once.
        let mut carried = 0.0;
        for (slope, pair) in gradient.iter_mut().zip(x.windows(2)) {
            let bend = 200.0 * (pair[1] - pair[0] * pair[0]);
            *slope = carried - 2.0 * pair[0] * bend + 2.0 * (pair[0] - 1.0);
            carried = bend;
        }
        gradient[x.len() - 1] = carried;
    }
}

/// What one link of the chain squares: the function is a problem of least squares. The square
/// makes (x − 1)² of (1 − x)².
///
/// PERF: inlined, because several variables that are returned lie in memory, and who copies them
/// from there waits for the stores: 1.5 times the time of recording, without link-time optimisation.
#[inline]
fn residuals<T: Real>(x: T, next: T) -> [T; 2] {
    [(next - x.square()) * 10.0, x - 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_central_differences() {
        oracle::assert_gradient(&Rosenbrock::new(5));
    }

    #[test]
    fn value_at_the_classical_start() {
        assert!((Rosenbrock::new(2).objective(&[-1.2, 1.0]) - 24.2_f64).abs() < 1e-12);
    }
}
