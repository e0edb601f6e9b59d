//! The chain rule worked out: each adjoint as a teacher would derive it.
//!
//! A rule is written once, as a tree ([`expression`], [`rules`]); [`plain`] and [`latex`] write
//! trees. The numbers beside the formulas are the snapshot's values and local derivatives, and
//! the adjoints are swept from them anew, so that an explanation needs no gradients.

mod expression;
mod latex;
mod markdown;
pub(crate) mod names;
mod plain;
mod rules;
mod users;

use crate::snapshot::chain;
use crate::{Argument, NodeIndex, Snapshot};
use expression::{Expr, Letter, product, sum};
use names::Names;
use std::fmt;
use users::{Use, Users};

/// So many terms of an adjoint are written out; of more, the first ones, an ellipsis and the last.
const WRITTEN: usize = 6;

/// How the derivatives of one output come about: see [`Snapshot::explain`].
///
/// `Display` writes it as plain text.
///
/// # Example
/// ```
/// use wengert_graph::{Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let explanation = snapshot.explain(z);
/// assert_eq!(explanation.steps().count(), 3);
/// ```
#[derive(Clone, Debug)]
pub struct Explanation<'s> {
    snapshot: &'s Snapshot,
    output: NodeIndex,
    names: Names<'s>,
    /// Of each node up to the output; `None` where the output does not depend on it.
    adjoints: Vec<Option<f64>>,
    users: Users,
}

impl Snapshot {
    /// The derivation of every derivative of `output`: for each node that it depends on, from the
    /// output back, the products of the chain rule and their sum, as formulas and as numbers.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Complexity
    /// One sweep. The text is put together when it is asked for, a line a node.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::Snapshot;
    /// let tape = wengert::Tape::new();
    /// let [x, w] = [tape.var(0.5).label("x"), tape.var(-3.0).label("w")];
    /// let n = (x * w).label("n");
    /// let o = n.tanh().label("o");
    /// let snapshot = Snapshot::of(&tape.view());
    /// let explanation = snapshot.explain(o.id().unwrap());
    /// let lines: Vec<String> = explanation.steps().map(|step| step.to_string()).collect();
    /// assert_eq!(lines, [
    ///     "∂o/∂o = 1",
    ///     "∂o/∂n = 1 − tanh²(n) = 0.1807",
    ///     "∂o/∂w = ∂o/∂n · x = 0.1807 · 0.5000 = 0.0904",
    ///     "∂o/∂x = ∂o/∂n · w = 0.1807 · (−3.0000) = −0.5421",
    /// ]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn explain(&self, output: impl Into<NodeIndex>) -> Explanation<'_> {
        let output = self.node(output).index();
        let (adjoints, users) = sweep(self, output);
        Explanation { snapshot: self, output, names: Names::new(self), adjoints, users }
    }

    /// The formula of a node's value, without its name: `x · w`. There is none for inputs and
    /// constants. An operation that is none of the engine's has its name for one.
    pub(crate) fn formula(&self, node: NodeIndex, names: &Names<'_>) -> Option<String> {
        value(self, node).map(|value| plain::text(&value, names))
    }

    /// How a node's value comes about: `n = x · w = −6.0000`.
    pub(crate) fn equation(&self, node: NodeIndex, names: &Names<'_>) -> Formula {
        let number = Expr::Value(self.node(node).value());
        let parts = [Some(Expr::Node(node)), value(self, node), Some(number)];
        Formula::new(&parts.into_iter().flatten().collect::<Vec<_>>(), names)
    }
}

/// An equation in plain text and in LaTeX.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Formula(pub(crate) String, pub(crate) Option<String>);

impl Formula {
    fn new(parts: &[Expr], names: &Names<'_>) -> Self {
        let plain = equation(parts, |part| plain::text(part, names), " = ");
        Self(plain, Some(equation(parts, |part| latex::latex(part, names), " = ")))
    }

    /// A sentence, which has no LaTeX.
    pub(crate) const fn words(text: String) -> Self {
        Self(text, None)
    }
}

/// The formula of a node's value with other names for its operands.
pub(crate) fn formula_with(
    node: crate::Node<'_>,
    name: &dyn Fn(NodeIndex) -> String,
) -> Option<String> {
    rules::value(node).map(|value| plain::text_with(&value, name))
}

/// The local derivative of a node by its argument at a position, in plain text.
pub(crate) fn local(
    snapshot: &Snapshot,
    node: NodeIndex,
    at: usize,
    names: &Names<'_>,
) -> Option<String> {
    rules::partial(snapshot.node(node), at).map(|partial| plain::text(&partial, names))
}

/// The adjoints of all nodes up to the output, and the uses that they come from.
fn sweep(snapshot: &Snapshot, output: NodeIndex) -> (Vec<Option<f64>>, Users) {
    let mut adjoints = vec![None; output.position() + 1];
    // The engine's convention: of an output that is NaN, every derivative is.
    let is_lost = snapshot.node(output).value().is_nan();
    adjoints[output.position()] = Some(if is_lost { f64::NAN } else { 1.0 });
    for at in (0..=output.position()).rev() {
        let Some(adjoint) = adjoints[at] else { continue };
        for edge in snapshot.node(NodeIndex::at(at)).edges() {
            let sum = adjoints[edge.from.position()].get_or_insert(0.0);
            *sum += chain(adjoint, edge.partial);
        }
    }
    let leads = |node: NodeIndex| adjoints[node.position()].is_some();
    let users = Users::new(snapshot, adjoints.len(), leads);
    (adjoints, users)
}

/// The formula of a node's value.
fn value(snapshot: &Snapshot, node: NodeIndex) -> Option<Expr> {
    let node = snapshot.node(node);
    if node.operation().is_leaf() { None } else { rules::value(node) }
}

impl<'s> Explanation<'s> {
    /// The output whose derivatives are explained.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).sin();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.explain(y.id().unwrap()).output(), y.id().unwrap().into());
    /// ```
    #[must_use]
    pub const fn output(&self) -> NodeIndex {
        self.output
    }

    /// How nodes are named in it.
    pub(crate) const fn names(&self) -> &Names<'s> {
        &self.names
    }

    /// The steps from the output back to the first input: one for each node on which the output
    /// depends.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let (x, unused) = (tape.var(3.0), tape.var(4.0));
    /// let y = x * x;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let explanation = snapshot.explain(y.id().unwrap());
    /// let last = explanation.steps().last().unwrap();
    /// assert_eq!(last.to_string(), "∂n2/∂n0 = n0 + n0 = 3.0000 + 3.0000 = 6.0000");
    /// assert!(explanation.step(unused.id().unwrap()).is_none());
    /// ```
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        (0..self.adjoints.len()).rev().filter_map(|at| self.step(NodeIndex::at(at)))
    }

    /// The step of one node, or `None` where the output does not depend on it.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = 2.0 * x;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let explanation = snapshot.explain(y.id().unwrap());
    /// assert_eq!(explanation.step(x.id().unwrap()).unwrap().adjoint(), 2.0);
    /// ```
    #[must_use]
    pub fn step(&self, node: impl Into<NodeIndex>) -> Option<Step<'_>> {
        let node = node.into();
        let adjoint = *self.adjoints.get(node.position())?.as_ref()?;
        Some(Step { explanation: self, node, adjoint })
    }

    /// The values of the nodes on which the output depends, in recording order: a formula for
    /// each and its value.
    fn values(&self) -> impl Iterator<Item = [Expr; 3]> {
        let known = self.adjoints.iter().enumerate().filter(|(_, adjoint)| adjoint.is_some());
        known.map(|(at, _)| {
            let node = NodeIndex::at(at);
            let name = Expr::Node(node);
            let number = Expr::Value(self.snapshot.node(node).value());
            [name, value(self.snapshot, node).unwrap_or_else(|| number.clone()), number]
        })
    }
}

impl fmt::Display for Explanation<'_> {
    /// The values from the inputs up, then the derivatives from the output down.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Forward: the values\n")?;
        for parts in self.values() {
            writeln!(f, "  {}", equation(&parts, |part| plain::text(part, &self.names), " = "))?;
        }
        writeln!(f, "\nBackward: the chain rule, from the output\n")?;
        self.steps().try_for_each(|step| writeln!(f, "  {step}"))
    }
}

/// The parts with equal signs between; a part that is written as the one before is left out.
fn equation(parts: &[Expr], write: impl Fn(&Expr) -> String, equals: &str) -> String {
    let mut written: Vec<String> = parts.iter().map(write).collect();
    written.dedup();
    written.join(equals)
}

/// How one adjoint comes about. `Display` writes it as an equation:
/// `∂o/∂x = ∂o/∂n · w = 0.1807 · (−3.0000) = −0.5421`.
///
/// # Example
/// ```
/// use wengert_graph::{Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let explanation = snapshot.explain(z);
/// assert_eq!(explanation.step(x).unwrap().to_string(), "∂z/∂x = y = 3.0000");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Step<'e> {
    explanation: &'e Explanation<'e>,
    node: NodeIndex,
    adjoint: f64,
}

/// One product of the chain rule: what a use of a node adds to its adjoint.
///
/// # Example
/// ```
/// use wengert_graph::{Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let explanation = snapshot.explain(z);
/// let terms: Vec<_> = explanation.step(x).unwrap().terms().collect();
/// assert_eq!((terms.len(), terms[0].user), (1, z.into()));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Term {
    /// The node that uses the one in question.
    pub user: NodeIndex,
    /// The adjoint of the user.
    pub adjoint: f64,
    /// The derivative of the user's value with respect to this argument.
    pub partial: f64,
    /// The formula of that derivative in plain text: `1 − tanh²(n)`.
    pub formula: String,
    /// The product of the two numbers, with 0 · ∞ = 0 as in the engine.
    pub contribution: f64,
}

impl Step<'_> {
    /// The node with respect to which the derivative is taken.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).sin();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let explanation = snapshot.explain(y.id().unwrap());
    /// let nodes: Vec<String> = explanation.steps().map(|step| step.node().to_string()).collect();
    /// assert_eq!(nodes, ["n1", "n0"]);
    /// ```
    #[must_use]
    pub const fn node(&self) -> NodeIndex {
        self.node
    }

    /// The derivative of the output with respect to the node: the sum of all contributions.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * x + x;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let explanation = snapshot.explain(y.id().unwrap());
    /// assert_eq!(explanation.step(x.id().unwrap()).unwrap().adjoint(), 7.0);
    /// ```
    #[must_use]
    pub const fn adjoint(&self) -> f64 {
        self.adjoint
    }

    /// What each use of the node adds, the latest use first, as the reverse sweep adds them;
    /// nothing for the output itself.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * x + x;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let explanation = snapshot.explain(y.id().unwrap());
    /// let step = explanation.step(x.id().unwrap()).unwrap();
    /// let parts: Vec<f64> = step.terms().map(|term| term.contribution).collect();
    /// assert_eq!(parts, [1.0, 3.0, 3.0]);
    /// ```
    pub fn terms(&self) -> impl Iterator<Item = Term> {
        self.uses().iter().map(|&each| {
            let (user, partial) = (each.user, self.number_of(each));
            let adjoint = self.adjoint_of(each);
            let formula = plain::text(&self.partial_of(each), &self.explanation.names);
            Term { user, adjoint, partial, formula, contribution: chain(adjoint, partial) }
        })
    }

    /// The equation in LaTeX, without dollars.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(4.0).label("x");
    /// let y = x.sqrt().label("y");
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let explanation = snapshot.explain(y.id().unwrap());
    /// assert_eq!(
    ///     explanation.step(x.id().unwrap()).unwrap().to_latex(),
    ///     r"\frac{\partial y}{\partial x} = \frac{1}{2 \cdot \sqrt{x}} = 0.2500"
    /// );
    /// ```
    #[must_use]
    pub fn to_latex(&self) -> String {
        equation(&self.parts(), |part| latex::latex(part, &self.explanation.names), " = ")
    }

    /// Each use by a node that is shown, as the reverse sweep meets it: the user, what is added,
    /// and the equation of that,
    /// `∂o/∂x += ∂o/∂n · w = 0.1807 · (−3.0000) = −0.5421`.
    pub(crate) fn additions(
        &self,
        is_shown: impl Fn(NodeIndex) -> bool,
    ) -> impl Iterator<Item = Addition> {
        let names = &self.explanation.names;
        let name = Formula::new(&[Expr::Derivative(self.explanation.output, self.node)], names);
        let shown = self.uses().iter().filter(move |each| is_shown(each.user));
        shown.map(move |&each| {
            let contribution = chain(self.adjoint_of(each), self.number_of(each));
            let formula = self.factor(each) * self.partial_of(each);
            let parts = with_value(vec![formula, self.numbers(each)], contribution);
            let Formula(plain, latex) = Formula::new(&parts, names);
            let latex =
                name.1.iter().zip(latex).map(|(name, sum)| format!("{name} += {sum}")).next();
            let formula = Formula(format!("{} += {plain}", name.0), latex);
            Addition { user: each.user, contribution, formula }
        })
    }

    /// The equation in plain text and in LaTeX.
    pub(crate) fn formula(&self) -> Formula {
        Formula::new(&self.parts(), &self.explanation.names)
    }

    fn uses(&self) -> &[Use] {
        self.explanation.users.of(self.node)
    }

    fn adjoint_of(&self, each: Use) -> f64 {
        self.explanation.adjoints[each.user.position()].unwrap_or(0.0)
    }

    /// The local derivative as a number.
    fn number_of(&self, each: Use) -> f64 {
        match self.explanation.snapshot.node(each.user).arguments()[each.position as usize] {
            Argument::Node { partial, .. } => partial,
            Argument::Constant(_) => 0.0,
        }
    }

    /// The local derivative as a formula, or as ∂u/∂x where there is none.
    fn partial_of(&self, each: Use) -> Expr {
        let user = self.explanation.snapshot.node(each.user);
        let formula = rules::partial(user, each.position as usize);
        formula.unwrap_or(Expr::Derivative(each.user, self.node))
    }

    /// The derivative, its formula, its formula with numbers, and its value.
    fn parts(&self) -> Vec<Expr> {
        let output = self.explanation.output;
        let name = Expr::Derivative(output, self.node);
        if self.node == output {
            return vec![name, Expr::Number(self.adjoint)];
        }
        let formula = self.written(|each| self.factor(each) * self.partial_of(each));
        let numbers = self.written(|each| self.numbers(each));
        with_value(vec![name, formula, numbers], self.adjoint)
    }

    /// The adjoint of the user; that of the output is 1, which needs no mention.
    fn factor(&self, each: Use) -> Expr {
        let output = self.explanation.output;
        let is_one = each.user == output && self.adjoint_of(each) == 1.0;
        if is_one { Expr::Number(1.0) } else { Expr::Derivative(output, each.user) }
    }

    /// The product with numbers in place of names.
    fn numbers(&self, each: Use) -> Expr {
        let partial = match self.partial_of(each) {
            number @ Expr::Number(_) => number,
            _ => Expr::Value(self.number_of(each)),
        };
        let factor = match self.factor(each) {
            number @ Expr::Number(_) => number,
            _ => Expr::Value(self.adjoint_of(each)),
        };
        product([factor, partial])
    }

    /// The sum of all terms, or of those that are written out of many.
    fn written(&self, term: impl Fn(Use) -> Expr) -> Expr {
        let uses = self.uses();
        if uses.len() <= WRITTEN {
            return sum(uses.iter().copied().map(term));
        }
        let mut terms: Vec<Expr> = uses[..WRITTEN - 2].iter().copied().map(&term).collect();
        terms.push(Expr::Letter(Letter::Ellipsis));
        terms.extend(uses.last().copied().map(term));
        Expr::Sum(terms)
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = &self.explanation.names;
        f.write_str(&equation(&self.parts(), |part| plain::text(part, names), " = "))
    }
}

/// One `+=` of the reverse sweep.
#[derive(Clone, Debug)]
pub(crate) struct Addition {
    pub(crate) user: NodeIndex,
    pub(crate) contribution: f64,
    pub(crate) formula: Formula,
}

/// The parts with the value behind them, unless the last of them is a number already.
fn with_value(mut parts: Vec<Expr>, value: f64) -> Vec<Expr> {
    if !matches!(parts.last(), Some(Expr::Number(_))) {
        parts.push(Expr::Value(value));
    }
    parts
}
