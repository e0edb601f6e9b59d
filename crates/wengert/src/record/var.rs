//! The variable: a value with its place on a tape.

use crate::error::{Error, Kind, expect, fail};
use crate::index::NodeIndex;
use crate::ops::rules::{self, BetaInc, Clamp, MulAdd};
use crate::ops::{BinaryOp, Op, UnaryOp};
use crate::scalar::{Evaluate, Scalar};
use crate::store::{NodeId, Tape, Way};
use std::panic::Location;

/// A number whose operations are recorded.
///
/// A variable is either a node of a tape, made by [`Tape::var`] or by an operation on such a
/// variable, or a constant, made by [`Var::constant`] or from a plain number. Operations between
/// constants record nothing; a constant operand is kept inside the node that uses it. Handles
/// are `Copy` and have 24 bytes for `f64`.
///
/// Variables of different tapes cannot meet: the operation panics, and names the place.
///
/// A variable stays on the thread of its tape, and so does a closure that captures one. What goes
/// to other threads is a [`Function`](crate::Function), or a tape of its own for each thread.
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let x = tape.var(2.0);
/// let y = (x * x + 1.0).ln() / 3.0;
/// assert!((y.gradients()[x] - 4.0 / 15.0).abs() < 1e-15);
/// ```
#[derive(Clone, Copy)]
pub struct Var<'t, F: Scalar = f64> {
    tape: Option<&'t Tape<F>>,
    /// Meaningless for a constant.
    index: NodeIndex,
    pub(crate) value: F,
}

impl<'t, F: Scalar> Var<'t, F> {
    /// A number that is no variable: it can be used wherever a variable can, and takes no node.
    ///
    /// # Example
    /// ```
    /// use wengert::Var;
    /// let two: Var = Var::constant(2.0);
    /// assert!(two.is_constant());
    /// assert_eq!((two * two).value(), 4.0);
    /// ```
    #[inline(always)]
    pub const fn constant(value: F) -> Self {
        Self { tape: None, index: NodeIndex::at(0), value }
    }

    /// The handle of a node.
    #[inline(always)]
    pub(crate) fn recorded(tape: &'t Tape<F>, index: NodeIndex, value: F) -> Self {
        Self { tape: Some(tape), index, value }
    }

    /// The variables of nodes that stand one behind the other.
    pub(crate) fn recorded_from(tape: &'t Tape<F>, first: NodeIndex, values: &[F]) -> Vec<Self> {
        let first = first.index();
        let var = |(at, &value)| Self::recorded(tape, NodeIndex::at(first + at), value);
        values.iter().enumerate().map(var).collect()
    }

    /// Appends a node and returns its variable.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn push(tape: &'t Tape<F>, op: Op<F>, value: F) -> Self {
        Self::recorded(tape, tape.push(op, value), value)
    }

    /// As [`Var::push`], with an error instead of a panic.
    #[track_caller]
    pub(crate) fn try_push(tape: &'t Tape<F>, op: Op<F>, value: F) -> Result<Self, Error> {
        Ok(Self::recorded(tape, tape.try_push(op, value)?, value))
    }

    /// The number itself. In the closure of a [`Function`](crate::Function) it is frozen: what
    /// depends on it stays as it was, which the function's [report](crate::Function::report)
    /// notes with the line. So is what a variable shows by `Display` and `Debug`.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// assert_eq!((tape.var(2.0) * 3.0).value(), 6.0);
    /// ```
    #[inline(always)]
    #[track_caller]
    pub fn value(&self) -> F {
        self.departs(Way::Value, Some(Location::caller()));
        self.value
    }

    /// Notes that the value leaves the recording, where that is wanted.
    #[inline(always)]
    pub(in crate::record) fn departs(&self, way: Way, place: Option<&'static Location<'static>>) {
        if let Some(tape) = self.tape {
            tape.guards.departs(way, Some(self.value), place);
        }
    }

    /// The node, or `None` for a constant.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(2.0) * 3.0;
    /// assert_eq!(y.id().unwrap().to_string(), "n1");
    /// ```
    #[inline]
    pub fn id(&self) -> Option<NodeId> {
        self.place().map(|(tape, index)| tape.id_of(index))
    }

    /// Whether this is a number that depends on no variable.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// assert!(!tape.var(2.0).is_constant());
    /// ```
    #[inline]
    pub const fn is_constant(&self) -> bool {
        self.tape.is_none()
    }

    /// The tape, or `None` for a constant.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// assert_eq!(x.tape().unwrap().len(), 1);
    /// ```
    #[inline(always)]
    pub const fn tape(&self) -> Option<&'t Tape<F>> {
        self.tape
    }

    /// Whether this is a node of `tape`.
    #[inline(always)]
    pub(crate) fn is_on(&self, tape: &Tape<F>) -> bool {
        self.tape.is_some_and(|own| std::ptr::eq(own, tape))
    }

    /// The position of the node; means nothing for a constant.
    #[inline(always)]
    pub(crate) fn raw_index(&self) -> NodeIndex {
        self.index
    }

    /// The position of the node, or `None` for a constant.
    #[inline(always)]
    pub(crate) fn index(&self) -> Option<NodeIndex> {
        self.tape.map(|_| self.index)
    }

    /// Tape and node together, or `None` for a constant.
    #[inline(always)]
    pub(crate) fn place(self) -> Option<(&'t Tape<F>, NodeIndex)> {
        self.tape.map(|tape| (tape, self.index))
    }

    /// Gives the node a name that listings and pictures show, and returns the variable. A
    /// constant has no node, and stays as it is.
    ///
    /// # Complexity
    /// Allocates: labels are for looking at a recording, not for an inner loop.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0).label("x");
    /// let y = (x * x).label("y");
    /// assert_eq!(tape.to_string(), "n0 = input ; 2 \"x\"\nn1 = mul n0 n0 ; 4 \"y\"\n");
    /// ```
    pub fn label(self, label: impl Into<String>) -> Self {
        if let Some((tape, id)) = self.place() {
            tape.set_label(id, label.into());
        }
        self
    }

    /// Whether each of some variables is a node of `tape` or a constant: the one check of every
    /// door to which variables are handed.
    pub(crate) fn check_tape(
        vars: impl IntoIterator<Item = Self>,
        tape: &Tape<F>,
    ) -> Result<(), Error> {
        let is_foreign = |var: Self| !(var.is_constant() || var.is_on(tape));
        if vars.into_iter().any(is_foreign) { Err(Kind::ForeignVariable.into()) } else { Ok(()) }
    }

    /// The one tape of some variables, or `None` if all are constants.
    pub(crate) fn common_tape(vars: &[Self]) -> Result<Option<&'t Tape<F>>, Error> {
        let mut tapes = vars.iter().filter_map(Self::tape);
        let first = tapes.next();
        match first {
            Some(tape) if tapes.any(|other| !std::ptr::eq(tape, other)) => {
                Err(Kind::ForeignVariable.into())
            }
            _ => Ok(first),
        }
    }
}

// PERF: without arguments, so that an operator's hot code holds no more than the call.
#[cold]
#[inline(never)]
#[track_caller]
fn different_tapes() -> ! {
    fail(Kind::ForeignVariable.into())
}

/// Recording by rule: each operation goes through one of these.
impl<'t, F: Scalar> Var<'t, F> {
    #[inline(always)]
    #[track_caller]
    pub(crate) fn unary<R: UnaryOp>(self) -> Self {
        let value = F::unary::<R>(self.value);
        match self.tape {
            Some(tape) => Self::push(tape, R::op(self.index), value),
            None => Self::constant(value),
        }
    }

    #[inline(always)]
    #[track_caller]
    pub(crate) fn binary<R: BinaryOp>(self, other: Self) -> Self {
        let value = F::binary::<R>(self.value, other.value);
        match (self.tape, other.tape) {
            (Some(tape), Some(also)) => {
                if !std::ptr::eq(tape, also) {
                    different_tapes();
                }
                Self::push(tape, R::both(self.index, other.index), value)
            }
            (Some(tape), None) => {
                Self::push(tape, R::constant_right(self.index, other.value), value)
            }
            (None, Some(tape)) => {
                Self::push(tape, R::constant_left(self.value, other.index), value)
            }
            (None, None) => Self::constant(value),
        }
    }

    /// As [`Var::unary`], with an error instead of a panic.
    #[track_caller]
    pub(crate) fn try_unary<R: UnaryOp>(self) -> Result<Self, Error> {
        let value = F::unary::<R>(self.value);
        match self.place() {
            Some((tape, id)) => Self::try_push(tape, R::op(id), value),
            None => Ok(Self::constant(value)),
        }
    }

    /// As [`Var::binary`], with an error instead of a panic.
    #[track_caller]
    pub(crate) fn try_binary<R: BinaryOp>(self, other: Self) -> Result<Self, Error> {
        let value = F::binary::<R>(self.value, other.value);
        let Some(tape) = Self::common_tape(&[self, other])? else {
            return Ok(Self::constant(value));
        };
        let op = match (self.index(), other.index()) {
            (Some(x), Some(y)) => R::both(x, y),
            (Some(x), None) => R::constant_right(x, other.value),
            (None, _) => R::constant_left(self.value, other.index),
        };
        Self::try_push(tape, op, value)
    }

    /// xⁿ with an integer n: see the documentation of [`Var::powi`].
    #[inline]
    #[track_caller]
    pub(crate) fn power(self, n: i32) -> Self {
        let value = F::power(self.value, n);
        match self.tape {
            Some(tape) => Self::push(tape, Op::Powi(self.index, n), value),
            None => Self::constant(value),
        }
    }

    /// As [`Var::power`], with an error instead of a panic.
    #[track_caller]
    pub(crate) fn try_power(self, n: i32) -> Result<Self, Error> {
        let value = F::power(self.value, n);
        match self.place() {
            Some((tape, id)) => Self::try_push(tape, Op::Powi(id, n), value),
            None => Ok(Self::constant(value)),
        }
    }

    /// x · y + z, rounded once: see the documentation of [`Var::mul_add`].
    #[inline(always)]
    #[track_caller]
    pub(crate) fn fused(self, y: Self, z: Self) -> Self {
        let value = F::ternary::<MulAdd>(self.value, y.value, z.value);
        let Some(tape) = self.tape.or(y.tape).or(z.tape) else {
            return Self::constant(value);
        };
        let is_elsewhere = |var: Self| var.tape.is_some_and(|other| !std::ptr::eq(tape, other));
        if is_elsewhere(y) || is_elsewhere(z) {
            different_tapes();
        }
        let op = match (self.tape, y.tape, z.tape) {
            (Some(_), Some(_), Some(_)) => Some(Op::MulAdd(self.index, y.index, z.index)),
            (Some(_), None, Some(_)) => {
                tape.slot_in_room(y.value).map(|slot| Op::MulConstAdd(self.index, slot, z.index))
            }
            _ => None,
        };
        let index = match op {
            Some(op) => tape.push(op, value),
            None => Self::push_fused(tape, [self, y, z].map(Self::part), value),
        };
        Self::recorded(tape, index, value)
    }

    /// What a variable is to an operation: its node, or a number.
    #[inline(always)]
    fn part(self) -> (Option<NodeIndex>, F) {
        (self.index(), self.value)
    }

    /// Appends the node of a fused operation that has constants among its operands.
    ///
    /// PERF: not cold, as a constant summand is nothing rare; and given the parts of variables,
    /// because a variable that is handed on whole has to lie in memory, also in a loop that never
    /// comes here, and who copies it there waits for the stores.
    #[inline(never)]
    #[track_caller]
    fn push_fused(tape: &Tape<F>, parts: [(Option<NodeIndex>, F); 3], value: F) -> NodeIndex {
        let op = expect(Self::fused_op(tape, parts));
        tape.push(op, value)
    }

    /// The fused operation of parts of which at least one is a node.
    fn fused_op(tape: &Tape<F>, parts: [(Option<NodeIndex>, F); 3]) -> Result<Op<F>, Error> {
        // A product commutes, so that a constant factor can stand second; of two constant
        // factors, the first takes a node.
        let [x, y, z] = parts;
        let (x, y) = if x.0.is_none() { (y, x) } else { (x, y) };
        let x = match x {
            (Some(x), _) => x,
            (None, x) => tape.try_push(Op::Constant, x)?,
        };
        Ok(match (y, z) {
            ((Some(y), _), (Some(z), _)) => Op::MulAdd(x, y, z),
            ((Some(y), _), (None, z)) => Op::MulAddConst(x, y, tape.try_slot(&[z])?),
            ((None, y), (Some(z), _)) => Op::MulConstAdd(x, tape.try_slot(&[y])?, z),
            ((None, y), (None, z)) => Op::MulConstAddConst(x, tape.try_slot(&[y, z])?),
        })
    }

    #[track_caller]
    pub(crate) fn try_fused(self, y: Self, z: Self) -> Result<Self, Error> {
        let value = F::ternary::<MulAdd>(self.value, y.value, z.value);
        let Some(tape) = Self::common_tape(&[self, y, z])? else {
            return Ok(Self::constant(value));
        };
        Self::try_push(tape, Self::fused_op(tape, [self, y, z].map(Self::part))?, value)
    }

    #[track_caller]
    pub(crate) fn try_clamp(self, low: Self, high: Self) -> Result<Self, Error> {
        let are_ordered = low <= high;
        if !are_ordered {
            return Err(Kind::Bounds.into());
        }
        let value = F::ternary::<Clamp>(self.value, low.value, high.value);
        let Some(tape) = Self::common_tape(&[self, low, high])? else {
            return Ok(Self::constant(value));
        };
        if !(low.is_constant() && high.is_constant()) {
            // With variable bounds, a clamp is two decisions, and each has its node. Those would
            // ignore a NaN, which a clamp hands on: only NaN differs from itself.
            let held = self.try_binary::<rules::Max>(low)?.try_binary::<rules::Min>(high)?;
            return Self::try_nary::<rules::SelectEqual>(&[self, self, held, self], &[]);
        }
        let slot = tape.try_slot(&[low.value, high.value])?;
        Self::try_push(tape, Op::Clamp(self.index, slot), value)
    }

    #[track_caller]
    pub(crate) fn try_beta_inc(self, a: Self, b: Self) -> Result<Self, Error> {
        let value = F::ternary::<BetaInc>(self.value, a.value, b.value);
        let Some(tape) = Self::common_tape(&[self, a, b])? else {
            return Ok(Self::constant(value));
        };
        if !self.is_constant() && a.is_constant() && b.is_constant() {
            let slot = tape.try_slot(&[a.value, b.value])?;
            return Self::try_push(tape, Op::BetaIncConst(self.index, slot), value);
        }
        // Elsewhere a constant takes a node.
        let node = |number: Self| match number.is_constant() {
            true => Self::try_push(tape, Op::Constant, number.value),
            false => Ok(number),
        };
        let [x, a, b] = [node(self)?, node(a)?, node(b)?];
        Self::try_push(tape, Op::BetaInc(x.index, a.index, b.index), value)
    }
}

impl<F: Scalar> From<F> for Var<'_, F> {
    #[inline(always)]
    fn from(value: F) -> Self {
        Self::constant(value)
    }
}

impl<F: Scalar> Default for Var<'_, F> {
    /// The constant 0.
    fn default() -> Self {
        Self::constant(F::zero())
    }
}
