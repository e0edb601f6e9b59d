//! What both incomplete functions are made of.

use super::memory::{Part, shared};
use crate::ops::extended::Extended;
use crate::ops::polygamma::BERNOULLI;
use crate::vector;

/// m·2ᵏ: a number that may be beyond the range of floats.
#[derive(Clone, Copy)]
pub(super) struct Scaled {
    mantissa: Extended,
    exponent: f64,
}

impl Scaled {
    /// eˣ
    pub(super) fn exp(x: Extended) -> Self {
        if x.rounded() < -4000.0 {
            // Nothing that it is multiplied with brings it back among the floats.
            return Self { mantissa: Extended::ZERO, exponent: 0.0 };
        }
        let exponent = (x / Extended::LN_2).rounded().round();
        let rest = x - Extended::LN_2 * exponent.into();
        Self { mantissa: rest.exp(), exponent }
    }

    /// As three numbers, to be remembered, and back from them.
    pub(super) fn to_numbers(self) -> [f64; 3] {
        let [high, low] = self.mantissa.to_numbers();
        [high, low, self.exponent]
    }

    pub(super) const fn from_numbers([high, low, exponent]: [f64; 3]) -> Self {
        Self { mantissa: Extended::new(high, low), exponent }
    }

    /// The quotient by a positive number.
    pub(super) fn over(self, x: f64) -> Self {
        let k = x.log2().round();
        Self { mantissa: self.mantissa / shifted(x, -k).into(), exponent: self.exponent - k }
    }

    /// The product with a number, rounded to a float.
    pub(super) fn times(self, x: f64) -> f64 {
        shifted((self.mantissa * x.into()).rounded(), self.exponent.clamp(-2200.0, 2200.0))
    }
}

/// x·2ᵏ, in three parts, each of which is a float.
fn shifted(x: f64, k: f64) -> f64 {
    let third = (k / 3.0).trunc();
    let part = 2.0_f64.powi(third as i32);
    x * part * part * 2.0_f64.powi((k - 2.0 * third) as i32)
}

/// A positive number as a normal one times 2ᵏ, with k.
fn normal(x: f64) -> (f64, f64) {
    if x < 1e-200 { (x * 2.0_f64.powi(500), -500.0) } else { (x, 0.0) }
}

/// ln x to twice the digits, for every positive number.
pub(super) fn ln(x: f64) -> Extended {
    let (x, k) = normal(x);
    Extended::from(x).ln() + Extended::LN_2 * k.into()
}

/// ln(x/y)
pub(super) fn logarithm_of_quotient(x: f64, y: f64) -> f64 {
    let difference = x - y;
    if difference.abs() < 0.5 * y {
        (difference / y).ln_1p()
    } else if (x / y).is_normal() {
        (x / y).ln()
    } else {
        x.ln() - y.ln()
    }
}

/// z − ln(1 + z) for z > −½, to all digits: with s = z/(2 + z), 2s is nearly the logarithm, and
/// z − 2s = zs.
pub(super) fn minus_ln_1p(z: f64) -> f64 {
    if z > 1.0 {
        return if z.is_infinite() { z } else { z - z.ln_1p() };
    }
    minus_ln_1p_of_small(z)
}

/// The same up to 1.
#[inline(always)]
pub(super) fn minus_ln_1p_of_small(z: f64) -> f64 {
    let s = z / (2.0 + z);
    let square = s * s;
    z * s - 2.0 * s * square * vector::polynomial(square, &ODD)
}

/// 1/3, 1/5 …
const ODD: [f64; 17] = {
    let (mut inverses, mut n) = ([0.0; 17], 0);
    while n < inverses.len() {
        inverses[n] = 1.0 / (2 * n + 3) as f64;
        n += 1;
    }
    inverses
};

/// ln a − ψ(a), a sum of positive terms by ψ(a + 1) = ψ(a) + 1/a and the asymptotic series
/// (Abramowitz & Stegun 6.3.18).
pub(super) fn log_minus_digamma(a: f64) -> f64 {
    let compute = || [compute_log_minus_digamma(a), 0.0, 0.0];
    let [result, ..] = shared(Part::LogMinusDigamma, [a, 0.0, 0.0], compute);
    result
}

fn compute_log_minus_digamma(a: f64) -> f64 {
    let (mut a, mut sum) = (a, 0.0);
    while a < 15.0 {
        sum += minus_ln_1p(a.recip());
        a += 1.0;
    }
    let square = (a * a).recip();
    let terms = BERNOULLI.iter().enumerate().rev();
    let series = terms.fold(0.0, |sum, (k, b)| (sum + b / (2 * k + 2) as f64) * square);
    sum + (0.5 / a + series)
}

/// A number of twice the digits that depends on the parameters or on the argument alone, and is
/// remembered.
pub(super) fn of_parameters(
    part: Part,
    at: [f64; 2],
    compute: impl FnOnce() -> Extended,
) -> Extended {
    let [a, b] = at;
    let compute = || {
        let [high, low] = compute().to_numbers();
        [high, low, 0.0]
    };
    let [high, low, _] = shared(part, [a, b, 0.0], compute);
    Extended::new(high, low)
}

/// x·(eʸ − 1 − y)
#[inline(always)]
pub(super) fn exp_minus_line<const W: usize>(x: f64, y: [f64; W]) -> [f64; W] {
    let mut results = vector::exp_m1(y);
    let mut is_far = false;
    for (result, y) in results.iter_mut().zip(y) {
        is_far |= y > FAR;
        let near = x * y * (0.5 * y * (1.0 + tail_of_exp(y)));
        *result = vector::select(y.abs() < 0.5, near, x * (*result - y));
    }
    if is_far { exp_minus_line_far(x, y, results) } else { results }
}

/// From here on, an exponential may be beyond the range where its product is not.
pub(super) const FAR: f64 = 700.0;

#[cold]
#[inline(never)]
fn exp_minus_line_far<const W: usize>(x: f64, y: [f64; W], mut results: [f64; W]) -> [f64; W] {
    for (result, y) in results.iter_mut().zip(y).filter(|(_, y)| *y > FAR) {
        *result = (y + x.ln()).exp();
    }
    results
}

/// (eʸ − 1 − y)/(y²/2) − 1 for |y| < ½
#[inline(always)]
pub(super) fn tail_of_exp(y: f64) -> f64 {
    y * vector::polynomial(y, &TAIL)
}

/// 2/3!, 2/4! …
const TAIL: [f64; 14] = {
    let (mut terms, mut n, mut factorial) = ([0.0; 14], 0, 2.0);
    while n < terms.len() {
        factorial *= (n + 3) as f64;
        terms[n] = 2.0 / factorial;
        n += 1;
    }
    terms
};
