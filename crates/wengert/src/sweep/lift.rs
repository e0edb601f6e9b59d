//! A recording over dual numbers, made from one over plain numbers.

use super::evaluate::evaluate;
use crate::index::NodeIndex;
use crate::ops::Pools;
use crate::scalar::{Dual, Scalar};
use crate::store::{Node, Recording};

/// A copy of a recording whose values carry a tangent: what second derivatives and forward mode
/// are evaluated on without recording again.
#[derive(Debug)]
pub(crate) struct Lifted<F> {
    pub(crate) nodes: Vec<Node<Dual<F>>>,
    pub(crate) operands: Vec<NodeIndex>,
    pub(crate) constants: Vec<Dual<F>>,
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
        }
    }

    /// Computes all values and tangents from those of the inputs.
    pub(crate) fn evaluate(&mut self) {
        let pools = Pools { operands: &self.operands, constants: &self.constants };
        evaluate(&mut self.nodes, pools);
    }

    pub(crate) fn recording(&self) -> Recording<'_, Dual<F>> {
        let pools = Pools { operands: &self.operands, constants: &self.constants };
        Recording { nodes: &self.nodes, pools }
    }
}
