//! A snapshot of a tape.

use super::build::{number, put};
use super::guard::straight;
use super::{Argument, NodeIndex, Operation, Place, Scope, Scopes, Snapshot};
use std::collections::HashMap;
use std::panic::Location;
use wengert::view::{NodeView, ScopeId, TapeView};
use wengert::{Gradients, NodeId, OpKind, Scalar};

impl Snapshot {
    /// What is on a tape, without adjoints: [`Snapshot::with_gradients`] adds them.
    ///
    /// Of a dual number the snapshot takes the value and leaves the tangent.
    ///
    /// # Complexity
    /// One pass over the nodes, each with its local partial derivatives.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0) * tape.var(5.0);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.len(), 3);
    /// ```
    #[must_use]
    pub fn of<F: Scalar>(view: &TapeView<'_, F>) -> Self {
        let mut snapshot = Self { taken: Some(view.mark()), ..Self::with_capacity(view.len()) };
        let (mut arguments, mut origins) = (Vec::new(), Origins::default());
        for node in view.ids().filter_map(|id| view.node(id)) {
            arguments.clear();
            arguments.extend(edges(&node));
            let at = snapshot.push(operation(&node), float(node.value()), &arguments);
            if let Some(label) = view.label(node.id()) {
                snapshot.set_label(at, label);
            }
            origins.note(&mut snapshot, at, view, node.id());
        }
        snapshot.equalities = view.equalities().iter().map(ToString::to_string).collect();
        snapshot
    }

    /// Room for so many nodes with two arguments each.
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self {
            operation: Vec::with_capacity(nodes),
            value: Vec::with_capacity(nodes),
            is_used: Vec::with_capacity(nodes),
            ends: Vec::with_capacity(nodes),
            arguments: Vec::with_capacity(2 * nodes),
            ..Self::default()
        }
    }

    /// The same with the adjoints of a sweep over the tape it was taken of, in place of those
    /// that were there.
    ///
    /// # Panics
    /// If they are not adjoints of the recording that the snapshot was taken of: if they are of
    /// another tape, if the tape was reset or rewound between the sweep and the snapshot, or if
    /// they are of more nodes than it has; also if it was not taken of a tape.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * 2.0;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// assert_eq!(snapshot.node(x.id().unwrap()).adjoint(), Some(2.0));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_gradients<F: Scalar>(mut self, gradients: &Gradients<F>) -> Self {
        let Some(mark) = self.taken else {
            panic!(
                "adjoints of a tape for a snapshot that was not taken of one: see `Snapshot::of`"
            );
        };
        if let Err(error) = gradients.check(mark) {
            panic!("adjoints of another recording than that of the snapshot: {error}");
        }
        self.adjoint = gradients.as_slice().iter().map(|&adjoint| Some(float(adjoint))).collect();
        self.is_by_hand = false;
        self
    }
}

/// Where nodes come from, with what was looked up before: neighbours mostly share their scope,
/// and a loop its lines.
#[derive(Default)]
struct Origins {
    /// By address, which is hashed sooner than a path.
    places: HashMap<usize, u32>,
    /// Of each scope of the tape that of the snapshot, or 0.
    scopes: Vec<Scope>,
}

impl Origins {
    /// Copies what the tape knows of a node's origin.
    fn note<F: Scalar>(
        &mut self,
        snapshot: &mut Snapshot,
        at: NodeIndex,
        view: &TapeView<'_, F>,
        id: NodeId,
    ) {
        if let Some(source) = view.source(id) {
            let entry = self.places.entry(std::ptr::from_ref(source).addr());
            let place = *entry.or_insert_with(|| number(&mut snapshot.places, place(source)));
            put(&mut snapshot.place, at.position(), place + 1);
        }
        if let Some(scope) = view.scope(id) {
            let scope = self.scope(&mut snapshot.scopes, view, scope);
            put(&mut snapshot.scope, at.position(), scope);
        }
    }

    /// The snapshot's scope for one of the tape: those around it first, up to one that is known.
    fn scope<F: Scalar>(
        &mut self,
        scopes: &mut Scopes,
        view: &TapeView<'_, F>,
        scope: ScopeId,
    ) -> Scope {
        let (mut unknown, mut next, mut around) = (Vec::new(), Some(scope), 0);
        while let Some(id) = next {
            around = self.scopes.get(id.index()).copied().unwrap_or(0);
            if around != 0 {
                break;
            }
            let (outer, name) = view.scope_name(id).unwrap_or_default();
            unknown.push((id, name));
            next = outer;
        }
        for (id, name) in unknown.into_iter().rev() {
            around = scopes.child(around, &name);
            put(&mut self.scopes, id.index(), around);
        }
        around
    }
}

fn place(source: &Location<'_>) -> Place {
    Place { file: straight(source.file()), line: source.line(), column: source.column() }
}

fn operation<F: Scalar>(node: &NodeView<'_, F>) -> Operation {
    match node.kind() {
        OpKind::Custom => Operation::custom(&node.name()),
        kind => kind.into(),
    }
}

fn edges<F: Scalar>(node: &NodeView<'_, F>) -> impl Iterator<Item = Argument> {
    let mut partials = node.partials().into_iter();
    node.arguments().into_iter().map(move |argument| match argument {
        wengert::view::Argument::Constant(c) => Argument::Constant(float(c)),
        wengert::view::Argument::Node(id) => {
            let partial = partials.next().map_or(f64::NAN, float);
            Argument::Node { node: id.into(), partial }
        }
    })
}

/// The number as `f64`. Every scalar has one: `None` is for types that are no numbers.
pub(super) fn float<F: Scalar>(x: F) -> f64 {
    x.to_f64().unwrap_or(f64::NAN)
}
