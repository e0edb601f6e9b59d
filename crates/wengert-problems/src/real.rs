//! The number that objectives are written for.
//!
//! [`Real`] knows floats and nothing of tapes. A constant is made only beside
//! a number that is at hand: in some engines every number lives on a tape, and
//! there is no other way to it. Objectives therefore begin their sums with the
//! first term, and write a constant on the right of an operator: `x - 1.0`,
//! not `1.0 - x`, because a bound on `f64: Sub<T>` would have to be repeated by
//! every function that mentions `T`.

mod datum;
mod dual;
mod float;
pub(crate) mod stepwise;
mod var;

use std::ops::{Add, Div, Mul, Neg, Sub};

pub use self::datum::Datum;

/// A real number, or something that stands for one and records what is done to it.
///
/// The required methods are single operations. The provided ones take many
/// operands and are written with single operations; an engine that has one
/// node for such an operation overrides the method and uses it.
pub trait Real:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
{
    /// The number itself, for choices that have no derivative, such as a shift that cancels out.
    fn value(self) -> f64;

    /// A number that does not vary, where `self` lives.
    ///
    /// For what is data in one place and computed in another, such as a first state.
    fn constant(self, value: f64) -> Self;

    /// Whether it is zero: a decision, which a recording that is used again has to know of.
    fn is_zero(self) -> bool {
        self.value() == 0.0
    }

    /// 1 / `self`.
    fn recip(self) -> Self;

    /// The square root.
    fn sqrt(self) -> Self;

    /// The sine of an angle in radians.
    fn sin(self) -> Self;

    /// The cosine of an angle in radians.
    fn cos(self) -> Self;

    /// e to the power of `self`.
    fn exp(self) -> Self;

    /// The natural logarithm.
    fn ln(self) -> Self;

    /// The hyperbolic tangent.
    fn tanh(self) -> Self;

    /// The larger of two, which is a choice and no operation.
    fn max(self, other: Self) -> Self {
        if other.value() > self.value() { other } else { self }
    }

    /// max(`self`, 0), which is a choice and no operation.
    fn positive_part(self) -> Self {
        self.max(self.constant(0.0))
    }

    /// The logistic function 1 / (1 + exp(−x)).
    fn sigmoid(self) -> Self {
        ((-self).exp() + 1.0).recip()
    }

    /// `self` times itself; for engines whose unary nodes are cheaper than a product.
    fn square(self) -> Self {
        self * self
    }

    /// `self` · `factor` + `summand`: one node for an engine that has it.
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        self * factor + summand
    }

    /// The same with a number as the factor.
    fn scaled_add(self, factor: f64, summand: Self) -> Self {
        self * factor + summand
    }

    /// The sum of all terms.
    ///
    /// # Panics
    ///
    /// If there are none, as do the other methods that take a slice.
    fn sum(terms: &[Self]) -> Self {
        stepwise::sum(terms)
    }

    /// Σ aᵢ bᵢ.
    fn dot(a: &[Self], b: &[Self]) -> Self {
        stepwise::dot(a, b)
    }

    /// Σ aᵢ².
    fn squared_norm(a: &[Self]) -> Self {
        stepwise::squared_norm(a)
    }

    /// Σ aᵢ² of terms that are computed one after the other.
    fn sum_of_squares(terms: impl Iterator<Item = Self>) -> Self {
        stepwise::total(terms.map(Self::square))
    }

    /// Σ cᵢ xᵢ with constant coefficients.
    fn linear_combination(coefficients: &[f64], terms: &[Self]) -> Self {
        stepwise::linear_combination(coefficients, terms)
    }

    /// Σ cᵢ xᵢ with constant coefficients that are computed one after the other.
    fn weighted_sum(coefficients: impl Iterator<Item = f64>, terms: &[Self]) -> Self {
        stepwise::total(terms.iter().zip(coefficients).map(|(&x, c)| x * c))
    }

    /// ln Σ exp(xᵢ), computed without overflow.
    fn log_sum_exp(terms: &[Self]) -> Self {
        stepwise::log_sum_exp(terms)
    }
}
