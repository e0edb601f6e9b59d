//! How nodes are named in formulas.

use crate::text::label::{shortened, visible};
use crate::{NodeIndex, Snapshot};
use std::collections::BTreeMap;

/// The names of a snapshot's nodes: labels, made unique.
#[derive(Clone, Debug)]
pub(crate) struct Names<'s> {
    snapshot: &'s Snapshot,
    /// How many nodes bear a label.
    bearers: BTreeMap<&'s str, usize>,
}

impl<'s> Names<'s> {
    /// More characters of a label would hide the formula.
    const LONGEST: usize = 40;

    pub(crate) fn new(snapshot: &'s Snapshot) -> Self {
        let mut bearers = BTreeMap::new();
        for label in snapshot.nodes().filter_map(crate::Node::label) {
            *bearers.entry(label).or_default() += 1;
        }
        Self { snapshot, bearers }
    }

    /// The label, on one line, with the identifier behind it where others have the same label
    /// or it looks like an identifier; the identifier alone where there is no label.
    pub(crate) fn name(&self, node: NodeIndex) -> String {
        let Some(label) = self.snapshot.node(node).label() else {
            return node.to_string();
        };
        let shown = visible(label);
        let shown = shortened(&shown, Self::LONGEST);
        let is_unique =
            self.bearers.get(label) == Some(&1) && label.chars().count() <= Self::LONGEST;
        if is_unique && !is_identifier(label) && !label.trim().is_empty() {
            shown.into_owned()
        } else {
            format!("{shown}:{node}")
        }
    }
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
