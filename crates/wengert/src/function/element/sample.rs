//! What a loop asks of its elements: the numbers that guards compare, and seeds.

use super::lanes::Lanes;
use super::{Element, seed};
use crate::scalar::Real;

/// An element seen as the numbers of one or several evaluations.
pub(in crate::function) trait Sample<F>: Element<F> {
    /// The number of an evaluation.
    fn number(self, lane: usize) -> F;
    /// The adjoint of an output with this weight and this value.
    fn seeded(self, value: Self) -> Self;
}

impl<F: Real> Sample<F> for F {
    #[inline(always)]
    fn number(self, _: usize) -> F {
        self
    }
    #[inline(always)]
    fn seeded(self, value: F) -> F {
        seed(self, value)
    }
}

impl<F: Real> Sample<F> for Lanes<F> {
    #[inline(always)]
    fn number(self, lane: usize) -> F {
        self.0[lane]
    }
    #[inline(always)]
    fn seeded(mut self, value: Self) -> Self {
        for (weight, value) in self.0.iter_mut().zip(value.0) {
            *weight = seed(*weight, value);
        }
        self
    }
}
