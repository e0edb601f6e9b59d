//! A dual number is a real number that carries a tangent: forward mode, to hold gradients against.

use num_traits::Float;
use wengert::Dual;

use super::Real;

impl Real for Dual {
    fn value(self) -> f64 {
        self.value
    }

    fn constant(self, value: f64) -> Self {
        Dual::constant(value)
    }

    fn recip(self) -> Self {
        Float::recip(self)
    }

    fn sqrt(self) -> Self {
        Float::sqrt(self)
    }

    fn sin(self) -> Self {
        Float::sin(self)
    }

    fn cos(self) -> Self {
        Float::cos(self)
    }

    fn exp(self) -> Self {
        Float::exp(self)
    }

    fn ln(self) -> Self {
        Float::ln(self)
    }

    fn tanh(self) -> Self {
        Float::tanh(self)
    }
}
