//! What a sweep finds, read by variable.

use crate::error::{Error, Kind, expect, fail};
use crate::index::NodeIndex;
use crate::record::Var;
use crate::scalar::Scalar;
use crate::store::{Mark, NodeId, Tape, TapeView};
use crate::sweep;
use show::Shown;
use std::fmt;
use std::ops::{Index, IndexMut};

mod active;
mod doors;
mod many;
mod parameters;
mod partial;
mod show;
mod tangents;

use active::Sealed;
pub use active::Variable;
pub use tangents::Tangents;

/// One number for each node of a recording, with what tells whether a variable belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct PerNode<F> {
    /// The tape, by identity; 0 where the derivative is that of a constant, with no tape.
    tape: u64,
    /// The resets and rewinds that the tape had seen.
    moment: u64,
    numbers: Vec<F>,
    /// How many of them, from the first on, wait for a sweep that goes on below a mark; those
    /// behind have handed on what they had.
    waiting: usize,
    /// Working memory of n-ary operations.
    scratch: Vec<F>,
    /// What is read where the output was a constant.
    zero: F,
}

impl<F: Scalar> PerNode<F> {
    fn new() -> Self {
        let (numbers, scratch) = (Vec::new(), Vec::new());
        Self { tape: 0, moment: 0, numbers, waiting: 0, scratch, zero: F::zero() }
    }

    /// Zeros for all nodes of `tape`, or none without one, in the memory that is there.
    ///
    /// # Errors
    /// If there is no memory for them; then nothing changes.
    fn clear(&mut self, tape: Option<&Tape<F>>) -> Result<(), Error> {
        self.keep(tape, 0)
    }

    /// As `clear`, but the first `kept` numbers stay, and wait.
    ///
    /// # Errors
    /// If there is no memory for them; then nothing changes.
    fn keep(&mut self, tape: Option<&Tape<F>>, kept: usize) -> Result<(), Error> {
        let len = tape.map_or(0, Tape::len);
        let additional = len.saturating_sub(self.numbers.len());
        if self.numbers.try_reserve(additional).is_err() {
            let exactly = self.numbers.try_reserve_exact(additional);
            exactly.map_err(|_| Kind::NoMemoryForDerivatives { bytes: len * size_of::<F>() })?;
        }
        (self.tape, self.moment) = tape.map_or((0, 0), |t| (t.identity(), t.history().moment()));
        self.numbers.truncate(kept);
        self.numbers.resize(len, F::zero());
        self.waiting = kept;
        Ok(())
    }

    /// The position of a variable, or why it has none here.
    #[inline]
    fn position(&self, var: Var<'_, F>) -> Result<usize, Error> {
        let (tape, id) = var.place().ok_or(Kind::Constant)?;
        self.check(tape, id)?;
        Ok(id.index())
    }

    /// Whether these are numbers of this tape, and nothing was cut from it since.
    #[inline]
    fn is_of(&self, tape: &Tape<F>) -> bool {
        self.tape == tape.identity() && self.moment == tape.history().moment()
    }

    /// Whether the number of node `id` is here and still means that node.
    #[inline]
    fn check(&self, tape: &Tape<F>, id: NodeIndex) -> Result<(), Error> {
        if self.is_of(tape) && id.index() < self.numbers.len() {
            return Ok(());
        }
        self.check_closely(tape, id)
    }

    /// As `check`, where the tape was cut since, or something is wrong.
    #[cold]
    fn check_closely(&self, tape: &Tape<F>, id: NodeIndex) -> Result<(), Error> {
        if self.tape != tape.identity() {
            Err(Kind::ForeignGradients.into())
        } else if !tape.history().is_unchanged(id, self.moment) {
            Err(Kind::StaleGradients.into())
        } else if id.index() >= self.numbers.len() {
            let (node, swept) = (id.index(), self.numbers.len());
            Err(Kind::RecordedLater { node, swept }.into())
        } else {
            Ok(())
        }
    }

    #[inline]
    fn get(&self, var: Var<'_, F>) -> Result<&F, Error> {
        if self.tape == 0 && !var.is_constant() {
            return Ok(&self.zero);
        }
        self.position(var).map(|position| &self.numbers[position])
    }

    /// Reads the numbers of several variables. PERF: a tape is looked at once for all of them.
    fn get_all(&self, vars: &[Var<'_, F>], numbers: &mut [F]) -> Result<(), Error> {
        let tape = vars.first().and_then(Var::tape).filter(|tape| self.is_of(tape));
        for (number, &var) in numbers.iter_mut().zip(vars) {
            let known = self.numbers.get(var.raw_index().index());
            *number = match (tape, known) {
                (Some(tape), Some(&known)) if var.is_on(tape) => known,
                _ => *self.get(var)?,
            };
        }
        Ok(())
    }
}

/// Adjoints: the derivatives of one or several outputs with respect to every node below them.
///
/// Made by [`Var::gradients`] or [`Tape::pullback`], or by hand from [`Gradients::zeros`]; read
/// by variable. The memory can be used for the next sweep ([`Var::gradients_into`]). It does not
/// borrow the tape, and knows whether the tape has been reset since.
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let [x, y] = tape.var_array([2.0, 3.0]);
/// let z = x * y + x;
/// let gradients = z.gradients();
/// assert_eq!((gradients[x], gradients[y]), (4.0, 2.0));
/// assert_eq!(gradients.wrt(&[x, y]), [4.0, 2.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Gradients<F = f64>(PerNode<F>);

impl<F: Scalar> Default for Gradients<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F: Scalar> Gradients<F> {
    /// The bytes of memory that are held, used or not.
    pub(crate) fn memory_usage(&self) -> usize {
        (self.0.numbers.capacity() + self.0.scratch.capacity()) * size_of::<F>()
    }

    /// Memory for a sweep, empty until [`Var::gradients_into`] or [`Tape::pullback_into`] fills
    /// it. Reading it before gives zeros, the derivatives of no output.
    ///
    /// # Example
    /// ```
    /// use wengert::{Gradients, Tape};
    /// let mut gradients = Gradients::new();
    /// let tape = Tape::new();
    /// let x = tape.var(3.0);
    /// (x * x).gradients_into(&mut gradients);
    /// assert_eq!(gradients[x], 6.0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self(PerNode::new())
    }

    /// Zeros for all nodes that are on the tape, to be set by hand; what is set can be swept on
    /// from there by [`Tape::pullback_to`].
    ///
    /// # Panics
    /// If there is no memory for them.
    ///
    /// # Example: the chain rule worked by hand
    /// ```
    /// use wengert::{Gradients, Tape};
    /// let tape = Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * x;
    /// let mut by_hand = Gradients::zeros(&tape);
    /// by_hand[y] = 1.0;
    /// by_hand[x] = by_hand[y] * x.value() + by_hand[y] * x.value();
    /// assert_eq!(by_hand[x], y.gradients()[x]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn zeros(tape: &Tape<F>) -> Self {
        let mut gradients = Self::new();
        expect(gradients.0.clear(Some(tape)));
        gradients.0.waiting = tape.len();
        gradients
    }

    /// The derivative with respect to a variable, or why there is none.
    ///
    /// # Errors
    /// If the variable belongs to another tape or was recorded after the sweep, if the tape was
    /// reset or rewound since, or if the variable is a constant.
    ///
    /// # Example
    /// ```
    /// use wengert::Var;
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let gradients = (x * x).gradients();
    /// assert_eq!(gradients.get(x), Ok(6.0));
    /// assert!(gradients.get(tape.var(1.0)).unwrap_err().is_stale());
    /// assert!(gradients.get(Var::constant(1.0)).is_err());
    /// ```
    pub fn get(&self, var: impl Variable<F>) -> Result<F, Error> {
        var.find(self).copied()
    }

    /// A variable as it prints, with its gradient behind it; `no gradient` where
    /// [`Gradients::get`] gives an error.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0).label("x");
    /// let gradients = (x * x).gradients();
    /// assert_eq!(gradients.show(x).to_string(), "n0 \"x\" = 3.0, gradient 6.0");
    /// ```
    #[must_use]
    pub fn show<'a>(&self, var: Var<'a, F>) -> impl fmt::Display + fmt::Debug + use<'a, F> {
        Shown { var, gradient: self.get(var).ok() }
    }

    /// The derivatives with respect to some variables, in their order.
    ///
    /// # Panics
    /// Where [`Gradients::get`] gives an error for one of them.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.vars(&[2.0, 3.0]);
    /// assert_eq!((x[0] * x[1]).gradients().wrt(&x), [3.0, 2.0]);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn wrt(&self, vars: &[impl Variable<F>]) -> Vec<F> {
        let mut derivatives = vec![F::zero(); vars.len()];
        self.wrt_into(vars, &mut derivatives);
        derivatives
    }

    /// Writes the derivatives with respect to some variables into a slice of their number.
    ///
    /// # Panics
    /// As [`Gradients::wrt`], and if the lengths differ.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var_array([2.0, 3.0]);
    /// let mut derivatives = [0.0; 2];
    /// (x[0] * x[1]).gradients().wrt_into(&x, &mut derivatives);
    /// assert_eq!(derivatives, [3.0, 2.0]);
    /// ```
    #[track_caller]
    pub fn wrt_into(&self, vars: &[impl Variable<F>], derivatives: &mut [F]) {
        if vars.len() != derivatives.len() {
            let (given, wanted) = (derivatives.len(), vars.len());
            fail(Kind::Length { what: "the slice to fill", given, wanted }.into());
        }
        expect(Sealed::find_all(vars, self, derivatives));
    }

    /// All adjoints with their nodes, in recording order, of the recording that a view shows.
    ///
    /// # Errors
    /// As [`Gradients::check`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let gradients = (x * x).gradients();
    /// let all = gradients.iter(&tape.view())?;
    /// let text: Vec<String> = all.map(|(id, g)| format!("{id}: {g}")).collect();
    /// assert_eq!(text, ["n0: 6", "n1: 1"]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn iter<'t>(
        &self,
        view: &TapeView<'t, F>,
    ) -> Result<impl ExactSizeIterator<Item = (NodeId, F)> + use<'_, 't, F>, Error> {
        self.check(view.mark())?;
        Ok(view.ids().zip(self.0.numbers.iter().copied()))
    }

    /// Whether these are derivatives of the nodes that stood on a tape when a mark was made:
    /// what is asked before adjoints by position ([`Gradients::as_slice`]) are put beside nodes.
    /// Those of a constant are zeros on every tape.
    ///
    /// # Errors
    /// If they are of another tape, of nodes that were recorded after the mark, or if the tape
    /// was reset or rewound between the sweep and the mark.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let gradients = (x * x).gradients();
    /// assert_eq!(gradients.check(tape.mark()), Ok(()));
    /// assert!(gradients.check(wengert::Tape::new().mark()).unwrap_err().is_foreign());
    /// tape.reset();
    /// assert!(gradients.check(tape.mark()).unwrap_err().is_stale());
    /// ```
    pub fn check(&self, mark: Mark) -> Result<(), Error> {
        let PerNode { tape, moment, ref numbers, .. } = self.0;
        let (swept, marked) = (numbers.len(), mark.nodes);
        match tape {
            0 => Ok(()),
            _ if tape != mark.tape => Err(Kind::ForeignGradients.into()),
            _ if moment != mark.moment => Err(Kind::StaleGradients.into()),
            _ if swept > marked => Err(Kind::MarkedEarlier { swept, marked }.into()),
            _ => Ok(()),
        }
    }

    /// All adjoints in recording order, those of intermediate nodes among them.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// assert_eq!((x * x).gradients().as_slice(), [6.0, 1.0]);
    /// ```
    #[must_use]
    pub fn as_slice(&self) -> &[F] {
        &self.0.numbers
    }

    /// The adjoints of `len` nodes from `first` on, checked as a variable would be.
    pub(crate) fn range(&self, tape: &Tape<F>, first: usize, len: usize) -> Result<&[F], Error> {
        let Some(last) = (first + len).checked_sub(1).filter(|_| len > 0) else {
            return Ok(&[]);
        };
        if self.0.tape == 0 {
            return Err(Kind::ConstantOutput.into());
        }
        self.0.check(tape, NodeIndex::at(last))?;
        Ok(&self.0.numbers[first..=last])
    }
}

impl<F: Scalar> Index<Var<'_, F>> for Gradients<F> {
    type Output = F;
    /// The derivative with respect to a variable; panics where [`Gradients::get`] gives an
    /// error.
    #[track_caller]
    fn index(&self, var: Var<'_, F>) -> &F {
        expect(self.0.get(var))
    }
}

impl<F: Scalar> IndexMut<Var<'_, F>> for Gradients<F> {
    /// The adjoint to set by hand; panics where [`Gradients::get`] gives an error.
    #[track_caller]
    fn index_mut(&mut self, var: Var<'_, F>) -> &mut F {
        let position = expect(self.0.position(var));
        &mut self.0.numbers[position]
    }
}
