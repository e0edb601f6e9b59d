//! The eigenvalues of a symmetric matrix, ascending.
//!
//! With the eigenvectors V the adjoint is Ā = V·diag(λ̄)·Vᵀ (Giles 2008, section 3.1). Along a
//! direction, with P = VᵀȦV, λ̇ is the diagonal of P and the adjoint's derivative is VGVᵀ with
//! Gᵢⱼ = Pᵢⱼ·(λ̄ⱼ − λ̄ᵢ)/(λⱼ − λᵢ).

use crate::Error;
use crate::matrix::Entries;
use faer::linalg::solvers::SelfAdjointEigen;
use faer::{Mat, MatRef, Side};
use wengert::custom::{Failure, Forward, Operation, SecondOrder};

pub(crate) struct Eigenvalues {
    name: String,
    n: usize,
}

impl Eigenvalues {
    pub(crate) fn new(n: usize) -> Self {
        Self { name: format!("symmetric_eigenvalues({n})"), n }
    }

    fn a(&self, x: &[f64]) -> Mat<f64> {
        Entries::Lower.read(x, self.n)
    }

    /// The eigenvectors at a point where they were found before.
    fn vectors(&self, x: &[f64]) -> Option<Mat<f64>> {
        let eigen = SelfAdjointEigen::new(self.a(x).as_ref(), Side::Lower).ok()?;
        Some(eigen.U().to_owned())
    }

    /// VᵀȦV.
    fn rotated(&self, vectors: &Mat<f64>, direction: &[f64]) -> Mat<f64> {
        vectors.transpose() * self.a(direction) * vectors
    }

    fn write(vectors: &Mat<f64>, inner: MatRef<'_, f64>, product: &mut [f64]) {
        Entries::Lower.write((vectors * inner * vectors.transpose()).as_ref(), product);
    }
}

impl Operation for Eigenvalues {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == Entries::Lower.count(self.n)).then_some(self.n)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        let a = self.a(x);
        let values = a.self_adjoint_eigenvalues(Side::Lower).map_err(|_| Error::NoConvergence)?;
        y.copy_from_slice(&values);
        Ok(())
    }
    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        let Some(vectors) = self.vectors(x) else { return product.fill(f64::NAN) };
        let n = self.n;
        let inner = Mat::from_fn(n, n, |i, j| if i == j { weights[i] } else { 0.0 });
        Self::write(&vectors, inner.as_ref(), product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
}

impl Forward for Eigenvalues {
    fn jvp(&self, x: &[f64], _: &[f64], direction: &[f64], product: &mut [f64]) {
        let Some(vectors) = self.vectors(x) else { return product.fill(f64::NAN) };
        let rotated = self.rotated(&vectors, direction);
        product.iter_mut().enumerate().for_each(|(i, tangent)| *tangent = rotated[(i, i)]);
    }
}

impl SecondOrder for Eigenvalues {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let Some(vectors) = self.vectors(x) else { return product.fill(f64::NAN) };
        let rotated = self.rotated(&vectors, direction);
        // Eigenvalues that are weighted alike may meet; others have no second derivative there.
        let inner = Mat::from_fn(self.n, self.n, |i, j| match weights[j] - weights[i] {
            0.0 => 0.0,
            difference => rotated[(i, j)] * difference / (y[j] - y[i]),
        });
        Self::write(&vectors, inner.as_ref(), product);
    }
}
