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

    /// Whether the operation can be at a kink at all.
    pub(crate) const fn has_kinks(self) -> bool {
        matches!(
            self,
            Self::Abs
                | Self::Relu
                | Self::Signum
                | Self::LeakyRelu
                | Self::Copysign
                | Self::Max
                | Self::Min
                | Self::Clamp
                | Self::Hypot
                | Self::Atan2
                | Self::Norm
                | Self::Floor
                | Self::Ceil
                | Self::Trunc
                | Self::Fract
                | Self::Round
                | Self::Rem
                | Self::SelectLess
                | Self::SelectLessOrEqual
                | Self::SelectEqual
        )
    }
}

#[cfg(test)]
mod tests {
    use super::OpKind;

    #[test]
    fn operations_that_have_kinks_are_at_one_somewhere_and_others_nowhere() {
        let numbers = [0.0, 0.5, 1.0, 2.0];
        let lists = |length: u32| {
            (0..4_usize.pow(length)).map(move |code| {
                (0..length).map(|i| numbers[code / 4_usize.pow(i) % 4]).collect::<Vec<f64>>()
            })
        };
        for &kind in OpKind::ALL {
            let is_somewhere = (1..=4).flat_map(lists).any(|list| kind.is_at_kink(&list));
            assert_eq!(is_somewhere, kind.has_kinks(), "{kind}");
        }
    }
}
