//! The first numbers that are not finite, and what leads to them.

use super::cause::{self, Cause};
use crate::{NodeIndex, Role, Snapshot};

/// Which number of a node is meant.
///
/// # Example
/// ```
/// use wengert_graph::Snapshot;
/// use wengert_graph::diagnosis::Quantity;
/// let tape = wengert::Tape::new();
/// let y = tape.var(0.0).ln();
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
/// let diagnosis = snapshot.diagnose();
/// assert_eq!(diagnosis.findings().next().unwrap().quantity, Quantity::Value);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// The value that was computed when the node was recorded.
    Value,
    /// The derivative of the output with respect to the node.
    Adjoint,
}

/// A number that is not finite, and where it comes from.
///
/// # Example
/// ```
/// use wengert_graph::{NodeIndex, Snapshot};
/// let tape = wengert::Tape::new();
/// let y = tape.var(0.0).ln();
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
/// let diagnosis = snapshot.diagnose();
/// let finding = diagnosis.findings().next().unwrap();
/// assert_eq!((finding.node, finding.number), (NodeIndex::at(1), f64::NEG_INFINITY));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The node whose number it is.
    pub node: NodeIndex,
    /// Its value, or its adjoint.
    pub quantity: Quantity,
    /// The number itself: an infinity or NaN.
    pub number: f64,
    /// Which kind of trouble it is.
    pub cause: Cause,
    /// The node whose operation makes the trouble: for a value the node itself, for an adjoint
    /// the one that uses it.
    pub operation: NodeIndex,
    /// The inputs and parameters on which that operation depends, in recording order.
    pub inputs: Vec<NodeIndex>,
}

/// The first value that is not finite, the first NaN where that is another, and the first adjoint
/// in the order of the reverse sweep.
pub(super) fn find(snapshot: &Snapshot) -> Vec<Finding> {
    let value = first(snapshot, |value| !value.is_finite());
    let nan = first(snapshot, f64::is_nan).filter(|&nan| Some(nan) != value);
    let mut findings: Vec<Finding> =
        value.into_iter().chain(nan).map(|at| of_value(snapshot, at)).collect();
    let is_lost = |node: &crate::Node<'_>| node.adjoint().is_some_and(|a| !a.is_finite());
    let adjoint = snapshot.nodes().rev().find(is_lost);
    findings.extend(adjoint.map(|node| of_adjoint(snapshot, node.index())));
    findings
}

/// The first node whose value is of a sort.
fn first(snapshot: &Snapshot, sort: impl Fn(f64) -> bool) -> Option<NodeIndex> {
    snapshot.nodes().find(|node| sort(node.value())).map(|node| node.index())
}

fn of_value(snapshot: &Snapshot, at: NodeIndex) -> Finding {
    let node = snapshot.node(at);
    Finding {
        node: at,
        quantity: Quantity::Value,
        number: node.value(),
        cause: cause::of_value(snapshot, node),
        operation: at,
        inputs: inputs(snapshot, at),
    }
}

fn of_adjoint(snapshot: &Snapshot, at: NodeIndex) -> Finding {
    let node = snapshot.node(at);
    let (operation, cause) = origin(snapshot, at);
    Finding {
        node: at,
        quantity: Quantity::Adjoint,
        number: node.adjoint().unwrap_or(f64::NAN),
        cause,
        operation,
        inputs: inputs(snapshot, operation),
    }
}

/// Whose contribution makes an adjoint not finite, and why. All adjoints behind it are finite.
fn origin(snapshot: &Snapshot, at: NodeIndex) -> (NodeIndex, Cause) {
    let behind = snapshot.nodes().rev().take_while(|node| node.index() > at);
    let edges = behind.flat_map(crate::Node::edges).filter(|edge| edge.from == at);
    let mut last = None;
    let mut sum = 0.0;
    for edge in edges {
        let contribution = edge.contribution.unwrap_or(0.0);
        if !contribution.is_finite() {
            return (edge.to, cause::of_contribution(edge.partial));
        }
        sum += contribution;
        last = Some(edge.to);
    }
    match last {
        Some(user) if !sum.is_finite() => (user, Cause::Overflow),
        _ if snapshot.node(at).value().is_nan() => (at, Cause::LostOutput),
        _ => (at, Cause::Given),
    }
}

/// The inputs and parameters on which a node depends.
fn inputs(snapshot: &Snapshot, node: NodeIndex) -> Vec<NodeIndex> {
    let upstream = upstream(snapshot, &[node]);
    let nodes = snapshot.nodes().take(node.position() + 1);
    let inputs = nodes.filter(|node| matches!(node.role(), Role::Input | Role::Parameter));
    inputs.map(|node| node.index()).filter(|at| upstream[at.position()]).collect()
}

/// For each node whether one of `ends` depends on it, or is it.
pub(super) fn upstream(snapshot: &Snapshot, ends: &[NodeIndex]) -> Vec<bool> {
    let mut leads = vec![false; snapshot.len()];
    ends.iter().for_each(|end| leads[end.position()] = true);
    for node in snapshot.nodes().rev() {
        if leads[node.index().position()] {
            node.edges().for_each(|edge| leads[edge.from.position()] = true);
        }
    }
    leads
}
