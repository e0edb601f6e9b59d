//! Sparse Jacobians and Hessians, as matrices of SciPy.

use numpy::{Element, PyArray1};
use pyo3::prelude::*;
use wengert::{Inputs, Real};
use wengert_sparse::{Error, SparseHessian, SparseJacobian, Structure};

use super::arrays::Float;
use super::recording::Recording;
use super::{Function, Precision, each};
use crate::errors::wrong_value;

/// A matrix in compressed rows, as SciPy takes it.
struct Matrix<F> {
    shape: (usize, usize),
    offsets: Vec<i64>,
    indices: Vec<i64>,
    values: Vec<F>,
}

impl<F: Real> Matrix<F> {
    fn new(structure: &Structure, shape: (usize, usize), values: Vec<F>) -> Self {
        let offsets = structure.offsets().iter().map(|&offset| offset as i64).collect();
        let indices = structure.indices().iter().map(|&index| i64::from(index)).collect();
        Self { shape, offsets, indices, values }
    }
}

impl<F: Float + Element> Matrix<F> {
    fn into_scipy(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let Self { shape, offsets, indices, values } = self;
        let values = PyArray1::from_vec(py, values);
        let (offsets, indices) = (PyArray1::from_vec(py, offsets), PyArray1::from_vec(py, indices));
        let csr = py.import("scipy.sparse")?.getattr("csr_array")?;
        csr.call1(((values, indices, offsets), shape))
    }
}

impl<F: Real> Recording<F> {
    fn sparse_jacobian(&self, inputs: Inputs<'_, F>) -> Result<Matrix<F>, Error> {
        let (f, plans) = (&self.function, &self.plans);
        let plan = plans.jacobian.get_or_init(|| SparseJacobian::of(f)).as_ref();
        let plan = plan.map_err(Clone::clone)?;
        let mut values = vec![F::zero(); plan.structure().len()];
        plans
            .jacobians
            .with(|| plan.workspace(f), |space| plan.evaluate(f, space, inputs, &mut values))?;
        Ok(Matrix::new(plan.structure(), (f.num_outputs(), f.num_variables()), values))
    }

    fn sparse_hessian(&self, inputs: Inputs<'_, F>) -> Result<Matrix<F>, Error> {
        let (f, plans) = (&self.function, &self.plans);
        let plan = plans.hessian.get_or_init(|| SparseHessian::of(f)).as_ref();
        let plan = plan.map_err(Clone::clone)?;
        let mut values = vec![F::zero(); plan.structure().len()];
        plans.hessians.with(
            || plan.workspace(f),
            |space| plan.evaluate(f, space, inputs, &[F::one()], &mut values),
        )?;
        Ok(Matrix::new(plan.structure(), (f.num_variables(), f.num_variables()), values))
    }
}

/// A comparison that came out differently, apart from what else is wrong: another path may take
/// the point.
fn apart<T>(result: Result<T, Error>) -> Result<Result<T, Error>, wengert::Error> {
    match result {
        Err(error) => match error.of_function() {
            Some(error) => Err(error.clone()),
            None => Ok(Err(error)),
        },
        matrix => Ok(matrix),
    }
}

#[pymethods]
impl Function {
    /// The Jacobian as a sparse matrix, by a row for each output and a column for each variable.
    ///
    /// The pattern is that of the recording. Columns that share no row are found together, so that
    /// the price grows with the longest row and not with the number of variables.
    ///
    /// Parameters
    /// ----------
    /// x : array_like
    ///     The point.
    /// data : array_like, optional
    ///     Data in place of those of the tracing.
    ///
    /// Returns
    /// -------
    /// scipy.sparse.csr_array
    ///     Outputs and variables are counted in C's order.
    ///
    /// Examples
    /// --------
    /// >>> import numpy as np
    /// >>> f = wengert.function(lambda x: x[1:] * x[:-1], np.ones(1000))
    /// >>> jacobian = f.sparse_jacobian(np.arange(1000.0))
    /// >>> jacobian.shape, jacobian.nnz, float(jacobian[5, 6])
    /// ((999, 1000), 1998, 5.0)
    #[pyo3(signature = (x, data=None))]
    fn sparse_jacobian<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = x.py();
        each!(self, typed => {
            let arguments = self.arguments(typed, x, data)?;
            let matrix = self.run(py, typed, arguments.inputs()?, |path, inputs| {
                apart(path.sparse_jacobian(inputs))
            })?;
            matrix.map_err(|error| wrong_value(error.to_string()))?.into_scipy(py)
        })
    }

    /// The Hessian of a function that returns one number, as a sparse matrix.
    ///
    /// Parameters
    /// ----------
    /// x : array_like
    ///     The point.
    /// data : array_like, optional
    ///     Data in place of those of the tracing.
    ///
    /// Returns
    /// -------
    /// scipy.sparse.csr_array
    ///     Variables are counted in C's order.
    ///
    /// Examples
    /// --------
    /// >>> import numpy as np
    /// >>> f = wengert.function(lambda x: np.sum(x[1:] * x[:-1] ** 2), np.ones(1000))
    /// >>> hessian = f.sparse_hessian(np.ones(1000))
    /// >>> hessian.shape, hessian.nnz, float(hessian[5, 6])
    /// ((1000, 1000), 2997, 2.0)
    #[pyo3(signature = (x, data=None))]
    fn sparse_hessian<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.check_single_output()?;
        let py = x.py();
        each!(self, typed => {
            let arguments = self.arguments(typed, x, data)?;
            let matrix = self.run(py, typed, arguments.inputs()?, |path, inputs| {
                apart(path.sparse_hessian(inputs))
            })?;
            matrix.map_err(|error| wrong_value(error.to_string()))?.into_scipy(py)
        })
    }
}
