//! The kinks that a function meets at a point.

use crate::ops::OpKind;
use crate::record::Var;
use crate::store::{Argument, NodeId, Tape, TapeView};
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

/// The kinks that `f` meets at `x`, in recording order, of operations on which the result
/// depends.
pub(super) fn kinks<G>(f: &G, x: &[f64]) -> Vec<Kink>
where
    G: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
{
    let tape = Tape::new();
    tape.guards.keep_parts(true);
    let output = f(&tape.vars(x)).id();
    let view = tape.view();
    let mut counts = vec![false; view.len()];
    if let Some(output) = output {
        counts[output.index()] = true;
    }
    // PERF: few nodes are at a kink, and the arguments of the others are not kept.
    let (mut found, mut arguments) = (Vec::new(), Vec::new());
    for node in view.ids().rev().filter_map(|id| view.node(id)) {
        if counts[node.id().index()] {
            node.operands().iter().for_each(|operand| counts[operand.index()] = true);
            found.extend(kink(&view, node.id(), &mut arguments));
        }
    }
    found.reverse();
    found
}

fn kink(view: &TapeView<'_>, id: NodeId, arguments: &mut Vec<f64>) -> Option<Kink> {
    let node = view.node(id)?;
    let value = |argument: &Argument<f64>| match argument {
        Argument::Node(id) => view.node(*id).map_or(f64::NAN, |node| node.value()),
        Argument::Constant(c) => *c,
    };
    arguments.clear();
    arguments.extend(node.arguments().iter().map(value));
    let kind = node.kind();
    kind.is_at_kink(arguments).then(|| Kink { node: id, kind, arguments: arguments.clone() })
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
