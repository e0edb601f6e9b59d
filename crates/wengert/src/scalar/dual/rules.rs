//! How dual numbers compute, written once for those of one direction and those of several.

use super::direction::Direction;
use super::{Dual, DualVec, Evaluate, Scalar, sealed};
use crate::error::Error;
use crate::operation::Called;
use crate::ops::rules::Powi;
use crate::ops::{Beside, Binary, Derivatives, Nary, OpKind, Ternary, Unary, Which};
use crate::scalar::call;
use smallvec::SmallVec;

/// Everything of a dual number that its rules decide: in brackets the generic parameters; then the
/// type, the type of its tangent, and the field that holds it.
macro_rules! dual_rules {
    ([$($generics:tt)*] $this:ty, $direction:ty, $tangent:ident) => {
        impl<$($generics)*> $this {
            /// A number that does not vary: its derivative is 0.
            ///
            /// # Example
            /// ```
            /// let c: wengert::Dual = wengert::Dual::constant(2.0);
            /// assert_eq!((c * c).tangent, 0.0);
            /// ```
            #[inline]
            pub fn constant(value: F) -> Self {
                Self { value, $tangent: <$direction>::still() }
            }

            /// The result of an operation on operands that move so, with these partial derivatives.
            #[inline(always)]
            fn result<const K: usize>(
                value: F,
                operands: [$direction; K],
                partials: [F; K],
            ) -> Self {
                Self { value, $tangent: <$direction>::flow(value, operands, partials) }
            }

            /// The result of an operation on a list, along whose partial derivatives it moves so.
            fn of_list(value: F, tangent: $direction, xs: &[Self]) -> Self {
                let is_nan = !F::RECORDS && value.is_nan();
                let operands = || xs.iter().map(|x| x.$tangent);
                let $tangent = if is_nan { tangent.lost(value, operands()) } else { tangent };
                Self { value, $tangent }
            }

            /// Whether the number varies.
            #[inline]
            fn moves(&self) -> bool {
                !self.$tangent.is_still()
            }
        }

        impl<$($generics)*> From<F> for $this {
            #[inline]
            fn from(value: F) -> Self {
                Self::constant(value)
            }
        }

        impl<$($generics)*> Scalar for $this {
            type SealedRules = Self;
        }

        impl<$($generics)*> sealed::Rules<Self> for $this {
            const HAS_TANGENT: bool = true;
            const RECORDS: bool = F::RECORDS;

            #[inline]
            fn lit(c: f64) -> Self {
                Self::constant(F::lit(c))
            }

            #[inline]
            fn unary<R: Unary>(x: Self) -> Self {
                let y = F::unary::<R>(x.value);
                if F::RECORDS && !x.moves() {
                    return Self::constant(y);
                }
                Self::result(y, [x.$tangent], [F::slope::<R>(x.value, y)])
            }

            #[inline]
            fn binary<R: Binary>(x: Self, y: Self) -> Self {
                let z = F::binary::<R>(x.value, y.value);
                // PERF: a partial derivative may be far dearer than the question whether it counts.
                let is_dear = const { !R::FORM.is_inline() };
                let left = match is_dear && !x.moves() {
                    true => F::zero(),
                    false => F::left::<R>(x.value, y.value, z),
                };
                let right = match is_dear && !y.moves() {
                    true => F::zero(),
                    false => F::right::<R>(x.value, y.value, z),
                };
                Self::result(z, [x.$tangent, y.$tangent], [left, right])
            }

            #[inline]
            fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self {
                let w = F::ternary::<R>(x.value, y.value, z.value);
                let moving = [x.moves(), y.moves(), z.moves()];
                let partials = F::partials::<R>(moving, x.value, y.value, z.value);
                Self::result(w, [x.$tangent, y.$tangent, z.$tangent], partials)
            }

            #[inline]
            fn power(x: Self, n: i32) -> Self {
                let y = F::power(x.value, n);
                Self::result(y, [x.$tangent], [Powi::partial(x.value, n, y)])
            }

            #[inline]
            fn derivative<R: Derivatives>(n: u32, x: Self) -> Self {
                let y = F::derivative::<R>(n, x.value);
                Self::result(y, [x.$tangent], [F::derivative::<R>(n + 1, x.value)])
            }

            #[inline]
            fn polygamma(n: u32, x: Self) -> Self {
                let y = F::polygamma(n, x.value);
                Self::result(y, [x.$tangent], [F::polygamma(n + 1, x.value)])
            }

            fn power_derivative(x: Self, y: Self, k: u32, j: u32) -> Self {
                // PERF: exponents are mostly constant, and a power is dear.
                let partial = |tangent: $direction, k, j| match tangent.is_still() {
                    true => F::zero(),
                    false => F::power_derivative(x.value, y.value, k, j),
                };
                let partials = [partial(x.$tangent, k + 1, j), partial(y.$tangent, k, j + 1)];
                let value = F::power_derivative(x.value, y.value, k, j);
                Self::result(value, [x.$tangent, y.$tangent], partials)
            }

            fn derived(which: Which, xs: &[Self]) -> Self {
                let values: SmallVec<[F; 3]> = xs.iter().map(|x| x.value).collect();
                let flows = xs.iter().enumerate().filter(|(_, x)| x.moves()).filter_map(|(i, x)| {
                    which.by(i).map(|next| x.$tangent.pushed(F::derived(next, &values)))
                });
                let tangent = flows.reduce(|sum, flow| sum.plus(flow));
                let tangent = tangent.unwrap_or_else(<$direction>::still);
                Self::of_list(F::derived(which, &values), tangent, xs)
            }

            fn reduced<R: Nary>(kind: OpKind, xs: &[Self]) -> Self {
                let values: SmallVec<[F; 4]> = xs.iter().map(|x| x.value).collect();
                let y = F::reduced::<R>(kind, &values);
                let mut tangent = <$direction>::still();
                R::partials(values.as_slice(), Beside::of(y, &mut Vec::new()), |i, partial| {
                    tangent = tangent.plus(xs[i].$tangent.pushed(partial));
                });
                Self::of_list(y, tangent, xs)
            }

            #[track_caller]
            fn call(called: &Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
                let x: Vec<F> = xs.iter().map(|x| x.value).collect();
                let y = F::call(called, &x)?;
                let mut tangents = vec![vec![F::zero(); y.len()]; <$direction>::COUNT];
                for (d, tangents) in tangents.iter_mut().enumerate() {
                    let moves: Vec<F> = xs.iter().map(|x| x.$tangent.along(d)).collect();
                    if moves.iter().any(|tangent| !tangent.is_all_zero()) {
                        // What was saved belongs to the point, and does not move.
                        *tangents = call::jvp(called, &x, &y, &moves)?;
                        tangents.resize(y.len(), F::zero());
                    }
                }
                let result = |(i, y): (usize, F)| {
                    Self::of_list(y, <$direction>::of(|d| tangents[d][i]), xs)
                };
                Ok(y.into_iter().enumerate().map(result).collect())
            }

            #[inline]
            fn primal(x: &Self) -> f64 {
                x.value.primal()
            }

            #[inline]
            fn accumulate(sum: Self, flow: Self) -> Self {
                let $tangent = sum.$tangent.plus(flow.$tangent);
                Self { value: sum.value.accumulate(flow.value), $tangent }
            }

            #[inline]
            fn primal_is_zero(x: &Self) -> bool {
                x.value.primal_is_zero()
            }

            #[inline]
            fn is_all_zero(x: &Self) -> bool {
                x.value.is_all_zero() && x.$tangent.is_still()
            }

            #[inline]
            fn is_ordinary(x: &Self) -> bool {
                // A zero part may be fine, but the exact test is as cheap as the careful product.
                Evaluate::is_ordinary(x.value) && Direction::<F>::is_ordinary(&x.$tangent)
            }

            #[inline]
            fn has_lost_tangent(x: &Self) -> bool {
                let mut along = (0..<$direction>::COUNT).map(|d| x.$tangent.along(d));
                !x.value.is_nan() && along.any(|tangent: F| tangent.is_nan())
            }

            #[inline]
            fn chain(x: Self, partial: Self) -> Self {
                let tangent = <$direction>::chained_along(x.value, partial.$tangent);
                let $tangent = tangent.plus(x.$tangent.chained(partial.value));
                Self { value: x.value.chain(partial.value), $tangent }
            }

            #[inline]
            fn push(x: Self, partial: Self) -> Self {
                let tangent = <$direction>::pushed_along(x.value, partial.$tangent);
                let $tangent = tangent.plus(x.$tangent.pushed(partial.value));
                Self { value: x.value.push(partial.value), $tangent }
            }
        }
    };
}
dual_rules! { [F: Scalar] Dual<F>, F, tangent }
dual_rules! { [F: Scalar, const N: usize] DualVec<F, N>, [F; N], tangents }

/// Equality and order look at the value alone.
macro_rules! compared_by_value {
    ([$($parameters:tt)*] $this:ty) => {
        impl<F: PartialEq $($parameters)*> PartialEq for $this {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.value == other.value
            }
        }

        impl<F: PartialOrd $($parameters)*> PartialOrd for $this {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                self.value.partial_cmp(&other.value)
            }
        }
    };
}
compared_by_value! { [] Dual<F> }
compared_by_value! { [, const N: usize] DualVec<F, N> }
