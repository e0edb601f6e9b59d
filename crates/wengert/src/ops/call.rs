//! A call of an operation that is not one of the table.

use super::{Pools, Span};
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

impl<'a, F> Calling<'a, F> {
    /// The call with this number.
    #[inline(always)]
    pub(crate) fn of(call: u32, pools: Pools<'a, F>) -> Self {
        let call = &pools.calls[call as usize];
        let (operands, saved) = (call.operands.of(pools.operands), call.saved.of(pools.constants));
        Self { call, operands, saved }
    }
}
