//! Dual numbers with several tangents, as many as are known when the program is compiled.

use super::{DualVec, Scalar};
use std::fmt;

impl<F: Scalar, const N: usize> DualVec<F, N> {
    /// A number with given tangents.
    ///
    /// # Example
    /// ```
    /// let x = wengert::dual::DualVec::new(2.0, [3.0, 0.5]);
    /// assert_eq!((x * x).tangents, [12.0, 2.0]);
    /// ```
    #[inline]
    pub const fn new(value: F, tangents: [F; N]) -> Self {
        Self { value, tangents }
    }

    /// The variable of the derivative at position `i`: tangent 1 there.
    ///
    /// # Panics
    /// If `i` is N or more.
    ///
    /// # Example
    /// ```
    /// use wengert::dual::DualVec;
    /// let (x, y) = (DualVec::<f64, 2>::variable(2.0, 0), DualVec::variable(3.0, 1));
    /// assert_eq!((x * y).tangents, [3.0, 2.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn variable(value: F, i: usize) -> Self {
        let mut tangents = [F::zero(); N];
        tangents[i] = F::one();
        Self { value, tangents }
    }

    /// One variable for each number, in their order.
    ///
    /// # Example: a gradient with no tape
    /// ```
    /// use wengert::dual::DualVec;
    /// let [x, y] = DualVec::variables([2.0, 3.0]);
    /// assert_eq!((x * x * y).tangents, [12.0, 4.0]);
    /// ```
    #[inline]
    pub fn variables(values: [F; N]) -> [Self; N] {
        std::array::from_fn(|i| Self::variable(values[i], i))
    }
}

impl<F: Copy + Default, const N: usize> Default for DualVec<F, N> {
    fn default() -> Self {
        Self { value: F::default(), tangents: [F::default(); N] }
    }
}

/// Writes the tangents in brackets, with nothing but commas between them.
fn list<T>(
    f: &mut fmt::Formatter<'_>,
    tangents: &[T],
    write: impl Fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    for (i, tangent) in tangents.iter().enumerate() {
        f.write_str(if i == 0 { "[" } else { "," })?;
        write(tangent, f)?;
    }
    f.write_str(if tangents.is_empty() { "[]ε" } else { "]ε" })
}

impl<F: fmt::Display, const N: usize> fmt::Display for DualVec<F, N> {
    /// Writes `2 + [3,0]ε`, all parts with the formatter's precision.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        f.write_str(" + ")?;
        list(f, &self.tangents, F::fmt)
    }
}

impl<F: fmt::Debug, const N: usize> fmt::Debug for DualVec<F, N> {
    /// Writes `2.0+[3.0,0.0]ε`, one word, as listings want it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        f.write_str("+")?;
        list(f, &self.tangents, F::fmt)
    }
}
