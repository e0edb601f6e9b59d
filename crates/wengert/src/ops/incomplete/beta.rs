//! The regularised incomplete beta function, and its derivatives in the parameters.
//!
//! With t/(1 − t) = eʸ·x/(1 − x), I and 1 − I are the integrals of D·(t/x)ᵃ·((1 − t)/(1 − x))ᵇ over
//! y < 0 and y > 0, where D = xᵃ(1 − x)ᵇ/B(a, b). The former is the latter of exchanged parameters
//! at 1 − x. A derivative by a multiplies what is integrated by ln t − ψ(a) + ψ(a + b), which has one
//! sign on each of the sides, if they are chosen by its sign at t = x; that by b alike.

use super::parts::{Scaled, ln, log_minus_digamma, minus_ln_1p, tail_of_exp};
use super::quadrature::{Integrand, integral};
use crate::ops::beta::{
    HALF_LN_TAU, log_gamma, log_gamma_ratio, polygamma_difference, stirling_series,
};
use crate::ops::extended::Extended;
use crate::ops::polygamma;
use crate::vector;
use std::cmp::Ordering;

/// I_x(a, b)
pub(super) fn value(x: f64, a: f64, b: f64) -> f64 {
    if !is_defined(x, a, b) {
        f64::NAN
    } else if x == 0.0 || b == 0.0 || a.is_infinite() {
        // At the limits of the parameters all weight is at an end of the interval.
        if x == 1.0 { 1.0 } else { 0.0 }
    } else if x == 1.0 || a == 0.0 || b.is_infinite() {
        1.0
    } else {
        Place::inside(x, a, b).value()
    }
}

/// ∂ⁱ⁺ʲI/∂aⁱ∂bʲ for i + j = 1, 2, 3.
pub(super) fn in_parameters(order: [u32; 2], x: f64, a: f64, b: f64) -> f64 {
    if !is_defined(x, a, b) || a == 0.0 || b == 0.0 {
        f64::NAN
    } else if x == 0.0 || x == 1.0 || a.is_infinite() || b.is_infinite() {
        0.0
    } else {
        Place::inside(x, a, b).in_parameters(order)
    }
}

/// xᵃ⁻¹(1 − x)ᵇ⁻¹/B(a, b)
pub(super) fn density(x: f64, a: f64, b: f64) -> f64 {
    let at_end = |a: f64, b: f64| match a.total_cmp(&1.0) {
        Ordering::Less => f64::INFINITY,
        Ordering::Equal => b,
        Ordering::Greater => 0.0,
    };
    if !is_defined(x, a, b) {
        f64::NAN
    } else if a.min(b) == 0.0 || a.max(b).is_infinite() {
        0.0
    } else if x == 0.0 {
        at_end(a, b)
    } else if x == 1.0 {
        at_end(b, a)
    } else {
        density_over(x, a, b, [0, 0], 1.0)
    }
}

/// The derivative of the density in x, for 0 < x < 1: with one x and one 1 − x less, times
/// u = (a − 1)(1 − x) − (b − 1)x.
pub(super) fn slope(x: f64, a: f64, b: f64) -> f64 {
    if !is_inside(x, a, b) {
        density(x, a, b)
    } else if a == 1.0 {
        // No x is left.
        density_over(x, a, b, [0, 1], 1.0 - b)
    } else {
        density_over(x, a, b, [1, 1], log_slope_numerator(x, a, b).rounded())
    }
}

/// The second derivative of the density in x, for 0 < x < 1: with two less of each, times
/// (a − 1)(a − 2)(1 − x)² − 2(a − 1)(b − 1)x(1 − x) + (b − 1)(b − 2)x².
pub(super) fn curve(x: f64, a: f64, b: f64) -> f64 {
    let of_b = Extended::sum(b, -1.0) * Extended::sum(b, -2.0);
    if !is_inside(x, a, b) {
        density(x, a, b)
    } else if a == 1.0 {
        density_over(x, a, b, [0, 2], of_b.rounded())
    } else {
        let (below, rest) = (Extended::sum(a, -1.0), Extended::sum(1.0, -x));
        let of_both = below * Extended::sum(b, -1.0).scaled(2.0);
        let near = (below * Extended::sum(a, -2.0) * rest - of_both * x.into()) * rest;
        density_over(x, a, b, [2, 2], (near + of_b * x.into() * x.into()).rounded())
    }
}

/// The derivative of the density by x and a, for 0 < x < 1: with one less of each, times
/// u·s + 1 − x, where s = ln x − ψ(a) + ψ(a + b).
pub(super) fn slope_in_a(x: f64, a: f64, b: f64) -> f64 {
    if !is_inside(x, a, b) {
        return density(x, a, b);
    }
    let factor = log_slope_numerator(x, a, b).rounded() * log_ratio(x, a, b) + (1.0 - x);
    density_over(x, a, b, [1, 1], factor)
}

/// The same by x and b: times u·t − x, where t = ln(1 − x) − ψ(b) + ψ(a + b).
pub(super) fn slope_in_b(x: f64, a: f64, b: f64) -> f64 {
    if !is_inside(x, a, b) {
        return density(x, a, b);
    }
    let t = log_rest(x, a, b);
    if a == 1.0 {
        return density_over(x, a, b, [0, 1], (1.0 - b) * t - 1.0);
    }
    density_over(x, a, b, [1, 1], log_slope_numerator(x, a, b).rounded() * t - x)
}

/// Whether neither the argument nor a parameter is at an end.
fn is_inside(x: f64, a: f64, b: f64) -> bool {
    let is_within = |parameter: f64| parameter > 0.0 && parameter.is_finite();
    x > 0.0 && x < 1.0 && is_within(a) && is_within(b)
}

/// The density times a number, over so many x and so many 1 − x.
fn density_over(x: f64, a: f64, b: f64, [of_x, of_rest]: [u32; 2], number: f64) -> f64 {
    let place = Place::inside(x, a, b);
    let (x, rest) = (place.x.rounded(), place.rest.rounded());
    let scaled = (0..=of_x).fold(place.prefactor(), |scaled, _| scaled.over(x));
    (0..=of_rest).fold(scaled, |scaled, _| scaled.over(rest)).times(number / place.scale)
}

/// ln x − ψ(a) + ψ(a + b)
pub(super) fn log_ratio(x: f64, a: f64, b: f64) -> f64 {
    Place::inside(x, a, b).log_ratio()
}

/// ln(1 − x) − ψ(b) + ψ(a + b)
pub(super) fn log_rest(x: f64, a: f64, b: f64) -> f64 {
    Place::inside(x, a, b).mirrored().log_ratio()
}

/// (a − 1)/x − (b − 1)/(1 − x)
pub(super) fn log_slope(x: f64, a: f64, b: f64) -> f64 {
    log_slope_numerator(x, a, b).rounded() / x / (1.0 - x)
}

/// (a − 1)(1 − x) − (b − 1)x
fn log_slope_numerator(x: f64, a: f64, b: f64) -> Extended {
    Extended::sum(a, -1.0) * Extended::sum(1.0, -x) - Extended::sum(b, -1.0) * x.into()
}

/// s² + s′ of that s, which is (u² − (a − 1)(1 − x)² − (b − 1)x²)/(x(1 − x))², where
/// u = (a − 1)(1 − x) − (b − 1)x
pub(super) fn bend(x: f64, a: f64, b: f64) -> f64 {
    let rest = Extended::sum(1.0, -x);
    let of_x = Extended::sum(a, -1.0) * rest;
    let of_rest = Extended::sum(b, -1.0) * x.into();
    let slope = of_x - of_rest;
    let numerator = slope * slope - of_x * rest - of_rest * x.into();
    let scale = x * rest.rounded();
    numerator.rounded() / scale / scale
}

/// Whether there is such a distribution, and its limits are one.
fn is_defined(x: f64, a: f64, b: f64) -> bool {
    let is_limit = |parameter: f64| parameter == 0.0 || parameter.is_infinite();
    (0.0..=1.0).contains(&x) && a >= 0.0 && b >= 0.0 && !(is_limit(a) && is_limit(b))
}

/// Where a distribution function is asked: x and 1 − x, both to all digits, and the parameters.
#[derive(Clone, Copy)]
struct Place {
    x: Extended,
    rest: Extended,
    a: f64,
    b: f64,
    /// What the parameters were multiplied by, so that they are not too small: with both of them
    /// tiny, nothing but their ratio counts.
    scale: f64,
}

/// A parameter below is as good as this one, unless both are tiny.
const TINY: f64 = 1e-290;

impl Place {
    /// For 0 < x < 1 and positive finite parameters.
    fn inside(x: f64, a: f64, b: f64) -> Self {
        let scale = if a.max(b) < 1e-200 { 2.0_f64.powi(500) } else { 1.0 };
        let [a, b] = [a, b].map(|parameter| (parameter * scale).max(TINY));
        Self { x: x.into(), rest: Extended::sum(1.0, -x), a, b, scale }
    }

    fn mirrored(self) -> Self {
        Self { x: self.rest, rest: self.x, a: self.b, b: self.a, ..self }
    }

    /// x·b − (1 − x)·a = (a + b)·x − a, where x is seen from the mean.
    fn past_the_mean(self) -> Extended {
        self.x * self.b.into() - self.rest * self.a.into()
    }

    /// I_x(a, b), from the tail that is the smaller one: with tiny parameters, that is not always
    /// the one on the far side of the mean.
    fn value(self) -> f64 {
        let is_upper = self.past_the_mean().rounded() >= 0.0;
        let tail = |is_upper| if is_upper { self.upper(0, 0) } else { self.mirrored().upper(0, 0) };
        let near = tail(is_upper);
        let is_small = near <= 0.75;
        let small = if is_small { near } else { tail(!is_upper) };
        if is_upper == is_small { 1.0 - small } else { small }
    }

    /// ∂ⁱ⁺ʲI/∂aⁱ∂bʲ for i + j = 1, 2, 3.
    fn in_parameters(self, [i, j]: [u32; 2]) -> f64 {
        // Of the first derivatives, each has its own side.
        let is_upper =
            if i >= j { self.log_ratio() >= 0.0 } else { self.mirrored().log_ratio() < 0.0 };
        let scale = self.scale.powi((i + j) as i32);
        scale * if is_upper { -self.upper(i, j) } else { self.mirrored().upper(j, i) }
    }

    /// ln x − ψ(a) + ψ(a + b)
    fn log_ratio(self) -> f64 {
        if self.b < 1.0 {
            return self.log_x() - polygamma_difference(0, self.a, self.b);
        }
        let to_mean = self.past_the_mean() / self.a.into();
        let close = to_mean.rounded().abs() < 0.5;
        let total = Extended::sum(self.a, self.b);
        let logarithm = if close {
            to_mean.rounded().ln_1p()
        } else {
            self.log_x() - (Extended::from(self.a) / total).rounded().ln()
        };
        logarithm + (log_minus_digamma(self.a) - log_minus_digamma(self.a + self.b))
    }

    fn log_x(self) -> f64 {
        let (x, rest) = (self.x.rounded(), self.rest.rounded());
        if x < 0.5 { x.ln() } else { (-rest).ln_1p() }
    }

    /// xᵃ(1 − x)ᵇ/B(a, b)
    fn prefactor(self) -> Scaled {
        let Self { x, rest, a, b, .. } = self;
        let (a_, b_) = (Extended::from(a), Extended::from(b));
        if a.min(b) >= LARGE {
            // The terms of the size of the parameters cancel before they are multiplied by them.
            let past_the_mean = self.past_the_mean();
            let main =
                a_ * logarithm_of(past_the_mean / a_) + b_ * logarithm_of(-past_the_mean / b_);
            let total = Extended::sum(a, b);
            let root = (ln(a) + ln(b) - total.ln()).scaled(0.5) - HALF_LN_TAU;
            let series = stirling_series(total) - stirling_series(a_) - stirling_series(b_);
            return Scaled::exp(main + root + series);
        }
        let (p, q) = if a < b { (a, b) } else { (b, a) };
        let powers = a_ * logarithm_to(x, rest) + b_ * logarithm_to(rest, x);
        let beta = log_gamma(Extended::sum(p, 1.0)) + log_gamma_ratio(p, q);
        Scaled::exp(powers - beta + ln(p))
    }

    /// ∂ⁱ⁺ʲ/∂aⁱ∂bʲ of 1 − I.
    fn upper(self, i: u32, j: u32) -> f64 {
        self.prefactor().times(integral(&Upper::of(self, i, j)))
    }
}

/// From here on Stirling's series has twice the digits.
const LARGE: f64 = 24.0;

/// ln x to twice the digits, given also 1 − x.
fn logarithm_to(x: Extended, rest: Extended) -> Extended {
    if x.rounded() > 0.5 {
        (-rest).ln_1p()
    } else if x.rounded() < 1e-200 {
        ln(x.rounded())
    } else {
        x.ln()
    }
}

/// ln(1 + z)
fn logarithm_of(z: Extended) -> Extended {
    if z.rounded() <= -0.5 { (z + Extended::ONE).ln() } else { z.ln_1p() }
}

/// What is integrated to 1 − I, differentiated i times in a and j times in b.
struct Upper {
    x: f64,
    rest: f64,
    a: f64,
    b: f64,
    slope: f64,
    order: (u32, u32),
    ratios: (f64, f64),
    /// The second and third derivatives of −ln B(a, b), by how often they are by b.
    curvature: [f64; 3],
    skewness: [f64; 4],
}

impl Upper {
    fn of(place: Place, i: u32, j: u32) -> Self {
        let Place { x, rest, a, b, .. } = place;
        let derivatives = |n: u32| {
            let both = if i + j > n { polygamma(n, a + b) } else { 0.0 };
            let pure = |a, b| if i + j > n { -polygamma_difference(n, a, b) } else { 0.0 };
            (pure(a, b), both, pure(b, a))
        };
        let ((aa, ab, bb), (aaa, mixed, bbb)) = (derivatives(1), derivatives(2));
        let ratios =
            if i + j > 0 { (place.log_ratio(), place.mirrored().log_ratio()) } else { (0.0, 0.0) };
        Self {
            x: x.rounded(),
            rest: rest.rounded(),
            a,
            b,
            slope: place.past_the_mean().rounded(),
            order: (i, j),
            ratios,
            curvature: [aa, ab, bb],
            skewness: [aaa, mixed, mixed, bbb],
        }
    }

    /// ln((1 − x)/(1 − t)) = ln(1 + x(eʸ − 1))
    fn fall(&self, y: f64) -> f64 {
        if y > 700.0 {
            let logarithm = y + self.x.ln();
            return if logarithm > 40.0 { logarithm } else { logarithm.exp().ln_1p() };
        }
        (self.x * y.exp_m1()).ln_1p()
    }

    /// ln(t/x) = y − ln(1 + x(eʸ − 1)) = −ln(1 + (1 − x)(e⁻ʸ − 1)), in the smaller of x and 1 − x.
    fn rise(&self, y: f64) -> f64 {
        if self.x <= 0.5 { y - self.fall(y) } else { -(self.rest * (-y).exp_m1()).ln_1p() }
    }
}

impl Integrand for Upper {
    /// (a + b)·(ln(1 + x(eʸ − 1)) − xy), and a straight line.
    fn exponent<const W: usize>(&self, y: [f64; W]) -> [f64; W] {
        let total = self.a + self.b;
        let is_left = self.x <= 0.5;
        // Of x and y, or of 1 − x and −y: the same in the smaller one of x and 1 − x.
        let (q, sign) = if is_left { (self.x, 1.0) } else { (self.rest, -1.0) };
        let signed = y.map(|y| sign * y);
        let mut bends = vector::exp_m1(signed);
        for (bend, v) in bends.iter_mut().zip(signed) {
            let z = q * *bend;
            let line =
                if v.abs() < 0.5 { v * (0.5 * v * (1.0 + tail_of_exp(v))) } else { *bend - v };
            *bend =
                if v > 700.0 || z > 1.0 { self.fall(v) - q * v } else { q * line - minus_ln_1p(z) };
        }
        for (bend, y) in bends.iter_mut().zip(y) {
            *bend = total * *bend + self.slope * y;
        }
        bends
    }

    fn weight(&self, y: f64) -> f64 {
        if self.order == (0, 0) {
            return 1.0;
        }
        let (s, t) = (self.ratios.0 + self.rise(y), self.ratios.1 - self.fall(y));
        let ([aa, ab, bb], [aaa, aab, abb, bbb]) = (self.curvature, self.skewness);
        match self.order {
            (1, 0) => s,
            (0, 1) => t,
            (2, 0) => s * s + aa,
            (1, 1) => s * t + ab,
            (0, 2) => t * t + bb,
            (3, 0) => s * (s * s + 3.0 * aa) + aaa,
            (2, 1) => s * (s * t + 2.0 * ab) + aa * t + aab,
            (1, 2) => t * (s * t + 2.0 * ab) + bb * s + abb,
            (0, 3) => t * (t * t + 3.0 * bb) + bbb,
            _ => f64::NAN,
        }
    }

    fn straight_until(&self) -> f64 {
        (self.rest / self.x).ln() - 38.0 - (1.0 + self.a + self.b).ln()
    }

    fn straight_from(&self) -> f64 {
        (self.rest.ln() - self.x.ln()).max(0.0) + 40.0
    }
}
