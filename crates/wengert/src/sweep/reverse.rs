//! The reverse sweep: adjoints from the last node back to the first.
//!
//! Griewank & Walther, "Evaluating Derivatives" (2nd ed. 2008), section 3.2. Each node hands its
//! adjoint times the local partial to each of its operands, which all lie below it, so that one
//! loop downwards meets every node when its adjoint is complete.

mod apart;

use super::lanes::visit;
use crate::error::expect;
use crate::index::NodeIndex;
use crate::ops::{
    Binary, Call, Calling, Nary, Op, Operand, Operands, Ternary, Unary, Visitor, dispatch, rules,
};
use crate::scalar::{Evaluate, Scalar, call};
use crate::store::{AHEAD, Gather, Node, Recording, prefetch};
use apart::{add, value_of};

/// Adds to `adjoints`, which holds the seeds, all that flows down from the nodes it covers, from
/// the last of them down to that at `first`. Adjoints below receive, and hand nothing on.
///
/// `scratch` is working memory for n-ary operations, kept by the caller between sweeps.
pub(crate) fn reverse<F: Scalar>(
    recording: Recording<'_, F>,
    adjoints: &mut [F],
    first: usize,
    scratch: &mut Vec<F>,
) {
    let Recording { nodes, pools, head } = recording;
    let covered = &nodes[..adjoints.len()];
    // PERF: inputs usually come first, and to pass over them here is faster than to visit them.
    let first = first.max(head).min(covered.len());
    let above = &covered[first..];
    let leaves = above.iter().position(|node| !node.op.is_leaf()).unwrap_or(above.len());
    // PERF: counting indices, not items: `enumerate().rev()` finds the index by a division.
    for index in (first + leaves..covered.len()).rev() {
        prefetch(covered, index.wrapping_sub(AHEAD));
        let (node, adjoint) = (&covered[index], adjoints[index]);
        if adjoint.is_ordinary() {
            let (nodes, value, all) = (covered, node.value, nodes);
            let mut pullback = Pullback { nodes, adjoints, scratch, value, adjoint, all };
            dispatch(&node.op, pools, &mut pullback);
        } else if !adjoint.is_all_zero() {
            pull_back_carefully(recording, index, adjoints, scratch);
        }
    }
}

/// One node of the sweep where its adjoint is not finite: then 0 · ∞ has to be looked for.
#[cold]
#[inline(never)]
fn pull_back_carefully<F: Scalar>(
    recording: Recording<'_, F>,
    index: usize,
    adjoints: &mut [F],
    scratch: &mut Vec<F>,
) {
    let Recording { nodes, pools, .. } = recording;
    if let Op::Call { call, position } = nodes[index].op {
        let of = Calling::of(call, pools);
        return pull_back_call(of, position as usize, nodes, adjoints, scratch);
    }
    let adjoint = adjoints[index];
    visit(recording, index, scratch, &mut |operand, partial| {
        add(adjoints, operand, adjoint.chain(partial));
    });
}

/// Hands the adjoint of one node to its operands.
///
/// PERF: here is what takes a few instructions, and a call of a function for everything else
/// (`reverse/apart.rs`): around a call in its loop the compiler keeps the adjoint, the lengths and
/// the addresses of all nodes in memory, not in registers.
struct Pullback<'a, F> {
    /// As many as there are adjoints. PERF: so that the compiler looks once whether there is an
    /// operand, for its value and for its adjoint.
    nodes: &'a [Node<F>],
    adjoints: &'a mut [F],
    scratch: &'a mut Vec<F>,
    /// The node's value and adjoint.
    value: F,
    adjoint: F,
    /// Those behind the adjoints too, where outputs of a call may be.
    all: &'a [Node<F>],
}

impl<F: Scalar> Pullback<'_, F> {
    #[inline(always)]
    fn add_to(&mut self, operand: Operand<F>, partial: impl FnOnce() -> F) {
        if let Operand::Node(id) = operand {
            let flow = self.adjoint * partial();
            add(self.adjoints, id, flow);
        }
    }
}

impl<F: Scalar> Visitor<F> for Pullback<'_, F> {
    type Output = ();

    #[inline(always)]
    fn leaf(&mut self) {}

    #[inline(always)]
    fn unary<R: Unary>(&mut self, x: NodeIndex) {
        let (at, value) = (self.nodes[x.index()].value, self.value);
        if const { R::HAS_SHORT_SLOPE } {
            self.add_to(Operand::Node(x), || F::slope::<R>(at, value));
        } else {
            apart::unary::<F, R>(at, value, self.adjoint, &mut self.adjoints[x.index()]);
        }
    }

    #[inline(always)]
    fn powi(&mut self, x: NodeIndex, n: i32) {
        let (at, value) = (self.nodes[x.index()].value, self.value);
        // PERF: squares are most.
        if n == 2 {
            self.add_to(Operand::Node(x), || rules::Powi::partial(at, 2, value));
        } else {
            apart::powi(at, n, value, self.adjoint, &mut self.adjoints[x.index()]);
        }
    }

    #[inline(always)]
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) {
        let Self { nodes, value, adjoint, .. } = *self;
        if const { R::FORM.is_inline() } {
            let (a, b) = (value_of(nodes, &x), value_of(nodes, &y));
            self.add_to(x, || F::left::<R>(a, b, value));
            self.add_to(y, || F::right::<R>(a, b, value));
        } else {
            apart::binary::<F, R>(nodes, self.adjoints, [&x, &y], value, adjoint);
        }
    }

    #[inline(always)]
    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) {
        let Self { nodes, adjoint, .. } = *self;
        if const { R::FORM.is_inline() } {
            let (wanted, at) =
                ([x, y, z].map(|x| x.is_node()), [x, y, z].map(|x| value_of(nodes, &x)));
            let partials = F::partials::<R>(wanted, at[0], at[1], at[2]);
            self.add_to(x, || partials[0]);
            self.add_to(y, || partials[1]);
            self.add_to(z, || partials[2]);
        } else {
            apart::ternary::<F, R>(nodes, self.adjoints, [&x, &y, &z], adjoint);
        }
    }

    #[inline(always)]
    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) {
        let Self { nodes, adjoints, scratch, value, adjoint, .. } = self;
        let xs = Gather { nodes, operands };
        apart::nary::<F, R>(xs, constants, *value, *adjoint, adjoints, scratch);
    }

    #[inline(always)]
    fn preaccumulated(&mut self, operands: &[NodeIndex], partials: &[F]) {
        for (&x, &partial) in operands.iter().zip(partials) {
            self.add_to(Operand::Node(x), || partial);
        }
    }

    #[inline(always)]
    fn call(&mut self, of: Calling<'_, F>, position: usize) {
        pull_back_call(of, position, self.all, self.adjoints, self.scratch);
    }
}

/// An output of a call whose adjoint is not zero. The first of them, which is met last, hands the
/// adjoints of all outputs to the inputs.
#[cold]
#[inline(never)]
fn pull_back_call<F: Scalar>(
    of: Calling<'_, F>,
    position: usize,
    nodes: &[Node<F>],
    adjoints: &mut [F],
    scratch: &mut Vec<F>,
) {
    let Calling { call: Call { called, first, .. }, operands, saved } = of;
    let (first, count) = (first.index(), called.outputs());
    if adjoints[first..first + position].iter().any(|adjoint| !adjoint.is_all_zero()) {
        return;
    }
    // Inputs, outputs and weights, one behind the other.
    scratch.clear();
    scratch.extend(Gather { nodes, operands }.iter());
    scratch.extend(nodes[first..first + count].iter().map(|node| node.value));
    // A sweep from one of the outputs covers none behind that.
    let end = adjoints.len().min(first + count);
    scratch.extend_from_slice(&adjoints[first..end]);
    scratch.resize(operands.len() + 2 * count, F::zero());
    let (xs, rest) = scratch.split_at(operands.len());
    let (ys, weights) = rest.split_at(count);
    let flows = expect(call::vjp_of(called, [xs, ys, saved, weights]));
    for (&operand, flow) in operands.iter().zip(flows) {
        add(adjoints, operand, flow);
    }
}
