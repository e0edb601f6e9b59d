//! `Function`: a function of Python, traced once and evaluated many times.

mod arrays;
mod batch;
mod data;
mod plans;
mod recording;
pub(crate) mod scan;
mod signals;
mod sparse;
mod threads;
mod tracing;
mod typed;

use std::sync::Arc;

use numpy::{PyReadonlyArrayDyn, PyReadwriteArrayDyn, PyUntypedArrayMethods};
use pyo3::intern;
use pyo3::prelude::*;
use wengert::Inputs;

use crate::errors::{wrong_type, wrong_value};
use crate::graph::Place;
use arrays::{Float, output, read, read_shaped, shape_text, slice, slice_mut};
use recording::Recording;
use tracing::{Traced, holds_values, trace};
use typed::Typed;

pub(crate) use data::_restore;

/// The shapes of a function's arguments and of what it returns.
#[derive(Clone, Debug)]
struct Shapes {
    x: Vec<usize>,
    data: Option<Vec<usize>>,
    outputs: Vec<usize>,
}

/// The recordings, in the precision of the function.
#[derive(Debug)]
enum Precision {
    Double(Typed<f64>),
    Single(Typed<f32>),
}

/// A function that was traced once, and is evaluated and differentiated without Python.
///
/// :func:`wengert.function` makes it. All methods take the point `x`, an array of the shape that
/// the function was traced with, and `data`, which are those of the tracing where none are given.
/// Arrays of the function's own precision, in C's order, are read where they are. Results are
/// written to `out` where that is given. Threads may share a function: an evaluation that takes
/// long runs without the interpreter's lock.
///
/// Examples
/// --------
/// >>> f = wengert.function(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [0.0, 0.0])
/// >>> f([1.0, 2.0])
/// 100.0
/// >>> f.gradient([1.0, 2.0])
/// array([-400.,  200.])
#[pyclass(frozen, weakref, module = "wengert")]
pub(crate) struct Function {
    precision: Precision,
    shapes: Shapes,
    name: String,
    /// What was traced; nothing where the function was loaded.
    source: Option<Py<PyAny>>,
    /// Whether another path is recorded where a comparison comes out differently.
    follows: bool,
    frozen: Vec<Place>,
}

/// Does the same in the one precision or the other.
macro_rules! each {
    ($function:expr, $typed:ident => $work:expr) => {
        match &$function.precision {
            Precision::Double($typed) => $work,
            Precision::Single($typed) => $work,
        }
    };
}
use each;

/// Traces a function of NumPy arrays once, so that it can be evaluated and differentiated.
///
/// Parameters
/// ----------
/// f : callable
///     Takes an array of :class:`Value` of the shape of `x0`, and one of the shape of `data` if
///     there are data; returns a value, or an array or lists of values. It is called once.
/// x0 : array_like
///     The point of the tracing. Where it is of ``float32``, so is the function.
/// data : array_like, optional
///     Numbers that may change between evaluations, and are not differentiated by.
/// on_branch : {"raise", "record"}
///     What happens where a comparison of the function comes out differently at another point:
///     :class:`BranchError`, or `f` is traced again there and both paths are kept.
///
/// Returns
/// -------
/// Function
///
/// Raises
/// ------
/// TraceError
///     If `f` uses a value from outside.
/// ValueError
///     If `x0` or `data` hold a NaN.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> f = wengert.function(lambda x, t: np.sum(np.exp(-t * x)), np.ones(3), data=2.0)
/// >>> value, gradient = f.value_and_gradient(np.zeros(3), data=0.5)
/// >>> value, gradient
/// (3.0, array([-0.5, -0.5, -0.5]))
#[pyfunction]
#[pyo3(signature = (f, x0, data=None, *, on_branch="raise"))]
pub(crate) fn function(
    f: &Bound<'_, PyAny>,
    x0: &Bound<'_, PyAny>,
    data: Option<&Bound<'_, PyAny>>,
    on_branch: &str,
) -> PyResult<Function> {
    let follows = match on_branch {
        "raise" => false,
        "record" => true,
        _ => {
            return Err(wrong_value(format!(
                "on_branch is '{on_branch}', not 'raise' or 'record'"
            )));
        }
    };
    if !f.is_callable() {
        return Err(wrong_type("the function to trace cannot be called"));
    }
    let is_single = x0.getattr("dtype").is_ok_and(|dtype| dtype.to_string() == "float32");
    if is_single {
        Function::traced(f, x0, data, follows, Precision::Single)
    } else {
        Function::traced(f, x0, data, follows, Precision::Double)
    }
}

/// The arguments of an evaluation as Python gives them, and where its result is to go.
#[derive(Clone, Copy)]
struct Given<'a, 'py> {
    x: &'a Bound<'py, PyAny>,
    data: Option<&'a Bound<'py, PyAny>>,
    out: Option<&'a Bound<'py, PyAny>>,
}

/// The arguments of an evaluation.
struct Arguments<'py, F: Float> {
    x: PyReadonlyArrayDyn<'py, F>,
    /// `None` for those of the tracing.
    data: Option<PyReadonlyArrayDyn<'py, F>>,
    first: Arc<Recording<F>>,
}

impl<F: Float> Arguments<'_, F> {
    fn inputs(&self) -> PyResult<Inputs<'_, F>> {
        let data = match &self.data {
            Some(data) => slice(data)?,
            None => self.first.function.recorded_at().data,
        };
        Ok(Inputs { variables: slice(&self.x)?, data })
    }
}

impl Function {
    fn traced<F: Float>(
        f: &Bound<'_, PyAny>,
        x0: &Bound<'_, PyAny>,
        data: Option<&Bound<'_, PyAny>>,
        follows: bool,
        precision: impl FnOnce(Typed<F>) -> Precision,
    ) -> PyResult<Self> {
        let x = read::<F>("x0", x0)?;
        let data = data.map(|data| read::<F>("data", data)).transpose()?;
        let data_shape = data.as_ref().map(|data| data.shape().to_vec());
        let mut shapes = Shapes { x: x.shape().to_vec(), data: data_shape, outputs: Vec::new() };
        let numbers = data.as_ref().map(slice).transpose()?.unwrap_or(&[]);
        for (what, numbers) in [("x0", slice(&x)?), ("data", numbers)] {
            if let Some(at) = numbers.iter().position(|number| number.is_nan()) {
                return Err(wrong_value(format!(
                    "{what} has a NaN, its number {at}: comparisons with it would choose a path \
                     that no other point takes"
                )));
            }
        }
        let Traced { recording, outputs, frozen } = trace(f, &shapes, slice(&x)?, numbers)?;
        shapes.outputs = outputs;
        let name = f.getattr("__name__").map_or_else(|_| "function".to_owned(), |n| n.to_string());
        let source = Some(f.clone().unbind());
        let precision = precision(Typed::new(vec![Arc::new(recording)]));
        Ok(Self { precision, shapes, name, source, follows, frozen })
    }

    fn arguments<'py, F: Float>(
        &self,
        typed: &Typed<F>,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Arguments<'py, F>> {
        let x = read_shaped("x", x, &self.shapes.x)?;
        let data = match (data, &self.shapes.data) {
            (None, _) => None,
            (Some(data), Some(shape)) => Some(read_shaped("data", data, shape)?),
            (Some(_), None) => return Err(no_data()),
        };
        Ok(Arguments { x, data, first: typed.first() })
    }

    /// Evaluates at a point, on its path.
    fn run<F: Float, R: Send>(
        &self,
        py: Python<'_>,
        typed: &Typed<F>,
        inputs: Inputs<'_, F>,
        work: impl FnMut(&Recording<F>, Inputs<'_, F>) -> Result<R, wengert::Error> + Send,
    ) -> PyResult<R> {
        let source = self.source.as_ref().filter(|_| self.follows);
        let record = source.map(|f| {
            || {
                let Inputs { variables, data } = inputs;
                trace(f.bind(py), &self.shapes, variables, data).map(|traced| traced.recording)
            }
        });
        typed.evaluate(py, inputs, work, record)
    }

    fn check_single_output(&self) -> PyResult<()> {
        if self.shapes.outputs.iter().product::<usize>() == 1 {
            return Ok(());
        }
        Err(wrong_value(format!(
            "the function returns an array of shape {}, and a gradient is that of a number: take \
             jacobian or vjp",
            shape_text(&self.shapes.outputs)
        )))
    }

    /// Evaluates at a point, on its path, into an array: the caller's, or a new one.
    fn filled<'py, F: Float, R: Send>(
        &self,
        typed: &Typed<F>,
        Given { x, data, out }: Given<'_, 'py>,
        shape: &[usize],
        mut work: impl FnMut(&Recording<F>, Inputs<'_, F>, &mut [F]) -> Result<R, wengert::Error> + Send,
    ) -> PyResult<(R, Bound<'py, PyAny>)> {
        let arguments = self.arguments(typed, x, data)?;
        let mut array = output(x.py(), out, shape)?;
        let numbers = slice_mut(&mut array)?;
        let result = self
            .run(x.py(), typed, arguments.inputs()?, |path, inputs| work(path, inputs, numbers))?;
        Ok((result, finished(array, out)?))
    }

    /// Shapes put together: of a Jacobian, the outputs' before the variables'.
    fn joined(&self, first: &[usize]) -> Vec<usize> {
        [first, &self.shapes.x].concat()
    }
}

fn no_data() -> PyErr {
    wrong_value("data are given, and the function was traced without: trace it with data=")
}

/// The array that was written to; a number where it would be an array of none but itself.
fn finished<'py, F: Float>(
    array: PyReadwriteArrayDyn<'py, F>,
    out: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let array = array.as_any().clone();
    if out.is_none() && array.getattr(intern!(array.py(), "ndim"))?.extract::<usize>()? == 0 {
        return array.call_method0(intern!(array.py(), "item"));
    }
    Ok(array)
}

#[pymethods]
impl Function {
    /// Evaluates the function. Inside a function that is being traced, on values, it becomes a
    /// part of that.
    #[pyo3(signature = (x, data=None, *, out=None))]
    fn __call__<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = x.py();
        if holds_values(x) || data.is_some_and(holds_values) {
            let f = self.source.as_ref().ok_or_else(|| {
                wrong_type("a loaded function cannot become part of another that is being traced")
            })?;
            return match data {
                None => f.bind(py).call1((x,)),
                Some(data) => f.bind(py).call1((x, data)),
            };
        }
        each!(self, typed => {
            if self.shapes.outputs.is_empty() && out.is_none() {
                let arguments = self.arguments(typed, x, data)?;
                let value = self.run(py, typed, arguments.inputs()?, |path, inputs| {
                    path.single(|f, space| f.value(space, inputs))
                })?;
                return Ok(value.wide().into_pyobject(py)?.into_any());
            }
            let given = Given { x, data, out };
            let filled = self.filled(typed, given, &self.shapes.outputs, |path, inputs, values| {
                path.single(|f, space| f.values(space, inputs, values))
            })?;
            Ok(filled.1)
        })
    }

    /// The gradient of a function that returns one number.
    ///
    /// Parameters
    /// ----------
    /// x : array_like
    ///     The point.
    /// data : array_like, optional
    ///     Data in place of those of the tracing.
    /// out : ndarray, optional
    ///     Where the gradient is written, of the shape of `x`.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x: x[0] * x[1], [1.0, 1.0]).gradient([2.0, 3.0])
    /// array([3., 2.])
    #[pyo3(signature = (x, data=None, *, out=None))]
    fn gradient<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.value_and_gradient(x, data, out).map(|(_, gradient)| gradient)
    }

    /// The value and the gradient, of a function that returns one number.
    ///
    /// Returns
    /// -------
    /// value : float
    /// gradient : ndarray
    ///     Of the shape of `x`.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x[0] * x[1], [1.0, 1.0])
    /// >>> f.value_and_gradient([2.0, 3.0])
    /// (6.0, array([3., 2.]))
    #[pyo3(signature = (x, data=None, *, out=None))]
    fn value_and_gradient<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(f64, Bound<'py, PyAny>)> {
        self.check_single_output()?;
        let given = Given { x, data, out };
        each!(self, typed => {
            let filled = self.filled(typed, given, &self.shapes.x, |path, inputs, gradient| {
                path.single(|f, space| f.value_and_gradient(space, inputs, gradient))
            })?;
            Ok((filled.0.wide(), filled.1))
        })
    }

    /// The Jacobian: the partial derivative of each output with respect to each variable.
    ///
    /// Returns
    /// -------
    /// ndarray
    ///     Its shape is that of the outputs, followed by that of `x`.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: [x[0] + x[1], x[0] * x[1]], [1.0, 1.0])
    /// >>> f.jacobian([2.0, 3.0])
    /// array([[1., 1.],
    ///        [3., 2.]])
    #[pyo3(signature = (x, data=None, *, out=None))]
    fn jacobian<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given { x, data, out };
        each!(self, typed => {
            let filled = self.filled(typed, given, &self.joined(&self.shapes.outputs), |path, inputs, jacobian| {
                path.single(|f, space| f.jacobian(space, inputs, jacobian))
            })?;
            Ok(filled.1)
        })
    }

    /// The Hessian of a function that returns one number.
    ///
    /// Returns
    /// -------
    /// ndarray
    ///     Its shape is that of `x`, twice.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x: x[0] ** 2 * x[1], [1.0, 1.0]).hessian([2.0, 3.0])
    /// array([[6., 4.],
    ///        [4., 0.]])
    #[pyo3(signature = (x, data=None, *, out=None))]
    fn hessian<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.check_single_output()?;
        let given = Given { x, data, out };
        each!(self, typed => {
            let filled = self.filled(typed, given, &self.joined(&self.shapes.x), |path, inputs, hessian| {
                path.dual(|f, space| f.hessian(space, inputs, hessian))
            })?;
            Ok(filled.1)
        })
    }

    /// The Hessian times a vector, for about the price of three gradients.
    ///
    /// Parameters
    /// ----------
    /// x, v : array_like
    ///     The point and the vector, of the same shape.
    /// data : array_like, optional
    ///     Data in place of those of the tracing.
    /// out : ndarray, optional
    ///     Where the product is written, of the shape of `x`.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x[0] ** 2 * x[1], [1.0, 1.0])
    /// >>> f.hvp([2.0, 3.0], [1.0, 0.0])
    /// array([6., 4.])
    #[pyo3(signature = (x, v, data=None, *, out=None))]
    fn hvp<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        v: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.check_single_output()?;
        let given = Given { x, data, out };
        each!(self, typed => {
            let v = read_shaped("v", v, &self.shapes.x)?;
            let v = slice(&v)?;
            let filled = self.filled(typed, given, &self.shapes.x, |path, inputs, product| {
                path.dual(|f, space| f.hessian_vector_product(space, inputs, v, product))
            })?;
            Ok(filled.1)
        })
    }

    /// A vector times the Jacobian, by one sweep backward.
    ///
    /// Parameters
    /// ----------
    /// x : array_like
    ///     The point.
    /// v : array_like
    ///     The weights, of the shape of the outputs.
    /// data : array_like, optional
    ///     Data in place of those of the tracing.
    /// out : ndarray, optional
    ///     Where the product is written, of the shape of `x`.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: [x[0] + x[1], x[0] * x[1]], [1.0, 1.0])
    /// >>> f.vjp([2.0, 3.0], [1.0, 10.0])
    /// array([31., 21.])
    #[pyo3(signature = (x, v, data=None, *, out=None))]
    fn vjp<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        v: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given { x, data, out };
        each!(self, typed => {
            let v = read_shaped("v", v, &self.shapes.outputs)?;
            let v = slice(&v)?;
            let filled = self.filled(typed, given, &self.shapes.x, |path, inputs, product| {
                path.single(|f, space| f.vjp(space, inputs, v, product))
            })?;
            Ok(filled.1)
        })
    }

    /// The Jacobian times a vector, by one sweep forward.
    ///
    /// Parameters
    /// ----------
    /// x, v : array_like
    ///     The point and the direction, of the same shape.
    /// data : array_like, optional
    ///     Data in place of those of the tracing.
    /// out : ndarray, optional
    ///     Where the product is written, of the shape of the outputs.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: [x[0] + x[1], x[0] * x[1]], [1.0, 1.0])
    /// >>> f.jvp([2.0, 3.0], [1.0, 0.0])
    /// array([1., 3.])
    #[pyo3(signature = (x, v, data=None, *, out=None))]
    fn jvp<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        v: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given { x, data, out };
        each!(self, typed => {
            let v = read_shaped("v", v, &self.shapes.x)?;
            let v = slice(&v)?;
            let filled = self.filled(typed, given, &self.shapes.outputs, |path, inputs, product| {
                path.dual(|f, space| f.jvp(space, inputs, v, product))
            })?;
            Ok(filled.1)
        })
    }
}
