//! The same entry of several evaluations, side by side.

use super::apart;
use super::arrays::array;
use super::single::partials_of;
use crate::function::element::{Element, Entry};
use crate::instructions::{Arch, Vectorized};
use crate::operation::Called;
use crate::ops::rules::LogSumExp;
use crate::ops::{Beside, Binary, Nary, Ternary, Unary};
use crate::scalar::{Concrete, Evaluate, Real};
use std::ops::{Add, AddAssign, Mul, Sub};

/// How many evaluations of a batch run side by side: the same on every machine, so that sums over
/// samples have the same bits on every machine.
pub(in crate::function) const WIDTH: usize = 16;

/// One number for each of [`WIDTH`] evaluations.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(in crate::function) struct Lanes<F>(pub(in crate::function) [F; WIDTH]);

impl<F: Real> Entry for Lanes<F> {
    type Number = F;
    const LANES: usize = WIDTH;
}

/// The operators. PERF: loops that overwrite their operand; from arrays of what a closure gives the
/// compiler makes vectors of two and four lanes.
impl<F: Real> Add for Lanes<F> {
    type Output = Self;
    #[inline(always)]
    fn add(mut self, other: Self) -> Self {
        for (number, other) in self.0.iter_mut().zip(other.0) {
            *number += other;
        }
        self
    }
}

impl<F: Real> Sub for Lanes<F> {
    type Output = Self;
    #[inline(always)]
    fn sub(mut self, other: Self) -> Self {
        for (number, other) in self.0.iter_mut().zip(other.0) {
            *number -= other;
        }
        self
    }
}

impl<F: Real> Mul for Lanes<F> {
    type Output = Self;
    #[inline(always)]
    fn mul(mut self, other: Self) -> Self {
        for (number, other) in self.0.iter_mut().zip(other.0) {
            *number *= other;
        }
        self
    }
}

impl<F: Real> AddAssign for Lanes<F> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<F: Real> Element<F> for Lanes<F> {
    #[inline(always)]
    fn splat(number: F) -> Self {
        Self([number; WIDTH])
    }
    #[inline(always)]
    fn zero() -> Self {
        Self([F::zero(); WIDTH])
    }
    #[inline(always)]
    fn negated(mut self) -> Self {
        for number in &mut self.0 {
            *number = -*number;
        }
        self
    }
    #[inline(always)]
    fn unary<R: Unary, const P: usize>(mut x: [Self; P]) -> [Self; P] {
        for x in &mut x {
            x.0 = R::values(x.0);
        }
        x
    }
    #[inline(always)]
    fn slope<R: Unary, const P: usize>(mut x: [Self; P], y: [Self; P]) -> [Self; P] {
        for (x, y) in x.iter_mut().zip(y) {
            x.0 = R::slopes(x.0, y.0);
        }
        x
    }
    #[inline(always)]
    fn binary<R: Binary, const P: usize>(mut x: [Self; P], y: [Self; P]) -> [Self; P] {
        for (x, y) in x.iter_mut().zip(y) {
            x.0 = R::values(x.0, y.0);
        }
        x
    }
    fn values<R: Unary>(arch: Arch, xs: &[Self], results: &mut [Self]) {
        for (x, result) in xs.iter().zip(results) {
            apart::values::<R, F>(arch, &x.0, &mut result.0);
        }
    }
    fn slopes<R: Unary>(arch: Arch, xs: &[Self], ys: &[Self], results: &mut [Self]) {
        for ((x, y), result) in xs.iter().zip(ys).zip(results) {
            apart::slopes::<R, F>(arch, &x.0, &y.0, &mut result.0);
        }
    }
    fn pair_values<R: Binary>(arch: Arch, xs: &[Self], ys: &[Self], results: &mut [Self]) {
        for ((x, y), result) in xs.iter().zip(ys).zip(results) {
            apart::pair_values::<R, F>(arch, &x.0, &y.0, &mut result.0);
        }
    }
    #[inline(always)]
    fn left<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        array(
            #[inline(always)]
            |i| Self(apart::left::<R, F, WIDTH>(x[i].0, y[i].0, z[i].0)),
        )
    }
    #[inline(always)]
    fn right<R: Binary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        array(
            #[inline(always)]
            |i| Self(apart::right::<R, F, WIDTH>(x[i].0, y[i].0, z[i].0)),
        )
    }
    #[inline(always)]
    fn ternary<R: Ternary, const P: usize>(x: [Self; P], y: [Self; P], z: [Self; P]) -> [Self; P] {
        array(
            #[inline(always)]
            |i| Self(<F as Element<F>>::ternary::<R, WIDTH>(x[i].0, y[i].0, z[i].0)),
        )
    }
    #[inline(always)]
    fn partials<R: Ternary, const P: usize>(
        wanted: [bool; 3],
        x: [Self; P],
        y: [Self; P],
        z: [Self; P],
    ) -> [[Self; P]; 3] {
        let mut partials = [x, y, z];
        for i in 0..P {
            let of_one = partials_of::<R, F, WIDTH>(wanted, x[i].0, y[i].0, z[i].0);
            for (partial, lanes) in partials.iter_mut().zip(of_one) {
                partial[i] = Self(lanes);
            }
        }
        partials
    }
    #[inline(always)]
    fn power(x: Self, n: i32) -> Self {
        Self(array(
            #[inline(always)]
            |lane| <F as Element<F>>::power(x.0[lane], n),
        ))
    }
    #[inline(always)]
    fn power_slope(x: Self, n: i32, y: Self) -> Self {
        Self(array(
            #[inline(always)]
            |lane| <F as Element<F>>::power_slope(x.0[lane], n, y.0[lane]),
        ))
    }
    #[inline(never)]
    fn nary<R: Nary>(xs: &[Self]) -> Self {
        Self(array(|lane| value_of_lane::<R, F>(xs, lane)))
    }
    #[inline(never)]
    fn nary_partials<R: Nary>(xs: &[Self], y: Self, partials: &mut [Self]) {
        // Takes no memory: products, whose rule wants some, are recorded factor by factor.
        let mut scratch = Vec::new();
        for lane in 0..WIDTH {
            let xs = Lane { all: xs, lane };
            scratch.clear();
            R::partials(xs, Beside::of(y.0[lane], &mut scratch), |i, partial| {
                partials[i].0[lane] = partial;
            });
        }
    }
    fn log_sum_exp(arch: Arch, xs: &[Self], saved: &mut [Self]) -> Self {
        arch.dispatch(LogSumExpCall { xs, saved })
    }
    fn call_value(called: &Called, xs: &[Self]) -> Vec<Self> {
        let mut ys = vec![Self::zero(); called.outputs() + called.saves()];
        if called.values(WIDTH, || flat(xs), |all| unflatten(all, &mut ys)) {
            return ys;
        }
        for lane in 0..WIDTH {
            put(&mut ys, lane, &<F as Element<F>>::call_value(called, &number(xs, lane)));
        }
        ys
    }
    fn call_vjp(called: &Called, xs: &[Self], ys: &[Self], weights: &[Self]) -> Vec<Self> {
        let mut flows = vec![Self::zero(); xs.len()];
        let numbers = || [flat(xs), flat(&ys[..called.outputs()]), flat(weights)];
        if called.vjps(WIDTH, numbers, |all| unflatten(all, &mut flows)) {
            return flows;
        }
        for lane in 0..WIDTH {
            let [xs, ys, weights] = [xs, ys, weights].map(|all| number(all, lane));
            put(&mut flows, lane, &<F as Element<F>>::call_vjp(called, &xs, &ys, &weights));
        }
        flows
    }
    #[inline(always)]
    fn has_nan(self) -> bool {
        self.0.into_iter().fold(false, |has, number| has | number.is_nan())
    }
    #[inline(always)]
    fn flow<const CAREFUL: bool>(mut self, partial: Self) -> Self {
        for (adjoint, partial) in self.0.iter_mut().zip(partial.0) {
            *adjoint = <F as Element<F>>::flow::<CAREFUL>(*adjoint, partial);
        }
        self
    }
}

/// A rule in one lane: a function, which is not compiled as often as there are lanes.
#[inline(never)]
fn value_of_lane<R: Nary, F: Real>(xs: &[Lanes<F>], lane: usize) -> F {
    R::value(Lane { all: xs, lane }, &[])
}

/// The numbers of one lane.
fn number<F: Copy>(all: &[Lanes<F>], lane: usize) -> Vec<F> {
    all.iter().map(|lanes| lanes.0[lane]).collect()
}

/// Copies the numbers of one lane out.
#[inline(never)]
pub(in crate::function) fn take<F: Copy>(all: &[Lanes<F>], lane: usize, numbers: &mut [F]) {
    numbers.iter_mut().zip(all).for_each(|(number, lanes)| *number = lanes.0[lane]);
}

/// Copies numbers into one lane.
#[inline(never)]
pub(in crate::function) fn put<F: Copy>(all: &mut [Lanes<F>], lane: usize, numbers: &[F]) {
    all.iter_mut().zip(numbers).for_each(|(lanes, &number)| lanes.0[lane] = number);
}

/// All lanes of all entries side by side, as an operation takes them.
fn flat<F: Real>(all: &[Lanes<F>]) -> Vec<f64> {
    all.iter().flat_map(|lanes| lanes.0).map(Concrete::as_f64).collect()
}

fn unflatten<F: Real>(numbers: &[f64], all: &mut [Lanes<F>]) {
    for (lanes, numbers) in all.iter_mut().zip(numbers.chunks(WIDTH)) {
        lanes.0.iter_mut().zip(numbers).for_each(|(lane, &number)| *lane = F::lit(number));
    }
}

/// ln Σ e^xᵢ in each lane, as a function of its own.
struct LogSumExpCall<'a, F> {
    xs: &'a [Lanes<F>],
    saved: &'a mut [Lanes<F>],
}

impl<F: Real> Vectorized for LogSumExpCall<'_, F> {
    type Output = Lanes<F>;
    #[inline(always)]
    fn run(self) -> Lanes<F> {
        let Self { xs, saved } = self;
        let rows = |i: usize| xs[i].0;
        let values = LogSumExp::save_lanes(xs.len(), rows, |i, row| saved[i].0 = row);
        values.map_or_else(|| log_sum_exp_lane_by_lane(xs, saved), Lanes)
    }
}

/// Where a lane has a number that is not finite.
#[cold]
#[inline(never)]
fn log_sum_exp_lane_by_lane<F: Real>(xs: &[Lanes<F>], saved: &mut [Lanes<F>]) -> Lanes<F> {
    Lanes(std::array::from_fn(|lane| {
        let keep = |i: usize, number| saved[i].0[lane] = number;
        LogSumExp::save_each(Lane { all: xs, lane }, keep)
    }))
}

/// The operands of an n-ary rule in one of the lanes.
#[derive(Clone, Copy)]
struct Lane<'a, F> {
    all: &'a [Lanes<F>],
    lane: usize,
}

impl<F: Copy> crate::ops::Operands<F> for Lane<'_, F> {
    fn len(self) -> usize {
        self.all.len()
    }
    fn at(self, i: usize) -> F {
        self.all[i].0[self.lane]
    }
    fn iter(self) -> impl Iterator<Item = F> {
        self.all.iter().map(move |lanes| lanes.0[self.lane])
    }
    fn split(self, at: usize) -> (impl crate::ops::Operands<F>, impl crate::ops::Operands<F>) {
        let (first, second) = self.all.split_at(at);
        (Lane { all: first, ..self }, Lane { all: second, ..self })
    }
}
