//! What is compared.

use wengert_gradbench::modes::{Mode, Options};

use crate::engines::{HAND_WRITTEN, PLAIN, RIVALS, Rival};

/// A way to the function or to its derivatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The function in floats, which all times are a multiple of.
    Plain,
    /// The derivatives as somebody who knows the function writes them.
    HandWritten,
    /// wengert, in one of its modes.
    Wengert(Mode),
    /// Another engine, at its best door.
    Rival(Rival),
}

impl Tool {
    /// All tools, in the order of tables.
    pub fn all() -> Vec<Self> {
        let modes = Mode::ALL.map(Self::Wengert);
        let rivals = RIVALS.map(Self::Rival);
        [&[Self::Plain, Self::HandWritten], &modes[..], &rivals].concat()
    }

    /// The name in benchmark ids and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => PLAIN,
            Self::HandWritten => HAND_WRITTEN,
            Self::Wengert(mode) => mode.tool(),
            Self::Rival(rival) => rival.name(),
        }
    }
}

/// One thread in this mode.
pub(super) fn alone(mode: Mode) -> Options {
    Options { mode, threads: 1 }
}
