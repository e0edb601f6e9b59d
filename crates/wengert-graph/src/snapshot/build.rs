//! Making a snapshot from plain data, and adding what a recording does not say.

use super::{Argument, NodeIndex, Operation, Place, Role, Snapshot};
use indexmap::IndexSet;
use std::hash::Hash;

impl Snapshot {
    /// A snapshot with no nodes, to be filled by [`Snapshot::push`].
    ///
    /// # Example
    /// ```
    /// assert!(wengert_graph::Snapshot::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node at the end.
    ///
    /// # Panics
    /// If an argument is not an earlier node.
    ///
    /// # Example: a recording made by hand
    /// ```
    /// use wengert::OpKind;
    /// use wengert_graph::{Argument, Snapshot};
    /// let mut snapshot = Snapshot::new();
    /// let x = snapshot.push(OpKind::Input, 3.0, &[]);
    /// let y = snapshot.push("double", 6.0, &[Argument::Node { node: x, partial: 2.0 }]);
    /// snapshot.set_label(y, "y");
    /// assert_eq!(snapshot.node(y).name(), "y");
    /// ```
    #[track_caller]
    pub fn push(
        &mut self,
        operation: impl Into<Operation>,
        value: f64,
        arguments: &[Argument],
    ) -> NodeIndex {
        let at = NodeIndex::at(self.len());
        for argument in arguments {
            if let Argument::Node { node, .. } = argument {
                assert!(*node < at, "{at} cannot use {node}: a node uses only nodes before it");
                self.is_used[node.position()] = true;
            }
        }
        self.arguments.extend_from_slice(arguments);
        self.ends.push(self.arguments_end());
        let operation = operation.into();
        // PERF: neighbours are often of one kind, and a comparison is cheaper than a hash.
        let before = self.operation.last().copied();
        let before =
            before.filter(|&before| self.operations.get_index(before as usize) == Some(&operation));
        self.operation.push(before.unwrap_or_else(|| number(&mut self.operations, operation)));
        self.value.push(value);
        self.is_used.push(false);
        at
    }

    #[track_caller]
    fn arguments_end(&self) -> u32 {
        let count = self.arguments.len();
        u32::try_from(count).unwrap_or_else(|_| panic!("{count} arguments exceed {}", u32::MAX))
    }

    /// Labels a node; an earlier label is replaced.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Example
    /// ```
    /// let mut snapshot = wengert_graph::Snapshot::new();
    /// let x = snapshot.push(wengert::OpKind::Input, 3.0, &[]);
    /// snapshot.set_label(x, "x");
    /// assert_eq!(snapshot.node(x).label(), Some("x"));
    /// ```
    #[track_caller]
    pub fn set_label(&mut self, node: impl Into<NodeIndex>, label: impl AsRef<str>) {
        let node = self.node(node).index();
        self.labels.set(node, label.as_ref());
    }

    /// Sets the adjoint of a node; those of nodes that were never set stay unknown.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Example
    /// ```
    /// let mut snapshot = wengert_graph::Snapshot::new();
    /// let x = snapshot.push(wengert::OpKind::Input, 3.0, &[]);
    /// snapshot.set_adjoint(x, 1.0);
    /// assert_eq!(snapshot.node(x).adjoint(), Some(1.0));
    /// ```
    #[track_caller]
    pub fn set_adjoint(&mut self, node: impl Into<NodeIndex>, adjoint: f64) {
        let at = self.node(node).index().position();
        if self.adjoint.len() <= at {
            self.adjoint.resize(at + 1, None);
        }
        self.adjoint[at] = Some(adjoint);
        self.is_by_hand = true;
    }

    /// Says where in the source a node was recorded.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::Place;
    /// let mut snapshot = wengert_graph::Snapshot::new();
    /// let x = snapshot.push(wengert::OpKind::Input, 3.0, &[]);
    /// snapshot.set_place(x, Place { file: "main.rs".into(), line: 3, column: 5 });
    /// assert_eq!(snapshot.node(x).place().unwrap().line, 3);
    /// ```
    #[track_caller]
    pub fn set_place(&mut self, node: impl Into<NodeIndex>, place: Place) {
        let at = self.node(node).index().position();
        let number = 1 + number(&mut self.places, place);
        put(&mut self.place, at, number);
    }

    /// Says in which scopes a node was recorded, the outermost first.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Example
    /// ```
    /// let mut snapshot = wengert_graph::Snapshot::new();
    /// let x = snapshot.push(wengert::OpKind::Input, 3.0, &[]);
    /// snapshot.set_scope(x, ["layer1", "weights"]);
    /// assert_eq!(snapshot.node(x).scope().join("/"), "layer1/weights");
    /// ```
    #[track_caller]
    pub fn set_scope<S: AsRef<str>>(
        &mut self,
        node: impl Into<NodeIndex>,
        path: impl IntoIterator<Item = S>,
    ) {
        let at = self.node(node).index().position();
        let path = path.into_iter();
        let scope = path.fold(0, |around, name| self.scopes.child(around, name.as_ref()));
        put(&mut self.scope, at, scope);
    }

    /// Says in which calls of functions a node was computed, the outermost first: they are scopes,
    /// and pictures draw each as one box.
    pub(super) fn set_calls(&mut self, node: NodeIndex, calls: &[&str]) {
        if !calls.is_empty() {
            self.set_scope(node, calls);
            self.has_calls = true;
        }
    }

    /// The same with a title, which pictures show.
    ///
    /// # Example
    /// ```
    /// let snapshot = wengert_graph::Snapshot::new().with_title("a < b");
    /// assert_eq!(snapshot.title(), Some("a < b"));
    /// ```
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The same with a node in another role.
    ///
    /// # Panics
    /// If there is no such node.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Role, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let w = tape.var(3.0);
    /// let snapshot = Snapshot::of(&tape.view()).with_role(w.id().unwrap(), Role::Parameter);
    /// assert_eq!(snapshot.node(w.id().unwrap()).role(), Role::Parameter);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_role(mut self, node: impl Into<NodeIndex>, role: Role) -> Self {
        let node = self.node(node).index();
        self.roles.insert(node, role);
        self.says_outputs |= role == Role::Output;
        self
    }

    /// The same with adjoints set by hand, in place of those that were there. A node for which
    /// the function gives `None` has none. Pictures mark those that contradict the chain rule
    /// ([`Snapshot::contradictions`]).
    ///
    /// # Example: the chain rule, half way
    /// ```
    /// use wengert_graph::Snapshot;
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0).label("x");
    /// let y = x.tanh().label("y");
    /// let snapshot = Snapshot::of(&tape.view())
    ///     .with_adjoints(|node| (node.label() == Some("y")).then_some(1.0));
    /// assert_eq!(snapshot.node(y.id().unwrap()).adjoint(), Some(1.0));
    /// assert_eq!(snapshot.node(x.id().unwrap()).adjoint(), None);
    /// ```
    #[must_use]
    pub fn with_adjoints(mut self, adjoint: impl FnMut(super::Node<'_>) -> Option<f64>) -> Self {
        self.adjoint = self.nodes().map(adjoint).collect();
        self.is_by_hand = true;
        self
    }
}

/// The number of a value that many nodes share, kept once. There are fewer than nodes, and of
/// those fewer than 2³².
pub(super) fn number<T: Eq + Hash>(values: &mut IndexSet<T>, value: T) -> u32 {
    values.insert_full(value).0 as u32
}

/// Sets one number of a column that may be shorter than the nodes.
pub(super) fn put(column: &mut Vec<u32>, at: usize, number: u32) {
    if column.len() <= at {
        column.resize(at + 1, 0);
    }
    column[at] = number;
}
