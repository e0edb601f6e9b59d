//! A call of an operation that is not one of the table.

use super::Span;
use crate::index::NodeIndex;
use crate::operation::Called;

/// One call: its outputs are consecutive nodes.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) called: Called,
    pub(crate) operands: Span,
    /// The first output.
    pub(crate) first: NodeIndex,
    /// What the operation saved, among the constants of the tape.
    pub(crate) saved: Span,
}

/// A call with what it names.
#[derive(Clone, Copy)]
pub(crate) struct Calling<'a, F> {
    pub(crate) call: &'a Call,
    pub(crate) operands: &'a [NodeIndex],
    pub(crate) saved: &'a [F],
}
