//! Sweeps along several directions side by side: the partial derivatives of a node are computed
//! once for all of them.

use crate::index::NodeIndex;
use crate::ops::{
    Beside, Binary, Calling, Nary, Operand, Ternary, Unary, Visitor, dispatch, rules,
};
use crate::scalar::{Evaluate, Scalar};
use crate::store::{AHEAD, Gather, Node, Recording, prefetch, row_of};

/// The directions of a sweep.
pub(crate) const LANES: usize = 8;

/// As [`forward`](super::forward()), along all directions.
pub(crate) fn forward_lanes<F: Scalar>(
    recording: Recording<'_, F>,
    tangents: &mut [[F; LANES]],
    scratch: &mut Vec<F>,
) {
    for index in 0..tangents.len() {
        let (below, [sums, ..]) = tangents.split_at_mut(index) else { return };
        let mut moves = [false; LANES];
        visit(recording, index, scratch, &mut |operand, partial| {
            let tangents = &below[operand.index()];
            for d in 0..LANES {
                moves[d] |= !tangents[d].is_all_zero();
                sums[d] = sums[d].accumulate(tangents[d].push(partial));
            }
        });
        let value = recording.nodes[index].value;
        // The derivative of NaN is NaN, whatever the partials say.
        if !F::RECORDS && value.is_nan() {
            for (sum, _) in sums.iter_mut().zip(moves).filter(|&(_, moves)| moves) {
                *sum = value;
            }
        }
    }
}

/// As [`reverse`](super::reverse()) down to the first node, along all directions.
pub(crate) fn reverse_lanes<F: Scalar>(
    recording: Recording<'_, F>,
    adjoints: &mut [[F; LANES]],
    scratch: &mut Vec<F>,
) {
    for index in (0..adjoints.len()).rev() {
        prefetch(recording.nodes, index.wrapping_sub(AHEAD));
        prefetch(adjoints, index.wrapping_sub(AHEAD / 4));
        let (below, [adjoints, ..]) = adjoints.split_at_mut(index) else { return };
        if adjoints.iter().all(|adjoint| adjoint.is_all_zero()) {
            continue;
        }
        let are_ordinary = adjoints.iter().all(|adjoint| adjoint.is_ordinary());
        visit(recording, index, scratch, &mut |operand, partial| {
            let sums = &mut below[operand.index()];
            for d in 0..LANES {
                let adjoint = adjoints[d];
                let flow = if are_ordinary { adjoint * partial } else { adjoint.chain(partial) };
                sums[d] = sums[d].accumulate(flow);
            }
        });
    }
}

/// Hands out the partial derivatives of a node, with the operands that they are by.
///
/// PERF: `emit` is no type of its own, so that the rules are compiled once for both directions; it
/// is called once for eight.
pub(super) fn visit<F: Scalar>(
    recording: Recording<'_, F>,
    index: usize,
    scratch: &mut Vec<F>,
    emit: &mut dyn FnMut(NodeIndex, F),
) {
    let Node { op, value } = &recording.nodes[index];
    let mut partials = Partials { nodes: recording.nodes, value: *value, scratch, emit };
    dispatch(op, recording.pools, &mut partials);
}

struct Partials<'a, F> {
    nodes: &'a [Node<F>],
    value: F,
    scratch: &'a mut Vec<F>,
    emit: &'a mut dyn FnMut(NodeIndex, F),
}

impl<F: Scalar> Partials<'_, F> {
    fn value_of(&self, operand: Operand<F>) -> F {
        match operand {
            Operand::Node(id) => self.nodes[id.index()].value,
            Operand::Constant(c) => c,
        }
    }

    fn by(&mut self, operand: Operand<F>, partial: impl FnOnce() -> F) {
        if let Operand::Node(id) = operand {
            (self.emit)(id, partial());
        }
    }
}

impl<F: Scalar> Visitor<F> for Partials<'_, F> {
    type Output = ();

    fn leaf(&mut self) {}

    fn unary<R: Unary>(&mut self, x: NodeIndex) {
        (self.emit)(x, F::slope::<R>(self.nodes[x.index()].value, self.value));
    }

    fn powi(&mut self, x: NodeIndex, n: i32) {
        (self.emit)(x, rules::Powi::partial(self.nodes[x.index()].value, n, self.value));
    }

    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) {
        let (a, b, value) = (self.value_of(x), self.value_of(y), self.value);
        self.by(x, || F::left::<R>(a, b, value));
        self.by(y, || F::right::<R>(a, b, value));
    }

    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) {
        let (wanted, at) = ([x, y, z].map(|x| x.is_node()), [x, y, z].map(|x| self.value_of(x)));
        let partials = F::partials::<R>(wanted, at[0], at[1], at[2]);
        for (operand, partial) in [x, y, z].into_iter().zip(partials) {
            self.by(operand, || partial);
        }
    }

    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) {
        let Self { nodes, value, scratch, emit } = self;
        scratch.clear();
        let beside = Beside { constants, y: *value, scratch };
        R::partials(Gather { nodes, operands }, beside, |i, partial| {
            emit(operands[i], partial);
        });
    }

    /// The row of the Jacobian.
    fn call(&mut self, of: Calling<'_, F>, position: usize) {
        for (&operand, partial) in of.operands.iter().zip(row_of(of, position, self.nodes)) {
            (self.emit)(operand, partial);
        }
    }
}
