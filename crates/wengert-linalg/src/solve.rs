//! The solution of a linear system, X with AX = B.
//!
//! With B̄ = A⁻ᵀX̄ the adjoint is Ā = −B̄Xᵀ (Giles 2008, section 2.3.1). Along a direction Ẋ is
//! A⁻¹(Ḃ − ȦX), and the adjoint's derivative is Ḃ̄ = −A⁻ᵀȦᵀB̄, Ǡ = −Ḃ̄Xᵀ − B̄Ẋᵀ.

use crate::Method;
use crate::factors::Factors;
use crate::matrix::{view, write};
use faer::{Mat, MatRef};
use wengert::custom::{Failure, Forward, Operation, SecondOrder};

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

    fn a(&self, x: &[f64]) -> Mat<f64> {
        self.method.entries().read(&x[..self.n * self.n], self.n)
    }

    fn b<'x>(&self, x: &'x [f64]) -> MatRef<'x, f64> {
        view(&x[self.n * self.n..], self.n, self.columns)
    }

    fn write(&self, a: MatRef<'_, f64>, b: MatRef<'_, f64>, product: &mut [f64]) {
        let (of_a, of_b) = product.split_at_mut(self.n * self.n);
        self.method.entries().write(a, of_a);
        write(b, of_b);
    }

    /// The factors at a point that has a solution.
    fn factors(&self, x: &[f64]) -> Option<Factors> {
        Factors::of(self.a(x).as_ref(), self.method).ok()
    }
}

impl Operation for Solve {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == self.n * (self.n + self.columns)).then_some(self.n * self.columns)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        let factors = Factors::of(self.a(x).as_ref(), self.method)?;
        write(factors.solve(self.b(x)).as_ref(), y);
        Ok(())
    }
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        let Some(factors) = self.factors(x) else { return product.fill(f64::NAN) };
        let b = factors.solve_transposed(view(weights, self.n, self.columns));
        let a = -(&b * view(y, self.n, self.columns).transpose());
        self.write(a.as_ref(), b.as_ref(), product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
}

impl Forward for Solve {
    fn jvp(&self, x: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]) {
        let Some(factors) = self.factors(x) else { return product.fill(f64::NAN) };
        let right = self.b(direction) - self.a(direction) * view(y, self.n, self.columns);
        write(factors.solve(right.as_ref()).as_ref(), product);
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
        let Some(factors) = self.factors(x) else { return product.fill(f64::NAN) };
        let (solution, moves) = (view(y, self.n, self.columns), self.a(direction));
        let b = factors.solve_transposed(view(weights, self.n, self.columns));
        let right = self.b(direction) - &moves * solution;
        let tangent = factors.solve(right.as_ref());
        let b_moves = -factors.solve_transposed((moves.transpose() * &b).as_ref());
        let a_moves = -(&b_moves * solution.transpose()) - &b * tangent.transpose();
        self.write(a_moves.as_ref(), b_moves.as_ref(), product);
    }
}
