//! The interpreter: a program's values from its first instruction to the last, and the adjoints
//! back.

pub(in crate::function) mod call;
mod evaluations;
pub(in crate::function) mod forward;
mod one_by_one;
mod packs;
mod reverse;
pub(in crate::function) mod space;
pub(in crate::function) mod steps;
mod streams;
mod terms;
mod vectors;
