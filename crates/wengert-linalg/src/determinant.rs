//! The logarithm of a determinant, ln |det A|.
//!
//! Its adjoint is Ā = w·A⁻ᵀ (Giles 2008, section 2.2.4, divided by the determinant), whose derivative
//! along a direction is −w·(A⁻¹ȦA⁻¹)ᵀ.

use crate::Method;
use crate::factors::Factors;
use crate::matrix::trace_of_product;
use faer::Mat;
use wengert::custom::{Failure, Forward, Operation, Saving, SecondOrder};

pub(crate) struct LogDeterminant {
    name: String,
    method: Method,
    n: usize,
}

impl LogDeterminant {
    pub(crate) fn new(method: Method, n: usize) -> Self {
        Self { name: format!("{}_log_determinant({n})", method.name()), method, n }
    }

    fn a(&self, x: &[f64]) -> Mat<f64> {
        self.method.entries().read(x, self.n)
    }

    /// The inverse at a point that has one.
    fn inverse(&self, x: &[f64], saved: &[f64]) -> Option<Mat<f64>> {
        let mut memory = Vec::new();
        let factors = Factors::again(self.method, x, self.n, saved, &mut memory)?;
        Some(factors.inverse(self.n))
    }
}

impl Operation for LogDeterminant {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == self.method.entries().count(self.n)).then_some(1)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        self.value_saving(x, y, &mut vec![0.0; self.method.kept(self.n)])
    }
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        self.vjp_saved(x, y, &[], weights, product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
    fn saving(&self) -> Option<&dyn Saving> {
        Some(self)
    }
}

crate::saving::by_saving! { LogDeterminant }

impl Saving for LogDeterminant {
    fn saved(&self, _: usize) -> usize {
        self.method.kept(self.n)
    }

    fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
        y[0] = Factors::find(self.method, x, self.n, saved)?.log_determinant();
        Ok(())
    }

    fn vjp_saved(&self, x: &[f64], _: &[f64], saved: &[f64], w: &[f64], product: &mut [f64]) {
        let Some(inverse) = self.inverse(x, saved) else { return product.fill(f64::NAN) };
        let adjoint = inverse.transpose() * faer::Scale(w[0]);
        self.method.entries().write(adjoint.as_ref(), product);
    }

    fn jvp_saved(&self, x: &[f64], _: &[f64], saved: &[f64], v: &[f64], product: &mut [f64]) {
        let Some(inverse) = self.inverse(x, saved) else { return product.fill(f64::NAN) };
        product[0] = trace_of_product(inverse.as_ref(), self.a(v).as_ref());
    }

    fn hessian_vector_product_saved(
        &self,
        x: &[f64],
        _: &[f64],
        saved: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let Some(inverse) = self.inverse(x, saved) else { return product.fill(f64::NAN) };
        let moved = &inverse * self.a(direction) * &inverse;
        let adjoint = moved.transpose() * faer::Scale(-weights[0]);
        self.method.entries().write(adjoint.as_ref(), product);
    }
}
