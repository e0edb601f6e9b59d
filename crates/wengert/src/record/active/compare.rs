//! Equality and order of numbers without a lifetime, and how they print: by way of the variable
//! that is the same node.

use super::{Active, Opened};
use crate::scalar::Real;
use crate::store::Way;
use std::cmp::Ordering;
use std::fmt;

/// The operators of equality and order of `$left` and `$right`.
macro_rules! comparisons {
    ([$($generics:tt)*] $left:ty, $right:ty) => {
        #[allow(clippy::partialeq_ne_impl, reason = "the default would note its own line")]
        impl<$($generics)*> PartialEq<$right> for $left {
            comparisons! { @each $right, bool; eq ne }
        }
        impl<$($generics)*> PartialOrd<$right> for $left {
            comparisons! { @each $right, Option<Ordering>; partial_cmp }
            comparisons! { @each $right, bool; lt le gt ge }
        }
    };
    (@each $right:ty, $answer:ty; $($method:ident)*) => {$(
        #[inline]
        #[track_caller]
        fn $method(&self, other: &$right) -> $answer {
            let (x, y) = (Active::from(*self), Active::from(*other));
            let opened = Opened::of(x.session.or(y.session));
            opened.var(x).$method(&opened.var(y))
        }
    )*};
}

comparisons! { [F: Real] Active<F>, Active<F> }
comparisons! { [F: Real] Active<F>, F }
comparisons! { [] Active<f64>, i32 }
comparisons! { [] Active<f32>, i16 }
comparisons! { [] f64, Active<f64> }
comparisons! { [] f32, Active<f32> }

impl<F: Real> fmt::Display for Active<F> {
    /// Writes the value, with the formatter's precision and width; of a number that is stale
    /// `stale`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.try_open() {
            // The tape is put back before the writer runs, which is code of a user's.
            Ok(opened) => opened.var(*self).departs(Way::Printed, None),
            Err(_) => return f.pad("stale"),
        }
        fmt::Display::fmt(&self.value, f)
    }
}

impl<F: Real> fmt::Debug for Active<F> {
    /// Writes the node, the label if there is one, and the value: `n3 "o" = 2.5`; of a number that
    /// is stale `stale n3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.try_open().map(|opened| format!("{:?}", opened.var(*self)));
        match text {
            Ok(text) => f.write_str(&text),
            Err(_) => write!(f, "stale {}", self.index),
        }
    }
}
