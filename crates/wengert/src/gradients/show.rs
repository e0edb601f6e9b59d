//! How a variable prints together with its gradient.

use crate::record::Var;
use crate::scalar::Scalar;
use std::fmt;

/// A variable and its gradient, if it has one.
pub(super) struct Shown<'t, F: Scalar> {
    pub(super) var: Var<'t, F>,
    pub(super) gradient: Option<F>,
}

impl<F: Scalar> fmt::Debug for Shown<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.gradient {
            Some(gradient) => write!(f, "{:?}, gradient {gradient:?}", self.var),
            None => write!(f, "{:?}, no gradient", self.var),
        }
    }
}

impl<F: Scalar> fmt::Display for Shown<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
