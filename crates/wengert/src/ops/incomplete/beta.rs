//! The regularised incomplete beta function, and its derivatives in the parameters.
//!
//! With t/(1 − t) = eʸ·x/(1 − x), I and 1 − I are the integrals of D·(t/x)ᵃ·((1 − t)/(1 − x))ᵇ over
//! y < 0 and y > 0, where D = xᵃ(1 − x)ᵇ/B(a, b). The former is the latter of exchanged parameters
//! at 1 − x. A derivative by a multiplies what is integrated by ln t − ψ(a) + ψ(a + b), which has one
//! sign on each of the sides, if they are chosen by its sign at t = x; that by b alike. What it has of
//! 1/a beside a small a is a derivative of the factor R ([`factored`](super::factored)).

use super::factored::{factor, is_small, log_beta_derivative, weight};
use super::memory::{Part, shared};
use super::parts::{
    FAR, Scaled, ln, log_minus_digamma, minus_ln_1p_of_small, of_parameters, tail_of_exp,
};
use super::quadrature::{Integrand, integral, mapped};
use crate::ops::beta::{
    HALF_LN_TAU, NEAR, log_gamma, log_gamma_ratio, polygamma_difference, stirling_series,
};
use crate::ops::extended::Extended;
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
        Place::of_ratio(x, a, b).0.value()
    }
}

/// ∂ⁱ⁺ʲI/∂aⁱ∂bʲ for i + j = 1, 2, 3.
pub(super) fn in_parameters([i, j]: [u32; 2], x: f64, a: f64, b: f64) -> f64 {
    if !is_defined(x, a, b) {
        f64::NAN
    } else if x == 0.0 || x == 1.0 || a.is_infinite() || b.is_infinite() {
        0.0
    } else {
        let (place, scale) = Place::of_ratio(x, a, b);
        (0..i + j).fold(place.in_parameters([i, j]), |size, _| size * scale)
    }
}

/// The first derivatives in both parameters, if they are integrals over the same side.
pub(super) fn in_both_parameters(x: f64, a: f64, b: f64) -> Option<[f64; 2]> {
    if !is_regular(x, a, b) {
        return None;
    }
    let (place, scale) = Place::of_ratio(x, a, b);
    Some(place.in_both_parameters()?.map(|derivative| derivative * scale))
}

/// xᵃ⁻¹(1 − x)ᵇ⁻¹/B(a, b)
pub(super) fn density(x: f64, a: f64, b: f64) -> f64 {
    if is_inside(x, a, b) { density_over(x, a, b, [0, 0], 1.0) } else { limit(x, a, b) }
}

/// The density without the factor that vanishes with small parameters.
pub(super) fn density_over_factor(x: f64, a: f64, b: f64) -> f64 {
    if is_regular(x, a, b) { Place::new(x, a, b).over([0, 0]).times(1.0) } else { limit(x, a, b) }
}

/// The density where the argument or a parameter is at an end.
fn limit(x: f64, a: f64, b: f64) -> f64 {
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
    } else {
        at_end(b, a)
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

/// The derivative of the density in a: that of R·eᴸ is (R′ + R·L′)·eᴸ.
pub(super) fn density_in_a(x: f64, a: f64, b: f64) -> f64 {
    density_times(x, a, b, weight_in_a(x, a, b))
}

/// The same in b.
pub(super) fn density_in_b(x: f64, a: f64, b: f64) -> f64 {
    density_times(x, a, b, weight_in_b(x, a, b))
}

fn density_times(x: f64, a: f64, b: f64, weight: f64) -> f64 {
    if is_regular(x, a, b) {
        return Place::new(x, a, b).over([0, 0]).times(weight);
    }
    let density = limit(x, a, b);
    if density == 0.0 { 0.0 } else { density * (weight / factor(0, 0, a, b)) }
}

/// The derivative of the density by x and a, for 0 < x < 1: with one less of each, times
/// u·(R′ + R·L′) + (1 − x)·R.
pub(super) fn slope_in_a(x: f64, a: f64, b: f64) -> f64 {
    if !is_regular(x, a, b) {
        return limit(x, a, b);
    }
    let slope = log_slope_numerator(x, a, b).rounded();
    let number = slope * weight_in_a(x, a, b) + (1.0 - x) * factor(0, 0, a, b);
    Place::new(x, a, b).over([1, 1]).times(number)
}

/// The same by x and b: times u·(R′ + R·L′) − x·R.
pub(super) fn slope_in_b(x: f64, a: f64, b: f64) -> f64 {
    if !is_regular(x, a, b) {
        return limit(x, a, b);
    }
    let (place, factor) = (Place::new(x, a, b), factor(0, 0, a, b));
    let weight = weight_in_b(x, a, b);
    if a == 1.0 {
        // No x is left.
        return place.over([0, 1]).times((1.0 - b) * weight - factor);
    }
    place.over([1, 1]).times(log_slope_numerator(x, a, b).rounded() * weight - x * factor)
}

/// R′ + R·L′, by a
fn weight_in_a(x: f64, a: f64, b: f64) -> f64 {
    factor(1, 0, a, b) + factor(0, 0, a, b) * log_ratio(x, a, b)
}

/// The same by b
fn weight_in_b(x: f64, a: f64, b: f64) -> f64 {
    factor(0, 1, a, b) + factor(0, 0, a, b) * log_rest(x, a, b)
}

/// Whether neither the argument nor a parameter is at an end.
fn is_inside(x: f64, a: f64, b: f64) -> bool {
    is_regular(x, a, b) && a > 0.0 && b > 0.0
}

/// The same, or one of the parameters is 0.
fn is_regular(x: f64, a: f64, b: f64) -> bool {
    is_defined(x, a, b) && x > 0.0 && x < 1.0 && a.is_finite() && b.is_finite()
}

/// The density times a number, over so many x and so many 1 − x.
fn density_over(x: f64, a: f64, b: f64, powers: [u32; 2], number: f64) -> f64 {
    let (place, scale) = Place::of_ratio(x, a, b);
    place.over(powers).over(scale).times(number * factor(0, 0, place.a, place.b))
}

/// The derivative of L in a, ln x − ψ(a) + ψ(a + b) but for what R has of it.
pub(super) fn log_ratio(x: f64, a: f64, b: f64) -> f64 {
    if is_defined(x, a, b) { Place::new(x, a, b).log_ratio() } else { f64::NAN }
}

/// The same in b.
pub(super) fn log_rest(x: f64, a: f64, b: f64) -> f64 {
    if is_defined(x, a, b) { Place::new(x, a, b).mirrored().log_ratio() } else { f64::NAN }
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
}

/// With both parameters below, nothing but their ratio counts.
const BOTH_TINY: f64 = 1.0 / (1u128 << 80) as f64;

/// An exponent below is as good as this one.
const TINY: f64 = 1e-290;

impl Place {
    fn new(x: f64, a: f64, b: f64) -> Self {
        // A parameter of −0 is one of 0.
        Self { x: x.into(), rest: Extended::sum(1.0, -x), a: a.abs(), b: b.abs() }
    }

    /// The place, and what the parameters were multiplied by, so that they are not both tiny.
    fn of_ratio(x: f64, a: f64, b: f64) -> (Self, f64) {
        let binades = (a.max(b) / BOTH_TINY).log2().floor().min(0.0);
        let scale = 2.0_f64.powi(-binades as i32);
        (Self::new(x, a * scale, b * scale), scale)
    }

    fn mirrored(self) -> Self {
        Self { x: self.rest, rest: self.x, a: self.b, b: self.a }
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
        // Of the first derivatives, each has its own side. A small parameter has the side on which
        // the logarithm beside it is bounded.
        let is_by_a =
            if i + j > 1 && is_small(self.a.min(self.b)) { self.a <= self.b } else { i >= j };
        let is_upper = if is_by_a { self.is_upper_in_a() } else { self.is_upper_in_b() };
        if is_upper { -self.upper(i, j) } else { self.mirrored().upper(j, i) }
    }

    /// The first two, if they have the same side.
    fn in_both_parameters(self) -> Option<[f64; 2]> {
        let is_upper = self.is_upper_in_a();
        if is_upper != self.is_upper_in_b() {
            return None;
        }
        Some(if is_upper {
            self.upper_in_both().map(|derivative| -derivative)
        } else {
            let [in_b, in_a] = self.mirrored().upper_in_both();
            [in_a, in_b]
        })
    }

    fn is_upper_in_a(self) -> bool {
        self.log_density_in_a() >= 0.0
    }

    fn is_upper_in_b(self) -> bool {
        self.mirrored().log_density_in_a() < 0.0
    }

    /// ln x − ψ(a) + ψ(a + b)
    fn log_density_in_a(self) -> f64 {
        let Self { a, b, .. } = self;
        let share = if is_small(b) { b / (a + b) } else { 1.0 };
        self.log_ratio() + if is_small(a) { share / a } else { 0.0 }
    }

    /// The same without what R has of it: of ψ(a + 1) for a small a, and of ψ(a + b + 1) if both are.
    fn log_ratio(self) -> f64 {
        let Self { a, b, .. } = self;
        let surplus = if is_small(a) { Extended::ONE } else { Extended::ZERO };
        let own = Extended::from(a) + surplus;
        if is_small(b) {
            let own = own.rounded();
            let difference = || [polygamma_difference(0, own, b), 0.0, 0.0];
            let [difference, ..] = shared(Part::Digammas, [own, b, 0.0], difference);
            return self.log_x() - difference;
        }
        let total = Extended::sum(a, b);
        let to_own = (self.past_the_mean() - surplus) / own;
        let close = to_own.rounded().abs() < 0.5;
        let logarithm = if close {
            to_own.rounded().ln_1p()
        } else {
            self.log_x() - (own / total).rounded().ln()
        };
        logarithm + (log_minus_digamma(own.rounded()) - log_minus_digamma(a + b))
    }

    fn log_x(self) -> f64 {
        let (x, rest) = (self.x.rounded(), self.rest.rounded());
        if x < 0.5 { x.ln() } else { (-rest).ln_1p() }
    }

    /// The density over R, over so many x and so many 1 − x.
    fn over(self, [of_x, of_rest]: [u32; 2]) -> Scaled {
        let (x, rest) = (self.x.rounded(), self.rest.rounded());
        let scaled = (0..=of_x).fold(self.prefactor(), |scaled, _| scaled.over(x));
        (0..=of_rest).fold(scaled, |scaled, _| scaled.over(rest))
    }

    /// xᵃ(1 − x)ᵇ/B(a, b) over R
    fn prefactor(self) -> Scaled {
        // Of the smaller one of x and 1 − x, which is a float: the same from either side.
        let place = if self.x.rounded() <= self.rest.rounded() { self } else { self.mirrored() };
        let at = [place.x.rounded(), place.a, place.b];
        let numbers = || place.compute_prefactor().to_numbers();
        Scaled::from_numbers(shared(Part::BetaPrefactor, at, numbers))
    }

    fn compute_prefactor(self) -> Scaled {
        let Self { x, rest, a, b, .. } = self;
        let (a_, b_) = (Extended::from(a), Extended::from(b));
        let (p, q) = if a < b { (a, b) } else { (b, a) };
        let own = |is_large| {
            of_parameters(Part::BetaParameters, [p, q], || own_of_prefactor(is_large, p, q))
        };
        // Of an argument that is nearly at an end, 1 + z would lose what is left of it.
        let is_large = p >= LARGE;
        if is_large && x.rounded().min(rest.rounded()) > NEAR_END {
            // The terms of the size of the parameters cancel before they are multiplied by them.
            let past_the_mean = self.past_the_mean();
            let main =
                a_ * logarithm_of(past_the_mean / a_) + b_ * logarithm_of(-past_the_mean / b_);
            return Scaled::exp(main + own(true));
        }
        let at = [x.rounded(), 0.0];
        let of_x = of_parameters(Part::Logarithm, at, || logarithm_to(x, rest));
        let of_rest = of_parameters(Part::LogarithmOfRest, at, || logarithm_to(rest, x));
        let powers = a_ * of_x + b_ * of_rest;
        // Large parameters share nothing here with those above.
        Scaled::exp(powers + if is_large { own_of_prefactor(false, p, q) } else { own(false) })
    }

    /// ∂ⁱ⁺ʲ/∂aⁱ∂bʲ of 1 − I.
    fn upper(self, i: u32, j: u32) -> f64 {
        let upper = Upper::of(self, &[[i, j]]);
        let [integral] = integral(&upper);
        self.prefactor().times(upper.own * integral)
    }

    /// The first of them by a and by b.
    fn upper_in_both(self) -> [f64; 2] {
        let both = Both(Upper::of(self, &[[1, 0], [0, 1]]));
        let prefactor = self.prefactor();
        integral(&both).map(|integral| prefactor.times(both.0.own * integral))
    }
}

/// What of the logarithm of xᵃ(1 − x)ᵇ/B(a, b) over R is the parameters' alone, given the smaller one
/// and the other; of large ones, without what is added to powers about the mean.
fn own_of_prefactor(is_large: bool, p: f64, q: f64) -> Extended {
    if is_large {
        let total = Extended::sum(p, q);
        let root = (ln(p) + ln(q) - total.ln()).scaled(0.5) - HALF_LN_TAU;
        return root + stirling_series(total)
            - stirling_series(p.into())
            - stirling_series(q.into());
    }
    let near = if is_small(q) { Extended::sum(q, 1.0) } else { q.into() };
    let near = -log_gamma(Extended::sum(p, 1.0), NEAR) - log_gamma_ratio(p, near, NEAR);
    if is_small(p) { near } else { near + ln(p) }
}

/// From here on Stirling's series has twice the digits.
const LARGE: f64 = 24.0;

/// Below, the distance of an argument from an end has no second digits that count.
const NEAR_END: f64 = 1e-200;

/// ln x to twice the digits, given also 1 − x.
fn logarithm_to(x: Extended, rest: Extended) -> Extended {
    if x.rounded() > 0.5 {
        (-rest).ln_1p()
    } else if x.rounded() < NEAR_END {
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
    order: [u32; 2],
    /// A small b, the inverse of which the integral grows as.
    own: f64,
    /// The derivatives of R over that, by how often they are by a and by b.
    factors: [[f64; 4]; 4],
    /// Those of L, the first at x.
    logarithms: [[f64; 4]; 4],
}

impl Upper {
    /// Of one order, or of several whose derivatives are asked for together.
    fn of(place: Place, orders: &[[u32; 2]]) -> Self {
        let place = Place { b: place.b.max(TINY), ..place };
        let Place { x, rest, a, b, .. } = place;
        let own = if is_small(b) { b } else { 1.0 };
        let (mut factors, mut logarithms) = ([[0.0; 4]; 4], [[0.0; 4]; 4]);
        let below = |&[i, j]: &[u32; 2]| (0..=i).flat_map(move |k| (0..=j).map(move |l| (k, l)));
        for (k, l) in orders.iter().flat_map(below) {
            let at = (k as usize, l as usize);
            factors[at.0][at.1] = factor(k, l, a, b) / own;
            logarithms[at.0][at.1] = match (k, l) {
                (0, 0) => 0.0,
                (1, 0) => place.log_ratio(),
                (0, 1) => place.mirrored().log_ratio(),
                _ => log_beta_derivative(k, l, a, b),
            };
        }
        Self {
            x: x.rounded(),
            rest: rest.rounded(),
            a,
            b,
            slope: place.past_the_mean().rounded(),
            order: orders[0],
            own,
            factors,
            logarithms,
        }
    }

    /// ln((1 − x)/(1 − t)) = ln(1 + x(eʸ − 1)), given eʸ − 1
    #[inline(always)]
    fn falls<const W: usize>(&self, y: [f64; W], powers: [f64; W]) -> [f64; W] {
        let falls = vector::ln_1p(mapped(powers, |power| self.x * power));
        if has_far(&y) { self.falls_far(y, falls) } else { falls }
    }

    /// The same where the exponential may be beyond the range.
    #[cold]
    #[inline(never)]
    fn falls_far<const W: usize>(&self, y: [f64; W], mut falls: [f64; W]) -> [f64; W] {
        for (fall, y) in falls.iter_mut().zip(y).filter(|(_, y)| *y > FAR) {
            let logarithm = y + self.x.ln();
            *fall = if logarithm > 40.0 { logarithm } else { logarithm.exp().ln_1p() };
        }
        falls
    }

    /// ln(t/x) = −ln(1 + (1 − x)(e⁻ʸ − 1)), given e⁻ʸ − 1, for x that is not small
    #[inline(always)]
    fn rises<const W: usize>(&self, powers: [f64; W]) -> [f64; W] {
        mapped(vector::ln_1p(mapped(powers, |power| self.rest * power)), |rise| -rise)
    }

    /// The same as y − ln(1 + x(eʸ − 1)) = −ln(x + (1 − x)e⁻ʸ), given that logarithm: the first near a
    /// small x, the second far from it.
    #[inline(always)]
    fn rises_of_small<const W: usize>(&self, y: [f64; W], falls: [f64; W]) -> [f64; W] {
        let powers = vector::exp(mapped(y, |y| -y));
        let mut rises = vector::ln(mapped(powers, |power| self.x + self.rest * power));
        for ((rise, y), fall) in rises.iter_mut().zip(y).zip(falls) {
            *rise = vector::select(y > 1.0, -*rise, y - fall);
        }
        rises
    }

    #[inline(always)]
    fn is_left(&self) -> bool {
        self.x <= 0.5
    }

    /// E, (a + b)·(ln(1 + x(eʸ − 1)) − xy) and a straight line, and the logarithms of what falls and of
    /// what rises; the latter, if a weight needs them.
    #[inline(always)]
    fn curves<const W: usize>(&self, y: [f64; W], has_rises: bool) -> Curves<W> {
        if self.slope < 0.0 && is_small(self.a) {
            // Below the mean the line falls; beside a smaller b, it cancels nearly all of what bends.
            let falls = self.falls(y, vector::exp_m1(y));
            let rises = if self.is_left() {
                self.rises_of_small(y, falls)
            } else {
                self.rises(vector::exp_m1(mapped(y, |y| -y)))
            };
            let mut bends = rises;
            for (bend, fall) in bends.iter_mut().zip(falls) {
                *bend = self.b * fall - self.a * *bend;
            }
            return Curves { bends, falls, rises };
        }
        let total = self.a + self.b;
        // Of x and y, or of 1 − x and −y: the same in the smaller one of x and 1 − x.
        let (q, sign) = if self.is_left() { (self.x, 1.0) } else { (self.rest, -1.0) };
        let signed = mapped(y, |y| sign * y);
        let powers = vector::exp_m1(signed);
        let (falls, mut rises) = if self.is_left() {
            (self.falls(y, powers), [0.0; W])
        } else {
            let rises = self.rises(powers);
            let mut falls = y;
            for (fall, rise) in falls.iter_mut().zip(rises) {
                *fall -= rise;
            }
            (falls, rises)
        };
        let mut bends = [0.0; W];
        for (i, bend) in bends.iter_mut().enumerate() {
            let (power, v, z) = (powers[i], signed[i], q * powers[i]);
            let line = v * (0.5 * v * (1.0 + tail_of_exp(v)));
            let line = vector::select(v.abs() < 0.5, line, power - v);
            // Of 1 − x and −y, the first of these is always the one.
            let (near, far) = (q * line - minus_ln_1p_of_small(z), falls[i] - q * v);
            let is_far = (z > 1.0) | (v > FAR);
            *bend = total * vector::select(is_far, far, near) + self.slope * y[i];
        }
        if self.is_left() && has_rises {
            rises = self.rises_of_small(y, falls);
        }
        Curves { bends, falls, rises }
    }

    fn straight_until(&self) -> f64 {
        // Of a subnormal x, the quotient is infinite.
        self.rest.ln() - self.x.ln() - 38.0 - (1.0 + self.a + self.b).ln()
    }

    fn straight_from(&self) -> (f64, f64) {
        ((self.rest.ln() - self.x.ln()).max(0.0) + 40.0, self.b)
    }

    fn bends_between(&self) -> (f64, f64) {
        let (at, size) = (self.rest.ln() - self.x.ln(), (1.0 + self.a + self.b).ln());
        (at - size, at + size)
    }

    /// What stands beside the exponentials in the derivative by a.
    #[inline(always)]
    fn weights_in_a<const W: usize>(&self, rises: [f64; W]) -> [f64; W] {
        let (factor, slope) = (self.factors[0][0], self.factors[1][0]);
        let at_x = self.logarithms[1][0];
        mapped(rises, |rise| factor * (at_x + rise) + slope)
    }

    /// The same by b.
    #[inline(always)]
    fn weights_in_b<const W: usize>(&self, falls: [f64; W]) -> [f64; W] {
        let (factor, slope) = (self.factors[0][0], self.factors[0][1]);
        let at_x = self.logarithms[0][1];
        mapped(falls, |fall| factor * (at_x - fall) + slope)
    }
}

/// What [`Upper`] is made of at several numbers.
struct Curves<const W: usize> {
    bends: [f64; W],
    falls: [f64; W],
    rises: [f64; W],
}

/// Whether one of some numbers has an exponential that may be beyond the range.
#[inline(always)]
fn has_far<const W: usize>(y: &[f64; W]) -> bool {
    y.iter().fold(false, |is_far, y| is_far | (*y > FAR))
}

impl Integrand<1> for Upper {
    #[inline(always)]
    fn exponent<const W: usize>(&self, y: [f64; W]) -> [f64; W] {
        self.curves(y, false).bends
    }

    #[inline(always)]
    fn with_weights<const W: usize>(&self, y: [f64; W]) -> ([f64; W], [[f64; W]; 1]) {
        let [i, j] = self.order;
        let Curves { bends, falls, rises } = self.curves(y, i > 0);
        let of = |k: u32, l: u32| self.factors[k as usize][l as usize];
        // PERF: what is asked for most often needs no polynomials.
        match (i, j) {
            (0, 0) => return (bends, [[of(0, 0); W]]),
            (1, 0) => return (bends, [self.weights_in_a(rises)]),
            (0, 1) => return (bends, [self.weights_in_b(falls)]),
            _ => {}
        }
        let mut weights = [0.0; W];
        for ((result, rise), fall) in weights.iter_mut().zip(rises).zip(falls) {
            let logarithm = |k: u32, l: u32| match (k, l) {
                (1, 0) => self.logarithms[1][0] + rise,
                (0, 1) => self.logarithms[0][1] - fall,
                _ => self.logarithms[k as usize][l as usize],
            };
            *result = weight(i, j, &of, &logarithm);
        }
        (bends, [weights])
    }

    #[inline(always)]
    fn straight_until(&self) -> f64 {
        self.straight_until()
    }

    #[inline(always)]
    fn straight_from(&self) -> (f64, f64) {
        self.straight_from()
    }

    #[inline(always)]
    fn bends_between(&self) -> (f64, f64) {
        self.bends_between()
    }
}

/// The first derivatives in both parameters, whose integrals have the same exponentials.
struct Both(Upper);

impl Integrand<2> for Both {
    #[inline(always)]
    fn exponent<const W: usize>(&self, y: [f64; W]) -> [f64; W] {
        self.0.curves(y, false).bends
    }

    #[inline(always)]
    fn with_weights<const W: usize>(&self, y: [f64; W]) -> ([f64; W], [[f64; W]; 2]) {
        let Curves { bends, falls, rises } = self.0.curves(y, true);
        (bends, [self.0.weights_in_a(rises), self.0.weights_in_b(falls)])
    }

    #[inline(always)]
    fn straight_until(&self) -> f64 {
        self.0.straight_until()
    }

    #[inline(always)]
    fn straight_from(&self) -> (f64, f64) {
        self.0.straight_from()
    }

    #[inline(always)]
    fn bends_between(&self) -> (f64, f64) {
        self.0.bends_between()
    }
}

#[cfg(test)]
mod tests {
    use super::{Both, Place, Upper};
    use crate::ops::incomplete::quadrature::by_few_and_by_many;

    #[test]
    fn an_integral_has_the_same_bits_by_few_points_at_once_and_by_many() {
        const PARAMETERS: [f64; 5] = [1e-200, 0.3, 2.5, 40.0, 1e4];
        for x in [1e-300, 0.2, 0.7, 1.0 - 1e-9] {
            for (a, b) in PARAMETERS.iter().flat_map(|&a| PARAMETERS.map(|b| (a, b))) {
                let place = Place::new(x, a, b);
                let is_upper = place.past_the_mean().rounded() >= 0.0;
                let place = if is_upper { place } else { place.mirrored() };
                for order in [[0, 0], [1, 2]] {
                    let [few, many] = by_few_and_by_many(&Upper::of(place, &[order]));
                    assert_eq!(few, many, "x = {x}, a = {a}, b = {b}, {order:?}");
                }
                let both = Both(Upper::of(place, &[[1, 0], [0, 1]]));
                let [few, many] = by_few_and_by_many(&both);
                assert_eq!(few, many, "x = {x}, a = {a}, b = {b}");
            }
        }
    }
}
