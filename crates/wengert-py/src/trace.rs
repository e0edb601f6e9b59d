//! What happens while a function of Python is traced: every operation and comparison is noted.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use pyo3::prelude::*;
use pyo3::types::PyString;
use wengert::OpKind;

use crate::errors::misplaced;
use crate::graph::{Node, Operand, Operands, Place};

/// What a program can ask of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Less,
    LessOrEqual,
    Equal,
}

impl Relation {
    pub(crate) fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Equal => left == right,
        }
    }
}

/// A comparison that the program made, with its outcome and its line.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) relation: Relation,
    pub(crate) operands: [Operand; 2],
    pub(crate) outcome: bool,
    pub(crate) place: Option<Place>,
}

/// One run of a function over variables. Its first nodes are the variables and the data.
#[derive(Debug)]
pub(crate) struct Trace {
    identity: u64,
    pub(crate) nodes: Vec<Arc<Node>>,
    pub(crate) comparisons: Vec<Comparison>,
    /// Where numbers left the recording: they are frozen in it.
    pub(crate) frozen: Vec<Place>,
}

thread_local! {
    static ACTIVE: RefCell<Vec<Trace>> = const { RefCell::new(Vec::new()) };
}

static IDENTITIES: AtomicU64 = AtomicU64::new(1);
static SOURCES: AtomicBool = AtomicBool::new(false);

/// Begins a trace on this thread, which ends when the guard is asked to or dropped.
#[derive(Debug)]
pub(crate) struct Tracing(());

impl Tracing {
    pub(crate) fn start() -> Self {
        let identity = IDENTITIES.fetch_add(1, Relaxed);
        let (nodes, comparisons, frozen) = (Vec::new(), Vec::new(), Vec::new());
        let trace = Trace { identity, nodes, comparisons, frozen };
        ACTIVE.with_borrow_mut(|active| active.push(trace));
        Self(())
    }

    /// What was traced. The guard's own drop then finds the trace gone.
    pub(crate) fn finish(self) -> Trace {
        std::mem::forget(self);
        ACTIVE.with_borrow_mut(|active| active.pop().expect("a trace ends once"))
    }
}

impl Drop for Tracing {
    fn drop(&mut self) {
        ACTIVE.with_borrow_mut(|active| active.pop());
    }
}

/// Whether this thread traces a function.
pub(crate) fn is_tracing() -> bool {
    ACTIVE.with_borrow(|active| !active.is_empty())
}

/// A new number.
pub(crate) fn input(py: Python<'_>, data: f64) -> Arc<Node> {
    enter(py, Node::input(data))
}

/// The result of an operation.
pub(crate) fn apply(py: Python<'_>, kind: OpKind, operands: Operands) -> PyResult<Arc<Node>> {
    check(&operands)?;
    Ok(enter(py, Node::apply(kind, operands)?))
}

/// Gives a node its place in the program and in the trace, if there is one.
fn enter(py: Python<'_>, mut node: Node) -> Arc<Node> {
    if SOURCES.load(Relaxed) {
        node.place = caller(py);
    }
    ACTIVE.with_borrow_mut(|active| match active.last_mut() {
        None => Arc::new(node),
        Some(trace) => {
            node.trace = (trace.identity, trace.nodes.len());
            let node = Arc::new(node);
            trace.nodes.push(Arc::clone(&node));
            node
        }
    })
}

/// Refuses operands of another trace, or of none where one is running.
pub(crate) fn check(operands: &[Operand]) -> PyResult<()> {
    let current = ACTIVE.with_borrow(|active| active.last().map_or(0, |trace| trace.identity));
    for node in operands.iter().filter_map(Operand::node) {
        let (given, _) = node.trace;
        if given != current {
            return Err(foreign(given, current));
        }
    }
    Ok(())
}

#[cold]
fn foreign(given: u64, current: u64) -> PyErr {
    misplaced(match (given, current) {
        (0, _) => {
            "a Value from outside is used inside a function that is being traced, where it would \
             be frozen: pass it in as data=, or use its number, `.data`, as a constant"
        }
        (_, 0) => {
            "a value of a traced function is used after the tracing ended: return what is wanted \
             of it from the function, or keep its number, `.data`"
        }
        _ => {
            "a value of one traced function is used inside another: pass it to that function as \
             an argument"
        }
    })
}

/// The answer to a comparison, which a trace notes.
pub(crate) fn compare(
    py: Python<'_>,
    relation: Relation,
    operands: [Operand; 2],
) -> PyResult<bool> {
    let outcome = relation.holds(&operands[0].value(), &operands[1].value());
    if is_tracing() {
        check(&operands)?;
        let place = caller(py);
        let comparison = Comparison { relation, operands, outcome, place };
        ACTIVE.with_borrow_mut(|active| {
            if let Some(trace) = active.last_mut() {
                trace.comparisons.push(comparison);
            }
        });
    }
    Ok(outcome)
}

/// Notes that a number leaves the recording here.
pub(crate) fn freeze(py: Python<'_>) {
    if is_tracing()
        && let Some(place) = caller(py)
    {
        ACTIVE.with_borrow_mut(|active| {
            if let Some(trace) = active.last_mut()
                && !trace.frozen.contains(&place)
            {
                trace.frozen.push(place);
            }
        });
    }
}

/// Keeps, or no longer keeps, the line of Python that computed each value.
///
/// It takes a fraction of a microsecond an operation, and is off to begin with.
/// :meth:`Value.diagnose` then names the line where a NaN arose.
///
/// Parameters
/// ----------
/// on : bool
///     Whether lines are kept from now on.
///
/// Examples
/// --------
/// >>> wengert.record_sources(True)
/// >>> x = wengert.Value(-1.0).log()
/// >>> "<doctest" in str(x.diagnose())
/// True
/// >>> wengert.record_sources(False)
#[pyfunction]
pub(crate) fn record_sources(on: bool) {
    SOURCES.store(on, Relaxed);
}

/// The line of Python that is running. Only where there is none, as in a thread of C, nothing.
fn caller(py: Python<'_>) -> Option<Place> {
    let frame = py.import("sys").ok()?.getattr("_getframe").ok()?.call0().ok()?;
    let file = frame.getattr("f_code").ok()?.getattr("co_filename").ok()?;
    let file = file.cast::<PyString>().ok()?.to_string_lossy().as_ref().into();
    let line = frame.getattr("f_lineno").ok()?.extract().ok()?;
    Some(Place { file, line })
}
