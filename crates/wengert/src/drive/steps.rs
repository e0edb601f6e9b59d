//! Loops of closures on a tape, swept step by step from checkpoints.
//!
//! A loop that is recorded whole takes the memory of all its steps. Here the tape is as long as one
//! step: states are kept at some steps, and where the reverse sweep needs one that was not, the
//! steps from the last that was are taken again, without recording them.

mod store;

use crate::checkpoint::{Action, Online, Schedule};
use crate::error::{Error, Kind, check_length};
use crate::gradients::Gradients;
use crate::record::Var;
use crate::store::Tape;
use store::States;

/// What a step is made from.
///
/// # Example: a step as a function, with a time of its own
/// ```
/// use wengert::Var;
/// use wengert::checkpointing::{Checkpointing, Step};
/// fn decay<'t>(step: Step<'_, 't>) -> Vec<Var<'t>> {
///     let time = 0.1 * step.index as f64;
///     vec![step.state[0] * (1.0 - 0.1 * step.shared[0] * time.cos())]
/// }
/// let gradient = Checkpointing::new().gradient(1, &[0.5], &[2.0], decay, |end| end.state[0])?;
/// assert_eq!((gradient.value, gradient.state), (1.9, vec![0.95]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Step<'a, 't> {
    /// How many steps were taken before.
    pub index: usize,
    /// The variables that all steps share.
    pub shared: &'a [Var<'t>],
    /// The state before the step.
    pub state: &'a [Var<'t>],
}

/// The derivatives of a loop's loss.
///
/// # Example
/// ```
/// use wengert::checkpointing::{Checkpointing, LoopGradient};
/// let LoopGradient { value, shared, state, steps, evaluations, .. } = Checkpointing::new()
///     .gradient(3, &[], &[1.0], |step| vec![step.state[0] * 2.0], |end| end.state[0])?;
/// assert_eq!((value, shared, state, steps, evaluations), (8.0, vec![], vec![8.0], 3, 6));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LoopGradient {
    /// The loss.
    pub value: f64,
    /// Its derivatives with respect to the variables that all steps share.
    pub shared: Vec<f64>,
    /// Its derivatives with respect to the initial state.
    pub state: Vec<f64>,
    /// The number of steps.
    pub steps: usize,
    /// How often a step was taken, with those that were swept.
    pub evaluations: usize,
}

/// Derivatives of a loop whose step is a closure, in memory that the caller bounds.
///
/// The step is called with variables of a tape as long as one step; what it returns is the next
/// state. The loss is a function of the last state; a sum over the steps is one more number of the
/// state. States are kept as checkpoints: all of them, or as many as fit a budget. From where they
/// were kept, steps are taken again with constants, which records nothing. The gradient has the
/// same bits whatever the budget, which are those of one recording of the whole loop.
///
/// A step that is the same operations every time is recorded once and evaluated faster as a
/// [`Scan`](crate::Scan); this is for steps that branch, iterate, or stop when they are done.
///
/// # Example: Newton's method, with as many steps as it takes
/// ```
/// use wengert::checkpointing::Checkpointing;
/// let mut root = Checkpointing::new();
/// let gradient = root.gradient_while(
///     |_, x| (x[0] * x[0] - 2.0).abs() > 1e-12,
///     &[2.0],
///     &[1.0],
///     |step| vec![(step.state[0] + step.shared[0] / step.state[0]) / 2.0],
///     |end| end.state[0],
/// )?;
/// assert!((gradient.value - 2.0_f64.sqrt()).abs() < 1e-12);
/// assert!((gradient.shared[0] - 0.5 / 2.0_f64.sqrt()).abs() < 1e-6);
/// assert!(gradient.steps < 10);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Checkpointing {
    /// The bytes that checkpoints may take, if they are bounded.
    budget: Option<usize>,
    tape: Tape,
    gradients: Gradients,
}

impl Checkpointing {
    /// Every state is kept, so that no step is taken more than twice: once to go on, and once to be
    /// swept.
    ///
    /// # Example
    /// ```
    /// let mut root = wengert::checkpointing::Checkpointing::new();
    /// let gradient =
    ///     root.gradient(3, &[], &[256.0], |step| vec![step.state[0].sqrt()], |end| end.state[0])?;
    /// assert_eq!((gradient.value, gradient.evaluations), (2.0, 6));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The states that are kept take `bytes` bytes at most, with what says where they belong. The
    /// tape of one step comes on top.
    ///
    /// # Example: a thousand steps in the memory of eight states
    /// ```
    /// use wengert::checkpointing::Checkpointing;
    /// let mut growth = Checkpointing::within(256);
    /// let gradient = growth.gradient(
    ///     1000,
    ///     &[0.001],
    ///     &[1.0],
    ///     |step| vec![step.state[0] + step.shared[0] * step.state[0]],
    ///     |end| end.state[0],
    /// )?;
    /// // (1 + r)¹⁰⁰⁰ and its derivatives
    /// assert!((gradient.value / 1.001_f64.powi(1000) - 1.0).abs() < 1e-12);
    /// assert!((gradient.shared[0] / (1000.0 * 1.001_f64.powi(999)) - 1.0).abs() < 1e-12);
    /// assert!((gradient.state[0] / gradient.value - 1.0).abs() < 1e-12);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn within(bytes: usize) -> Self {
        Self { budget: Some(bytes), ..Self::default() }
    }

    /// The derivatives of the loss after a number of steps.
    ///
    /// # Errors
    /// If a step returns another number of variables than the state has, or one of another tape; if
    /// the budget is less than one state takes; if there is no memory.
    ///
    /// # Complexity
    /// With room for c states, the fewest repetitions there can be (Griewank & Walther, "Algorithm
    /// 799: revolve", 2000): no step is taken more than r + 1 times, if n ≤ (c + r)!/(c!·r!).
    ///
    /// # Example: two steps of x ↦ a·x
    /// ```
    /// use wengert::checkpointing::Checkpointing;
    /// let gradient = Checkpointing::new().gradient(
    ///     2,
    ///     &[3.0],
    ///     &[1.0],
    ///     |step| vec![step.shared[0] * step.state[0]],
    ///     |end| end.state[0],
    /// )?;
    /// assert_eq!((gradient.value, gradient.shared, gradient.state), (9.0, vec![6.0], vec![9.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn gradient<S, L>(
        &mut self,
        steps: usize,
        shared: &[f64],
        state: &[f64],
        step: S,
        loss: L,
    ) -> Result<LoopGradient, Error>
    where
        S: for<'t> FnMut(Step<'_, 't>) -> Vec<Var<'t>>,
        L: for<'t> FnOnce(Step<'_, 't>) -> Var<'t>,
    {
        let capacity = self.capacity(state.len(), size_of::<usize>())?.min(steps.max(1));
        let mut states = States::new(state.len(), capacity);
        let mut sweep = Sweep::new(&mut self.tape, &mut self.gradients, shared, state.len(), step);
        if steps == 0 {
            sweep.begin(loss, state, 0)?;
            return Ok(sweep.into_gradient(0));
        }
        let (mut at, mut loss) = (state.to_vec(), Some(loss));
        for action in Schedule::new(steps, capacity, Vec::new()) {
            match action {
                Action::Keep(slot) => states.keep(slot, &at)?,
                Action::Restore(slot) => states.restore(slot, &mut at),
                Action::Advance { from, to } => sweep.advance(from..to, &mut at)?,
                Action::Sweep(index) => {
                    if let Some(loss) = loss.take() {
                        let mut end = at.clone();
                        sweep.advance(index..index + 1, &mut end)?;
                        sweep.begin(loss, &end, steps)?;
                    }
                    sweep.sweep(index, &at)?;
                }
            }
        }
        Ok(sweep.into_gradient(steps))
    }

    /// The derivatives of the loss after as many steps as `more` wants: it is asked before each
    /// step, with the number of steps that were taken and the state. What it decides is not
    /// differentiated.
    ///
    /// # Errors
    /// As [`Checkpointing::gradient`].
    ///
    /// # Complexity
    /// Checkpoints are moved while the loop runs (Wang, Moin & Iaccarino, "Minimal repetition
    /// dynamic checkpointing algorithm for unsteady adjoint calculation", 2009): no step is taken
    /// more than once more often than if the number of steps had been known.
    ///
    /// # Example: doubling until it is enough
    /// ```
    /// use wengert::checkpointing::Checkpointing;
    /// let gradient = Checkpointing::within(1000).gradient_while(
    ///     |_, x| x[0] < 100.0,
    ///     &[],
    ///     &[3.0],
    ///     |step| vec![2.0 * step.state[0]],
    ///     |end| end.state[0],
    /// )?;
    /// assert_eq!((gradient.value, gradient.state, gradient.steps), (192.0, vec![64.0], 6));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn gradient_while<M, S, L>(
        &mut self,
        mut more: M,
        shared: &[f64],
        state: &[f64],
        step: S,
        loss: L,
    ) -> Result<LoopGradient, Error>
    where
        M: FnMut(usize, &[f64]) -> bool,
        S: for<'t> FnMut(Step<'_, 't>) -> Vec<Var<'t>>,
        L: for<'t> FnOnce(Step<'_, 't>) -> Var<'t>,
    {
        // In the sweep back, numbers of free places and positions of a schedule come beside.
        let capacity = self.capacity(state.len(), Online::BYTES + 2 * size_of::<usize>())?;
        let (mut online, mut states) = (Online::new(capacity), States::new(state.len(), capacity));
        let mut sweep = Sweep::new(&mut self.tape, &mut self.gradients, shared, state.len(), step);
        let (mut at, mut steps) = (state.to_vec(), 0);
        while more(steps, &at) {
            if let Some(slot) = online.keep(steps) {
                states.keep(slot, &at)?;
            }
            sweep.advance(steps..steps + 1, &mut at)?;
            steps += 1;
        }
        sweep.begin(loss, &at, steps)?;
        sweep.sweep_back(online, states, steps)?;
        Ok(sweep.into_gradient(steps))
    }

    /// How many states can be kept, each with some bytes beside it.
    fn capacity(&self, state: usize, beside: usize) -> Result<usize, Error> {
        let Some(given) = self.budget else { return Ok(usize::MAX) };
        let wanted = state * size_of::<f64>() + beside;
        if given < wanted {
            return Err(Kind::Budget { given, wanted }.into());
        }
        Ok(given / wanted)
    }
}

/// The reverse sweep through a loop: the step, its tape, and the adjoints so far.
struct Sweep<'a, S> {
    tape: &'a mut Tape,
    gradients: &'a mut Gradients,
    step: S,
    shared: &'a [f64],
    /// The same as numbers that are no variables.
    constants: Vec<Var<'static>>,
    value: f64,
    /// The adjoints of the variables that are shared, then those of the state.
    adjoints: Vec<f64>,
    evaluations: usize,
}

impl<'a, S> Sweep<'a, S>
where
    S: for<'t> FnMut(Step<'_, 't>) -> Vec<Var<'t>>,
{
    fn new(
        tape: &'a mut Tape,
        gradients: &'a mut Gradients,
        shared: &'a [f64],
        state: usize,
        step: S,
    ) -> Self {
        let adjoints = vec![0.0; shared.len() + state];
        let constants = shared.iter().map(|&x| Var::constant(x)).collect();
        Self { tape, gradients, step, shared, constants, value: 0.0, adjoints, evaluations: 0 }
    }

    /// Takes some steps, and records nothing.
    fn advance(&mut self, steps: std::ops::Range<usize>, at: &mut [f64]) -> Result<(), Error> {
        let mut state: Vec<_> = at.iter().map(|&x| Var::constant(x)).collect();
        for index in steps {
            state = (self.step)(Step { index, shared: &self.constants, state: &state });
            check_length("the next state", state.len(), at.len())?;
            self.evaluations += 1;
            if state.iter().any(|var| !var.is_constant()) {
                return Err(Kind::ForeignVariable.into());
            }
        }
        for (at, var) in at.iter_mut().zip(state) {
            *at = var.value();
        }
        Ok(())
    }

    /// The loss at the last state, and the adjoints there.
    fn begin<L>(&mut self, loss: L, end: &[f64], steps: usize) -> Result<(), Error>
    where
        L: for<'t> FnOnce(Step<'_, 't>) -> Var<'t>,
    {
        self.tape.reset();
        let inputs = inputs(self.tape, self.shared, end);
        let (shared, state) = inputs.split_at(self.shared.len());
        let output = loss(Step { index: steps, shared, state });
        self.tape.pullback_into(&[(output, 1.0)], self.gradients)?;
        self.gradients.wrt_into(&inputs, &mut self.adjoints);
        self.value = output.value();
        Ok(())
    }

    /// Records the step from a state, and takes the adjoints of what comes out to those of what
    /// went in.
    fn sweep(&mut self, index: usize, at: &[f64]) -> Result<(), Error> {
        self.tape.reset();
        let inputs = inputs(self.tape, self.shared, at);
        let (shared, state) = inputs.split_at(self.shared.len());
        let outputs = (self.step)(Step { index, shared, state });
        self.evaluations += 1;
        check_length("the next state", outputs.len(), at.len())?;
        // What is shared goes on from what later steps added to it, as on one tape.
        let (of_shared, of_state) = self.adjoints.split_at(shared.len());
        let later = shared.iter().zip(of_shared).chain(outputs.iter().zip(of_state));
        self.tape.pull_back(later.map(|(&var, &adjoint)| (var, adjoint)), self.gradients)?;
        self.gradients.wrt_into(&inputs, &mut self.adjoints);
        Ok(())
    }

    /// Sweeps from the last checkpoint on, then from the one before, and so on; what is free by
    /// then serves the steps between.
    fn sweep_back(
        &mut self,
        mut online: Online,
        mut states: States,
        steps: usize,
    ) -> Result<(), Error> {
        // Either each step has its checkpoint, or there are as many as there can be.
        let (mut left, mut free) = (steps, Vec::with_capacity(online.len()));
        let mut positions = Vec::new();
        let mut at = vec![0.0; states.state()];
        while let Some((slot, position)) = online.pop() {
            let room = (free.len() + 1).min(left - position);
            let mut schedule = Schedule::new(left - position, room, positions);
            for action in &mut schedule {
                let slot = |number: usize| number.checked_sub(1).map_or(slot, |i| free[i]);
                match action {
                    // The first is the checkpoint itself.
                    Action::Keep(0) => states.restore(slot(0), &mut at),
                    Action::Keep(number) => states.keep(slot(number), &at)?,
                    Action::Restore(number) => states.restore(slot(number), &mut at),
                    Action::Advance { from, to } => {
                        self.advance(position + from..position + to, &mut at)?;
                    }
                    Action::Sweep(index) => self.sweep(position + index, &at)?,
                }
            }
            positions = schedule.into_memory();
            left = position;
            free.push(slot);
        }
        Ok(())
    }

    fn into_gradient(self, steps: usize) -> LoopGradient {
        let Self { value, mut adjoints, evaluations, .. } = self;
        let state = adjoints.split_off(self.shared.len());
        LoopGradient { value, shared: adjoints, state, steps, evaluations }
    }
}

/// What is shared and a state, as inputs.
fn inputs<'t>(tape: &'t Tape, shared: &[f64], state: &[f64]) -> Vec<Var<'t>> {
    shared.iter().chain(state).map(|&x| tape.var(x)).collect()
}
