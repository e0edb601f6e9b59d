//! Data: what a problem is given, and not asked for its derivatives.

use wengert::Var;

use super::Real;

/// A datum that numbers of type `T` can be computed with.
///
/// A float is one, and becomes a part of what is recorded. On a tape a variable is one too, so that
/// one recording serves other data.
pub trait Datum<T: Real>: Copy {
    /// The datum as a number, where `beside` lives.
    fn number(self, beside: T) -> T;

    /// The datum times a number.
    fn times(self, factor: T) -> T;

    /// Σ dᵢ xᵢ.
    ///
    /// # Panics
    ///
    /// If there are none, or not as many data as numbers.
    fn dot(data: &[Self], numbers: &[T]) -> T;
}

impl<T: Real> Datum<T> for f64 {
    #[inline(always)]
    fn number(self, beside: T) -> T {
        beside.constant(self)
    }

    #[inline(always)]
    fn times(self, factor: T) -> T {
        factor * self
    }

    #[inline(always)]
    fn dot(data: &[Self], numbers: &[T]) -> T {
        T::linear_combination(data, numbers)
    }
}

impl<'t> Datum<Var<'t>> for Var<'t> {
    fn number(self, _beside: Self) -> Self {
        self
    }

    fn times(self, factor: Self) -> Self {
        factor * self
    }

    fn dot(data: &[Self], numbers: &[Self]) -> Self {
        Self::dot(data, numbers)
    }
}
