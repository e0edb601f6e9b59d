//! Tracing: a function of Python is called once, with arrays of values.

use std::sync::{Arc, Mutex, PoisonError};

use numpy::ndarray::{Array, IxDyn};
use numpy::{PyArray, PyArrayMethods};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use wengert::{Function, Inputs, Var};

use super::Shapes;
use super::arrays::Float;
use super::recording::Recording;
use crate::errors::wrong_type;
use crate::graph::Operand;
use crate::graph::Place;
use crate::record;
use crate::trace::{self, Trace, Tracing};
use crate::value::{Value, operand};

/// What a trace gave.
pub(super) struct Traced<F: wengert::Real> {
    pub(super) recording: Recording<F>,
    pub(super) outputs: Vec<usize>,
    pub(super) frozen: Vec<Place>,
}

/// Calls `f` once at a point, and records what it does.
pub(super) fn trace<F: Float>(
    f: &Bound<'_, PyAny>,
    shapes: &Shapes,
    x: &[F],
    data: &[F],
) -> PyResult<Traced<F>> {
    let Called { trace, outputs, shape } = call(f, shapes, x, data)?;
    let mut failure = None;
    let builder = Function::<F>::builder().data(data);
    let function = builder.record_many_with_data(x, |x, data| {
        record::trace(&trace, &[x, data].concat(), &outputs).unwrap_or_else(|error| {
            failure = Some(error);
            Vec::new()
        })
    });
    match failure {
        Some(error) => Err(error),
        None => {
            Ok(Traced { recording: Recording::new(function), outputs: shape, frozen: trace.frozen })
        }
    }
}

/// The same, of a function that is called again wherever a point takes another path, on whatever
/// thread meets it. Python's exceptions, for which the engine has no place, are left in `failure`.
pub(super) fn trace_paths<F: Float>(
    f: Py<PyAny>,
    shapes: Shapes,
    at: Inputs<'_, F>,
    limit: usize,
    failure: Arc<Mutex<Option<PyErr>>>,
) -> Recording<F> {
    let builder = Function::<F>::builder().data(at.data);
    let function = builder.record_paths(at.variables, limit, move |x, data| {
        let numbers = |vars: &[Var<'_, F>]| vars.iter().map(Var::value).collect::<Vec<F>>();
        let recorded = Python::attach(|py| {
            let called = call(f.bind(py), &shapes, &numbers(x), &numbers(data))?;
            record::trace(&called.trace, &[x, data].concat(), &called.outputs)
        });
        recorded.unwrap_or_else(|error| {
            *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            // Fewer outputs than the first path has are an error of the evaluation.
            Vec::new()
        })
    });
    Recording::new(function)
}

/// What a function did when it was called with values.
struct Called {
    trace: Trace,
    outputs: Vec<Operand>,
    shape: Vec<usize>,
}

/// Calls `f` with values at a point.
fn call<F: Float>(f: &Bound<'_, PyAny>, shapes: &Shapes, x: &[F], data: &[F]) -> PyResult<Called> {
    let py = f.py();
    let tracing = Tracing::start();
    let variables = values(py, &shapes.x, x)?;
    let result = match &shapes.data {
        None => f.call1((variables,))?,
        Some(shape) => f.call1((variables, values(py, shape, data)?))?,
    };
    let (outputs, shape) = flatten(&result)?;
    trace::check(&outputs)?;
    Ok(Called { trace: tracing.finish(), outputs, shape })
}

/// New values, as an array; of a single number the value itself.
pub(crate) fn values<'py, F: Float>(
    py: Python<'py>,
    shape: &[usize],
    numbers: &[F],
) -> PyResult<Bound<'py, PyAny>> {
    let value = |number: &F| Py::new(py, Value(trace::input(py, number.wide())));
    if shape.is_empty() {
        return Ok(value(&numbers[0])?.into_bound(py).into_any());
    }
    let list = numbers.iter().map(value).collect::<PyResult<Vec<_>>>()?;
    let array = Array::from_shape_vec(IxDyn(shape), list).expect("a number for each place");
    Ok(PyArray::from_owned_object_array(py, array).into_any())
}

/// What a function returned: a value, a number, an array or lists of them.
pub(crate) fn flatten(result: &Bound<'_, PyAny>) -> PyResult<(Vec<Operand>, Vec<usize>)> {
    let py = result.py();
    let options = PyDict::new(py);
    options.set_item("dtype", "object")?;
    let numpy = py.import(intern!(py, "numpy"))?;
    let array = numpy.call_method("asarray", (result,), Some(&options))?;
    let shape: Vec<usize> = array.getattr("shape")?.extract()?;
    let mut outputs = Vec::new();
    for element in array.call_method0("ravel")?.call_method0("tolist")?.try_iter()? {
        let element = element?;
        let name =
            || element.get_type().name().map_or_else(|_| "?".into(), |name| name.to_string());
        outputs.push(operand(&element)?.ok_or_else(|| {
            wrong_type(format!(
                "the traced function returned {}, and values, numbers, or arrays and lists of \
                 them are wanted",
                name()
            ))
        })?);
    }
    Ok((outputs, shape))
}

/// Whether an argument holds values of a trace that is running, so that the function has to
/// become a part of it.
pub(super) fn holds_values(x: &Bound<'_, PyAny>) -> bool {
    if !trace::is_tracing() {
        return false;
    }
    x.is_instance_of::<Value>()
        || x.cast::<numpy::PyArrayDyn<Py<PyAny>>>().is_ok_and(|array| {
            array.try_readonly().is_ok_and(|array| {
                array
                    .as_array()
                    .iter()
                    .any(|element| element.bind(x.py()).is_instance_of::<Value>())
            })
        })
}

/// The recordings of a function, one for each path that was met.
pub(super) type Paths<F> = Vec<Arc<Recording<F>>>;
