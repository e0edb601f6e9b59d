//! Expressions: from text to a program, and from a program to a recording.
//!
//! A program is an arena like the tape: terms in the order in which they are computed, each
//! naming only terms above it. So recording and printing are loops.

mod builder;
mod constant;
mod error;
mod function;
mod hint;
mod layout;
mod lexer;
mod parse;
mod print;
mod program;
mod record;
mod token;

pub use error::{Error, Span, shorten};
pub use function::{FUNCTIONS, Function, Shape};
pub use program::{Definition, Program};
pub use record::{Evaluation, Recorded};

// What is generated is not for reading, and follows none of our habits.
lalrpop_util::lalrpop_mod!(
    #[allow(clippy::all, missing_docs, missing_debug_implementations, unreachable_pub)]
    #[allow(rust_2018_idioms, unused_imports)]
    #[rustfmt::skip]
    grammar,
    "/expression/grammar.rs"
);
