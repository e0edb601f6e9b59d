//! What a saved function says is not believed: each step, output and guard is checked before it
//! becomes part of a draft.

use super::form::{Saved, SavedGuard, Steps};
use super::loader::Loader;
use super::operand::Operand;
use super::{codes, lines, words};
use crate::error::{Place as Where, SavedError};
use crate::function::draft::{Draft, DraftGuard, Place};
use crate::scalar::Real;
use std::sync::Arc;

/// The draft of a saved function.
pub(super) fn load<F: Real>(saved: Saved<F>) -> Result<Draft<F>, SavedError> {
    let numbers = |list: Vec<super::number::Number<F>>| list.into_iter().map(|n| n.0).collect();
    let mut draft = Draft::with_inputs(numbers(saved.variables), numbers(saved.data));
    draft.constants = numbers(saved.constants);
    let mut loader = Loader::of(draft);
    loader.check_room()?;
    match &saved.steps {
        Steps::Words(list) => words::read(list, &mut loader)?,
        Steps::Lines(list) => lines::read(list, &mut loader)?,
    }
    loader.outputs(&saved.outputs)?;
    loader.guards(&saved.guards, &saved.files)?;
    Ok(loader.draft)
}

/// What a file holds beside the steps.
impl<F: Real> Loader<F> {
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
