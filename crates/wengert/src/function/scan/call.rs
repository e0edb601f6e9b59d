//! A loop called on variables while something else is recorded.

use super::Scan;
use super::called::Looped;
use crate::error::{Error, expect};
use crate::function::Function;
use crate::function::callee::Callee;
use crate::function::known::callee;
use crate::function::program::decode::decode;
use crate::function::replay::steps::Shape;
use crate::operation::{Called, Operation};
use crate::record::Var;
use crate::scalar::Real;
use std::sync::{Arc, PoisonError, Weak};

impl<F: Real> Scan<F> {
    /// Calls the loop on variables of a recording, on a tape or for another function: its outputs
    /// are variables like any other.
    ///
    /// A loop of [`WHOLE`](Function::WHOLE) operations or more, all its steps together, is one
    /// operation, as by [`Scan::call_as_one`], if it can be: if steps hand out nothing that is not
    /// summed, and compare nothing. Of another one `steps` steps are recorded one after another, as
    /// by [`Scan::inline`].
    ///
    /// # Errors
    /// If a slice has the wrong length, a comparison comes out differently than when the step was
    /// recorded, or an operation of a user's own fails.
    ///
    /// # Panics
    /// If variables belong to different tapes, or the memory or a limit of the tape is exhausted.
    ///
    /// # Example: what becomes of a loop's final state, as one function
    /// ```
    /// use wengert::{Function, Scan};
    /// let powers = Scan::builder().shared(&[2.0]).state(&[1.0]).record(|step| {
    ///     (vec![step.shared[0] * step.state[0]], vec![])
    /// });
    /// let f = Function::record(&[2.0, 1.0], |x| {
    ///     powers.call(3, x, &[]).expect("there is no comparison")[0].ln()
    /// });
    /// let mut gradient = [0.0; 2];
    /// f.gradient(&mut f.workspace(), &[2.0, 1.0], &mut gradient)?;
    /// assert_eq!(gradient, [1.5, 1.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call<'t>(
        &self,
        steps: usize,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        let is_long = steps.saturating_mul(self.step().len()) >= Function::<F>::WHOLE;
        if is_long && self.can_be_one() {
            self.call_as_one(steps, variables, data)
        } else {
            self.inline(steps, variables, data)
        }
    }

    /// As [`Scan::call`], but it is recorded as one operation, however short it is, on a tape and in
    /// a function's recording.
    ///
    /// The program of a step is kept once, in the caller and in the caller's file, however many steps
    /// there are and however often the loop is called. An evaluation goes through them by replay, in
    /// batches several samples at once. A reverse sweep evaluates them again, and keeps states and
    /// values in 64 MiB at most (unless one state takes more than half of that): where those of all
    /// steps do not fit, checkpoints lie as [`Scan::workspace_within`] says. First and second
    /// derivatives go through it; for those of a higher order that are recorded, for series,
    /// patterns and pictures it is taken apart, as a function is ([`Function::call_as_one`]).
    ///
    /// Where it cannot be one operation, since steps compare or hand out numbers one by one, each
    /// step is one, of which the program is kept once too; guards become guards of the caller, with
    /// their lines.
    ///
    /// # Errors
    /// As [`Scan::call`]; also if calls lie more than 64 deep in each other, or the steps make more
    /// operations than a function can have.
    ///
    /// # Panics
    /// As [`Scan::call`].
    ///
    /// # Complexity
    /// A node for each input and for each output. On a tape an evaluation, and in the sweep an
    /// evaluation and a sweep of the loop.
    ///
    /// # Example: a million steps, and two nodes on the tape
    /// ```
    /// use wengert::{Scan, Tape};
    /// let decay = Scan::builder().state(&[1.0]).record(|step| {
    ///     (vec![step.state[0] * (1.0 - 1e-6)], vec![])
    /// });
    /// let tape = Tape::new();
    /// let x = tape.var(1.0);
    /// let y = decay.call_as_one(1_000_000, &[x], &[])?[0];
    /// assert_eq!(tape.len(), 2);
    /// assert!((y.gradients()[x] - (-1.0_f64).exp()).abs() < 1e-6);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call_as_one<'t>(
        &self,
        steps: usize,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        if !self.can_be_one() {
            Var::common_tape(&[variables, data].concat())?;
            return self.by_steps(steps, variables, data, true);
        }
        self.check_counts(steps, variables.len(), data.len())?;
        let operation: Arc<dyn Operation> = self.looped(steps)?;
        let (fixed, rows) = variables.split_at(self.shared() + self.state());
        let mut inputs = fixed.to_vec();
        for i in 0..steps {
            inputs.extend_from_slice(row(rows, i, self.own()));
            inputs.extend_from_slice(row(data, i, self.step().num_data()));
        }
        Var::try_call_of(Called::new(&operation, inputs.len())?, &inputs)
    }

    /// As [`Scan::call`], but `steps` steps are recorded one after another, as by
    /// [`Function::inline`]: there is no door, no derivative and no picture of the caller that they
    /// could not go through.
    ///
    /// # Errors
    /// As [`Scan::call`].
    ///
    /// # Panics
    /// As [`Scan::call`].
    ///
    /// # Complexity
    /// That of recording all operations: time and memory of the caller grow with the steps.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Scan};
    /// let sines = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0].sin()], vec![]));
    /// let f = Function::record(&[1.0], |x| {
    ///     sines.inline(300, x, &[]).expect("there is no comparison")[0]
    /// });
    /// assert_eq!(f.len(), 300);
    /// ```
    #[track_caller]
    pub fn inline<'t>(
        &self,
        steps: usize,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        expect(Var::common_tape(&[variables, data].concat()));
        self.by_steps(steps, variables, data, false)
    }

    /// Calls the step as often as there are steps, and then what comes behind the last, each as one
    /// operation or not. Who calls has seen that all is of one tape, so that no step is recorded
    /// where a later one cannot be.
    #[track_caller]
    fn by_steps<'t>(
        &self,
        steps: usize,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
        as_one: bool,
    ) -> Result<Vec<Var<'t, F>>, Error> {
        self.check_counts(steps, variables.len(), data.len())?;
        let (shared, own) = variables.split_at(self.shared());
        let (state, rows) = own.split_at(self.state());
        let (mut state, mut outputs) = (state.to_vec(), Vec::with_capacity(steps));
        for i in 0..steps {
            let inputs = [shared, &state, row(rows, i, self.own())].concat();
            let given = row(data, i, self.step().num_data());
            let mut next = self.step().call_as(as_one, &inputs, given)?;
            outputs.push(next.split_off(state.len()));
            state = next;
        }
        if let Some(end) = self.end() {
            return end.call_as(as_one, &[shared, &state].concat(), &[]);
        }
        if self.is_summed() {
            let column = |j: usize| outputs.iter().map(|row| row[j]).collect::<Vec<_>>();
            return Ok((0..self.num_outputs(steps)).map(|j| Var::sum(&column(j))).collect());
        }
        Ok([state, outputs.concat()].concat())
    }

    /// The operation of so many steps, one for all recordings that have it.
    ///
    /// # Errors
    /// If calls lie too deep in each other, or there are more steps than an operation can make.
    fn looped(&self, steps: usize) -> Result<Arc<Looped<F>>, Error> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let mut loops = calls.loops.iter().filter_map(Weak::upgrade);
        if let Some(looped) = loops.find(|looped| looped.cut()[0] == steps) {
            return Ok(looped);
        }
        drop(loops);
        // One program serves all numbers of steps.
        let step = match &calls.step {
            Some(step) => Arc::clone(step),
            None => {
                calls.end = self.end.as_ref().map(own_callee).transpose()?;
                Arc::clone(calls.step.insert(own_callee(&self.step)?))
            }
        };
        let Shape { shared, state, is_summed, .. } = self.shape;
        let end = calls.end.clone();
        let looped = Arc::new(Looped::of(step, end, [shared, state], is_summed, steps)?);
        calls.loops.retain(|looped| looped.strong_count() > 0);
        calls.loops.push(Arc::downgrade(&looped));
        Ok(looped)
    }

    /// The numbers of variables that each step has of its own.
    fn own(&self) -> usize {
        self.step().num_variables() - self.shared() - self.state()
    }
}

/// The row of a step.
fn row<T>(rows: &[T], step: usize, length: usize) -> &[T] {
    &rows[step * length..(step + 1) * length]
}

/// A step, or what comes behind the last, as a function of variables alone.
fn own_callee<F: Real>(function: &Function<F>) -> Result<Arc<Callee<F>>, Error> {
    let mut draft = decode(&function.program);
    draft.take_data_as_variables();
    draft.guards.clear();
    callee(&function.name, &draft).map(Arc::new)
}
