//! A loop is its steps one after another.
//!
//! First some loops, each with the same computation written flat. Then values and derivatives
//! against those, the same bits in whatever memory, the memory itself, guards with the step at
//! which they fail, numbers that are lost, batches, files, calls, and misuse.

mod loops;

mod agreement;
mod batch;
mod budget;
mod called;
mod calls;
mod ends;
mod guards;
mod jacobians;
mod lost;
mod memory;
mod misuse;
mod saved;
