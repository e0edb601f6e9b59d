//! The modules: what an input means, and which function of it is asked for.

pub mod ba;
pub mod gmm;
pub mod hello;
pub mod llsq;
pub mod lse;
pub mod lstm;
pub mod ode;
mod scalar;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{failure::Failure, modes::Options, protocol::Evaluation, timing::Stopwatch};

/// A module of GradBench.
#[derive(Debug)]
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What it can be asked for.
    pub functions: &'static [&'static str],
    evaluate: Evaluate,
}

/// What is asked of a module.
#[derive(Clone, Copy, Debug)]
pub struct Request<'m> {
    /// Which of its functions.
    pub function: &'m str,
    /// What it is evaluated at.
    pub input: &'m RawValue,
    /// How gradients are computed.
    pub options: &'m Options,
}

/// Evaluates a function that the module has.
type Evaluate = fn(Request<'_>) -> Result<Evaluation, Failure>;

/// All modules.
pub const ALL: [Module; 7] = [
    Module { name: "hello", functions: &["square", "double"], evaluate: hello::evaluate },
    Module { name: "lse", functions: &["primal", "gradient"], evaluate: lse::evaluate },
    Module { name: "llsq", functions: &["primal", "gradient"], evaluate: llsq::evaluate },
    Module { name: "ode", functions: &["primal", "gradient"], evaluate: ode::evaluate },
    Module { name: "gmm", functions: &["objective", "jacobian"], evaluate: gmm::evaluate },
    Module { name: "lstm", functions: &["objective", "jacobian"], evaluate: lstm::evaluate },
    Module { name: "ba", functions: &["objective", "jacobian"], evaluate: ba::evaluate },
];

/// The module of this name.
///
/// # Errors
///
/// If there is none.
pub fn find(name: &str) -> Result<&'static Module, Failure> {
    let unknown = || Failure::Module {
        given: name.to_owned(),
        known: ALL.map(|module| module.name).join(", "),
    };
    ALL.iter().find(|module| module.name == name).ok_or_else(unknown)
}

impl Module {
    /// Whether the module has a function of this name.
    ///
    /// # Errors
    ///
    /// If it has not.
    pub fn check(&self, function: &str) -> Result<(), Failure> {
        let &Self { name: module, functions, .. } = self;
        let unknown = || Failure::Function { module, given: function.into(), functions };
        functions.contains(&function).then_some(()).ok_or_else(unknown)
    }

    /// Evaluates a function that the module [has](Self::check).
    ///
    /// # Errors
    ///
    /// If the input is not what the module expects, or the output is not finite.
    pub fn evaluate(&self, request: Request<'_>) -> Result<Evaluation, Failure> {
        (self.evaluate)(request)
    }
}

/// An input as the struct that its module reads it into.
fn read<T: DeserializeOwned>(input: &RawValue) -> Result<T, Failure> {
    serde_json::from_str(input.get()).map_err(Failure::Input)
}

/// An output, and how long it took.
fn evaluation(output: impl Serialize, watch: Stopwatch) -> Result<Evaluation, Failure> {
    let output = serde_json::to_value(output).map_err(|_| Failure::NotFinite)?;
    Ok(Evaluation { output, timings: watch.finish() })
}

/// The numbers of `count` rows of `width` numbers each, row by row.
fn flatten(
    what: &'static str,
    rows: &[Vec<f64>],
    count: usize,
    width: usize,
) -> Result<Vec<f64>, Failure> {
    crate::failure::length(what, rows.len(), count)?;
    rows.iter().try_for_each(|row| crate::failure::length(what, row.len(), width))?;
    Ok(rows.concat())
}
