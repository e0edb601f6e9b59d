//! How a saved function says which operation of a user's is called.
//!
//! A call has a text: the name of the operation, which of its functions is called, and for how many
//! inputs of the operation. A file has it where the operation is called first.

use crate::error::SavedError;
use crate::operation::{Called, registered};

/// The text of what is called.
pub(super) fn text(called: &Called) -> String {
    let (name, role, inputs) = called.saved();
    format!("{role} {inputs} {name}")
}

/// What a text says is called, from among the operations that the process knows.
pub(super) fn called(text: &str, step: usize) -> Result<Called, SavedError> {
    let wrong = || SavedError::Call { step, given: text.to_owned() };
    let (role, rest) = text.split_once(' ').ok_or_else(wrong)?;
    let (inputs, name) = rest.split_once(' ').ok_or_else(wrong)?;
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
