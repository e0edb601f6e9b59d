//! The number without a lifetime: a value with the name of its recording and a place in it.

use super::Var;
use crate::error::{Error, Kind, fail};
use crate::index::NodeIndex;
use crate::ops::rules::MulAdd;
use crate::ops::{BinaryOp, Comparison, Joined, NaryOp, Op, OpKind, UnaryOp};
use crate::scalar::{Evaluate, Real};
use crate::store::{Held, NodeId, Session, Tape, push_to_last};
use smallvec::SmallVec;

mod calls;
mod closures;
mod compare;
mod lists;
mod numeric;
mod operators;
mod tape;

pub use closures::{Outputs, active, active_array, active_with_data};
pub use tape::ActiveTape;

/// A number whose operations are recorded, as those of [`Var`] are, and that borrows nothing: it
/// is `Copy`, `Send`, `Sync` and `'static`, which is what linear algebra and solvers ask of their
/// scalars. The tape is found among those that are active on the thread.
///
/// Numbers come from an [`ActiveTape`], from a closure given to [`active`], and from plain numbers,
/// which are constants and need no tape. They have the operators and functions of [`Var`].
///
/// # Panics
/// Whatever asks for the number's tape panics where that is not active on this thread: after the
/// tape was reset, rewound or deactivated, and on other threads. [`Active::check`] returns an error
/// instead. So does an operation on numbers of two tapes. `Debug` never panics.
///
/// # Complexity
/// 24 bytes for `f64`. An operation takes the tape from the thread and puts it back: recorded and
/// swept, up to twice the instructions of a [`Var`]'s; the sweep is the same. Where that counts,
/// record a [`Function`](crate::Function), which is the same from either.
///
/// # Example: a struct of the user's that holds numbers
/// ```
/// use wengert::{Active, Tape};
/// struct Spring { stiffness: Active, length: Active }
/// let tape = Tape::new().activate();
/// let spring = Spring { stiffness: tape.var(3.0), length: 2.0.into() };
/// let energy = 0.5 * spring.stiffness * spring.length.powi(2);
/// assert_eq!(energy.value(), 6.0);
/// assert_eq!(energy.gradients()[spring.stiffness], 2.0);
/// ```
#[derive(Clone, Copy)]
pub struct Active<F: Real = f64> {
    /// None for a constant.
    session: Option<Session>,
    /// Meaningless for a constant.
    index: NodeIndex,
    value: F,
}

impl<F: Real> Active<F> {
    /// A number that is no variable: it can be used wherever a variable can, and takes no node.
    ///
    /// # Example
    /// ```
    /// use wengert::Active;
    /// const TWO: Active = Active::constant(2.0);
    /// assert!(TWO.is_constant());
    /// assert_eq!((TWO * TWO).value(), 4.0);
    /// ```
    #[inline(always)]
    pub const fn constant(value: F) -> Self {
        Self { session: None, index: NodeIndex::at(0), value }
    }

    /// Whether this is a number that depends on no variable.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// assert!(!tape.var(2.0).is_constant());
    /// ```
    #[inline]
    #[must_use]
    pub const fn is_constant(&self) -> bool {
        self.session.is_none()
    }

    /// Whether the number can be used here: it is a constant, or its tape is active on this thread
    /// and was neither reset nor rewound since.
    ///
    /// # Errors
    /// If it is not; the error [is stale](Error::is_stale).
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new().activate();
    /// let x = tape.var(2.0);
    /// assert_eq!(x.check(), Ok(()));
    /// std::thread::scope(|scope| {
    ///     scope.spawn(move || assert!(x.check().unwrap_err().is_stale()));
    /// });
    /// tape.reset();
    /// assert!(x.check().unwrap_err().is_stale());
    /// ```
    pub fn check(&self) -> Result<(), Error> {
        self.try_open().map(drop)
    }

    /// The number itself: see [`Var::value`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// assert_eq!((tape.var(2.0) * 3.0).value(), 6.0);
    /// ```
    #[inline]
    #[track_caller]
    pub fn value(&self) -> F {
        Opened::of(self.session).var(*self).value()
    }

    /// The node, or `None` for a constant.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// let y = tape.var(2.0) * 3.0;
    /// assert_eq!(y.id().unwrap().to_string(), "n1");
    /// ```
    #[track_caller]
    pub fn id(&self) -> Option<NodeId> {
        Opened::of(self.session).var(*self).id()
    }

    /// Gives the node a name that listings and pictures show, and returns the number: see
    /// [`Var::label`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// let x = tape.var(2.0).label("x");
    /// assert_eq!(format!("{x:?}"), "n0 \"x\" = 2.0");
    /// ```
    #[track_caller]
    pub fn label(self, label: impl Into<String>) -> Self {
        // Before the tape is held: `into` is code of the user's.
        let label = label.into();
        let _ = Opened::of(self.session).var(self).label(label);
        self
    }

    /// Records the operation `kind` on arguments: see [`Var::try_apply`].
    ///
    /// # Errors
    /// As [`Var::try_apply`], and if the tape of an argument is not active on this thread.
    ///
    /// # Example
    /// ```
    /// use wengert::{Active, OpKind, Tape};
    /// let mut tape = Tape::new().activate();
    /// let x = tape.var(3.0);
    /// assert_eq!(Active::try_apply(OpKind::Mul, &[x, 2.0.into()])?.value(), 6.0);
    /// tape.reset();
    /// assert!(Active::try_apply(OpKind::Mul, &[x, 2.0.into()]).unwrap_err().is_stale());
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn try_apply(kind: OpKind, arguments: &[Self]) -> Result<Self, Error> {
        let opened = Opened::try_of(session(arguments))?;
        Ok(opened.active(Var::try_apply(kind, &opened.try_vars(arguments)?)?))
    }
}

impl<F: Real> From<F> for Active<F> {
    #[inline(always)]
    fn from(value: F) -> Self {
        Self::constant(value)
    }
}

impl<F: Real> Default for Active<F> {
    /// The constant 0.
    fn default() -> Self {
        Self::constant(F::zero())
    }
}

/// Operands as variables for one operation.
type Operands<'a, F> = SmallVec<[Var<'a, F>; 8]>;

/// The session of the first that is no constant.
#[inline]
fn session<F: Real>(numbers: &[Active<F>]) -> Option<Session> {
    numbers.iter().find_map(|number| number.session)
}

/// The tape of an operation's operands, held until this is dropped; none where all are constants.
pub(crate) struct Opened<F: Real> {
    session: Option<Session>,
    held: Option<Held<F>>,
}

impl<F: Real> Opened<F> {
    /// The tape of a session; panics where that is not active.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn of(session: Option<Session>) -> Self {
        let held = match session {
            None => None,
            Some(session) => match Held::find(session) {
                None => inactive(),
                held => held,
            },
        };
        Self { session, held }
    }

    /// As [`Opened::of`], with an error instead of a panic.
    pub(crate) fn try_of(session: Option<Session>) -> Result<Self, Error> {
        let find = |session| Held::find(session).ok_or(Kind::Inactive);
        Ok(Self { session, held: session.map(find).transpose()? })
    }

    /// The tape of some numbers, that of the first which is no constant.
    #[track_caller]
    pub(crate) fn of_any(numbers: &[Active<F>]) -> Self {
        Self::of(session(numbers))
    }

    /// The tape, if it takes one.
    fn tape(&self) -> Option<&Tape<F>> {
        self.held.as_ref().map(Held::tape)
    }

    /// A number as a variable of the tape that is held; panics where it is another's.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn var(&self, number: Active<F>) -> Var<'_, F> {
        match &self.held {
            _ if number.session.is_none() => Var::constant(number.value),
            Some(held) if number.session == self.session => {
                Var::recorded(held.tape(), number.index, number.value)
            }
            _ => fail(misplaced(number)),
        }
    }

    /// As [`Opened::var`], with an error instead of a panic.
    pub(crate) fn try_var(&self, number: Active<F>) -> Result<Var<'_, F>, Error> {
        let is_here = number.is_constant() || number.session == self.session;
        if is_here { Ok(self.var(number)) } else { Err(misplaced(number)) }
    }

    /// Numbers as variables.
    #[inline]
    #[track_caller]
    pub(crate) fn vars(&self, numbers: &[Active<F>]) -> Operands<'_, F> {
        let mut vars = Operands::with_capacity(numbers.len());
        for &number in numbers {
            vars.push(self.var(number));
        }
        vars
    }

    /// As [`Opened::vars`], with an error instead of a panic.
    fn try_vars(&self, numbers: &[Active<F>]) -> Result<Operands<'_, F>, Error> {
        numbers.iter().map(|&number| self.try_var(number)).collect()
    }

    /// A variable of the tape that is held, as a number.
    #[inline(always)]
    pub(crate) fn active(&self, var: Var<'_, F>) -> Active<F> {
        let session = if var.is_constant() { None } else { self.session };
        Active { session, index: var.raw_index(), value: var.value }
    }
}

// PERF: without arguments, so that an operator's hot code holds no more than the call.
#[cold]
#[inline(never)]
#[track_caller]
fn inactive() -> ! {
    fail(Kind::Inactive.into())
}

/// Sees to it that the tape of a session is the one used last and has room for a node; panics where
/// that cannot be.
#[cold]
#[inline(never)]
#[track_caller]
fn prepare<F: Real>(session: Session) {
    let opened = Opened::<F>::of(Some(session));
    opened.tape().expect("a session has a tape").ensure_room_for_a_node();
}

/// An operation on numbers of two sessions.
#[cold]
#[inline(never)]
#[track_caller]
fn apart<F: Real>(session: Session, other: Active<F>) -> ! {
    // The first is looked at first: it may be stale itself.
    drop(Opened::<F>::of(Some(session)));
    fail(misplaced(other))
}

/// What is wrong with a number that is not of the tape that is held.
#[cold]
#[inline(never)]
fn misplaced<F: Real>(number: Active<F>) -> Error {
    number.check().err().unwrap_or(Kind::ForeignVariable.into())
}

/// Recording by rule: what the notation of numbers is made of.
impl<F: Real> Active<F> {
    #[inline(always)]
    #[track_caller]
    pub(crate) fn unary<R: UnaryOp>(self) -> Self {
        let value = F::unary::<R>(self.value);
        match self.session {
            Some(session) => Self::push(session, R::op(self.index), value),
            None => Self::constant(value),
        }
    }

    #[inline(always)]
    #[track_caller]
    pub(crate) fn binary<R: BinaryOp>(self, other: Self) -> Self {
        let value = F::binary::<R>(self.value, other.value);
        match (self.session, other.session) {
            (Some(session), Some(also)) => {
                if session != also {
                    apart(session, other);
                }
                Self::push(session, R::both(self.index, other.index), value)
            }
            (Some(session), None) => {
                Self::push(session, R::constant_right(self.index, other.value), value)
            }
            (None, Some(session)) => {
                Self::push(session, R::constant_left(self.value, other.index), value)
            }
            (None, None) => Self::constant(value),
        }
    }

    /// The numbers of nodes that stand one behind the other.
    fn recorded_from(session: Session, first: NodeIndex, values: &[F]) -> Vec<Self> {
        let (session, first) = (Some(session), first.index());
        let number = |(at, &value)| Self { session, index: NodeIndex::at(first + at), value };
        values.iter().enumerate().map(number).collect()
    }

    /// Appends a node to the tape of a session, and returns its number.
    ///
    /// PERF: by way of a [`Var`] an operation would take the tape from the thread and put it back
    /// even where it panics: three times the instructions.
    #[inline(always)]
    #[track_caller]
    fn push(session: Session, op: Op<F>, value: F) -> Self {
        loop {
            if let Some(index) = push_to_last(session, op, value) {
                return Self { session: Some(session), index, value };
            }
            prepare::<F>(session);
        }
    }

    #[inline]
    #[track_caller]
    pub(super) fn power(self, n: i32) -> Self {
        let value = F::power(self.value, n);
        match self.session {
            Some(session) => Self::push(session, Op::Powi(self.index, n), value),
            None => Self::constant(value),
        }
    }

    #[inline]
    #[track_caller]
    pub(super) fn fused(self, y: Self, z: Self) -> Self {
        if let (Some(session), true) = (self.session, [y.session, z.session] == [self.session; 2]) {
            let value = F::ternary::<MulAdd>(self.value, y.value, z.value);
            return Self::push(session, Op::MulAdd(self.index, y.index, z.index), value);
        }
        let opened = Opened::of(self.session.or(y.session).or(z.session));
        opened.active(opened.var(self).fused(opened.var(y), opened.var(z)))
    }

    #[track_caller]
    pub(super) fn try_clamp(self, low: Self, high: Self) -> Result<Self, Error> {
        let opened = Opened::of(self.session.or(low.session).or(high.session));
        let clamped = opened.var(self).try_clamp(opened.var(low), opened.var(high));
        clamped.map(|var| opened.active(var))
    }

    #[track_caller]
    pub(super) fn try_beta_inc(self, a: Self, b: Self) -> Result<Self, Error> {
        let opened = Opened::of(self.session.or(a.session).or(b.session));
        let found = opened.var(self).try_beta_inc(opened.var(a), opened.var(b));
        found.map(|var| opened.active(var))
    }

    /// The value, for a question about it alone.
    #[inline]
    #[track_caller]
    pub(super) fn asked(&self, comparison: Comparison) -> F {
        Opened::of(self.session).var(*self).asked(comparison)
    }

    #[inline]
    #[track_caller]
    pub(crate) fn nary<R: NaryOp>(xs: &[Self], ys: &[Self]) -> Self {
        let operands = Joined(xs, ys);
        if let Some(session) = operands.session() {
            return operands.record::<R>(session);
        }
        let opened = Opened::of(session(xs).or_else(|| session(ys)));
        opened.active(Var::nary::<R>(&opened.vars(xs), &opened.vars(ys)))
    }

    #[track_caller]
    pub(super) fn try_log_sum_exp(xs: &[Self]) -> Result<Self, Error> {
        let opened = Opened::of_any(xs);
        Ok(opened.active(Var::try_log_sum_exp(&opened.vars(xs))?))
    }

    #[track_caller]
    pub(super) fn weighted(coefficients: &[F], xs: &[Self]) -> Self {
        let operands = Joined(xs, &[]);
        if let Some(session) = operands.session() {
            return operands.record_weighted(session, coefficients);
        }
        let opened = Opened::of_any(xs);
        opened.active(Var::weighted(coefficients, &opened.vars(xs)))
    }

    #[track_caller]
    pub(super) fn try_polynomial(self, coefficients: &[F]) -> Result<Self, Error> {
        let opened = Opened::of(self.session);
        Ok(opened.active(opened.var(self).try_polynomial(coefficients)?))
    }

    /// This number and its tape, held for one sweep.
    #[track_caller]
    pub(crate) fn open(&self) -> Opened<F> {
        Opened::of(self.session)
    }

    /// As [`Active::open`], with an error instead of a panic.
    pub(crate) fn try_open(&self) -> Result<Opened<F>, Error> {
        Opened::try_of(self.session)
    }
}

impl<F: Real> std::iter::Sum for Active<F> {
    #[track_caller]
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        // All of them before the tape is held: the iterator may itself record.
        Self::sum(&numbers.collect::<SmallVec<[Self; 16]>>())
    }
}

impl<'a, F: Real> std::iter::Sum<&'a Active<F>> for Active<F> {
    #[track_caller]
    fn sum<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
        numbers.copied().sum()
    }
}

impl<F: Real> std::iter::Product for Active<F> {
    #[track_caller]
    fn product<I: Iterator<Item = Self>>(numbers: I) -> Self {
        Self::product(&numbers.collect::<SmallVec<[Self; 16]>>())
    }
}

impl<'a, F: Real> std::iter::Product<&'a Active<F>> for Active<F> {
    #[track_caller]
    fn product<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
        numbers.copied().product()
    }
}
