//! The sweeps: one loop each over a recording that they can only read.

mod evaluate;
mod forward;
mod lanes;
mod lift;
mod reverse;

pub(crate) use forward::forward;
pub(crate) use lanes::{LANES, forward_lanes, reverse_lanes};
pub(crate) use lift::Lifted;
pub(crate) use reverse::reverse;
