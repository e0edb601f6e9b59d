//! Dual numbers: a value with its tangent.

use super::{Evaluate, Scalar, sealed};
use crate::ops::rules::Powi;
use crate::ops::{Binary, Derivatives, Nary, OpKind, Ternary, Unary, Which};
use smallvec::SmallVec;
use std::fmt;

mod functions;
mod operators;

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

    /// A number that does not vary: tangent 0.
    ///
    /// # Example
    /// ```
    /// let c = wengert::Dual::constant(2.0);
    /// assert_eq!((c * c).tangent, 0.0);
    /// ```
    #[inline]
    pub fn constant(value: F) -> Self {
        Self::new(value, F::zero())
    }

    /// The result of an operation on operands of which some move or none: the derivative of NaN
    /// is NaN, whatever the partials say.
    #[inline]
    fn result(value: F, tangent: F, moves: bool) -> Self {
        // A number that records does not decide by its value; what reads the tangent of an output
        // looks after it.
        let is_lost = !F::RECORDS && moves && value.is_nan();
        Self::new(value, if is_lost { value } else { tangent })
    }

    /// Whether the number varies along the seeded direction.
    #[inline]
    fn moves(self) -> bool {
        !self.tangent.is_all_zero()
    }
}

impl<F: Scalar> From<F> for Dual<F> {
    #[inline]
    fn from(value: F) -> Self {
        Self::constant(value)
    }
}

impl<F: PartialEq> PartialEq for Dual<F> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<F: PartialOrd> PartialOrd for Dual<F> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.value.partial_cmp(&other.value)
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

impl<F: Scalar> sealed::Rules<Self> for Dual<F> {
    const HAS_TANGENT: bool = true;
    const RECORDS: bool = F::RECORDS;

    #[inline]
    fn lit(c: f64) -> Self {
        Self::constant(F::lit(c))
    }

    #[inline]
    fn unary<R: Unary>(x: Self) -> Self {
        let y = F::unary::<R>(x.value);
        if F::RECORDS && !x.moves() {
            return Self::constant(y);
        }
        Self::result(y, x.tangent.push(F::slope::<R>(x.value, y)), x.moves())
    }

    #[inline]
    fn binary<R: Binary>(x: Self, y: Self) -> Self {
        let z = F::binary::<R>(x.value, y.value);
        let left = x.tangent.push(F::left::<R>(x.value, y.value, z));
        let right = y.tangent.push(F::right::<R>(x.value, y.value, z));
        Self::result(z, left.accumulate(right), x.moves() || y.moves())
    }

    #[inline]
    fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self {
        let w = F::ternary::<R>(x.value, y.value, z.value);
        let [dx, dy, dz] = F::partials::<R>(x.value, y.value, z.value);
        let tangent =
            x.tangent.push(dx).accumulate(y.tangent.push(dy)).accumulate(z.tangent.push(dz));
        Self::result(w, tangent, x.moves() || y.moves() || z.moves())
    }

    #[inline]
    fn power(x: Self, n: i32) -> Self {
        let y = F::power(x.value, n);
        Self::result(y, x.tangent.push(Powi::partial(x.value, n, y)), x.moves())
    }

    #[inline]
    fn derivative<R: Derivatives>(n: u32, x: Self) -> Self {
        let y = F::derivative::<R>(n, x.value);
        Self::result(y, x.tangent.push(F::derivative::<R>(n + 1, x.value)), x.moves())
    }

    #[inline]
    fn polygamma(n: u32, x: Self) -> Self {
        let y = F::polygamma(n, x.value);
        Self::result(y, x.tangent.push(F::polygamma(n + 1, x.value)), x.moves())
    }

    fn power_derivative(x: Self, y: Self, k: u32, j: u32) -> Self {
        // PERF: exponents are mostly constant, and a power is dear.
        let along = |tangent: F, k, j| match tangent.is_all_zero() {
            true => F::zero(),
            false => tangent.push(F::power_derivative(x.value, y.value, k, j)),
        };
        let tangent = along(x.tangent, k + 1, j).accumulate(along(y.tangent, k, j + 1));
        let value = F::power_derivative(x.value, y.value, k, j);
        Self::result(value, tangent, x.moves() || y.moves())
    }

    fn derived(which: Which, xs: &[Self]) -> Self {
        let values: SmallVec<[F; 3]> = xs.iter().map(|x| x.value).collect();
        let flows =
            xs.iter().enumerate().filter(|(_, x)| x.moves()).filter_map(|(i, x)| {
                which.by(i).map(|next| x.tangent.push(F::derived(next, &values)))
            });
        let tangent = flows.reduce(|sum, flow| sum + flow).unwrap_or_else(F::zero);
        let moves = xs.iter().any(|x| x.moves());
        Self::result(F::derived(which, &values), tangent, moves)
    }

    fn reduced<R: Nary>(kind: OpKind, xs: &[Self]) -> Self {
        let values: SmallVec<[F; 4]> = xs.iter().map(|x| x.value).collect();
        let y = F::reduced::<R>(kind, &values);
        let mut tangent = F::zero();
        R::partials(values.as_slice(), &[], y, &mut Vec::new(), |i, partial| {
            tangent = tangent.accumulate(xs[i].tangent.push(partial));
        });
        Self::result(y, tangent, xs.iter().any(|x| x.moves()))
    }

    #[inline]
    fn primal(x: &Self) -> f64 {
        x.value.primal()
    }

    #[inline]
    fn accumulate(sum: Self, flow: Self) -> Self {
        let (value, tangent) =
            (sum.value.accumulate(flow.value), sum.tangent.accumulate(flow.tangent));
        Self::new(value, tangent)
    }

    #[inline]
    fn primal_is_zero(x: &Self) -> bool {
        x.value.primal_is_zero()
    }

    #[inline]
    fn is_all_zero(x: &Self) -> bool {
        x.value.is_all_zero() && x.tangent.is_all_zero()
    }

    #[inline]
    fn is_ordinary(x: &Self) -> bool {
        // A zero part may be fine, but the exact test is as cheap as the careful product.
        x.value.is_ordinary() && x.tangent.is_ordinary()
    }

    #[inline]
    fn chain(x: Self, partial: Self) -> Self {
        let tangent = x.value.chain(partial.tangent).accumulate(x.tangent.chain(partial.value));
        Self::new(x.value.chain(partial.value), tangent)
    }

    #[inline]
    fn push(x: Self, partial: Self) -> Self {
        let tangent = x.value.push(partial.tangent).accumulate(x.tangent.push(partial.value));
        Self::new(x.value.push(partial.value), tangent)
    }
}
