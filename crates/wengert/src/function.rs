//! Record once, evaluate many times.
//!
//! ```text
//! closure ──record──► tape ──lower──► draft ──optimise──► draft ──assemble──► program ──► replay
//! ```
//!
//! A closure is recorded on a tape that notes its comparisons. The recording becomes a *draft*,
//! which the optimiser makes smaller; the draft becomes a *program*, a packed stream of
//! instructions; and the program is evaluated, forward and in reverse, one point or several at a
//! time, in the memory of a workspace.

mod batch;
mod call;
mod callee;
mod capture;
mod compiled;
mod derive;
mod draft;
mod element;
mod evaluate;
mod interrupt;
mod known;
mod linear;
mod opcode;
mod pattern;
mod pool;
mod program;
mod replay;
#[cfg(feature = "serde")]
mod save;
mod scan;
mod taylor;
mod trace;

pub use batch::{Batch, BatchWorkspace};
pub use capture::builder::FunctionBuilder;
pub use derive::VectorAs;
pub use draft::optimise::Optimise;
pub use draft::report::{OptimiserReport, Pass, PassReport};
pub use evaluate::blocks::Blocks;
pub use evaluate::directions::Mode;
pub use evaluate::evaluator::Evaluator;
pub use evaluate::inputs::Inputs;
pub use evaluate::workspace::{DualWorkspace, Workspace};
pub use pattern::Pattern;
pub use pool::Pool;
pub use scan::{Scan, ScanBatchWorkspace, ScanBuilder, ScanEnd, ScanStep, ScanWorkspace};
pub use trace::{Trace, TraceGuard, TraceOperand, TraceOperation, TraceSource};

use crate::error::Error;
use crate::instructions::Arch;
use crate::record::Var;
use crate::scalar::Real;
use capture::paths::Paths;
use draft::Draft;
use known::{Calling, callees};
use program::Program;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A recording that is evaluated again and again: at other points, with all derivatives, on any
/// thread, for a fraction of the price of recording it anew.
///
/// The closure is called once; then its operations are optimised and packed. What the closure
/// *decided* by comparing variables is kept too: an evaluation at which a comparison comes out
/// differently returns an error that names it, never a number of the wrong branch
/// ([`FunctionBuilder::record_paths`] records the other branch instead). `min`, `max`, `abs`,
/// `clamp` and [`select`](crate::select) are no decisions, and follow the inputs. What the
/// closure reads by [`Var::value`] becomes part of the recording unseen, and inputs or
/// [`Parameters`](crate::Parameters) that it records itself are constants of it.
///
/// Elementary functions are computed by the library's own vector code, at most 2 units in the
/// last place from the exact value; so results agree with those of a tape closely, and with each
/// other (one by one, in batches, optimised or not) to the last bit wherever the order of
/// operations is the same.
///
/// # Complexity
/// Recording and optimising cost as much as some two to thirteen gradients by tape. A value and a
/// gradient together cost 1.3 to 8 times the plain function on the five problems of
/// `docs/BENCHMARKS.md`, and more where the compiler vectorises the plain function: up to 62 times
/// on GradBench's, where a [`Batch`] is the remedy. The program takes at most the bytes of the recording;
/// working memory is all in a [`Workspace`].
///
/// # Which door costs what
/// In evaluations (E), reverse sweeps (S), derivatives of each operation (D), and passes that
/// multiply and add, along one direction or eight (P); of n variables, m outputs and c colours:
///
/// | wanted | door | costs |
/// |---|---|---|
/// | values | [`value`](Function::value), [`values`](Function::values) | E |
/// | gradient, vᵀJ | [`gradient`](Function::gradient), [`vjp`](Function::vjp) | E + S |
/// | Jv | [`jvp`](Function::jvp) | E + D + P |
/// | several vᵀJ or Jv | [`vjp_many`](Function::vjp_many), [`jvp_many`](Function::jvp_many) | E + D + P for every eight |
/// | Jacobian | [`jacobian`](Function::jacobian) | E + m S |
/// | | [`jacobian_in_lanes`](Function::jacobian_in_lanes) | E + D + P for every eight of min(n, m) |
/// | Hv | [`hessian_vector_product`](Function::hessian_vector_product) | E + D + S + 2 P |
/// | Hessian, of a weighted sum too | [`hessian`](Function::hessian), [`weighted_hessian`](Function::weighted_hessian) | E + D + S + 2 P for every eight of n |
/// | sparse Jacobian, Hessian | the crate `wengert-sparse` | the same for every eight of c |
/// | Jv or Hv at many points | [`jvp_function`](Function::jvp_function), as a [`Batch`] | E of a function three to four times as long, sixteen points at once |
/// | a derivative that is evaluated very often, or differentiated | [`gradient_function`](Function::gradient_function) and its like | E of a function three to four times as long |
/// | derivatives up to order k along a line | [`taylor`](Function::taylor) | k² products for each operation |
///
/// # Example
/// ```
/// use wengert::Function;
/// let f = Function::record(&[1.0, 2.0], |x| (x[0] * x[1]).sin() + x[0]);
/// let mut workspace = f.workspace();
/// let mut gradient = [0.0; 2];
/// let value = f.value_and_gradient(&mut workspace, &[0.0, 3.0], &mut gradient)?;
/// assert_eq!((value, gradient), (0.0, [4.0, 0.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Function<F: Real = f64> {
    identity: u64,
    program: Arc<Program<F>>,
    report: Arc<OptimiserReport>,
    policy: Policy,
    /// Other paths, of a function that records them.
    paths: Option<Arc<Paths<F>>>,
    arch: Arch,
    name: Arc<str>,
    /// How others call it, made when one does first: such that a sweep computes again what is
    /// inside, and such that it does not.
    calling: Arc<[OnceLock<Calling<F>>; 2]>,
    /// Working memory of calls on tapes, which clones share; boxed, as it moves twice a call.
    spare: Arc<Pool<Box<Workspace<F>>>>,
}

/// What becomes of an evaluation at which a comparison comes out differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    /// It returns an error.
    Error,
    /// It follows, or records, the other path.
    Rerecord,
    /// It goes on.
    Ignore,
}

/// What a function is called that nobody named.
const UNNAMED: &str = "function";

/// The next function's identity, or path's.
static IDENTITIES: AtomicU64 = AtomicU64::new(1);

impl Function {
    /// Records a function of `f64` with one output, at the point `x`; one whose closure returns a
    /// `Vec` is recorded by [`record_many`](Self::record_many).
    ///
    /// # Panics
    /// If the output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// assert_eq!(f.value(&mut f.workspace(), &[3.0])?, 9.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn record<G>(x: &[f64], f: G) -> Self
    where
        G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
    {
        Self::builder().record(x, f)
    }

    /// Records a function of `f64` with several outputs, at the point `x`.
    ///
    /// # Panics
    /// If an output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[2.0], |x| vec![x[0] * x[0], x[0].sin()]);
    /// let mut values = [0.0; 2];
    /// f.values(&mut f.workspace(), &[0.0], &mut values)?;
    /// assert_eq!(values, [0.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn record_many<G>(x: &[f64], f: G) -> Self
    where
        G: for<'t> FnOnce(&[Var<'t>]) -> Vec<Var<'t>>,
    {
        Self::builder().record_many(x, f)
    }
}

impl<F: Real> Function<F> {
    /// Options for a recording.
    ///
    /// # Example: `f32`, by the feature of that name
    #[cfg_attr(feature = "f32", doc = "```")]
    #[cfg_attr(not(feature = "f32"), doc = "```ignore")]
    /// let f = wengert::Function::<f32>::builder().record(&[2.0], |x| x[0] * x[0]);
    /// assert_eq!(f.value(&mut f.workspace(), &[3.0])?, 9.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> FunctionBuilder<F> {
        FunctionBuilder::default()
    }

    fn next_identity() -> u64 {
        IDENTITIES.fetch_add(1, Ordering::Relaxed)
    }

    /// The function of a draft.
    fn assemble(
        draft: &Draft<F>,
        mut report: OptimiserReport,
        policy: Policy,
    ) -> Result<Self, Error> {
        let program = compiled::assemble(draft)?;
        report.push(Pass::Packed, program.headers.len(), program.bytes());
        Ok(Self {
            identity: Self::next_identity(),
            program: Arc::new(program),
            report: Arc::new(report),
            policy,
            paths: None,
            arch: Arch::new(),
            name: UNNAMED.into(),
            calling: Arc::default(),
            spare: Arc::default(),
        })
    }

    /// The number of variables, with respect to which derivatives are taken.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Function::record(&[1.0, 2.0], |x| x[0]).num_variables(), 2);
    /// ```
    #[must_use]
    pub fn num_variables(&self) -> usize {
        self.program.variables.len()
    }

    /// The number of data, the inputs that are given.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Function::record(&[1.0], |x| x[0]).num_data(), 0);
    /// ```
    #[must_use]
    pub fn num_data(&self) -> usize {
        self.program.data.len()
    }

    /// The number of outputs.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Function::record(&[1.0], |x| x[0]).num_outputs(), 1);
    /// ```
    #[must_use]
    pub fn num_outputs(&self) -> usize {
        self.program.outputs.len()
    }

    /// What it is called in pictures of functions that call it: see [`FunctionBuilder::name`].
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Function::record(&[1.0], |x| x[0]).name(), "function");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of operations that an evaluation makes. A call of another function counts as one,
    /// and each of its results as one.
    ///
    /// # Example: a sum of products is one
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[1] + x[0]);
    /// assert_eq!(f.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.program.operations()
    }

    /// Whether an evaluation makes no operation: every output is an input or a constant.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::Function::record(&[1.0], |x| x[0]).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of the program, with the programs of functions that it calls, each once.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].sin());
    /// assert!(f.bytes() < 48);
    /// ```
    #[must_use]
    pub fn bytes(&self) -> usize {
        let called = callees::<F>(&self.program.calls);
        let called: usize = called.iter().map(|callee| callee.program().bytes()).sum();
        self.program.bytes() + called
    }

    /// What each pass of the optimiser did, and what else is to be told of the recording.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].sin() + x[0].sin());
    /// assert_eq!(f.report().passes()[0].operations, 3);
    /// ```
    #[must_use]
    pub fn report(&self) -> &OptimiserReport {
        &self.report
    }

    /// How often the closure was called: more than once only where branches flipped, of a
    /// function made by [`FunctionBuilder::record_paths`].
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Function::record(&[1.0], |x| x[0]).recordings(), 1);
    /// ```
    #[must_use]
    pub fn recordings(&self) -> usize {
        self.paths.as_ref().map_or(1, |paths| paths.recordings())
    }

    /// The point of the recording.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0]);
    /// assert_eq!(f.recorded_at().variables, &[1.0]);
    /// ```
    #[must_use]
    pub fn recorded_at(&self) -> Inputs<'_, F> {
        Inputs { variables: &self.program.variables, data: &self.program.data }
    }
}
