//! Many evaluations at once, in vector instructions and by threads.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use numpy::{PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use rayon::prelude::*;
use wengert::{Batch, BatchWorkspace, Error, Inputs};

use super::arrays::{Float, output, read, read_shaped, shape_text, slice, slice_mut};
use super::tracing::trace_paths;
use super::typed::{Batched, LIMIT, Typed};
use super::{Function, Precision, each, finished, no_data, signals, threads};
use crate::errors::wrong_value;

/// Points and data: those that all samples share, and those of which each has a row.
struct Rows<'py, F: Float> {
    x: PyReadonlyArrayDyn<'py, F>,
    has_x_rows: bool,
    data: Option<PyReadonlyArrayDyn<'py, F>>,
    has_data_rows: bool,
    samples: usize,
}

/// An argument's numbers, and how many rows they are, `None` where it is shared by all.
fn rows<'py, F: Float>(
    what: &str,
    object: &Bound<'py, PyAny>,
    shape: &[usize],
) -> PyResult<(PyReadonlyArrayDyn<'py, F>, Option<usize>)> {
    let array = read(what, object)?;
    if array.shape() == shape {
        return Ok((array, None));
    }
    match array.shape() {
        [samples, row @ ..] if row == shape => {
            let samples = *samples;
            Ok((array, Some(samples)))
        }
        given => Err(wrong_value(format!(
            "{what} has shape {}, and {} for all samples, or a row of it for each, is wanted",
            shape_text(given),
            shape_text(shape)
        ))),
    }
}

impl Function {
    fn rows<'py, F: Float>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Rows<'py, F>> {
        let (x, of_x) = rows("x", x, &self.shapes.x)?;
        let (data, of_data) = match (data, &self.shapes.data) {
            (None, _) => (None, None),
            (Some(_), None) => return Err(no_data()),
            (Some(data), Some(shape)) => {
                let (data, of_data) = rows("data", data, shape)?;
                (Some(data), of_data)
            }
        };
        let samples = match (of_x, of_data) {
            (Some(one), Some(other)) if one != other => {
                return Err(wrong_value(format!("x has {one} rows, and data have {other}")));
            }
            (Some(samples), _) | (None, Some(samples)) => samples,
            (None, None) => {
                return Err(wrong_value(
                    "neither x nor data have a row for each sample: call the function itself",
                ));
            }
        };
        let (has_x_rows, has_data_rows) = (of_x.is_some(), of_data.is_some());
        Ok(Rows { x, has_x_rows, data, has_data_rows, samples })
    }

    /// The recording for batches: of a function that follows branches, all of its paths.
    fn batched<F: Float>(&self, py: Python<'_>, typed: &Typed<F>) -> PyResult<Batched<F>> {
        if let Some(batched) = typed.batched.get() {
            return Ok(batched.clone());
        }
        let recording = typed.first();
        let Some(f) = self.source.as_ref().filter(|_| self.follows) else {
            return Ok(Batched::single(recording));
        };
        let failure = Arc::default();
        let (at, known) = (recording.function.recorded_at(), Arc::clone(&failure));
        let all = trace_paths(f.clone_ref(py), self.shapes.clone(), at, LIMIT, known);
        let batched = Batched::following(all, failure);
        match batched.take_failure() {
            Some(error) => Err(error),
            None => Ok(typed.batched.get_or_init(|| batched).clone()),
        }
    }

    /// Evaluates a batch without the interpreter's lock, until a signal ends it. Each sample takes so
    /// many sweeps.
    fn run_batch<F: Float, R: Send>(
        &self,
        py: Python<'_>,
        typed: &Typed<F>,
        rows: &Rows<'_, F>,
        threads: Option<usize>,
        sweeps: usize,
        work: impl FnOnce(
            &wengert::Function<F>,
            &mut BatchWorkspace<F>,
            &Batch<'_, F>,
        ) -> Result<R, Error>
        + Send,
    ) -> PyResult<R> {
        let pool = threads::pool(threads)?;
        let batched = self.batched(py, typed)?;
        let path = &batched.recording;
        let (x, data) = (slice(&rows.x)?, rows.data.as_ref().map(slice).transpose()?);
        let data = data.unwrap_or(path.function.recorded_at().data);
        let batch = Batch::new(rows.samples);
        let batch = if rows.has_x_rows { batch.variables(x) } else { batch.shared_variables(x) };
        let batch = if rows.has_data_rows { batch.data(data) } else { batch.shared_data(data) };
        signals::detached(py, rows.operations(&path.function, sweeps), |flag| {
            batched.evaluate(|path| {
                let evaluate = || {
                    path.batch(pool.is_some(), |f, space| {
                        space.interrupt_by(flag.cloned());
                        work(f, space, &batch)
                    })
                };
                match &pool {
                    None => evaluate(),
                    Some(pool) => pool.install(evaluate),
                }
            })
        })
    }
}

#[pymethods]
impl Function {
    /// The values at many points, or for many rows of data.
    ///
    /// Parameters
    /// ----------
    /// x : array_like
    ///     One point for all samples, or a row of them for each: of one dimension more.
    /// data : array_like, optional
    ///     The same of data.
    /// threads : int, optional
    ///     How many threads share the work; as many as the machine has where it is not given.
    ///     The result has the same bits for any number.
    /// out : ndarray, optional
    ///     Where the values are written.
    ///
    /// Returns
    /// -------
    /// ndarray
    ///     A row for each sample.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x, t: x[0] * t + x[1], [1.0, 1.0], data=0.0)
    /// >>> f.batch([2.0, 1.0], data=[0.0, 1.0, 2.0])
    /// array([1., 3., 5.])
    #[pyo3(signature = (x, data=None, *, threads=None, out=None))]
    fn batch<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        threads: Option<usize>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        each!(self, typed => {
            let rows = self.rows(x, data)?;
            let shape = [&[rows.samples][..], &self.shapes.outputs].concat();
            let mut array = output(x.py(), out, &shape)?;
            let values = slice_mut(&mut array)?;
            self.run_batch(x.py(), typed, &rows, threads, 0, |f, space, batch| {
                f.batch_values(space, batch, values)
            })?;
            finished(array, out)
        })
    }

    /// The sum of the values of all samples, with its gradient.
    ///
    /// The sum is made in a tree whose shape depends on the number of samples alone, so that the
    /// result has the same bits for any number of threads.
    ///
    /// Parameters
    /// ----------
    /// x : array_like
    ///     One point for all samples, or a row for each.
    /// data : array_like, optional
    ///     The same of data.
    /// threads : int, optional
    ///     How many threads share the work.
    /// out : ndarray, optional
    ///     Where the gradient is written, of the shape of `x`.
    ///
    /// Returns
    /// -------
    /// value : float
    /// gradient : ndarray
    ///     Of the shape of `x`: summed over the samples where they share it, else a row for each.
    ///
    /// Examples
    /// --------
    /// >>> loss = wengert.function(lambda w, p: (w * p[0] - p[1]) ** 2, 1.0, data=[0.0, 0.0])
    /// >>> loss.batch_value_and_gradient(1.0, data=[[1.0, 2.0], [2.0, 4.0], [3.0, 5.0]])
    /// (9.0, -22.0)
    #[pyo3(signature = (x, data=None, *, threads=None, out=None))]
    fn batch_value_and_gradient<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        threads: Option<usize>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(f64, Bound<'py, PyAny>)> {
        self.check_single_output()?;
        each!(self, typed => {
            let rows = self.rows(x, data)?;
            let mut array = output(x.py(), out, rows.x.shape())?;
            let gradient = slice_mut(&mut array)?;
            let (shared, each): (&mut [_], &mut [_]) =
                if rows.has_x_rows { (&mut [], gradient) } else { (gradient, &mut []) };
            let value = self.run_batch(x.py(), typed, &rows, threads, 1, |f, space, batch| {
                f.batch_gradient(space, batch, shared, each)
            })?;
            Ok((value.wide(), finished(array, out)?))
        })
    }

    /// The value and the gradient of each sample, of a function that returns one number.
    ///
    /// Returns
    /// -------
    /// values : ndarray
    /// gradients : ndarray
    ///     A row for each sample, with respect to all of `x`, shared or not.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: x[0] * x[1], [1.0, 1.0])
    /// >>> values, gradients = f.batch_gradients([[2.0, 3.0], [4.0, 5.0]])
    /// >>> values, gradients
    /// (array([ 6., 20.]), array([[3., 2.],
    ///        [5., 4.]]))
    #[pyo3(signature = (x, data=None, *, threads=None))]
    fn batch_gradients<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        threads: Option<usize>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        self.check_single_output()?;
        self.batch_jacobians_of(x, data, threads, &[])
    }

    /// The values and the Jacobian of each sample.
    ///
    /// Returns
    /// -------
    /// values : ndarray
    /// jacobians : ndarray
    ///     For each sample an array of the outputs' shape, followed by that of `x`.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x: [x[0] + x[1], x[0] * x[1]], [1.0, 1.0])
    /// >>> f.batch_jacobians([[2.0, 3.0], [4.0, 5.0]])[1]
    /// array([[[1., 1.],
    ///         [3., 2.]],
    /// <BLANKLINE>
    ///        [[1., 1.],
    ///         [5., 4.]]])
    #[pyo3(signature = (x, data=None, *, threads=None))]
    fn batch_jacobians<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        threads: Option<usize>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        self.batch_jacobians_of(x, data, threads, &self.shapes.outputs)
    }

    /// The Hessian of each sample, times a vector that all share.
    ///
    /// Parameters
    /// ----------
    /// x : array_like
    ///     One point for all samples, or a row for each.
    /// v : array_like
    ///     The vector, of the shape of one point.
    /// data : array_like, optional
    ///     One set of data for all samples, or a row for each.
    /// threads : int, optional
    ///     How many threads share the work.
    ///
    /// Returns
    /// -------
    /// ndarray
    ///     A row for each sample.
    ///
    /// Examples
    /// --------
    /// >>> f = wengert.function(lambda x, t: t * x[0] ** 2 * x[1], [1.0, 1.0], data=1.0)
    /// >>> f.batch_hvp([2.0, 3.0], [1.0, 0.0], [1.0, 10.0])
    /// array([[ 6.,  4.],
    ///        [60., 40.]])
    #[pyo3(signature = (x, v, data=None, *, threads=None))]
    fn batch_hvp<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        v: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.check_single_output()?;
        let py = x.py();
        each!(self, typed => {
            let rows = self.rows(x, data)?;
            let v = read_shaped("v", v, &self.shapes.x)?;
            let v = slice(&v)?;
            let shape = [&[rows.samples][..], &self.shapes.x].concat();
            let mut array = output(py, None, &shape)?;
            let products = slice_mut(&mut array)?;
            let batched = self.batched(py, typed)?;
            let sample = rows.by_sample(batched.recording.function.recorded_at().data)?;
            let (n, pool) = (v.len().max(1), threads::pool(threads)?);
            let operations = rows.operations(&batched.recording.function, 3);
            signals::detached(py, operations, |flag| {
                batched.evaluate(|path| {
                    let product = |(at, product): (usize, &mut [_])| {
                        if flag.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                            return Ok(()); // What is found is not looked at any more.
                        }
                        path.dual(|f, space| f.hessian_vector_product(space, sample(at), v, product))
                    };
                    match &pool {
                        None => products.chunks_mut(n).enumerate().try_for_each(product),
                        Some(pool) => pool.install(|| {
                            let rows = products.par_chunks_mut(n).enumerate();
                            rows.with_min_len(SHARE).try_for_each(product)
                        }),
                    }
                })
            })?;
            finished(array, None)
        })
    }
}

/// Samples that one thread takes at least, where samples are evaluated one by one.
const SHARE: usize = 64;

impl<F: Float> Rows<'_, F> {
    /// The operations of an evaluation of all samples with so many sweeps each.
    fn operations(&self, f: &wengert::Function<F>, sweeps: usize) -> usize {
        self.samples.saturating_mul(f.len()).saturating_mul(1 + sweeps)
    }

    /// The inputs of each sample; `recorded` are the data where none were given.
    fn by_sample<'a>(
        &'a self,
        recorded: &'a [F],
    ) -> PyResult<impl Fn(usize) -> Inputs<'a, F> + Send + Sync> {
        let (x, data) = (slice(&self.x)?, self.data.as_ref().map(slice).transpose()?);
        let (data, samples) = (data.unwrap_or(recorded), self.samples.max(1));
        let (has_x_rows, has_data_rows) = (self.has_x_rows, self.has_data_rows);
        let row = move |numbers: &'a [F], has_rows: bool, at: usize| {
            let length = if has_rows { numbers.len() / samples } else { numbers.len() };
            if has_rows { &numbers[at * length..(at + 1) * length] } else { numbers }
        };
        Ok(move |at| Inputs {
            variables: row(x, has_x_rows, at),
            data: row(data, has_data_rows, at),
        })
    }
}

impl Function {
    fn batch_jacobians_of<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        threads: Option<usize>,
        outputs: &[usize],
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        each!(self, typed => {
            let rows = self.rows(x, data)?;
            let samples = [rows.samples];
            let mut values = output(x.py(), None, &[&samples[..], outputs].concat())?;
            let shape = [&samples[..], outputs, &self.shapes.x].concat();
            let mut jacobians = output(x.py(), None, &shape)?;
            let (to, derivatives) = (slice_mut(&mut values)?, slice_mut(&mut jacobians)?);
            let sweeps = outputs.iter().product();
            self.run_batch(x.py(), typed, &rows, threads, sweeps, |f, space, batch| {
                f.batch_jacobians(space, batch, to, derivatives)
            })?;
            Ok((finished(values, None)?, finished(jacobians, None)?))
        })
    }
}
