//! One evaluation at a time.

use super::apart;
use super::arrays::array;
use crate::error::expect;
use crate::function::element::Element;
use crate::instructions::Arch;
use crate::operation::Called;
use crate::ops::rules::Powi;
use crate::ops::{Beside, Binary, Nary, Ternary, Unary};
use crate::scalar::{Evaluate, Real, call};

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
    fn values<R: Unary>(arch: Arch, xs: &[Self], results: &mut [Self]) {
        apart::values::<R, F>(arch, xs, results);
    }
    fn slopes<R: Unary>(arch: Arch, xs: &[Self], ys: &[Self], results: &mut [Self]) {
        apart::slopes::<R, F>(arch, xs, ys, results);
    }
    fn pair_values<R: Binary>(arch: Arch, xs: &[Self], ys: &[Self], results: &mut [Self]) {
        apart::pair_values::<R, F>(arch, xs, ys, results);
    }
    #[inline(always)]
    fn left<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        apart::left::<R, F, P>(x, y, z)
    }
    #[inline(always)]
    fn right<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        apart::right::<R, F, P>(x, y, z)
    }
    #[inline(always)]
    fn ternary<R: Ternary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        array(
            #[inline(always)]
            |i| R::value(x[i], y[i], z[i]),
        )
    }
    #[inline(always)]
    fn partials<R: Ternary, const P: usize>(
        wanted: [bool; 3],
        x: [Self; P],
        y: [Self; P],
        z: [Self; P],
    ) -> [[Self; P]; 3] {
        partials_of::<R, F, P>(wanted, x, y, z)
    }
    #[inline(never)]
    fn power(x: Self, n: i32) -> Self {
        Powi::value(x, n)
    }
    #[inline(never)]
    fn power_slope(x: Self, n: i32, y: Self) -> Self {
        Powi::partial(x, n, y)
    }
    #[inline(never)]
    fn nary<R: Nary>(xs: &[Self]) -> Self {
        R::value(xs, &[])
    }
    #[inline(never)]
    fn nary_partials<R: Nary>(xs: &[Self], y: Self, partials: &mut [Self]) {
        R::partials(xs, Beside::of(y, &mut Vec::new()), |i, partial| partials[i] = partial);
    }
    #[inline(always)]
    fn log_sum_exp(arch: Arch, xs: &[Self], saved: &mut [Self]) -> Self {
        apart::log_sum_exp(arch, xs, saved)
    }
    fn call_value(called: &Called, xs: &[Self]) -> Vec<Self> {
        F::call(called, xs).unwrap_or_else(|_| vec![F::nan(); called.outputs() + called.saves()])
    }
    fn call_vjp(called: &Called, xs: &[Self], ys: &[Self], weights: &[Self]) -> Vec<Self> {
        // A zero adjoint passes nothing on, whatever the partial.
        if weights.iter().all(|weight| weight.is_all_zero()) {
            return vec![<F as Element<F>>::zero(); xs.len()];
        }
        expect(call::vjp(called, xs, ys, weights))
    }
    #[inline(always)]
    fn has_nan(self) -> bool {
        self.is_nan()
    }
    #[inline(always)]
    fn flow<const CAREFUL: bool>(self, partial: Self) -> Self {
        if CAREFUL { self.chain(partial) } else { self * partial }
    }
}

/// The partial derivatives of several operations, operand by operand.
#[inline(always)]
pub(in crate::function) fn partials_of<R: Ternary, F: Real, const P: usize>(
    wanted: [bool; 3],
    x: [F; P],
    y: [F; P],
    z: [F; P],
) -> [[F; P]; 3] {
    let mut partials = [x, y, z];
    for i in 0..P {
        let of_one = R::partials(wanted, x[i], y[i], z[i]);
        partials[0][i] = of_one[0];
        partials[1][i] = of_one[1];
        partials[2][i] = of_one[2];
    }
    partials
}
