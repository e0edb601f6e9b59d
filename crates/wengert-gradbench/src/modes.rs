//! Ways to a gradient through wengert's public interface.
//!
//! A mode is an implementation of [`Gradient`] for problems of one number, and of [`Jacobian`] for
//! bundle adjustment. What it needs is made once, by [`gradient`] or [`jacobian`], before the
//! values of the variables are known; each call then takes its variables as they come, and keeps
//! nothing of them.

mod record;
mod team;

use clap::{Args, ValueEnum};
use serde::Serialize;
use wengert_problems::gradbench::{BundleAdjustment, Split};

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
}

impl Mode {
    /// All modes, in the order of tables.
    pub const ALL: [Self; 1] = [Self::Record];

    /// The mode's name in tables, which begins with the library's.
    pub fn tool(self) -> &'static str {
        match self {
            Self::Record => "wengert-record",
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
    P: Split + Send + 'static,
{
    match options.mode {
        Mode::Record => Box::new(record::Record::new(problem, options.threads.into())),
    }
}

/// Jacobians of bundle adjustment.
pub trait Jacobian {
    /// Overwrites `entries`, in the order of [`BundleAdjustment::pattern`].
    fn entries(&mut self, problem: &BundleAdjustment, entries: &mut [f64]);
}

/// Jacobians in the way of `options`.
pub fn jacobian(options: &Options) -> Box<dyn Jacobian> {
    match options.mode {
        Mode::Record => Box::new(record::Observers::new(options.threads.into())),
    }
}

/// The derivative of x ↦ x².
pub fn derivative_of_square(x: f64, options: &Options) -> f64 {
    match options.mode {
        Mode::Record => wengert::gradient(|x| x[0] * x[0], &[x])[0],
    }
}
