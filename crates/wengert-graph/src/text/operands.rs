//! Which operand is which, where that matters: letters on the links, and the formula in letters.

use crate::{Element, Link, Node, NodeIndex, Picture, explain};
use std::cell::RefCell;
use wengert::OpKind;

/// The letters, of which none is a number that readers know. More operands have none.
const LETTERS: [char; 8] = ['a', 'b', 'c', 'd', 'f', 'g', 'h', 'k'];

/// The longest formula that stands in a round node.
const LONGEST: usize = 28;

/// The operands of one operation by letters, in the order of the formula.
pub(crate) struct Lettered {
    /// `a − b`, `a·b + c·d`.
    pub(crate) formula: String,
    nodes: Vec<NodeIndex>,
}

impl Lettered {
    /// The operands of an operation, if their order or their pairs matter and a short formula
    /// tells them.
    pub(crate) fn of(node: Node<'_>) -> Option<Self> {
        // Whether two are the same node or different ones, there are two to be told apart.
        if !is_ordered(node) || node.edges().nth(1).is_none() || node.edges().nth(16).is_some() {
            return None;
        }
        let nodes = RefCell::new(Vec::new());
        let letter = |operand: NodeIndex| {
            let mut nodes = nodes.borrow_mut();
            let known = nodes.iter().position(|&known| known == operand);
            let place = known.unwrap_or_else(|| {
                nodes.push(operand);
                nodes.len() - 1
            });
            LETTERS.get(place).map_or_else(|| "…".to_owned(), char::to_string)
        };
        let formula = explain::formula_with(node, &letter)?.replace(" · ", "·");
        let is_short = formula.chars().count() <= LONGEST && !formula.contains('…');
        is_short.then(|| Self { formula, nodes: nodes.into_inner() })
    }

    /// The letter of an operand.
    pub(crate) fn letter(&self, operand: NodeIndex) -> Option<char> {
        let place = self.nodes.iter().position(|&known| known == operand)?;
        LETTERS.get(place).copied()
    }

    /// How many operands there are.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }
}

/// What stands at a link between two nodes: the operand's letter, or how often it is used.
pub(crate) fn mark_of(picture: &Picture<'_>, link: &Link) -> Option<String> {
    match (&picture.elements()[link.from], &picture.elements()[link.to]) {
        (Element::Node { node: from, .. }, Element::Node { node: to, .. }) => {
            mark(picture.snapshot().node(*to), *from, link.edges)
        }
        _ => None,
    }
}

fn mark(user: Node<'_>, operand: NodeIndex, edges: usize) -> Option<String> {
    let letter = Lettered::of(user).and_then(|letters| letters.letter(operand));
    let times = (edges > 1).then(|| format!("{edges}×"));
    letter.map(String::from).or(times)
}

/// Whether operands in another order, or in other pairs, would give another value.
fn is_ordered(node: Node<'_>) -> bool {
    match node.operation().kind() {
        Some(kind) => !is_symmetric(kind),
        None => node.operation().name() == "products",
    }
}

const fn is_symmetric(kind: OpKind) -> bool {
    use OpKind::{Add, Hypot, LogSumExp, Max, Min, Mul, Norm, Product, SquaredNorm, Sum};
    matches!(kind, Add | Mul | Max | Min | Hypot | Sum | Product | Norm | SquaredNorm | LogSumExp)
}

#[cfg(test)]
mod tests {
    use super::{Lettered, mark};
    use crate::Snapshot;
    use wengert::Var;

    #[track_caller]
    fn assert_formula(
        f: impl for<'t> Fn(Var<'t>, Var<'t>) -> Var<'t>,
        expected: Option<&str>,
        marks: [Option<&str>; 2],
    ) {
        let tape = wengert::Tape::new();
        let [p, q] = tape.var_array([2.0, 5.0]);
        let y = f(p, q);
        let snapshot = Snapshot::of(&tape.view());
        let node = snapshot.node(y.id().unwrap());
        assert_eq!(Lettered::of(node).map(|letters| letters.formula).as_deref(), expected);
        let found = [p, q].map(|operand| {
            let operand = operand.id().unwrap().into();
            mark(node, operand, node.edges().filter(|edge| edge.from == operand).count())
        });
        assert_eq!(found.each_ref().map(Option::as_deref), marks);
    }

    #[test]
    fn the_order_of_operands_is_told() {
        assert_formula(|p, q| q - p, Some("a − b"), [Some("b"), Some("a")]);
        assert_formula(|p, q| p / q, Some("a/b"), [Some("a"), Some("b")]);
        assert_formula(|p, q| q.pow(p), Some("a^b"), [Some("b"), Some("a")]);
        assert_formula(|p, q| p.atan2(q), Some("atan2(a, b)"), [Some("a"), Some("b")]);
        assert_formula(|p, q| p % q, Some("mod(a, b)"), [Some("a"), Some("b")]);
    }

    #[test]
    fn factors_that_belong_together_stand_together() {
        assert_formula(
            |p, q| Var::dot(&[q, p], &[q, q]),
            Some("a·a + b·a"),
            [Some("b"), Some("a")],
        );
    }

    #[test]
    fn where_order_does_not_matter_the_number_of_uses_is_told() {
        assert_formula(|p, q| p + q, None, [None, None]);
        assert_formula(|p, _| p * p, None, [Some("2×"), None]);
        assert_formula(|p, _| p - 1.0, None, [None, None]);
    }
}
