//! The x that minimises ‖Ax − b‖, for a matrix of full column rank, by QR.
//!
//! With S = (AᵀA)⁻¹ = R⁻¹R⁻ᵀ and the residual r = b − Ax, dx = S(dAᵀr + Aᵀ(db − dA·x)). So with
//! z = S·x̄ the adjoints are b̄ = Az and Ā = rzᵀ − b̄xᵀ (Golub & Pereyra, "The differentiation of
//! pseudo-inverses", 1973).

use crate::Error;
use crate::matrix::{view, write};
use crate::pivots::check_pivots;
use faer::linalg::solvers::{Qr, SolveLstsq};
use faer::{Mat, MatRef};
use wengert::custom::{Failure, Forward, Operation, SecondOrder};

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
    qr: Qr<f64>,
}

impl At<'_> {
    /// (AᵀA)⁻¹v.
    fn normal(&self, v: MatRef<'_, f64>) -> Mat<f64> {
        let r = self.qr.thin_R();
        let mut solution = v.to_owned();
        r.transpose().solve_lower_triangular_in_place(solution.as_mut());
        r.solve_upper_triangular_in_place(solution.as_mut());
        solution
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

    fn decompose(&self, a: MatRef<'_, f64>) -> Result<Qr<f64>, Error> {
        if self.rows < self.columns {
            return Err(Error::RankDeficient);
        }
        let qr = Qr::new(a);
        let pivots = (0..self.columns).map(|i| qr.thin_R()[(i, i)].abs());
        check_pivots(pivots).map_err(|_| Error::RankDeficient)?;
        Ok(qr)
    }

    fn at<'x>(&self, inputs: &'x [f64], solution: &'x [f64]) -> Option<At<'x>> {
        let (a, b) = self.split(inputs);
        let x = view(solution, self.columns, 1);
        Some(At { a, x, residual: b - a * x, qr: self.decompose(a).ok()? })
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
        let (a, b) = self.split(x);
        write(self.decompose(a)?.solve_lstsq(b).as_ref(), y);
        Ok(())
    }
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        let Some(at) = self.at(x, y) else { return product.fill(f64::NAN) };
        let z = at.normal(view(weights, self.columns, 1));
        let b = at.a * &z;
        let a = &at.residual * z.transpose() - &b * at.x.transpose();
        self.write(a.as_ref(), b.as_ref(), product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
}

impl Forward for LeastSquares {
    fn jvp(&self, x: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]) {
        let Some(at) = self.at(x, y) else { return product.fill(f64::NAN) };
        let (da, db) = self.split(direction);
        write(at.tangent(da, db).as_ref(), product);
    }
}

impl SecondOrder for LeastSquares {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let Some(at) = self.at(x, y) else { return product.fill(f64::NAN) };
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
