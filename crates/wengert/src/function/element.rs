//! What the interpreter computes with: a number, a dual number, or the lanes of a batch.

use crate::ops::rules::{LogSumExp, Powi};
use crate::ops::{Binary, Nary, Ternary, Unary};
use crate::scalar::sealed::Evaluate;
use crate::scalar::{Dual, Real};
use std::array::from_fn;
use std::ops::{Add, AddAssign, Mul, Sub};

/// One entry of the interpreter's memory, for programs over `F`. Operations take `P` entries at
/// once, so that neighbouring instructions of one kind share vector instructions.
pub(super) trait Element<F>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + AddAssign + 'static
{
    /// The number in every lane, with no tangent.
    fn splat(number: F) -> Self;
    fn zero() -> Self;
    fn negated(self) -> Self;
    fn unary<R: Unary, const P: usize>(x: [Self; P]) -> [Self; P];
    fn slope<R: Unary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P];
    fn binary<R: Binary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P];
    fn left<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P];
    fn right<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P];
    fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self;
    fn partials<R: Ternary>(x: Self, y: Self, z: Self) -> [Self; 3];
    fn power(x: Self, n: i32) -> Self;
    fn power_slope(x: Self, n: i32, y: Self) -> Self;
    fn nary<R: Nary>(xs: &[Self]) -> Self;
    /// Overwrites `partials` with one for each operand.
    fn nary_partials<R: Nary>(xs: &[Self], y: Self, partials: &mut [Self]);
    /// The value, with the weights and their scale in `saved`, one longer than `xs`.
    fn log_sum_exp(xs: &[Self], saved: &mut [Self]) -> Self;
    /// Adjoint times partial: by the plain product, or with 0 · ∞ = 0.
    fn flow<const CAREFUL: bool>(self, partial: Self) -> Self;
    /// Whether every number in it is finite.
    fn is_finite(self) -> bool;
}

impl<F: Real> Element<F> for F {
    #[inline(always)]
    fn splat(number: F) -> Self {
        number
    }
    #[inline(always)]
    fn zero() -> Self {
        <F as num_traits::Zero>::zero()
    }
    #[inline(always)]
    fn negated(self) -> Self {
        -self
    }
    #[inline(always)]
    fn unary<R: Unary, const P: usize>(x: [Self; P]) -> [Self; P] {
        R::values(x)
    }
    #[inline(always)]
    fn slope<R: Unary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P] {
        R::slopes(x, y)
    }
    #[inline(always)]
    fn binary<R: Binary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P] {
        R::values(x, y)
    }
    #[inline(always)]
    fn left<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        from_fn(|i| R::left(x[i], y[i], z[i]))
    }
    #[inline(always)]
    fn right<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        from_fn(|i| R::right(x[i], y[i], z[i]))
    }
    #[inline(always)]
    fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self {
        R::value(x, y, z)
    }
    #[inline(always)]
    fn partials<R: Ternary>(x: Self, y: Self, z: Self) -> [Self; 3] {
        R::partials(x, y, z).into()
    }
    #[inline(always)]
    fn power(x: Self, n: i32) -> Self {
        Powi::value(x, n)
    }
    #[inline(always)]
    fn power_slope(x: Self, n: i32, y: Self) -> Self {
        Powi::partial(x, n, y)
    }
    fn nary<R: Nary>(xs: &[Self]) -> Self {
        R::value(xs, &[])
    }
    fn nary_partials<R: Nary>(xs: &[Self], y: Self, partials: &mut [Self]) {
        R::partials(xs, &[], y, &mut Vec::new(), |i, partial| partials[i] = partial);
    }
    #[inline(always)]
    fn log_sum_exp(xs: &[Self], saved: &mut [Self]) -> Self {
        LogSumExp::save_packs(xs, saved)
    }
    #[inline(always)]
    fn flow<const CAREFUL: bool>(self, partial: Self) -> Self {
        if CAREFUL { self.chain(partial) } else { self * partial }
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        num_traits::Float::is_finite(self)
    }
}

impl<F: Real> Element<F> for Dual<F> {
    fn splat(number: F) -> Self {
        Self::constant(number)
    }
    fn zero() -> Self {
        Self::default()
    }
    fn negated(self) -> Self {
        -self
    }
    fn unary<R: Unary, const P: usize>(x: [Self; P]) -> [Self; P] {
        x.map(<Self as Evaluate>::unary::<R>)
    }
    fn slope<R: Unary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P] {
        from_fn(|i| R::partial(x[i], y[i]))
    }
    fn binary<R: Binary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P] {
        from_fn(|i| <Self as Evaluate>::binary::<R>(x[i], y[i]))
    }
    fn left<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        from_fn(|i| R::left(x[i], y[i], z[i]))
    }
    fn right<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        from_fn(|i| R::right(x[i], y[i], z[i]))
    }
    fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self {
        <Self as Evaluate>::ternary::<R>(x, y, z)
    }
    fn partials<R: Ternary>(x: Self, y: Self, z: Self) -> [Self; 3] {
        R::partials(x, y, z).into()
    }
    fn power(x: Self, n: i32) -> Self {
        <Self as Evaluate>::power(x, n)
    }
    fn power_slope(x: Self, n: i32, y: Self) -> Self {
        Powi::partial(x, n, y)
    }
    fn nary<R: Nary>(xs: &[Self]) -> Self {
        R::value(xs, &[])
    }
    fn nary_partials<R: Nary>(xs: &[Self], y: Self, partials: &mut [Self]) {
        R::partials(xs, &[], y, &mut Vec::new(), |i, partial| partials[i] = partial);
    }
    fn log_sum_exp(xs: &[Self], saved: &mut [Self]) -> Self {
        LogSumExp::save(xs, saved)
    }
    fn flow<const CAREFUL: bool>(self, partial: Self) -> Self {
        self.chain(partial)
    }
    fn is_finite(self) -> bool {
        num_traits::Float::is_finite(self.value) && num_traits::Float::is_finite(self.tangent)
    }
}
