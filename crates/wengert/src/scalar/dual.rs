//! Dual numbers: a value with its tangent, or with several.

use super::{Evaluate, Scalar, sealed};
use std::fmt;

mod direction;
mod functions;
mod operators;
mod rules;
mod vec;

/// A value and its tangent, the derivative along one direction of the inputs.
///
/// On its own it is forward mode: seed one input with tangent 1, and every result carries its
/// derivative with respect to that input. On a [`Tape`](crate::Tape) it gives second
/// derivatives: the adjoints of a `Tape<Dual<f64>>` carry, as their tangents, the Hessian times
/// the direction. Every rule is the same as the tape's own.
///
/// Equality and order look at the value alone, as a comparison in a program means it.
///
/// # Example: a derivative with no tape
/// ```
/// use num_traits::Float;
/// use wengert::Dual;
/// let x = Dual::variable(2.0);
/// let y = x * x * x + x.ln();
/// assert_eq!(y.value, 8.0 + 2.0_f64.ln());
/// assert_eq!(y.tangent, 12.5);
/// ```
#[derive(Clone, Copy, Default)]
pub struct Dual<F = f64> {
    /// The number itself.
    pub value: F,
    /// Its derivative along the seeded direction.
    pub tangent: F,
}

/// A value and its tangents along N directions, a number that is known when the program is
/// compiled: forward mode for all inputs of a small function at once, with no tape.
///
/// Everything else is as of [`Dual`].
///
/// # Example: values and gradient of an expression
/// ```
/// use num_traits::Float;
/// use wengert::dual::DualVec;
/// let [x, y] = DualVec::variables([0.0, 3.0]);
/// let z = x * y + x.sin();
/// assert_eq!((z.value, z.tangents), (0.0, [4.0, 0.0]));
/// ```
#[derive(Clone, Copy)]
pub struct DualVec<F, const N: usize> {
    /// The number itself.
    pub value: F,
    /// Its derivatives along the seeded directions.
    pub tangents: [F; N],
}

impl<F: Scalar> Dual<F> {
    /// A number with a given tangent.
    ///
    /// # Example
    /// ```
    /// let x = wengert::Dual::new(2.0, 3.0);
    /// assert_eq!((x * x).tangent, 12.0);
    /// ```
    #[inline]
    pub const fn new(value: F, tangent: F) -> Self {
        Self { value, tangent }
    }

    /// The variable of the derivative: tangent 1.
    ///
    /// # Example
    /// ```
    /// let x = wengert::Dual::variable(2.0);
    /// assert_eq!((x * x).tangent, 4.0);
    /// ```
    #[inline]
    pub fn variable(value: F) -> Self {
        Self::new(value, F::one())
    }
}

impl<F: fmt::Display> fmt::Display for Dual<F> {
    /// Writes `2 + 3ε`, both parts with the formatter's precision.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        f.write_str(" + ")?;
        self.tangent.fmt(f)?;
        f.write_str("ε")
    }
}

impl<F: fmt::Debug> fmt::Debug for Dual<F> {
    /// Writes `2.0+3.0ε`, one word, as listings want it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        f.write_str("+")?;
        self.tangent.fmt(f)?;
        f.write_str("ε")
    }
}
