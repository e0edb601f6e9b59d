//! The position of a node, which operations, tapes and sweeps name it by.

use std::fmt;

/// The position of a node on its tape, counted from 0 in recording order; prints as `n12`.
///
/// It means something together with a tape alone. What leaves the library is a [`NodeId`](crate::NodeId).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeIndex(u32);

impl NodeIndex {
    /// One more than the largest position there is: the most nodes a tape can hold.
    pub(crate) const LIMIT: usize = u32::MAX as usize;

    /// The node at a position below [`NodeIndex::LIMIT`], which the arena guarantees for the
    /// positions it hands out.
    #[inline(always)]
    pub(crate) const fn at(index: usize) -> Self {
        debug_assert!(index < Self::LIMIT, "an arena holds fewer nodes");
        Self(index as u32)
    }

    /// The position, from 0.
    #[inline(always)]
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for NodeIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0)
    }
}

impl fmt::Debug for NodeIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
