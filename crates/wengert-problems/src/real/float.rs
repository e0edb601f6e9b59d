//! A float is a real number: the plain function, against which engines are measured.

use super::Real;

impl Real for f64 {
    #[inline]
    fn value(self) -> f64 {
        self
    }

    #[inline]
    fn exp(self) -> f64 {
        self.exp()
    }

    #[inline]
    fn ln(self) -> f64 {
        self.ln()
    }

    #[inline]
    fn tanh(self) -> f64 {
        self.tanh()
    }
}
