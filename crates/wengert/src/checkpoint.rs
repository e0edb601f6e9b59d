//! Which states of a loop are kept as checkpoints, so that its steps can be swept from the last to
//! the first.

mod online;
mod schedule;

pub(crate) use online::Online;
pub(crate) use schedule::{Action, Schedule, advances};
