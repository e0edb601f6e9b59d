//! A recording as it is read: by the sweeps, by pictures, by anyone. A view cannot push.

use super::{Mark, Names, Node, NodeId, Note, Reading, ScopeId, Tape, equalities};
use crate::error::{Error, expect};
use crate::index::NodeIndex;
use crate::operation::{Order, check_calls};
use crate::ops::{Beside, Binary, Nary, Ternary, Unary, rules};
use crate::ops::{Call, Calling, Op, OpKind, Operand, Operands, Pools, Visitor, dispatch};
use crate::scalar::{Evaluate, Scalar, call};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cell::Ref;
use std::panic::Location;

/// What a sweep works on: nodes in recording order, and the pools they refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recording<'a, F> {
    pub(crate) nodes: &'a [Node<F>],
    pub(crate) pools: Pools<'a, F>,
    /// So many nodes at the beginning are inputs, and perhaps more.
    pub(crate) head: usize,
}

/// The values of some nodes, as an n-ary rule wants them.
#[derive(Clone, Copy)]
pub(crate) struct Gather<'a, F> {
    pub(crate) nodes: &'a [Node<F>],
    pub(crate) operands: &'a [NodeIndex],
}

impl<F: Copy> Operands<F> for Gather<'_, F> {
    #[inline(always)]
    fn len(self) -> usize {
        self.operands.len()
    }
    #[inline(always)]
    fn at(self, i: usize) -> F {
        self.nodes[self.operands[i].index()].value
    }
    #[inline(always)]
    fn iter(self) -> impl Iterator<Item = F> {
        self.operands.iter().map(move |id| self.nodes[id.index()].value)
    }
    #[inline(always)]
    fn split(self, at: usize) -> (impl Operands<F>, impl Operands<F>) {
        let (first, second) = self.operands.split_at(at);
        (Gather { operands: first, ..self }, Gather { operands: second, ..self })
    }
}

/// The inputs of a call, and its outputs with what it saved, as they were recorded.
pub(crate) fn numbers_of<F: Copy>(of: Calling<'_, F>, nodes: &[Node<F>]) -> (Vec<F>, Vec<F>) {
    let Calling { call, operands, saved } = of;
    let outputs = &nodes[call.first.index()..][..call.called.outputs()];
    let inputs = Gather { nodes, operands }.iter().collect();
    (inputs, outputs.iter().map(|node| node.value).chain(saved.iter().copied()).collect())
}

/// A row of the Jacobian of a call.
pub(crate) fn row_of<F: Scalar>(of: Calling<'_, F>, position: usize, nodes: &[Node<F>]) -> Vec<F> {
    let (xs, ys) = numbers_of(of, nodes);
    let mut weights = vec![F::zero(); of.call.called.outputs()];
    weights[position] = F::one();
    expect(call::vjp(&of.call.called, &xs, &ys, &weights))
}

/// A tape held still to be read. While it lives, recording on its tape panics with a message
/// that says so.
///
/// # Example: what was recorded
/// ```
/// let tape = wengert::Tape::new();
/// let x = tape.var(3.0);
/// let _ = x * 2.0;
/// let view = tape.view();
/// assert_eq!(view.len(), 2);
/// let node = view.node(view.ids().last().unwrap()).unwrap();
/// assert_eq!(node.kind().name(), "mul");
/// assert_eq!(node.operands().as_slice(), &[x.id().unwrap()]);
/// assert_eq!(node.value(), 6.0);
/// ```
#[derive(Debug)]
pub struct TapeView<'t, F: Scalar = f64> {
    tape: &'t Tape<F>,
    nodes: Reading<'t, Node<F>>,
    operands: Ref<'t, Vec<NodeIndex>>,
    constants: Ref<'t, Vec<F>>,
    calls: Ref<'t, Vec<Call>>,
}

impl<'t, F: Scalar> TapeView<'t, F> {
    pub(super) fn new(tape: &'t Tape<F>) -> Self {
        let (nodes, operands) = (tape.nodes.read(), tape.operands.read());
        Self { tape, nodes, operands, constants: tape.constants.read(), calls: tape.calls.read() }
    }

    /// Whether all operations of users' own that were called give a derivative.
    pub(crate) fn check_calls(&self, order: Order) -> Result<(), Error> {
        check_calls(self.calls.iter().map(|call| &call.called), order)
    }

    pub(crate) fn recording(&self) -> Recording<'_, F> {
        let Self { operands, constants, calls, .. } = self;
        let pools = Pools { operands, constants, calls };
        Recording { nodes: &self.nodes, pools, head: self.tape.head.get() }
    }

    /// The number of nodes.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// tape.var(3.0).sin();
    /// assert_eq!(tape.view().len(), 2);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing is recorded.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::Tape::new().view().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The identifiers of all nodes in recording order.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// tape.var(3.0).sin();
    /// let names: Vec<String> = tape.view().ids().map(|id| id.to_string()).collect();
    /// assert_eq!(names, ["n0", "n1"]);
    /// ```
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator + use<'t, F> {
        let tape = self.tape;
        (0..self.nodes.len()).map(|index| tape.id_of(NodeIndex::at(index)))
    }

    /// The present end of the recording, as [`Tape::mark`] notes it.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!(tape.view().mark(), tape.mark());
    /// ```
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.tape.mark()
    }

    /// The equalities of variables that held while they were recorded, of a tape that keeps
    /// source locations: those that the program asked (`x == 0.0`), and those by which `select`
    /// decided. The branch taken there is one of measure zero, whose derivative may have nothing
    /// to do with the function's beside it.
    ///
    /// # Complexity
    /// One pass over the nodes.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.record_sources(true);
    /// let [x, y] = tape.var_array([0.0, 5.0]);
    /// let z = if x == 0.0 { 0.0.into() } else { x * y };
    /// assert_eq!(z.gradients()[x], 0.0);
    /// let notes = tape.view().equalities();
    /// assert_eq!(notes[0].text, "0.0 == 0.0 is true");
    /// ```
    #[must_use]
    pub fn equalities(&self) -> Vec<Note> {
        let place = |at| self.tape.source_of(NodeIndex::at(at)).map(ToString::to_string);
        let recording = self.recording();
        let all = 0..recording.nodes.len();
        self.tape.guards.with(|guards| equalities(guards, recording, all, place))
    }

    /// The node with this identifier, or `None` if it is one of another tape, or was dropped.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!(tape.view().node(x.id().unwrap()).unwrap().value(), 3.0);
    /// ```
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<NodeView<'_, F>> {
        let index = self.tape.find(id)?;
        let (names, node) = (self.tape.names(), &self.nodes[index.index()]);
        Some(NodeView { names, index, node, recording: self.recording() })
    }

    /// The label of a node, if it was given one.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0).label("x");
    /// assert_eq!(tape.view().label(x.id().unwrap()).as_deref(), Some("x"));
    /// ```
    #[must_use]
    pub fn label(&self, id: NodeId) -> Option<String> {
        self.tape.label_of(self.tape.find(id)?)
    }

    /// The place in the program where a node was recorded, if the tape was told to keep it: see
    /// [`Tape::record_sources`].
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.record_sources(true);
    /// let x = tape.var(3.0);
    /// let y = x * x;
    /// let view = tape.view();
    /// let [x, y] = [x, y].map(|var| view.source(var.id().unwrap()).unwrap().line());
    /// assert_eq!(y, x + 1);
    /// ```
    #[must_use]
    pub fn source(&self, id: NodeId) -> Option<&'static Location<'static>> {
        self.tape.source_of(self.tape.find(id)?)
    }

    /// The innermost scope in which a node was recorded, or `None` outside of all: see
    /// [`Tape::scope`].
    ///
    /// # Complexity
    /// Logarithmic in how often scopes were entered and left.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!(tape.view().scope(x.id().unwrap()), None);
    /// ```
    #[must_use]
    pub fn scope(&self, id: NodeId) -> Option<ScopeId> {
        self.tape.scope_of(self.tape.find(id)?)
    }

    /// The names of the scopes around a scope, the outermost first, and its own; none if the
    /// tape has no such scope.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let (outer, inner) = (tape.scope("model"), tape.scope("layer1"));
    /// let id = tape.var(3.0).id().unwrap();
    /// let view = tape.view();
    /// assert_eq!(view.scope_path(view.scope(id).unwrap()), ["model", "layer1"]);
    /// ```
    #[must_use]
    pub fn scope_path(&self, scope: ScopeId) -> Vec<String> {
        self.tape.scope_path(scope)
    }

    /// The scope that a scope lies in, or `None` for an outermost one, with the scope's own name;
    /// `None` if the tape has no such scope. A [`TapeView::scope_path`] step by step, for who
    /// reads a tape of many scopes.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let (outer, inner) = (tape.scope("model"), tape.scope("layer1"));
    /// let id = tape.var(3.0).id().unwrap();
    /// let view = tape.view();
    /// let (around, name) = view.scope_name(view.scope(id).unwrap()).unwrap();
    /// assert_eq!(name, "layer1");
    /// assert_eq!(view.scope_name(around.unwrap()), Some((None, "model".to_string())));
    /// ```
    #[must_use]
    pub fn scope_name(&self, scope: ScopeId) -> Option<(Option<ScopeId>, String)> {
        self.tape.scope_name(scope)
    }
}

/// One node of a [`TapeView`]: what it computes, from what, and its value.
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let y = tape.var(3.0).sin();
/// let view = tape.view();
/// let node = view.node(y.id().unwrap()).unwrap();
/// assert_eq!((node.kind().name(), node.partials()[0]), ("sin", 3.0_f64.cos()));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NodeView<'v, F: Scalar = f64> {
    names: Names<'v>,
    index: NodeIndex,
    node: &'v Node<F>,
    recording: Recording<'v, F>,
}

impl<F: Scalar> NodeView<'_, F> {
    /// The identifier of the node.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!(Some(tape.view().node(x.id().unwrap()).unwrap().id()), x.id());
    /// ```
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.names.id(self.index)
    }

    /// What the node computes.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).tanh();
    /// assert_eq!(tape.view().node(y.id().unwrap()).unwrap().kind(), wengert::OpKind::Tanh);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> OpKind {
        self.node.op.kind()
    }

    /// The name of the operation: that of its kind, or the one that a user's operation has, with
    /// the position of the output where it has several.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).tanh();
    /// assert_eq!(tape.view().node(y.id().unwrap()).unwrap().name(), "tanh");
    /// ```
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self.node.op {
            Op::Call { call, position } => {
                self.recording.pools.calls[call as usize].called.name_of(position as usize).into()
            }
            op => op.kind().name().into(),
        }
    }

    /// The value that was computed when the node was recorded.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0) * 2.0;
    /// assert_eq!(tape.view().node(y.id().unwrap()).unwrap().value(), 6.0);
    /// ```
    #[must_use]
    pub const fn value(&self) -> F {
        self.node.value
    }

    /// All arguments in the order in which the operation takes them, variables and constants.
    /// An exponent of `powi` comes as a constant, and so do coefficients: those of a linear
    /// combination before its variables, those of a polynomial behind its one.
    ///
    /// # Example
    /// ```
    /// use wengert::view::Argument;
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = 2.0 / x;
    /// let view = tape.view();
    /// let arguments = view.node(y.id().unwrap()).unwrap().arguments();
    /// assert_eq!(arguments.as_slice(), &[Argument::Constant(2.0), Argument::Node(x.id().unwrap())]);
    /// ```
    #[must_use]
    pub fn arguments(&self) -> SmallVec<[Argument<F>; 4]> {
        let argument = |operand| match operand {
            Operand::Node(index) => Argument::Node(self.names.id(index)),
            Operand::Constant(c) => Argument::Constant(c),
        };
        arguments(&self.node.op, self.recording.pools).into_iter().map(argument).collect()
    }

    /// The nodes among the arguments. A node used twice stands here twice.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * x;
    /// assert_eq!(tape.view().node(y.id().unwrap()).unwrap().operands().len(), 2);
    /// ```
    #[must_use]
    pub fn operands(&self) -> SmallVec<[NodeId; 4]> {
        self.arguments().iter().filter_map(|argument| argument.node()).collect()
    }

    /// The local partial derivatives, one for each of [`NodeView::operands`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0) * tape.var(5.0);
    /// assert_eq!(tape.view().node(y.id().unwrap()).unwrap().partials().as_slice(), &[5.0, 3.0]);
    /// ```
    #[must_use]
    pub fn partials(&self) -> SmallVec<[F; 4]> {
        let Recording { nodes, pools, .. } = self.recording;
        let mut partials = Partials { nodes, value: self.node.value, list: SmallVec::new() };
        dispatch(&self.node.op, pools, &mut partials);
        partials.list
    }
}

/// An argument of a recorded operation.
///
/// # Example
/// ```
/// use wengert::view::Argument;
/// let tape = wengert::Tape::new();
/// let y = tape.var(3.0) * 2.0;
/// let view = tape.view();
/// let arguments = view.node(y.id().unwrap()).unwrap().arguments();
/// assert!(matches!(arguments[..], [Argument::Node(_), Argument::Constant(2.0)]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Argument<F> {
    /// An earlier node.
    Node(NodeId),
    /// A number.
    Constant(F),
}

impl<F> Argument<F> {
    /// The node, if the argument is one.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::view::Argument::Constant(2.0).node(), None);
    /// ```
    #[must_use]
    pub const fn node(&self) -> Option<NodeId> {
        match self {
            Self::Node(id) => Some(*id),
            Self::Constant(_) => None,
        }
    }
}

/// The arguments of an operation, as [`NodeView::arguments`] tells them.
pub(crate) fn arguments<F: Scalar>(op: &Op<F>, pools: Pools<'_, F>) -> SmallVec<[Operand<F>; 4]> {
    let mut arguments = Arguments { kind: op.kind(), list: SmallVec::new() };
    dispatch(op, pools, &mut arguments);
    arguments.list
}

/// Lists the arguments of an operation.
struct Arguments<F> {
    kind: OpKind,
    list: SmallVec<[Operand<F>; 4]>,
}

impl<F: Scalar> Arguments<F> {
    /// Those of an operation of many operands, whatever its rule.
    fn extend(&mut self, operands: &[NodeIndex], constants: &[F]) {
        let nodes = operands.iter().map(|&index| Operand::Node(index));
        let numbers = constants.iter().map(|&c| Operand::Constant(c));
        match self.kind {
            // What was saved with the operation is no argument of it.
            OpKind::LogSumExp => self.list.extend(nodes),
            OpKind::Polynomial => self.list.extend(nodes.chain(numbers)),
            _ => self.list.extend(numbers.chain(nodes)),
        }
    }
}

impl<F: Scalar> Visitor<F> for Arguments<F> {
    type Output = ();
    fn leaf(&mut self) {}
    fn unary<R: Unary>(&mut self, x: NodeIndex) {
        self.list.push(Operand::Node(x));
    }
    fn powi(&mut self, x: NodeIndex, n: i32) {
        self.list.extend([Operand::Node(x), Operand::Constant(F::lit(f64::from(n)))]);
    }
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) {
        self.list.extend([x, y]);
    }
    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) {
        self.list.extend([x, y, z]);
    }
    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) {
        self.extend(operands, constants);
    }
    fn call(&mut self, of: Calling<'_, F>, _: usize) {
        self.list.extend(of.operands.iter().map(|&index| Operand::Node(index)));
    }
}

/// Lists the local partial derivatives of an operation.
struct Partials<'a, F> {
    nodes: &'a [Node<F>],
    value: F,
    list: SmallVec<[F; 4]>,
}

impl<F: Scalar> Partials<'_, F> {
    fn value_of(&self, operand: Operand<F>) -> F {
        match operand {
            Operand::Node(id) => self.nodes[id.index()].value,
            Operand::Constant(c) => c,
        }
    }

    fn push_for(&mut self, operand: Operand<F>, partial: impl FnOnce(F) -> F) {
        if operand.is_node() {
            self.list.push(partial(self.value));
        }
    }
}

impl<F: Scalar> Visitor<F> for Partials<'_, F> {
    type Output = ();
    fn leaf(&mut self) {}
    fn unary<R: Unary>(&mut self, x: NodeIndex) {
        self.list.push(R::partial(self.nodes[x.index()].value, self.value));
    }
    fn powi(&mut self, x: NodeIndex, n: i32) {
        self.list.push(rules::Powi::partial(self.nodes[x.index()].value, n, self.value));
    }
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) {
        let (a, b) = (self.value_of(x), self.value_of(y));
        self.push_for(x, |value| R::left(a, b, value));
        self.push_for(y, |value| R::right(a, b, value));
    }
    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) {
        let (wanted, at) = ([x, y, z].map(|x| x.is_node()), [x, y, z].map(|x| self.value_of(x)));
        let partials = R::partials(wanted, at[0], at[1], at[2]);
        self.push_for(x, |_| partials[0]);
        self.push_for(y, |_| partials[1]);
        self.push_for(z, |_| partials[2]);
    }
    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) {
        let xs = Gather { nodes: self.nodes, operands };
        let mut partials: SmallVec<[F; 4]> = SmallVec::from_elem(F::zero(), operands.len());
        R::partials(xs, Beside { constants, y: self.value, scratch: &mut Vec::new() }, |i, p| {
            partials[i] = p
        });
        self.list = partials;
    }
    fn call(&mut self, of: Calling<'_, F>, position: usize) {
        self.list = row_of(of, position, self.nodes).into();
    }
}
