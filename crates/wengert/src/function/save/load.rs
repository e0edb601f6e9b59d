//! What a saved function says is not believed: each step, output and guard is checked before it
//! becomes part of a draft.

use super::form::{Saved, SavedGuard, Steps};
use super::operand::Operand;
use super::{codes, lines, words};
use crate::error::{Place as Where, SavedError};
use crate::function::draft::{Draft, DraftGuard, Place, Source, Step};
use crate::function::opcode::Opcode;
use crate::scalar::Real;
use std::sync::Arc;

/// The most values and constants, and the most operands, that there can be.
const LIMIT: usize = Source::LIMIT - 1;

/// The draft of a saved function.
pub(super) fn load<F: Real>(saved: Saved<F>) -> Result<Draft<F>, SavedError> {
    let numbers = |list: Vec<super::number::Number<F>>| list.into_iter().map(|n| n.0).collect();
    let mut draft = Draft::with_inputs(numbers(saved.variables), numbers(saved.data));
    draft.constants = numbers(saved.constants);
    let mut loader = Loader { draft, operands: 0 };
    loader.check_room()?;
    match &saved.steps {
        Steps::Words(list) => words::read(list, &mut loader)?,
        Steps::Lines(list) => lines::read(list, &mut loader)?,
    }
    loader.outputs(&saved.outputs)?;
    loader.guards(&saved.guards, &saved.files)?;
    Ok(loader.draft)
}

/// A draft that takes only what is right.
pub(super) struct Loader<F> {
    pub(super) draft: Draft<F>,
    /// The operands that wait for their step.
    operands: usize,
}

impl<F: Real> Loader<F> {
    /// The number of steps so far: the position of the next.
    pub(super) fn steps(&self) -> usize {
        self.draft.steps.len()
    }

    /// Takes an operand of the next step, which comes behind its operands.
    pub(super) fn operand(&mut self, opcode: Opcode, given: Operand) -> Result<(), SavedError> {
        let place = Where::Step(self.steps());
        let source = self.source(given, place, takes_sign(opcode, self.operands))?;
        self.draft.operands.push(source);
        self.operands += 1;
        Ok(())
    }

    /// Takes the step of the operands that wait.
    pub(super) fn step(&mut self, opcode: Opcode, exponent: i64) -> Result<(), SavedError> {
        let step = self.steps();
        if let Some(wanted) = wrong_arity(opcode, self.operands) {
            let (operation, given) = (opcode.name(), self.operands);
            return Err(SavedError::Arity { step, operation, given, wanted });
        }
        let given = || SavedError::Exponent { step, given: exponent.to_string() };
        let detail = i32::try_from(exponent).map_err(|_| given())?;
        self.draft.finish(Step { opcode, detail });
        self.operands = 0;
        self.check_room()
    }

    fn check_room(&self) -> Result<(), SavedError> {
        let slots = self.draft.values() + self.draft.constants.len();
        let given = slots.max(self.draft.operands.len());
        if given > LIMIT { Err(SavedError::Full { given, limit: LIMIT }) } else { Ok(()) }
    }

    /// The source that an operand names, if there is one and its sign may stand there.
    fn source(&self, given: Operand, place: Where, signed: bool) -> Result<Source, SavedError> {
        let (values, constants) = (self.draft.values(), self.draft.constants.len());
        let limit = if given.is_constant { constants } else { values };
        let index = usize::try_from(given.index).ok().filter(|&index| index < limit);
        let Some(index) = index else {
            return Err(SavedError::Operand { place, given: given.to_string(), values, constants });
        };
        if given.is_negated && !signed {
            return Err(SavedError::Negated { place, given: given.to_string() });
        }
        let make = if given.is_constant { Source::constant } else { Source::value };
        Ok(make(index).negated_if(given.is_negated))
    }

    fn outputs(&mut self, outputs: &[Operand]) -> Result<(), SavedError> {
        let outputs = outputs.iter().enumerate();
        let sources = outputs.map(|(i, &given)| self.source(given, Where::Output(i), false));
        self.draft.outputs = sources.collect::<Result<_, _>>()?;
        Ok(())
    }

    fn guards(&mut self, guards: &[SavedGuard<F>], files: &[String]) -> Result<(), SavedError> {
        if files.len() > guards.len() {
            let (given, limit) = (files.len(), guards.len());
            return Err(SavedError::Files { given, limit });
        }
        let files: Vec<Arc<str>> = files.iter().map(|file| file.as_str().into()).collect();
        for (position, guard) in guards.iter().enumerate() {
            let guard = self.guard(position, guard, &files)?;
            self.draft.guards.push(guard);
        }
        Ok(())
    }

    fn guard(
        &self,
        position: usize,
        saved: &SavedGuard<F>,
        files: &[Arc<str>],
    ) -> Result<DraftGuard<F>, SavedError> {
        let given = saved.comparison.0;
        let comparison =
            codes::comparison(given).ok_or(SavedError::Comparison { guard: position, given })?;
        let place = Where::Guard(position);
        let [x, y] = saved.operands;
        let operands = [self.source(x, place, false)?, self.source(y, place, false)?];
        let then = (saved.then[0].0, saved.then[1].0);
        let file = files.get(saved.file as usize).ok_or(SavedError::File {
            guard: position,
            given: saved.file,
            limit: files.len(),
        })?;
        let place = Place { file: Arc::clone(file), line: saved.line, column: saved.column };
        Ok(DraftGuard { comparison, operands, then, place })
    }
}

/// Whether the operand at a position can be negated: a term of a sum, or the first factor of one.
fn takes_sign(opcode: Opcode, position: usize) -> bool {
    match opcode {
        Opcode::Sum => true,
        Opcode::Products => position.is_multiple_of(2),
        _ => false,
    }
}

/// What an operation wants instead of so many operands, if it does not take them.
fn wrong_arity(opcode: Opcode, given: usize) -> Option<&'static str> {
    match (opcode.arity(), opcode) {
        (Some(wanted), _) if given != wanted => Some(["1", "1", "2", "3", "4"][wanted]),
        (None, _) if given == 0 => Some("at least 1"),
        (None, Opcode::Products | Opcode::Dot) if !given.is_multiple_of(2) => {
            Some("an even number")
        }
        _ => None,
    }
}
