//! Which lines of the program take the tape's memory.

use crate::{Node, Snapshot};
use std::collections::HashMap;
use wengert::OpKind;

/// A line of the program, and what its operations take on the tape.
///
/// # Example
/// ```
/// let mut tape = wengert::Tape::new();
/// tape.record_sources(true);
/// let x = tape.var(1.0);
/// let y = x.sin().sin();
/// let snapshot = wengert_graph::Snapshot::of(&tape.view());
/// assert_eq!(snapshot.diagnose().lines()[0].nodes, 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The file, as the compiler names it.
    pub file: Box<str>,
    /// The line in the file, from 1.
    pub line: u32,
    /// How many nodes were recorded there.
    pub nodes: usize,
    /// The bytes that they take on a tape of `f64`.
    pub bytes: usize,
}

/// The lines that take most, the largest first.
pub(super) fn lines(snapshot: &Snapshot) -> Vec<Line> {
    let mut totals: HashMap<(&str, u32), (usize, usize)> = HashMap::new();
    for node in snapshot.nodes() {
        if let Some(place) = node.place() {
            let (nodes, bytes) = totals.entry((&place.file, place.line)).or_default();
            *nodes += 1;
            *bytes += self::bytes(node);
        }
    }
    let total = |((file, line), (nodes, bytes)): ((&str, _), _)| Line {
        file: file.into(),
        line,
        nodes,
        bytes,
    };
    let mut lines: Vec<Line> = totals.into_iter().map(total).collect();
    lines.sort_by(|a, b| {
        b.bytes.cmp(&a.bytes).then_with(|| (&a.file, a.line).cmp(&(&b.file, b.line)))
    });
    lines.truncate(super::LISTED);
    lines
}

/// A node takes 24 bytes; operands of an n-ary operation 4 each beside it, and constants that do
/// not fit in the node 8 each.
fn bytes(node: Node<'_>) -> usize {
    let operands = node.edges().count();
    let constants = node.arguments().len() - operands;
    24 + match node.operation().kind() {
        Some(OpKind::LogSumExp) => 4 * operands + 8 * (operands + 1),
        Some(OpKind::LinearCombination) => 4 * operands + 8 * constants,
        Some(OpKind::Polynomial | OpKind::MulAdd | OpKind::Clamp | OpKind::BetaInc) => {
            8 * constants
        }
        Some(
            OpKind::Sum
            | OpKind::Product
            | OpKind::Mean
            | OpKind::Dot
            | OpKind::SquaredNorm
            | OpKind::Norm
            | OpKind::Horner,
        ) => 4 * operands,
        _ => 0,
    }
}
