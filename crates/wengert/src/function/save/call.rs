//! How a saved function says which operation or function is called.
//!
//! A call has a text: which of an operation's functions is called, for how many inputs of the
//! operation, and its name; of a function of the file, in place of the two, the word `function` and
//! its position among those; of a loop the word `loop`, the numbers of its steps, of their shared
//! variables and of the state, the position of the step function, and whether the final state is
//! handed out (`state`), sums are (`sums`) or what an `end` gives, with that function's position. A
//! file has it where the operation is called first.

use crate::error::SavedError;
use crate::function::callee::Callee;
use crate::function::known::Known;
use crate::function::scan::called::Looped;
use crate::operation::{Called, Operation, registered};
use crate::scalar::Real;
use std::sync::Arc;

/// Stands where else the number of inputs does.
const FUNCTION: &str = "function";
const LOOP: &str = "loop";

/// The text of what is called.
pub(super) fn text<F: Real>(called: &Called, functions: &[&Callee<F>]) -> String {
    let (name, role, inputs) = called.saved();
    let place = |callee: &Callee<F>| {
        let place = functions.iter().position(|known| std::ptr::eq(*known, callee));
        place.expect("the file has all functions that are called")
    };
    match Known::<F>::of(called) {
        None => format!("{role} {inputs} {name}"),
        Some(Known::Function(callee)) => format!("{role} {FUNCTION} {}", place(callee)),
        Some(Known::Loop(looped)) => {
            let ([steps, shared, state], step) = (looped.cut(), place(looped.step()));
            let outputs = match looped.end() {
                Some(end) => format!("end {}", place(end)),
                None if looped.is_summed() => "sums".to_owned(),
                None => "state".to_owned(),
            };
            format!("{role} {LOOP} {steps} {shared} {state} {step} {outputs}")
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
        let function = function(name, functions).ok_or_else(wrong)?;
        let inputs = function.inputs();
        let operation: Arc<dyn Operation> = function;
        return Called::from_saved(&operation, role, inputs).ok_or_else(wrong);
    }
    if inputs == LOOP {
        let looped = looped(name, functions).ok_or_else(wrong)?;
        let inputs = looped.inputs();
        let operation: Arc<dyn Operation> = Arc::new(looped);
        return Called::from_saved(&operation, role, inputs).ok_or_else(wrong);
    }
    let inputs = inputs.parse().map_err(|_| wrong())?;
    let operation =
        registered(name).ok_or_else(|| SavedError::Unregistered { name: name.to_owned() })?;
    Called::from_saved(&operation, role, inputs).ok_or_else(wrong)
}

/// The function at a position.
fn function<F: Real>(position: &str, functions: &[Arc<Callee<F>>]) -> Option<Arc<Callee<F>>> {
    functions.get(position.parse::<usize>().ok()?).cloned()
}

/// The loop that words say.
fn looped<F: Real>(words: &str, functions: &[Arc<Callee<F>>]) -> Option<Looped<F>> {
    let words: Vec<&str> = words.split(' ').collect();
    let [steps, shared, state, step, outputs @ ..] = &words[..] else { return None };
    let (is_summed, end) = match outputs {
        ["state"] => (false, None),
        ["sums"] => (true, None),
        ["end", end] => (false, Some(function(end, functions)?)),
        _ => return None,
    };
    let cut = [shared.parse().ok()?, state.parse().ok()?];
    let step = function(step, functions)?;
    let looped = Looped::of(step, end, cut, is_summed, steps.parse().ok()?).ok()?;
    looped.can_be_one().then_some(looped)
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
