//! The doors to the reverse sweep. They differ in how adjoints are seeded; the sweep is one.

use super::{Error, Gradients, PerNode, Scalar, Tape, Var, expect, sweep};
use crate::operation::Order;
use crate::scalar::Evaluate;
use crate::store::Way;
use std::ops::Range;
use std::panic::Location;

impl<F: Scalar> Var<'_, F> {
    /// The derivatives of this variable with respect to every node below it, by one reverse
    /// sweep.
    ///
    /// If this is a constant, all derivatives read as zero. If its value is NaN, so is every
    /// derivative that depends on it: see docs/CONVENTIONS.md.
    ///
    /// # Panics
    /// If there is no memory for the adjoints; [`Tape::pullback`] returns an error instead.
    ///
    /// # Complexity
    /// One pass over the nodes up to this one, a small multiple of the time that recording them
    /// took, whatever the number of inputs. Allocates one adjoint for each of these nodes;
    /// [`Var::gradients_into`] uses memory again.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// let gradients = (x * y.exp()).gradients();
    /// assert_eq!(gradients[x], 3.0_f64.exp());
    /// ```
    #[must_use]
    #[track_caller]
    pub fn gradients(&self) -> Gradients<F> {
        let mut gradients = Gradients::new();
        self.gradients_into(&mut gradients);
        gradients
    }

    /// As [`Var::gradients`], into memory of an earlier sweep: once that is large enough, a
    /// sweep allocates nothing.
    ///
    /// # Panics
    /// If there is no memory for the adjoints; [`Tape::pullback_into`] returns an error instead.
    ///
    /// # Example
    /// ```
    /// use wengert::{Gradients, Tape};
    /// let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    /// for x0 in [1.0, 2.0] {
    ///     tape.reset();
    ///     let x = tape.var(x0);
    ///     (x * x).gradients_into(&mut gradients);
    ///     assert_eq!(gradients[x], 2.0 * x0);
    /// }
    /// ```
    #[track_caller]
    pub fn gradients_into(&self, gradients: &mut Gradients<F>) {
        let Some((tape, id)) = self.place() else {
            return expect(gradients.0.clear(None));
        };
        tape.guards.departs(Way::Sweep, None, Some(Location::caller()));
        expect(gradients.0.clear(Some(tape)));
        gradients.0.numbers[id.index()] = seed(*self, F::one());
        expect(run(tape, gradients, 0..id.index() + 1));
    }
}

impl<F: Scalar> Tape<F> {
    /// The vector-Jacobian product: the derivatives of Σ seedᵢ·outputᵢ, by one reverse sweep for
    /// any number of outputs. An output that stands twice counts twice; constants count nothing.
    ///
    /// # Errors
    /// If an output is a variable of another tape, or there is no memory for the adjoints.
    ///
    /// # Complexity
    /// One pass over the nodes up to the last output.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// let gradients = tape.pullback(&[(x * y, 1.0), (x + y, 10.0)])?;
    /// assert_eq!(gradients.wrt(&[x, y]), [13.0, 12.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn pullback(&self, seeds: &[(Var<'_, F>, F)]) -> Result<Gradients<F>, Error> {
        let mut gradients = Gradients::new();
        self.pullback_into(seeds, &mut gradients)?;
        Ok(gradients)
    }

    /// As [`Tape::pullback`], into memory of an earlier sweep.
    ///
    /// # Errors
    /// If an output is a variable of another tape, or there is no memory for the adjoints.
    ///
    /// # Example
    /// ```
    /// use wengert::{Gradients, Tape};
    /// let tape = Tape::new();
    /// let x = tape.var(2.0);
    /// let mut gradients = Gradients::new();
    /// tape.pullback_into(&[(x * x, 0.5)], &mut gradients)?;
    /// assert_eq!(gradients[x], 2.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn pullback_into(
        &self,
        seeds: &[(Var<'_, F>, F)],
        gradients: &mut Gradients<F>,
    ) -> Result<(), Error> {
        self.guards.departs(Way::Sweep, None, Some(Location::caller()));
        Var::check_tape(seeds.iter().map(|&(output, _)| output), self)?;
        let len = above_the_seeds(seeds);
        gradients.0.clear(Some(self))?;
        gradients.0.add_seeds(seeds);
        run(self, gradients, 0..len)
    }
}

impl<F: Scalar> Tape<F> {
    /// A sweep from adjoints that are known: as [`Tape::pullback_into`], but these are no outputs,
    /// and a NaN among them is what the adjoint says.
    pub(crate) fn pull_back<'t>(
        &'t self,
        adjoints: impl Iterator<Item = (Var<'t, F>, F)> + Clone,
        gradients: &mut Gradients<F>,
    ) -> Result<(), Error> {
        Var::check_tape(adjoints.clone().map(|(var, _)| var), self)?;
        gradients.0.clear(Some(self))?;
        let mut len = 0;
        for (id, adjoint) in adjoints.filter_map(|(var, adjoint)| Some((var.index()?, adjoint))) {
            gradients.0.numbers[id.index()] += adjoint;
            len = len.max(id.index() + 1);
        }
        run(self, gradients, 0..len)
    }
}

/// How many nodes there are up to the last output, and with it.
pub(super) fn above_the_seeds<F: Scalar>(seeds: &[(Var<'_, F>, F)]) -> usize {
    let positions = seeds.iter().filter_map(|(output, _)| output.index());
    positions.map(|id| id.index() + 1).max().unwrap_or(0)
}

/// The seed of an output. That of a NaN is NaN, so that NaN in an output reaches the gradient
/// even where a zero partial, as of x · 0, would stop it on the way.
fn seed<F: Scalar>(output: Var<'_, F>, weight: F) -> F {
    output.value.seeded(weight)
}

impl<F: Scalar> PerNode<F> {
    /// Adds the seeds of some outputs, which have to be nodes of the tape or constants.
    pub(super) fn add_seeds(&mut self, seeds: &[(Var<'_, F>, F)]) {
        for &(output, weight) in seeds {
            if let Some(id) = output.index() {
                self.numbers[id.index()] += seed(output, weight);
            }
        }
    }
}

/// Sweeps over some nodes, from the last of them down to the first. Those above the last seed
/// have no influence on the outputs, and keep their zero.
pub(super) fn run<F: Scalar>(
    tape: &Tape<F>,
    gradients: &mut Gradients<F>,
    nodes: Range<usize>,
) -> Result<(), Error> {
    let view = tape.hold();
    view.check_calls(Order::Reverse)?;
    if F::HAS_TANGENT && !F::RECORDS {
        view.check_calls(Order::Second)?;
    }
    let adjoints = &mut gradients.0.numbers[..nodes.end];
    sweep::reverse(view.recording(), adjoints, nodes.start, &mut gradients.0.scratch);
    Ok(())
}
