//! The functions of any number of variables, of both handles.

use super::{Active, Var};
use crate::error::{check_length, expect};
use crate::ops::rules;
use crate::scalar::{Real, Scalar};

/// The functions of any number of variables, written once for both handles: generic parameters,
/// type and name, the number, and a line that makes a tape for the examples.
macro_rules! reductions {
    ([$($generics:tt)*] $this:ty, $number:ty, $name:literal, $tape:literal) => {
        /// Functions of any number of variables: one node each, with 4 bytes an operand beside it
        /// (12 bytes in a linear combination and in a log-sum-exp). Constants among the operands
        /// are fine, and take a node of their own. Variables of different tapes panic, as does a
        /// tape that is full.
        impl<$($generics)*> $this {
            /// Σ xᵢ from left to right; 0 for no operands. `Iterator::sum` makes the same node.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.vars(&[1.0, 2.0, 3.0]);
            #[doc = concat!("let y = ", $name, "::sum(&x);")]
            /// assert_eq!((y.value(), tape.len()), (6.0, 4));
            #[doc = concat!("assert_eq!(x.iter().sum::<", $name, ">().value(), 6.0);")]
            /// ```
            #[inline(always)]
            #[track_caller]
            pub fn sum(xs: &[Self]) -> Self {
                Self::nary::<rules::Sum>(xs, &[])
            }

            /// Π xᵢ from left to right; 1 for no operands. Gradients are right where factors are
            /// zero.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.vars(&[0.0, 2.0, 3.0]);
            #[doc = concat!("assert_eq!(", $name, "::product(&x).gradients().wrt(&x), [6.0, 0.0, 0.0]);")]
            /// ```
            #[inline(always)]
            #[track_caller]
            pub fn product(xs: &[Self]) -> Self {
                Self::nary::<rules::Product>(xs, &[])
            }

            /// Σ xᵢ / n; NaN for no operands.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.vars(&[1.0, 2.0, 3.0, 6.0]);
            #[doc = concat!("assert_eq!(", $name, "::mean(&x).value(), 3.0);")]
            /// ```
            #[inline(always)]
            #[track_caller]
            pub fn mean(xs: &[Self]) -> Self {
                Self::nary::<rules::Mean>(xs, &[])
            }

            /// Σ xᵢ·yᵢ; 0 for no operands. Where one list is plain numbers, take
            /// [`linear_combination`](Self::linear_combination), which needs no node for them.
            ///
            /// # Panics
            /// Also if the lengths differ.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let (x, y) = (tape.vars(&[1.0, 2.0]), tape.vars(&[3.0, 4.0]));
            #[doc = concat!("let z = ", $name, "::dot(&x, &y);")]
            /// assert_eq!((z.value(), z.gradients().wrt(&x)), (11.0, vec![3.0, 4.0]));
            /// ```
            #[inline(always)]
            #[track_caller]
            pub fn dot(xs: &[Self], ys: &[Self]) -> Self {
                expect(check_length("the second list", ys.len(), xs.len()));
                Self::nary::<rules::Dot>(xs, ys)
            }

            /// Σ xᵢ²; 0 for no operands.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.vars(&[3.0, 4.0]);
            #[doc = concat!("let y = ", $name, "::squared_norm(&x);")]
            /// assert_eq!((y.value(), y.gradients().wrt(&x)), (25.0, vec![6.0, 8.0]));
            /// ```
            #[inline(always)]
            #[track_caller]
            pub fn squared_norm(xs: &[Self]) -> Self {
                Self::nary::<rules::SquaredNorm>(xs, &[])
            }

            /// √Σ xᵢ² without overflow; gradient 0 at the origin.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.vars(&[3.0, 4.0]);
            #[doc = concat!("let y = ", $name, "::norm(&x);")]
            /// assert_eq!((y.value(), y.gradients().wrt(&x)), (5.0, vec![0.6, 0.8]));
            /// ```
            #[inline(always)]
            #[track_caller]
            pub fn norm(xs: &[Self]) -> Self {
                Self::nary::<rules::Norm>(xs, &[])
            }

            /// ln Σ e^xᵢ without overflow; −∞ for no operands. Its gradient is the softmax, to full
            /// precision whatever the size of the operands. Takes 12 bytes an operand: the sweep
            /// finds its exponentials saved.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.vars(&[1000.0, 1000.0]);
            #[doc = concat!("let y = ", $name, "::log_sum_exp(&x);")]
            /// assert_eq!(y.value(), 1000.0 + 2.0_f64.ln());
            /// assert_eq!(y.gradients().wrt(&x), [0.5, 0.5]);
            /// ```
            #[track_caller]
            pub fn log_sum_exp(xs: &[Self]) -> Self {
                expect(Self::try_log_sum_exp(xs))
            }

            /// Σ cᵢ·xᵢ with constant coefficients; 0 for no operands.
            ///
            /// # Panics
            /// Also if the lengths differ.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert::", $name, ";")]
            #[doc = $tape]
            /// let x = tape.vars(&[1.0, 2.0]);
            #[doc = concat!("let y = ", $name, "::linear_combination(&[10.0, 20.0], &x);")]
            /// assert_eq!((y.value(), y.gradients().wrt(&x)), (50.0, vec![10.0, 20.0]));
            /// ```
            #[inline(always)]
            #[track_caller]
            pub fn linear_combination(coefficients: &[$number], xs: &[Self]) -> Self {
                expect(check_length("the list of coefficients", coefficients.len(), xs.len()));
                Self::weighted(coefficients, xs)
            }

            /// Σ cₖ·xᵏ by Horner's rule, the coefficient of the lowest power first; 0 for none.
            ///
            /// # Example: 1 + 2x + 3x²
            /// ```
            #[doc = $tape]
            /// let x = tape.var(2.0);
            /// let y = x.polynomial(&[1.0, 2.0, 3.0]);
            /// assert_eq!((y.value(), y.gradients()[x]), (17.0, 14.0));
            /// ```
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn polynomial(self, coefficients: &[$number]) -> Self {
                expect(self.try_polynomial(coefficients))
            }

            /// Σ cₖ·xᵏ by Horner's rule with variable coefficients, the lowest power first; 0 for
            /// none.
            ///
            /// # Example
            /// ```
            #[doc = $tape]
            /// let x = tape.var(2.0);
            /// let c = tape.vars(&[1.0, 2.0, 3.0]);
            /// let y = x.horner(&c);
            /// assert_eq!((y.value(), y.gradients()[x]), (17.0, 14.0));
            /// assert_eq!(y.gradients().wrt(&c), [1.0, 2.0, 4.0]);
            /// ```
            #[inline(always)]
            #[track_caller]
            #[must_use = "the operation is recorded, but its result goes unused"]
            pub fn horner(self, coefficients: &[Self]) -> Self {
                Self::nary::<rules::Horner>(&[self], coefficients)
            }
        }
    };
}
reductions! { ['t, F: Scalar] Var<'t, F>, F, "Var", "let tape = wengert::Tape::new();" }
reductions! { [F: Real] Active<F>, F, "Active", "let tape = wengert::Tape::new().activate();" }
