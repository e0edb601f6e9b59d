//! What values are made of: a graph of operations, kept alive by the values that need it.
//!
//! A variable of the engine borrows its tape, and an object of Python cannot borrow. So a value
//! keeps its operation and its operands, and what needs a tape records them on one, in the order
//! in which they were computed.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::PyResult;
use smallvec::SmallVec;
use wengert::{OpKind, Var};

use crate::errors::raise;

/// A file and a line of Python.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) file: Arc<str>,
    pub(crate) line: u32,
}

/// What an operation is applied to.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Node(Arc<Node>),
    Constant(f64),
}

impl Operand {
    pub(crate) fn value(&self) -> f64 {
        match self {
            Self::Node(node) => node.data(),
            Self::Constant(value) => *value,
        }
    }

    pub(crate) fn node(&self) -> Option<&Arc<Node>> {
        match self {
            Self::Node(node) => Some(node),
            Self::Constant(_) => None,
        }
    }
}

pub(crate) type Operands = SmallVec<[Operand; 2]>;

/// A number that is computed or given, with what belongs to it.
#[derive(Debug)]
pub(crate) struct Node {
    kind: OpKind,
    operands: Operands,
    /// The bits of the number: an atomic, because threads share values.
    data: AtomicU64,
    grad: AtomicU64,
    has_grad: AtomicBool,
    /// Whether the gradient was set by hand, and may be wrong.
    is_by_hand: AtomicBool,
    /// Later for whatever is computed from this: the order of recording.
    serial: u64,
    /// The trace that it belongs to, 0 for none, and its position there.
    pub(crate) trace: (u64, usize),
    pub(crate) place: Option<Place>,
    label: Mutex<Option<String>>,
}

static SERIALS: AtomicU64 = AtomicU64::new(0);

impl Node {
    /// A number that is given.
    pub(crate) fn input(data: f64) -> Self {
        Self::new(OpKind::Input, Operands::new(), data)
    }

    /// The result of an operation, computed by the engine's own rule.
    pub(crate) fn apply(kind: OpKind, operands: Operands) -> PyResult<Self> {
        let data = evaluate(kind, &operands)?;
        Ok(Self::new(kind, operands, data))
    }

    fn new(kind: OpKind, operands: Operands, data: f64) -> Self {
        Self {
            kind,
            operands,
            data: AtomicU64::new(data.to_bits()),
            grad: AtomicU64::new(0),
            has_grad: AtomicBool::new(false),
            is_by_hand: AtomicBool::new(false),
            serial: SERIALS.fetch_add(1, Relaxed),
            trace: (0, 0),
            place: None,
            label: Mutex::new(None),
        }
    }

    pub(crate) const fn kind(&self) -> OpKind {
        self.kind
    }

    pub(crate) fn is_input(&self) -> bool {
        self.kind == OpKind::Input
    }

    pub(crate) fn operands(&self) -> &[Operand] {
        &self.operands
    }

    pub(crate) fn data(&self) -> f64 {
        f64::from_bits(self.data.load(Relaxed))
    }

    pub(crate) fn set_data(&self, data: f64) {
        self.data.store(data.to_bits(), Relaxed);
    }

    /// The gradient, if one was computed or set.
    pub(crate) fn grad(&self) -> Option<f64> {
        self.has_grad.load(Relaxed).then(|| f64::from_bits(self.grad.load(Relaxed)))
    }

    pub(crate) fn set_grad(&self, grad: f64, is_by_hand: bool) {
        self.grad.store(grad.to_bits(), Relaxed);
        self.is_by_hand.store(is_by_hand, Relaxed);
        self.has_grad.store(true, Relaxed);
    }

    pub(crate) fn is_by_hand(&self) -> bool {
        self.is_by_hand.load(Relaxed)
    }

    pub(crate) fn label(&self) -> Option<String> {
        self.label.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_label(&self, label: Option<String>) {
        *self.label.lock().unwrap_or_else(PoisonError::into_inner) = label;
    }
}

/// The value of an operation on numbers.
pub(crate) fn evaluate(kind: OpKind, operands: &[Operand]) -> PyResult<f64> {
    let numbers: SmallVec<[Var<'_>; 4]> =
        operands.iter().map(|operand| Var::constant(operand.value())).collect();
    let result = Var::try_apply(kind, &numbers).map_err(|error| raise(&error))?;
    Ok(result.value())
}

impl Drop for Node {
    /// Frees what only this node kept, without recursion: a chain of operations may be longer
    /// than the stack is deep.
    fn drop(&mut self) {
        let mut left = std::mem::take(&mut self.operands);
        while let Some(operand) = left.pop() {
            if let Operand::Node(node) = operand
                && let Some(mut node) = Arc::into_inner(node)
            {
                left.append(&mut node.operands);
            }
        }
    }
}

/// Everything that a node is computed from, and itself, in the order in which it was computed.
pub(crate) fn below(root: &Arc<Node>) -> Vec<Arc<Node>> {
    let mut seen = HashSet::from([Arc::as_ptr(root)]);
    let mut found = vec![Arc::clone(root)];
    let mut next = 0;
    while let Some(node) = found.get(next).map(Arc::clone) {
        next += 1;
        for operand in node.operands.iter().filter_map(Operand::node) {
            if seen.insert(Arc::as_ptr(operand)) {
                found.push(Arc::clone(operand));
            }
        }
    }
    found.sort_by_key(|node| node.serial);
    found
}
