//! Reverse-mode automatic differentiation on an arena-based tape.
//!
//! ```text
//! record ──► store ──► sweep ──► gradients      one evaluation
//!              └────► Function ──► replay       the same recording, many evaluations
//! ```
//!
//! # Installation
//!
//! ```toml
//! [dependencies]
//! wengert = "0.1"
//! wengert-graph = "0.1" # to see what is on a tape
//! ```
//!
//! It needs Rust 1.89 or newer.
//!
//! # A tour
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
//! # Where to begin
//!
//! | for | see |
//! |---|---|
//! | one call for a derivative, with no tape in sight | [`gradient`], [`value_and_gradient`], [`jacobian`], [`value_and_jacobian`], [`vjp`], [`jvp`], [`hessian`], [`hessian_vector_product`], [`value_gradient_and_hessian_vector_product`] |
//! | the same at points of a fixed length, `\|[x, y]\| x * y` | [`array`](mod@array) |
//! | a tape that is used again | [`Tape`], [`Var`], [`Gradients`]; [`Tape::reset`], [`Tape::mark`], [`Tape::rewind`] |
//! | a shared part with many endings, such as the paths of a simulation | [`Tape::pullback_to`] |
//! | a part, an expression or a call as one node | [`Var::preaccumulate`], [`statement!`], [`Function::call`], [`Function::call_as_one`], [`Scan::call`] |
//! | a loop that branches or stops by itself, in bounded memory | [`checkpointing`] |
//! | values that outlive a recording | [`Parameters`], [`parameters`] |
//! | the same function at many points, for a fraction of the price | [`Function`], [`FunctionBuilder`], [`Workspace`]; what became of it, [`optimiser`] |
//! | the same by shared reference, as solvers ask for it | [`Evaluator`](evaluation::Evaluator); of several blocks, one of them differentiated, [`Blocks`](evaluation::Blocks) |
//! | at many points at once | [`Batch`], [`BatchWorkspace`] |
//! | a loop whose step is recorded once, in memory that you bound | [`Scan`], [`scan`] |
//! | branches that the inputs decide | [`select`], [`Condition`], [`FunctionBuilder::record_paths`] |
//! | tangents: forward mode | [`Dual`], [`DualVec`](dual::DualVec), [`Tangents`], [`Tape::pushforward`] |
//! | code that is generic over `num_traits::Float` | [`Var`] for reverse mode, [`Dual`] for forward mode |
//! | a model written once for all numbers | [`Number`] |
//! | numbers of your own, for a library with number traits of its own | [`newtype!`], [`forward!`] |
//! | numbers in structs, in nalgebra's matrices, in closures without lifetimes | [`Active`], [`active`], [`Tape::activate`] |
//! | operations of one's own: solvers, code in other languages | [`custom`], [`Number::call`] |
//! | derivatives inside functions that are differentiated, gradients as functions | [`nested`], [`Function::gradient_function`] |
//! | higher derivatives along a path | [`Taylor`], [`Function::taylor`] |
//! | whether a derivative is right | [`check_gradient`], [`check_hessian`], [`check`] |
//! | to read what was recorded | [`Tape::view`], [`view`], [`OpKind`]; of a function [`Function::trace`], [`trace`] |
//! | what can go wrong | [`Error`] |
//!
//! # Guides
//!
//! - Eight short chapters, from a derivative by hand to what to do when it is wrong or NaN: the crate
//!   [`wengert-guide`](https://docs.rs/wengert-guide), `docs/guide` in the repository.
//! - From micrograd and PyTorch, the notebook cell by cell: the page `from_micrograd` of the crate
//!   `wengert-graph`, which also draws tapes, works the chain rule out, and finds where a NaN came
//!   from.
//! - What is answered at kinks, poles and NaN: `docs/CONVENTIONS.md` in the repository; what cannot
//!   be done: `docs/LIMITS.md`; why it is so: `docs/DESIGN.md`.
//!
//! # Features
//!
//! None is on by default.
//!
//! - `f32`: functions over `f32`, which take half as long again to compile. Tapes and one-call
//!   derivatives of any scalar need no feature.
//! - `nalgebra`, `ndarray`, `approx`: [`Active`] and [`Dual`] as numbers of those libraries.
//! - `rayon`: batches whose work threads share, with the same bits for any number of them.
//! - `serde`: functions and loops saved and loaded, as bytes, as JSON, and in any other format of serde's.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(clippy::undocumented_unsafe_blocks)]

mod checkpoint;
mod index;
mod instructions;
mod ops;

mod record;

mod store;

mod sweep;

mod gradients;

mod function;

pub mod check;
mod derive;
mod drive;
mod error;
mod interop;
pub mod nested;
mod newtype;
mod notation;
mod number;
mod operation;
mod preaccumulate;
mod scalar;
mod taylor;
mod vector;

pub use check::{check_gradient, check_hessian};
pub use drive::{
    array, gradient, hessian, hessian_vector_product, jacobian, jvp, release_memory,
    value_and_gradient, value_and_jacobian, value_gradient_and_hessian_vector_product, vjp,
};
pub use error::Error;
pub use function::{
    Batch, BatchWorkspace, DualWorkspace, Function, FunctionBuilder, Inputs, Mode, Optimise,
    Pattern, Scan, VectorAs, Workspace,
};
pub use gradients::{Gradients, Tangents};
#[doc(hidden)]
pub use newtype::__private;
pub use number::Number;
pub use ops::OpKind;
pub use record::{Active, Condition, Parameters, Var, active, select};
pub use scalar::{Dual, Real, Scalar};
pub use store::{Mark, NodeId, Tape};
pub use taylor::Taylor;

/// What belongs to numbers without a lifetime ([`Active`]): their tape ([`Tape::activate`]), the
/// other closures over them, and the traits of what closures return and of what gradients are read by.
pub mod numbers {
    pub use crate::{
        gradients::Variable,
        record::{ActiveTape, Outputs, active_array, active_with_data},
    };
}

/// Dual numbers of several directions ([`DualVec`](dual::DualVec)), which [`Var::statement`]
/// computes with.
pub mod dual {
    pub use crate::scalar::DualVec;
    #[doc(hidden)] // for `statement!`, which cannot know whether the program has num-traits
    pub use num_traits::Float;
}

/// What adapters to other libraries want of a [`Function`]: evaluation by shared reference
/// ([`evaluation::Evaluator`]), and an argument in blocks of which one is differentiated
/// ([`evaluation::Blocks`]).
pub mod evaluation {
    pub use crate::function::{Blocks, Evaluator, Pool};
}

/// Loops of closures on a tape, swept from checkpoints: as long as they like, in as little memory
/// as they are given.
pub mod checkpointing {
    pub use crate::drive::{Checkpointing, LoopGradient, Step};
}

/// Operations that are not made of the library's own: what they give ([`custom::Operation`]), how they
/// are called ([`Number::call`]), and how saved functions find them ([`custom::register`]).
pub mod custom {
    pub use crate::operation::{
        Batched, Failure, Forward, Operation, Saving, SecondOrder, register,
    };
}

/// What the optimiser of a [`Function`] did, pass by pass: [`Function::report`].
pub mod optimiser {
    pub use crate::function::{OptimiserReport, Pass, PassReport};
}

/// What belongs to [`Parameters`]: their names, and their variables on a tape.
pub mod parameters {
    pub use crate::record::{ParameterId, ParameterVars};
}

/// What belongs to a [`Scan`]: how its step is recorded ([`Scan::builder`]), and the memory of its
/// evaluations ([`Scan::workspace`]).
pub mod scan {
    pub use crate::function::{ScanBatchWorkspace, ScanBuilder, ScanEnd, ScanStep, ScanWorkspace};
}

/// One evaluation of a [`Function`] to be looked at, operation by operation:
/// [`Function::trace`].
pub mod trace {
    pub use crate::function::{Trace, TraceGuard, TraceOperand, TraceOperation, TraceSource};
}

/// A recording as it is read: nodes and their operands ([`Tape::view`]), scopes
/// ([`Tape::scope`]), counts ([`Tape::stats`]), and what is worth knowing of it.
pub mod view {
    pub use crate::store::{
        Argument, NodeView, Note, NoteKind, ScopeGuard, ScopeId, Stats, TapeView,
    };
}

/// An expression of variables as one node: [`Var::statement`] of what is
/// written once, `statement!(|x, y| (x - y).exp())`, where `x` and `y` are variables that are in
/// scope. With brackets around several expressions the results are an array.
///
/// The methods of `num_traits::Float` and of [`Number`] can be used.
///
/// # Example: log-sum-exp with one node a term
/// ```
/// use wengert::{Tape, Var, statement};
/// let tape = Tape::new();
/// let x = tape.var_array([1.0, 2.0, 3.0]);
/// let largest = x[2];
/// let terms = x.iter().map(|&x| statement!(|x, largest| (x - largest).exp()));
/// let y = largest + terms.sum::<Var>().ln();
/// assert_eq!(tape.len(), 3 + 3 + 3);
/// assert!((y.gradients().wrt(&x).iter().sum::<f64>() - 1.0).abs() < 1e-15);
/// ```
///
/// # Example: two results
/// ```
/// use wengert::{Tape, statement};
/// let tape = Tape::new();
/// let [r, t] = tape.var_array([2.0, 0.0]);
/// let [x, y] = statement!(|r, t| [r * t.cos(), r * t.sin()]);
/// assert_eq!((x.value(), y.value()), (2.0, 0.0));
/// assert_eq!((x.gradients()[r], y.gradients()[t]), (1.0, 2.0));
/// ```
#[macro_export]
macro_rules! statement {
    (|$($x:ident),+ $(,)?| [$($result:expr),+ $(,)?]) => {
        $crate::Var::statement(
            [$($x),+],
            |[$($x),+]| {
                #[allow(unused_imports, reason = "the expression may be of operators alone")]
                use $crate::dual::Float as _;
                [$($result),+]
            },
            |[$($x),+]| [$($result),+],
        )
    };
    (|$($x:ident),+ $(,)?| $result:expr) => {{
        let [result] = $crate::statement!(|$($x),+| [$result]);
        result
    }};
}
