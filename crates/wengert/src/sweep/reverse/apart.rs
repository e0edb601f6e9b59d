//! What the reverse sweep does by calls: costly rules and lists of operands, each a function of its
//! own that is handed all it needs.

use crate::index::NodeIndex;
use crate::ops::{Beside, Binary, Nary, Operand, Ternary, Unary, rules};
use crate::scalar::{Evaluate, Scalar};
use crate::store::{Gather, Node};

/// The value of an operand.
#[inline(always)]
pub(super) fn value_of<F: Scalar>(nodes: &[Node<F>], operand: &Operand<F>) -> F {
    match *operand {
        Operand::Node(id) => nodes[id.index()].value,
        Operand::Constant(c) => c,
    }
}

/// Adds to the adjoint of an operand.
#[inline(always)]
pub(super) fn add<F: Scalar>(adjoints: &mut [F], operand: NodeIndex, flow: F) {
    let sum = &mut adjoints[operand.index()];
    *sum = sum.accumulate(flow);
}

/// Adds to the adjoint of the operand, which is `sum`.
#[inline(never)]
pub(super) fn unary<F: Scalar, R: Unary>(x: F, y: F, adjoint: F, sum: &mut F) {
    *sum = sum.accumulate(adjoint * F::slope::<R>(x, y));
}

#[inline(never)]
pub(super) fn powi<F: Scalar>(x: F, n: i32, y: F, adjoint: F, sum: &mut F) {
    *sum = sum.accumulate(adjoint * rules::Powi::partial(x, n, y));
}

#[inline(never)]
pub(super) fn binary<F: Scalar, R: Binary>(
    nodes: &[Node<F>],
    adjoints: &mut [F],
    [x, y]: [&Operand<F>; 2],
    value: F,
    adjoint: F,
) {
    let (a, b) = (value_of(nodes, x), value_of(nodes, y));
    if let Operand::Node(x) = *x {
        add(adjoints, x, adjoint * F::left::<R>(a, b, value));
    }
    if let Operand::Node(y) = *y {
        add(adjoints, y, adjoint * F::right::<R>(a, b, value));
    }
}

#[inline(never)]
pub(super) fn ternary<F: Scalar, R: Ternary>(
    nodes: &[Node<F>],
    adjoints: &mut [F],
    operands: [&Operand<F>; 3],
    adjoint: F,
) {
    let (wanted, [x, y, z]) =
        (operands.map(Operand::is_node), operands.map(|x| value_of(nodes, x)));
    for (operand, partial) in operands.into_iter().zip(F::partials::<R>(wanted, x, y, z)) {
        if let Operand::Node(operand) = *operand {
            add(adjoints, operand, adjoint * partial);
        }
    }
}

#[inline(never)]
pub(super) fn nary<F: Scalar, R: Nary>(
    xs: Gather<'_, F>,
    constants: &[F],
    value: F,
    adjoint: F,
    adjoints: &mut [F],
    scratch: &mut Vec<F>,
) {
    scratch.clear();
    // PERF: as many as there are nodes, so that the compiler looks at an operand once for both.
    let adjoints = &mut adjoints[..xs.nodes.len()];
    R::partials(xs, Beside { constants, y: value, scratch }, |i, partial| {
        add(adjoints, xs.operands[i], adjoint * partial);
    });
}
