//! Lists of numbers as the operands of one node, read where they are.

use super::{Active, Opened};
use crate::error::expect;
use crate::ops::{Joined, Nary, NaryOp, Op, Operands, rules};
use crate::record::reductions::weighted;
use crate::scalar::Real;
use crate::store::{Session, Tape};

impl<F: Real> Operands<F> for &[Active<F>] {
    #[inline(always)]
    fn len(self) -> usize {
        <[Active<F>]>::len(self)
    }
    #[inline(always)]
    fn at(self, i: usize) -> F {
        self[i].value
    }
    #[inline(always)]
    fn iter(self) -> impl Iterator<Item = F> {
        <[Active<F>]>::iter(self).map(|number| number.value)
    }
    #[inline(always)]
    fn split(self, at: usize) -> (impl Operands<F>, impl Operands<F>) {
        self.split_at(at)
    }
}

impl<F: Real> Joined<'_, Active<F>> {
    /// The session of all, where none is a constant and none of another: most often so.
    #[inline]
    pub(super) fn session(self) -> Option<Session> {
        let Self(first, second) = self;
        let session = first.first()?.session?;
        let is_here = |number: &Active<F>| number.session == Some(session);
        (first.iter().all(is_here) && second.iter().all(is_here)).then_some(session)
    }

    /// Appends the node of rule `R` to the tape of their session.
    #[inline]
    #[track_caller]
    pub(super) fn record<R: NaryOp>(self, session: Session) -> Active<F> {
        // PERF: one list is walked faster than two that may be joined.
        let value = if self.1.is_empty() { R::value(self.0, &[]) } else { R::value(self, &[]) };
        let opened = Opened::of(Some(session));
        let tape = opened.tape().expect("a session has a tape");
        expect(tape.make_room_for_operands(self.len()));
        let operands = match self {
            Self(numbers, []) => tape.append_operands(numbers.iter().map(|number| number.index)),
            _ => tape.append_operands(self.items().map(|number| number.index)),
        };
        push(tape, session, R::op(operands), value)
    }

    /// Appends the node of a linear combination of the first list.
    #[inline]
    #[track_caller]
    pub(super) fn record_weighted(self, session: Session, coefficients: &[F]) -> Active<F> {
        let value = rules::LinearCombination::value(self.0, coefficients);
        let opened = Opened::of(Some(session));
        let tape = opened.tape().expect("a session has a tape");
        expect(tape.make_room_for_operands(self.0.len()));
        let operands = tape.append_operands(self.0.iter().map(|number| number.index));
        let coefficients = expect(tape.try_coefficients(coefficients));
        push(tape, session, weighted(operands, coefficients), value)
    }
}

#[inline(always)]
#[track_caller]
fn push<F: Real>(tape: &Tape<F>, session: Session, op: Op<F>, value: F) -> Active<F> {
    Active { session: Some(session), index: tape.push(op, value), value }
}
