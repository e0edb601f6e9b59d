//! The recordings of one function in one precision, and which of them takes a point.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use pyo3::prelude::*;
use wengert::{Error, Inputs, Real};

use super::recording::Recording;
use super::tracing::Paths;
use crate::errors::raise;

/// Operations of a function from which on an evaluation releases the interpreter's lock: giving
/// it back and taking it again costs as much as some hundred operations.
const LONG: usize = 1000;

/// Paths that are kept: where more are met, the function is recorded nearly every time.
pub(super) const LIMIT: usize = 256;

/// All paths of a function. The first is that of its first recording.
#[derive(Debug)]
pub(crate) struct Typed<F: Real> {
    paths: RwLock<Paths<F>>,
    last: AtomicUsize,
    /// All paths as one recording of the engine's, for batches, once one was asked for.
    pub(super) batched: OnceLock<Batched<F>>,
}

/// A recording that follows every path, and what Python raised when it last recorded one.
#[derive(Clone, Debug)]
pub(crate) struct Batched<F: Real> {
    pub(super) recording: Arc<Recording<F>>,
    pub(super) failure: Arc<Mutex<Option<PyErr>>>,
    /// Taken by the batch that is evaluated where paths are recorded meanwhile: what Python raises
    /// is of one batch then, and none finds what another left.
    turn: Option<Arc<Mutex<()>>>,
}

impl<F: Real> Batched<F> {
    /// Of the one path that there is.
    pub(super) fn single(recording: Arc<Recording<F>>) -> Self {
        Self { recording, failure: Arc::default(), turn: None }
    }

    /// Of all paths; while one is recorded, `failure` takes what Python raises.
    pub(super) fn following(recording: Recording<F>, failure: Arc<Mutex<Option<PyErr>>>) -> Self {
        Self { recording: Arc::new(recording), failure, turn: Some(Arc::default()) }
    }

    /// Evaluates a batch; the exception for an error of the engine is Python's own, where that is
    /// the reason.
    pub(super) fn evaluate<R>(
        &self,
        work: impl FnOnce(&Recording<F>) -> Result<R, Error>,
    ) -> PyResult<R> {
        let turn = self.turn.as_ref();
        let _turn = turn.map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        self.take_failure();
        let result = work(&self.recording);
        result.map_err(|error| self.take_failure().unwrap_or_else(|| raise(&error)))
    }

    pub(super) fn take_failure(&self) -> Option<PyErr> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<F: Real> Typed<F> {
    pub(crate) fn new(paths: Paths<F>) -> Self {
        Self { paths: RwLock::new(paths), last: AtomicUsize::new(0), batched: OnceLock::new() }
    }

    pub(crate) fn paths(&self) -> Paths<F> {
        self.paths.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn first(&self) -> Arc<Recording<F>> {
        Arc::clone(&self.paths.read().unwrap_or_else(PoisonError::into_inner)[0])
    }

    /// The path that was last taken.
    fn current(&self) -> Arc<Recording<F>> {
        let paths = self.paths.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(paths.get(self.last.load(Relaxed)).unwrap_or(&paths[0]))
    }

    fn push(&self, recording: &Arc<Recording<F>>) {
        let mut paths = self.paths.write().unwrap_or_else(PoisonError::into_inner);
        if paths.len() >= LIMIT {
            paths.truncate(1);
        }
        paths.push(Arc::clone(recording));
        self.last.store(paths.len() - 1, Relaxed);
    }

    /// Evaluates on the path of the point: that which was last taken, one of the others, or, where
    /// none fits, what `record` records there; without it, a flipped comparison is an error.
    pub(crate) fn evaluate<R: Send>(
        &self,
        py: Python<'_>,
        inputs: Inputs<'_, F>,
        mut work: impl FnMut(&Recording<F>, Inputs<'_, F>) -> Result<R, Error> + Send,
        record: Option<impl FnOnce() -> PyResult<Recording<F>>>,
    ) -> PyResult<R> {
        let current = self.current();
        let error = match attempt(py, &current, inputs, &mut work) {
            Ok(result) => return Ok(result),
            Err(error) => error,
        };
        if !error.is_guard() {
            return Err(raise(&error));
        }
        let paths = self.paths();
        let others = paths.iter().enumerate().filter(|(_, path)| !Arc::ptr_eq(path, &current));
        for (position, path) in others {
            if let Ok(result) = attempt(py, path, inputs, &mut work) {
                self.last.store(position, Relaxed);
                return Ok(result);
            }
        }
        let Some(record) = record else {
            return Err(raise(&error));
        };
        let path = Arc::new(record()?);
        self.push(&path);
        attempt(py, &path, inputs, &mut work).map_err(|error| raise(&error))
    }
}

/// One evaluation, without the interpreter's lock where it takes long.
fn attempt<F: Real, R: Send>(
    py: Python<'_>,
    recording: &Recording<F>,
    inputs: Inputs<'_, F>,
    work: &mut (impl FnMut(&Recording<F>, Inputs<'_, F>) -> Result<R, Error> + Send),
) -> Result<R, Error> {
    if recording.function.len() < LONG {
        work(recording, inputs)
    } else {
        py.detach(|| work(recording, inputs))
    }
}
