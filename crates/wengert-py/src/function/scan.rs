//! `_Scan`: a loop whose step is traced once, over flat arrays; `wengert.scan` gives it shapes.

use std::sync::{Mutex, PoisonError};

use numpy::{PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use wengert::scan::{ScanStep, ScanWorkspace};
use wengert::{Error, Scan, Var};

use super::arrays::{output, read, shape_text, slice, slice_mut};
use super::signals;
use super::tracing::{flatten, values};
use crate::errors::{raise, wrong_type, wrong_value};
use crate::graph::Operand;
use crate::record;
use crate::trace::{self, Trace, Tracing};

/// A loop whose step was traced once, over flat arrays.
#[pyclass(frozen, module = "wengert._wengert")]
pub(crate) struct _Scan {
    scan: Scan,
    /// Memory that nobody uses now, with the steps and the budget that it was made for.
    memory: Mutex<Vec<(Size, ScanWorkspace)>>,
}

/// How many steps, within how many bytes.
type Size = (usize, Option<usize>);

/// Sets of memory that are kept, each for loops of one length.
const KEPT: usize = 4;

/// What a step is computed from: shared numbers, the state, and its own variables and data.
type Blocks<T> = [Option<T>; 4];

/// The state among them.
const STATE: usize = 1;

/// Traces a step, and returns the loop with the shape of the step's outputs. The step is called with
/// the state first, then with what there is of the others.
#[pyfunction]
pub(crate) fn _scan<'py>(
    step: &Bound<'py, PyAny>,
    state: &Bound<'py, PyAny>,
    shared: Option<&Bound<'py, PyAny>>,
    variables: Option<&Bound<'py, PyAny>>,
    data: Option<&Bound<'py, PyAny>>,
    total: bool,
) -> PyResult<(_Scan, Vec<usize>)> {
    let blocks = [shared, Some(state), variables, data];
    let mut arrays: Blocks<PyReadonlyArrayDyn<'py, f64>> = Default::default();
    for (array, block) in arrays.iter_mut().zip(blocks) {
        *array = block.map(|block| read("a block of the step", block)).transpose()?;
    }
    let Called { trace, results, shape } = call(step, &arrays)?;

    let mut numbers: [&[f64]; 4] = [&[]; 4];
    for (numbers, array) in numbers.iter_mut().zip(&arrays) {
        *numbers = array.as_ref().map(slice).transpose()?.unwrap_or(&[]);
    }
    let [shared, state, variables, data] = numbers;
    let builder = Scan::builder().shared(shared).state(state).variables(variables).data(data);
    let mut failure = None;
    let scan = if total {
        builder.record_sum(|step| again(&trace, &results, step, &mut failure))
    } else {
        builder.record(|step| again(&trace, &results, step, &mut failure))
    };
    match failure {
        Some(error) => Err(error),
        None => Ok((_Scan::of(scan), shape)),
    }
}

/// What a step did when it was called with values: its results are the next state, then its outputs.
struct Called {
    trace: Trace,
    results: Vec<Operand>,
    shape: Vec<usize>,
}

/// Calls the step once.
fn call<'py>(
    step: &Bound<'py, PyAny>,
    arrays: &Blocks<PyReadonlyArrayDyn<'py, f64>>,
) -> PyResult<Called> {
    let py = step.py();
    let tracing = Tracing::start();
    let mut given: Blocks<Bound<'py, PyAny>> = Default::default();
    for (given, array) in given.iter_mut().zip(arrays) {
        if let Some(array) = array {
            *given = Some(values(py, array.shape(), slice(array)?)?);
        }
    }
    given.swap(0, STATE);
    let given: Vec<_> = given.into_iter().flatten().collect();
    let result = step.call1(PyTuple::new(py, given)?)?;
    let (next, outputs): (Bound<'_, PyAny>, Bound<'_, PyAny>) = result.extract().map_err(|_| {
        wrong_type("a step returns a pair: the next state, and its outputs, () for none")
    })?;
    let ((next, given), (outputs, shape)) = (flatten(&next)?, flatten(&outputs)?);
    let wanted = arrays[STATE].as_ref().map_or(&[][..], |state| state.shape());
    if given != wanted {
        return Err(wrong_value(format!(
            "the step returned a state of shape {}, and was given one of shape {}",
            shape_text(&given),
            shape_text(wanted)
        )));
    }
    let results = [next, outputs].concat();
    trace::check(&results)?;
    Ok(Called { trace: tracing.finish(), results, shape })
}

/// Records the step on the engine's variables.
fn again<'t>(
    trace: &Trace,
    results: &[Operand],
    step: ScanStep<'_, 't>,
    failure: &mut Option<PyErr>,
) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let inputs = [step.shared, step.state, step.variables, step.data].concat();
    let mut results = record::trace(trace, &inputs, results).unwrap_or_else(|error| {
        *failure = Some(error);
        step.state.to_vec()
    });
    let outputs = results.split_off(step.state.len());
    (results, outputs)
}

impl _Scan {
    fn of(scan: Scan) -> Self {
        Self { scan, memory: Mutex::default() }
    }

    /// Works with memory for so many steps, without the interpreter's lock, until a signal ends it.
    fn with<R: Send>(
        &self,
        py: Python<'_>,
        size: Size,
        work: impl FnOnce(&Scan, &mut ScanWorkspace) -> Result<R, Error> + Send,
    ) -> PyResult<R> {
        let operations = size.0.saturating_mul(self.scan.step().len());
        signals::detached(py, operations, |flag| {
            let mut workspace = self.take(size).map_err(|error| raise(&error))?;
            workspace.interrupt_by(flag.cloned());
            let result = work(&self.scan, &mut workspace);
            self.give(size, workspace);
            result.map_err(|error| raise(&error))
        })
    }

    fn take(&self, size: Size) -> Result<ScanWorkspace, Error> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = memory.iter().position(|(known, _)| *known == size) {
            return Ok(memory.swap_remove(at).1);
        }
        drop(memory);
        match size {
            (steps, None) => Ok(self.scan.workspace(steps)),
            (steps, Some(budget)) => self.scan.workspace_within(steps, budget),
        }
    }

    fn give(&self, size: Size, workspace: ScanWorkspace) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= KEPT {
            memory.remove(0);
        }
        memory.push((size, workspace));
    }
}

#[pymethods]
impl _Scan {
    /// All values of the loop.
    fn values<'py>(
        &self,
        py: Python<'py>,
        size: Size,
        variables: PyReadonlyArrayDyn<'py, f64>,
        data: PyReadonlyArrayDyn<'py, f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut array = output::<f64>(py, None, &[self.scan.num_outputs(size.0)])?;
        let (x, data, values) = (slice(&variables)?, slice(&data)?, slice_mut(&mut array)?);
        self.with(py, size, |scan, space| scan.values(space, size.0, (x, data), values))?;
        Ok(array.as_any().clone())
    }

    /// The value of a loop with one output, and its gradient.
    fn value_and_gradient<'py>(
        &self,
        py: Python<'py>,
        size: Size,
        variables: PyReadonlyArrayDyn<'py, f64>,
        data: PyReadonlyArrayDyn<'py, f64>,
    ) -> PyResult<(f64, Bound<'py, PyAny>)> {
        let mut array = output::<f64>(py, None, &[self.scan.num_variables(size.0)])?;
        let (x, data, gradient) = (slice(&variables)?, slice(&data)?, slice_mut(&mut array)?);
        let value = self.with(py, size, |scan, space| {
            scan.value_and_gradient(space, size.0, (x, data), gradient)
        })?;
        Ok((value, array.as_any().clone()))
    }

    /// Weights of all outputs times the Jacobian.
    fn vjp<'py>(
        &self,
        py: Python<'py>,
        size: Size,
        variables: PyReadonlyArrayDyn<'py, f64>,
        data: PyReadonlyArrayDyn<'py, f64>,
        weights: PyReadonlyArrayDyn<'py, f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut array = output::<f64>(py, None, &[self.scan.num_variables(size.0)])?;
        let (x, data, weights) = (slice(&variables)?, slice(&data)?, slice(&weights)?);
        let product = slice_mut(&mut array)?;
        self.with(py, size, |scan, space| scan.vjp(space, size.0, (x, data), weights, product))?;
        Ok(array.as_any().clone())
    }

    /// The bytes of what an evaluation keeps where no budget is given.
    fn memory(&self, steps: usize) -> usize {
        self.scan.workspace_bytes(steps)
    }

    /// The operations of one step.
    fn operations(&self) -> usize {
        self.scan.step().len()
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.scan.to_bytes())
    }

    #[staticmethod]
    fn from_bytes(data: &[u8]) -> PyResult<Self> {
        Scan::from_bytes(data).map(Self::of).map_err(|error| raise(&error))
    }
}
