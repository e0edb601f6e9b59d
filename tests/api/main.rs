//! The public interface from outside, one module a theme.
//!
//! First what the types promise, then what misuse meets, then each part of the library, then
//! properties that hold for every expression, and last what the source may know of itself.

mod expression;
mod support;

mod sizes;

mod active;
mod edges;
mod exhaustion;
mod misuse;
mod ownership;

mod called;
mod checkpointing;
mod listing;
mod parameters;
mod partial;
mod preaccumulated;
mod provenance;
mod reuse;

mod derived;
mod documented;
mod doors;
mod lanes;
mod nested;
mod second_order;
mod sparse;
mod traits;

mod saved;

mod programs;
mod properties;

mod function;

mod batch;

mod scan;

mod layering;

mod packages;
