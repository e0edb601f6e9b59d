//! The incomplete gamma functions, and their derivatives in the parameter.
//!
//! With t = x·eʸ, P and Q are the integrals of D·e^(ay − x(eʸ − 1)) over y < 0 and y > 0, where
//! D = xᵃe⁻ˣ/Γ(a). A derivative by a multiplies what is integrated by ln t − ψ(a), which has one sign
//! on each of the sides, if they are chosen by the sign of ln x − ψ(a).

use super::factored::{factor, is_small, weight};
use super::memory::Part;
use super::parts::{
    Scaled, exp_minus_line, ln, log_minus_digamma, logarithm_of_quotient, of_parameters,
};
use super::quadrature::{Integrand, integral, mapped};
use crate::ops::beta::{HALF_LN_TAU, NEAR, log_gamma, stirling_series};
use crate::ops::extended::Extended;
use crate::ops::polygamma;

/// P(a, x) and Q(a, x), each with its own digits.
pub(super) fn tails(x: f64, a: f64) -> (f64, f64) {
    if !(x >= 0.0 && a >= 0.0) || (x == 0.0 && a == 0.0) || (x.is_infinite() && a.is_infinite()) {
        (f64::NAN, f64::NAN)
    } else if x == 0.0 || a.is_infinite() {
        (0.0, 1.0)
    } else if a == 0.0 || x.is_infinite() {
        (1.0, 0.0)
    } else {
        let tail = Tail::of(x, a, 0);
        let size = tail.size();
        if tail.is_upper { (1.0 - size, size) } else { (size, 1.0 - size) }
    }
}

/// ∂ⁿP/∂aⁿ for n = 1, 2, 3.
pub(super) fn in_parameter(n: u32, x: f64, a: f64) -> f64 {
    if !(x >= 0.0 && a >= 0.0) || (x == 0.0 && a == 0.0) || (x.is_infinite() && a.is_infinite()) {
        return f64::NAN;
    } else if x == 0.0 || x.is_infinite() || a.is_infinite() {
        return 0.0;
    }
    // A parameter of −0 is one of 0.
    let tail = Tail::of(x, a.abs(), n);
    if tail.is_upper { -tail.size() } else { tail.size() }
}

/// xᵃ⁻¹e⁻ˣ/Γ(a)
pub(super) fn density(x: f64, a: f64) -> f64 {
    if !(x >= 0.0 && a >= 0.0) || (x.is_infinite() && a.is_infinite()) {
        f64::NAN
    } else if x.is_infinite() || a.is_infinite() || (a == 0.0 && x > 0.0) {
        0.0
    } else if x == 0.0 {
        match a.total_cmp(&1.0) {
            std::cmp::Ordering::Less => f64::INFINITY,
            std::cmp::Ordering::Equal => 1.0,
            std::cmp::Ordering::Greater => 0.0,
        }
    } else {
        prefactor(x, a).over(x).times(if is_small(a) { a } else { 1.0 })
    }
}

/// xᵃ⁻¹e⁻ˣ/Γ(a + 1) for a < 1
pub(super) fn density_over_a(x: f64, a: f64) -> f64 {
    if x == 0.0 || x.is_infinite() { density(x, a) } else { prefactor(x, a).over(x).times(1.0) }
}

/// The derivative of the density in x > 0: with one x less, times a − 1 − x.
pub(super) fn slope(x: f64, a: f64) -> f64 {
    if !is_inside(x, a) {
        return density(x, a);
    } else if a == 1.0 {
        // The difference is x itself.
        return -density(x, a);
    }
    density_over(x, a, 1, (Extended::sum(a, -1.0) - x.into()).rounded())
}

/// The second derivative of the density in x > 0: with two x less, times
/// (a − 1)(a − 2) − 2x(a − 1) + x².
pub(super) fn curve(x: f64, a: f64) -> f64 {
    if a == 1.0 || !is_inside(x, a) {
        // Beside the parameter 1, it is the density itself.
        return density(x, a);
    }
    let below = Extended::sum(a, -1.0);
    let bend = below * Extended::sum(a, -2.0) - (below.scaled(2.0) - x.into()) * x.into();
    density_over(x, a, 2, bend.rounded())
}

/// The derivative of the density by x > 0 and a: with one x less, times
/// 1 + (a − 1 − x)(ln x − ψ(a)).
pub(super) fn slope_in_parameter(x: f64, a: f64) -> f64 {
    if !is_inside(x, a) {
        return density(x, a);
    }
    let below = (Extended::sum(a, -1.0) - x.into()).rounded();
    if is_small(a) {
        // What ψ(a) has of 1/a is multiplied by the factor a.
        let factor = below + a * (1.0 + below * log_ratio(x, a + 1.0));
        return prefactor(x, a).over(x).over(x).times(factor);
    }
    density_over(x, a, 1, 1.0 + below * log_ratio(x, a))
}

/// Whether neither the argument nor the parameter is at an end.
fn is_inside(x: f64, a: f64) -> bool {
    x > 0.0 && a > 0.0 && x.is_finite() && a.is_finite()
}

/// The density times a number over so many x.
fn density_over(x: f64, a: f64, powers: u32, number: f64) -> f64 {
    let own = if is_small(a) { a } else { 1.0 };
    (0..=powers).fold(prefactor(x, a), |scaled, _| scaled.over(x)).times(own * number)
}

/// ln x − ψ(a), where there is a distribution
pub(super) fn log_ratio(x: f64, a: f64) -> f64 {
    if !(x >= 0.0 && a >= 0.0) {
        return f64::NAN;
    }
    logarithm_of_quotient(x, a.abs()) + log_minus_digamma(a.abs())
}

/// One of the two integrals, differentiated n times in a.
struct Tail {
    x: f64,
    a: f64,
    n: u32,
    is_upper: bool,
    /// ln x − ψ(a), or ln x − ψ(a + 1) for a small a, if it is asked for
    ratio: f64,
    /// ψ′ and ψ″ at the same place, likewise
    curvature: f64,
    skewness: f64,
}

impl Tail {
    fn of(x: f64, a: f64, n: u32) -> Self {
        let ratio = log_ratio(x, a);
        let is_upper = ratio >= 0.0;
        let near = if is_small(a) { a + 1.0 } else { a };
        let polygamma = |order| if n > order { polygamma(order, near) } else { 0.0 };
        let (curvature, skewness) = (polygamma(1), polygamma(2));
        let ratio = if n > 0 && near != a { log_ratio(x, near) } else { ratio };
        Self { x, a, n, is_upper, ratio, curvature, skewness }
    }

    fn size(&self) -> f64 {
        let [integral] = integral(self);
        prefactor(self.x, self.a).times(integral)
    }
}

impl Integrand<1> for Tail {
    #[inline(always)]
    fn exponent<const W: usize>(&self, y: [f64; W]) -> [f64; W] {
        let sign = if self.is_upper { 1.0 } else { -1.0 };
        let line = sign * (self.x - self.a);
        let mut exponents = exp_minus_line(self.x, mapped(y, |y| sign * y));
        for (exponent, y) in exponents.iter_mut().zip(y) {
            *exponent += line * y;
        }
        exponents
    }

    #[inline(always)]
    fn with_weights<const W: usize>(&self, y: [f64; W]) -> ([f64; W], [[f64; W]; 1]) {
        let sign = if self.is_upper { 1.0 } else { -1.0 };
        let factors = [0, 1].map(|i| factor(i, 0, self.a, 1.0));
        // PERF: what is asked for most often needs no polynomials.
        let weights = match self.n {
            0 => [factors[0]; W],
            1 => mapped(y, |y| factors[0] * (self.ratio + sign * y) + factors[1]),
            _ => mapped(y, |y| {
                let logarithm = |n, _| match n {
                    1 => self.ratio + sign * y,
                    2 => -self.curvature,
                    _ => -self.skewness,
                };
                weight(self.n, 0, &|i, j| factor(i, j, self.a, 1.0), &logarithm)
            }),
        };
        (self.exponent(y), [weights])
    }

    #[inline(always)]
    fn straight_until(&self) -> f64 {
        if self.is_upper { -self.x.ln() - 38.0 } else { 0.0 }
    }

    #[inline(always)]
    fn straight_from(&self) -> (f64, f64) {
        let from = if self.is_upper { f64::INFINITY } else { self.x.ln().max(0.0) + 40.0 };
        (from, self.a)
    }

    #[inline(always)]
    fn bends_between(&self) -> (f64, f64) {
        let at = self.x.ln();
        if self.is_upper { (-at, f64::INFINITY) } else { (0.0, at) }
    }
}

/// From here on Stirling's series has twice the digits.
const LARGE: f64 = 24.0;

/// xᵃe⁻ˣ/Γ(a); for a small a, without the factor a of it.
fn prefactor(x: f64, a: f64) -> Scaled {
    let a_ = Extended::from(a);
    let own = of_parameters(Part::GammaParameter, [a, 0.0], || own_of_prefactor(a));
    if a < LARGE {
        let logarithm = of_parameters(Part::Logarithm, [x, 0.0], || ln(x));
        return Scaled::exp(a_ * logarithm - x.into() + own);
    }
    // The terms of size a cancel before they are multiplied by it.
    let difference = Extended::sum(x, -a);
    let relative = difference / a_;
    let close = relative.rounded().abs() < 0.5;
    let logarithm = if close { relative.ln_1p() } else { ln(x) - ln(a) };
    Scaled::exp(a_ * logarithm - difference + own)
}

/// What of its logarithm is the parameter's alone: −ln Γ(a), or that without a(ln a − 1).
fn own_of_prefactor(a: f64) -> Extended {
    if a < LARGE {
        let near = -log_gamma(Extended::sum(a, 1.0), NEAR);
        return if is_small(a) { near } else { near + ln(a) };
    }
    ln(a).scaled(0.5) - HALF_LN_TAU - stirling_series(a.into())
}

#[cfg(test)]
mod tests {
    use super::Tail;
    use crate::ops::incomplete::quadrature::by_few_and_by_many;

    #[test]
    fn an_integral_has_the_same_bits_by_few_points_at_once_and_by_many() {
        for x in [1e-300, 1e-9, 0.1, 0.9, 3.0, 30.0, 900.0, 1e5] {
            for a in [1e-200, 1e-5, 0.3, 2.5, 40.0, 1e4] {
                for n in 0..=3 {
                    let [few, many] = by_few_and_by_many(&Tail::of(x, a, n));
                    assert_eq!(few, many, "x = {x}, a = {a}, n = {n}");
                }
            }
        }
    }
}
