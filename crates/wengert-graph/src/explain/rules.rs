//! What every operation computes, and its local derivatives, in conventional notation.

mod binary;
mod nary;
mod unary;

use super::expression::{self, Expr};
use crate::{Argument, Node};

/// The formula of a node's value, or `None` for inputs and constants, and for operations that
/// have no formula here. One that is none of the engine's has its name and its operands.
pub(crate) fn value(node: Node<'_>) -> Option<Expr> {
    let operands = Operands(node.arguments());
    if is_products(node) {
        return Some(nary::products(operands));
    }
    let Some(kind) = node.operation().kind() else {
        return own(node, operands);
    };
    let value = match operands.0.len() {
        1 => unary::rule(kind, &operands.at(0)).map(|rule| rule.0),
        2 => binary::rule(kind, &operands.at(0), &operands.at(1)).map(|rule| rule.0),
        _ => None,
    };
    value.or_else(|| nary::value(kind, operands))
}

/// The derivative of a node's value by its argument at a position, or `None` where
/// [`value`] is.
///
/// The work is the same however many arguments there are: of long sums and products only a few
/// terms are written.
pub(crate) fn partial(node: Node<'_>, position: usize) -> Option<Expr> {
    let operands = Operands(node.arguments());
    if is_products(node) {
        return nary::products_partial(operands, position);
    }
    let kind = node.operation().kind()?;
    let partial = match operands.0.len() {
        1 => unary::rule(kind, &operands.at(0)).map(|rule| rule.1),
        2 => binary::rule(kind, &operands.at(0), &operands.at(1))
            .map(|(_, left, right)| if position == 0 { left } else { right }),
        _ => None,
    };
    partial.or_else(|| nary::partial(kind, operands, position, Expr::Node(node.index())))
}

/// What has no name of the engine's: what it does with its operands is not known here.
fn own(node: Node<'_>, operands: Operands<'_>) -> Option<Expr> {
    (operands.len() > 0).then(|| {
        expression::own(node.operation().name(), nary::written(operands.len(), |i| operands.at(i)))
    })
}

/// Whether it is Σ ±x·y of a function, whose terms are a coefficient and two factors each.
fn is_products(node: Node<'_>) -> bool {
    let terms = node.arguments().chunks(3);
    node.operation().name() == "products"
        && terms.into_iter().all(|term| matches!(term, [Argument::Constant(_), _, _]))
}

/// The arguments as formulas.
#[derive(Clone, Copy)]
struct Operands<'s>(&'s [Argument]);

impl Operands<'_> {
    fn len(self) -> usize {
        self.0.len()
    }

    fn at(self, position: usize) -> Expr {
        match self.0[position] {
            Argument::Node { node, .. } => Expr::Node(node),
            Argument::Constant(c) => Expr::Number(c),
        }
    }
}

#[cfg(test)]
mod tests;
