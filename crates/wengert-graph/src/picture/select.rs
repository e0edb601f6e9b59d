//! Slices of a recording: what a reader wants to see of it.

use crate::{NodeIndex, Snapshot};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Some nodes of a [`Snapshot`].
///
/// # Example
/// ```
/// use wengert_graph::{NodeIndex, Selection, Snapshot};
/// let tape = wengert::Tape::new();
/// (0..4).fold(tape.var(3.0), |x, _| x.sin());
/// let snapshot = Snapshot::of(&tape.view());
/// let last_two = Selection::upstream(&snapshot, NodeIndex::at(4), 1);
/// assert_eq!(last_two.nodes().collect::<Vec<_>>(), [NodeIndex::at(3), NodeIndex::at(4)]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(Vec<bool>);

impl Selection {
    /// A node and what feeds it: its operands, theirs, and so on, `depth` steps up.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Complexity
    /// Linear in the number of nodes found and their arguments, beside one byte for every node
    /// of the snapshot.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Selection, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([3.0, 2.0]);
    /// let u = x.sin();
    /// let v = u * y;
    /// let snapshot = Snapshot::of(&tape.view());
    /// assert_eq!(Selection::upstream(&snapshot, v.id().unwrap(), 1).len(), 3);
    /// assert_eq!(Selection::upstream(&snapshot, v.id().unwrap(), 2).len(), 4);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn upstream(snapshot: &Snapshot, node: impl Into<NodeIndex>, depth: usize) -> Self {
        let node = snapshot.node(node).index();
        let mut chosen = vec![false; snapshot.len()];
        chosen[node.position()] = true;
        let mut queue = VecDeque::from([(node, depth)]);
        while let Some((node, depth)) = queue.pop_front() {
            let Some(depth) = depth.checked_sub(1) else { continue };
            for edge in snapshot.node(node).edges() {
                if !std::mem::replace(&mut chosen[edge.from.position()], true) {
                    queue.push_back((edge.from, depth));
                }
            }
        }
        Self(chosen)
    }

    /// The nodes on a path from one node to another, both included; none if no path leads there.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Complexity
    /// Linear in the number of nodes between the two and their arguments.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Selection, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([3.0, 2.0]);
    /// let z = (x.sin() + y.sin()).exp();
    /// let snapshot = Snapshot::of(&tape.view());
    /// let path = Selection::path(&snapshot, x.id().unwrap(), z.id().unwrap());
    /// assert_eq!(path.len(), 4);
    /// assert!(!path.contains(y.id().unwrap()));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn path(snapshot: &Snapshot, from: impl Into<NodeIndex>, to: impl Into<NodeIndex>) -> Self {
        let from = snapshot.node(from).index().position();
        let to = snapshot.node(to).index().position();
        let mut depends = vec![false; snapshot.len()];
        depends[from] = true;
        for at in from + 1..=to {
            let node = snapshot.node(NodeIndex::at(at));
            depends[at] = node.edges().any(|edge| depends[edge.from.position()]);
        }
        let mut chosen = vec![false; snapshot.len()];
        chosen[to] = depends[to] && from <= to;
        for at in (from..=to).rev().filter(|_| from <= to) {
            if chosen[at] {
                for edge in snapshot.node(NodeIndex::at(at)).edges() {
                    chosen[edge.from.position()] |= depends[edge.from.position()];
                }
            }
        }
        Self(chosen)
    }

    /// The ends of the `k` edges along which most flows back: those with the largest
    /// |adjoint × partial|, a NaN before all others. None without gradients.
    ///
    /// # Complexity
    /// One pass over all arguments, with a heap of `k`.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Selection, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([3.0, 2.0]);
    /// let z = 100.0 * x + 0.01 * y;
    /// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
    /// let largest = Selection::largest(&snapshot, 1);
    /// assert!(largest.contains(x.id().unwrap()) && !largest.contains(y.id().unwrap()));
    /// ```
    #[must_use]
    pub fn largest(snapshot: &Snapshot, k: usize) -> Self {
        let mut heap = BinaryHeap::with_capacity(k.min(snapshot.len()) + 1);
        for edge in snapshot.nodes().flat_map(|node| node.edges()) {
            // The sizes of floats are in the order of their bits, with NaN at the end.
            let Some(size) = edge.contribution.map(|c| c.abs().to_bits()) else { continue };
            heap.push(Reverse((size, edge.from, edge.to)));
            if heap.len() > k {
                heap.pop();
            }
        }
        let mut chosen = vec![false; snapshot.len()];
        for Reverse((_, from, to)) in heap {
            chosen[from.position()] = true;
            chosen[to.position()] = true;
        }
        Self(chosen)
    }

    /// Of each node, whether it is chosen.
    pub(super) fn mask(&self) -> &[bool] {
        &self.0
    }

    /// The number of nodes.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Selection, Snapshot};
    /// assert_eq!(Selection::largest(&Snapshot::new(), 5).len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        super::count(&self.0)
    }

    /// Whether no node is chosen.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Selection, Snapshot};
    /// assert!(Selection::largest(&Snapshot::new(), 5).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }

    /// Whether a node is chosen.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{NodeIndex, Selection, Snapshot};
    /// assert!(!Selection::largest(&Snapshot::new(), 5).contains(NodeIndex::at(0)));
    /// ```
    #[must_use]
    pub fn contains(&self, node: impl Into<NodeIndex>) -> bool {
        self.0.get(node.into().position()).copied().unwrap_or(false)
    }

    /// The nodes in recording order.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Selection, Snapshot};
    /// assert_eq!(Selection::largest(&Snapshot::new(), 5).nodes().count(), 0);
    /// ```
    pub fn nodes(&self) -> impl Iterator<Item = NodeIndex> {
        let chosen = self.0.iter().enumerate().filter(|(_, is_chosen)| **is_chosen);
        chosen.map(|(at, _)| NodeIndex::at(at))
    }
}
