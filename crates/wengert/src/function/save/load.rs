//! What a saved function says is not believed: each step, output and guard is checked before it
//! becomes part of a draft.

use super::form::{Saved, SavedCallee, SavedGuard, Steps};
use super::loader::Loader;
use super::number::Number;
use super::operand::{Mark, Operand};
use super::{codes, lines, words};
use crate::error::{Error, Place as Where, SavedError};
use crate::function::callee::Callee;
use crate::function::draft::{Draft, DraftGuard, Place, Source};
use crate::function::known::{self, DEEPEST, depth};
use crate::scalar::Real;
use std::sync::Arc;

/// The draft of a saved function.
///
/// # Errors
/// If something is wrong with it, or a function that it calls is larger than memory.
pub(super) fn load<F: Real>(saved: Saved<F>) -> Result<Draft<F>, Error> {
    let mut functions = Vec::new();
    for function in saved.functions {
        functions.push(callee(function, &functions)?);
    }
    let mut draft = Draft::with_inputs(numbers(saved.variables), numbers(saved.data));
    draft.constants = numbers(saved.constants);
    let mut loader = Loader::of(draft, &functions);
    loader.read(&saved.steps, &saved.outputs)?;
    loader.guards(&saved.guards, &saved.files)?;
    Ok(loader.draft)
}

/// A function that is called, which may call those before it.
fn callee<F: Real>(
    saved: SavedCallee<F>,
    functions: &[Arc<Callee<F>>],
) -> Result<Arc<Callee<F>>, Error> {
    let mut draft = Draft::with_inputs(numbers(saved.variables), Vec::new());
    draft.constants = numbers(saved.constants);
    let mut loader = Loader::of(draft, functions);
    loader.read(&saved.steps, &saved.outputs)?;
    let given = depth::<F>(&loader.draft.calls) + 1;
    if given > DEEPEST {
        return Err(SavedError::Depth { given, limit: DEEPEST }.into());
    }
    let callee = known::callee(&saved.name.into(), &loader.draft)?;
    // Each could call the one before it twice, and a short file take years.
    let (given, limit) = (callee.operations(), Source::LIMIT);
    if given > limit {
        return Err(SavedError::Full { given, limit }.into());
    }
    Ok(Arc::new(callee))
}

fn numbers<F>(list: Vec<Number<F>>) -> Vec<F> {
    list.into_iter().map(|number| number.0).collect()
}

/// What a file holds beside the steps.
impl<F: Real> Loader<'_, F> {
    fn read(&mut self, steps: &Steps, outputs: &[Operand]) -> Result<(), SavedError> {
        self.check_room()?;
        match steps {
            Steps::Words(list) => words::read(list, self)?,
            Steps::Lines(list) => lines::read(list, self)?,
        }
        self.outputs(outputs)
    }

    fn outputs(&mut self, outputs: &[Operand]) -> Result<(), SavedError> {
        let outputs = outputs.iter().enumerate();
        let sources = outputs.map(|(i, &given)| self.source(given, Where::Output(i), Mark::None));
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
        let operands = [self.source(x, place, Mark::None)?, self.source(y, place, Mark::None)?];
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
