//! A tape as text: one line a node, `n2 = mul n0 n1 ; 6`, with its label at the end.

use super::{Argument, NodeView, Tape, Way};
use crate::scalar::Scalar;
use std::fmt;

impl<F: Scalar> fmt::Display for Tape<F> {
    /// Writes the listing: each node's name, operation, arguments, value and label.
    /// [`Tape::from_listing`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.guards.departs(Way::Printed, None, None);
        let view = self.hold();
        for node in view.ids().filter_map(|id| view.node(id)) {
            write_node(f, &node)?;
            if let Some(label) = view.label(node.id()) {
                write!(f, " {label:?}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn write_node<F: Scalar>(f: &mut fmt::Formatter<'_>, node: &NodeView<'_, F>) -> fmt::Result {
    write!(f, "{} = {}", node.id(), node.name())?;
    for argument in node.arguments() {
        match argument {
            Argument::Node(id) => write!(f, " {id}")?,
            Argument::Constant(c) => write!(f, " {}", number(c))?,
        }
    }
    write!(f, " ; {}", number(node.value()))
}

/// The shortest text that reads back as the same number: `Debug` writes huge and tiny numbers
/// with an exponent, where `Display` writes all their zeros; the `.0` of integers says nothing.
fn number<F: Scalar>(value: F) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
