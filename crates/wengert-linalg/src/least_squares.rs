//! The x that minimises ‖Ax − b‖, for a matrix of full column rank, by QR.
//!
//! With S = (AᵀA)⁻¹ = R⁻¹R⁻ᵀ and the residual r = b − Ax, dx = S(dAᵀr + Aᵀ(db − dA·x)). So with
//! z = S·x̄ the adjoints are b̄ = Az and Ā = rzᵀ − b̄xᵀ (Golub & Pereyra, "The differentiation of
//! pseudo-inverses", 1973).

use crate::Error;
use crate::matrix::{view, write};
use crate::qr::Qr;
use faer::{Mat, MatRef};
use wengert::custom::{Failure, Forward, Operation, Saving, SecondOrder};

pub(crate) struct LeastSquares {
    name: String,
    rows: usize,
    columns: usize,
}

/// What derivatives are made of at a point.
struct At<'x> {
    a: MatRef<'x, f64>,
    x: MatRef<'x, f64>,
    residual: Mat<f64>,
    qr: Qr<'x>,
}

impl At<'_> {
    /// (AᵀA)⁻¹v.
    fn normal(&self, v: MatRef<'_, f64>) -> Mat<f64> {
        let mut solution: Vec<f64> = v.col(0).iter().copied().collect();
        self.qr.solve_normal(&mut solution);
        view(&solution, solution.len(), 1).to_owned()
    }

    /// The tangent of the solution.
    fn tangent(&self, da: MatRef<'_, f64>, db: MatRef<'_, f64>) -> Mat<f64> {
        let right = da.transpose() * &self.residual + self.a.transpose() * (db - da * self.x);
        self.normal(right.as_ref())
    }
}

impl LeastSquares {
    pub(crate) fn new(rows: usize, columns: usize) -> Self {
        Self { name: format!("least_squares({rows}, {columns})"), rows, columns }
    }

    fn split<'x>(&self, x: &'x [f64]) -> (MatRef<'x, f64>, MatRef<'x, f64>) {
        let (a, b) = x.split_at(self.rows * self.columns);
        (view(a, self.rows, self.columns), view(b, self.rows, 1))
    }

    /// How many numbers are kept of a decomposition.
    fn kept(&self) -> usize {
        Qr::kept(self.rows, self.columns)
    }

    fn decompose<'k>(&self, inputs: &[f64], kept: &'k mut [f64]) -> Result<Qr<'k>, Error> {
        let Self { rows, columns, .. } = *self;
        if rows < columns {
            return Err(Error::RankDeficient);
        }
        let found = Qr::find(&inputs[..rows * columns], rows, columns, kept);
        found.map_err(|_| Error::RankDeficient)
    }

    fn at<'x>(
        &self,
        inputs: &'x [f64],
        solution: &'x [f64],
        saved: &'x [f64],
        memory: &'x mut Vec<f64>,
    ) -> Option<At<'x>> {
        let (a, b) = self.split(inputs);
        let x = view(solution, self.columns, 1);
        let qr = if saved.is_empty() {
            memory.resize(self.kept(), 0.0);
            self.decompose(inputs, memory).ok()?
        } else {
            Qr::of(saved, self.rows, self.columns)
        };
        Some(At { a, x, residual: b - a * x, qr })
    }

    fn write(&self, a: MatRef<'_, f64>, b: MatRef<'_, f64>, product: &mut [f64]) {
        let (of_a, of_b) = product.split_at_mut(self.rows * self.columns);
        write(a, of_a);
        write(b, of_b);
    }
}

impl Operation for LeastSquares {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == self.rows * (self.columns + 1)).then_some(self.columns)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        self.value_saving(x, y, &mut vec![0.0; self.kept()])
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

crate::saving::by_saving! { LeastSquares }

impl Saving for LeastSquares {
    fn saved(&self, _: usize) -> usize {
        self.kept()
    }

    fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
        let qr = self.decompose(x, saved)?;
        let mut solution = x[self.rows * self.columns..].to_vec();
        qr.solve(&mut solution);
        y.copy_from_slice(&solution[..self.columns]);
        Ok(())
    }

    fn vjp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], w: &[f64], product: &mut [f64]) {
        let mut memory = Vec::new();
        let Some(at) = self.at(x, y, saved, &mut memory) else { return product.fill(f64::NAN) };
        let z = at.normal(view(w, self.columns, 1));
        let b = at.a * &z;
        let a = &at.residual * z.transpose() - &b * at.x.transpose();
        self.write(a.as_ref(), b.as_ref(), product);
    }

    fn jvp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], v: &[f64], product: &mut [f64]) {
        let mut memory = Vec::new();
        let Some(at) = self.at(x, y, saved, &mut memory) else { return product.fill(f64::NAN) };
        let (da, db) = self.split(v);
        write(at.tangent(da, db).as_ref(), product);
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
        let mut memory = Vec::new();
        let Some(at) = self.at(x, y, saved, &mut memory) else { return product.fill(f64::NAN) };
        let (da, db) = self.split(direction);
        let z = at.normal(view(weights, self.columns, 1));
        let b = at.a * &z;
        let dx = at.tangent(da, db);
        let of_square = da.transpose() * &b + at.a.transpose() * (da * &z);
        let dz = -at.normal(of_square.as_ref());
        let dr = db - da * at.x - at.a * &dx;
        let b_moves = da * &z + at.a * &dz;
        let of_residual = &dr * z.transpose() + &at.residual * dz.transpose();
        let a_moves = of_residual - &b_moves * at.x.transpose() - &b * dx.transpose();
        self.write(a_moves.as_ref(), b_moves.as_ref(), product);
    }
}
