//! The ways to a sum over samples.

use crate::engines::{HAND_WRITTEN, PLAIN};

/// A way to the sum, or to the sum and its gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The sum in floats, with what the terms have in common computed once.
    Plain,
    /// The sum in floats, with all of each term computed for each: what the recorded term does.
    PlainEach,
    /// The gradient as somebody who knows the function writes it.
    HandWritten,
    /// The recorded term's gradient, evaluated at one sample after the other.
    ReplayEach,
    /// The recorded term's values, in a batch.
    BatchValues,
    /// The sum and its gradient by a batch, on one thread.
    BatchGradient,
    /// The same on two threads.
    TwoThreads,
}

/// Returns the sum, and overwrites a gradient if the way has one.
pub(super) type Run<'r> = Box<dyn FnMut(&mut [f64]) -> f64 + 'r>;

impl Way {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::PlainEach,
        Self::HandWritten,
        Self::ReplayEach,
        Self::BatchValues,
        Self::BatchGradient,
        Self::TwoThreads,
    ];

    /// The name in benchmark ids and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => PLAIN,
            Self::PlainEach => "plain-each",
            Self::HandWritten => HAND_WRITTEN,
            Self::ReplayEach => "replay-each",
            Self::BatchValues => "batch-values",
            Self::BatchGradient => "batch-gradient",
            Self::TwoThreads => "batch-gradient-2-threads",
        }
    }

    /// Whether it has a gradient.
    pub fn is_gradient(self) -> bool {
        !matches!(self, Self::Plain | Self::PlainEach | Self::BatchValues)
    }
}
