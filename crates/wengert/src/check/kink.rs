//! The kinks that a function meets at a point.

use crate::ops::OpKind;
use crate::record::Var;
use crate::store::{Argument, NodeId, NodeView, TapeView};
use std::fmt;

/// An operation at a kink or jump: its derivatives there are conventions. `Display` writes it as
/// `n3 = max(2, 2)`.
///
/// # Example
/// ```
/// let report = wengert::check_gradient(|x| x[0].abs(), &[0.0]);
/// assert_eq!(report.kinks[0].to_string(), "n1 = abs(0)");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Kink {
    /// The node on the recording, whose first nodes are the inputs.
    pub node: NodeId,
    /// The operation.
    pub kind: OpKind,
    /// Its arguments in order.
    pub arguments: Vec<f64>,
}

impl fmt::Display for Kink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}(", self.node, self.kind)?;
        for (i, argument) in self.arguments.iter().enumerate() {
            write!(f, "{}{argument}", if i == 0 { "" } else { ", " })?;
        }
        f.write_str(")")
    }
}

/// The kinks that a recording met whose parts are kept, in recording order, of operations on which
/// the output depends.
pub(super) fn kinks(view: &TapeView<'_>, output: Var<'_>) -> Vec<Kink> {
    let nodes = || view.ids().filter_map(|id| view.node(id));
    let mut kinks: Vec<Kink> = nodes().filter_map(|node| kink(view, &node)).collect();
    // PERF: few recordings are at a kink, and what of the others counts is not asked.
    if !kinks.is_empty() {
        let counts = counting(view, output);
        kinks.retain(|kink| counts[kink.node.index()]);
    }
    kinks
}

/// Of each node, whether the output depends on it.
fn counting(view: &TapeView<'_>, output: Var<'_>) -> Vec<bool> {
    let mut counts = vec![false; view.len()];
    if let Some(output) = output.id() {
        counts[output.index()] = true;
    }
    for node in view.ids().rev().filter_map(|id| view.node(id)) {
        if counts[node.id().index()] {
            node.operands().iter().for_each(|operand| counts[operand.index()] = true);
        }
    }
    counts
}

fn kink(view: &TapeView<'_>, node: &NodeView<'_, f64>) -> Option<Kink> {
    let kind = node.kind();
    if !kind.has_kinks() {
        return None;
    }
    let value = |argument: &Argument<f64>| match argument {
        Argument::Node(id) => view.node(*id).map_or(f64::NAN, |node| node.value()),
        Argument::Constant(c) => *c,
    };
    let arguments: Vec<f64> = node.arguments().iter().map(value).collect();
    kind.is_at_kink(&arguments).then(|| Kink { node: node.id(), kind, arguments })
}

/// The sentences about kinks with which a report ends.
pub(super) fn write(f: &mut fmt::Formatter<'_>, kinks: &[Kink]) -> fmt::Result {
    const LISTED: usize = 5;
    for kink in kinks.iter().take(LISTED) {
        writeln!(f, "at a kink: {kink}, where derivatives are conventions")?;
    }
    match kinks.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => writeln!(f, "and {more} more"),
    }
}
