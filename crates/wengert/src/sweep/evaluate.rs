//! Evaluating a recording again, at other inputs or over other numbers.

use crate::index::NodeIndex;
use crate::operation::Called;
use crate::ops::{
    Binary, Calling, Nary, Operand, Operands, Pools, Ternary, Unary, Visitor, dispatch,
};
use crate::scalar::{Evaluate, Scalar};
use crate::store::{Gather, Node};

/// Computes the values of all nodes from those of the inputs and constants among them.
pub(crate) fn evaluate<F: Scalar>(nodes: &mut [Node<F>], pools: Pools<'_, F>) {
    let mut outputs = Vec::new();
    for index in 0..nodes.len() {
        let (below, rest) = nodes.split_at_mut(index);
        let node = &mut rest[0];
        let mut value = Value { nodes: below, present: node.value, outputs: &mut outputs };
        node.value = dispatch(&node.op, pools, &mut value);
    }
}

/// The value of one node from those below it.
struct Value<'a, F> {
    nodes: &'a [Node<F>],
    /// What a leaf keeps.
    present: F,
    /// The outputs of the last call.
    outputs: &'a mut Vec<F>,
}

impl<F: Scalar> Value<'_, F> {
    fn of(&self, operand: Operand<F>) -> F {
        match operand {
            Operand::Node(id) => self.nodes[id.index()].value,
            Operand::Constant(c) => c,
        }
    }
}

impl<F: Scalar> Visitor<F> for Value<'_, F> {
    type Output = F;

    fn leaf(&mut self) -> F {
        self.present
    }
    fn unary<R: Unary>(&mut self, x: NodeIndex) -> F {
        F::unary::<R>(self.of(Operand::Node(x)))
    }
    fn powi(&mut self, x: NodeIndex, n: i32) -> F {
        F::power(self.of(Operand::Node(x)), n)
    }
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) -> F {
        F::binary::<R>(self.of(x), self.of(y))
    }
    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) -> F {
        F::ternary::<R>(self.of(x), self.of(y), self.of(z))
    }
    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) -> F {
        R::value(Gather { nodes: self.nodes, operands }, constants)
    }
    fn call(&mut self, of: Calling<'_, F>, position: usize) -> F {
        if position == 0 {
            let operands = of.operands;
            let xs: Vec<F> = Gather { nodes: self.nodes, operands }.iter().collect();
            *self.outputs = values_or_nan(&of.call.called, &xs);
        }
        self.outputs[position]
    }
}

/// The outputs of what is called; NaN where it has none, as any operation has beyond its domain.
fn values_or_nan<F: Scalar>(called: &Called, xs: &[F]) -> Vec<F> {
    F::call(called, xs).unwrap_or_else(|_| vec![F::nan(); called.outputs()])
}
