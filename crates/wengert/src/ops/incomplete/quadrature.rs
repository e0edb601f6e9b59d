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
    /// What stands beside the exponential.
    fn weight(&self, y: f64) -> f64;
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
const GROWTH: f64 = 6.0;
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
    let (half, middle) = (0.5 * length, from + 0.5 * length);
    let mut ys = [middle; 2 * GAUSS.len()];
    for (i, &(node, _)) in GAUSS.iter().enumerate() {
        ys[2 * i] -= half * node;
        ys[2 * i + 1] += half * node;
    }
    let exponents = f.exponent(ys);
    let mut negative = ys;
    for (negative, exponent) in negative.iter_mut().zip(exponents) {
        *negative = -exponent;
    }
    let exponentials = vector::exp(negative);
    let mut sum = Extended::ZERO;
    for (i, (_, share)) in GAUSS.iter().enumerate() {
        let [below, above] = [2 * i, 2 * i + 1].map(|k| exponentials[k] * f.weight(ys[k]));
        sum = sum + Extended::from(share * (below + above));
    }
    sum * half.into()
}

/// The positive zeros of the Legendre polynomial P₂₀, and their weights, by mpmath at 50 digits.
#[rustfmt::skip]
const GAUSS: [(f64, f64); 10] = [
    (0.07652652113349734, 0.15275338713072584),
    (0.22778585114164507, 0.14917298647260374),
    (0.37370608871541955, 0.14209610931838204),
    (0.5108670019508271, 0.13168863844917664),
    (0.636053680726515, 0.11819453196151841),
    (0.7463319064601508, 0.10193011981724044),
    (0.8391169718222188, 0.08327674157670475),
    (0.912234428251326, 0.06267204833410907),
    (0.9639719272779138, 0.04060142980038694),
    (0.9931285991850949, 0.017614007139152118),
];
