//! The product of two matrices, C = AB.
//!
//! Its adjoints are Ā = C̄Bᵀ and B̄ = AᵀC̄ (Giles 2008, section 2.2.2), which are linear in the other
//! factor.

use crate::matrix::{view, write};
use faer::MatRef;
use wengert::custom::{Failure, Forward, Operation, SecondOrder};

pub(crate) struct Product {
    name: String,
    rows: usize,
    inner: usize,
    columns: usize,
}

impl Product {
    pub(crate) fn new(rows: usize, inner: usize, columns: usize) -> Self {
        Self { name: format!("matrix_product({rows}, {inner}, {columns})"), rows, inner, columns }
    }

    fn factors<'x>(&self, x: &'x [f64]) -> [MatRef<'x, f64>; 2] {
        let (a, b) = x.split_at(self.rows * self.inner);
        [view(a, self.rows, self.inner), view(b, self.inner, self.columns)]
    }

    /// The adjoints of both factors beside factors (a, b).
    fn adjoints(&self, [a, b]: [MatRef<'_, f64>; 2], weights: &[f64], product: &mut [f64]) {
        let w = view(weights, self.rows, self.columns);
        let (of_a, of_b) = product.split_at_mut(self.rows * self.inner);
        write((w * b.transpose()).as_ref(), of_a);
        write((a.transpose() * w).as_ref(), of_b);
    }
}

impl Operation for Product {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        let wanted = self.inner * (self.rows + self.columns);
        (inputs == wanted).then_some(self.rows * self.columns)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        let [a, b] = self.factors(x);
        write((a * b).as_ref(), y);
        Ok(())
    }
    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        self.adjoints(self.factors(x), weights, product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
}

impl Forward for Product {
    fn jvp(&self, x: &[f64], _: &[f64], direction: &[f64], product: &mut [f64]) {
        let ([a, b], [da, db]) = (self.factors(x), self.factors(direction));
        write((da * b + a * db).as_ref(), product);
    }
}

impl SecondOrder for Product {
    fn hessian_vector_product(
        &self,
        _: &[f64],
        _: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        self.adjoints(self.factors(direction), weights, product);
    }
}
