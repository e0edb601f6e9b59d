//! The tape of numbers without a lifetime.

use super::Active;
use crate::error::{Error, expect};
use crate::ops::Op;
use crate::record::Var;
use crate::scalar::Real;
use crate::store::{Activated, Mark, NodeId, Session, Tape, enter, leave, renew};
use std::rc::Rc;

/// A tape that the numbers of one thread find by themselves: see [`Active`]. Made by
/// [`Tape::activate`]; what it shows of its recording is that of the [`Tape`] it holds.
///
/// Several may be active at once, and are dropped in any order. One that is forgotten
/// ([`std::mem::forget`]) stays active until its thread ends.
///
/// # Example
/// ```
/// use wengert::Tape;
/// let mut tape = Tape::new().activate();
/// for x0 in [1.0, 2.0] {
///     tape.reset();
///     let x = tape.var(x0);
///     assert_eq!((x * x).gradients()[x], 2.0 * x0);
/// }
/// assert_eq!(tape.deactivate().len(), 2);
/// ```
#[derive(Debug)]
pub struct ActiveTape<F: Real = f64>(Option<Rc<Activated<F>>>);

impl<F: Real> Tape<F> {
    /// Makes the tape active on this thread, so that its numbers find it: see [`Active`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// let x = tape.var(3.0);
    /// assert_eq!((x * x).gradients()[x], 6.0);
    /// ```
    #[must_use = "the tape is active for as long as this is kept"]
    pub fn activate(self) -> ActiveTape<F> {
        ActiveTape(Some(enter(Session::next(), self)))
    }
}

impl<F: Real> ActiveTape<F> {
    /// Hands the tape out, with its recording. The numbers of this one are stale from now on; what
    /// they recorded is found by its [`NodeId`].
    ///
    /// # Example
    /// ```
    /// let active = wengert::Tape::new().activate();
    /// let (x, id) = (active.var(3.0), active.var(4.0).id().unwrap());
    /// let tape = active.deactivate();
    /// assert!(x.check().unwrap_err().is_stale());
    /// assert_eq!(tape.get(id).unwrap().value(), 4.0);
    /// ```
    pub fn deactivate(mut self) -> Tape<F> {
        leave(self.take())
    }

    /// Forgets the recording and keeps its memory: see [`Tape::reset`]. Numbers of before are
    /// stale, and using one panics.
    ///
    /// # Example
    /// ```should_panic
    /// let mut tape = wengert::Tape::new().activate();
    /// let x = tape.var(3.0);
    /// tape.reset();
    /// let _ = x * x;
    /// ```
    pub fn reset(&mut self) {
        self.renew(Tape::reset);
    }

    /// Drops what was recorded after `mark` and keeps the memory: see [`Tape::rewind`]. Numbers of
    /// before are stale, also those that stood at the mark: [`ActiveTape::get`] finds them again.
    ///
    /// # Errors
    /// As [`Tape::rewind`]; then nothing changes.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new().activate();
    /// let kept = tape.var(2.0).id().unwrap();
    /// let mark = tape.mark();
    /// tape.var(3.0);
    /// tape.rewind(mark)?;
    /// assert_eq!(tape.get(kept).unwrap().value(), 2.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn rewind(&mut self, mark: Mark) -> Result<(), Error> {
        // What is wrong with the mark is found before numbers are stale.
        self.active().tape.check_mark(mark)?;
        self.renew(|tape| tape.rewind(mark))
    }

    /// Records an input: see [`Tape::var`].
    ///
    /// # Panics
    /// As [`Tape::var`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// assert_eq!(tape.var(3.0).value(), 3.0);
    /// ```
    #[inline]
    #[track_caller]
    pub fn var(&self, value: F) -> Active<F> {
        self.number(Var::push(&self.active().tape, Op::Input, value))
    }

    /// Records an input, or says why it cannot.
    ///
    /// # Errors
    /// As [`Tape::try_var`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::with_limit(0).activate();
    /// assert!(tape.try_var(3.0).unwrap_err().is_limit());
    /// ```
    #[track_caller]
    pub fn try_var(&self, value: F) -> Result<Active<F>, Error> {
        Ok(self.number(Var::try_push(&self.active().tape, Op::Input, value)?))
    }

    /// Records one input for each value.
    ///
    /// # Panics
    /// As [`Tape::var`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// let x = tape.vars(&[1.0, 2.0, 3.0]);
    /// assert_eq!((x[0] * x[2]).gradients().wrt(&x), [3.0, 0.0, 1.0]);
    /// ```
    #[track_caller]
    pub fn vars(&self, values: &[F]) -> Vec<Active<F>> {
        let Activated { session, tape } = self.active();
        let first = expect(tape.try_inputs(values));
        Active::recorded_from(*session, first, values)
    }

    /// Records one input for each value of an array.
    ///
    /// # Panics
    /// As [`Tape::var`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// let [x, y] = tape.var_array([1.0, 2.0]);
    /// assert_eq!((x / y).gradients()[x], 0.5);
    /// ```
    #[track_caller]
    pub fn var_array<const N: usize>(&self, values: [F; N]) -> [Active<F>; N] {
        let mut numbers = [Active::default(); N];
        for (number, value) in numbers.iter_mut().zip(values) {
            *number = self.var(value);
        }
        numbers
    }

    /// The number of a node that is still on the tape: see [`Tape::get`].
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new().activate();
    /// let id = tape.var(3.0).id().unwrap();
    /// assert_eq!(tape.get(id).unwrap().value(), 3.0);
    /// tape.reset();
    /// assert!(tape.get(id).is_none());
    /// ```
    #[must_use]
    pub fn get(&self, id: NodeId) -> Option<Active<F>> {
        self.active().tape.get(id).map(|var| self.number(var))
    }

    /// The variable that is the same node as a number of this tape, for what takes variables
    /// ([`Tape::pullback`], [`Tape::pushforward`]).
    ///
    /// # Errors
    /// If the number is not of this tape, or stale.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// let output = tape.borrowed(x * y)?;
    /// let gradients = tape.pullback(&[(output, 10.0)])?;
    /// assert_eq!(gradients.wrt(&[x, y]), [30.0, 20.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn borrowed(&self, number: Active<F>) -> Result<Var<'_, F>, Error> {
        let Activated { session, tape } = self.active();
        match number.session {
            None => Ok(Var::constant(number.value)),
            Some(own) if own == *session => Ok(Var::recorded(tape, number.index, number.value)),
            Some(_) => Err(super::misplaced(number)),
        }
    }

    fn active(&self) -> &Activated<F> {
        self.0.as_ref().expect("it is taken only for as long as a method runs")
    }

    /// Changes the tape, of which all numbers are stale from then on.
    fn renew<R>(&mut self, change: impl FnOnce(&mut Tape<F>) -> R) -> R {
        renew(self.0.as_mut().expect("it is taken only for as long as a method runs"), change)
    }

    fn take(&mut self) -> Rc<Activated<F>> {
        self.0.take().expect("it is taken only for as long as a method runs")
    }

    /// A variable of this tape as a number.
    fn number(&self, var: Var<'_, F>) -> Active<F> {
        Active { session: Some(self.active().session), index: var.raw_index(), value: var.value }
    }
}

impl<F: Real> std::ops::Deref for ActiveTape<F> {
    type Target = Tape<F>;
    fn deref(&self) -> &Tape<F> {
        &self.active().tape
    }
}

impl<F: Real> Drop for ActiveTape<F> {
    fn drop(&mut self) {
        if let Some(active) = self.0.take() {
            drop(leave(active));
        }
    }
}
