//! approx: comparisons with a tolerance. They compare as a program would, so that a
//! [`Function`](crate::Function) whose closure makes one has a guard for it.

use crate::record::Active;
use crate::scalar::{Dual, Real};
use approx::{AbsDiffEq, RelativeEq, UlpsEq};
use num_traits::Float;

/// The number of units in the last place that approx allows by itself.
const ULPS: u32 = 4;

/// The comparisons of a type. In brackets the generic parameters; then the type.
macro_rules! comparisons {
    ([$($generics:tt)*] $this:ty) => {
        impl<$($generics)*> AbsDiffEq for $this {
            type Epsilon = Self;
            fn default_epsilon() -> Self {
                Self::epsilon()
            }
            fn abs_diff_eq(&self, other: &Self, epsilon: Self) -> bool {
                Float::abs(*self - *other) <= epsilon
            }
        }

        impl<$($generics)*> RelativeEq for $this {
            fn default_max_relative() -> Self {
                Self::epsilon()
            }
            fn relative_eq(&self, other: &Self, epsilon: Self, max_relative: Self) -> bool {
                if self == other {
                    return true;
                }
                if self.is_infinite() || other.is_infinite() {
                    return false;
                }
                let difference = Float::abs(*self - *other);
                let largest = Float::max(Float::abs(*self), Float::abs(*other));
                difference <= epsilon || difference <= largest * max_relative
            }
        }

        impl<$($generics)*> UlpsEq for $this {
            fn default_max_ulps() -> u32 {
                ULPS
            }
            /// Units in the last place are counted as those of the larger number: half as many
            /// may lie between the two where a power of two does.
            fn ulps_eq(&self, other: &Self, epsilon: Self, max_ulps: u32) -> bool {
                let units = <Self as num_traits::NumCast>::from(max_ulps);
                units.is_some_and(|n| self.relative_eq(other, epsilon, n * Self::epsilon()))
            }
        }
    };
}
comparisons! { [F: Real] Active<F> }
comparisons! { [F: Real] Dual<F> }

#[cfg(test)]
mod tests {
    use crate::Dual;
    use approx::{AbsDiffEq, RelativeEq, UlpsEq};

    #[test]
    fn they_answer_as_for_floats() {
        let numbers = [0.0, 1.0, 1.0 + 1e-15, 1.0 + 1e-9, -1.0, 1e-300, f64::INFINITY, f64::NAN];
        for (x, y) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (*x, *y))) {
            let (a, b): (Dual, Dual) = (x.into(), y.into());
            for tolerance in [f64::EPSILON, 1e-14, 1e-6] {
                let (t, close) = (Dual::from(tolerance), x.abs_diff_eq(&y, tolerance));
                assert_eq!(a.abs_diff_eq(&b, t), close, "{x} {y} {tolerance}");
                let close = x.relative_eq(&y, 0.0, tolerance);
                assert_eq!(a.relative_eq(&b, 0.0.into(), t), close, "{x} {y} {tolerance}");
            }
            for ulps in [1, 4, 100] {
                let close = x.ulps_eq(&y, 0.0, ulps);
                assert_eq!(a.ulps_eq(&b, 0.0.into(), ulps), close, "{x} {y} {ulps}");
            }
        }
    }
}
