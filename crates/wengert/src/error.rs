//! What can go wrong, with the numbers, and what to do about it.

#[cfg(feature = "serde")]
mod saved;

#[cfg(feature = "serde")]
pub(crate) use saved::{Place, SavedError};

use crate::ops::OpKind;
use std::fmt;
use std::sync::Arc;

/// Why something could not be done. `Display` says what was given, what the limit is, and what
/// to do; the predicates tell the causes apart.
///
/// # Example
/// ```
/// let tape = wengert::Tape::with_limit(24);
/// let _ = tape.var(1.0);
/// let error = tape.try_var(2.0).unwrap_err();
/// assert!(error.is_limit());
/// assert_eq!(
///     error.to_string(),
///     "the tape would hold 48 bytes, its limit is 24: reset it, or give `Tape::with_limit` more"
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Kind);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    NodeLimit {
        given: usize,
        limit: usize,
    },
    ByteLimit {
        given: usize,
        limit: usize,
    },
    OutOfMemory {
        bytes: usize,
    },
    /// For adjoints or tangents.
    NoMemoryForDerivatives {
        bytes: usize,
    },
    ViewAlive,
    ForeignVariable,
    ForeignGradients,
    StaleGradients,
    LostAdjoints {
        waiting: usize,
        kept: usize,
    },
    ConstantOutput,
    RecordedLater {
        node: usize,
        swept: usize,
    },
    MarkedEarlier {
        swept: usize,
        marked: usize,
    },
    Constant,
    /// Of an operation, beyond what is computed.
    DerivativeOrder {
        limit: u32,
    },
    /// Of a derivative that is to be differentiated in turn.
    Preaccumulated {
        node: usize,
    },
    Inactive,
    /// Of an operation along a path.
    NoSeries,
    /// Of an operation along a path on which more varies than its argument.
    ParameterOnPath {
        kind: OpKind,
    },
    ForeignMark,
    StaleMark {
        given: usize,
        kept: usize,
    },
    ForeignParameter,
    StaleParameter,
    Arity {
        kind: OpKind,
        given: usize,
        wanted: &'static str,
    },
    NotInteger {
        kind: OpKind,
    },
    NotConstant {
        kind: OpKind,
    },
    Bounds,
    Length {
        what: &'static str,
        given: usize,
        wanted: usize,
    },
    Listing {
        line: usize,
        reason: String,
    },
    FunctionLimit {
        given: usize,
        limit: usize,
    },
    /// Of numbers that calls save for their derivatives.
    SavedLimit {
        given: usize,
        limit: usize,
    },
    /// Of functions that call functions.
    CallDepth {
        given: usize,
        limit: usize,
    },
    ForeignWorkspace,
    /// Of an entry in a matrix.
    Position {
        given: usize,
        limit: usize,
    },
    /// Of a loop, whose memory was made for fewer.
    Steps {
        given: usize,
        limit: usize,
    },
    /// Of a function that is to be the step of a loop.
    StepShape {
        what: &'static str,
        given: usize,
        limit: usize,
    },
    /// Of a loop: in bytes, and how many a checkpoint takes.
    NoMemoryForStates {
        bytes: usize,
    },
    Budget {
        given: usize,
        wanted: usize,
    },
    TooManyShared {
        what: &'static str,
        given: usize,
        limit: usize,
    },
    Outputs {
        given: usize,
    },
    /// Of inputs that a user's operation does not take.
    OperationInputs {
        name: String,
        given: usize,
    },
    /// Of a user's operation, which does not give a derivative.
    OperationMisses {
        name: String,
        what: &'static str,
    },
    /// Of a user's operation, which has no value at a point.
    Operation {
        name: String,
        failure: Failure,
        sample: Option<usize>,
        /// The step of a loop.
        step: Option<usize>,
    },
    Guard(Box<GuardError>),
    /// By a flag of the caller's.
    Interrupted,
    #[cfg(feature = "serde")]
    Saved(Box<SavedError>),
}

/// The error of a user's operation.
#[derive(Clone, Debug)]
pub(crate) struct Failure(Arc<dyn std::error::Error + Send + Sync>);

impl From<Box<dyn std::error::Error + Send + Sync>> for Failure {
    fn from(failure: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(failure.into())
    }
}

impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

/// A comparison that came out differently than when the function was recorded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GuardError {
    pub(crate) place: String,
    pub(crate) then: String,
    pub(crate) now: String,
    pub(crate) sample: Option<usize>,
    /// The step of a loop.
    pub(crate) step: Option<usize>,
}

impl Error {
    /// Whether a limit of nodes, operations, bytes or memory was reached.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::with_limit(0);
    /// assert!(tape.try_var(1.0).unwrap_err().is_limit());
    /// ```
    #[must_use]
    pub const fn is_limit(&self) -> bool {
        use Kind::{
            Budget, ByteLimit, CallDepth, FunctionLimit, NoMemoryForDerivatives, NoMemoryForStates,
            NodeLimit, SavedLimit,
        };
        use Kind::{OutOfMemory, Steps};
        matches!(self.0, NodeLimit { .. } | ByteLimit { .. } | OutOfMemory { .. })
            || matches!(
                self.0,
                CallDepth { .. }
                    | FunctionLimit { .. }
                    | SavedLimit { .. }
                    | NoMemoryForDerivatives { .. }
            )
            || matches!(self.0, Steps { .. } | Budget { .. } | NoMemoryForStates { .. })
    }

    /// Whether something belongs to another tape, function or set of parameters.
    ///
    /// # Example
    /// ```
    /// let (one, other) = (wengert::Tape::new(), wengert::Tape::new());
    /// let (x, y) = (one.var(1.0), other.var(2.0));
    /// assert!(x.gradients().get(y).unwrap_err().is_foreign());
    /// ```
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        use Kind::{ForeignGradients, ForeignMark, ForeignParameter, ForeignVariable};
        matches!(self.0, ForeignVariable | ForeignGradients | ForeignMark | ForeignParameter)
            || matches!(self.0, Kind::ForeignWorkspace)
    }

    /// Whether something is out of date: made before a reset or rewind, removed since, or
    /// recorded after the sweep.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.var(1.0);
    /// let mark = tape.mark();
    /// tape.reset();
    /// assert!(tape.rewind(mark).unwrap_err().is_stale());
    /// ```
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        use Kind::{Inactive, LostAdjoints, MarkedEarlier, RecordedLater};
        use Kind::{StaleGradients, StaleMark, StaleParameter};
        matches!(self.0, StaleGradients | StaleMark { .. } | StaleParameter | RecordedLater { .. })
            || matches!(self.0, MarkedEarlier { .. } | LostAdjoints { .. } | Inactive)
    }

    /// Whether a branch of a recorded function flipped: a comparison came out differently at
    /// the point of an evaluation than at that of the recording.
    ///
    /// # Example
    /// ```
    /// let abs = wengert::Function::record(&[1.0], |x| if x[0] < 0.0 { -x[0] } else { x[0] });
    /// let error = abs.value(&mut abs.workspace(), &[-1.0]).unwrap_err();
    /// assert!(error.is_guard());
    /// assert!(error.to_string().contains("1.0 < 0.0 is false, now -1.0 < 0.0 is true"));
    /// ```
    #[must_use]
    pub const fn is_guard(&self) -> bool {
        matches!(self.0, Kind::Guard(_))
    }

    /// Whether a user's [operation](crate::custom) has no value at a point, takes another number
    /// of inputs, or does not give a derivative that was asked for. If it failed, its own error is
    /// the [source](std::error::Error::source).
    ///
    /// # Example
    /// ```
    /// use std::sync::Arc;
    /// use wengert::Number;
    /// use wengert::custom::{Failure, Operation};
    /// struct Never;
    /// impl Operation for Never {
    ///     fn name(&self) -> &str {
    ///         "never"
    ///     }
    ///     fn outputs(&self, _: usize) -> Option<usize> {
    ///         Some(1)
    ///     }
    ///     fn value(&self, _: &[f64], _: &mut [f64]) -> Result<(), Failure> {
    ///         Err("it never works".into())
    ///     }
    ///     fn vjp(&self, _: &[f64], _: &[f64], _: &[f64], _: &mut [f64]) {}
    /// }
    /// let never: Arc<dyn Operation> = Arc::new(Never);
    /// let error = f64::try_call(&never, &[]).unwrap_err();
    /// assert!(error.is_operation());
    /// assert_eq!(error.to_string(), "the operation `never` failed: it never works");
    /// ```
    #[must_use]
    pub const fn is_operation(&self) -> bool {
        use Kind::{Operation, OperationInputs, OperationMisses};
        matches!(self.0, Operation { .. } | OperationInputs { .. } | OperationMisses { .. })
    }

    /// Whether the evaluation was ended by a flag that its workspace was given.
    ///
    /// # Example
    /// ```
    /// use std::sync::{Arc, atomic::AtomicBool};
    /// use wengert::{Batch, Function};
    /// let square = Function::record(&[2.0], |x| x[0] * x[0]);
    /// let mut workspace = square.batch_workspace();
    /// workspace.interrupt_by(Some(Arc::new(AtomicBool::new(true))));
    /// let batch = Batch::new(1).variables(&[1.0]);
    /// let error = square.batch_values(&mut workspace, &batch, &mut [0.0]).unwrap_err();
    /// assert!(error.is_interrupted());
    /// assert_eq!(error.to_string(), "the evaluation was interrupted: the flag of its workspace is up");
    /// ```
    #[must_use]
    pub const fn is_interrupted(&self) -> bool {
        matches!(self.0, Kind::Interrupted)
    }

    /// Whether a listing could not be read.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::Tape::<f64>::from_listing("n0 = frob").unwrap_err().is_listing());
    /// ```
    #[must_use]
    pub const fn is_listing(&self) -> bool {
        matches!(self.0, Kind::Listing { .. })
    }
}

#[cfg(feature = "serde")]
impl Error {
    /// Whether a saved function could not be loaded: damaged, of another version or scalar, or
    /// none at all.
    ///
    /// # Example
    /// ```
    /// let error = wengert::Function::<f64>::from_bytes(b"what is this?").unwrap_err();
    /// assert!(error.is_saved());
    /// assert_eq!(
    ///     error.to_string(),
    ///     "these bytes are no saved function: give what `Function::to_bytes` returned"
    /// );
    /// ```
    #[must_use]
    pub const fn is_saved(&self) -> bool {
        matches!(self.0, Kind::Saved(_))
    }
}

#[cfg(feature = "serde")]
impl From<SavedError> for Error {
    fn from(error: SavedError) -> Self {
        Self(Kind::Saved(Box::new(error)))
    }
}

impl Error {
    /// The same of a sample of a batch, where a user's operation failed.
    pub(crate) fn in_sample(mut self, number: Option<usize>) -> Self {
        if let Kind::Operation { sample, .. } = &mut self.0 {
            *sample = number;
        }
        self
    }

    /// The same of a step of a loop.
    pub(crate) fn in_step(mut self, number: usize) -> Self {
        if let Kind::Operation { step, .. } = &mut self.0 {
            *step = Some(number);
        }
        self
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NodeLimit { given, limit } => write!(
                f,
                "the tape would have {given} entries, a tape can have {limit}: rewind or reset \
                 it between evaluations, or use n-ary operations such as `Var::sum`"
            ),
            Kind::ByteLimit { given, limit } => write!(
                f,
                "the tape would hold {given} bytes, its limit is {limit}: reset it, or give \
                 `Tape::with_limit` more"
            ),
            Kind::OutOfMemory { bytes } => {
                write!(
                    f,
                    "the system has no {bytes} bytes of memory for the tape: reset or rewind it \
                     between evaluations, or use n-ary operations such as `Var::sum`"
                )
            }
            Kind::NoMemoryForDerivatives { bytes } => {
                write!(
                    f,
                    "the system has no {bytes} bytes of memory for the derivatives of all nodes: \
                     record less at a time, or sweep into memory of an earlier sweep"
                )
            }
            Kind::ViewAlive => f.write_str(
                "the tape is being read: drop its `TapeView` before recording more operations",
            ),
            Kind::ForeignVariable => f.write_str(
                "the variables belong to different tapes: record both on one tape, or pass the \
                 other's `value()` as a constant",
            ),
            Kind::ForeignGradients => f.write_str(
                "these derivatives belong to another tape than the variable: sweep the \
                 variable's own tape",
            ),
            Kind::StaleGradients => f.write_str(
                "the tape was reset or rewound since these derivatives were computed: sweep it \
                 again",
            ),
            Kind::LostAdjoints { waiting, kept } => write!(
                f,
                "the adjoints of {waiting} nodes wait to be swept further down, but the tape was \
                 cut to {kept} since: rewind no further than the mark of the last sweep before \
                 `pullback_to` has gone below, or begin anew with `Gradients::new`"
            ),
            Kind::ConstantOutput => f.write_str(
                "there is no slice of derivatives: the output was a constant, all of whose \
                 derivatives are zero, or nothing was swept yet",
            ),
            Kind::RecordedLater { node, swept } => write!(
                f,
                "n{node} was recorded after the sweep, which saw {swept} nodes: sweep again \
                 after recording"
            ),
            Kind::MarkedEarlier { swept, marked } => write!(
                f,
                "the derivatives are those of {swept} nodes, but the recording was looked at when \
                 it had {marked}: look at it again after the sweep"
            ),
            Kind::Preaccumulated { node } => write!(
                f,
                "n{node} stands for a part of which only the first derivatives were kept, as \
                 numbers: for derivatives of derivatives record the part without \
                 `preaccumulate` or `statement`, and a call by `Function::inline`; or take them by \
                 `hessian`, a `Function` or a tape of dual numbers, which keep what they need"
            ),
            Kind::Constant => f.write_str(
                "a constant has no adjoint: make it an input with `Tape::var` to differentiate \
                 with respect to it",
            ),
            Kind::DerivativeOrder { limit } => write!(
                f,
                "an operation has no rule for derivatives of an order above {limit}: write it by \
                 others, such as `exp`"
            ),
            Kind::Inactive => f.write_str(
                "the number belongs to no recording that is active on this thread: its tape was \
                 reset, rewound or deactivated since, or is active on another thread; make it \
                 anew from its tape",
            ),
            Kind::NoSeries => f.write_str(
                "a recorded derivative of an operation of two variables has no series: take that of \
                 the function itself, one order higher",
            ),
            Kind::ParameterOnPath { kind } => write!(
                f,
                "`{kind}` has a series in its first argument alone, and a parameter of it varies \
                 along the path: keep the parameters constant, or take derivatives up to the third \
                 by `Dual` numbers within each other or by `Function::gradient_function` and its like"
            ),
            Kind::ForeignMark => f.write_str("the mark was made on another tape"),
            Kind::StaleMark { given, kept } => write!(
                f,
                "the mark stands at {given} nodes, but the tape was cut to {kept} since: mark it \
                 again"
            ),
            Kind::ForeignParameter => {
                f.write_str("the parameter belongs to another set of parameters")
            }
            Kind::StaleParameter => f.write_str("the parameter was removed"),
            Kind::Arity { kind, given, wanted } => {
                write!(f, "`{kind}` takes {wanted}, given {given}")
            }
            Kind::NotInteger { kind } => {
                write!(f, "`{kind}` takes a constant integer that fits 32 bits as exponent")
            }
            Kind::NotConstant { kind } => write!(f, "`{kind}` takes constants as coefficients"),
            Kind::Bounds => f.write_str("a clamp needs bounds that are no NaN, the lower first"),
            Kind::Length { what, given, wanted } => {
                write!(f, "{what} has length {given}, wanted is {wanted}")
            }
            Kind::FunctionLimit { given, limit } => write!(
                f,
                "the recording has {given} operations and operands, a function can have {limit}: \
                 record one term of it, and evaluate that in a batch"
            ),
            Kind::SavedLimit { given, limit } => write!(
                f,
                "the calls of the recording save {given} numbers for their derivatives, in a function \
                 they can save {limit}: record some of them by operations that save less, functions by \
                 `Function::call_as_one`"
            ),
            Kind::CallDepth { given, limit } => write!(
                f,
                "the function lies {given} calls deep in others, they can lie {limit} deep: record \
                 some of them by `Function::inline`"
            ),
            Kind::Position { given, limit } => {
                write!(f, "an entry lies in row or column {given} of {limit}: count them from 0")
            }
            Kind::ForeignWorkspace => f.write_str(
                "the workspace was made by another function or loop: make one with this one's \
                 `workspace`, `dual_workspace` or `batch_workspace`",
            ),
            Kind::Steps { given, limit } => write!(
                f,
                "the loop is to make {given} steps, its workspace was made for {limit}: make one \
                 for more, within fewer bytes if need be"
            ),
            Kind::StepShape { what, given, limit } => {
                write!(f, "the loop wants {given} {what}, its step function has {limit}")
            }
            Kind::NoMemoryForStates { bytes } => write!(
                f,
                "the system has no {bytes} bytes of memory for the states of the loop: give \
                 `Checkpointing::within` or `Scan::workspace_within` a budget that it has"
            ),
            Kind::Budget { given, wanted } => write!(
                f,
                "the budget is {given} bytes, and the state at one checkpoint takes {wanted}: give \
                 that or more"
            ),
            Kind::TooManyShared { what, given, limit } => {
                write!(f, "the batch shares {given} {what}, the function has {limit} of them")
            }
            Kind::Outputs { given } => write!(
                f,
                "the function has {given} outputs, here it needs one: take `values`, `vjp` or \
                 `jacobian`"
            ),
            Kind::OperationInputs { name, given } => {
                write!(f, "the operation `{name}` does not take {given} inputs")
            }
            Kind::OperationMisses { name, what } => write!(
                f,
                "the operation `{name}` does not give {what}, which this derivative needs: write \
                 the function by other operations, or implement it where that can be done"
            ),
            Kind::Operation { name, failure: Failure(failure), sample, step } => {
                write!(f, "the operation `{name}` failed")?;
                write_place(f, *sample, *step)?;
                write!(f, ": {failure}")
            }
            Kind::Guard(guard) => guard.fmt(f),
            Kind::Interrupted => {
                f.write_str("the evaluation was interrupted: the flag of its workspace is up")
            }
            #[cfg(feature = "serde")]
            Kind::Saved(error) => error.fmt(f),
            Kind::Listing { line, reason } => write!(f, "line {line} of the listing: {reason}"),
        }
    }
}

impl fmt::Display for GuardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, then, now, sample, step } = self;
        write!(f, "the comparison at {place} came out differently")?;
        write_place(f, *sample, *step)?;
        write!(f, ": recorded {then}, now {now}: ")?;
        f.write_str(if step.is_some() {
            "a loop has one path, decide by `select`"
        } else {
            "record the function at this point too (`FunctionBuilder::record_paths`), or decide \
             by `select`"
        })
    }
}

/// Which of several evaluations failed.
fn write_place(
    f: &mut fmt::Formatter<'_>,
    sample: Option<usize>,
    step: Option<usize>,
) -> fmt::Result {
    if let Some(sample) = sample {
        write!(f, " for sample {sample}")?;
    }
    if let Some(step) = step {
        write!(f, " in step {step}")?;
    }
    Ok(())
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Operation { failure: Failure(failure), .. } => Some(&**failure),
            _ => None,
        }
    }
}

/// Whether a list is as long as it has to be.
#[inline]
pub(crate) fn check_length(what: &'static str, given: usize, wanted: usize) -> Result<(), Error> {
    if given == wanted { Ok(()) } else { Err(Kind::Length { what, given, wanted }.into()) }
}

/// The value, or a panic with the error's text at the caller's place. `unwrap_or_else` would not
/// do: a closure has a place of its own.
#[inline]
#[track_caller]
pub(crate) fn expect<T>(result: Result<T, Error>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => fail(error),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn fail(error: Error) -> ! {
    panic!("{error}")
}
