//! The tape: an arena of nodes, its pools, its limits, and how it is used again.

use super::{
    Arena, Confined, Guard, Guards, History, Mark, Memory, Names, Node, NodeId, Note, PartMemory,
    Pool, Scopes, Sources, Span, Stats, TapeView, Way,
};
use crate::error::{Error, Kind, expect, fail};
use crate::index::NodeIndex;
use crate::ops::{Call, Op, Slot};
use crate::scalar::{Evaluate, Scalar};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};

/// A recording of operations, in order, with their values.
///
/// Variables made by [`Tape::var`] borrow the tape, and each operation on them appends a node.
/// A reverse sweep ([`Var::gradients`](crate::Var::gradients)) then reads the nodes from last to
/// first. The compiler sees to it that no variable outlives a [`reset`](Tape::reset) or a
/// [`rewind`](Tape::rewind), or leaves the thread.
///
/// # Complexity
/// A node takes 24 bytes for `f64` and 20 for `f32`, its adjoint 8 and 4 more; n-ary operations
/// keep 4 bytes an operand beside their node. Recording is amortised constant time per
/// operation, with no allocation while the memory of an earlier recording suffices.
///
/// # Example: record, sweep, read, and use the memory again
/// ```
/// let mut tape = wengert::Tape::new();
/// for x0 in [1.0, 2.0, 3.0] {
///     tape.reset();
///     let x = tape.var(x0);
///     let y = x * x + 1.0;
///     assert_eq!(y.value(), x0 * x0 + 1.0);
///     assert_eq!(y.gradients()[x], 2.0 * x0);
/// }
/// ```
pub struct Tape<F: Scalar = f64> {
    identity: u64,
    pub(super) nodes: Confined<Arena<Node<F>>, F>,
    /// How many nodes are known to be inputs before any other node: all that were recorded together.
    pub(super) head: Confined<Cell<usize>, F>,
    pub(super) operands: Confined<Pool<NodeIndex>, F>,
    pub(super) constants: Confined<Pool<F>, F>,
    /// The operations of users' own that were called.
    pub(super) calls: Confined<Pool<Call>, F>,
    history: History,
    pub(super) byte_limit: usize,
    pub(super) labels: Confined<RefCell<BTreeMap<NodeIndex, String>>, F>,
    pub(super) sources: Confined<RefCell<Sources>, F>,
    pub(super) scopes: Confined<RefCell<Scopes>, F>,
    /// Operands of sums that are being iterated; a stack, because such sums can nest.
    pub(crate) pending: Confined<RefCell<Vec<NodeIndex>>, F>,
    /// Comparisons of variables, where they are noted.
    pub(crate) guards: Confined<Guards<F>, F>,
    /// Where the next part is recorded and swept, if there was one already.
    pub(super) part: Confined<Cell<Option<Box<PartMemory<F>>>>, F>,
}

/// The next tape's identity. Addresses would not do: a new tape may lie where an old one lay.
static IDENTITIES: AtomicU64 = AtomicU64::new(1);

/// Making a tape. These are functions of `Tape<f64>` alone, so that `Tape::new()` needs no type;
/// a tape of another scalar comes from [`Tape::default`].
impl Tape {
    /// An empty tape for `f64`. Allocates nothing until something is recorded.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!((2.0 * x * x).gradients()[x], 12.0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty tape for `f64` with memory for `nodes` nodes.
    ///
    /// # Panics
    /// If that is more than a tape can hold or more memory than there is; [`Tape::try_reserve`]
    /// returns an error instead.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::with_capacity(1000);
    /// assert_eq!(tape.memory_usage(), 24_000);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_capacity(nodes: usize) -> Self {
        let tape = Self::new();
        expect(tape.try_reserve(nodes));
        tape
    }

    /// An empty tape for `f64` that never holds more than `bytes` bytes: see
    /// [`Tape::set_limit`].
    ///
    /// # Example: a limit of two nodes
    /// ```
    /// let mut tape = wengert::Tape::with_limit(48);
    /// let (x, y) = (tape.var(1.0), tape.var(2.0));
    /// assert!(tape.try_var(3.0).unwrap_err().is_limit());
    /// assert_eq!(x.value() + y.value(), 3.0);
    /// tape.reset();
    /// assert!(tape.try_var(3.0).is_ok());
    /// ```
    #[must_use]
    pub fn with_limit(bytes: usize) -> Self {
        let mut tape = Self::new();
        tape.set_limit(bytes);
        tape
    }
}

impl<F: Scalar> Default for Tape<F> {
    /// An empty tape for any scalar.
    fn default() -> Self {
        Self {
            identity: IDENTITIES.fetch_add(1, Ordering::Relaxed),
            nodes: Confined::new(Arena::new()),
            head: Confined::default(),
            operands: Confined::new(Pool::new()),
            constants: Confined::new(Pool::new()),
            calls: Confined::new(Pool::new()),
            history: History::default(),
            byte_limit: usize::MAX,
            labels: Confined::default(),
            sources: Confined::default(),
            scopes: Confined::default(),
            pending: Confined::default(),
            guards: Confined::default(),
            part: Confined::default(),
        }
    }
}

impl<F: Scalar> fmt::Debug for Tape<F> {
    /// Writes counts and limits; `Display` writes the recording. Nothing is borrowed while the
    /// writer runs, which may itself record, label or leave a scope.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape")
            .field("identity", &self.identity)
            .field("nodes", &self.len())
            .field("operands", &self.operands.len())
            .field("constants", &self.constants.len())
            .field("memory_usage", &self.memory_usage())
            .field("byte_limit", &self.byte_limit)
            .finish_non_exhaustive()
    }
}

/// Limits, and memory ahead of time.
impl<F: Scalar> Tape<F> {
    /// Lets the tape never hold more than `bytes` bytes of recording from now on.
    ///
    /// The limit counts what [`Tape::memory_usage`] counts; memory that is already held stays.
    /// Where the limit is reached, operators panic and the `try_` methods return an error that
    /// [`is_limit`](Error::is_limit); the tape keeps what it holds and can be used after a
    /// [`reset`](Tape::reset).
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::<f32>::default();
    /// tape.set_limit(20);
    /// assert!(tape.try_var(1.0).is_ok());
    /// assert!(tape.try_var(2.0).unwrap_err().is_limit());
    /// ```
    pub fn set_limit(&mut self, bytes: usize) {
        self.byte_limit = bytes;
    }

    /// Makes room for `additional` nodes beyond those recorded, so that recording them
    /// allocates nothing and meets no limit (operands of n-ary operations come on top).
    ///
    /// # Errors
    /// If a limit or the memory is exhausted.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::with_limit(1_000_000);
    /// assert!(tape.try_reserve(40_000).is_ok());
    /// assert!(tape.try_reserve(50_000).unwrap_err().is_limit());
    /// ```
    pub fn try_reserve(&self, additional: usize) -> Result<(), Error> {
        let needed = self.len().saturating_add(additional);
        if needed <= self.nodes.capacity() {
            Ok(())
        } else {
            self.grow(&*self.nodes, needed, needed)
        }
    }
}

/// What is on the tape, and what it takes.
impl<F: Scalar> Tape<F> {
    /// The number of nodes.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).sin() * 2.0;
    /// assert_eq!(tape.len(), 3);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing is recorded.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::Tape::new().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of memory that the recording holds, used or not: nodes, operands of n-ary
    /// operations and constants. Labels, scopes and source locations are not counted.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Tape::with_capacity(100).memory_usage(), 2400);
    /// ```
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        bytes_of(&*self.nodes)
            + bytes_of(&*self.operands)
            + bytes_of(&*self.constants)
            + bytes_of(&*self.calls)
    }

    /// Counts of what is recorded, by kind of operation.
    ///
    /// # Complexity
    /// One pass over the nodes.
    ///
    /// # Example
    /// ```
    /// use wengert::{OpKind, Tape};
    /// let tape = Tape::new();
    /// let x = tape.var(3.0);
    /// let _ = x * x + x;
    /// let stats = tape.stats();
    /// assert_eq!((stats.nodes, stats.bytes_used), (3, 72));
    /// assert_eq!(stats.count(OpKind::Mul), 1);
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats::of(self)
    }

    /// The recording held still to be read. While the view lives, recording panics. Read in the
    /// closure of a [`Function`](crate::Function), its numbers are frozen, which the function's
    /// [report](crate::Function::report) notes.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).sin();
    /// assert_eq!(tape.view().node(y.id().unwrap()).unwrap().kind().name(), "sin");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn view(&self) -> TapeView<'_, F> {
        self.guards.departs(Way::View, None, Some(Location::caller()));
        self.hold()
    }

    /// As [`Tape::view`], for the library's own eyes.
    pub(crate) fn hold(&self) -> TapeView<'_, F> {
        TapeView::new(self)
    }
}

/// Using a tape again.
impl<F: Scalar> Tape<F> {
    /// Forgets the recording and keeps its memory. No variable can be alive, which the compiler
    /// checks; marks and gradients of before are recognised as stale.
    ///
    /// # Complexity
    /// Constant, unless there are labels or scopes to drop: nothing is cleared or freed.
    ///
    /// # Example: a variable kept across a reset does not compile
    /// ```compile_fail,E0502
    /// let mut tape = wengert::Tape::new();
    /// let x = tape.var(1.0);
    /// tape.reset();
    /// let y = x * x;
    /// ```
    pub fn reset(&mut self) {
        self.keep(0, 0, 0, 0, 0);
    }

    /// Notes the present end of the recording, for [`Tape::rewind`].
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// let weight = tape.var(2.0).id().unwrap();
    /// let mark = tape.mark();
    /// for x in [1.0, 2.0, 3.0] {
    ///     tape.rewind(mark).unwrap();
    ///     let weight = tape.get(weight).unwrap();
    ///     assert_eq!((weight * x).gradients()[weight], x);
    /// }
    /// ```
    #[must_use = "a mark does nothing until the tape is rewound to it"]
    pub fn mark(&self) -> Mark {
        Mark {
            tape: self.identity,
            moment: self.history.moment(),
            nodes: self.len(),
            operands: self.operands.len(),
            constants: self.constants.len(),
            calls: self.calls.len(),
            comparisons: self.guards.len(),
        }
    }

    /// Drops what was recorded after `mark` and keeps the memory.
    ///
    /// # Errors
    /// If the mark is another tape's, or the tape was reset or rewound to before the mark since
    /// it was made; then nothing changes.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.var(2.0);
    /// let mark = tape.mark();
    /// tape.var(3.0);
    /// tape.rewind(mark)?;
    /// assert_eq!(tape.len(), 1);
    /// tape.reset();
    /// assert!(tape.rewind(mark).unwrap_err().is_stale());
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn rewind(&mut self, mark: Mark) -> Result<(), Error> {
        self.check_mark(mark)?;
        self.keep(mark.nodes, mark.operands, mark.constants, mark.calls, mark.comparisons);
        Ok(())
    }

    /// Whether a mark is this tape's, and all that stood below it stands there still.
    pub(crate) fn check_mark(&self, mark: Mark) -> Result<(), Error> {
        if mark.tape != self.identity {
            return Err(Kind::ForeignMark.into());
        }
        let kept = self.history.kept_since(mark.moment);
        if kept < mark.nodes {
            return Err(Kind::StaleMark { given: mark.nodes, kept }.into());
        }
        Ok(())
    }

    fn keep(
        &mut self,
        nodes: usize,
        operands: usize,
        constants: usize,
        calls: usize,
        comparisons: usize,
    ) {
        self.guards.truncate(comparisons);
        self.nodes.truncate(nodes);
        *self.head.get_mut() = self.head.get().min(nodes);
        self.operands.truncate(operands);
        self.constants.truncate(constants);
        self.calls.truncate(calls);
        self.history.cut(nodes);
        self.pending.get_mut().clear();
        self.sources.get_mut().truncate(nodes);
        self.scopes.get_mut().truncate(nodes);
        let labels = self.labels.get_mut();
        if !labels.is_empty() {
            labels.retain(|node, _| node.index() < nodes);
        }
    }
}

/// Recording.
impl<F: Scalar> Tape<F> {
    /// Appends a node, and panics where that cannot be done.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn push(&self, op: Op<F>, value: F) -> NodeIndex {
        // PERF: the slow path must not see the node. Else the node is put together on the stack
        // and copied, and the copy waits for the narrow stores: twice the time of a push. And it
        // returns nothing: an error to be looked at is dropped when a caller unwinds, for which
        // callers that own memory would keep what they compute with on the stack.
        if self.nodes.is_full() {
            self.make_room_for_a_node();
        }
        NodeIndex::at(self.nodes.push_in_room(Node { op, value }))
    }

    /// Appends a node, if there is room.
    #[inline(always)]
    pub(super) fn push_in_room(&self, op: Op<F>, value: F) -> Option<NodeIndex> {
        if self.nodes.is_full() {
            return None;
        }
        Some(NodeIndex::at(self.nodes.push_in_room(Node { op, value })))
    }

    /// Makes room for a node, if there is none, and panics at the caller's line where that cannot
    /// be done.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(crate) fn ensure_room_for_a_node(&self) {
        if self.nodes.is_full() {
            self.make_room_for_a_node();
        }
    }

    /// Makes room for a node, and panics at the caller's line where that cannot be done.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn make_room_for_a_node(&self) {
        if let Err(error) = self.make_room_from(Location::caller()) {
            fail(error);
        }
    }

    /// Appends a node, or says why it cannot.
    #[track_caller]
    pub(crate) fn try_push(&self, op: Op<F>, value: F) -> Result<NodeIndex, Error> {
        let place = Location::caller();
        self.nodes.push(Node { op, value }, || self.make_room_from(place)).map(NodeIndex::at)
    }

    /// Appends a node for each of a list of values, with the operation for its position there, and
    /// returns the place of the first.
    #[track_caller]
    pub(crate) fn try_push_all(
        &self,
        values: &[F],
        op: impl Fn(usize) -> Op<F>,
    ) -> Result<NodeIndex, Error> {
        // PERF: at once for all of them, and not by growing as often as one by one would.
        self.make_room_for_nodes(values.len())?;
        if self.nodes.has_room_for(values.len()) {
            let node = |at, value| Node { op: op(at), value };
            return Ok(NodeIndex::at(self.nodes.extend_in_room(values, node)));
        }
        let first = NodeIndex::at(self.len());
        // No closure, whose place would be that of the operation.
        for (at, &value) in values.iter().enumerate() {
            self.try_push(op(at), value)?;
        }
        Ok(first)
    }

    /// Appends an input for each of a list of values, and returns the place of the first.
    #[track_caller]
    pub(crate) fn try_inputs(&self, values: &[F]) -> Result<NodeIndex, Error> {
        let first = self.try_push_all(values, |_| Op::Input)?;
        if first.index() == self.head.get() {
            self.head.set(self.len());
        }
        Ok(first)
    }

    /// Who names its nodes.
    #[inline]
    pub(super) fn names(&self) -> Names<'_> {
        Names { tape: self.identity, history: &self.history }
    }

    /// What the node at a position is called outside the tape.
    #[inline]
    pub(crate) fn id_of(&self, index: NodeIndex) -> NodeId {
        self.names().id(index)
    }

    /// The position of a node, if it is one of this tape and still there: the one door from an
    /// identifier to what is on the tape.
    #[inline]
    pub(crate) fn find(&self, id: NodeId) -> Option<NodeIndex> {
        let is_here = id.index() < self.len() && id == self.id_of(id.index);
        is_here.then_some(id.index)
    }

    /// The value of the node at a position.
    pub(crate) fn value_of(&self, node: NodeIndex) -> F {
        self.nodes.read()[node.index()].value
    }

    /// Makes room for `count` operands of an n-ary operation.
    #[inline]
    pub(crate) fn make_room_for_operands(&self, count: usize) -> Result<(), Error> {
        self.make_room_in(&self.operands, count)
    }

    /// Appends operands of an n-ary operation to their pool, where there is room for them.
    #[inline]
    pub(crate) fn append_operands(&self, ids: impl Iterator<Item = NodeIndex>) -> Span {
        self.operands.append(ids)
    }

    /// Appends two lists of operands as one to their pool, if there is room for them as things are.
    #[inline(always)]
    pub(crate) fn append_operands_in_room(
        &self,
        first: impl ExactSizeIterator<Item = NodeIndex>,
        behind: impl ExactSizeIterator<Item = NodeIndex>,
    ) -> Option<Span> {
        self.operands.append_in_room(first, behind)
    }

    /// Appends constants to their pool, where there is room for them.
    #[inline]
    pub(crate) fn append_constants(&self, constants: &[F]) -> Span {
        self.constants.append(constants.iter().copied())
    }

    /// Appends the operands of a part and the partial derivatives by them; returns the positions
    /// of the first of each.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn append_part<const N: usize>(
        &self,
        operands: &[NodeIndex; N],
        partials: &[F; N],
    ) -> [u32; 2] {
        expect(self.make_room_for_operands(N));
        expect(self.make_room_in(&self.constants, N));
        [self.operands.append_array(operands), self.constants.append_array(partials)]
    }

    /// Takes back the operands that were appended last.
    #[cold]
    pub(crate) fn forget_operands(&self, span: Span) {
        self.operands.forget(span);
    }

    /// Appends constants to their pool.
    #[inline]
    pub(crate) fn try_constants(&self, constants: &[F]) -> Result<Span, Error> {
        self.try_numbers(constants.len(), constants.iter().copied())
    }

    /// Appends coefficients to the pool of constants, unless they are those appended last: a loop
    /// has the same ones again and again, and memory is what a recording costs.
    #[inline]
    pub(crate) fn try_coefficients(&self, coefficients: &[F]) -> Result<Span, Error> {
        match self.constants.last_if(coefficients, F::is_identical) {
            Some(span) => Ok(span),
            None => self.try_constants(coefficients),
        }
    }

    /// Appends the operands of a linear combination and its [coefficients](Self::try_coefficients),
    /// if there is room for both as things are; returns the positions of the first of each.
    #[inline(always)]
    pub(crate) fn append_weighted<const N: usize>(
        &self,
        operand: impl Fn(usize) -> NodeIndex,
        coefficients: &[F; N],
    ) -> Option<[u32; 2]> {
        let coefficients = match self.constants.last_if(coefficients, F::is_identical) {
            Some(span) => span.start,
            None => self.constants.append_each::<N>(|i| coefficients[i])?,
        };
        Some([self.operands.append_each::<N>(operand)?, coefficients])
    }

    /// Appends `count` constants as they come.
    #[inline]
    pub(crate) fn try_numbers(
        &self,
        count: usize,
        numbers: impl Iterator<Item = F>,
    ) -> Result<Span, Error> {
        self.make_room_in(&self.constants, count)?;
        Ok(self.constants.append(numbers))
    }

    /// Appends `count` numbers that `fill` writes and the operation keeps for the sweep.
    pub(crate) fn try_saved<R>(
        &self,
        count: usize,
        fill: impl FnOnce(&mut [F]) -> R,
    ) -> Result<(Slot, R), Error> {
        self.make_room_in(&self.constants, count)?;
        let span = self.constants.append(std::iter::repeat_n(F::zero(), count));
        Ok((Slot(span.start), self.constants.fill(span, fill)))
    }

    /// Makes room for a call and so many outputs of it.
    pub(crate) fn make_room_for_call(&self, outputs: usize) -> Result<(), Error> {
        self.make_room_in(&self.calls, 1)?;
        self.make_room_for_nodes(outputs)
    }

    /// Makes room for the nodes of a part, with so many operands each and a partial derivative by
    /// each of those.
    pub(crate) fn make_room_for_part(&self, nodes: usize, operands: usize) -> Result<(), Error> {
        // One operand, and the derivative by it, are in the node.
        let listed = if operands > 1 { nodes * operands } else { 0 };
        self.make_room_for_operands(listed)?;
        self.make_room_in(&self.constants, listed)?;
        self.make_room_for_nodes(nodes)
    }

    fn make_room_for_nodes(&self, count: usize) -> Result<(), Error> {
        let has_room = self.nodes.capacity() - self.nodes.len() >= count;
        if has_room { Ok(()) } else { self.make_room(&*self.nodes, count) }
    }

    /// Appends a call, for which there is room, and returns its position.
    pub(crate) fn append_call(&self, call: Call) -> u32 {
        self.calls.append([call].into_iter()).start
    }

    /// The place of a constant that an operation finds by its position: that of the one appended
    /// last, if it is the same, or else a new one, if there is room as things are.
    #[inline(always)]
    pub(crate) fn slot_in_room(&self, constant: F) -> Option<Slot> {
        let start = match self.constants.last_if(&[constant], F::is_identical) {
            Some(span) => span.start,
            None => self.constants.append_each::<1>(|_| constant)?,
        };
        Some(Slot(start))
    }

    /// Appends constants that an operation finds by the position of the first.
    #[inline]
    pub(crate) fn try_slot(&self, constants: &[F]) -> Result<Slot, Error> {
        Ok(Slot(self.try_constants(constants)?.start))
    }

    #[inline]
    fn make_room_in<T>(&self, pool: &Pool<T>, count: usize) -> Result<(), Error> {
        if pool.has_room(count) { Ok(()) } else { self.make_room(pool, count) }
    }
}

/// For recorders of programs in other languages.
impl<F: Scalar> Tape<F> {
    /// Says where the comparisons that are noted from now on stand, in place of the lines of Rust
    /// that make them; `None` names those again. An interpreter that records a [`Function`] calls
    /// it before each comparison, so that a guard names the line of the interpreted program.
    ///
    /// [`Function`]: crate::Function
    ///
    /// # Example
    /// ```
    /// let abs = wengert::Function::record(&[1.0], |x| {
    ///     x[0].tape().unwrap().comparisons_at(Some(("model.py", 7)));
    ///     if x[0] < 0.0 { -x[0] } else { x[0] }
    /// });
    /// let error = abs.value(&mut abs.workspace(), &[-1.0]).unwrap_err();
    /// assert!(error.to_string().starts_with("the comparison at model.py:7 came out differently"));
    /// ```
    pub fn comparisons_at(&self, place: Option<(&str, u32)>) {
        self.guards.say(place);
    }
}

/// What other modules ask of a tape.
impl<F: Scalar> Tape<F> {
    /// An empty tape that notes the comparisons of its variables.
    pub(crate) fn guarded() -> Self {
        let tape = Self::default();
        tape.guards.start();
        tape
    }

    /// An empty tape of the same name, to hold this one's recording for a while.
    pub(super) fn stand_in(&self) -> Self {
        let (history, byte_limit) = (self.history.clone(), self.byte_limit);
        Self { identity: self.identity, history, byte_limit, ..Self::default() }
    }

    /// Exchanges the recording, and what is noted beside it, with another tape's: `false` if one
    /// of them is being read.
    pub(super) fn exchange(&self, other: &Self) -> bool {
        let may = self.nodes.exchange(&other.nodes);
        if may {
            self.head.swap(&other.head);
            self.operands.exchange(&other.operands);
            self.constants.exchange(&other.constants);
            self.calls.exchange(&other.calls);
            self.labels.swap(&other.labels);
            self.sources.swap(&other.sources);
            self.scopes.swap(&other.scopes);
            self.pending.swap(&other.pending);
            self.guards.exchange(&other.guards);
        }
        may
    }

    /// The comparisons noted so far, and what left the recording, which are handed out once.
    pub(crate) fn take_guards(&self) -> (Vec<Guard<F>>, Vec<Note>) {
        self.guards.take()
    }

    /// What tells this tape from every other of the process.
    #[inline]
    pub(crate) fn identity(&self) -> u64 {
        self.identity
    }

    /// The resets and rewinds so far.
    #[inline]
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    pub(crate) fn set_label(&self, node: NodeIndex, label: String) {
        self.labels.borrow_mut().insert(node, label);
    }

    pub(crate) fn label_of(&self, node: NodeIndex) -> Option<String> {
        self.labels.borrow().get(&node).cloned()
    }
}

fn bytes_of<M: Memory>(memory: &M) -> usize {
    memory.capacity() * M::ITEM
}

#[cfg(test)]
mod tests {
    use super::{NodeId, Tape};
    use crate::index::NodeIndex;

    /// No test can hold 2³² nodes of memory, so this one asks for them.
    #[test]
    fn the_number_of_nodes_ends_where_identifiers_end() {
        let tape = Tape::new();
        let error = tape.try_reserve(NodeIndex::LIMIT + 1).unwrap_err();
        assert!(error.is_limit());
        assert!(error.to_string().contains("4294967296 entries, a tape can have 4294967295"));
        assert!(tape.try_reserve(usize::MAX).unwrap_err().is_limit());
        assert_eq!(tape.memory_usage(), 0);
        assert_eq!(tape.var(1.0).id().map(NodeId::index), Some(0));
    }
}
