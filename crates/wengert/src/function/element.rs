//! What the interpreter computes with: a number, or the lanes of a batch.

mod apart;
pub(in crate::function) mod arrays;
pub(in crate::function) mod lanes;
pub(in crate::function) mod sample;
mod single;

use crate::instructions::Arch;
use crate::operation::Called;
use crate::ops::{Binary, Nary, Ternary, Unary};
use crate::scalar::Real;
use std::fmt::Debug;
use std::ops::{Add, AddAssign, Mul, Sub};

/// What an entry of the interpreter's memory is made of.
pub(in crate::function) trait Entry: Copy {
    type Number: Copy + Debug;
    /// How many evaluations stand side by side.
    const LANES: usize;
}

impl<F: Real> Entry for F {
    type Number = F;
    const LANES: usize = 1;
}

/// One entry of the interpreter's memory, for programs over `F`. Operations take `P` entries at
/// once, so that neighbouring instructions of one kind share vector instructions.
pub(super) trait Element<F>:
    Entry<Number = F>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + AddAssign
    + 'static
{
    /// The number in every lane.
    fn splat(number: F) -> Self;
    fn zero() -> Self;
    fn negated(self) -> Self;
    /// Rules of a few instructions, to be part of a loop.
    fn unary<R: Unary, const P: usize>(x: [Self; P]) -> [Self; P];
    fn slope<R: Unary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P];
    fn binary<R: Binary, const P: usize>(x: [Self; P], y: [Self; P]) -> [Self; P];
    /// Rules that are functions of their own: f(x) of each x.
    fn values<R: Unary>(arch: Arch, xs: &[Self], results: &mut [Self]);
    /// dy/dx of each x and y.
    fn slopes<R: Unary>(arch: Arch, xs: &[Self], ys: &[Self], results: &mut [Self]);
    /// f(x, y) of each x and y.
    fn pair_values<R: Binary>(arch: Arch, xs: &[Self], ys: &[Self], results: &mut [Self]);
    fn left<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P];
    fn right<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P];
    fn ternary<R: Ternary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P];
    /// The partial derivatives by each operand, or by those that are wanted.
    fn partials<R: Ternary, const P: usize>(
        wanted: [bool; 3],
        x: [Self; P],
        y: [Self; P],
        z: [Self; P],
    ) -> [[Self; P]; 3];
    fn power(x: Self, n: i32) -> Self;
    fn power_slope(x: Self, n: i32, y: Self) -> Self;
    fn nary<R: Nary>(xs: &[Self]) -> Self;
    /// Overwrites `partials` with one for each operand.
    fn nary_partials<R: Nary>(xs: &[Self], y: Self, partials: &mut [Self]);
    /// The value, with the weights and their scale in `saved`, one longer than `xs`.
    fn log_sum_exp(arch: Arch, xs: &[Self], saved: &mut [Self]) -> Self;
    /// The outputs of a user's operation and what it saves, NaN where it has none.
    fn call_value(called: &Called, xs: &[Self]) -> Vec<Self>;
    /// Its vector-Jacobian product, from its outputs and what it saved.
    fn call_vjp(called: &Called, xs: &[Self], ys: &[Self], weights: &[Self]) -> Vec<Self>;
    /// Whether a number of these is NaN.
    fn has_nan(self) -> bool;
    /// Adjoint times partial: by the plain product, or with 0 · ∞ = 0.
    fn flow<const CAREFUL: bool>(self, partial: Self) -> Self;
}

/// The seed of an output: that of NaN is NaN, so that it shows in the gradient.
#[inline]
pub(in crate::function) fn seed<F: Real>(weight: F, value: F) -> F {
    if value.is_nan() && !num_traits::Zero::is_zero(&weight) { value } else { weight }
}
