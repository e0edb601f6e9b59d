//! The sweeps: one loop each over a recording that they can only read.

mod evaluate;
mod forward;
mod lift;
mod reverse;

pub(crate) use forward::forward;
pub(crate) use lift::Lifted;
pub(crate) use reverse::reverse;
