//! Measures wengert against plain functions, hand-written gradients and other engines.
//!
//! ```text
//! cargo bench -p benches                       measure everything
//! cargo bench -p benches -- gradient/wengert   measure what matches
//! cargo bench -p benches -- --test             run everything once
//! cargo run --release -p benches --bin bench-table   put the times into docs/BENCHMARKS.md
//! cargo run --release -p benches --bin peak-memory   print the heap bytes of a gradient
//! cargo run --release -p benches --bin gradbench-memory   count those of [gradbench]'s problems
//! cargo run --release -p benches --bin gradbench-plots    draw the times of these
//! ```
//!
//! The last group of the same binary are the [parts]: a simulation by sweeps down to a mark.
//!
//! Recordings that are evaluated again have a binary of their own, with the groups [replay],
//! [batch] and [call]:
//!
//! ```text
//! cargo bench -p benches --bench functions           measure them
//! cargo run --release -p benches --bin break-even    print when a recording pays for itself
//! cargo run --release -p benches --bin hessians      print what second derivatives take
//! ```
//!
//! Each [engine](engines) is one file with a wrapper around its number and the
//! best door it documents. The [driver] hands every problem to every engine,
//! once it has [checked](check) that the engine's gradient is right.

pub mod batch;
pub mod break_even;
pub mod call;
pub mod check;
pub mod driver;
pub mod engines;
pub mod gradbench;
pub mod parts;
pub mod plot;
pub mod replay;
pub mod table;
