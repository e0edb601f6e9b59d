//! A function recorded once and evaluated many times.
//!
//! First whether it computes what the tape computes, at ordinary points and at those where
//! floats are special; then what it says where a branch flips or a slice is too short; then its
//! memory; and last recordings so large that every way of packing them occurs.

pub(crate) mod program;
pub(crate) mod support;

mod agreement;
mod directions;
mod patterns;
mod second_order;
mod special;

mod exponentials;
mod fused;
mod optimiser;

mod decisions;
mod guards;
mod paths;

mod memory;
mod misuse;
mod notes;
mod recordings;
mod shared;

mod large;
