//! What a node is called outside its tape.

use super::History;
use crate::index::NodeIndex;
use std::fmt;

/// What names a node, of all tapes and all recordings on them; prints as `n12`, with the node's
/// position in recording order.
///
/// An identifier outlives the borrow of its tape. Wherever it is given back, the tape recognises
/// one of another tape, and one of a node that a reset or rewind has dropped since: there is no
/// node of that name any more, though another one may stand in its position. Two identifiers are
/// equal if they name the same node; those of one recording are ordered as it is.
///
/// # Example
/// ```
/// let mut tape = wengert::Tape::new();
/// let _ = tape.var(1.0);
/// let id = tape.var(2.0).id().unwrap();
/// assert_eq!((id.index(), id.to_string()), (1, "n1".to_string()));
/// assert!(tape.get(id).is_some());
/// tape.reset();
/// let _ = tape.vars(&[3.0, 4.0]);
/// assert!(tape.get(id).is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    tape: u64,
    /// The last cut of the tape before the node was recorded.
    epoch: u64,
    pub(super) index: NodeIndex,
}

/// What tells the nodes of one tape from those of every other: who makes identifiers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    pub(super) tape: u64,
    pub(super) history: &'a History,
}

impl Names<'_> {
    /// What the node at a position is called outside the tape.
    #[inline]
    pub(crate) fn id(self, index: NodeIndex) -> NodeId {
        NodeId { tape: self.tape, epoch: self.history.epoch(index), index }
    }
}

impl NodeId {
    /// The position on the tape, from 0.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// assert_eq!(tape.var(1.0).id().unwrap().index(), 0);
    /// ```
    #[inline(always)]
    #[must_use]
    pub const fn index(self) -> usize {
        self.index.index()
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.index, f)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
