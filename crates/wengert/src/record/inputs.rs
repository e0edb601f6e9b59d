//! Inputs of a recording, and handles found again.

use super::Var;
use crate::error::{Error, expect};
use crate::index::NodeIndex;
use crate::ops::Op;
use crate::scalar::Scalar;
use crate::store::{NodeId, Tape};

impl<F: Scalar> Tape<F> {
    /// Records an input: a variable with respect to which gradients can be taken.
    ///
    /// # Panics
    /// If a limit or the memory is exhausted, or while a [`TapeView`](crate::view::TapeView) lives.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!(x.value(), 3.0);
    /// ```
    #[inline]
    #[track_caller]
    pub fn var(&self, value: F) -> Var<'_, F> {
        Var::push(self, Op::Input, value)
    }

    /// Records an input, or says why it cannot.
    ///
    /// # Errors
    /// If a limit or the memory is exhausted, or while a [`TapeView`](crate::view::TapeView) lives.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.try_var(3.0)?;
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn try_var(&self, value: F) -> Result<Var<'_, F>, Error> {
        Var::try_push(self, Op::Input, value)
    }

    /// Records one input for each value.
    ///
    /// # Panics
    /// As [`Tape::var`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.vars(&[1.0, 2.0, 3.0]);
    /// assert_eq!((x[0] * x[2]).gradients().wrt(&x), [3.0, 0.0, 1.0]);
    /// ```
    #[track_caller]
    pub fn vars(&self, values: &[F]) -> Vec<Var<'_, F>> {
        let first = expect(self.try_inputs(values));
        Var::recorded_from(self, first, values)
    }

    /// Records one input for each value of an array, with no allocation for the handles.
    ///
    /// # Panics
    /// As [`Tape::var`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([1.0, 2.0]);
    /// assert_eq!((x / y).gradients()[x], 0.5);
    /// ```
    #[track_caller]
    pub fn var_array<const N: usize>(&self, values: [F; N]) -> [Var<'_, F>; N] {
        if const { N <= 4 } {
            let mut vars = [Var::constant(F::zero()); N];
            // No closure, whose place would be that of the inputs.
            for (var, value) in vars.iter_mut().zip(values) {
                *var = self.var(value);
            }
            return vars;
        }
        // PERF: room is looked for once, and handles are written where the caller wants them.
        let first = expect(self.try_inputs(&values)).index();
        let var = |i| Var::recorded(self, NodeIndex::at(first + i), values[i]);
        std::array::from_fn(var)
    }

    /// The variable of a node that is still on the tape: how a handle is found again after a
    /// [`rewind`](Tape::rewind). `None` if the node is one of another tape, or a reset or rewind
    /// has dropped it, whatever stands in its place now.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// let kept = tape.var(3.0).id().unwrap();
    /// let mark = tape.mark();
    /// let dropped = tape.var(4.0).id().unwrap();
    /// tape.rewind(mark)?;
    /// let another = tape.var(5.0).id().unwrap();
    /// assert_eq!(tape.get(kept).unwrap().value(), 3.0);
    /// assert_eq!(dropped.index(), another.index());
    /// assert!(tape.get(dropped).is_none());
    /// assert!(wengert::Tape::new().get(kept).is_none());
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, id: NodeId) -> Option<Var<'_, F>> {
        let node = self.find(id)?;
        Some(Var::recorded(self, node, self.value_of(node)))
    }
}
