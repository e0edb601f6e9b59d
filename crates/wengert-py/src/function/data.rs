//! What a function tells of itself, how it is saved, and its picture.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use wengert::Inputs;
use wengert_graph::{Picture, Snapshot, Theme};

use super::arrays::{Float, output, shape_text, slice_mut};
use super::recording::Recording;
use super::typed::Typed;
use super::{Function, Precision, Shapes, each, finished};
use crate::errors::{raise, wrong_value};
use crate::picture::Page;

#[pymethods]
impl Function {
    /// tuple of int: The shape of `x`.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x: x[0, 0] ** 2, [[1.0, 2.0]]).shape
    /// (1, 2)
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.shapes.x)
    }

    /// tuple of int or None: The shape of the data, if there are any.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x, t: x * t[0], 1.0, data=[1.0, 2.0]).data_shape
    /// (2,)
    #[getter]
    fn data_shape<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        self.shapes.data.as_ref().map(|shape| PyTuple::new(py, shape)).transpose()
    }

    /// tuple of int: The shape of what the function returns, ``()`` for a number.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x: [x, x * x, x ** 3], 1.0).output_shape
    /// (3,)
    #[getter]
    fn output_shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.shapes.outputs)
    }

    /// str: The precision, ``"float64"`` or ``"float32"``.
    ///
    /// Examples
    /// --------
    /// >>> import numpy as np
    /// >>> wengert.function(lambda x: x * x, np.float32(1)).dtype
    /// 'float32'
    #[getter]
    fn dtype(&self) -> &'static str {
        each!(self, typed => name_of(typed))
    }

    /// float or ndarray: The point of the tracing.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x: x[0] * x[1], [2.0, 3.0]).x0
    /// array([2., 3.])
    #[getter]
    fn x0<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        each!(self, typed => {
            let mut array = output(py, None, &self.shapes.x)?;
            slice_mut(&mut array)?.copy_from_slice(typed.first().function.recorded_at().variables);
            finished(array, None)
        })
    }

    /// str: The name of the function that was traced.
    ///
    /// Examples
    /// --------
    /// >>> def square(x): return x * x
    /// >>> wengert.function(square, 1.0).__name__
    /// 'square'
    #[getter]
    fn __name__(&self) -> &str {
        &self.name
    }

    /// int: How many paths were recorded; more than one only with ``on_branch="record"``.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x if x > 0 else -x, 1.0, on_branch="record")
    /// >>> f(-2.0), f.paths
    /// (2.0, 2)
    #[getter]
    fn paths(&self) -> usize {
        each!(self, typed => typed.paths().len())
    }

    /// int: The operations that an evaluation takes, after what the optimiser left out.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x: x * x + 0 * x.sin() - 0 * x.sin(), 1.0).operations > 0
    /// True
    #[getter]
    fn operations(&self) -> usize {
        each!(self, typed => typed.first().function.len())
    }

    /// list of str: The lines at which the traced function read the number of a value, which is
    /// frozen in the recording.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x * x.data, 3.0)
    /// >>> len(f.frozen), f(5.0)
    /// (1, 15.0)
    #[getter]
    fn frozen(&self) -> Vec<String> {
        self.frozen.iter().map(|place| format!("{}:{}", place.file, place.line)).collect()
    }

    /// str: What each pass of the optimiser did.
    ///
    /// Examples
    /// --------
    /// >>> isinstance(wengert.function(lambda x: x * x, 3.0).report, str)
    /// True
    #[getter]
    fn report(&self) -> String {
        each!(self, typed => typed.first().function.report().to_string())
    }

    fn __repr__(&self) -> String {
        let data = match &self.shapes.data {
            None => String::new(),
            Some(shape) => format!(", data {}", shape_text(shape)),
        };
        format!(
            "<wengert.Function {}: x {}{data} -> {}, {}, {} operations>",
            self.name,
            shape_text(&self.shapes.x),
            shape_text(&self.shapes.outputs),
            self.dtype(),
            self.operations()
        )
    }

    /// The graph of the function as the optimiser left it, at the point of the tracing, as SVG.
    ///
    /// Examples
    /// --------
    /// >>> wengert.function(lambda x: x * x, 3.0).svg().startswith("<svg")
    /// True
    fn svg(&self) -> PyResult<String> {
        Ok(Picture::of(&self.snapshot()?).svg(Theme::Auto))
    }

    /// The graph as a page that plays the forward pass and the sweep.
    ///
    /// Examples
    /// --------
    /// >>> "<script" in wengert.function(lambda x: x * x, 3.0).page().html
    /// True
    fn page(&self) -> PyResult<Page> {
        Ok(Page::new(Picture::of(&self.snapshot()?).html(Theme::Auto)))
    }

    /// The function as bytes that programs in Rust and in Python load: its first path.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x[0] * x[1], [1.0, 1.0])
    /// >>> wengert.Function.from_bytes(f.to_bytes()).gradient([2.0, 3.0])
    /// array([3., 2.])
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        each!(self, typed => PyBytes::new(py, &typed.first().function.to_bytes()))
    }

    /// The same as JSON, which people can read.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x[0] * x[1], [1.0, 1.0])
    /// >>> wengert.Function.from_json(f.to_json())([2.0, 3.0])
    /// 6.0
    fn to_json(&self) -> String {
        each!(self, typed => typed.first().function.to_json())
    }

    /// Loads what :meth:`to_bytes` gave. Variables and data are flat, and a single output is a
    /// number: shapes are kept by ``pickle``.
    ///
    /// Parameters
    /// ----------
    /// data : bytes
    ///     The saved function.
    /// dtype : {"float64", "float32"}
    ///     Its precision.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x.exp(), 1.0)
    /// >>> wengert.Function.from_bytes(f.to_bytes())([0.0])
    /// 1.0
    #[staticmethod]
    #[pyo3(signature = (data, dtype="float64"))]
    fn from_bytes(data: &[u8], dtype: &str) -> PyResult<Self> {
        load(dtype, || wengert::Function::from_bytes(data), || wengert::Function::from_bytes(data))
    }

    /// Loads what :meth:`to_json` gave, as :meth:`from_bytes` does.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x.exp(), 1.0)
    /// >>> wengert.Function.from_json(f.to_json())([0.0])
    /// 1.0
    #[staticmethod]
    #[pyo3(signature = (text, dtype="float64"))]
    fn from_json(text: &str, dtype: &str) -> PyResult<Self> {
        load(dtype, || wengert::Function::from_json(text), || wengert::Function::from_json(text))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, State)> {
        let restore = slf.py().import("wengert._wengert")?.getattr("_restore")?;
        let this = slf.get();
        let paths = each!(this, typed => {
            typed.paths().iter().map(|path| path.function.to_bytes()).collect()
        });
        let Shapes { x, data, outputs } = this.shapes.clone();
        let state = (this.name.clone(), this.dtype().to_owned(), x, data, outputs, paths);
        Ok((restore, state))
    }
}

/// What pickle keeps: the name, the precision, the shapes, and the paths as bytes.
type State = (String, String, Vec<usize>, Option<Vec<usize>>, Vec<usize>, Vec<Vec<u8>>);

/// A function as pickle kept it.
#[pyfunction]
pub(crate) fn _restore(
    name: String,
    dtype: &str,
    x: Vec<usize>,
    data: Option<Vec<usize>>,
    outputs: Vec<usize>,
    paths: Vec<Vec<u8>>,
) -> PyResult<Function> {
    fn typed<F: Float>(paths: &[Vec<u8>]) -> PyResult<Typed<F>> {
        let load = |bytes: &Vec<u8>| {
            let function = wengert::Function::from_bytes(bytes).map_err(|error| raise(&error))?;
            Ok(Arc::new(Recording::new(function)))
        };
        Ok(Typed::new(paths.iter().map(load).collect::<PyResult<_>>()?))
    }
    let precision = match dtype {
        "float32" => Precision::Single(typed(&paths)?),
        _ => Precision::Double(typed(&paths)?),
    };
    let shapes = Shapes { x, data, outputs };
    // Paths that are met after loading are errors: what was traced is not among what is kept.
    let (source, follows, frozen) = (None, false, Vec::new());
    Ok(Function { precision, shapes, name, source, follows, frozen })
}

/// A function of flat arrays.
fn load(
    dtype: &str,
    double: impl FnOnce() -> Result<wengert::Function<f64>, wengert::Error>,
    single: impl FnOnce() -> Result<wengert::Function<f32>, wengert::Error>,
) -> PyResult<Function> {
    fn flat<F: Float>(
        function: wengert::Function<F>,
        precision: impl FnOnce(Typed<F>) -> Precision,
    ) -> Function {
        let outputs =
            if function.num_outputs() == 1 { vec![] } else { vec![function.num_outputs()] };
        let data = (function.num_data() > 0).then(|| vec![function.num_data()]);
        let shapes = Shapes { x: vec![function.num_variables()], data, outputs };
        let precision = precision(Typed::new(vec![Arc::new(Recording::new(function))]));
        let (source, follows, frozen) = (None, false, Vec::new());
        Function { precision, shapes, name: "loaded".to_owned(), source, follows, frozen }
    }
    match dtype {
        "float64" => Ok(flat(double().map_err(|error| raise(&error))?, Precision::Double)),
        "float32" => Ok(flat(single().map_err(|error| raise(&error))?, Precision::Single)),
        _ => Err(wrong_value(format!("dtype is '{dtype}', not 'float64' or 'float32'"))),
    }
}

fn name_of<F: Float>(_: &Typed<F>) -> &'static str {
    F::NAME
}

impl Function {
    fn snapshot(&self) -> PyResult<Snapshot> {
        fn of<F: Float>(typed: &Typed<F>) -> Result<Snapshot, wengert::Error> {
            let path = typed.first();
            let Inputs { variables, data } = path.function.recorded_at();
            Snapshot::of_function(&path.function, (variables, data))
        }
        each!(self, typed => of(typed)).map_err(|error| raise(&error))
    }
}
