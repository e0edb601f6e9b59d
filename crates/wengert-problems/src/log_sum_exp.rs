//! The logarithm of a sum of exponentials: a costly primitive every third operation.

use crate::{Problem, Real, inputs};

/// ln Σ exp(xᵢ): one node for an engine that has it, else three operations an element.
#[derive(Clone, Debug)]
pub struct LogSumExp {
    point: Vec<f64>,
}

impl LogSumExp {
    /// The function of `variables` variables, one at least.
    pub fn new(variables: usize) -> Self {
        Self { point: inputs::uniform(2, -5.0..5.0, variables) }
    }
}

impl Problem for LogSumExp {
    fn name(&self) -> &'static str {
        "log_sum_exp"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        T::log_sum_exp(x)
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        softmax(x, gradient);
    }
}

/// Overwrites `weights` with exp(xᵢ) / Σ exp(xⱼ), and returns ln Σ exp(xⱼ).
pub(crate) fn softmax(x: &[f64], weights: &mut [f64]) -> f64 {
    let shift = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for (weight, x) in weights.iter_mut().zip(x) {
        *weight = (x - shift).exp();
        total += *weight;
    }
    for weight in weights {
        *weight /= total;
    }
    total.ln() + shift
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_central_differences() {
        oracle::assert_gradient(&LogSumExp::new(7));
    }

    #[test]
    fn large_arguments_do_not_overflow() {
        let value = LogSumExp::new(2).objective(&[1000.0, 1000.0]);
        assert!((value - (1000.0 + 2.0_f64.ln())).abs() < 1e-12);
    }
}
