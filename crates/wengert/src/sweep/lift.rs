//! A recording over dual numbers, made from one over plain numbers.

use super::evaluate::evaluate;
use crate::index::NodeIndex;
use crate::ops::{Call, Pools};
use crate::scalar::{Dual, Scalar};
use crate::store::{Node, Recording};

/// A copy of a recording whose values carry a tangent: what second derivatives and forward mode
/// are evaluated on without recording again.
#[derive(Debug)]
pub(crate) struct Lifted<F> {
    pub(crate) nodes: Vec<Node<Dual<F>>>,
    pub(crate) operands: Vec<NodeIndex>,
    pub(crate) constants: Vec<Dual<F>>,
    pub(crate) calls: Vec<Call>,
}

impl<F: Scalar> Lifted<F> {
    pub(crate) fn of(recording: Recording<'_, F>) -> Self {
        let lift = |node: &Node<F>| Node {
            op: node.op.map(Dual::constant),
            value: Dual::constant(node.value),
        };
        Self {
            nodes: recording.nodes.iter().map(lift).collect(),
            operands: recording.pools.operands.to_vec(),
            constants: recording.pools.constants.iter().map(|&c| Dual::constant(c)).collect(),
            calls: recording.pools.calls.to_vec(),
        }
    }

    /// Computes all values and tangents from those of the inputs.
    pub(crate) fn evaluate(&mut self) {
        let Self { nodes, operands, constants, calls } = self;
        evaluate(nodes, Pools { operands, constants, calls });
    }

    pub(crate) fn recording(&self) -> Recording<'_, Dual<F>> {
        let Self { nodes, operands, constants, calls } = self;
        Recording { nodes, pools: Pools { operands, constants, calls }, head: 0 }
    }
}
