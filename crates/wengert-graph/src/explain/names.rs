//! How nodes are named in formulas.

use crate::text::label::{shortened, visible};
use crate::{NodeIndex, Snapshot};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The names of a snapshot's nodes: labels, made unique.
#[derive(Clone, Debug)]
pub(crate) struct Names<'s> {
    snapshot: &'s Snapshot,
    /// Hashes of all labels in order, a label's as often as it is borne. Where two labels share a
    /// hash, both get an identifier that they did not need. Shared by copies.
    hashes: Arc<Vec<u64>>,
}

impl<'s> Names<'s> {
    /// More characters of a label would hide the formula.
    const LONGEST: usize = 40;

    pub(crate) fn new(snapshot: &'s Snapshot) -> Self {
        let mut hashes: Vec<u64> =
            snapshot.nodes().filter_map(crate::Node::label).map(hash).collect();
        hashes.sort_unstable();
        Self { snapshot, hashes: Arc::new(hashes) }
    }

    /// Whether no other node bears this label.
    fn is_unique(&self, label: &str) -> bool {
        let hash = hash(label);
        let first = self.hashes.partition_point(|&other| other < hash);
        self.hashes.get(first + 1) != Some(&hash)
    }

    /// The label, on one line, with the identifier behind it where others have the same label
    /// or it looks like an identifier; the identifier alone where there is no label.
    pub(crate) fn name(&self, node: NodeIndex) -> String {
        let Some(label) = self.snapshot.node(node).label() else {
            return node.to_string();
        };
        let shown = visible(label);
        let shown = shortened(&shown, Self::LONGEST);
        let is_unique = label.chars().count() <= Self::LONGEST && self.is_unique(label);
        if is_unique && !is_identifier(label) && !label.trim().is_empty() {
            shown.into_owned()
        } else {
            format!("{shown}:{node}")
        }
    }
}

/// The same in every run.
fn hash(label: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    label.hash(&mut hasher);
    hasher.finish()
}

/// Whether a label could be taken for the identifier of a node.
fn is_identifier(label: &str) -> bool {
    let digits = label.strip_prefix('n').unwrap_or_default();
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

/// Whether a name can stand in a formula without brackets: one word.
pub(crate) fn is_word(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '\''))
}
