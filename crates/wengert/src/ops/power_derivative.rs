//! The derivatives of xʸ of every order, in x and in y.
//!
//! Each is one formula, and no derivative of a formula for a lower order: where x or y is
//! special, at 0 or at an integer, a lower one has dropped what a higher one needs.

use crate::scalar::{Evaluate, Real};
use smallvec::{SmallVec, smallvec};

/// ∂ᵏ⁺ʲ/∂xᵏ∂yʲ xʸ = xʸ⁻ᵏ · Σᵢ j(j−1)…(j−i+1) · aᵢ · lnʲ⁻ⁱ x, where Σ aᵢ·tⁱ is the falling
/// factorial (y + t)(y + t − 1)…(y + t − k + 1).
///
/// At x = 0 it is the limit from the right, and of integer powers that from the side that the
/// sign of the zero tells. Powers of negative numbers have derivatives in x alone.
pub(crate) fn power_derivative<F: Real>(x: F, y: F, k: u32, j: u32) -> F {
    let coefficients = coefficients(y, k, j);
    if coefficients.iter().all(F::is_zero) {
        // x⁰ is 1 everywhere, also at NaN.
        return F::zero();
    }
    let exponent = Exponent::of(y, k);
    if x.is_zero() {
        return at_zero(x, exponent, &coefficients, j);
    }
    if x < F::zero() && j > 0 {
        return F::nan();
    }
    let is_falling = y > F::zero() && exponent.rounded < F::zero();
    if x.is_infinite() && is_falling {
        // As of every function that grows without bound while its slope falls to 0.
        return F::nan();
    }
    let size = exponent.times_power(x.abs(), in_logarithm(x.abs().ln(), &coefficients, j));
    if x < F::zero() { size * exponent.sign_at_negative() } else { size }
}

/// j(j−1)…(j−i+1) · aᵢ for i up to j, the lowest first.
fn coefficients<F: Real>(y: F, k: u32, j: u32) -> SmallVec<[F; 4]> {
    let mut taylor: SmallVec<[F; 4]> = smallvec![F::zero(); j as usize + 1];
    taylor[0] = F::one();
    for m in 0..k {
        let factor = y - F::lit(f64::from(m));
        for i in (1..taylor.len()).rev() {
            taylor[i] = taylor[i] * factor + taylor[i - 1];
        }
        taylor[0] *= factor;
    }
    let mut falling = F::one();
    for (i, coefficient) in taylor.iter_mut().enumerate() {
        *coefficient *= falling;
        falling *= F::lit(f64::from(j) - i as f64);
    }
    taylor
}

/// Σ cᵢ·lʲ⁻ⁱ by Horner's rule, in which a zero coefficient stops an infinite logarithm.
fn in_logarithm<F: Real>(l: F, coefficients: &[F], j: u32) -> F {
    debug_assert_eq!(coefficients.len(), j as usize + 1);
    coefficients.iter().fold(F::zero(), |sum, &c| if sum.is_zero() { c } else { sum * l + c })
}

/// The limit where x falls to 0: the power decides, and beside it the logarithm.
fn at_zero<F: Real>(x: F, exponent: Exponent<F>, coefficients: &[F], j: u32) -> F {
    let Exponent { y, k, rounded, .. } = exponent;
    if y.is_nan() {
        return y;
    }
    // Beyond y = 0 the power of 0 is 0, and constant in y; at it the convention is the same.
    let is_flat = k == 0 && j > 0 && y >= F::zero();
    let leading = coefficients.iter().zip((0..=j).rev()).find(|(c, _)| !c.is_zero());
    match leading {
        Some((&c, logarithms)) if rounded <= F::zero() && !is_flat => {
            let power = c * x.powf(rounded);
            if logarithms == 0 { power } else { power * F::neg_infinity().powi(logarithms as i32) }
        }
        _ => F::zero(),
    }
}

/// y − k, which may round.
struct Exponent<F> {
    y: F,
    k: u32,
    rounded: F,
    /// What rounding has taken from it.
    rest: F,
}

impl<F: Real> Exponent<F> {
    fn of(y: F, k: u32) -> Self {
        let minus = -F::lit(f64::from(k));
        let rounded = y + minus;
        // Knuth's TwoSum.
        let back = rounded - y;
        let rest = (y - (rounded - back)) + (minus - back);
        Self { y, k, rounded, rest: if rest.is_finite() { rest } else { F::zero() } }
    }

    /// factor · base^(y − k) for base > 0, also where the power alone leaves the normal range.
    fn times_power(&self, base: F, factor: F) -> F {
        let power = base.powf(self.rounded);
        let result = if power.is_normal() { power * factor } else { self.in_halves(base, factor) };
        // The rounding of the exponent times ln x is the relative error of the power: hundreds
        // of units in the last place far out.
        if self.rest.is_zero() || result.is_zero() || !result.is_finite() {
            result
        } else {
            result + result * (self.rest * base.ln())
        }
    }

    #[cold]
    fn in_halves(&self, base: F, factor: F) -> F {
        let half = base.powf(self.rounded * F::lit(0.5));
        // At an infinite exponent a power of 0 wins.
        if half.is_zero() { half } else { (half * factor) * half }
    }

    /// (−1)^(y − k), NaN where that is not real.
    fn sign_at_negative(&self) -> F {
        let minus_one = -F::one();
        minus_one.powf(self.y) * minus_one.powi((self.k % 2) as i32)
    }
}
