//! The engines that evaluate one recording again and again.

use wengert::Optimise;
use wengert_problems::Problem;

use super::{Bytecode, wengert::Replayed};

/// A recording that is evaluated again, with the memory that this takes.
pub trait Replay {
    /// The value at `x`; overwrites `gradient` with the derivatives by all variables.
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64;
}

/// An engine whose recordings are evaluated again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayer {
    /// wengert's `Function`.
    Optimised,
    /// The same without any pass of its optimiser.
    AsRecorded,
    /// echidna's `BytecodeTape`, optimised.
    Echidna,
}

impl Replayer {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Optimised, Self::AsRecorded, Self::Echidna];

    /// The name in benchmark ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Optimised => "wengert-replay",
            Self::AsRecorded => "wengert-replay-as-recorded",
            Self::Echidna => "echidna-replay",
        }
    }

    /// Records `problem` at its point.
    pub fn record<P: Problem>(self, problem: &P) -> Box<dyn Replay> {
        match self {
            Self::Optimised => Box::new(Replayed::record(problem, Optimise::all())),
            Self::AsRecorded => Box::new(Replayed::record(problem, Optimise::none())),
            Self::Echidna => Box::new(Bytecode::record(problem)),
        }
    }
}
