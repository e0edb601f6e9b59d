//! Functions of any number of variables, one node each whatever their length.

use super::exponential::{Exp, Ln1p};
use super::powers::{ExtremeDirection, largest, scale_for_squares};
use super::{Beside, Nary, OpKind, Operands, Unary, Which};
use crate::scalar::{Evaluate, Real, Scalar};

/// Σ xᵢ, from left to right; 0 for no operands
pub(crate) struct Sum;
impl Nary for Sum {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        sum(xs.iter())
    }
    #[inline]
    fn partials<F: Scalar>(xs: impl Operands<F>, _: Beside<'_, F>, mut emit: impl FnMut(usize, F)) {
        (0..xs.len()).for_each(|i| emit(i, F::one()));
    }
}

/// The sum from left to right. It begins with the first term, so that a sum of one −0 is −0 as
/// the number itself is.
#[inline]
pub(crate) fn sum<F: Scalar>(terms: impl Iterator<Item = F>) -> F {
    terms.reduce(|a, b| a + b).unwrap_or_else(F::zero)
}

/// What several steps made of operands: the derivative of NaN is NaN by each of them that moves,
/// also where a tangent was zero on the way, as behind a factor of zero.
#[inline(always)]
pub(crate) fn settled<F: Scalar>(value: F, operands: impl Iterator<Item = F>) -> F {
    // A number that records does not decide by its value.
    if F::HAS_TANGENT && !F::RECORDS && value.is_nan() {
        operands.fold(value, |sum, operand| sum + operand)
    } else {
        value
    }
}

/// Π xᵢ, from left to right; 1 for no operands
pub(crate) struct Product;
impl Nary for Product {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        settled(xs.iter().fold(F::one(), |a, b| a * b), xs.iter())
    }
    /// The product of all others, from the products before and behind each operand: right where
    /// dividing the whole by xᵢ fails, at zeros and where the whole under- or overflows.
    fn partials<F: Scalar>(
        xs: impl Operands<F>,
        Beside { scratch: before, .. }: Beside<'_, F>,
        mut emit: impl FnMut(usize, F),
    ) {
        let mut product = F::one();
        for x in xs.iter() {
            before.push(product);
            product *= x;
        }
        let mut behind = F::one();
        for i in (0..xs.len()).rev() {
            emit(i, before[i] * behind);
            behind *= xs.at(i);
        }
    }
}

/// Σ xᵢ / n; NaN for no operands, as 0/0 is
pub(crate) struct Mean;
impl Nary for Mean {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        sum(xs.iter()) / F::lit(xs.len() as f64)
    }
    #[inline]
    fn partials<F: Scalar>(xs: impl Operands<F>, _: Beside<'_, F>, mut emit: impl FnMut(usize, F)) {
        let share = F::lit(xs.len() as f64).recip();
        (0..xs.len()).for_each(|i| emit(i, share));
    }
}

/// Σ aᵢ·bᵢ, of operands that are all a and then all b
pub(crate) struct Dot;
impl Nary for Dot {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        let (a, b) = xs.split(xs.len() / 2);
        settled(sum(a.iter().zip(b.iter()).map(|(a, b)| a * b)), xs.iter())
    }
    #[inline]
    fn partials<F: Scalar>(xs: impl Operands<F>, _: Beside<'_, F>, mut emit: impl FnMut(usize, F)) {
        let half = xs.len() / 2;
        for i in 0..half {
            emit(i, xs.at(half + i));
            emit(half + i, xs.at(i));
        }
    }
}

/// Σ xᵢ²
pub(crate) struct SquaredNorm;
impl Nary for SquaredNorm {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        settled(sum(xs.iter().map(|x| x * x)), xs.iter())
    }
    #[inline]
    fn partials<F: Scalar>(xs: impl Operands<F>, _: Beside<'_, F>, mut emit: impl FnMut(usize, F)) {
        for (i, x) in xs.iter().enumerate() {
            emit(i, x + x);
        }
    }
}

/// √Σ xᵢ², without overflow or underflow on the way
pub(crate) struct Norm;
impl Nary for Norm {
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        if F::RECORDS {
            return F::reduced::<Self>(OpKind::Norm, &xs.iter().collect::<Vec<_>>());
        }
        let squared = sum(xs.iter().map(|x| x * x));
        // Squares below 10⁻²⁰⁰ may have lost digits to underflow.
        if squared.is_normal() && squared > F::min_positive_value().sqrt() {
            return squared.sqrt();
        }
        if xs.len() == 0 {
            return F::zero();
        }
        let largest = largest(xs.iter().map(|x| x.abs()));
        if largest.primal_is_zero() {
            return largest;
        }
        if largest.is_nan() {
            return sum(xs.iter());
        }
        if largest.is_infinite() {
            let direction = ExtremeDirection::of(xs);
            let outweigh = |x: &F| x.is_infinite();
            // By Euler, the norm is its gradient times x: all that is infinite has its share.
            return sum(xs.iter().filter(outweigh).map(|x| x * direction.component(x)));
        }
        if F::HAS_TANGENT {
            // The squares of tangents might leave the range, however they are scaled.
            return F::reduced::<Self>(OpKind::Norm, &xs.iter().collect::<Vec<_>>());
        }
        let scale = scale_for_squares(largest);
        sum(xs.iter().map(|x| (x * scale) * (x * scale))).sqrt() / scale
    }
    #[inline]
    fn partials<F: Scalar>(
        xs: impl Operands<F>,
        Beside { y, .. }: Beside<'_, F>,
        mut emit: impl FnMut(usize, F),
    ) {
        if F::RECORDS {
            return xs
                .iter()
                .enumerate()
                .for_each(|(i, x)| emit(i, F::derived(Which::SHARE, &[x, y])));
        }
        if F::HAS_TANGENT && y.recip().is_finite() && xs.iter().all(F::is_finite) {
            let components = Components::of(xs);
            xs.iter().enumerate().for_each(|(i, x)| emit(i, components.direction(x)));
        } else if y.is_normal() {
            xs.iter().enumerate().for_each(|(i, x)| emit(i, x / y));
        } else {
            let direction = ExtremeDirection::of(xs);
            xs.iter().enumerate().for_each(|(i, x)| emit(i, direction.component(x)));
        }
    }
}

/// A vector by its quotients by the component m that is largest in magnitude. Derivatives of its
/// length and direction keep their digits that way, along m too, because that of m/m is exactly
/// 0; those of xᵢ/‖x‖ cancel along m.
struct Components<F> {
    largest: F,
    /// √Σ (xᵢ/m)²
    length: F,
}

impl<F: Scalar> Components<F> {
    fn of(xs: impl Operands<F>) -> Self {
        let larger = |a: F, b: F| if b.abs() > a.abs() { b } else { a };
        let largest = xs.iter().reduce(larger).unwrap_or_else(F::one);
        let length = sum(xs.iter().map(|x| (x / largest) * (x / largest))).sqrt();
        Self { largest, length }
    }

    /// x/‖x‖ for one component.
    fn direction(&self, x: F) -> F {
        let size = x / self.largest / self.length;
        if self.largest < F::zero() { -size } else { size }
    }
}

/// ln Σ e^xᵢ, without overflow; −∞ for no operands
///
/// It is m + ln(1 + Σ e^(xᵢ − m)), m the largest operand and the sum that of all others. Kept out of
/// the sum, the 1 leaves the others their digits, which are the whole answer where m is 0, and all
/// that second derivatives are made of where m outweighs the others.
pub(crate) struct LogSumExp;
impl Nary for LogSumExp {
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        if F::RECORDS {
            return F::reduced::<Self>(OpKind::LogSumExp, &xs.iter().collect::<Vec<_>>());
        }
        let shift = largest(xs.iter());
        if !shift.is_finite() {
            return not_finite(xs, shift);
        }
        let mut others = Others::new();
        for x in xs.iter() {
            others.add(x == shift, || finite_weight(x, shift, (x - shift).exp()));
        }
        moved(shift + others.sum().ln_1p(), xs)
    }
    /// e^(xᵢ − m)/Σ e^(xⱼ − m), m the largest: e^(xᵢ − y) would carry y's rounding, which is
    /// large where y is. With infinities among the operands, equal shares of the +∞, and 0 for
    /// all if all are −∞.
    fn partials<F: Scalar>(
        xs: impl Operands<F>,
        Beside { y, scratch: saved, .. }: Beside<'_, F>,
        mut emit: impl FnMut(usize, F),
    ) {
        if F::RECORDS {
            // The value is as good a shift as the largest operand: its rounding is a factor of all
            // weights.
            let weight = |x: F| F::derived(Which::WEIGHT, &[x, y]);
            let weights: Vec<F> = xs.iter().map(weight).collect();
            // Beside the sum of the others, not within that of all: a weight that outweighs them
            // varies with what they are, of which the whole has lost the digits.
            let others = sums_of_others(&weights).into_iter();
            let shares = weights.iter().zip(others);
            return shares.enumerate().for_each(|(i, (&weight, others))| {
                emit(i, F::derived(Which::PART, &[weight, others]));
            });
        }
        saved.resize(xs.len() + 1, F::zero());
        let y = Self::save(xs, saved);
        let scratch = &mut Vec::new();
        SavedLogSumExp::partials(xs, Beside { constants: saved, y, scratch }, emit);
    }
}

/// For each number the sum of all others, of those before it and those behind it.
fn sums_of_others<F: Scalar>(xs: &[F]) -> Vec<F> {
    let add = |sum: Option<F>, x: F| Some(sum.map_or(x, |sum| sum + x));
    let mut sums = vec![None; xs.len()];
    let mut before = None;
    for (sum, &x) in sums.iter_mut().zip(xs) {
        *sum = before;
        before = add(before, x);
    }
    let mut behind = None;
    for (sum, &x) in sums.iter_mut().zip(xs).rev() {
        *sum = behind.map_or(*sum, |behind| add(*sum, behind));
        behind = add(behind, x);
    }
    sums.into_iter().map(|sum| sum.unwrap_or_else(F::zero)).collect()
}

/// How many sums the weights are added to by turns, so that an addition need not wait for the one
/// before.
const SUMS: usize = 4;

/// The sum of all weights but that of the largest operand, or of the first that is as large.
struct Others<F> {
    sums: [F; SUMS],
    at: usize,
    is_largest_left: bool,
}

impl<F: Scalar> Others<F> {
    fn new() -> Self {
        Self { sums: [F::zero(); SUMS], at: 0, is_largest_left: true }
    }

    #[inline(always)]
    fn add(&mut self, is_largest: bool, weight: impl FnOnce() -> F) {
        if self.is_largest_left && is_largest {
            self.is_largest_left = false;
        } else {
            self.sums[self.at] += weight();
        }
        self.at = (self.at + 1) % SUMS;
    }

    fn sum(self) -> F {
        sum_of(self.sums)
    }
}

/// The sum of the sums.
#[inline(always)]
fn sum_of<F: Scalar>([a, b, c, d]: [F; SUMS]) -> F {
    (a + b) + (c + d)
}

impl LogSumExp {
    /// The value, with what the partials need of it: for each operand its weight e^(xᵢ − m), and
    /// behind them 1/Σ e^(xⱼ − m). Then the sweep needs no exponential.
    pub(crate) fn save<F: Scalar>(xs: impl Operands<F>, saved: &mut [F]) -> F {
        if F::RECORDS {
            return Self::value(xs, &[]);
        }
        Self::save_with([F::exp, F::ln_1p], xs, |i, number| saved[i] = number)
    }

    /// The same with e^x and ln(1 + x) as given; `keep(i, …)` takes what is saved.
    fn save_with<F: Scalar>(
        [exp, ln_1p]: [fn(F) -> F; 2],
        xs: impl Operands<F>,
        mut keep: impl FnMut(usize, F),
    ) -> F {
        let shift = largest(xs.iter());
        let mut others = Others::new();
        for (i, x) in xs.iter().enumerate() {
            let weight = weight(x, shift, exp(x - shift));
            others.add(x == shift, || weight);
            keep(i, weight);
        }
        let others = others.sum();
        keep(xs.len(), (F::one() + others).recip());
        if shift.is_finite() { moved(shift + ln_1p(others), xs) } else { not_finite(xs, shift) }
    }
}

/// The value of ln Σ e^xᵢ, moved as its operands are. Where one of them moves infinitely fast,
/// differences of tangents are lost, and sums of their shares are not.
#[inline(always)]
fn moved<F: Scalar>(y: F, xs: impl Operands<F>) -> F {
    if F::HAS_TANGENT && y.has_lost_tangent() { by_shares(xs) } else { y }
}

#[cold]
fn by_shares<F: Scalar>(xs: impl Operands<F>) -> F {
    F::reduced::<LogSumExp>(OpKind::LogSumExp, &xs.iter().collect::<Vec<_>>())
}

/// ln Σ e^xᵢ where the largest operand is not finite: the infinite ones have equal shares, and
/// where all are −∞ no small step changes it.
#[cold]
fn not_finite<F: Scalar>(xs: impl Operands<F>, largest: F) -> F {
    if largest.is_nan() {
        return sum(xs.iter());
    }
    if largest < F::zero() {
        return F::neg_infinity();
    }
    let are_largest = || xs.iter().filter(|x| *x == largest);
    let share = F::lit(are_largest().count() as f64).recip();
    sum(are_largest().map(|x| x * share))
}

/// The same for many numbers at once, as a replay computes it.
impl LogSumExp {
    /// As [`LogSumExp::save`], with the exponentials of several operands at once.
    #[inline(always)]
    pub(crate) fn save_packs<F: Real>(xs: &[F], saved: &mut [F]) -> F {
        let Some((scale, weights)) = saved.split_last_mut() else {
            return Self::value(xs, &[]);
        };
        if xs.len() <= PACK {
            let Some((shift, others)) = weigh_pack(xs, weights) else {
                return Self::save(xs, saved);
            };
            *scale = (F::one() + others).recip();
            return shift + one_of_many::<Ln1p, F>(others);
        }
        let shift = largest_of_many(xs);
        if !shift.is_finite() {
            return Self::save(xs, saved);
        }
        // PERF: loops that do one thing each, of which the compiler makes vector instructions, and
        // no closures, which it translates for the least of them.
        for (weight, &x) in weights.iter_mut().zip(xs) {
            *weight = x - shift;
        }
        let (packs, rest) = weights.as_chunks_mut::<PACK>();
        for pack in packs {
            *pack = Exp::values(*pack);
        }
        let mut pack = [F::zero(); PACK];
        pack[..rest.len()].copy_from_slice(rest);
        rest.copy_from_slice(&Exp::values(pack)[..rest.len()]);
        for (weight, &x) in weights.iter_mut().zip(xs) {
            *weight = finite_weight(x, shift, *weight);
        }
        let others = sum_of_others(xs, weights, shift);
        *scale = (F::one() + others).recip();
        // As in lanes, to the last bit.
        shift + one_of_many::<Ln1p, F>(others)
    }

    /// As [`LogSumExp::save_packs`], to the last bit, with one operand after the other.
    pub(crate) fn save_each<F: Real>(xs: impl Operands<F>, keep: impl FnMut(usize, F)) -> F {
        Self::save_with([one_of_many::<Exp, F>, one_of_many::<Ln1p, F>], xs, keep)
    }

    /// As [`LogSumExp::save_packs`], for several lists of `len` operands side by side: `row(i)`
    /// has the i-th of each list, and `keep(i, …)` takes what is saved of them. None where a
    /// number is not finite: then the lists have to be taken each by itself.
    #[inline(always)]
    pub(crate) fn save_lanes<F: Real, const W: usize>(
        len: usize,
        row: impl Fn(usize) -> [F; W],
        mut keep: impl FnMut(usize, [F; W]),
    ) -> Option<[F; W]> {
        let mut shift = [F::neg_infinity(); W];
        let mut sum = [F::zero(); W];
        for i in 0..len {
            let xs = row(i);
            for lane in 0..W {
                let x = xs[lane];
                shift[lane] = if x > shift[lane] { x } else { shift[lane] };
                // Becomes NaN with any operand that is not finite.
                sum[lane] += x * F::zero();
            }
        }
        if len == 0 || sum.iter().any(|sum| *sum != F::zero()) {
            return None;
        }
        let mut sums = [[F::zero(); W]; SUMS];
        let mut is_largest_left = [true; W];
        for i in 0..len {
            let xs = row(i);
            let mut weights = Exp::values(std::array::from_fn(|lane| xs[lane] - shift[lane]));
            for lane in 0..W {
                let is_largest = is_largest_left[lane] & (xs[lane] == shift[lane]);
                is_largest_left[lane] &= !is_largest;
                weights[lane] = finite_weight(xs[lane], shift[lane], weights[lane]);
                sums[i % SUMS][lane] += if is_largest { F::zero() } else { weights[lane] };
            }
            keep(i, weights);
        }
        let [mut others, b, mut c, d] = sums;
        for lane in 0..W {
            others[lane] += b[lane];
            c[lane] += d[lane];
            others[lane] += c[lane];
        }
        keep(len, others.map(|others| (F::one() + others).recip()));
        let rests = Ln1p::values(others);
        Some(std::array::from_fn(|lane| shift[lane] + rests[lane]))
    }
}

/// How many exponentials are computed at once.
const PACK: usize = 8;

/// The weights of so few operands, with the largest of these and the sum of all other weights, to the
/// last bit as those of more. None where one is not finite, and of none. PERF: what is missing to a
/// pack is the first operand with a weight of 0, and no loop that computes has a length that is not
/// known.
#[inline(always)]
fn weigh_pack<F: Real>(xs: &[F], weights: &mut [F]) -> Option<(F, F)> {
    let mut pack = [*xs.first()?; PACK];
    for (to, &x) in pack.iter_mut().zip(xs) {
        *to = x;
    }
    let shift = largest(pack.into_iter());
    if !shift.is_finite() {
        return None;
    }
    let mut of_pack = pack;
    for weight in &mut of_pack {
        *weight -= shift;
    }
    of_pack = Exp::values(of_pack);
    for k in 0..PACK {
        let weight = finite_weight(pack[k], shift, of_pack[k]);
        of_pack[k] = if k < xs.len() { weight } else { F::zero() };
    }
    for (to, &weight) in weights.iter_mut().zip(&of_pack) {
        *to = weight;
    }
    of_pack[position_of(&pack, shift)] = F::zero();
    let [a, b, c, d, e, f, g, h] = of_pack;
    Some((shift, sum_of([a + e, b + f, c + g, d + h])))
}

/// The sum of all weights but that of the first of the largest operands, as [`Others`] has it.
#[inline(always)]
fn sum_of_others<F: Real>(xs: &[F], weights: &mut [F], shift: F) -> F {
    let largest = position_of(xs, shift);
    let weight = std::mem::replace(&mut weights[largest], F::zero());
    let (whole, rest) = weights.as_chunks::<SUMS>();
    let mut sums = [F::zero(); SUMS];
    for weights in whole {
        for (sum, &weight) in sums.iter_mut().zip(weights) {
            *sum += weight;
        }
    }
    for (sum, &weight) in sums.iter_mut().zip(rest) {
        *sum += weight;
    }
    weights[largest] = weight;
    sum_of(sums)
}

/// Where a number of the list first is. PERF: looked for several at once.
#[inline(always)]
fn position_of<F: Real>(xs: &[F], number: F) -> usize {
    const BLOCK: usize = 64;
    for (i, block) in xs.as_chunks::<BLOCK>().0.iter().enumerate() {
        let mut is_there = false;
        for &x in block {
            is_there |= x == number;
        }
        if is_there {
            return i * BLOCK + block.iter().take_while(|&&x| x != number).count();
        }
    }
    let whole = xs.len() / BLOCK * BLOCK;
    whole + xs[whole..].iter().take_while(|&&x| x != number).count()
}

/// As [`largest`], several at once.
#[inline(always)]
fn largest_of_many<F: Real>(xs: &[F]) -> F {
    let larger = |a: F, b: F| if b > a || b.is_nan() { b } else { a };
    let mut largest = [F::neg_infinity(); 16];
    let (packs, rest) = xs.as_chunks::<16>();
    for pack in packs {
        for (a, &b) in largest.iter_mut().zip(pack) {
            *a = if b > *a || b.is_nan() { b } else { *a };
        }
    }
    rest.iter().chain(&largest).fold(F::neg_infinity(), |a, &b| larger(a, b))
}

/// f(x) as it is among other numbers.
fn one_of_many<R: Unary, F: Real>(x: F) -> F {
    let [y] = R::values([x]);
    y
}

/// e^(x − shift) from the exponential of the rounded difference, with its limits where the shift
/// is infinite.
///
/// The difference's error is the relative error of the exponential: hundreds of units in the
/// last place where x is far below. Knuth's TwoSum finds the error exactly.
#[inline]
fn weight<F: Scalar>(x: F, shift: F, rounded: F) -> F {
    if !shift.is_infinite() {
        finite_weight(x, shift, rounded)
    } else if x == shift && shift > F::zero() {
        F::one()
    } else {
        F::zero()
    }
}

#[inline(always)]
fn finite_weight<F: Scalar>(x: F, shift: F, rounded: F) -> F {
    let difference = x - shift;
    let back = difference - x;
    let error = (x - (difference - back)) - (shift + back);
    if rounded.primal_is_zero() { rounded } else { rounded + rounded * error }
}

/// e^(x − m) of numbers, as [`Which::WEIGHT`].
pub(super) fn weight_at(x: f64, m: f64) -> f64 {
    weight(x, m, (x - m).exp())
}

/// ln Σ e^xᵢ with the weights of [`LogSumExp::save`] at hand
pub(crate) struct SavedLogSumExp;
impl Nary for SavedLogSumExp {
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        LogSumExp::value(xs, &[])
    }
    #[inline]
    fn partials<F: Scalar>(
        xs: impl Operands<F>,
        Beside { constants: saved, y, scratch }: Beside<'_, F>,
        mut emit: impl FnMut(usize, F),
    ) {
        if F::RECORDS {
            // What was saved are numbers of one evaluation.
            return LogSumExp::partials(xs, Beside::of(y, scratch), emit);
        }
        if let Some((&scale, weights)) = saved.split_last() {
            for (i, &weight) in weights.iter().enumerate() {
                emit(i, weight * scale);
            }
        }
    }
}

/// Σ cᵢ·xᵢ with constant cᵢ
pub(crate) struct LinearCombination;
impl Nary for LinearCombination {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, coefficients: &[F]) -> F {
        settled(sum(coefficients.iter().zip(xs.iter()).map(|(&c, x)| c * x)), xs.iter())
    }
    #[inline]
    fn partials<F: Scalar>(
        _: impl Operands<F>,
        Beside { constants: coefficients, .. }: Beside<'_, F>,
        mut emit: impl FnMut(usize, F),
    ) {
        for (i, &c) in coefficients.iter().enumerate() {
            emit(i, c);
        }
    }
}

/// Σ cₖ·xᵏ with constant cₖ, the lowest power first, by Horner's rule
pub(crate) struct Polynomial;
impl Nary for Polynomial {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, coefficients: &[F]) -> F {
        settled(horner(xs.at(0), coefficients.iter().copied()), xs.iter())
    }
    #[inline]
    fn partials<F: Scalar>(
        xs: impl Operands<F>,
        Beside { constants: coefficients, .. }: Beside<'_, F>,
        mut emit: impl FnMut(usize, F),
    ) {
        emit(0, horner_slope(xs.at(0), coefficients.iter().copied()));
    }
}

/// Σ cₖ·xᵏ with variable coefficients, of operands that are x and then all cₖ
pub(crate) struct Horner;
impl Nary for Horner {
    #[inline]
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        settled(horner(xs.at(0), (1..xs.len()).map(|k| xs.at(k))), xs.iter())
    }
    #[inline]
    fn partials<F: Scalar>(xs: impl Operands<F>, _: Beside<'_, F>, mut emit: impl FnMut(usize, F)) {
        let x = xs.at(0);
        emit(0, horner_slope(x, (1..xs.len()).map(|k| xs.at(k))));
        let mut power = F::one();
        for k in 1..xs.len() {
            emit(k, power);
            power *= x;
        }
    }
}

/// Σ cₖ·xᵏ by Horner's rule
#[inline]
pub(crate) fn horner<F: Scalar>(x: F, coefficients: impl DoubleEndedIterator<Item = F>) -> F {
    coefficients.rev().reduce(|y, c| y * x + c).unwrap_or_else(F::zero)
}

/// Σ k·cₖ·xᵏ⁻¹, by Horner's rule
#[inline]
fn horner_slope<F: Scalar>(
    x: F,
    coefficients: impl DoubleEndedIterator<Item = F> + ExactSizeIterator,
) -> F {
    let terms = coefficients.enumerate().skip(1).map(|(k, c)| F::lit(k as f64) * c);
    terms.rev().reduce(|slope, term| slope * x + term).unwrap_or_else(F::zero)
}
