//! A small language of expressions, recorded on a tape: what the `wengert` command reads.
//!
//! ```text
//! text ──► parse ──► Program ──► record ──► Tape, as any other recording
//! ```
//!
//! ```
//! use wengert::Tape;
//! use wengert_cli::Program;
//!
//! let program = Program::parse("n = x*w + b; tanh(n)")?;
//! assert_eq!(program.inputs(), ["x", "w", "b"]);
//!
//! let tape = Tape::new();
//! let inputs = tape.vars(&[2.0, -3.0, 6.5]);
//! let recorded = program.record(&inputs)?;
//! let gradients = recorded.output().gradients();
//! assert_eq!(recorded.output().value(), 0.5_f64.tanh());
//! assert_eq!(gradients[inputs[0]], -3.0 * gradients[inputs[2]]);
//! # Ok::<(), wengert_cli::Error>(())
//! ```
//!
//! # The language
//!
//! - Statements are parted by `;`, or by the end of a line. Each but the last one defines a
//!   name: `n = x*w + b`. A name that is not defined is an input. `#` begins a comment.
//! - `+ - * / %` and `^`, from the weakest to the strongest, with the sign between `*` and `^`:
//!   `-x^2` is `-(x^2)`. `^` groups from the right.
//! - The engine's operations by their names, [`FUNCTIONS`]: `tanh(n)`, `sum(x, y, z)`,
//!   `dot([x, y], [v, w])`.
//! - The constants `e`, `pi` or `π`, `tau` or `τ`, `inf` or `∞`.
//! - The last statement can be a list of outputs, `[x*y, sin(x)]`, and inputs can be vectors:
//!   [`Program::parse_with_vectors`].
//! - What people write beside that, `2x`, `sin x`, `x²`, `|x|`, `√x`, follows rules that the
//!   crate's README lists. What is read in two ways is refused.
//!
//! Nothing recurses, neither in reading nor in recording: how deep an expression may nest is
//! bounded by its length alone, which is [`Program::LONGEST`].

mod expression;

/// How an [`Error`] is drawn: with colour or without.
pub use annotate_snippets::Renderer;
pub use expression::{
    Definition, Error, Evaluation, FUNCTIONS, Function, Program, Recorded, Shape, Span, shorten,
};
