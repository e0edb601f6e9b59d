//! Loops that outlive the process that recorded them: the step function, and how it is cut.

use super::Scan;
use crate::error::{Error, SavedError};
use crate::function::Function;
use crate::scalar::Real;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a file of bytes begins.
const MAGIC: [u8; 4] = *b"wgsc";

/// The version that is written and read. The step function has a version of its own.
const VERSION: u32 = 1;

/// What a file holds, of which the step is a [`Function`] or, to be read for itself, nothing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved<S, E> {
    scan: Head,
    shared: u64,
    state: u64,
    is_summed: Outputs<E>,
    step: S,
}

/// What the outputs are: in a format for people whether they are summed, or the function behind the
/// last step; else a number, which of the first two is that of a truth value.
enum Outputs<S> {
    OfSteps,
    Sums,
    End(S),
}

/// The same as formats have it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Text<S> {
    IsSummed(bool),
    End(S),
}

#[derive(Serialize, Deserialize)]
enum Coded<S> {
    OfSteps,
    Sums,
    End(S),
}

impl<S: Serialize> Serialize for Outputs<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        match (self, serializer.is_human_readable()) {
            (Self::OfSteps, true) => Text::<&S>::IsSummed(false).serialize(serializer),
            (Self::Sums, true) => Text::<&S>::IsSummed(true).serialize(serializer),
            (Self::End(end), true) => Text::End(end).serialize(serializer),
            (Self::OfSteps, false) => Coded::<&S>::OfSteps.serialize(serializer),
            (Self::Sums, false) => Coded::<&S>::Sums.serialize(serializer),
            (Self::End(end), false) => Coded::End(end).serialize(serializer),
        }
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for Outputs<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return Ok(match Text::deserialize(deserializer)? {
                Text::IsSummed(false) => Self::OfSteps,
                Text::IsSummed(true) => Self::Sums,
                Text::End(end) => Self::End(end),
            });
        }
        Ok(match Coded::deserialize(deserializer)? {
            Coded::OfSteps => Self::OfSteps,
            Coded::Sums => Self::Sums,
            Coded::End(end) => Self::End(end),
        })
    }
}

/// What tells a file of a loop: in a format for people the version, else with [`MAGIC`] before it.
struct Head;

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            VERSION.serialize(serializer)
        } else {
            (MAGIC, VERSION).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (magic, version) = if deserializer.is_human_readable() {
            (MAGIC, u32::deserialize(deserializer)?)
        } else {
            Deserialize::deserialize(deserializer)?
        };
        check(magic, version).map(|()| Self).map_err(D::Error::custom)
    }
}

fn check(magic: [u8; 4], given: u32) -> Result<(), SavedError> {
    match given {
        _ if magic != MAGIC => Err(SavedError::NoLoop),
        VERSION => Ok(()),
        given => Err(SavedError::Version { given, oldest: VERSION, newest: VERSION }),
    }
}

fn form(error: impl std::fmt::Display) -> Error {
    SavedError::Form { reason: error.to_string() }.into()
}

/// Saving and loading, with the feature `serde`, as of a [`Function`]: what is saved is the step
/// function, and which of its variables are shared and which are the state. A loaded loop gives the
/// same values and gradients as the saved one, to the last bit, on the same version of the library.
impl<F: Real> Scan<F> {
    /// The loop in a compact form: a few bytes for each operation of its step.
    ///
    /// # Complexity
    /// Linear in the operations and operands of the step.
    ///
    /// # Example
    /// ```
    /// use wengert::Scan;
    /// let halving = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let loaded = Scan::from_bytes(&halving.to_bytes())?;
    /// assert_eq!(loaded.value(&mut loaded.workspace(3), 3, &[8.0])?, 1.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("lists in memory know their lengths")
    }

    /// The loop that [`Scan::to_bytes`] saved.
    ///
    /// # Errors
    /// If the bytes are damaged, cut off, or no saved loop; if it is of another version or of
    /// another scalar. [`Error::is_saved`] holds, but for a step function that is none.
    ///
    /// # Example
    /// ```
    /// let error = wengert::Scan::<f64>::from_bytes(b"what is this?").unwrap_err();
    /// assert!(error.is_saved());
    /// let text = "these bytes are no saved loop: give what `Scan::to_bytes` returned";
    /// assert_eq!(error.to_string(), text);
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let ((magic, version), _) = postcard::take_from_bytes(bytes).map_err(form)?;
        check(magic, version)?;
        let (cut, step) =
            postcard::take_from_bytes::<Saved<(), Function<F>>>(bytes).map_err(form)?;
        let Saved { scan, shared, state, is_summed, step: () } = cut;
        let step = Function::from_bytes(step)?;
        Self::cut(Saved { scan, shared, state, is_summed, step })
    }

    /// The loop in JSON, for people.
    ///
    /// # Complexity
    /// Linear in the operations and operands of the step.
    ///
    /// # Example
    /// ```
    /// use wengert::Scan;
    /// let halving = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let json = halving.to_json();
    /// assert!(json.starts_with(r#"{"scan":1,"shared":0,"state":1,"is_summed":false,"step":{"#));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("names are texts, and a string takes any text")
    }

    /// The loop that [`Scan::to_json`] saved.
    ///
    /// # Errors
    /// As [`Scan::from_bytes`].
    ///
    /// # Example
    /// ```
    /// use wengert::Scan;
    /// let halving = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let loaded = Scan::<f64>::from_json(&halving.to_json())?;
    /// assert_eq!(loaded.value(&mut loaded.workspace(3), 3, &[8.0])?, 1.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn from_json(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(form)
    }

    fn cut(saved: Saved<Function<F>, Function<F>>) -> Result<Self, Error> {
        let Saved { shared, state, is_summed, step, .. } = saved;
        // A number that no memory holds is refused as too large for the step.
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let scan = Self::of(step, count(shared), count(state), matches!(is_summed, Outputs::Sums))?;
        match is_summed {
            Outputs::End(end) => scan.with_end(end),
            _ => Ok(scan),
        }
    }
}

/// As [`Scan::to_json`] where the format is for people, and as [`Scan::to_bytes`] else.
impl<F: Real> Serialize for Scan<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (shared, state) = (self.shape.shared as u64, self.shape.state as u64);
        let is_summed = match &self.end {
            Some(end) => Outputs::End(end),
            None if self.shape.is_summed => Outputs::Sums,
            None => Outputs::OfSteps,
        };
        Saved { scan: Head, shared, state, is_summed, step: &self.step }.serialize(serializer)
    }
}

/// As [`Scan::from_json`] and [`Scan::from_bytes`], with the error in the format's own words.
impl<'de, F: Real> Deserialize<'de> for Scan<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::cut(Saved::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
