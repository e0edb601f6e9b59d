//! From a closure to a draft: the closure recorded on a tape, and the tape lowered; and the other
//! paths of a function that records them.

pub(in crate::function) mod builder;
pub(in crate::function) mod lower;
pub(in crate::function) mod paths;
