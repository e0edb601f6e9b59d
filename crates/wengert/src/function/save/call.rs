//! How a saved function says which operation or function is called.
//!
//! A call has a text: which of an operation's functions is called, for how many inputs of the
//! operation, and its name; of a function of the file, in place of the two, the word `function` and
//! its position among those. A file has it where the operation is called first.

use crate::error::SavedError;
use crate::function::callee::{Callee, callee};
use crate::operation::{Called, Operation, registered};
use crate::scalar::Real;
use std::sync::Arc;

/// Stands where else the number of inputs does.
const FUNCTION: &str = "function";

/// The text of what is called.
pub(super) fn text<F: Real>(called: &Called, functions: &[&Callee<F>]) -> String {
    let (name, role, inputs) = called.saved();
    match callee::<F>(called) {
        None => format!("{role} {inputs} {name}"),
        Some(callee) => {
            let position = functions.iter().position(|known| std::ptr::eq(*known, callee));
            let position = position.expect("the file has all functions that are called");
            format!("{role} {FUNCTION} {position}")
        }
    }
}

/// What a text says is called, from among the operations that the process knows and the functions
/// of the file so far.
pub(super) fn called<F: Real>(
    text: &str,
    step: usize,
    functions: &[Arc<Callee<F>>],
) -> Result<Called, SavedError> {
    let wrong = || SavedError::Call { step, given: text.to_owned() };
    let (role, rest) = text.split_once(' ').ok_or_else(wrong)?;
    let (inputs, name) = rest.split_once(' ').ok_or_else(wrong)?;
    if inputs == FUNCTION {
        let function =
            name.parse().ok().and_then(|at: usize| functions.get(at)).ok_or_else(wrong)?;
        let operation: Arc<dyn Operation> = Arc::<Callee<F>>::clone(function);
        return Called::from_saved(&operation, role, function.inputs()).ok_or_else(wrong);
    }
    let inputs = inputs.parse().map_err(|_| wrong())?;
    let operation =
        registered(name).ok_or_else(|| SavedError::Unregistered { name: name.to_owned() })?;
    Called::from_saved(&operation, role, inputs).ok_or_else(wrong)
}

/// A text as words, its length before its bytes.
pub(super) fn put(words: &mut Vec<u64>, text: &str) {
    words.push(text.len() as u64);
    words.extend(text.bytes().map(u64::from));
}

/// The text that words say.
pub(super) fn take(
    words: &mut impl Iterator<Item = u64>,
    step: usize,
) -> Result<String, SavedError> {
    let cut = || SavedError::Cut { step };
    let length = words.next().ok_or_else(cut)?;
    let mut bytes = Vec::new();
    for _ in 0..length {
        bytes.push(words.next().ok_or_else(cut)?.try_into().map_err(|_| cut())?);
    }
    String::from_utf8(bytes).map_err(|_| cut())
}
