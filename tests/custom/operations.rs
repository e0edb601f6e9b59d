//! The operations of these tests, with the same functions by the library's operations beside them.

use std::sync::Arc;
use wengert::custom::{Batched, Failure, Forward, Operation, SecondOrder};
use wengert::{Number, Scalar};

/// (x₀·x₁ + sin x₂, x₁·e^x₂): two outputs of three inputs, with all that there is to give.
pub(crate) struct Pair;

/// The same by operations.
pub(crate) fn pair<F: Scalar, T: Number<F>>(x: &[T]) -> [T; 2] {
    [x[0] * x[1] + x[2].sin(), x[1] * x[2].exp()]
}

impl Operation for Pair {
    fn name(&self) -> &str {
        "pair"
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == 3).then_some(2)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        y.copy_from_slice(&pair(x));
        Ok(())
    }
    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        let [a, b] = [weights[0], weights[1]];
        product[0] = a * x[1];
        product[1] = a * x[0] + b * x[2].exp();
        product[2] = a * x[2].cos() + b * x[1] * x[2].exp();
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
    fn batched(&self) -> Option<&dyn Batched> {
        Some(self)
    }
}

impl Forward for Pair {
    fn jvp(&self, x: &[f64], _: &[f64], v: &[f64], product: &mut [f64]) {
        product[0] = v[0] * x[1] + x[0] * v[1] + x[2].cos() * v[2];
        product[1] = v[1] * x[2].exp() + x[1] * x[2].exp() * v[2];
    }
}

impl SecondOrder for Pair {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        _: &[f64],
        weights: &[f64],
        v: &[f64],
        product: &mut [f64],
    ) {
        let ([a, b], e) = ([weights[0], weights[1]], x[2].exp());
        product[0] = a * v[1];
        product[1] = a * v[0] + b * e * v[2];
        product[2] = -a * x[2].sin() * v[2] + b * e * (v[1] + x[1] * v[2]);
    }
}

impl Batched for Pair {
    fn values(&self, points: usize, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        for p in 0..points {
            let at = [x[p], x[points + p], x[2 * points + p]];
            [y[p], y[points + p]] = pair(&at);
        }
        Ok(())
    }
    fn vjps(&self, points: usize, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        for p in 0..points {
            let at = [x[p], x[points + p], x[2 * points + p]];
            let mut row = [0.0; 3];
            self.vjp(&at, &[y[p], y[points + p]], &[weights[p], weights[points + p]], &mut row);
            (0..3).for_each(|i| product[i * points + p] = row[i]);
        }
    }
}

pub(crate) fn pair_operation() -> Arc<dyn Operation> {
    Arc::new(Pair)
}

/// √x, which fails below 0 and gives its derivative in reverse alone.
pub(crate) struct Root;

impl Operation for Root {
    fn name(&self) -> &str {
        "root"
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == 1).then_some(1)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        if x[0] < 0.0 {
            return Err(format!("{} is below 0", x[0]).into());
        }
        y[0] = x[0].sqrt();
        Ok(())
    }
    fn vjp(&self, _: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        product[0] = 0.5 * weights[0] / y[0];
    }
}

pub(crate) fn root_operation() -> Arc<dyn Operation> {
    Arc::new(Root)
}
