//! The solution of a linear system, X with AX = B.
//!
//! With B̄ = A⁻ᵀX̄ the adjoint is Ā = −B̄Xᵀ (Giles 2008, section 2.3.1). Along a direction Ẋ is
//! A⁻¹(Ḃ − ȦX), and the adjoint's derivative is Ḃ̄ = −A⁻ᵀȦᵀB̄, Ǡ = −Ḃ̄Xᵀ − B̄Ẋᵀ.

use crate::system::System;
use wengert::custom::{Failure, Forward, Operation, Saving, SecondOrder};

pub(crate) struct Solve<S> {
    name: String,
    system: S,
    columns: usize,
}

impl<S: System> Solve<S> {
    pub(crate) fn new(name: String, system: S, columns: usize) -> Self {
        Self { name, system, columns }
    }

    /// The entries of A and of B among inputs.
    fn split<'x>(&self, x: &'x [f64]) -> (&'x [f64], &'x [f64]) {
        x.split_at(self.system.entries())
    }

    /// The factors at a point that has a solution.
    fn factors<'k>(
        &'k self,
        x: &[f64],
        saved: &'k [f64],
        memory: &'k mut Vec<f64>,
    ) -> Option<S::Factors<'k>> {
        self.system.again(self.split(x).0, saved, memory)
    }

    /// A⁻¹(Ḃ − ȦX).
    fn tangent(&self, factors: &S::Factors<'_>, y: &[f64], direction: &[f64], tangent: &mut [f64]) {
        let (a, b) = self.split(direction);
        tangent.copy_from_slice(b);
        self.system.subtract_product(a, y, tangent);
        self.system.solve(factors, tangent);
    }
}

impl<S: System> Operation for Solve<S> {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        let outputs = self.system.side() * self.columns;
        (inputs == self.system.entries() + outputs).then_some(outputs)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        self.value_saving(x, y, &mut vec![0.0; self.system.kept()])
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

crate::saving::by_saving! { Solve<S>, S: System }

impl<S: System> Saving for Solve<S> {
    fn saved(&self, _: usize) -> usize {
        self.system.kept()
    }

    fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
        let (a, b) = self.split(x);
        let factors = self.system.find(a, saved)?;
        y.copy_from_slice(b);
        self.system.solve(&factors, y);
        Ok(())
    }

    fn vjp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], w: &[f64], product: &mut [f64]) {
        let mut memory = Vec::new();
        let Some(factors) = self.factors(x, saved, &mut memory) else {
            return product.fill(f64::NAN);
        };
        let (a, b) = product.split_at_mut(self.system.entries());
        b.copy_from_slice(w);
        self.system.solve_transposed(&factors, b);
        self.system.subtract_outer(b, y, a);
    }

    fn jvp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], v: &[f64], product: &mut [f64]) {
        let mut memory = Vec::new();
        match self.factors(x, saved, &mut memory) {
            Some(factors) => self.tangent(&factors, y, v, product),
            None => product.fill(f64::NAN),
        }
    }

    fn hessian_vector_product_saved(
        &self,
        x: &[f64],
        y: &[f64],
        saved: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let (mut memory, system) = (Vec::new(), &self.system);
        let Some(factors) = self.factors(x, saved, &mut memory) else {
            return product.fill(f64::NAN);
        };
        let mut adjoint = weights.to_vec();
        system.solve_transposed(&factors, &mut adjoint);
        let mut tangent = vec![0.0; y.len()];
        self.tangent(&factors, y, direction, &mut tangent);
        let (a, b) = product.split_at_mut(system.entries());
        system.subtract_transposed(self.split(direction).0, &adjoint, b);
        system.solve_transposed(&factors, b);
        system.subtract_outer(b, y, a);
        system.subtract_outer(&adjoint, &tangent, a);
    }
}
