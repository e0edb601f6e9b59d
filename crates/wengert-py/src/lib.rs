//! The Python package `wengert`: what of it is written in Rust.
//!
//! `Value` is for learning: a number that knows what it was computed from (`graph`), whose
//! derivatives the engine finds on a tape of the moment (`record`). `Function` is for work: a
//! function of Python is traced once (`trace`, `function`), and what the engine makes of it is
//! evaluated on NumPy's arrays where they are.

mod errors;
mod function;
mod graph;
mod picture;
mod record;
mod reduce;
mod trace;
mod value;

/// What `import wengert` finds; `python/wengert/__init__.py` names what of it is public.
#[pyo3::pymodule]
mod _wengert {
    #[pymodule_export]
    use crate::errors::{BranchError, TraceError};
    #[pymodule_export]
    use crate::function::scan::{_Scan, _scan};
    #[pymodule_export]
    use crate::function::{_restore, Function, function};
    #[pymodule_export]
    use crate::picture::{Explanation, Page};
    #[pymodule_export]
    use crate::reduce::{_apply, _condition, _reduce, _select, Condition};
    #[pymodule_export]
    use crate::trace::record_sources;
    #[pymodule_export]
    use crate::value::Value;
}
