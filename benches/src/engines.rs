//! The engines, one file each, and what the driver asks of them.

#[macro_use]
mod newtype;

mod aad;
mod echidna;
mod replayer;
mod reverse;
mod wengert;

use wengert_problems::{
    Problem,
    gradbench::{BundleAdjustment, OBSERVATION},
};

pub use self::echidna::Bytecode;
pub use self::replayer::{Replay, Replayer};

/// Something that records an evaluation of `P` and sweeps over the recording.
///
/// The problem is a parameter of the trait and not of its method, so that the
/// engines for one problem fit in one list of `dyn Engine<P>`.
pub trait Engine<P: Problem> {
    /// The name in benchmark ids and tables.
    fn name(&self) -> &'static str;

    /// Records `problem` at `x` and shows the recording to `then`.
    ///
    /// The recording is handed down and not returned because it borrows the
    /// tape, which most engines keep from one call to the next.
    fn record(&mut self, problem: &P, x: &[f64], then: &mut dyn FnMut(&mut dyn Recording));
}

/// An evaluation on a tape.
pub trait Recording {
    /// The value that was computed while recording.
    fn value(&self) -> f64;

    /// Overwrites `gradient` with the derivatives by all variables.
    fn sweep(&mut self, gradient: &mut [f64]);
}

/// The name of the engine that all others are compared with.
pub const SUBJECT: &str = "wengert";
/// The same with single operations only.
pub const SINGLE: &str = "wengert-single";
/// The name of the function in floats, as if it were an engine.
pub const PLAIN: &str = "plain-f64";
/// The name of the hand-written gradient, as if it were an engine.
pub const HAND_WRITTEN: &str = "hand-written";

/// The gradient by recording once and sweeping once: what a user pays for each.
pub fn gradient<P: Problem>(
    engine: &mut dyn Engine<P>,
    problem: &P,
    x: &[f64],
    gradient: &mut [f64],
) {
    engine.record(problem, x, &mut |recording| recording.sweep(gradient));
}

/// The engine that all others are compared with.
pub fn subject<P: Problem>() -> Box<dyn Engine<P>> {
    Box::new(wengert::Wengert::default())
}

/// All engines. The problem's number of operations is told to those whose
/// tapes cannot be used again and should at least be allocated in one piece.
pub fn all<P: Problem + 'static>(operations: usize) -> Vec<Box<dyn Engine<P>>> {
    let mut engines: Vec<Box<dyn Engine<P>>> =
        vec![subject(), Box::new(wengert::Fresh), Box::new(wengert::Single::default())];
    engines.extend(RIVALS.map(|rival| rival.engine(operations)));
    engines
}

/// An engine that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rival {
    /// The crate `echidna`.
    Echidna,
    /// The crate `reverse`.
    Reverse,
    /// The crate `aad`.
    Aad,
}

/// All of them, in the order of tables.
pub const RIVALS: [Rival; 3] = [Rival::Echidna, Rival::Reverse, Rival::Aad];

impl Rival {
    /// The name in benchmark ids and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Echidna => "echidna",
            Self::Reverse => "reverse",
            Self::Aad => "aad",
        }
    }

    /// The engine for a problem with this number of operations.
    pub fn engine<P: Problem>(self, operations: usize) -> Box<dyn Engine<P>> {
        match self {
            Self::Echidna => Box::new(echidna::Echidna::default()),
            Self::Reverse => Box::new(reverse::Reverse::default()),
            Self::Aad => Box::new(aad::Aad::new(operations)),
        }
    }

    /// The engine for observations with this number of operations each.
    pub fn observer(self, operations: usize) -> Box<dyn Observer> {
        match self {
            Self::Echidna => Box::new(echidna::Echidna::default()),
            Self::Reverse => Box::new(reverse::Reverse::default()),
            Self::Aad => Box::new(aad::Aad::new(operations)),
        }
    }
}

/// The slopes of an observation's three residuals.
pub type Rows = [[f64; OBSERVATION]; 3];

/// Something that records an observation of bundle adjustment, and sweeps from each residual.
pub trait Observer {
    /// Overwrites `rows` with the slopes of observation `i`.
    fn observe(&mut self, problem: &BundleAdjustment, i: usize, rows: &mut Rows);
}
