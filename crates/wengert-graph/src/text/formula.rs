//! What a node is, in words: for readers who point at it.

use super::label::shortened;
use super::number::{constant, number};
use crate::{Argument, Node};

/// Most arguments that are listed.
const ARGUMENTS: usize = 12;

/// Most characters of a label.
const LABEL: usize = 200;

/// The operation with its arguments, the value and what else is known, a line each.
pub(crate) fn tip(node: Node<'_>) -> String {
    let mut lines = vec![call(node), format!("data {}", number(node.value()))];
    lines.extend(node.adjoint().map(|adjoint| format!("grad {}", number(adjoint))));
    if !node.scope().is_empty() {
        lines.push(format!("in {}", node.scope().join("/")));
    }
    lines.extend(node.place().map(|place| format!("at {place}")));
    lines.join(" · ")
}

/// `n = add(x1w1, b)`.
pub(crate) fn call(node: Node<'_>) -> String {
    let name = shortened(&node.name(), LABEL).into_owned();
    match node.operation().is_leaf() {
        true => format!("{name}: {}", node.role().name()),
        false => format!("{name} = {}", right_side(node)),
    }
}

/// `add(x1w1, b)`, or the role of a node that computes nothing.
pub(crate) fn right_side(node: Node<'_>) -> String {
    match node.operation().is_leaf() {
        true => node.role().name().to_owned(),
        false => format!("{}({})", node.operation().name(), arguments(node)),
    }
}

fn arguments(node: Node<'_>) -> String {
    let name = |argument: &Argument| match argument {
        Argument::Node { node: at, .. } => shortened(&node.sibling(*at).name(), LABEL).into_owned(),
        Argument::Constant(c) => constant(*c),
    };
    let mut names: Vec<String> = node.arguments().iter().take(ARGUMENTS).map(name).collect();
    let more = node.arguments().len() - names.len();
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
