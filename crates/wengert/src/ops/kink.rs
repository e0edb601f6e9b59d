//! Where a derivative is a convention.

use super::OpKind;
use crate::scalar::Scalar;

impl OpKind {
    /// Whether the operation has a kink or a jump at these arguments, in the order in which it
    /// takes them: there its derivative is a convention, and its second derivative that of the
    /// convention. Which one it is stands in `docs/CONVENTIONS.md`.
    ///
    /// # Example
    /// ```
    /// use wengert::OpKind;
    /// assert!(OpKind::Abs.is_at_kink(&[0.0]));
    /// assert!(OpKind::Max.is_at_kink(&[2.0, 2.0]));
    /// assert!(OpKind::Norm.is_at_kink(&[0.0, 0.0, 0.0]));
    /// assert!(!OpKind::Sqrt.is_at_kink(&[0.0]));
    /// ```
    #[must_use]
    pub fn is_at_kink<F: Scalar>(self, arguments: &[F]) -> bool {
        let is_zero = |x: &F| x.is_zero();
        let is_integer = |x: F| x.is_finite() && x == x.trunc();
        match (self, arguments) {
            (Self::Abs | Self::Relu | Self::Signum, [x]) => x.is_zero(),
            (Self::LeakyRelu, [x, slope]) => x.is_zero() && *slope != F::one(),
            (Self::Copysign, [x, sign]) => x.is_zero() || sign.is_zero(),
            (Self::Max | Self::Min, [x, y]) => x == y,
            (Self::Clamp, [x, low, high]) => x == low || x == high,
            (Self::Hypot | Self::Atan2 | Self::Norm, xs) => {
                !xs.is_empty() && xs.iter().all(is_zero)
            }
            (Self::Floor | Self::Ceil, [x]) => is_integer(*x),
            (Self::Trunc | Self::Fract, [x]) => is_integer(*x) && !x.is_zero(),
            (Self::Round, [x]) => is_integer(*x + *x) && !is_integer(*x),
            (Self::Rem, [x, y]) => !x.is_zero() && (*x % *y).is_zero(),
            (Self::SelectLess | Self::SelectLessOrEqual | Self::SelectEqual, [x, y, a, b]) => {
                x == y && a != b
            }
            _ => false,
        }
    }
}
