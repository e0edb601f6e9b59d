//! Ways to a gradient through wengert's public interface.
//!
//! A mode is an implementation of [`Gradient`] for problems of one number, and of [`Jacobian`] for
//! bundle adjustment. What it needs is made once, by [`gradient`] or [`jacobian`], before the
//! values of the variables are known; each call then takes its variables as they come, and keeps
//! nothing of them.
//!
//! | | `record` | `replay` | `batch` | `scan` |
//! |---|---|---|---|---|
//! | lse | records on every call | the whole, recorded once | as `replay` | as `batch` |
//! | llsq | 〃 | 〃 | the term of a row, over all rows | 〃 |
//! | ode | 〃 | 〃 | as `replay` | a step, as a loop |
//! | gmm | 〃 | 〃, samples as data | the term of a sample, over all samples | as `batch` |
//! | lstm | 〃 | 〃, state and sequence as data | as `replay` | a prediction, as a loop |
//! | ba | each observation | an observation, recorded once | an observation, over all of them | as `batch` |
//!
//! With several threads, `record` and `replay` give each a part of a sum, or of the observations,
//! and `batch` lets the threads share each batch. What is a single chain stays with one.

mod batch;
mod observer;
mod problem;
mod record;
mod replay;
mod scan;
mod team;
#[cfg(test)]
mod tests;

use clap::{Args, ValueEnum};
use serde::Serialize;
use wengert::Function;
use wengert_problems::gradbench::BundleAdjustment;

pub use self::{batch::Batchable, problem::Recordable};

/// How gradients are computed.
#[derive(Args, Clone, Debug, Serialize)]
pub struct Options {
    /// How the library is used
    #[arg(long, value_enum, default_value_t = Mode::Record)]
    pub mode: Mode,
    /// How many threads share the terms of a sum
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self { mode: Mode::Record, threads: 1 }
    }
}

/// How the library is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Record the function and sweep, on every call.
    Record,
    /// Record the function once, and replay the recording on every call.
    Replay,
    /// As replay, but where the function is a sum over data, record its term and replay that for
    /// many data side by side.
    Batch,
    /// As batch, but where the function is a chain of like steps, record one and loop over it.
    Scan,
}

impl Mode {
    /// All modes, in the order of tables.
    pub const ALL: [Self; 4] = [Self::Record, Self::Replay, Self::Batch, Self::Scan];

    /// The mode's name in tables, which begins with the library's.
    pub fn tool(self) -> &'static str {
        match self {
            Self::Record => "wengert-record",
            Self::Replay => "wengert-replay",
            Self::Batch => "wengert-batch",
            Self::Scan => "wengert-scan",
        }
    }
}

/// Gradients of one problem.
pub trait Gradient {
    /// Overwrites `gradient` with that at `x`, which is as long.
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]);
}

/// Gradients of `problem` in the way of `options`.
pub fn gradient<P>(problem: &P, options: &Options) -> Box<dyn Gradient>
where
    P: Batchable,
{
    let threads = options.threads.into();
    match options.mode {
        Mode::Record => Box::new(record::Record::new(problem, threads)),
        Mode::Replay => Box::new(replay::Replay::new(problem, threads)),
        Mode::Batch => problem.batch(threads),
        Mode::Scan => problem.scan(threads),
    }
}

/// Jacobians of bundle adjustment.
pub trait Jacobian {
    /// Overwrites `entries`, in the order of [`BundleAdjustment::pattern`].
    fn entries(&mut self, problem: &BundleAdjustment, entries: &mut [f64]);
}

/// Jacobians in the way of `options`.
pub fn jacobian(options: &Options) -> Box<dyn Jacobian> {
    let threads = options.threads.into();
    match options.mode {
        Mode::Record => Box::new(record::observers(threads)),
        Mode::Replay => Box::new(replay::observers(threads)),
        Mode::Batch | Mode::Scan => Box::new(batch::BatchObserver::new(threads)),
    }
}

/// The derivative of x ↦ x².
pub fn derivative_of_square(x: f64, options: &Options) -> f64 {
    match options.mode {
        Mode::Record => wengert::gradient(|x| x[0] * x[0], &[x])[0],
        Mode::Replay | Mode::Batch | Mode::Scan => {
            let square = Function::record(&[replay::ANYWHERE], |x| x[0] * x[0]);
            let mut slope = 0.0;
            let gradient = std::slice::from_mut(&mut slope);
            square.gradient(&mut square.workspace(), &[x], gradient).expect(replay::ON_ITS_PATH);
            slope
        }
    }
}
