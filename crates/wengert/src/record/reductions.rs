//! How functions of any number of variables are recorded, each as one node.

use super::Var;
use crate::error::{Error, Kind, expect};
use crate::index::NodeIndex;
use crate::ops::{Joined, Nary, NaryOp, Op, Operands, Slot, Span, rules};
use crate::scalar::Scalar;
use crate::store::Tape;

impl<F: Scalar> Operands<F> for &[Var<'_, F>] {
    #[inline(always)]
    fn len(self) -> usize {
        <[Var<'_, F>]>::len(self)
    }
    #[inline(always)]
    fn at(self, i: usize) -> F {
        self[i].value
    }
    #[inline(always)]
    fn iter(self) -> impl Iterator<Item = F> {
        <[Var<'_, F>]>::iter(self).map(|var| var.value)
    }
    #[inline(always)]
    fn split(self, at: usize) -> (impl Operands<F>, impl Operands<F>) {
        self.split_at(at)
    }
}

impl<'t, F: Scalar> Joined<'_, Var<'t, F>> {
    /// The value of rule `R`. PERF: one list is walked faster than two that may be joined.
    #[inline(always)]
    fn value<R: NaryOp>(self) -> F {
        if self.1.is_empty() { R::value(self.0, &[]) } else { R::value(self, &[]) }
    }

    /// The one tape of the variables among them, or `None` if all are constants.
    #[inline]
    fn tape(self) -> Option<&'t Tape<F>> {
        self.0.first().and_then(Var::tape).or_else(|| self.tape_of_any())
    }

    #[cold]
    fn tape_of_any(self) -> Option<&'t Tape<F>> {
        self.items().find_map(Var::tape)
    }

    /// Appends the node of rule `R`.
    ///
    /// PERF: a call, of which the parts of a variable come back in registers, and they are put
    /// together where it is used. A whole one would come back in memory, and who copies it from
    /// there waits for the stores.
    #[inline(never)]
    #[track_caller]
    fn record<R: NaryOp>(self, tape: &'t Tape<F>) -> (NodeIndex, F) {
        let value = self.value::<R>();
        (tape.push(R::op(self.store(tape)), value), value)
    }

    /// Appends the node of a linear combination, as a call likewise.
    #[inline(never)]
    #[track_caller]
    fn record_weighted(self, tape: &'t Tape<F>, coefficients: &[F]) -> (NodeIndex, F) {
        // PERF: a step of a method for differential equations consists of short ones.
        let few = match coefficients.len() {
            2 => self.record_few_weighted::<2>(tape, coefficients),
            3 => self.record_few_weighted::<3>(tape, coefficients),
            4 => self.record_few_weighted::<4>(tape, coefficients),
            5 => self.record_few_weighted::<5>(tape, coefficients),
            _ => None,
        };
        if let Some(recorded) = few {
            return recorded;
        }
        let value = rules::LinearCombination::value(self.0, coefficients);
        let operands = self.store(tape);
        let coefficients = expect(tape.try_coefficients(coefficients));
        (tape.push(weighted(operands, coefficients), value), value)
    }

    /// The same of as many operands, if all are variables of this tape and there is room for them:
    /// all that is between the lists and the pools is in registers.
    #[inline(always)]
    #[track_caller]
    fn record_few_weighted<const N: usize>(
        self,
        tape: &'t Tape<F>,
        coefficients: &[F],
    ) -> Option<(NodeIndex, F)> {
        let (xs, coefficients) = (self.0.first_chunk::<N>()?, coefficients.first_chunk::<N>()?);
        let mut are_here = true;
        for x in xs {
            are_here &= x.is_on(tape);
        }
        if !are_here {
            return None;
        }
        let [operands, coefficients_at] =
            tape.append_weighted(|i| xs[i].raw_index(), coefficients)?;
        let value = rules::LinearCombination::value(xs.as_slice(), coefficients);
        let op = Op::LinearCombination { operands, coefficients: coefficients_at, len: N as u32 };
        Some((tape.push(op, value), value))
    }

    /// Puts the operands into the pool of their tape.
    ///
    /// PERF: returns a span and no `Result`, which would come back in memory.
    #[track_caller]
    fn store(self, tape: &'t Tape<F>) -> Span {
        match self.append(tape) {
            Some((span, true)) => span,
            Some((span, false)) => expect(self.store_with_constants(tape, span)),
            None => {
                expect(tape.make_room_for_operands(self.len()));
                self.store(tape)
            }
        }
    }

    /// As [`Joined::store`], with an error instead of a panic.
    #[track_caller]
    pub(super) fn try_store(self, tape: &'t Tape<F>) -> Result<Span, Error> {
        match self.append(tape) {
            Some((span, true)) => Ok(span),
            Some((span, false)) => self.store_with_constants(tape, span),
            None => {
                tape.make_room_for_operands(self.len())?;
                self.try_store(tape)
            }
        }
    }

    /// Appends the operands, if there is room, and says whether they are all variables of this tape.
    ///
    /// PERF: in one pass, which finds out too late that it should not have been made: to take it
    /// back is for the rare case. And list by list: what walks two as one is not inlined everywhere.
    #[inline(always)]
    fn append(self, tape: &'t Tape<F>) -> Option<(Span, bool)> {
        let (mut are_here, mut are_behind) = (true, true);
        let first = self.0.iter().map(|var| {
            are_here &= var.is_on(tape);
            var.raw_index()
        });
        let behind = self.1.iter().map(|var| {
            are_behind &= var.is_on(tape);
            var.raw_index()
        });
        let span = tape.append_operands_in_room(first, behind)?;
        Some((span, are_here & are_behind))
    }

    /// As [`Joined::try_store`], where some are constants, which get nodes, or of another tape:
    /// `appended` as they are, which is taken back.
    #[cold]
    #[track_caller]
    fn store_with_constants(self, tape: &'t Tape<F>, appended: Span) -> Result<Span, Error> {
        tape.forget_operands(appended);
        let mut fold = Fold { tape: Some(tape), base: tape.pending.borrow().len(), value: None };
        // No closure, whose place would be that of the operation.
        for var in self.items() {
            fold.push(*var)?;
        }
        fold.store(tape)
    }
}

/// Recording by rule.
impl<'t, F: Scalar> Var<'t, F> {
    /// Records the operation of rule `R` on the operands `xs` and then `ys`.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn nary<R: NaryOp>(xs: &[Self], ys: &[Self]) -> Self {
        let operands = Joined(xs, ys);
        match operands.tape() {
            Some(tape) => {
                let (id, value) = operands.record::<R>(tape);
                Self::recorded(tape, id, value)
            }
            None => Self::constant(operands.value::<R>()),
        }
    }

    /// Records Σ cᵢ·xᵢ, for lists of one length.
    #[inline(always)]
    #[track_caller]
    pub(super) fn weighted(coefficients: &[F], xs: &[Self]) -> Self {
        let operands = Joined(xs, &[]);
        match operands.tape() {
            Some(tape) => {
                let (id, value) = operands.record_weighted(tape, coefficients);
                Self::recorded(tape, id, value)
            }
            None => Self::constant(rules::LinearCombination::value(xs, coefficients)),
        }
    }

    /// As [`Var::nary`], with an error instead of a panic.
    #[track_caller]
    pub(crate) fn try_nary<R: NaryOp>(xs: &[Self], ys: &[Self]) -> Result<Self, Error> {
        let operands = Joined(xs, ys);
        let value = operands.value::<R>();
        match operands.tape() {
            Some(tape) => Self::try_push(tape, R::op(operands.try_store(tape)?), value),
            None => Ok(Self::constant(value)),
        }
    }

    #[track_caller]
    pub(crate) fn try_log_sum_exp(xs: &[Self]) -> Result<Self, Error> {
        let operands = Joined(xs, &[]);
        let Some(tape) = operands.tape() else {
            return Ok(Self::constant(rules::LogSumExp::value(xs, &[])));
        };
        let Span { start: operands, len } = operands.try_store(tape)?;
        let fill = |saved: &mut [F]| rules::LogSumExp::save(xs, saved);
        let (Slot(saved), value) = tape.try_saved(xs.len() + 1, fill)?;
        Self::try_push(tape, Op::LogSumExp { operands, saved, len }, value)
    }

    /// As [`Var::linear_combination`], with an error instead of a panic.
    #[track_caller]
    pub(crate) fn try_linear_combination(coefficients: &[F], xs: &[Self]) -> Result<Self, Error> {
        let value = rules::LinearCombination::value(xs, coefficients);
        let operands = Joined(xs, &[]);
        match operands.tape() {
            Some(tape) => {
                let operands = operands.try_store(tape)?;
                let coefficients = tape.try_coefficients(coefficients)?;
                Self::try_push(tape, weighted(operands, coefficients), value)
            }
            None => Ok(Self::constant(value)),
        }
    }

    #[track_caller]
    pub(crate) fn try_polynomial(self, coefficients: &[F]) -> Result<Self, Error> {
        let value = rules::Polynomial::value([self].as_slice(), coefficients);
        match self.place() {
            None => Ok(Self::constant(value)),
            Some((tape, id)) => {
                let span = tape.try_constants(coefficients)?;
                Self::try_push(tape, Op::Polynomial(id, span), value)
            }
        }
    }
}

/// The operation Σ cᵢ·xᵢ.
#[inline]
pub(super) fn weighted<F>(operands: Span, coefficients: Span) -> Op<F> {
    let Span { start: operands, len } = operands;
    Op::LinearCombination { operands, coefficients: coefficients.start, len }
}

/// The node of an operand; a constant gets one.
#[inline]
#[track_caller]
fn operand<F: Scalar>(tape: &Tape<F>, var: Var<'_, F>) -> Result<NodeIndex, Error> {
    match var.place() {
        Some((other, _)) if !std::ptr::eq(tape, other) => Err(Kind::ForeignVariable.into()),
        Some((_, id)) => Ok(id),
        None => tape.try_push(Op::Constant, var.value),
    }
}

/// Folds an iterator of variables into one n-ary node.
///
/// Operands wait on a stack of the tape, not in the pool, because the iterator itself may record
/// n-ary operations as it goes. Constants at the head are combined before a tape is known.
struct Fold<'t, F: Scalar> {
    tape: Option<&'t Tape<F>>,
    /// Where this fold's operands begin on the tape's stack.
    base: usize,
    value: Option<F>,
}

impl<'t, F: Scalar> Fold<'t, F> {
    #[track_caller]
    fn collect<R: NaryOp>(
        vars: impl Iterator<Item = Var<'t, F>>,
        combine: impl Fn(F, F) -> F,
    ) -> Var<'t, F> {
        let mut fold = Fold { tape: None, base: 0, value: None };
        for var in vars {
            expect(fold.push(var));
            fold.value = Some(fold.value.map_or(var.value, |value| combine(value, var.value)));
        }
        expect(fold.finish::<R>())
    }

    #[inline]
    #[track_caller]
    fn push(&mut self, var: Var<'t, F>) -> Result<(), Error> {
        if let (None, Some(tape)) = (self.tape, var.tape()) {
            self.start(tape)?;
        }
        if let Some(tape) = self.tape {
            let id = operand(tape, var)?;
            tape.pending.borrow_mut().push(id);
        }
        Ok(())
    }

    #[track_caller]
    fn start(&mut self, tape: &'t Tape<F>) -> Result<(), Error> {
        self.tape = Some(tape);
        self.base = tape.pending.borrow().len();
        if let Some(value) = self.value {
            let id = tape.try_push(Op::Constant, value)?;
            tape.pending.borrow_mut().push(id);
        }
        Ok(())
    }

    #[track_caller]
    fn finish<R: NaryOp>(&self) -> Result<Var<'t, F>, Error> {
        let value = self.value.unwrap_or_else(|| R::value(Joined::<F>(&[], &[]), &[]));
        let Some(tape) = self.tape else {
            return Ok(Var::constant(value));
        };
        Var::try_push(tape, R::op(self.store(tape)?), value)
    }

    /// Puts the operands into the pool.
    fn store(&self, tape: &Tape<F>) -> Result<Span, Error> {
        let pending = tape.pending.borrow();
        let ids = &pending[self.base..];
        tape.make_room_for_operands(ids.len())?;
        Ok(tape.append_operands(ids.iter().copied()))
    }
}

impl<F: Scalar> Drop for Fold<'_, F> {
    /// Takes the operands off the stack, also when the iterator panicked.
    fn drop(&mut self) {
        if let Some(tape) = self.tape {
            tape.pending.borrow_mut().truncate(self.base);
        }
    }
}

impl<'t, F: Scalar> std::iter::Sum for Var<'t, F> {
    #[track_caller]
    fn sum<I: Iterator<Item = Self>>(vars: I) -> Self {
        Fold::collect::<rules::Sum>(vars, |a, b| a + b)
    }
}

impl<'a, 't: 'a, F: Scalar> std::iter::Sum<&'a Var<'t, F>> for Var<'t, F> {
    #[track_caller]
    fn sum<I: Iterator<Item = &'a Self>>(vars: I) -> Self {
        vars.copied().sum()
    }
}

impl<'t, F: Scalar> std::iter::Product for Var<'t, F> {
    #[track_caller]
    fn product<I: Iterator<Item = Self>>(vars: I) -> Self {
        Fold::collect::<rules::Product>(vars, |a, b| a * b)
    }
}

impl<'a, 't: 'a, F: Scalar> std::iter::Product<&'a Var<'t, F>> for Var<'t, F> {
    #[track_caller]
    fn product<I: Iterator<Item = &'a Self>>(vars: I) -> Self {
        vars.copied().product()
    }
}
