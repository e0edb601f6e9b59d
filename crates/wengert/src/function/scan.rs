//! Loops: one step is recorded, and evaluated as often as there are steps.
//!
//! ```text
//! closure ──record──► step ──► step ──► … ──► step      values, and some states kept
//!                      ◄────── sweep ◄────── sweep      adjoints, over states computed again
//! ```
//!
//! Forward, each step's state is the next one's input. In reverse, each step wants the values it
//! had: [`plan`] says how many of them are kept, a [schedule](crate::checkpoint::Schedule) from where
//! others are computed again, and [`drive`] does so, by runs of steps within the interpreter.

mod batch;
mod builder;
mod by_jacobians;
mod call;
pub(in crate::function) mod called;
mod doors;
mod drive;
mod jacobians;
mod memory;
mod numbers;
mod pieces;
mod plan;
#[cfg(feature = "serde")]
mod save;
mod tangent;
mod workspace;

pub use batch::ScanBatchWorkspace;
pub use builder::{ScanBuilder, ScanEnd, ScanStep};
pub use workspace::ScanWorkspace;

use super::Function;
use super::replay::steps::Shape;
use crate::scalar::Real;
use called::Calls;
use pieces::Piece;
use std::sync::{Arc, Mutex};

/// A loop whose step is recorded once: from a state, from variables that all steps share, and from
/// what each step has of its own, to the next state and to outputs.
///
/// The number of steps is given at each evaluation. Derivatives are taken with respect to the
/// shared variables, the initial state and the variables of each step; the reverse sweep goes
/// through the loop step by step, in memory that is as small as the caller wants it
/// ([`Scan::workspace_within`]), and has the same bits whatever the memory. In other libraries this
/// is `scan`.
///
/// # The loop as one function
///
/// With n steps a loop is a function of these, in this order:
///
/// | | numbers |
/// |---|---|
/// | variables | those shared, the initial state, then n rows of the steps' own |
/// | data | n rows of the steps' own |
/// | outputs, made by [`ScanBuilder::record`] | the final state, then n rows of the steps' outputs |
/// | outputs, made by [`ScanBuilder::record_sum`] | the sum over the steps of each output |
/// | outputs, made by [`ScanBuilder::record_end`] | those of the function of the final state |
///
/// So the doors are those of a [`Function`], and take the number of steps besides.
///
/// # Complexity
/// The program is that of one step, and of a few steps where one is of few operations. An
/// evaluation costs what its steps cost one by one; a gradient
/// costs, for each step, an evaluation and a sweep, and where the values of all steps take more
/// than 48 MiB or than the budget, one more evaluation or more: the fewest that there can be
/// (Griewank & Walther, "Algorithm 799: revolve", ACM Transactions on Mathematical Software 26,
/// 2000).
///
/// # Example: a thousand steps of Euler's method
/// ```
/// use wengert::Scan;
/// // dx/dt = r x (1 − x), from x = 0.1, over ten units of time.
/// let growth = Scan::builder().shared(&[1.0]).state(&[0.1]).record(|step| {
///     let (r, x) = (step.shared[0], step.state[0]);
///     (vec![x + 0.01 * r * x * (1.0 - x)], vec![])
/// });
/// let mut workspace = growth.workspace(1000);
/// let mut gradient = [0.0; 2];
/// let x = growth.value_and_gradient(&mut workspace, 1000, &[1.0, 0.1], &mut gradient)?;
/// assert!((x - 0.9996).abs() < 1e-4);
/// // The further growth went, the less it matters where it began.
/// assert!(gradient[1] > 0.0 && gradient[1] < 0.01);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scan<F: Real = f64> {
    step: Function<F>,
    shape: Shape,
    piece: Piece<F>,
    /// What the outputs are computed by behind the last step, if they are.
    end: Option<Function<F>>,
    /// Whether single evaluations are swept by the Jacobians of pieces.
    is_preaccumulated: bool,
    /// How others call it.
    calls: Arc<Mutex<Calls<F>>>,
}

impl<F: Real> Scan<F> {
    /// The function of one step: its variables are the shared ones, the state and the step's own,
    /// its outputs the next state and what the step hands out.
    ///
    /// # Example
    /// ```
    /// let scan = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 2.0], vec![]));
    /// assert_eq!((scan.step().len(), scan.step().num_outputs()), (1, 1));
    /// ```
    #[must_use]
    pub const fn step(&self) -> &Function<F> {
        &self.step
    }

    /// The number of variables of a loop of so many steps.
    ///
    /// # Example
    /// ```
    /// let scan = wengert::Scan::builder()
    ///     .shared(&[1.0, 2.0])
    ///     .variables(&[3.0])
    ///     .record_sum(|step| (vec![], vec![step.shared[0] * step.variables[0]]));
    /// assert_eq!((scan.num_variables(0), scan.num_variables(10)), (2, 12));
    /// ```
    #[must_use]
    pub const fn num_variables(&self, steps: usize) -> usize {
        let Shape { shared, state, variables, .. } = self.shape;
        (shared + state).saturating_add(steps.saturating_mul(variables))
    }

    /// The number of data of a loop of so many steps.
    ///
    /// # Example
    /// ```
    /// let scan = wengert::Scan::builder()
    ///     .data(&[3.0])
    ///     .record_sum(|step| (vec![], vec![step.data[0]]));
    /// assert_eq!(scan.num_data(10), 10);
    /// ```
    #[must_use]
    pub const fn num_data(&self, steps: usize) -> usize {
        steps.saturating_mul(self.shape.data)
    }

    /// The number of outputs of a loop of so many steps.
    ///
    /// # Example
    /// ```
    /// use wengert::Scan;
    /// let doubling = || Scan::builder().state(&[1.0]);
    /// let all = doubling().record(|step| (vec![step.state[0] * 2.0], vec![step.state[0]]));
    /// let sum = doubling().record_sum(|step| (vec![step.state[0] * 2.0], vec![step.state[0]]));
    /// assert_eq!((all.num_outputs(10), sum.num_outputs(10)), (11, 1));
    /// ```
    #[must_use]
    pub fn num_outputs(&self, steps: usize) -> usize {
        if let Some(end) = &self.end {
            return end.num_outputs();
        }
        let Shape { state, outputs, is_summed, .. } = self.shape;
        if is_summed { outputs } else { state.saturating_add(steps.saturating_mul(outputs)) }
    }

    /// The numbers of a state.
    ///
    /// # Example
    /// ```
    /// let scan = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 2.0], vec![]));
    /// assert_eq!(scan.state(), 1);
    /// ```
    #[must_use]
    pub const fn state(&self) -> usize {
        self.shape.state
    }

    /// The variables that all steps share.
    ///
    /// # Example
    /// ```
    /// let scan = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 2.0], vec![]));
    /// assert_eq!(scan.shared(), 0);
    /// ```
    #[must_use]
    pub const fn shared(&self) -> usize {
        self.shape.shared
    }

    /// Whether outputs are summed over the steps.
    ///
    /// # Example
    /// ```
    /// let sum = wengert::Scan::builder().data(&[1.0]).record_sum(|step| (vec![], vec![step.data[0]]));
    /// assert!(sum.is_summed());
    /// ```
    #[must_use]
    pub const fn is_summed(&self) -> bool {
        self.shape.is_summed
    }

    /// The bytes of the program: those of one step and, where a step is a few operations, those of
    /// several steps in one, some thirty operations; and those of what comes behind the last.
    ///
    /// # Example
    /// ```
    /// let scan = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0].sin()], vec![]));
    /// assert!(scan.bytes() > scan.step().bytes() && scan.bytes() < 40 * scan.step().bytes());
    /// ```
    #[must_use]
    pub fn bytes(&self) -> usize {
        let piece = if self.piece.shape.steps > 1 { self.piece.program.bytes() } else { 0 };
        self.step.bytes() + piece + self.end.as_ref().map_or(0, Function::bytes)
    }
}
