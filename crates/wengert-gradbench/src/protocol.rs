//! Messages and answers.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use crate::{failure::Failure, modes::Options, timing::Timing};

/// A line from the evaluation program, as far as a tool needs to understand it.
#[derive(Debug, Deserialize)]
pub struct Message<'m> {
    /// What is to be done.
    #[serde(default)]
    pub kind: String,
    /// The module that is defined or evaluated.
    pub module: Option<String>,
    /// The function that is evaluated.
    pub function: Option<String>,
    /// What it is evaluated at, for the module to read.
    #[serde(borrow)]
    pub input: Option<&'m RawValue>,
}

/// The part of a message that every answer repeats.
#[derive(Debug, Deserialize)]
struct Identified {
    id: i64,
}

/// The number of a message, and the message or what is wrong with it.
///
/// A message that cannot be understood may still have a number to answer to.
pub fn read(line: &[u8]) -> (Option<i64>, Result<Message<'_>, Failure>) {
    match serde_json::from_slice::<Identified>(line) {
        Ok(Identified { id }) => (Some(id), message(line)),
        Err(error) => (None, Err(Failure::Message(error))),
    }
}

fn message(line: &[u8]) -> Result<Message<'_>, Failure> {
    serde_json::from_slice(line).map_err(Failure::Message)
}

/// A line to the evaluation program. It displays as JSON.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The number of the message; null where the message had none.
    pub id: Option<i64>,
    /// The rest.
    #[serde(flatten)]
    pub content: Content,
}

/// What an answer says beside the number of the message.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// To `start`.
    Start {
        /// The name of the tool.
        tool: &'static str,
        /// How it is set.
        config: Options,
    },
    /// To `define`, of a module that is there.
    Defined {
        /// True.
        success: True,
    },
    /// To `evaluate`.
    Evaluated {
        /// True.
        success: True,
        /// The function's value, and how long it took.
        #[serde(flatten)]
        evaluation: Evaluation,
    },
    /// To what cannot be done.
    Failed {
        /// False.
        success: False,
        /// Why.
        error: String,
    },
    /// To everything else.
    Nothing {},
}

/// The value of a function, and how long it took.
#[derive(Debug, Serialize)]
pub struct Evaluation {
    /// The value.
    pub output: Value,
    /// One timing for each run.
    pub timings: Vec<Timing>,
}

/// `true`, and nothing else.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(into = "bool")]
pub struct True;

/// `false`, and nothing else.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(into = "bool")]
pub struct False;

impl From<True> for bool {
    fn from(True: True) -> bool {
        true
    }
}

impl From<False> for bool {
    fn from(False: False) -> bool {
        false
    }
}

impl From<Failure> for Content {
    fn from(failure: Failure) -> Self {
        Self::Failed { success: False, error: failure.to_string() }
    }
}

impl From<Evaluation> for Content {
    fn from(evaluation: Evaluation) -> Self {
        Self::Evaluated { success: True, evaluation }
    }
}

impl fmt::Display for Answer {
    /// Writes the answer as JSON in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}
