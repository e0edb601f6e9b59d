//! A float is a real number: the plain function, against which engines are measured.

use super::Real;

impl Real for f64 {
    #[inline(always)]
    fn value(self) -> f64 {
        self
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
