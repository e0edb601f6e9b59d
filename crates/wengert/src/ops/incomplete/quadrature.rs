//! Integrals of e^(−E(y)) over y > 0 for a convex E, to nearly all digits.

use crate::ops::extended::Extended;
use crate::vector;

/// e^(−E(y)) times a weight: what the incomplete gamma and beta functions are integrals of, in a
/// variable in which their logarithm is concave.
///
/// All terms of such an integral have one sign, unless the weight changes its own, so that its
/// relative error is that of its terms. E is written as a function that is 0 at 0 and of which no
/// part cancels another: far out it is nearly 48, and its error there counts e^(−48) times.
pub(super) trait Integrand {
    /// E(y) at several numbers.
    fn exponent<const W: usize>(&self, y: [f64; W]) -> [f64; W];
    /// What stands beside the exponentials.
    fn weights<const W: usize>(&self, y: [f64; W]) -> [f64; W];
    /// From 0 up to here, if it is positive, E is a straight line to all digits.
    fn straight_until(&self) -> f64;
    /// From where on E is a straight line again, and its slope.
    fn straight_from(&self) -> (f64, f64);
}

/// Beyond this exponent nothing of the integral is left, also where the weight grows as a cube:
/// e^(−48)·48³/3! is an eighth of an epsilon.
const NOTHING: f64 = 48.0;

/// By how much the exponent may grow over a panel, and how long it may be where E bends: so that
/// the rule leaves an error of less than a unit in the last place.
const GROWTH: f64 = 10.0;
const LENGTH: f64 = 4.0;

/// No integral has as many panels: each grows by half of [`GROWTH`] or is twice as long as the one
/// before or [`LENGTH`], until E is a straight line, before y = 900.
const PANELS: usize = 4096;

/// ∫₀^∞ e^(−E(y))·w(y) dy, by Gauss's rule panel by panel; NaN where E does not grow, because the
/// numbers that it is made of are too large.
pub(super) fn integral(f: &impl Integrand) -> f64 {
    let mut total = Extended::ZERO;
    let (mut y, mut level) = (0.0, 0.0);
    let mut length = LENGTH;
    for _ in 0..PANELS {
        if level >= NOTHING || level.is_nan() {
            return total.rounded();
        }
        length = longest(f, y, 2.0 * length);
        let mut end = exponent(f, y + length);
        while end - level > GROWTH && length > 0.0 {
            length = (0.5 * length).min(f64::MAX);
            end = exponent(f, y + length);
        }
        total = total + panel(f, y, length);
        (y, level) = (y + length, end);
    }
    f64::NAN
}

/// How long a panel from y on may be, but for the growth of the exponent.
fn longest(f: &impl Integrand, y: f64, twice: f64) -> f64 {
    let (straight_from, slope) = f.straight_from();
    if y == 0.0 && f.straight_until() > LENGTH {
        f.straight_until()
    } else if y >= straight_from {
        // A little less than what the line would have, whose slope is rounded.
        0.99 * GROWTH / slope
    } else {
        twice.min(LENGTH)
    }
}

fn exponent(f: &impl Integrand, y: f64) -> f64 {
    let [exponent] = f.exponent([y]);
    exponent
}

fn panel(f: &impl Integrand, from: f64, length: f64) -> Extended {
    let mut ys = [from; 2 * GAUSS.len()];
    for (ys, &(below, above, _)) in ys.chunks_exact_mut(2).zip(&GAUSS) {
        ys[0] += length * below;
        ys[1] += length * above;
    }
    let negative = f.exponent(ys).map(|exponent| -exponent);
    let (exponentials, weights) = (vector::exp(negative), f.weights(ys));
    let mut sum = Extended::ZERO;
    for (i, (_, _, share)) in GAUSS.iter().enumerate() {
        let [below, above] = [2 * i, 2 * i + 1].map(|k| exponentials[k] * weights[k]);
        sum = sum + Extended::from(share * (below + above));
    }
    sum * length.into()
}

/// The zeros of the Legendre polynomial P₂₀, moved to 0 … 1: two that mirror each other, each with its
/// own digits, and the weight of either, by mpmath at 40 digits.
#[rustfmt::skip]
const GAUSS: [(f64, f64, f64); 10] = [
    (0.46173673943325133, 0.5382632605667487, 0.07637669356536292),
    (0.38610707442917747, 0.6138929255708225, 0.07458649323630187),
    (0.3131469556422902, 0.6868530443577098, 0.07104805465919102),
    (0.24456649902458646, 0.7554335009754135, 0.06584431922458832),
    (0.1819731596367425, 0.8180268403632576, 0.059097265980759206),
    (0.1268340467699246, 0.8731659532300754, 0.05096505990862022),
    (0.0804415140888906, 0.9195584859111094, 0.04163837078835238),
    (0.04388278587433705, 0.956117214125663, 0.031336024167054534),
    (0.018014036361043106, 0.9819859636389568, 0.02030071490019347),
    (0.0034357004074525377, 0.9965642995925474, 0.008807003569576059),
];
