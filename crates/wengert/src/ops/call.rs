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
}
