//! What the parts of the page are made from.

use crate::explain::Explanation;
use crate::explain::names::Names;
use crate::{Element, NodeIndex, Picture, Snapshot};

/// A picture, and what is known of its recording.
pub(super) struct Source<'p> {
    pub(super) picture: &'p Picture<'p>,
    pub(super) names: Names<'p>,
    pub(super) explanation: Option<&'p Explanation<'p>>,
    /// The adjoints that contradict the chain rule, and what that gives.
    pub(super) wrong: &'p [(NodeIndex, f64)],
}

impl Source<'_> {
    pub(super) fn snapshot(&self) -> &Snapshot {
        self.picture.snapshot()
    }

    /// The node that a card shows, if it is one.
    pub(super) fn node_of(&self, element: usize) -> Option<NodeIndex> {
        match self.picture.elements()[element] {
            Element::Node { node, .. } => Some(node),
            Element::Group(_) => None,
        }
    }
}
