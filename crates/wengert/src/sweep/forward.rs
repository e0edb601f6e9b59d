//! The forward sweep: tangents from the first node to the last, over values already recorded.
//!
//! Griewank & Walther, "Evaluating Derivatives" (2nd ed. 2008), section 3.1.

use crate::error::expect;
use crate::index::NodeIndex;
use crate::ops::{
    Beside, Binary, Calling, Nary, Operand, Ternary, Unary, Visitor, dispatch, rules,
};
use crate::scalar::{Evaluate, Scalar, call};
use crate::store::{AHEAD, Gather, Node, Recording, numbers_of, prefetch};

/// Fills `tangents`, which holds the seeds of the inputs, for all nodes it covers. The seed of a
/// node that is no input is added to what flows into it.
pub(crate) fn forward<F: Scalar>(
    recording: Recording<'_, F>,
    tangents: &mut [F],
    scratch: &mut Vec<F>,
) {
    let nodes = recording.nodes;
    for index in 0..tangents.len() {
        prefetch(nodes, index.wrapping_add(AHEAD));
        let Node { op, value } = &nodes[index];
        let moves = false;
        let mut pushforward = Pushforward { nodes, tangents, scratch, value: *value, moves };
        let flow = dispatch(op, recording.pools, &mut pushforward);
        // The derivative of NaN is NaN, whatever the partials say.
        let is_lost = !F::RECORDS && pushforward.moves && value.is_nan();
        tangents[index] = if is_lost { *value } else { tangents[index].accumulate(flow) };
    }
}

/// Collects the tangent of one node from its operands.
struct Pushforward<'a, F> {
    nodes: &'a [Node<F>],
    tangents: &'a [F],
    scratch: &'a mut Vec<F>,
    /// The node's value.
    value: F,
    /// Whether any operand has a tangent.
    moves: bool,
}

impl<F: Scalar> Pushforward<'_, F> {
    #[inline]
    fn value_of(&self, operand: Operand<F>) -> F {
        match operand {
            Operand::Node(id) => self.nodes[id.index()].value,
            Operand::Constant(c) => c,
        }
    }

    #[inline]
    fn from(&mut self, operand: Operand<F>, partial: impl FnOnce() -> F) -> F {
        match operand {
            Operand::Node(id) => {
                let tangent = self.tangents[id.index()];
                self.moves |= !tangent.is_all_zero();
                tangent.push(partial())
            }
            Operand::Constant(_) => F::zero(),
        }
    }
}

impl<F: Scalar> Visitor<F> for Pushforward<'_, F> {
    type Output = F;

    fn leaf(&mut self) -> F {
        F::zero()
    }

    #[inline]
    fn unary<R: Unary>(&mut self, x: NodeIndex) -> F {
        let (at, value) = (self.nodes[x.index()].value, self.value);
        self.from(Operand::Node(x), || F::slope::<R>(at, value))
    }

    fn powi(&mut self, x: NodeIndex, n: i32) -> F {
        let (at, value) = (self.nodes[x.index()].value, self.value);
        self.from(Operand::Node(x), || rules::Powi::partial(at, n, value))
    }

    #[inline]
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) -> F {
        let (a, b, value) = (self.value_of(x), self.value_of(y), self.value);
        let left = self.from(x, || F::left::<R>(a, b, value));
        left.accumulate(self.from(y, || F::right::<R>(a, b, value)))
    }

    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) -> F {
        let (wanted, at) = ([x, y, z].map(|x| x.is_node()), [x, y, z].map(|x| self.value_of(x)));
        let partials = F::partials::<R>(wanted, at[0], at[1], at[2]);
        let left = self.from(x, || partials[0]).accumulate(self.from(y, || partials[1]));
        left.accumulate(self.from(z, || partials[2]))
    }

    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) -> F {
        let Self { nodes, tangents, scratch, value, moves } = self;
        let mut sum = F::zero();
        scratch.clear();
        let beside = Beside { constants, y: *value, scratch };
        R::partials(Gather { nodes, operands }, beside, |i, partial| {
            let tangent = tangents[operands[i].index()];
            *moves |= !tangent.is_all_zero();
            sum = sum.accumulate(tangent.push(partial));
        });
        sum
    }

    /// The first output finds the tangents of all, which wait in `scratch`: nothing comes between.
    fn call(&mut self, of: Calling<'_, F>, position: usize) -> F {
        let tangents: Vec<F> = of.operands.iter().map(|id| self.tangents[id.index()]).collect();
        self.moves = tangents.iter().any(|tangent| !tangent.is_all_zero());
        if position == 0 {
            let (xs, ys) = numbers_of(of, self.nodes);
            *self.scratch = if self.moves {
                expect(call::jvp(&of.call.called, &xs, &ys, &tangents))
            } else {
                vec![F::zero(); ys.len()]
            };
        }
        self.scratch[position]
    }
}
