//! A function, or a loop, called on variables while something else is recorded.

use super::Function;
use super::derive::steps::Values;
use super::evaluate::guards::failure;
use super::program::decode::decode;
use super::scan::Scan;
use crate::error::{Error, check_length};
use crate::function::Policy;
use crate::record::Var;
use crate::scalar::Real;

impl<F: Real> Function<F> {
    /// Calls the function on variables of a recording, on a tape or for another function: its
    /// outputs are variables like any other.
    ///
    /// Its operations, as the optimiser left them, are recorded anew at each call; so there is no
    /// door, no derivative and no picture of the caller that a call could not go through. Its
    /// guards become guards of a function that is recorded. What the caller gives as a constant is
    /// one. Elementary functions are those of a tape here: within two units in the last place of
    /// what an evaluation of this function gives.
    ///
    /// # Errors
    /// If a slice has the wrong length, or a comparison comes out differently than when this
    /// function was recorded.
    ///
    /// # Panics
    /// If variables belong to different tapes, or the memory or a limit of the tape is exhausted.
    ///
    /// # Complexity
    /// That of recording the operations: time and memory of the caller grow with each call. A part
    /// that is repeated in a row is better a [`Scan`].
    ///
    /// # Example: on a tape, twice
    /// ```
    /// use wengert::{Function, Tape};
    /// let product = Function::record(&[1.0, 1.0], |x| x[0] * x[1]);
    /// let tape = Tape::new();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// let once = product.call(&[x, y], &[])?[0];
    /// let twice = product.call(&[once, x], &[])?[0];
    /// assert_eq!(twice.value(), 12.0);
    /// assert_eq!(twice.gradients().wrt(&[x, y]), [12.0, 4.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        check_length("the slice of variables", variables.len(), self.variables())?;
        check_length("the slice of data", data.len(), self.data())?;
        let draft = decode(&self.program);
        let values = Values::of(&draft, [variables, data].concat(), Var::constant);
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
}

impl<F: Real> Scan<F> {
    /// Calls the loop on variables of a recording, as [`Function::call`]: `steps` steps are
    /// recorded one after another.
    ///
    /// # Errors
    /// As [`Function::call`].
    ///
    /// # Panics
    /// As [`Function::call`].
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
            let mut next = step.call(&inputs, &data[i * given..(i + 1) * given])?;
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
