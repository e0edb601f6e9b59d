//! Labels, kept so that a million of them take little more than their letters.

use super::NodeIndex;
use super::build::put;

/// Texts, one behind the other, each with a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    text: String,
    /// Where each ends; it begins where the one before ends.
    ends: Vec<usize>,
}

impl Texts {
    /// Adds a text behind the others; its number is how many there were.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub(super) fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[number]]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// The labels of nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    /// Of each node one more than the number of its label, or 0; shorter than the nodes where
    /// the last ones have none.
    number: Vec<u32>,
    texts: Texts,
    /// How many nodes have a label.
    count: usize,
}

impl Labels {
    /// Labels a node. The text of an earlier label stays behind, unused: that is rare.
    pub(super) fn set(&mut self, node: NodeIndex, label: &str) {
        self.count += usize::from(self.get(node).is_none());
        self.texts.push(label);
        put(&mut self.number, node.position(), self.texts.len() as u32);
    }

    pub(super) fn get(&self, node: NodeIndex) -> Option<&str> {
        let number = self.number.get(node.position())?.checked_sub(1)?;
        Some(self.texts.get(number as usize))
    }

    pub(super) const fn len(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::{Labels, NodeIndex};

    #[test]
    fn the_last_label_of_a_node_counts() {
        let mut labels = Labels::default();
        let [a, b, c] = [0, 1, 2].map(NodeIndex::at);
        labels.set(b, "first");
        labels.set(c, "");
        labels.set(b, "last");
        assert_eq!([a, b, c].map(|node| labels.get(node)), [None, Some("last"), Some("")]);
        assert_eq!(labels.len(), 2);
    }
}
