//! Recording the step of a loop.

use super::Scan;
use super::pieces::Piece;
use crate::error::{Error, Kind};
use crate::function::replay::steps::Shape;
use crate::function::{Function, FunctionBuilder, Optimise};
use crate::record::Var;
use crate::scalar::Real;
use std::sync::Arc;

/// What a step is computed from, as the closure of a [`ScanBuilder`] is given it.
///
/// # Example
/// ```
/// let scan = wengert::Scan::builder().shared(&[3.0]).state(&[1.0]).record(|step| {
///     (vec![step.shared[0] * step.state[0]], vec![])
/// });
/// assert_eq!(scan.value(&mut scan.workspace(4), 4, &[3.0, 1.0])?, 81.0);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScanStep<'a, 't, F: Real = f64> {
    /// The variables that all steps share.
    pub shared: &'a [Var<'t, F>],
    /// The state before the step.
    pub state: &'a [Var<'t, F>],
    /// The step's own variables, with respect to which derivatives are taken.
    pub variables: &'a [Var<'t, F>],
    /// The step's own data.
    pub data: &'a [Var<'t, F>],
}

/// What the outputs are computed from behind the last step, as the closure of
/// [`ScanBuilder::record_end`] is given it.
///
/// # Example
/// ```
/// let growth = wengert::Scan::builder().shared(&[1.1]).state(&[1.0]).record_end(
///     |step| vec![step.shared[0] * step.state[0]],
///     |end| vec![end.state[0].ln() / end.shared[0]],
/// );
/// let value = growth.value(&mut growth.workspace(10), 10, &[1.1, 1.0])?;
/// assert!((value - 10.0 * 1.1_f64.ln() / 1.1).abs() < 1e-15);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScanEnd<'a, 't, F: Real = f64> {
    /// The variables that all steps share.
    pub shared: &'a [Var<'t, F>],
    /// The state behind the last step.
    pub state: &'a [Var<'t, F>],
}

/// How a [`Scan`] is recorded: what its step is computed from, each with the numbers at which the
/// step is recorded. Made by [`Scan::builder`].
///
/// # Example: a loss over a series, with a state that follows it
/// ```
/// use wengert::Scan;
/// let smoothing = Scan::builder().shared(&[0.5]).state(&[0.0]).data(&[1.0]).record_sum(|step| {
///     let (rate, mean, x) = (step.shared[0], step.state[0], step.data[0]);
///     let surprise = x - mean;
///     (vec![mean + rate * surprise], vec![surprise * surprise])
/// });
/// let series = [1.0, 2.0, 3.0];
/// let mut gradient = [0.0; 2];
/// let mut workspace = smoothing.workspace(3);
/// let inputs = (&[0.5, 0.0], &series);
/// let loss = smoothing.value_and_gradient(&mut workspace, 3, inputs, &mut gradient)?;
/// assert_eq!((loss, gradient), (6.3125, [-10.0, -4.375]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ScanBuilder<F: Real = f64> {
    shared: Vec<F>,
    state: Vec<F>,
    variables: Vec<F>,
    function: FunctionBuilder<F>,
}

impl Scan {
    /// Options for a loop over numbers of `f64`; over those of `f32` by [`ScanBuilder::default`].
    ///
    /// # Example
    /// ```
    /// use wengert::Scan;
    /// let halving = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// assert_eq!(halving.value(&mut halving.workspace(3), 3, &[1.0])?, 0.125);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> ScanBuilder {
        ScanBuilder::default()
    }
}

impl<F: Real> Default for ScanBuilder<F> {
    fn default() -> Self {
        let none = Vec::new;
        let function = FunctionBuilder::default();
        Self { shared: none(), state: none(), variables: none(), function }
    }
}

impl<F: Real> ScanBuilder<F> {
    /// Gives the loop variables that all steps share, at first these numbers.
    ///
    /// # Example
    /// ```
    /// let builder = wengert::Scan::builder().shared(&[0.5, 2.0]);
    /// assert_eq!(builder.record(|_| (vec![], vec![])).shared(), 2);
    /// ```
    #[must_use]
    pub fn shared(self, shared: &[F]) -> Self {
        Self { shared: shared.to_vec(), ..self }
    }

    /// Gives the loop a state, at first these numbers.
    ///
    /// # Example
    /// ```
    /// let scan = wengert::Scan::builder().state(&[1.0]).record(|step| (step.state.to_vec(), vec![]));
    /// assert_eq!(scan.state(), 1);
    /// ```
    #[must_use]
    pub fn state(self, state: &[F]) -> Self {
        Self { state: state.to_vec(), ..self }
    }

    /// Gives each step variables of its own, at first these numbers.
    ///
    /// # Example: one derivative for each step
    /// ```
    /// let walk = wengert::Scan::builder().state(&[0.0]).variables(&[1.0]).record(|step| {
    ///     (vec![step.state[0] + step.variables[0] * step.variables[0]], vec![])
    /// });
    /// let mut gradient = [0.0; 4];
    /// walk.gradient(&mut walk.workspace(3), 3, &[0.0, 1.0, 2.0, 3.0], &mut gradient)?;
    /// assert_eq!(gradient, [1.0, 2.0, 4.0, 6.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn variables(self, variables: &[F]) -> Self {
        Self { variables: variables.to_vec(), ..self }
    }

    /// Gives each step data of its own, at first these numbers: inputs with respect to which no
    /// derivative is wanted.
    ///
    /// # Example
    /// ```
    /// let sum = wengert::Scan::builder().data(&[1.0]).record_sum(|step| (vec![], vec![step.data[0]]));
    /// let empty: [f64; 0] = [];
    /// assert_eq!(sum.value(&mut sum.workspace(2), 2, (&empty, &[3.0, 4.0]))?, 7.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn data(self, data: &[F]) -> Self {
        Self { function: self.function.data(data), ..self }
    }

    /// Chooses the passes of the optimiser, as [`FunctionBuilder::optimise`].
    ///
    /// # Example
    /// ```
    /// use wengert::{Optimise, Scan};
    /// let builder = Scan::builder().state(&[1.0]).optimise(Optimise::none());
    /// let scan = builder.record(|step| (vec![step.state[0] * 1.0], vec![]));
    /// assert_eq!(scan.step().len(), 1);
    /// ```
    #[must_use]
    pub fn optimise(self, optimise: Optimise) -> Self {
        Self { function: self.function.optimise(optimise), ..self }
    }

    /// Takes the recorded path in every step, as [`FunctionBuilder::ignore_guards`].
    ///
    /// # Example: wrong, as asked for
    /// ```
    /// let scan = wengert::Scan::builder().state(&[1.0]).ignore_guards().record(|step| {
    ///     let x = step.state[0];
    ///     (vec![if x > 0.0 { x - 1.0 } else { x + 10.0 }], vec![])
    /// });
    /// assert_eq!(scan.value(&mut scan.workspace(3), 3, &[1.0])?, -2.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn ignore_guards(self) -> Self {
        Self { function: self.function.ignore_guards(), ..self }
    }

    /// Records a step that returns the next state and its outputs. The loop's outputs are the
    /// final state, then the outputs of each step, row behind row.
    ///
    /// # Panics
    /// If the next state has another length than the state, an output belongs to another tape, or
    /// there is no memory.
    ///
    /// # Example
    /// ```
    /// let powers = wengert::Scan::builder().state(&[1.0]).record(|step| {
    ///     let x = step.state[0];
    ///     (vec![2.0 * x], vec![x])
    /// });
    /// let mut values = [0.0; 4];
    /// powers.values(&mut powers.workspace(3), 3, &[1.0], &mut values)?;
    /// assert_eq!(values, [8.0, 1.0, 2.0, 4.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Example: what a step uses has to be given to it
    /// ```compile_fail
    /// let tape = wengert::Tape::new();
    /// let rate = tape.var(2.0);
    /// let powers = wengert::Scan::builder().state(&[1.0]).record(|step| {
    ///     (vec![rate * step.state[0]], vec![])
    /// });
    /// ```
    #[track_caller]
    #[must_use]
    pub fn record<G>(self, step: G) -> Scan<F>
    where
        G: for<'a, 't> FnOnce(ScanStep<'a, 't, F>) -> (Vec<Var<'t, F>>, Vec<Var<'t, F>>),
    {
        self.finish(step, false)
    }

    /// Records a step that returns the next state and its outputs. The loop's outputs are the sums
    /// of these over all steps, from the first to the last: a loss, where there is one.
    ///
    /// # Panics
    /// As [`ScanBuilder::record`].
    ///
    /// # Example
    /// ```
    /// let powers = wengert::Scan::builder().state(&[1.0]).record_sum(|step| {
    ///     let x = step.state[0];
    ///     (vec![2.0 * x], vec![x])
    /// });
    /// let mut gradient = [0.0];
    /// let mut workspace = powers.workspace(3);
    /// let value = powers.value_and_gradient(&mut workspace, 3, &[1.0], &mut gradient)?;
    /// assert_eq!((value, gradient), (7.0, [7.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    #[must_use]
    pub fn record_sum<G>(self, step: G) -> Scan<F>
    where
        G: for<'a, 't> FnOnce(ScanStep<'a, 't, F>) -> (Vec<Var<'t, F>>, Vec<Var<'t, F>>),
    {
        self.finish(step, true)
    }

    /// Records a step that returns the next state, and a function of the final state and of the
    /// shared variables, which returns the outputs: the payoff of a path, the distance from where
    /// it was to go. It is recorded at the initial state, and evaluated once.
    ///
    /// # Panics
    /// As [`ScanBuilder::record`].
    ///
    /// # Example: compound interest, and what it is worth today
    /// ```
    /// let deposit = wengert::Scan::builder().shared(&[0.01]).state(&[1.0]).record_end(
    ///     |step| vec![step.state[0] * (1.0 + step.shared[0])],
    ///     |end| vec![end.state[0] * (-12.0 * end.shared[0]).exp()],
    /// );
    /// let mut gradient = [0.0; 2];
    /// let mut workspace = deposit.workspace(12);
    /// let value = deposit.value_and_gradient(&mut workspace, 12, &[0.0, 5.0], &mut gradient)?;
    /// // At a rate of 0 the one makes good for the other.
    /// assert_eq!((value, gradient), (5.0, [0.0, 1.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    #[must_use]
    pub fn record_end<G, H>(self, step: G, end: H) -> Scan<F>
    where
        G: for<'a, 't> FnOnce(ScanStep<'a, 't, F>) -> Vec<Var<'t, F>>,
        H: for<'a, 't> FnOnce(ScanEnd<'a, 't, F>) -> Vec<Var<'t, F>>,
    {
        let shared = self.shared.len();
        let point = [&self.shared[..], &self.state].concat();
        let end = self.function.clone().data(&[]).record_many(&point, |x| {
            let (shared, state) = x.split_at(shared);
            end(ScanEnd { shared, state })
        });
        let scan = self.finish(|given| (step(given), Vec::new()), false);
        Scan { end: Some(end), ..scan }
    }

    #[track_caller]
    fn finish<G>(self, step: G, is_summed: bool) -> Scan<F>
    where
        G: for<'a, 't> FnOnce(ScanStep<'a, 't, F>) -> (Vec<Var<'t, F>>, Vec<Var<'t, F>>),
    {
        let (shared, state) = (self.shared.len(), self.state.len());
        let point = [self.shared, self.state, self.variables].concat();
        let mut next = 0;
        let function = self.function.record_many_with_data(&point, |x, data| {
            let (shared, own) = x.split_at(shared);
            let (state, variables) = own.split_at(state);
            let (mut values, outputs) = step(ScanStep { shared, state, variables, data });
            next = values.len();
            values.extend(outputs);
            values
        });
        assert!(
            next == state,
            "the step returned a state of {next} numbers, and was given one of {state}: return the \
             next state first, then the outputs"
        );
        Scan::with(function, shared, state, is_summed)
    }
}

impl<F: Real> Scan<F> {
    /// A loop over a function whose variables are `shared` shared ones, the state, then those of
    /// each step, and whose outputs are the next state, then those of each step: summed over the
    /// steps if `is_summed`. Of a function that records its paths it takes the first.
    ///
    /// # Errors
    /// If the function has fewer variables than the two together, or fewer outputs than the state
    /// has numbers.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Scan};
    /// let step = Function::record(&[2.0, 1.0], |x| x[0] * x[1]);
    /// let powers = Scan::of(step, 1, 1, false)?;
    /// assert_eq!(powers.value(&mut powers.workspace(10), 10, &[2.0, 1.0])?, 1024.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn of(
        step: Function<F>,
        shared: usize,
        state: usize,
        is_summed: bool,
    ) -> Result<Self, Error> {
        let limits = [
            (
                "shared variables and numbers of the state",
                shared.saturating_add(state),
                step.num_variables(),
            ),
            ("numbers of the state among the outputs", state, step.num_outputs()),
        ];
        for (what, given, limit) in limits {
            if given > limit {
                return Err(Kind::StepShape { what, given, limit }.into());
            }
        }
        Ok(Self::with(step, shared, state, is_summed))
    }

    fn with(step: Function<F>, shared: usize, state: usize, is_summed: bool) -> Self {
        let shape = Shape::of(&step, shared, state, is_summed);
        let piece = Piece::of(&step.program, shape);
        let (end, calls) = (None, Arc::default());
        Self { step, shape, piece, end, is_preaccumulated: false, calls }
    }

    /// The same with a function of the shared variables and the final state behind the last step.
    ///
    /// # Errors
    /// If it is no such function, or steps have outputs.
    pub(super) fn with_end(self, end: Function<F>) -> Result<Self, Error> {
        let inputs = self.shape.shared + self.shape.state;
        let limits = [
            ("variables of the end", end.num_variables(), inputs),
            ("shared variables and numbers of the state", inputs, end.num_variables()),
            ("data of the end", end.num_data(), 0),
            ("outputs of a step before an end", self.shape.outputs, 0),
        ];
        match limits.into_iter().find(|(_, given, limit)| given > limit) {
            Some((what, given, limit)) => Err(Kind::StepShape { what, given, limit }.into()),
            None => Ok(Self { end: Some(end), calls: Arc::default(), ..self }),
        }
    }
}

impl Shape {
    fn of<F: Real>(step: &Function<F>, shared: usize, state: usize, is_summed: bool) -> Self {
        Self {
            shared,
            state,
            variables: step.num_variables() - shared - state,
            data: step.num_data(),
            outputs: step.num_outputs() - state,
            is_summed,
            steps: 1,
        }
    }
}
