//! The solution of a linear system, X with AX = B.
//!
//! With B̄ = A⁻ᵀX̄ the adjoint is Ā = −B̄Xᵀ (Giles 2008, section 2.3.1). Along a direction Ẋ is
//! A⁻¹(Ḃ − ȦX), and the adjoint's derivative is Ḃ̄ = −A⁻ᵀȦᵀB̄, Ǡ = −Ḃ̄Xᵀ − B̄Ẋᵀ.

use crate::Method;
use crate::factors::Factors;
use wengert::custom::{Failure, Forward, Operation, Saving, SecondOrder};

pub(crate) struct Solve {
    name: String,
    method: Method,
    n: usize,
    columns: usize,
}

impl Solve {
    pub(crate) fn new(method: Method, n: usize, columns: usize) -> Self {
        let name = format!("{}_solve({n}, {columns})", method.name());
        Self { name, method, n, columns }
    }

    /// The entries of A and of B among inputs.
    fn split<'x>(&self, x: &'x [f64]) -> (&'x [f64], &'x [f64]) {
        x.split_at(self.method.entries().count(self.n))
    }

    /// The factors at a point that has a solution.
    fn factors<'k>(
        &self,
        x: &[f64],
        saved: &'k [f64],
        memory: &'k mut Vec<f64>,
    ) -> Option<Factors<'k>> {
        Factors::again(self.method, self.split(x).0, self.n, saved, memory)
    }

    /// A⁻¹(Ḃ − ȦX).
    fn tangent(&self, factors: &Factors<'_>, y: &[f64], direction: &[f64], tangent: &mut [f64]) {
        let (a, b) = self.split(direction);
        tangent.copy_from_slice(b);
        self.method.entries().subtract_product(a, self.n, y, tangent);
        factors.solve(tangent, self.n);
    }
}

impl Operation for Solve {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        let outputs = self.n * self.columns;
        (inputs == self.method.entries().count(self.n) + outputs).then_some(outputs)
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

impl Forward for Solve {
    fn jvp(&self, x: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]) {
        self.jvp_saved(x, y, &[], direction, product);
    }
}

impl SecondOrder for Solve {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        self.hessian_vector_product_saved(x, y, &[], weights, direction, product);
    }
}

impl Saving for Solve {
    fn saved(&self, _: usize) -> usize {
        self.method.kept(self.n)
    }

    fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
        let (a, b) = self.split(x);
        let factors = Factors::find(self.method, a, self.n, saved)?;
        y.copy_from_slice(b);
        factors.solve(y, self.n);
        Ok(())
    }

    fn vjp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], w: &[f64], product: &mut [f64]) {
        let mut memory = Vec::new();
        let Some(factors) = self.factors(x, saved, &mut memory) else {
            return product.fill(f64::NAN);
        };
        let (a, b) = product.split_at_mut(self.method.entries().count(self.n));
        b.copy_from_slice(w);
        factors.solve_transposed(b, self.n);
        self.method.entries().subtract_outer(self.n, b, y, a);
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
        let (mut memory, entries, n) = (Vec::new(), self.method.entries(), self.n);
        let Some(factors) = self.factors(x, saved, &mut memory) else {
            return product.fill(f64::NAN);
        };
        let mut adjoint = weights.to_vec();
        factors.solve_transposed(&mut adjoint, n);
        let mut tangent = vec![0.0; y.len()];
        self.tangent(&factors, y, direction, &mut tangent);
        let (a, b) = product.split_at_mut(entries.count(n));
        entries.subtract_transposed(self.split(direction).0, n, &adjoint, b);
        factors.solve_transposed(b, n);
        entries.subtract_outer(n, b, y, a);
        entries.subtract_outer(n, &adjoint, &tangent, a);
    }
}
