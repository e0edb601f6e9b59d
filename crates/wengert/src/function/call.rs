//! A function, or a loop, called on variables while something else is recorded.

use super::Function;
use super::derive::steps::Values;
use super::evaluate::guards::failure;
use super::evaluate::inputs::Inputs;
use super::evaluate::workspace::Workspace;
use super::program::decode::decode;
use super::scan::Scan;
use crate::error::{Error, check_length};
use crate::function::Policy;
use crate::record::Var;
use crate::scalar::Real;
use crate::store::{Node, Tape};
use smallvec::SmallVec;

impl<F: Real> Function<F> {
    /// Calls the function on variables of a recording, on a tape or for another function: its
    /// outputs are variables like any other.
    ///
    /// On a tape each output is one node, whatever the length of the function. The values and their
    /// partial derivatives are found by replay, in memory that the function keeps between calls,
    /// and the sweep uses the partial derivatives as they are: see
    /// [`Var::preaccumulate`], which says what becomes of second derivatives. The operations are
    /// recorded, as by [`Function::inline`], where that says they have to be; where that takes fewer
    /// bytes, as of a function with many inputs and many outputs; and where one of `data` is a
    /// variable.
    ///
    /// In the recording of another function the operations are recorded, and the guards become its
    /// guards. What the caller gives as a constant is one.
    ///
    /// # Errors
    /// If a slice has the wrong length, or a comparison comes out differently than when this
    /// function was recorded.
    ///
    /// # Panics
    /// If variables belong to different tapes, or the memory or a limit of the tape is exhausted.
    ///
    /// # Complexity
    /// On a tape an evaluation and a sweep for each output, and the bytes of
    /// [`Var::preaccumulate`]. Otherwise that of recording the operations. A part that is repeated in
    /// a row is better a [`Scan`].
    ///
    /// # Example: on a tape, twice
    /// ```
    /// use wengert::{Function, Tape};
    /// let wave = Function::record(&[1.0, 1.0], |x| (x[0] * x[1]).sin() + (x[0] - x[1]).cos());
    /// let tape = Tape::new();
    /// let [x, y] = tape.var_array([0.0, 0.0]);
    /// let once = wave.call(&[x, y], &[])?[0];
    /// let twice = wave.call(&[once, x], &[])?[0];
    /// assert_eq!(tape.len(), 4);
    /// assert_eq!(once.value(), 1.0);
    /// assert!((twice.gradients()[x] - (1.0 + 1.0_f64.sin())).abs() < 1e-15);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        match Var::tape_of_part(variables) {
            Some(tape) if self.is_short_as_nodes() && data.iter().all(Var::is_constant) => {
                self.call_as_nodes(tape, variables, data)
            }
            _ => self.inline(variables, data),
        }
    }

    /// As [`Function::call`], but the operations, as the optimiser left them, are recorded anew, on
    /// a tape too: so there is no door, no derivative and no picture of the caller that they could
    /// not go through. Elementary functions are those of a tape: within two units in the last place
    /// of what an evaluation of this function gives.
    ///
    /// # Errors
    /// As [`Function::call`]. Of a function that records its paths, only the first is known here.
    ///
    /// # Panics
    /// As [`Function::call`].
    ///
    /// # Complexity
    /// That of recording the operations: time and memory of the caller grow with each call.
    ///
    /// # Example: derivatives of derivatives on a tape
    /// ```
    /// use wengert::{Function, Tape};
    /// let cube = Function::record(&[1.0], |x| x[0] * x[0] * x[0]);
    /// let tape = Tape::new();
    /// let x = tape.var(2.0);
    /// let slope = cube.inline(&[x], &[])?[0].derivatives(&[x])[0];
    /// assert_eq!((slope.value(), slope.gradients()[x]), (12.0, 12.0));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn inline<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        check_length("the slice of variables", variables.len(), self.variables())?;
        check_length("the slice of data", data.len(), self.data())?;
        let draft = decode(&self.program);
        let values = Values::of(&draft, [variables, data].concat(), Var::constant)?;
        if self.policy != Policy::Ignore {
            for (guard, known) in draft.guards.iter().zip(&self.program.guards) {
                let [x, y] = guard.operands.map(|source| values.at(source));
                let now = (x.value(), y.value());
                if !guard.comparison.agrees(guard.then, now) {
                    return Err(failure(known, now, None, None));
                }
                x.note(guard.comparison, &y);
            }
        }
        Ok(draft.outputs.iter().map(|&output| values.at(output)).collect())
    }

    /// Whether nodes with all partial derivatives take no more bytes than the operations.
    fn is_short_as_nodes(&self) -> bool {
        let node = size_of::<Node<F>>();
        let operands = self.variables() * (size_of::<u32>() + size_of::<F>());
        self.outputs().saturating_mul(node + operands) <= self.len() * node
    }

    /// A node for each output, with its partial derivatives.
    #[track_caller]
    fn call_as_nodes<'t>(
        &self,
        tape: &'t Tape<F>,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        let values = |vars: &[Var<'t, F>]| vars.iter().map(|var| var.value).collect();
        let point: SmallVec<[F; 8]> = values(variables);
        let given: SmallVec<[F; 8]> = values(data);
        let inputs = Inputs { variables: &point, data: &given };
        self.spare.with(
            || Box::new(self.workspace()),
            |workspace| self.nodes(tape, variables, inputs, workspace),
        )
    }

    #[track_caller]
    fn nodes<'t>(
        &self,
        tape: &'t Tape<F>,
        variables: &[Var<'t, F>],
        inputs: Inputs<'_, F>,
        workspace: &mut Workspace<F>,
    ) -> Result<Vec<Var<'t, F>>, Error> {
        let (program, space) = self.evaluate(workspace, inputs)?;
        let mut row: SmallVec<[F; 8]> = SmallVec::from_elem(F::zero(), variables.len());
        let mut outputs = Vec::with_capacity(program.outputs.len());
        for &output in &program.outputs {
            let (slot, value) = (output as usize, space.slots[output as usize]);
            if slot < program.first_result() {
                let input = variables.get(slot).copied();
                outputs.push(input.unwrap_or_else(|| Var::constant(value)));
                continue;
            }
            // As of operations one by one, whether a NaN counts is decided behind the call.
            space.pull_back(program, self.arch, &mut row, |space| space.adjoints[slot] += F::one());
            let partials = variables.iter().zip(&row);
            let partials = partials.filter_map(|(x, &partial)| Some((x.index()?, partial)));
            outputs.push(Var::preaccumulated(tape, value, partials));
        }
        Ok(outputs)
    }
}

impl<F: Real> Scan<F> {
    /// Calls the loop on variables of a recording, as [`Function::inline`]: `steps` steps are
    /// recorded one after another.
    ///
    /// # Errors
    /// As [`Function::inline`].
    ///
    /// # Panics
    /// As [`Function::inline`].
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
        check_length("the slice of variables", variables.len(), self.variables(steps))?;
        check_length("the slice of data", data.len(), self.data(steps))?;
        let (step, shared) = (self.step(), self.shared());
        let (fixed, rows) = variables.split_at(shared + self.state());
        let (shared, state) = fixed.split_at(shared);
        let (own, given) = (step.variables() - fixed.len(), step.data());
        let (mut state, mut outputs) = (state.to_vec(), Vec::with_capacity(steps));
        for i in 0..steps {
            let row = &rows[i * own..(i + 1) * own];
            let inputs = [shared, &state, row].concat();
            let mut next = step.inline(&inputs, &data[i * given..(i + 1) * given])?;
            outputs.push(next.split_off(state.len()));
            state = next;
        }
        if self.is_summed() {
            let column = |j: usize| outputs.iter().map(|row| row[j]).collect::<Vec<_>>();
            return Ok((0..self.outputs(steps)).map(|j| Var::sum(&column(j))).collect());
        }
        Ok([state, outputs.concat()].concat())
    }
}
