//! Taylor arithmetic: numbers that are truncated power series.

mod apply;
mod functions;
mod operators;
mod series;
#[cfg(test)]
mod tests;

pub(crate) use apply::{apply, try_apply};
pub(crate) use series::Series;

use crate::error::expect;
use crate::ops::OpKind;
use crate::scalar::{Evaluate, Real};
use smallvec::SmallVec;
use std::fmt;

/// A power series x₀ + x₁·t + x₂·t² + … of which `N` coefficients are kept: the higher derivatives
/// of a path, along which a function is differentiated.
///
/// Arithmetic and functions are those of numbers; what comes out is the series of the result. So a
/// function that is generic over [`Float`](num_traits::Float) gives its derivatives along a line up
/// to order `N − 1`, in O(N²) operations for each of its own where dual numbers within each other
/// take O(2ᴺ). Coefficient k is the k-th derivative over k! ([`derivative`](Self::derivative)). The
/// number of coefficients is part of the type; [`Function::taylor`](crate::Function::taylor) takes
/// it when it runs.
///
/// Equality and order look at the constant term alone, as a comparison in a program means it. At a
/// kink the series is that of the convention for first derivatives.
///
/// The incomplete functions, [`gamma_p`](Self::gamma_p), [`gamma_q`](Self::gamma_q) and
/// [`beta_inc`](Self::beta_inc), have a recurrence in their argument alone, and panic where a
/// parameter varies.
///
/// # Cost
/// A product is N(N + 1)/2 multiplications, an elementary function a few times that. Those without a
/// recurrence that keeps its digits, `lgamma`, `digamma`, `log_beta`, `sinc`, `erfcx` and
/// `log_normal_cdf`, take O(N³). A test counts the products of every operation
/// (`cargo test -p wengert --lib taylor -- --nocapture` prints them).
///
/// # Example: the derivatives of eˢⁱⁿ ᵗ at 0
/// ```
/// use num_traits::Float;
/// use wengert::Taylor;
/// let t = Taylor::<5>::variable(0.0);
/// let y = t.sin().exp();
/// let derivatives: Vec<f64> = (0..5).map(|k| y.derivative(k)).collect();
/// assert_eq!(derivatives, [1.0, 1.0, 1.0, 0.0, -3.0]);
/// ```
///
/// # Example: the series of a differential equation's solution
/// ```
/// use wengert::Taylor;
/// // y′ = y, y(0) = 1: coefficient k + 1 of y is coefficient k of y′ over k + 1.
/// let mut y = Taylor::<8>::constant(1.0);
/// for k in 0..7 {
///     let slope = y;
///     y.coefficients[k + 1] = slope.coefficients[k] / (k + 1) as f64;
/// }
/// assert_eq!(y.coefficients[7], 1.0 / 5040.0);
/// ```
///
/// # Source
/// Griewank & Walther, "Evaluating Derivatives" (2nd ed. 2008), chapter 13.
#[derive(Clone, Copy)]
pub struct Taylor<const N: usize, F = f64> {
    /// The coefficients, the constant term first.
    pub coefficients: [F; N],
}

impl<const N: usize, F: Real> Taylor<N, F> {
    /// A series by its coefficients.
    ///
    /// # Example
    /// ```
    /// let x = wengert::Taylor::new([1.0, 2.0, 3.0]);
    /// assert_eq!((x * x).coefficients, [1.0, 4.0, 10.0]);
    /// ```
    #[must_use]
    pub const fn new(coefficients: [F; N]) -> Self {
        const { assert!(N > 0, "a series has a constant term") };
        Self { coefficients }
    }

    /// A number that does not vary.
    ///
    /// # Example
    /// ```
    /// let c = wengert::Taylor::<3>::constant(2.0);
    /// assert_eq!((c * c).coefficients, [4.0, 0.0, 0.0]);
    /// ```
    #[must_use]
    pub fn constant(value: F) -> Self {
        let mut coefficients = [F::zero(); N];
        coefficients[0] = value;
        Self::new(coefficients)
    }

    /// The variable that the series is in: value + t.
    ///
    /// # Example
    /// ```
    /// let x = wengert::Taylor::<3>::variable(2.0);
    /// assert_eq!((x * x).coefficients, [4.0, 4.0, 1.0]);
    /// ```
    #[must_use]
    pub fn variable(value: F) -> Self {
        Self::line(value, F::one())
    }

    /// A point that moves along a line: value + direction·t.
    ///
    /// # Example
    /// ```
    /// use wengert::Taylor;
    /// let [x, y] = [Taylor::<3>::line(1.0, 2.0), Taylor::line(3.0, -1.0)];
    /// assert_eq!((x * y).coefficients, [3.0, 5.0, -2.0]);
    /// ```
    #[must_use]
    pub fn line(value: F, direction: F) -> Self {
        let mut line = Self::constant(value);
        if N > 1 {
            line.coefficients[1] = direction;
        }
        line
    }

    /// The constant term.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Taylor::<3>::variable(2.0).value(), 2.0);
    /// ```
    #[must_use]
    pub const fn value(&self) -> F {
        self.coefficients[0]
    }

    /// The derivative of order `k` by t at 0: k! times the coefficient.
    ///
    /// # Panics
    /// If the series has no coefficient `k`.
    ///
    /// # Example
    /// ```
    /// let x = wengert::Taylor::<4>::variable(2.0);
    /// assert_eq!((x * x * x).derivative(2), 12.0);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn derivative(&self, k: usize) -> F {
        (1..=k).fold(self.coefficients[k], |product, i| product * F::lit(i as f64))
    }

    /// The series of an operation.
    #[track_caller]
    fn of(kind: OpKind, operands: &[Self]) -> Self {
        let operands: SmallVec<[&[F]; 4]> =
            operands.iter().map(|x| x.coefficients.as_slice()).collect();
        let series = expect(try_apply(kind, &operands));
        Self { coefficients: std::array::from_fn(|k| series[k]) }
    }
}

impl<const N: usize, F: Real> Default for Taylor<N, F> {
    fn default() -> Self {
        Self::constant(F::zero())
    }
}

impl<const N: usize, F: Real> From<F> for Taylor<N, F> {
    fn from(value: F) -> Self {
        Self::constant(value)
    }
}

impl<const N: usize, F: Real> PartialEq for Taylor<N, F> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl<const N: usize, F: Real> PartialOrd for Taylor<N, F> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.value().partial_cmp(&other.value())
    }
}

impl<const N: usize, F: Real> fmt::Display for Taylor<N, F> {
    /// Writes `2 + 3t − 1t²` as `2 + 3t + -1t^2`, each number with the formatter's precision.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, coefficient) in self.coefficients.iter().enumerate() {
            if k > 0 {
                f.write_str(" + ")?;
            }
            fmt::Display::fmt(coefficient, f)?;
            match k {
                0 => {}
                1 => f.write_str("t")?,
                _ => write!(f, "t^{k}")?,
            }
        }
        Ok(())
    }
}

impl<const N: usize, F: Real> fmt::Debug for Taylor<N, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Taylor").field(&self.coefficients).finish()
    }
}
