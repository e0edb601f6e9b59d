//! NumPy arrays in and out: read in place where their type and layout fit.

use numpy::ndarray::arr0;
use numpy::{
    Element, PyArray, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyReadwriteArrayDyn,
    PyUntypedArrayMethods,
};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyFloat, PyString};
use wengert::Real;

use crate::errors::{wrong_type, wrong_value};

/// A float that both NumPy and the engine know.
pub(crate) trait Float: Real + Element {
    /// NumPy's name of it.
    const NAME: &'static str;

    /// The number as Python has it.
    fn wide(self) -> f64;

    /// A number of Python's, rounded.
    fn narrow(number: f64) -> Self;
}
impl Float for f64 {
    const NAME: &'static str = "float64";
    fn wide(self) -> f64 {
        self
    }
    fn narrow(number: f64) -> Self {
        number
    }
}
impl Float for f32 {
    const NAME: &'static str = "float32";
    fn wide(self) -> f64 {
        self.into()
    }
    fn narrow(number: f64) -> Self {
        number as Self
    }
}

/// A shape as NumPy writes it.
pub(crate) fn shape_text(shape: &[usize]) -> String {
    match shape {
        [one] => format!("({one},)"),
        _ => {
            let numbers: Vec<String> = shape.iter().map(ToString::to_string).collect();
            format!("({})", numbers.join(", "))
        }
    }
}

/// The numbers of an argument. An array of the right type, in C's order and aligned, is read where
/// it is. What came over a wire may not be aligned.
pub(crate) fn read<'py, F: Float>(
    what: &str,
    object: &Bound<'py, PyAny>,
) -> PyResult<PyReadonlyArrayDyn<'py, F>> {
    if let Ok(array) = object.cast::<PyArrayDyn<F>>()
        && array.is_c_contiguous()
        && let Ok(array) = array.try_readonly()
        && array.as_slice().is_ok()
    {
        return Ok(array);
    }
    match object.cast::<PyFloat>() {
        Ok(number) => Ok(single(object.py(), F::narrow(number.value()))),
        Err(_) => convert(what, object),
    }
}

/// An array of no dimensions, without NumPy's way of finding out what a number is.
fn single<F: Float>(py: Python<'_>, number: F) -> PyReadonlyArrayDyn<'_, F> {
    let array = PyArray::from_owned_array(py, arr0(number).into_dyn());
    array.readonly()
}

/// A copy of other numbers: of lists, of other types, orders and alignments.
#[cold]
fn convert<'py, F: Float>(
    what: &str,
    object: &Bound<'py, PyAny>,
) -> PyResult<PyReadonlyArrayDyn<'py, F>> {
    let py = object.py();
    let numpy = py.import(intern!(py, "numpy"))?;
    let array = numpy.call_method1(intern!(py, "asarray"), (object,)).map_err(|error| {
        let given = error.value(py).str().map_or_else(|_| String::new(), |text| text.to_string());
        wrong_type(format!("{what} is no array of numbers: {given}"))
    })?;
    let kind = array.getattr("dtype")?.getattr("kind")?;
    if !["b", "i", "u", "f"].contains(&kind.cast::<PyString>()?.to_str()?) {
        let dtype = array.getattr("dtype")?.str()?;
        return Err(wrong_type(format!(
            "{what} has dtype {dtype}: an array of real numbers is wanted, such as {}",
            F::NAME
        )));
    }
    let options = [("order", "C"), ("dtype", F::NAME)].into_py_dict(py)?;
    let array = numpy.call_method("array", (array,), Some(&options))?;
    Ok(array.cast::<PyArrayDyn<F>>().map_err(PyErr::from)?.try_readonly()?)
}

/// The same, of a shape that is given.
pub(crate) fn read_shaped<'py, F: Float>(
    what: &str,
    object: &Bound<'py, PyAny>,
    shape: &[usize],
) -> PyResult<PyReadonlyArrayDyn<'py, F>> {
    let array = read(what, object)?;
    if array.shape() == shape {
        return Ok(array);
    }
    Err(wrong_value(format!(
        "{what} has shape {}, and {} is wanted",
        shape_text(array.shape()),
        shape_text(shape)
    )))
}

/// The array that results are written to: the caller's, or a new one.
pub(crate) fn output<'py, F: Float>(
    py: Python<'py>,
    out: Option<&Bound<'py, PyAny>>,
    shape: &[usize],
) -> PyResult<PyReadwriteArrayDyn<'py, F>> {
    let Some(out) = out else {
        return Ok(PyArray::zeros(py, shape, false).readwrite());
    };
    let array = out.cast::<PyArrayDyn<F>>().map_err(|_| {
        let given = out
            .getattr("dtype")
            .and_then(|dtype| dtype.str())
            .map_or_else(|_| "no array".to_owned(), |dtype| format!("an array of {dtype}"));
        wrong_type(format!("out is {given}, and an array of {} is wanted", F::NAME))
    })?;
    if array.shape() != shape {
        return Err(wrong_value(format!(
            "out has shape {}, and {} is wanted",
            shape_text(array.shape()),
            shape_text(shape)
        )));
    }
    if !array.is_c_contiguous() {
        return Err(wrong_value("out is not contiguous in C's order"));
    }
    array.try_readwrite().map_err(|_| {
        wrong_value("out cannot be written: it is read-only, or shares memory with an argument")
    })
}

/// The numbers of an array in C's order.
pub(crate) fn slice<'a, F: Float>(array: &'a PyReadonlyArrayDyn<'_, F>) -> PyResult<&'a [F]> {
    Ok(array.as_slice()?)
}

/// The same, to be written.
pub(crate) fn slice_mut<'a, F: Float>(
    array: &'a mut PyReadwriteArrayDyn<'_, F>,
) -> PyResult<&'a mut [F]> {
    Ok(array.as_slice_mut()?)
}
