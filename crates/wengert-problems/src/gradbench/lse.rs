//! The logarithm of a sum of exponentials, in single operations.

use super::Split;
use crate::{Problem, Real, inputs, log_sum_exp::softmax, real::stepwise};

/// a + ln Σ exp(xᵢ − a) with a = max x.
///
/// The maximum is a variable as it stands in the formula, though its share of the derivative is
/// zero; and the sum is added up term by term, where [`LogSumExp`](crate::LogSumExp) would be one
/// node: what is measured here are the elementary operations.
#[derive(Clone, Debug)]
pub struct Lse {
    point: Vec<f64>,
}

impl Lse {
    /// The function at a point of one's own, with one variable at least.
    pub fn at(point: Vec<f64>) -> Self {
        assert!(!point.is_empty(), "the largest of no variables");
        Self { point }
    }

    /// The function of `variables` fixed-seed variables in [0, 1).
    pub fn new(variables: usize) -> Self {
        Self::at(inputs::uniform(11, 0.0..1.0, variables))
    }
}

/// a + ln Σ exp(xᵢ − a), which does not depend on a number a near them but for overflow.
///
/// # Panics
///
/// If there are none.
pub fn about<T: Real>(x: &[T], a: T) -> T {
    a + stepwise::total(x.iter().map(|&x| (x - a).exp())).ln()
}

/// The first of the largest; which one it is, is a choice and no operation.
///
/// # Panics
///
/// If there are none.
fn largest<T: Real>(x: &[T]) -> &T {
    let mut largest = &x[0];
    let mut value = largest.value();
    for x in x {
        if x.value() > value {
            value = x.value();
            largest = x;
        }
    }
    largest
}

impl Split for Lse {}

impl Problem for Lse {
    fn name(&self) -> &'static str {
        "lse"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        about(x, *largest(x))
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        softmax(x, gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_every_oracle() {
        oracle::assert_gradient(&Lse::new(7));
        oracle::assert_gradient(&Lse::new(1));
    }

    #[test]
    fn large_arguments_do_not_overflow() {
        let value = Lse::new(2).objective(&[1000.0, 1000.0]);
        assert!((value - (1000.0 + 2.0_f64.ln())).abs() < 1e-12);
    }
}
