//! The cardinal sine.

use super::extended::Extended;
use super::{Derivatives, Unary};
use crate::scalar::{Concrete, Evaluate, Real, Scalar};
use std::f64::consts::PI;

/// sin(πx)/(πx), and 1 at 0: the normalised one, as signal processing and numerical libraries have
/// it. Its zeros are the integers, which floats hold; those of sin(x)/x they do not.
pub(crate) struct Sinc;
impl Unary for Sinc {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        F::lit(sinc(x.as_f64()))
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::derivative::<Self>(1, x)
    }
}

/// From here on, every float is an even integer.
const ALL_EVEN: f64 = 9_007_199_254_740_992.0;

fn sinc(x: f64) -> f64 {
    if x.is_infinite() {
        return 0.0;
    }
    let angle = PI * (x - x.round());
    if x.abs() <= 0.5 {
        if angle == 0.0 { 1.0 } else { angle.sin() / angle }
    } else if angle == 0.0 {
        0.0
    } else {
        let sine = angle.sin() / (PI * x);
        if is_odd(x.round()) { -sine } else { sine }
    }
}

fn is_odd(whole: f64) -> bool {
    whole % 2.0 != 0.0
}

impl Derivatives for Sinc {
    /// By its power series near 0, and further out by differentiating x·sinc x = sin(πx)/π:
    /// x·s⁽ⁿ⁾ + n·s⁽ⁿ⁻¹⁾ = πⁿ⁻¹·sin(πx + nπ/2). Terms cancel at the zeros of the derivatives.
    fn derivative(n: u32, x: f64) -> f64 {
        if n == 0 {
            sinc(x)
        } else if x.is_infinite() {
            0.0
        } else if x.abs() <= 1.0_f64.max(f64::from(n) / PI) {
            by_series(n, x)
        } else if x.abs() < ALL_EVEN {
            by_recurrence(n, x)
        } else {
            at_even_integer(n, x)
        }
    }
}

/// Σ (−1)ᵏ π²ᵏ x²ᵏ⁻ⁿ/((2k + 1)·(2k − n)!)
fn by_series(n: u32, x: f64) -> f64 {
    let (angle, half) = (Extended::PI * Extended::from(x), n.div_ceil(2));
    let square = angle * angle;
    // (πx)ʲ/j! for j = 2k − n, but for a first factor x that all have where n is odd: it comes last,
    // because it may be subnormal.
    let mut power = Extended::from(if half.is_multiple_of(2) { 1.0 } else { -1.0 });
    let mut sum = Extended::ZERO;
    for k in half..half + 24 + n {
        sum = sum + power / Extended::from(f64::from(2 * k + 1));
        let j = 2 * k - n;
        power = -(power * square / Extended::from(f64::from((j + 1) * (j + 2))));
    }
    let (is_odd, scale) = (!n.is_multiple_of(2), pi_to(2 * half));
    (sum * scale * Extended::from(if is_odd { x } else { 1.0 })).rounded()
}

fn pi_to(n: u32) -> Extended {
    (0..n).fold(Extended::ONE, |power, _| power * Extended::PI)
}

fn by_recurrence(n: u32, x: f64) -> f64 {
    let (sine, cosine) = sin_cos_pi(x);
    let x = Extended::from(x);
    let mut derivative = sine / (Extended::PI * x);
    for order in 1..=n {
        // sin(πx + nπ/2)
        let turned = match order % 4 {
            0 => sine,
            1 => cosine,
            2 => -sine,
            _ => -cosine,
        };
        let before = derivative * Extended::from(f64::from(order));
        derivative = (pi_to(order - 1) * turned - before) / x;
    }
    derivative.rounded()
}

/// The same where the sine is 0 and the cosine 1, for numbers of any size.
fn at_even_integer(n: u32, x: f64) -> f64 {
    let mut derivative = 0.0;
    for order in 1..=n {
        let turned = [0.0, 1.0, 0.0, -1.0][order as usize % 4];
        derivative = (PI.powi(order as i32 - 1) * turned - f64::from(order) * derivative) / x;
    }
    derivative
}

/// sin(πx) and cos(πx)
fn sin_cos_pi(x: f64) -> (Extended, Extended) {
    // The difference to the nearest integer is exact.
    let whole = x.round();
    let angle = Extended::PI * Extended::from(x - whole);
    let square = angle * angle;
    let (mut sine, mut cosine) = (Extended::ZERO, Extended::ZERO);
    for k in (0..18).rev() {
        let next = |sum: Extended, a: i32| {
            Extended::ONE - square * sum / Extended::from(f64::from(a * (a + 1)))
        };
        cosine = next(cosine, 2 * k + 1);
        sine = next(sine, 2 * k + 2);
    }
    let sine = angle * sine;
    if is_odd(whole) { (-sine, -cosine) } else { (sine, cosine) }
}
