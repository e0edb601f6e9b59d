//! A float is a real number: the plain function, against which engines are measured.

use super::Real;

impl Real for f64 {
    #[inline(always)]
    fn value(self) -> f64 {
        self
    }

    #[inline(always)]
    fn constant(self, value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn recip(self) -> f64 {
        self.recip()
    }

    #[inline(always)]
    fn sqrt(self) -> f64 {
        self.sqrt()
    }

    #[inline(always)]
    fn sin(self) -> f64 {
        self.sin()
    }

    #[inline(always)]
    fn cos(self) -> f64 {
        self.cos()
    }

    #[inline(always)]
    fn exp(self) -> f64 {
        self.exp()
    }

    #[inline(always)]
    fn ln(self) -> f64 {
        self.ln()
    }

    #[inline(always)]
    fn tanh(self) -> f64 {
        self.tanh()
    }
}
