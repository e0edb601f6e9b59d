//! What the forward sweep finds.

use super::{Error, Kind, PerNode, Scalar, Tape, Var, expect, sweep};
use crate::operation::Order;
use crate::store::Way;
use std::ops::Index;
use std::panic::Location;

/// Tangents: the derivatives of every node along one direction of the inputs.
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let [x, y] = tape.var_array([2.0, 3.0]);
/// let z = x * y;
/// let tangents = tape.pushforward(&[(x, 1.0), (y, 10.0)])?;
/// assert_eq!(tangents[z], 23.0);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tangents<F = f64>(PerNode<F>);

impl<F: Scalar> Default for Tangents<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F: Scalar> Tangents<F> {
    /// Memory for a sweep, empty until [`Tape::pushforward_into`] fills it.
    ///
    /// # Example
    /// ```
    /// use wengert::{Tangents, Tape};
    /// let tape = Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * x;
    /// let mut tangents = Tangents::new();
    /// tape.pushforward_into(&[(x, 1.0)], &mut tangents)?;
    /// assert_eq!(tangents[y], 6.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self(PerNode::new())
    }

    /// The tangent of a variable, or why there is none. That of a constant is zero.
    ///
    /// # Errors
    /// If the variable belongs to another tape or was recorded after the sweep, or if the tape
    /// was reset or rewound since.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * x;
    /// assert_eq!(tape.pushforward(&[(x, 1.0)])?.get(y), Ok(6.0));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn get(&self, var: Var<'_, F>) -> Result<F, Error> {
        if var.is_constant() { Ok(self.0.zero) } else { self.0.get(var).copied() }
    }
}

impl<F: Scalar> Index<Var<'_, F>> for Tangents<F> {
    type Output = F;
    /// The tangent of a variable; panics where [`Tangents::get`] gives an error.
    #[track_caller]
    fn index(&self, var: Var<'_, F>) -> &F {
        if var.is_constant() {
            return &self.0.zero;
        }
        expect(self.0.get(var))
    }
}

impl<F: Scalar> Tape<F> {
    /// The Jacobian-vector product: the derivatives of every node along the direction in which
    /// each given input moves by its seed, by one forward sweep over the recorded values.
    ///
    /// # Errors
    /// If an input is a variable of another tape, or a constant, or there is no memory for the
    /// tangents.
    ///
    /// # Complexity
    /// One pass over all nodes, whatever the number of outputs. Allocates a tangent for each;
    /// [`Tape::pushforward_into`] uses memory again.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// let (square, cube) = (x.powi(2), x.powi(3));
    /// let tangents = tape.pushforward(&[(x, 1.0)])?;
    /// assert_eq!((tangents[square], tangents[cube]), (4.0, 12.0));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn pushforward(&self, seeds: &[(Var<'_, F>, F)]) -> Result<Tangents<F>, Error> {
        let mut tangents = Tangents::new();
        self.pushforward_into(seeds, &mut tangents)?;
        Ok(tangents)
    }

    /// As [`Tape::pushforward`], into memory of an earlier sweep.
    ///
    /// # Errors
    /// If an input is a variable of another tape, or a constant, or there is no memory for the
    /// tangents.
    ///
    /// # Example
    /// ```
    /// use wengert::{Tangents, Tape};
    /// let tape = Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x.sin();
    /// let mut tangents = Tangents::new();
    /// tape.pushforward_into(&[(x, 2.0)], &mut tangents)?;
    /// assert_eq!(tangents[y], 2.0 * 3.0_f64.cos());
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn pushforward_into(
        &self,
        seeds: &[(Var<'_, F>, F)],
        tangents: &mut Tangents<F>,
    ) -> Result<(), Error> {
        self.guards.departs(Way::Sweep, None, Some(Location::caller()));
        Var::check_tape(seeds.iter().map(|&(input, _)| input), self)?;
        if seeds.iter().any(|(input, _)| input.is_constant()) {
            return Err(Kind::Constant.into());
        }
        let view = self.hold();
        view.check_calls(Order::Forward)?;
        tangents.0.clear(Some(self))?;
        for (input, weight) in seeds {
            if let Some(id) = input.index() {
                tangents.0.numbers[id.index()] += *weight;
            }
        }
        sweep::forward(view.recording(), &mut tangents.0.numbers, &mut tangents.0.scratch);
        Ok(())
    }
}
