//! Derivatives of numbers without a lifetime, and read by them.

use super::{Error, Gradients, expect};
use crate::record::{Active, Var};
use crate::scalar::{Real, Scalar};
use std::ops::{Index, IndexMut};

/// What derivatives are read by: a [`Var`] or an [`Active`]. The trait is sealed.
///
/// # Example
/// ```
/// use wengert::numbers::Variable;
/// use wengert::{Gradients, Tape};
/// fn first<V: Variable<f64>>(gradients: &Gradients, vars: &[V]) -> f64 {
///     gradients.wrt(vars)[0]
/// }
/// let tape = Tape::new().activate();
/// let x = tape.var(3.0);
/// assert_eq!(first(&(x * x).gradients(), &[x]), 6.0);
/// ```
pub trait Variable<F: Scalar>: Copy + Sealed<F> {}

mod sealed {
    use super::{Error, Gradients};
    pub trait Sealed<F: Copy>: Copy {
        fn find(self, gradients: &Gradients<F>) -> Result<&F, Error>;

        /// The derivatives by several, into a slice of their number.
        fn find_all(vars: &[Self], gradients: &Gradients<F>, all: &mut [F]) -> Result<(), Error> {
            for (derivative, var) in all.iter_mut().zip(vars) {
                *derivative = *var.find(gradients)?;
            }
            Ok(())
        }
    }
}
pub(super) use sealed::Sealed;

impl<F: Scalar> Variable<F> for Var<'_, F> {}
impl<F: Scalar> Sealed<F> for Var<'_, F> {
    #[inline]
    fn find(self, gradients: &Gradients<F>) -> Result<&F, Error> {
        gradients.0.get(self)
    }

    fn find_all(vars: &[Self], gradients: &Gradients<F>, all: &mut [F]) -> Result<(), Error> {
        gradients.0.get_all(vars, all)
    }
}

impl<F: Real> Variable<F> for Active<F> {}
impl<F: Real> Sealed<F> for Active<F> {
    #[inline]
    fn find(self, gradients: &Gradients<F>) -> Result<&F, Error> {
        let opened = self.try_open()?;
        gradients.0.get(opened.var(self))
    }
}

impl<F: Real> Active<F> {
    /// The derivatives of this number with respect to every node below it, by one reverse sweep:
    /// see [`Var::gradients`].
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new().activate();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// let gradients = (x * y.exp()).gradients();
    /// assert_eq!(gradients[x], 3.0_f64.exp());
    /// ```
    #[must_use]
    #[track_caller]
    pub fn gradients(&self) -> Gradients<F> {
        self.open().var(*self).gradients()
    }

    /// As [`Active::gradients`], into memory of an earlier sweep: see [`Var::gradients_into`].
    ///
    /// # Example
    /// ```
    /// let mut gradients = wengert::Gradients::new();
    /// let tape = wengert::Tape::new().activate();
    /// let x = tape.var(3.0);
    /// (x * x).gradients_into(&mut gradients);
    /// assert_eq!(gradients[x], 6.0);
    /// ```
    #[track_caller]
    pub fn gradients_into(&self, gradients: &mut Gradients<F>) {
        self.open().var(*self).gradients_into(gradients);
    }
}

impl<F: Real> Index<Active<F>> for Gradients<F> {
    type Output = F;
    /// The derivative with respect to a number; panics where [`Gradients::get`] gives an error.
    #[track_caller]
    fn index(&self, number: Active<F>) -> &F {
        expect(number.find(self))
    }
}

impl<F: Real> IndexMut<Active<F>> for Gradients<F> {
    /// The adjoint to set by hand; panics where [`Gradients::get`] gives an error.
    #[track_caller]
    fn index_mut(&mut self, number: Active<F>) -> &mut F {
        let opened = number.open();
        let position = expect(self.0.position(opened.var(number)));
        &mut self.0.numbers[position]
    }
}
