//! Decompositions of matrices of variables: nalgebra; and a density over them: nalgebra-mvn.

use nalgebra::{Cholesky, Matrix4, OMatrix, RealField, RowVector3, SMatrix, U3, Vector4, convert};
use nalgebra_mvn::MultivariateNormal;

fn number<T: RealField + Copy>(x: f64) -> T {
    convert(x)
}

/// A matrix that depends on all variables, and is far from singular.
fn matrix<T: RealField + Copy>(x: &[T]) -> Matrix4<T> {
    Matrix4::from_fn(|i, j| {
        let wave = (x[(i + 2 * j) % x.len()] * number((1 + i + j) as f64)).sin();
        if i == j { wave + number(4.0) } else { wave }
    })
}

/// A positive definite one.
fn gram<T: RealField + Copy>(x: &[T]) -> Matrix4<T> {
    let a = matrix(x);
    a.transpose() * a
}

fn right<T: RealField + Copy>(x: &[T]) -> Vector4<T> {
    Vector4::new(x[0], number(1.0), x[1], x[2] * x[0])
}

fn by_lu<T: RealField + Copy>(x: &[T]) -> T {
    let solution = matrix(x).lu().solve(&right(x)).expect("it is far from singular");
    solution.norm() + matrix(x).determinant().ln()
}

fn by_qr<T: RealField + Copy>(x: &[T]) -> T {
    let qr = matrix(x).qr();
    qr.solve(&right(x)).expect("it is far from singular").dot(&right(x)) + qr.r().trace()
}

/// The logarithm of a Gaussian density, as a Gaussian process has it.
fn by_cholesky<T: RealField + Copy>(x: &[T]) -> T {
    let factor = Cholesky::new(gram(x)).expect("it is positive definite");
    let residual = right(x);
    let half_log_determinant = factor.l().diagonal().map(|d| d.ln()).sum();
    -residual.dot(&factor.solve(&residual)) * number(0.5) - half_log_determinant
}

fn by_eigenvalues<T: RealField + Copy>(x: &[T]) -> T {
    gram(x).symmetric_eigenvalues().map(|value| value.sqrt()).sum()
}

fn by_singular_values<T: RealField + Copy>(x: &[T]) -> T {
    matrix(x).svd(false, false).singular_values.norm()
}

fn exponential<T: RealField + Copy>(x: &[T]) -> T {
    (matrix(x) * number::<T>(0.1)).exp().trace()
}

fn inverse<T: RealField + Copy>(x: &[T]) -> T {
    matrix(x).try_inverse().expect("it is far from singular").norm_squared()
}

/// The likelihood of two samples: of a mean and of a covariance.
fn density<T: RealField + Copy>(x: &[T]) -> T {
    let mean = nalgebra::Vector3::new(x[0], x[1], x[2]);
    let factor = SMatrix::<T, 3, 3>::new(
        number(1.5),
        x[0],
        number(0.2),
        x[1],
        number(2.0),
        x[2],
        number(0.1),
        number(-0.3),
        number(1.0),
    );
    let covariance: OMatrix<T, U3, U3> = factor * factor.transpose();
    let normal = MultivariateNormal::from_mean_and_covariance(&mean, &covariance).unwrap();
    let first = RowVector3::new(number(0.3), number(-1.0), number(0.5));
    let second = RowVector3::new(number(1.3), number(0.4), x[0]);
    let samples = SMatrix::<T, 2, 3>::from_rows(&[first, second]);
    normal.logpdf(&samples).sum()
}

mod tests {
    use crate::differentiates;
    differentiates! { by_lu at [0.3, -0.7, 1.1] }
    differentiates! { by_qr at [0.3, -0.7, 1.1] }
    differentiates! { by_cholesky at [0.3, -0.7, 1.1] }
    differentiates! { by_eigenvalues at [0.3, -0.7, 1.1] }
    differentiates! { by_singular_values at [0.3, -0.7, 1.1] }
    differentiates! { exponential at [0.3, -0.7, 1.1] }
    differentiates! { inverse at [0.3, -0.7, 1.1] }
    differentiates! { density at [0.3, -0.7, 1.1] }
}
