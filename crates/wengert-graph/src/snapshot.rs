//! What a picture is drawn from: one recording, copied into columns.

mod build;
mod check;
mod function;
mod guard;
mod index;
mod labels;
mod node;
mod scopes;
mod tape;

pub use guard::Guard;
pub use index::NodeIndex;
pub(crate) use node::chain;
pub use node::{Argument, Edge, Node, Operation, Place, Role};
pub(crate) use scopes::{Scope, Scopes};

use indexmap::IndexSet;
use labels::Labels;
use std::collections::BTreeMap;
use wengert::{Mark, OpKind};

/// A recording as pictures see it: each node's operation, arguments, value, adjoint, label, role,
/// scope and source place, and each edge's local partial derivative.
///
/// Made from a tape by [`Snapshot::of`], from a function by [`Snapshot::of_function`], or node by
/// node by [`Snapshot::push`]; what a recording
/// does not say (adjoints, roles, a title) is added by the methods that begin with `with`. It
/// borrows nothing. A node names only nodes before it, so the order of nodes is topological.
///
/// About 70 bytes for a node with two operands, and as many letters and 12 bytes for a label.
///
/// # Example
/// ```
/// use wengert_graph::Snapshot;
/// let tape = wengert::Tape::new();
/// let x = tape.var(3.0).label("x");
/// let y = (x * x).label("y");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
/// let node = snapshot.node(y.id().unwrap());
/// assert_eq!((node.name().as_str(), node.operation().name(), node.value()), ("y", "mul", 9.0));
/// assert_eq!(snapshot.node(x.id().unwrap()).adjoint(), Some(6.0));
/// assert_eq!(node.edges().map(|edge| edge.partial).collect::<Vec<_>>(), [3.0, 3.0]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    title: Option<String>,
    operations: IndexSet<Operation>,
    /// Of each node, the number of its operation.
    operation: Vec<u32>,
    value: Vec<f64>,
    /// Empty without gradients; shorter than the nodes where some were recorded after the sweep.
    adjoint: Vec<Option<f64>>,
    /// Whether somebody wrote adjoints down: a sweep makes no mistakes.
    is_by_hand: bool,
    /// The end of each node's arguments; they begin where those of the node before end.
    ends: Vec<u32>,
    arguments: Vec<Argument>,
    /// Of each node, whether a later one uses it.
    is_used: Vec<bool>,
    labels: Labels,
    /// What was said of a role; the others follow from the recording.
    roles: BTreeMap<NodeIndex, Role>,
    /// Whether an output was said: then an unused operation is not taken for one.
    says_outputs: bool,
    places: IndexSet<Place>,
    /// Empty where no place is known; otherwise one more than the number of the place, or 0.
    place: Vec<u32>,
    scopes: Scopes,
    /// Empty where there is no scope.
    scope: Vec<Scope>,
    /// Whether scopes are calls of functions.
    has_calls: bool,
    guards: Vec<Guard>,
    /// The equalities of variables that held, in words.
    equalities: Vec<String>,
    /// The end of the recording that it was taken of, if that was one.
    taken: Option<Mark>,
}

impl Snapshot {
    /// The number of nodes.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_graph::Snapshot::new().len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Whether there is no node.
    ///
    /// # Example
    /// ```
    /// assert!(wengert_graph::Snapshot::new().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// The title of pictures, if one was given.
    ///
    /// # Example
    /// ```
    /// let snapshot = wengert_graph::Snapshot::new().with_title("one neuron");
    /// assert_eq!(snapshot.title(), Some("one neuron"));
    /// ```
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Whether there are adjoints, from a sweep or set by hand.
    ///
    /// # Example
    /// ```
    /// assert!(!wengert_graph::Snapshot::new().has_gradients());
    /// ```
    #[must_use]
    pub fn has_gradients(&self) -> bool {
        !self.adjoint.is_empty()
    }

    /// All nodes in recording order.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// tape.var(3.0).sin();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let names: Vec<String> = snapshot.nodes().map(|node| node.name()).collect();
    /// assert_eq!(names, ["n0", "n1"]);
    /// ```
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = Node<'_>> + ExactSizeIterator {
        (0..self.len()).map(|at| Node::new(self, NodeIndex::at(at)))
    }

    /// The node at a position.
    ///
    /// # Panics
    /// If there is none; [`Snapshot::get`] gives `None`.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.node(x.id().unwrap()).value(), 3.0);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn node(&self, at: impl Into<NodeIndex>) -> Node<'_> {
        let at = at.into();
        let len = self.len();
        self.get(at).unwrap_or_else(|| panic!("{at} is not among the {len} nodes of this snapshot"))
    }

    /// The node at a position, if there is one.
    ///
    /// # Example
    /// ```
    /// assert!(wengert_graph::Snapshot::new().get(wengert_graph::NodeIndex::at(0)).is_none());
    /// ```
    #[must_use]
    pub fn get(&self, at: impl Into<NodeIndex>) -> Option<Node<'_>> {
        let at = at.into();
        (at.position() < self.len()).then(|| Node::new(self, at))
    }

    /// The outputs: those that were said, or else the operations that no other node uses.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).sin().label("y");
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.outputs(), [y.id().unwrap().into()]);
    /// ```
    #[must_use]
    pub fn outputs(&self) -> Vec<NodeIndex> {
        let outputs = self.nodes().filter(|node| node.role() == Role::Output);
        outputs.map(Node::index).collect()
    }

    /// All scopes.
    pub(crate) const fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Whether scopes are calls of functions, which pictures draw as one box each.
    pub(crate) const fn has_calls(&self) -> bool {
        self.has_calls
    }

    /// The innermost scope that a node was recorded in.
    pub(crate) fn scope_of(&self, node: NodeIndex) -> Scope {
        self.scope.get(node.position()).copied().unwrap_or(0)
    }

    /// The number of labels.
    pub(crate) fn labels(&self) -> usize {
        self.labels.len()
    }

    /// The part of a node that nothing was said of.
    fn natural_role(&self, node: Node<'_>) -> Role {
        match node.operation().kind() {
            Some(OpKind::Input) => Role::Input,
            Some(OpKind::Constant) => Role::Constant,
            _ if self.says_outputs || self.is_used[node.index().position()] => Role::Operation,
            _ => Role::Output,
        }
    }
}
