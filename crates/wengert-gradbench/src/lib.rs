//! A tool for GradBench, where differentiation tools are compared.
//!
//! An evaluation program writes one JSON message a line to the tool's standard input, and reads
//! one line back for each:
//!
//! ```text
//! bytes ──► protocol ──► session ──► modules ──► modes ──► wengert
//! ```
//!
//! The [protocol] is what messages and answers look like. A [session] answers one after the
//! other, and outlives whatever is wrong with one. A [module](modules) knows what an input means;
//! a [mode](modes) knows how to use wengert, and nothing of JSON, so that benchmarks measure the
//! same code. [Timing](timing) runs an evaluation as often as the message asks.
//!
//! # Example: a gradient
//! ```
//! use wengert_gradbench::{modes::Options, session::Session};
//!
//! let session = Session::new(Options::default());
//! let message = r#"{"id":7,"kind":"evaluate","module":"hello","function":"double","input":3}"#;
//! let answer = session.answer(message.as_bytes()).to_string();
//! assert!(answer.starts_with(r#"{"id":7,"success":true,"output":6.0,"#));
//! ```

pub mod failure;
pub mod modes;
pub mod modules;
pub mod protocol;
pub mod session;
pub mod timing;
