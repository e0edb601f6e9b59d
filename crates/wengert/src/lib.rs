//! Reverse-mode automatic differentiation on an arena-based tape.
//!
//! ```text
//! record ──► store ──► sweep ──► gradients      one evaluation
//!              └────► Function ──► replay       the same recording, many evaluations
//! ```
//!
//! # The journey
//!
//! ```
//! use wengert::Tape;
//!
//! // Record: variables overload arithmetic, and each operation appends a node to the tape.
//! let mut tape = Tape::new();
//! let [x1, x2] = tape.var_array([2.0, 0.0]);
//! let [w1, w2, b] = tape.var_array([-3.0, 1.0, 6.8814]);
//! let n = x1 * w1 + x2 * w2 + b;
//! let o = n.tanh();
//! assert!((o.value() - 0.70712).abs() < 1e-5);
//!
//! // Store: the recording can be looked at.
//! assert_eq!(tape.len(), 10);
//! assert!(tape.to_string().starts_with("n0 = input ; 2\n"));
//!
//! // Sweep: one loop back over the nodes gives every derivative at once.
//! let gradients = o.gradients();
//!
//! // Gradients: read by variable, of inputs and of everything in between.
//! assert!((gradients[x1] - -1.49994).abs() < 1e-5);
//! assert_eq!(gradients[w2], 0.0);
//! assert_eq!(gradients[n], gradients[b]);
//!
//! // Again: the memory is kept, so that the next recording allocates nothing.
//! tape.reset();
//! let x = tape.var(1.0);
//! assert_eq!((2.0 * x).gradients()[x], 2.0);
//!
//! // Record once, evaluate many times: at one point, or over a batch of samples that share
//! // variables and have data of their own.
//! use wengert::{Batch, Function};
//! let loss = Function::builder().data(&[0.0]).record_with_data(&[1.0], |w, t| {
//!     (w[0] - t[0]).powi(2)
//! });
//! let mut gradient = [0.0];
//! let value = loss.value_and_gradient(&mut loss.workspace(), (&[5.0], &[2.0]), &mut gradient)?;
//! assert_eq!((value, gradient), (9.0, [6.0]));
//!
//! let batch = Batch::new(3).shared_variables(&[5.0]).data(&[2.0, 3.0, 4.0]);
//! let mut workspace = loss.batch_workspace();
//! let sum = loss.batch_gradient(&mut workspace, &batch, &mut gradient, &mut [])?;
//! assert_eq!((sum, gradient), (14.0, [12.0]));
//! # Ok::<(), wengert::Error>(())
//! ```
//!
//! # Doors
//!
//! - One call, with no tape in sight: [`gradient`], [`value_and_gradient`], [`jacobian`],
//!   [`vjp`], [`jvp`], [`hessian`], [`hessian_vector_product`].
//! - A tape that is used again: [`Tape::reset`], [`Tape::mark`] and [`Tape::rewind`], with
//!   [`Parameters`] that outlive it and [`Gradients`] that keep their memory.
//! - The same function at many points: [`Function`], for a fraction of the price of recording
//!   anew; [`Batch`] for many points at once, with the feature `rayon` on many threads. Where a
//!   branch flips it returns an error, or records the other path
//!   ([`FunctionBuilder::record_paths`]). With the feature `serde` it is saved and loaded, by
//!   `Function::to_bytes`, `from_bytes` and JSON.
//! - Code that is generic over `num_traits::Float` differentiates as it is, with [`Var`] for
//!   reverse mode or [`Dual`] for forward mode.
//! - Doubts: [`check_gradient`].
//!
//! What the library answers at kinks, poles and NaN stands in `docs/CONVENTIONS.md`.

#![forbid(clippy::undocumented_unsafe_blocks)]

mod ops;

mod record;

mod store;

mod sweep;

mod gradients;

mod function;

mod check;
mod drive;
mod error;
mod notation;
mod scalar;
mod vector;

pub use check::{InputReport, Report, check_gradient};
pub use drive::{
    gradient, hessian, hessian_vector_product, jacobian, jvp, value_and_gradient, vjp,
};
pub use error::Error;
pub use function::{
    Batch, BatchWorkspace, DualWorkspace, Function, FunctionBuilder, Inputs, Optimise,
    OptimiserReport, Pass, PassReport, Trace, TraceGuard, TraceOperand, TraceOperation,
    TraceSource, Workspace,
};
pub use gradients::{Gradients, Tangents};
pub use ops::OpKind;
pub use record::{Condition, ParameterId, ParameterVars, Parameters, Var, select};
pub use scalar::{Dual, Real, Scalar};
pub use store::{Argument, Mark, NodeId, NodeView, ScopeGuard, ScopeId, Stats, Tape, TapeView};
