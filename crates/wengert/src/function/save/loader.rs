//! Steps as they are taken from a file: nothing is believed.

use super::operand::{Mark, Operand};
use crate::error::{Place as Where, SavedError};
use crate::function::callee::Callee;
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::Opcode;
use crate::operation::Called;
use crate::ops::Which;
use crate::scalar::Real;
use std::sync::Arc;

/// The most values and constants, and the most operands, that there can be.
const LIMIT: usize = Source::LIMIT - 1;

/// A draft that takes only what is right.
pub(super) struct Loader<'f, F: Real> {
    pub(super) draft: Draft<F>,
    /// The functions that may be called.
    pub(super) functions: &'f [Arc<Callee<F>>],
    /// What lines of text say is called, each once.
    pub(super) texts: Vec<String>,
    /// The operands that wait for their step.
    operands: usize,
}

impl<'f, F: Real> Loader<'f, F> {
    /// Goes on from a draft that has no steps yet.
    pub(super) fn of(draft: Draft<F>, functions: &'f [Arc<Callee<F>>]) -> Self {
        Self { draft, functions, texts: Vec::new(), operands: 0 }
    }

    /// The number of steps so far: the position of the next.
    pub(super) fn steps(&self) -> usize {
        self.draft.steps.len()
    }

    /// What can stand before the next operand.
    pub(super) const fn mark(&self, opcode: Opcode) -> Mark {
        Mark::at(opcode, self.operands)
    }

    /// Takes an operand of the next step, which comes behind its operands.
    pub(super) fn operand(&mut self, opcode: Opcode, given: Operand) -> Result<(), SavedError> {
        let place = Where::Step(self.steps());
        let source = self.source(given, place, self.mark(opcode))?;
        self.draft.operands.push(source);
        self.operands += 1;
        Ok(())
    }

    /// Takes the step of the operands that wait.
    pub(super) fn step(&mut self, opcode: Opcode, detail: i64) -> Result<(), SavedError> {
        let step = self.steps();
        if let Some(wanted) = wrong_arity(opcode, self.operands) {
            let (operation, given) = (opcode.name(), self.operands);
            return Err(SavedError::Arity { step, operation, given, wanted });
        }
        let given = || SavedError::Exponent { step, given: detail.to_string() };
        let detail = i32::try_from(detail).map_err(|_| given())?;
        if opcode.is_of_call() && !self.fits_a_call(opcode, detail) {
            return Err(SavedError::Call { step, given: format!("`{}` {detail}", opcode.name()) });
        }
        if opcode == Opcode::Derivative {
            Which::by_rules();
        }
        self.draft.finish(Step { opcode, detail });
        self.operands = 0;
        self.check_room()
    }

    /// Whether the operands that wait are those of a call, or the call of an output.
    fn fits_a_call(&self, opcode: Opcode, detail: i32) -> bool {
        let draft = &self.draft;
        let called = |number: i32| draft.calls.get(usize::try_from(number).ok()?);
        if opcode == Opcode::Call {
            return called(detail).is_some_and(|called| called.inputs() == self.operands);
        }
        let step =
            draft.operands.last().and_then(|call| call.as_value()?.checked_sub(draft.inputs()));
        let call = step.map(|step| draft.steps[step]).filter(|call| call.opcode == Opcode::Call);
        let outputs = call.and_then(|call| called(call.detail)).map_or(0, Called::outputs);
        self.operands == 1 && usize::try_from(detail).is_ok_and(|position| position < outputs)
    }

    pub(super) fn check_room(&self) -> Result<(), SavedError> {
        let slots = self.draft.values() + self.draft.constants.len();
        let given = slots.max(self.draft.operands.len());
        if given > LIMIT { Err(SavedError::Full { given, limit: LIMIT }) } else { Ok(()) }
    }

    /// The source that an operand names, if there is one and its mark is what can stand there.
    pub(super) fn source(
        &self,
        given: Operand,
        place: Where,
        mark: Mark,
    ) -> Result<Source, SavedError> {
        let (values, constants) = (self.draft.values(), self.draft.constants.len());
        let limit = if given.is_constant { constants } else { values };
        let index = usize::try_from(given.index).ok().filter(|&index| index < limit);
        let Some(index) = index else {
            return Err(SavedError::Operand { place, given: given.to_string(), values, constants });
        };
        if given.mark != Mark::None && given.mark != mark {
            return Err(SavedError::Negated { place, given: given.to_string() });
        }
        let make = if given.is_constant { Source::constant } else { Source::value };
        Ok(make(index).negated_if(given.mark != Mark::None))
    }
}

/// What an operation wants instead of so many operands, if it does not take them.
fn wrong_arity(opcode: Opcode, given: usize) -> Option<&'static str> {
    match (opcode.arity(), opcode) {
        (Some(wanted), _) if given != wanted => Some(["1", "1", "2", "3", "4"][wanted]),
        // What a call takes its operation tells.
        (None, Opcode::Call) => None,
        (None, _) if given == 0 => Some("at least 1"),
        (None, Opcode::Products | Opcode::Chains | Opcode::Dot) if !given.is_multiple_of(2) => {
            Some("an even number")
        }
        _ => None,
    }
}
