//! The position of a node in a snapshot.

use std::fmt;
use wengert::{NodeId, Scalar, Var};

/// The position of a node in a [`Snapshot`](crate::Snapshot), counted from 0; prints as `n12`.
///
/// A node of a tape has the position of its identifier. A snapshot has no tape to ask whether the
/// identifier is one of it: of another tape, or of before a reset, it is whatever node has its
/// position.
///
/// # Example
/// ```
/// use wengert_graph::NodeIndex;
/// let tape = wengert::Tape::new();
/// let x = tape.var(1.0);
/// assert_eq!(NodeIndex::from(x), NodeIndex::at(0));
/// assert_eq!(NodeIndex::from(x.id().unwrap()), NodeIndex::at(0));
/// assert_eq!(NodeIndex::at(12).to_string(), "n12");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(u32);

impl NodeIndex {
    /// The index of a position.
    ///
    /// # Panics
    /// If the position is 2³² or more: no tape holds as many nodes.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_graph::NodeIndex::at(3).position(), 3);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn at(position: usize) -> Self {
        let index = u32::try_from(position);
        Self(index.unwrap_or_else(|_| panic!("position {position} is beyond {}", u32::MAX)))
    }

    /// The position, from 0.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_graph::NodeIndex::at(3).position(), 3);
    /// ```
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

impl From<NodeId> for NodeIndex {
    fn from(id: NodeId) -> Self {
        Self::at(id.index())
    }
}

impl<F: Scalar> From<Var<'_, F>> for NodeIndex {
    /// The node of a variable.
    ///
    /// # Panics
    /// If the variable is a constant, which has no node.
    #[track_caller]
    fn from(var: Var<'_, F>) -> Self {
        match var.id() {
            Some(id) => id.into(),
            None => panic!("{var:?} has no node: only what is recorded on a tape can be shown"),
        }
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
