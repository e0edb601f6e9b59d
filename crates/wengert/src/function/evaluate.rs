//! What callers ask of a function: values, derivatives of first and second order, and the memory
//! they need.

pub(in crate::function) mod blocks;
mod compressed;
pub(in crate::function) mod directions;
pub(in crate::function) mod doors;
pub(in crate::function) mod evaluator;
pub(in crate::function) mod guards;
pub(in crate::function) mod inputs;
mod point;
mod second_order;
pub(in crate::function) mod workspace;
