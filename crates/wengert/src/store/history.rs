//! What was dropped from a tape and when, so that anything made before it can be recognised.

use crate::index::NodeIndex;
use smallvec::SmallVec;

/// A place on a tape to which it can be rewound: see [`Tape::mark`](crate::Tape::mark).
///
/// # Example
/// ```
/// let mut tape = wengert::Tape::new();
/// tape.var(2.0);
/// let mark = tape.mark();
/// tape.var(3.0);
/// tape.rewind(mark);
/// assert_eq!(tape.len(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub(crate) tape: u64,
    pub(crate) moment: u64,
    pub(crate) nodes: usize,
    pub(crate) operands: usize,
    pub(crate) constants: usize,
    pub(crate) calls: usize,
    pub(crate) comparisons: usize,
}

/// The resets and rewinds of a tape.
///
/// `cuts` holds, by rising moment, the length that was left; of a later cut that left less, the
/// earlier ones are forgotten, so lengths rise too. Hence the first cut after a moment is the
/// deepest since then, and rewinding to the same mark again and again keeps one entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    moment: u64,
    cuts: SmallVec<[(u64, usize); 4]>,
}

impl History {
    /// The number of cuts so far.
    #[inline]
    pub(crate) fn moment(&self) -> u64 {
        self.moment
    }

    /// Notes that only `nodes` nodes were left.
    pub(crate) fn cut(&mut self, nodes: usize) {
        self.moment += 1;
        while self.cuts.last().is_some_and(|&(_, left)| left >= nodes) {
            self.cuts.pop();
        }
        self.cuts.push((self.moment, nodes));
    }

    /// How many of the nodes that stood at `moment` have stood ever since.
    pub(crate) fn kept_since(&self, moment: u64) -> usize {
        let later = self.cuts.partition_point(|&(when, _)| when <= moment);
        self.cuts.get(later).map_or(usize::MAX, |&(_, left)| left)
    }

    /// Whether the node at a position is still the one that stood there at `moment`.
    pub(crate) fn is_unchanged(&self, node: NodeIndex, moment: u64) -> bool {
        node.index() < self.kept_since(moment)
    }

    /// The moment of the last cut that left no node at a position, which is that before the node
    /// that stands there now was recorded; it tells this node from all that stood there before.
    pub(crate) fn epoch(&self, node: NodeIndex) -> u64 {
        let before = self.cuts.partition_point(|&(_, left)| left <= node.index());
        before.checked_sub(1).map_or(0, |last| self.cuts[last].0)
    }
}

#[cfg(test)]
mod tests {
    use super::History;
    use crate::index::NodeIndex;

    #[test]
    fn the_deepest_cut_since_a_moment_counts() {
        let mut history = History::default();
        let start = history.moment();
        assert_eq!(history.kept_since(start), usize::MAX);
        history.cut(10);
        let later = history.moment();
        history.cut(20);
        assert_eq!(history.kept_since(start), 10);
        assert_eq!(history.kept_since(later), 20);
        history.cut(5);
        assert_eq!(history.kept_since(later), 5);
        assert_eq!(history.kept_since(history.moment()), usize::MAX);
    }

    #[test]
    fn the_last_cut_below_a_node_is_its_epoch() {
        let mut history = History::default();
        let epochs = |history: &History| [0, 7, 15, 30].map(|at| history.epoch(NodeIndex::at(at)));
        assert_eq!(epochs(&history), [0, 0, 0, 0]);
        history.cut(10);
        assert_eq!(epochs(&history), [0, 0, 1, 1]);
        history.cut(20);
        assert_eq!(epochs(&history), [0, 0, 1, 2]);
        history.cut(5);
        assert_eq!(epochs(&history), [0, 3, 3, 3], "what was dropped and recorded again differs");
        history.cut(30);
        assert_eq!(epochs(&history), [0, 3, 3, 4]);
    }

    #[test]
    fn rewinding_to_one_place_keeps_one_entry() {
        let mut history = History::default();
        (0..100).for_each(|_| history.cut(3));
        assert_eq!(history.cuts.len(), 1);
    }
}
