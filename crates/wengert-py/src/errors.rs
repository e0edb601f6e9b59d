//! What can go wrong, as Python's exceptions.

use pyo3::PyErr;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};

pyo3::create_exception!(
    wengert,
    BranchError,
    PyRuntimeError,
    "A comparison came out differently than when the function was traced.\n\n\
     The message names the comparison with both outcomes, its file and its line. Trace with\n\
     ``on_branch=\"record\"``, or decide by :func:`wengert.where`, :func:`wengert.maximum` and\n\
     their like, which decide anew at every evaluation."
);
pyo3::create_exception!(
    wengert,
    TraceError,
    PyRuntimeError,
    "A value was used where it does not belong.\n\n\
     A value of one traced function met another function, or the world outside of both; or the\n\
     data of a value was set after others were computed from it."
);

/// Where the engine's advice for programs in Rust begins.
const ADVICE: &str = ": record the function at this point too";

/// The exception for an error of the engine.
pub(crate) fn raise(error: &wengert::Error) -> PyErr {
    let text = error.to_string();
    if error.is_guard() {
        let what = text.split_once(ADVICE).map_or(text.as_str(), |(what, _)| what);
        return BranchError::new_err(format!(
            "{what}: trace with on_branch=\"record\" to follow both paths, or decide by \
             wengert.where, wengert.maximum, wengert.minimum"
        ));
    }
    PyValueError::new_err(text)
}

/// An argument of a wrong type.
pub(crate) fn wrong_type(text: impl Into<String>) -> PyErr {
    PyTypeError::new_err(text.into())
}

/// An argument of a wrong value or shape.
pub(crate) fn wrong_value(text: impl Into<String>) -> PyErr {
    PyValueError::new_err(text.into())
}

/// A value that is used where it does not belong.
pub(crate) fn misplaced(text: impl Into<String>) -> PyErr {
    TraceError::new_err(text.into())
}
