//! Many evaluations at once are the evaluations one by one.
//!
//! First the oracle: each sample by itself, and the tree in which sums are taken, written plainly.
//! Then programs and every operation against it, batches of every shape, threads, numbers that
//! are lost, guards, misuse, and memory.

mod oracle;

mod agreement;
mod operations;
mod shapes;

mod threads;

mod guards;
mod lost;

mod memory;
mod misuse;
