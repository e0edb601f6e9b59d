//! What can be wrong with a message.

use thiserror::Error;

/// Why a message has no better answer.
#[derive(Debug, Error)]
pub enum Failure {
    /// The line is no message.
    #[error("not a message: {0}")]
    Message(#[source] serde_json::Error),
    /// A message lacks what its kind needs.
    #[error("a message of kind `{kind}` needs `{field}`")]
    Field {
        /// The kind of the message.
        kind: &'static str,
        /// What it needs.
        field: &'static str,
    },
    /// There is no such module.
    #[error("there is no module `{given}`; there are {known}")]
    Module {
        /// What was asked for.
        given: String,
        /// The names of those that there are.
        known: String,
    },
    /// The module has no such function.
    #[error("the module `{module}` has no function `{given}`; it has {}", .functions.join(", "))]
    Function {
        /// The module.
        module: &'static str,
        /// What it was asked for.
        given: String,
        /// What it has.
        functions: &'static [&'static str],
    },
    /// The input is not what the module expects.
    #[error("the input cannot be read: {0}")]
    Input(#[source] serde_json::Error),
    /// A list of the input has another length than its numbers say.
    #[error("{what}: {given} given, {wanted} wanted")]
    Length {
        /// Of what.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A number of the input is out of bounds.
    #[error("{what} is {given}, and should be from {least} to {most}")]
    Range {
        /// Which number.
        what: &'static str,
        /// What it is.
        given: f64,
        /// What it is at least.
        least: f64,
        /// What it is at most.
        most: f64,
    },
    /// JSON has no word for it.
    #[error("the output is not finite, which JSON cannot say")]
    NotFinite,
    /// The evaluation panicked; the panic itself is on standard error.
    #[error("the evaluation panicked: {0}")]
    Panic(String),
}

/// Whether a list has the wanted length.
pub(crate) fn length(what: &'static str, given: usize, wanted: usize) -> Result<(), Failure> {
    if given == wanted { Ok(()) } else { Err(Failure::Length { what, given, wanted }) }
}

/// Whether a number is in bounds.
pub(crate) fn range(what: &'static str, given: usize, bounds: [usize; 2]) -> Result<(), Failure> {
    let [least, most] = bounds;
    if (least..=most).contains(&given) {
        return Ok(());
    }
    let [given, least, most] = [given, least, most].map(|number| number as f64);
    Err(Failure::Range { what, given, least, most })
}

/// Whether all numbers are finite.
pub(crate) fn finite(numbers: &[f64]) -> Result<(), Failure> {
    if numbers.iter().all(|number| number.is_finite()) { Ok(()) } else { Err(Failure::NotFinite) }
}
