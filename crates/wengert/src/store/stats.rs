//! What is on a tape, counted.

use super::{Node, Tape};
use crate::index::NodeIndex;
use crate::ops::OpKind;
use crate::scalar::Scalar;
use std::collections::BTreeMap;
use std::fmt;

/// Counts of a recording: see [`Tape::stats`].
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let _ = tape.var(1.0).sin();
/// let stats = tape.stats();
/// assert_eq!((stats.nodes, stats.bytes_used), (2, 48));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Recorded nodes.
    pub nodes: usize,
    /// Operands of n-ary operations.
    pub operands: usize,
    /// Constants kept outside their node: coefficients, bounds.
    pub constants: usize,
    /// Bytes that the recording fills.
    pub bytes_used: usize,
    /// Bytes that the tape holds, filled or not.
    pub bytes_reserved: usize,
    by_kind: BTreeMap<OpKind, usize>,
}

impl Stats {
    pub(super) fn of<F: Scalar>(tape: &Tape<F>) -> Self {
        let (nodes, operands) = (tape.nodes.read(), tape.operands.read());
        let constants = tape.constants.read();
        let mut by_kind = BTreeMap::new();
        for node in nodes.iter() {
            *by_kind.entry(node.op.kind()).or_default() += 1;
        }
        Self {
            nodes: nodes.len(),
            operands: operands.len(),
            constants: constants.len(),
            bytes_used: nodes.len() * size_of::<Node<F>>()
                + operands.len() * size_of::<NodeIndex>()
                + constants.len() * size_of::<F>(),
            bytes_reserved: tape.memory_usage(),
            by_kind,
        }
    }

    /// How many nodes are of one kind.
    ///
    /// # Example
    /// ```
    /// use wengert::{OpKind, Tape};
    /// let tape = Tape::new();
    /// let _ = tape.var(1.0).sin().sin();
    /// assert_eq!(tape.stats().count(OpKind::Sin), 2);
    /// ```
    #[must_use]
    pub fn count(&self, kind: OpKind) -> usize {
        self.by_kind.get(&kind).copied().unwrap_or(0)
    }

    /// The kinds that occur, with their counts.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let _ = tape.var(1.0).sin();
    /// let counts: Vec<_> = tape.stats().by_kind().map(|(k, n)| (k.name(), n)).collect();
    /// assert_eq!(counts, [("input", 1), ("sin", 1)]);
    /// ```
    pub fn by_kind(&self) -> impl Iterator<Item = (OpKind, usize)> {
        self.by_kind.iter().map(|(&kind, &count)| (kind, count))
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { nodes, bytes_used, bytes_reserved, .. } = self;
        writeln!(f, "{nodes} nodes, {bytes_used} of {bytes_reserved} bytes used")?;
        for (kind, count) in self.by_kind() {
            writeln!(f, "{kind:>18} {count}")?;
        }
        Ok(())
    }
}
