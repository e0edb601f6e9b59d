//! Functions that outlive the process that recorded them.
//!
//! Saved is the list of operations, not the packed program: the form of a program may change with
//! every version of the library, and what a packed program says could not be checked without
//! repeating its making. Loading checks the list, and assembles it as if it had been recorded.

mod call;
mod codes;
mod form;
mod lines;
mod load;
mod loader;
mod number;
mod operand;
mod words;

use crate::error::{Error, SavedError};
use crate::function::draft::report::OptimiserReport;
use crate::function::program::decode::decode;
use crate::function::{Function, Policy};
use crate::scalar::{Concrete, Real};
use form::{Head, Saved, Version};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Saving and loading, with the feature `serde`.
///
/// What is saved is what the function computes: its operations as the optimiser left them, the
/// point of the recording, and its guards with the lines of the program that made them. A closure
/// cannot be saved: of a function made by
/// [`record_paths`](crate::FunctionBuilder::record_paths) it is the path first recorded, and the
/// loaded function returns an error where that does not hold.
///
/// A loaded function gives the same values and gradients as the saved one, to the last bit, on
/// the same version of the library. Every number keeps its bits: signed zeros, infinities and the
/// payloads of NaN.
///
/// Nothing in a file is believed. Whatever the bytes are, loading returns a function or an error;
/// it allocates a bounded multiple of the file's length, and so do the function's workspaces.
impl<F: Real> Function<F> {
    /// The function in a compact form: a few bytes for each operation.
    ///
    /// # Complexity
    /// Linear in the operations and operands.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let f = Function::record(&[1.0, 2.0], |x| (x[0] * x[1]).sin());
    /// let bytes = f.to_bytes();
    /// assert!(bytes.len() < 50);
    /// let loaded = Function::from_bytes(&bytes)?;
    /// let point = [3.0, 4.0];
    /// assert_eq!(loaded.value(&mut loaded.workspace(), &point), f.value(&mut f.workspace(), &point));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("lists in memory know their lengths")
    }

    /// The function that [`Function::to_bytes`] saved.
    ///
    /// # Errors
    /// If the bytes are damaged, cut off, or no saved function; if it is of another version or
    /// of another scalar. [`Error::is_saved`] holds.
    ///
    /// # Example
    #[cfg_attr(feature = "f32", doc = "```")]
    #[cfg_attr(not(feature = "f32"), doc = "```ignore")]
    /// use wengert::Function;
    /// let bytes = Function::record(&[1.0], |x| x[0].sin()).to_bytes();
    /// let error = Function::<f32>::from_bytes(&bytes).unwrap_err();
    /// assert!(error.is_saved());
    /// assert!(error.to_string().contains("computes with \"f64\", wanted is \"f32\""));
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (version, _) = postcard::take_from_bytes::<Version>(bytes).map_err(form)?;
        version.check()?;
        let (head, _) = postcard::take_from_bytes(bytes).map_err(form)?;
        check::<F>(&head)?;
        let (saved, rest) = postcard::take_from_bytes(bytes).map_err(form)?;
        match rest.len() {
            0 => Self::load(saved),
            given => Err(SavedError::Trailing { given }.into()),
        }
    }

    /// The function in JSON, for people: operations by name, numbers as texts that keep them
    /// exactly.
    ///
    /// # Complexity
    /// Linear in the operations and operands.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[0.5], |x| x[0].sin() * 2.0);
    /// let json = f.to_json();
    /// assert!(json.contains(r#""constants":["2.0"],"steps":["v1 = sin v0","v2 = mul v1 c0"]"#));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("names are texts, and a string takes any text")
    }

    /// The function that [`Function::to_json`] saved.
    ///
    /// # Errors
    /// As [`Function::from_bytes`].
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let json = Function::record(&[0.5], |x| x[0].sin()).to_json();
    /// let sine = Function::<f64>::from_json(&json)?;
    /// assert_eq!(sine.value(&mut sine.workspace(), &[0.0])?, 0.0);
    ///
    /// let error = Function::<f64>::from_json(&json.replace("v0", "v7")).unwrap_err();
    /// assert!(error.to_string().starts_with("step 0 uses `v7`, where there are 1 values"));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn from_json(json: &str) -> Result<Self, Error> {
        check::<F>(&serde_json::from_str(json).map_err(form)?)?;
        Self::load(serde_json::from_str(json).map_err(form)?)
    }

    fn load(saved: Saved<F>) -> Result<Self, Error> {
        let policy = if saved.ignores_guards { Policy::Ignore } else { Policy::Error };
        let draft = load::load(saved)?;
        let report = OptimiserReport::of_loaded(&draft);
        Self::assemble(&draft, report, policy)
    }
}

/// Whether a file can be read, and as this scalar.
fn check<F: Real>(head: &Head) -> Result<(), SavedError> {
    head.wengert.check()?;
    check_scalar::<F>(&head.scalar)
}

fn check_scalar<F: Real>(given: &str) -> Result<(), SavedError> {
    if given == F::NAME {
        Ok(())
    } else {
        Err(SavedError::Scalar { given: given.to_owned(), wanted: F::NAME })
    }
}

fn form(error: impl std::fmt::Display) -> Error {
    SavedError::Form { reason: error.to_string() }.into()
}

/// As [`Function::to_json`] where the format is for people, and as [`Function::to_bytes`] else.
impl<F: Real> Serialize for Function<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ignores_guards = self.policy == Policy::Ignore;
        let is_human_readable = serializer.is_human_readable();
        Saved::of(&decode(&self.program), ignores_guards, is_human_readable).serialize(serializer)
    }
}

/// As [`Function::from_json`] and [`Function::from_bytes`], with the error in the format's own
/// words.
impl<'de, F: Real> Deserialize<'de> for Function<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = Saved::deserialize(deserializer)?;
        check_scalar::<F>(&saved.scalar).map_err(D::Error::custom)?;
        Self::load(saved).map_err(D::Error::custom)
    }
}
