//! What can be wrong with a saved function.

use std::fmt;

/// Why a saved function was not loaded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SavedError {
    /// It is cut off, or no text or bytes of the format at all.
    Form {
        reason: String,
    },
    Foreign,
    /// No loop.
    NoLoop,
    Version {
        given: u32,
        oldest: u32,
        newest: u32,
    },
    Scalar {
        given: String,
        wanted: &'static str,
    },
    Trailing {
        given: usize,
    },
    Operation {
        step: usize,
        given: String,
    },
    /// The list ends within a step.
    Cut {
        step: usize,
    },
    /// The line of a step does not begin with the name of its result.
    Result {
        step: usize,
        given: String,
        wanted: String,
    },
    Exponent {
        step: usize,
        given: String,
    },
    Arity {
        step: usize,
        operation: &'static str,
        given: usize,
        wanted: &'static str,
    },
    /// What is written where an operand should be.
    NoOperand {
        step: usize,
        given: String,
    },
    Operand {
        place: Place,
        given: String,
        values: usize,
        constants: usize,
    },
    Negated {
        place: Place,
        given: String,
    },
    Comparison {
        guard: usize,
        given: u64,
    },
    File {
        guard: usize,
        given: u32,
        limit: usize,
    },
    Files {
        given: usize,
        limit: usize,
    },
    /// An operation of a user's that nobody registered.
    Unregistered {
        name: String,
    },
    /// Of a user's operation, which is called as it cannot be.
    Call {
        step: usize,
        given: String,
    },
    /// Of functions that call functions.
    Depth {
        given: usize,
        limit: usize,
    },
    Full {
        given: usize,
        limit: usize,
    },
}

/// Where in a saved function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Step(usize),
    Output(usize),
    Guard(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(position) => write!(f, "step {position}"),
            Self::Output(position) => write!(f, "output {position}"),
            Self::Guard(position) => write!(f, "guard {position}"),
        }
    }
}

impl std::error::Error for SavedError {}

impl fmt::Display for SavedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form { reason } => write!(
                f,
                "the saved function cannot be read: {reason}: it is damaged or cut off, save it \
                 again"
            ),
            Self::Foreign => f.write_str(
                "these bytes are no saved function: give what `Function::to_bytes` returned",
            ),
            Self::NoLoop => {
                f.write_str("these bytes are no saved loop: give what `Scan::to_bytes` returned")
            }
            Self::Version { given, oldest, newest } => write!(
                f,
                "the saved function has version {given}, this library reads versions {oldest} to \
                 {newest}: load it with the version of the library that saved it, or a newer one"
            ),
            Self::Scalar { given, wanted } => write!(
                f,
                "the saved function computes with {given:?}, wanted is {wanted:?}: load it as a \
                 `Function` of its own scalar"
            ),
            Self::Trailing { given } => {
                write!(f, "{given} bytes follow the saved function: pass only what belongs to it")
            }
            Self::Unregistered { name } => write!(
                f,
                "the saved function calls the operation `{name}`, which nobody registered: give it \
                 to `custom::register` before loading"
            ),
            _ => {
                self.content(f)?;
                f.write_str(": the saved function is damaged, save it again")
            }
        }
    }
}

impl SavedError {
    /// What is wrong with what it says, when it can be read.
    fn content(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation { step, given } => {
                write!(f, "step {step} is {given}, which is no operation of this version")
            }
            Self::Cut { step } => write!(f, "step {step} ends before its last operand"),
            Self::Result { step, given, wanted } => {
                write!(f, "step {step} begins with `{given}`, wanted is `{wanted} = `")
            }
            Self::Exponent { step, given } => {
                write!(f, "the exponent of step {step} is {given}, not an integer of 32 bits")
            }
            Self::Arity { step, operation, given, wanted } => {
                write!(f, "step {step}, `{operation}`, has {given} operands, wanted is {wanted}")
            }
            Self::NoOperand { step, given } => {
                write!(f, "step {step} has `{given}`, which is no operand")
            }
            Self::Operand { place, given, values, constants } => write!(
                f,
                "{place} uses `{given}`, where there are {values} values and {constants} constants"
            ),
            Self::Negated { place, given } => {
                write!(f, "{place} uses `{given}`, where no such sign can stand")
            }
            Self::Comparison { guard, given } => {
                write!(f, "guard {guard} has the comparison {given}, which there is not")
            }
            Self::File { guard, given, limit } => {
                write!(f, "guard {guard} names file {given}, there are {limit}")
            }
            Self::Files { given, limit } => {
                write!(f, "there are {given} files for {limit} guards")
            }
            Self::Call { step, given } => {
                write!(f, "step {step} is {given}, which is no call of an operation that is known")
            }
            Self::Depth { given, limit } => {
                write!(
                    f,
                    "functions lie {given} calls deep in each other, they can lie {limit} deep"
                )
            }
            Self::Full { given, limit } => {
                write!(f, "there are {given} operations and operands, a function can have {limit}")
            }
            _ => Ok(()),
        }
    }
}
