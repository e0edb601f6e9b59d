//! The inverse of a matrix, Y = A⁻¹.
//!
//! Its adjoint is Ā = −YᵀȲYᵀ (Giles 2008, section 2.2.3), and Ẏ = −YȦY, so that derivatives of both
//! orders are products with the inverse that is there already.

use crate::Method;
use crate::factors::Factors;
use crate::matrix::{view, write};
use wengert::custom::{Failure, Forward, Operation, SecondOrder};

pub(crate) struct Inverse {
    name: String,
    n: usize,
}

impl Inverse {
    pub(crate) fn new(n: usize) -> Self {
        Self { name: format!("inverse({n})"), n }
    }
}

impl Operation for Inverse {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == self.n * self.n).then_some(inputs)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        let mut memory = vec![0.0; Method::Lu.kept(self.n)];
        let factors = Factors::find(Method::Lu, x, self.n, &mut memory)?;
        write(factors.inverse(self.n).as_ref(), y);
        Ok(())
    }
    fn vjp(&self, _: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        let [y, w] = [y, weights].map(|list| view(list, self.n, self.n));
        write((-(y.transpose() * w * y.transpose())).as_ref(), product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
}

impl Forward for Inverse {
    fn jvp(&self, _: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]) {
        let [y, moves] = [y, direction].map(|list| view(list, self.n, self.n));
        write((-(y * moves * y)).as_ref(), product);
    }
}

impl SecondOrder for Inverse {
    fn hessian_vector_product(
        &self,
        _: &[f64],
        y: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let [y, w, moves] = [y, weights, direction].map(|list| view(list, self.n, self.n));
        let tangent = -(y * moves * y);
        let half = tangent.transpose() * w * y.transpose();
        let other = y.transpose() * w * tangent.transpose();
        write((-(half + other)).as_ref(), product);
    }
}
