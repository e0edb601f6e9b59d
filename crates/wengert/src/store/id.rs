//! The index of a node, and the one way from a position to it.

use std::fmt;

/// The position of a node on its tape, counted from 0 in recording order; prints as `n12`.
///
/// An identifier outlives the borrow of its tape, and so says nothing about whether the node is
/// still there: [`Tape::get`](crate::Tape::get) checks that.
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let _ = tape.var(1.0);
/// let x = tape.var(2.0);
/// let id = x.id().unwrap();
/// assert_eq!((id.index(), id.to_string()), (1, "n1".to_string()));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// One more than the largest position there is: the most nodes a tape can hold.
    pub(crate) const LIMIT: usize = u32::MAX as usize;

    /// The identifier of the node at a position below [`NodeId::LIMIT`], which the arena
    /// guarantees for the positions it hands out.
    #[inline(always)]
    pub(crate) fn at(index: usize) -> Self {
        debug_assert!(index < Self::LIMIT, "the arena never holds more than {}", Self::LIMIT);
        Self(index as u32)
    }

    /// The position, from 0.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// assert_eq!(tape.var(1.0).id().unwrap().index(), 0);
    /// ```
    #[inline(always)]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
