//! Adjoints that contradict the chain rule, as pictures mark them.

use crate::text::number::number;
use crate::{Node, NodeIndex, Snapshot};
use std::collections::BTreeMap;

/// What stands between an adjoint and another number that the chain rule gives.
pub(super) const MARK: &str = "≠";

/// Of each such adjoint what the chain rule gives.
pub(super) struct Contradictions(BTreeMap<NodeIndex, f64>);

impl Contradictions {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        Self(snapshot.contradictions().into_iter().collect())
    }

    /// What the chain rule gives, if that is another number than the adjoint.
    pub(super) fn at(&self, node: NodeIndex) -> Option<f64> {
        self.0.get(&node).copied()
    }

    /// The same in words: the mark and the number.
    pub(super) fn told(&self, node: NodeIndex) -> Option<String> {
        self.at(node).map(|by_the_rule| format!("{MARK} {}", number(by_the_rule)))
    }

    /// The adjoint of a node, and behind it what contradicts it.
    pub(super) fn adjoint(&self, node: Node<'_>) -> Option<String> {
        let told = self.told(node.index()).map_or_else(String::new, |told| format!(" {told}"));
        Some(number(node.adjoint()?) + &told)
    }
}
