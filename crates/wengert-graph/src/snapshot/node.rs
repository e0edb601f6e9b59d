//! One node of a snapshot, and what stands on its edges.

use super::{NodeIndex, Snapshot};
use std::fmt;
use wengert::OpKind;

/// What a node computes: an operation of the engine, or one that only has a name.
///
/// # Example
/// ```
/// use wengert::OpKind;
/// use wengert_graph::Operation;
/// assert_eq!(Operation::from(OpKind::Tanh).name(), "tanh");
/// assert_eq!(Operation::from("attention").kind(), None);
/// // A name that the engine knows is that operation.
/// assert_eq!(Operation::from("tanh").kind(), Some(OpKind::Tanh));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation(Inner);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Inner {
    Known(OpKind),
    Named(Box<str>),
}

impl Operation {
    /// The name, as it stands in listings.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_graph::Operation::from(wengert::OpKind::Mul).name(), "mul");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0 {
            Inner::Known(kind) => kind.name(),
            Inner::Named(name) => name,
        }
    }

    /// The engine's operation, if it is one.
    ///
    /// # Example
    /// ```
    /// use wengert::OpKind;
    /// assert_eq!(wengert_graph::Operation::from(OpKind::Mul).kind(), Some(OpKind::Mul));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> Option<OpKind> {
        match &self.0 {
            Inner::Known(kind) => Some(*kind),
            Inner::Named(_) => None,
        }
    }

    /// An operation of a user's own, even where the engine has one of its name.
    pub(super) fn custom(name: &str) -> Self {
        Self(Inner::Named(name.into()))
    }

    /// Whether it is an input or a constant, which compute nothing.
    ///
    /// # Example
    /// ```
    /// assert!(wengert_graph::Operation::from(wengert::OpKind::Input).is_leaf());
    /// ```
    #[must_use]
    pub const fn is_leaf(&self) -> bool {
        matches!(self.kind(), Some(OpKind::Input | OpKind::Constant))
    }
}

impl From<OpKind> for Operation {
    fn from(kind: OpKind) -> Self {
        Self(Inner::Known(kind))
    }
}

impl From<&str> for Operation {
    fn from(name: &str) -> Self {
        Self(OpKind::from_name(name).map_or_else(|| Inner::Named(name.into()), Inner::Known))
    }
}

/// The part that a node plays; pictures colour by it.
///
/// # Example: what is not said follows from the recording
/// ```
/// use wengert_graph::{Role, Snapshot};
/// let tape = wengert::Tape::new();
/// let [x, w] = tape.var_array([3.0, 2.0]);
/// (x * w).sin();
/// let snapshot = Snapshot::of(&tape.view()).with_role(w.id().unwrap(), Role::Parameter);
/// let roles: Vec<Role> = snapshot.nodes().map(|node| node.role()).collect();
/// assert_eq!(roles, [Role::Input, Role::Parameter, Role::Operation, Role::Output]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// An independent variable.
    Input,
    /// An independent variable that is learnt, such as a weight.
    Parameter,
    /// A number that has a node of its own.
    Constant,
    /// A result on the way.
    Operation,
    /// A result that is wanted.
    Output,
}

impl Role {
    /// All roles, from the first to the last that a computation needs.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_graph::Role::ALL.len(), 5);
    /// ```
    pub const ALL: [Self; 5] =
        [Self::Input, Self::Parameter, Self::Constant, Self::Operation, Self::Output];

    /// The role in one word.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_graph::Role::Parameter.name(), "parameter");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Parameter => "parameter",
            Self::Constant => "constant",
            Self::Operation => "operation",
            Self::Output => "output",
        }
    }
}

/// An argument of an operation: an earlier node with the local partial derivative with respect
/// to it, or a number.
///
/// # Example
/// ```
/// use wengert_graph::{Argument, Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let first = Argument::Node { node: x.into(), partial: 3.0 };
/// assert_eq!(snapshot.node(z).arguments()[0], first);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Argument {
    /// An earlier node.
    Node {
        /// The node.
        node: NodeIndex,
        /// The derivative of the operation's value with respect to this argument.
        partial: f64,
    },
    /// A number.
    Constant(f64),
}

/// An argument that is a node, as the chain rule sees it.
///
/// # Example
/// ```
/// use wengert_graph::{Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let edge = snapshot.node(z).edges().next().unwrap();
/// assert_eq!((edge.from, edge.partial, edge.contribution), (x.into(), 3.0, Some(3.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The node that is used.
    pub from: NodeIndex,
    /// The node that uses it.
    pub to: NodeIndex,
    /// The derivative of the user's value with respect to this argument.
    pub partial: f64,
    /// What the user's adjoint adds to the adjoint of what it uses: adjoint × partial, with
    /// 0 · ∞ = 0 as in the engine. `None` where the user has no adjoint.
    pub contribution: Option<f64>,
}

/// Where in the source a node was recorded; prints as `src/model.rs:12:9`.
///
/// # Example
/// ```
/// use wengert_graph::Place;
/// let place = Place { file: "src/model.rs".into(), line: 12, column: 9 };
/// assert_eq!(place.to_string(), "src/model.rs:12:9");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the compiler names it.
    pub file: Box<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column } = self;
        write!(f, "{file}:{line}:{column}")
    }
}

/// One node of a [`Snapshot`].
///
/// # Example
/// ```
/// use wengert_graph::{Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let node = snapshot.node(z);
/// assert_eq!((node.name(), node.value(), node.adjoint()), ("z".into(), 6.0, Some(1.0)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Node<'s> {
    snapshot: &'s Snapshot,
    index: NodeIndex,
}

impl<'s> Node<'s> {
    pub(super) const fn new(snapshot: &'s Snapshot, index: NodeIndex) -> Self {
        Self { snapshot, index }
    }

    /// The position of the node.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(x.id().unwrap()).index().position(), 0);
    /// ```
    #[must_use]
    pub const fn index(self) -> NodeIndex {
        self.index
    }

    /// Another node of the same snapshot.
    #[track_caller]
    pub(crate) fn sibling(self, at: NodeIndex) -> Self {
        self.snapshot.node(at)
    }

    /// Whether the value is finite, and so is the adjoint if there is one.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(-1.0).ln();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert!(!snapshot.node(y.id().unwrap()).is_finite());
    /// ```
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.value().is_finite() && self.adjoint().is_none_or(f64::is_finite)
    }

    /// The label, if it has one.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0).label("x");
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(x.id().unwrap()).label(), Some("x"));
    /// ```
    #[must_use]
    pub fn label(self) -> Option<&'s str> {
        self.snapshot.labels.get(self.index)
    }

    /// The label, or else the identifier: `n12`.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(x.id().unwrap()).name(), "n0");
    /// ```
    #[must_use]
    pub fn name(self) -> String {
        self.label().map_or_else(|| self.index.to_string(), str::to_owned)
    }

    /// What the node computes.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).tanh();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(y.id().unwrap()).operation().name(), "tanh");
    /// ```
    #[must_use]
    pub fn operation(self) -> &'s Operation {
        &self.snapshot.operations[self.snapshot.operation[self.index.position()] as usize]
    }

    /// The part that the node plays: what was said, or else what follows from the recording. An
    /// operation that no other node uses is an output, unless outputs were said.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).tanh();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(y.id().unwrap()).role(), wengert_graph::Role::Output);
    /// ```
    #[must_use]
    pub fn role(self) -> Role {
        let said = self.snapshot.roles.get(&self.index).copied();
        said.unwrap_or_else(|| self.snapshot.natural_role(self))
    }

    /// The value that was computed when the node was recorded.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0) * 2.0;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(y.id().unwrap()).value(), 6.0);
    /// ```
    #[must_use]
    pub fn value(self) -> f64 {
        self.snapshot.value[self.index.position()]
    }

    /// The adjoint: the derivative of the output with respect to this node. `None` where there
    /// are no gradients, or none was set for this node.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(x.id().unwrap()).adjoint(), None);
    /// ```
    #[must_use]
    pub fn adjoint(self) -> Option<f64> {
        self.snapshot.adjoint.get(self.index.position()).copied().flatten()
    }

    /// The arguments in the order in which the operation takes them.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Argument, NodeIndex, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let y = 2.0 * tape.var(3.0);
    /// let snapshot = Snapshot::of(&tape.view());
    /// let arguments = snapshot.node(y.id().unwrap()).arguments();
    /// let x = Argument::Node { node: NodeIndex::at(0), partial: 2.0 };
    /// assert!(arguments.contains(&x) && arguments.contains(&Argument::Constant(2.0)));
    /// ```
    #[must_use]
    pub fn arguments(self) -> &'s [Argument] {
        let at = self.index.position();
        let start = at.checked_sub(1).map_or(0, |before| self.snapshot.ends[before]);
        &self.snapshot.arguments[start as usize..self.snapshot.ends[at] as usize]
    }

    /// The arguments that are nodes. A node used twice comes twice.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * x;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// let parts: Vec<_> = snapshot.node(y.id().unwrap()).edges().collect();
    /// assert_eq!(parts.iter().filter_map(|edge| edge.contribution).sum::<f64>(), 6.0);
    /// ```
    pub fn edges(self) -> impl DoubleEndedIterator<Item = Edge> + use<'s> {
        let (to, adjoint) = (self.index, self.adjoint());
        self.arguments().iter().filter_map(move |argument| match *argument {
            Argument::Constant(_) => None,
            Argument::Node { node: from, partial } => {
                let contribution = adjoint.map(|adjoint| chain(adjoint, partial));
                Some(Edge { from, to, partial, contribution })
            }
        })
    }

    /// Where in the source the node was recorded, if the recording kept it.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.record_sources(true);
    /// let x = tape.var(3.0);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert!(snapshot.node(x.id().unwrap()).place().unwrap().line > 0);
    /// ```
    #[must_use]
    pub fn place(self) -> Option<&'s Place> {
        let number = self.snapshot.place.get(self.index.position())?.checked_sub(1)?;
        Some(&self.snapshot.places[number as usize])
    }

    /// The scopes that the node was recorded in, the outermost first; empty outside of any. Of
    /// scopes nested deeper than 64, the first 64.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = {
    ///     let _scope = tape.scope("layer1");
    ///     tape.var(3.0)
    /// };
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(x.id().unwrap()).scope(), ["layer1"]);
    /// ```
    #[must_use]
    pub fn scope(self) -> Vec<&'s str> {
        self.snapshot.scopes.path(self.snapshot.scope_of(self.index))
    }
}

/// The chain rule's product, with 0 · ∞ = 0 as in the engine: a zero adjoint passes nothing on,
/// and a zero partial stops all but NaN.
pub(crate) fn chain(adjoint: f64, partial: f64) -> f64 {
    let is_stopped = adjoint == 0.0 || (partial == 0.0 && !adjoint.is_nan());
    if is_stopped { 0.0 } else { adjoint * partial }
}

#[cfg(test)]
mod tests {
    use super::chain;

    #[test]
    fn a_zero_meets_infinity() {
        assert_eq!(chain(0.0, f64::INFINITY), 0.0);
        assert_eq!(chain(f64::INFINITY, 0.0), 0.0);
        assert!(chain(f64::NAN, 0.0).is_nan());
        assert!(chain(2.0, f64::NAN).is_nan());
    }
}
