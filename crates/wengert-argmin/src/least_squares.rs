//! Least squares for levenberg-marquardt.

use levenberg_marquardt::LeastSquaresProblem;
use nalgebra::{DMatrix, DVector, Dyn, storage::Owned};
use wengert::Function;
use wengert::evaluation::Evaluator;

/// A function whose outputs are residuals, with exact Jacobians, for levenberg-marquardt.
///
/// Where the function has no answer (a recorded path is left), the solver is told so and stops.
///
/// # Panics
/// If the point has another length than the function has variables.
///
/// # Example: a line through three points
/// ```
/// use levenberg_marquardt::LevenbergMarquardt;
/// use wengert::Function;
/// use wengert_argmin::LeastSquares;
/// let data = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)];
/// let line = Function::record_many(&[0.0, 0.0], |p| {
///     data.iter().map(|&(x, y)| p[0] + p[1] * x - y).collect()
/// });
/// let (found, report) = LevenbergMarquardt::new().minimize(LeastSquares::new(line, &[0.0, 0.0]));
/// assert!(report.termination.was_successful());
/// let found = found.point();
/// assert!((found[0] - 1.0).abs() < 1e-9 && (found[1] - 2.0).abs() < 1e-9);
/// ```
#[derive(Debug)]
pub struct LeastSquares {
    evaluator: Evaluator,
    point: DVector<f64>,
}

impl LeastSquares {
    /// The problem that starts at a point.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// use wengert_argmin::LeastSquares;
    /// let f = Function::record_many(&[1.0], |x| vec![x[0] - 3.0]);
    /// assert_eq!(LeastSquares::new(f, &[1.0]).point(), [1.0]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn new(function: Function, start: &[f64]) -> Self {
        let (given, wanted) = (start.len(), function.num_variables());
        assert!(given == wanted, "the start has length {given}, wanted is {wanted}");
        Self { evaluator: function.into(), point: DVector::from_column_slice(start) }
    }

    /// Where the solver stands.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// use wengert_argmin::LeastSquares;
    /// let f = Function::record_many(&[1.0], |x| vec![x[0] - 3.0]);
    /// assert_eq!(LeastSquares::new(f, &[2.0]).point(), [2.0]);
    /// ```
    #[must_use]
    pub fn point(&self) -> &[f64] {
        self.point.as_slice()
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for LeastSquares {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, point: &DVector<f64>) {
        self.point.copy_from(point);
    }

    fn params(&self) -> DVector<f64> {
        self.point.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let mut values = DVector::zeros(self.evaluator.function().num_outputs());
        self.evaluator.values(self.point(), values.as_mut_slice()).ok()?;
        Some(values)
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let function = self.evaluator.function();
        let (rows, columns) = (function.num_outputs(), function.num_variables());
        let mut jacobian = vec![0.0; rows * columns];
        self.evaluator.jacobian(self.point(), &mut jacobian).ok()?;
        Some(DMatrix::from_row_slice(rows, columns, &jacobian))
    }
}
