//! Integrals of e^(−E(y)) over y > 0 for a convex E, to nearly all digits.

use crate::instructions::{Arch, Simd, VectorizedWith};
use crate::ops::extended::Extended;
use crate::vector;

/// e^(−E(y)) times K weights: what the incomplete gamma and beta functions are integrals of, in a
/// variable in which their logarithm is concave.
///
/// All terms of such an integral have one sign, unless the weight changes its own, so that its
/// relative error is that of its terms. E is written as a function that is 0 at 0 and of which no
/// part cancels another: far out it is nearly 48, and its error there counts e^(−48) times.
///
/// PERF: what computes several numbers at once is always inlined, so that it is compiled for the
/// instructions that [`integral`] chooses, and has no branch but one for all of them.
pub(super) trait Integrand<const K: usize> {
    /// E(y) at several numbers.
    fn exponent<const W: usize>(&self, y: [f64; W]) -> [f64; W];
    /// The same, and what stands beside the exponentials.
    fn with_weights<const W: usize>(&self, y: [f64; W]) -> ([f64; W], [[f64; W]; K]);
    /// From 0 up to here, if it is positive, E is a straight line to all digits.
    fn straight_until(&self) -> f64;
    /// From where on E is a straight line again, and its slope.
    fn straight_from(&self) -> (f64, f64);
    /// From where to where E bends: further away, what makes it bend falls exponentially.
    fn bends_between(&self) -> (f64, f64);
}

/// Beyond this exponent nothing of the integral is left, also where the weight grows as a cube:
/// e^(−48)·48³/3! is an eighth of an epsilon.
const NOTHING: f64 = 48.0;

/// By how much the exponent may grow over a panel, and how long it may be where E bends: so that
/// the rule leaves an error of less than a unit in the last place.
///
/// Of n points it leaves about ρ⁻²ⁿ of what is integrated on the ellipse around the panel whose axes
/// add up to ρ times its length. Where the beta function's logarithm bends most, its poles are π
/// away, and a panel of 4 beside them has a ρ of 3.4. So has one further away that is no longer than
/// 0.8 of the way.
const GROWTH: f64 = 24.0;
const LENGTH: f64 = 4.0;
const FARTHER: f64 = 0.8;

/// No integral has as many panels: each grows by half of [`GROWTH`] or is twice as long as the one
/// before or at least [`LENGTH`], until E is a straight line, before y = 900.
const PANELS: usize = 4096;

/// ∫₀^∞ e^(−E(y))·w(y) dy for each weight w, by Gauss's rule panel by panel; NaN where E does not
/// grow, because the numbers that it is made of are too large.
pub(super) fn integral<const K: usize>(f: &impl Integrand<K>) -> [f64; K] {
    // What is computed has the same bits with all instructions. PERF: without vectors many points at
    // once are only more to compile, and registers of eight numbers save no time over those of four.
    let (arch, whole) = (Arch::new(), Whole(f));
    if arch.has_vectors() { arch.dispatch_vectors(whole) } else { whole.asking_for::<2, 2>() }
}

struct Whole<'f, const K: usize, I>(&'f I);

impl<const K: usize, I: Integrand<K>> VectorizedWith for Whole<'_, K, I> {
    type Output = [f64; K];
    #[inline(always)]
    fn run<S: Simd>(self, _: S) -> [f64; K] {
        self.asking_for::<8, 24>()
    }
}

impl<const K: usize, I: Integrand<K>> Whole<'_, K, I> {
    /// With so many exponents and so many points of a panel asked for at once.
    #[inline(always)]
    fn asking_for<const E: usize, const W: usize>(self) -> [f64; K] {
        let Self(f) = self;
        let mut totals = [Extended::ZERO; K];
        let (mut y, mut level) = (0.0, 0.0);
        let mut length = LENGTH;
        for _ in 0..PANELS {
            if level >= NOTHING || level.is_nan() {
                return totals.map(Extended::rounded);
            }
            let end;
            (length, end) = longest_within::<E, K>(f, y, level, longest(f, y, 2.0 * length));
            for (total, part) in totals.iter_mut().zip(panel::<W, K>(f, y, length)) {
                *total = *total + part;
            }
            (y, level) = (y + length, end);
        }
        [f64::NAN; K]
    }
}

/// How long a panel from y on may be, but for the growth of the exponent.
#[inline(always)]
fn longest<const K: usize>(f: &impl Integrand<K>, y: f64, twice: f64) -> f64 {
    let (straight_from, slope) = f.straight_from();
    if y == 0.0 && f.straight_until() > LENGTH {
        f.straight_until()
    } else if y >= straight_from {
        // A little less than what the line would have, whose slope is rounded.
        0.99 * GROWTH / slope
    } else {
        // The distance in front is that of the panel's end.
        let (from, to) = f.bends_between();
        let (before, behind) = ((from - y) * (FARTHER / (1.0 + FARTHER)), (y - to) * FARTHER);
        twice.min(LENGTH.max(before).max(behind))
    }
}

/// The first of a length, its half, and so on, over which the exponent grows from `level` by no
/// more than it may, and the exponent behind it.
#[inline(always)]
fn longest_within<const W: usize, const K: usize>(
    f: &impl Integrand<K>,
    y: f64,
    level: f64,
    longest: f64,
) -> (f64, f64) {
    // PERF: as many as a register has are asked for in the time of one.
    let mut length = longest;
    loop {
        let (mut lengths, mut ends) = ([0.0; W], [0.0; W]);
        for (shorter, end) in lengths.iter_mut().zip(&mut ends) {
            *shorter = length;
            *end = y + length;
            length = (0.5 * length).min(f64::MAX);
        }
        let exponents = f.exponent(ends);
        for (&shorter, &exponent) in lengths.iter().zip(&exponents) {
            // Of no length there is no shorter one, and a NaN is one for all.
            let growth = exponent - level;
            if growth <= GROWTH || growth.is_nan() || shorter == 0.0 {
                return (shorter, exponent);
            }
        }
    }
}

/// The integral over a panel, by `W` of its points after the other.
#[inline(always)]
fn panel<const W: usize, const K: usize>(
    f: &impl Integrand<K>,
    from: f64,
    length: f64,
) -> [Extended; K] {
    let (mut highs, mut lows) = ([0.0; K], [0.0; K]);
    for pairs in GAUSS.chunks_exact(W / 2) {
        let mut ys = [0.0; W];
        for (i, &(below, above, _)) in pairs.iter().enumerate() {
            ys[i] = from + length * below;
            ys[i + W / 2] = from + length * above;
        }
        let (exponents, weights) = f.with_weights(ys);
        let exponentials = vector::exp(mapped(exponents, |exponent| -exponent));
        for ((high, low), weights) in highs.iter_mut().zip(&mut lows).zip(&weights) {
            let mut terms = exponentials;
            for (term, weight) in terms.iter_mut().zip(weights) {
                *term *= weight;
            }
            for (i, &(_, _, share)) in pairs.iter().enumerate() {
                let next = vector::sum(*high, share * (terms[i] + terms[i + W / 2]));
                (*high, *low) = (next.high, *low + next.low);
            }
        }
    }
    let mut sums = [Extended::ZERO; K];
    for ((sum, high), low) in sums.iter_mut().zip(highs).zip(lows) {
        *sum = Extended::sum(high, low) * length.into();
    }
    sums
}

/// The bits of an integral by few points at once and by many, as there are vectors or not.
#[cfg(test)]
pub(super) fn by_few_and_by_many<const K: usize>(f: &impl Integrand<K>) -> [[u64; K]; 2] {
    [Whole(f).asking_for::<2, 2>(), Whole(f).asking_for::<8, 24>()]
        .map(|integrals| integrals.map(f64::to_bits))
}

/// As the array's own method, which need not be inlined.
#[inline(always)]
pub(super) fn mapped<const W: usize>(mut xs: [f64; W], f: impl Fn(f64) -> f64) -> [f64; W] {
    for x in &mut xs {
        *x = f(*x);
    }
    xs
}

/// The zeros of the Legendre polynomial P₂₄, moved to 0 … 1: two that mirror each other, each with its
/// own digits, and the weight of either, by mpmath at 45 digits.
#[rustfmt::skip]
const GAUSS: [(f64, f64, f64); 12] = [
    (0.4679715535686972, 0.5320284464313028, 0.06396909767337608),
    (0.40444056626319186, 0.5955594337368082, 0.06291872817341415),
    (0.3424786601519183, 0.6575213398480817, 0.060835236463901696),
    (0.2831032461869774, 0.7168967538130225, 0.0577528340268628),
    (0.22728926430558022, 0.7727107356944197, 0.05372213505798282),
    (0.17595317403151223, 0.8240468259684878, 0.04880932605205694),
    (0.12993790421072282, 0.8700620957892772, 0.04309508076597664),
    (0.08999900701304854, 0.9100009929869515, 0.03667324070554015),
    (0.056792236497799485, 0.9432077635022005, 0.02964929245771839),
    (0.030862723998633622, 0.9691372760013663, 0.022138719408709904),
    (0.012635722014345251, 0.9873642779856547, 0.014265694314466832),
    (0.00240639000148932, 0.9975936099985107, 0.0061706148999936),
];
