//! The sweeps: one loop each over a recording that they can only read.

mod evaluate;
mod forward;
mod reverse;

pub(crate) use evaluate::evaluate;
pub(crate) use forward::forward;
pub(crate) use reverse::reverse;
