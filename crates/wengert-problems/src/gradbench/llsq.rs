//! Least squares: a polynomial through the sign function.

use std::{iter::successors, ops::Range};

use super::Split;
use crate::{Problem, Real, inputs};

/// ½ Σᵢ (sᵢ − x₀ − x₁tᵢ − x₂tᵢ² − …)², with n points tᵢ spread over [−1, 1] and sᵢ their signs.
#[derive(Clone, Debug)]
pub struct Llsq {
    points: usize,
    /// The points that are summed over: all, unless this is a part.
    share: Range<usize>,
    point: Vec<f64>,
}

impl Llsq {
    /// The fit to `points` points, two at least, at coefficients of one's own, one at least.
    pub fn at(point: Vec<f64>, points: usize) -> Self {
        assert!(points >= 2, "an interval has two ends, and {points} points are too few");
        assert!(!point.is_empty(), "a polynomial without coefficients");
        Self { points, share: 0..points, point }
    }

    /// The fit to `points` points at `coefficients` fixed-seed coefficients in [0, 1).
    pub fn new(coefficients: usize, points: usize) -> Self {
        Self::at(inputs::uniform(12, 0.0..1.0, coefficients), points)
    }

    /// The points tᵢ that are summed over.
    pub fn abscissae(&self) -> impl ExactSizeIterator<Item = f64> {
        let intervals = (self.points - 1) as f64;
        self.share.clone().map(move |i| -1.0 + 2.0 * i as f64 / intervals)
    }
}

/// What the polynomial with coefficients `x` misses the sign of `t` by: the term is half its square.
///
/// The square does not tell it from its negative sᵢ − Σⱼ xⱼ tʲ.
pub fn residual<T: Real>(x: &[T], t: f64) -> T {
    T::weighted_sum(powers(t), x) - sign(t)
}

/// The same where the point and its sign are numbers of the same kind as the coefficients, so that
/// one recording serves all points: the polynomial by Horner's rule.
///
/// # Panics
///
/// If there are no coefficients.
pub fn residual_at<T: Real>(x: &[T], t: T, sign: T) -> T {
    let value = x.iter().rev().copied().reduce(|sum, x| sum.mul_add(t, x));
    value.expect("a polynomial has a coefficient") - sign
}

/// 1, t, t² …: each from the last but one, so that a processor need not wait for the last.
fn powers(t: f64) -> impl Iterator<Item = f64> {
    let square = t * t;
    successors(Some((1.0, t)), move |&(power, next)| Some((next, power * square)))
        .map(|pair| pair.0)
}

/// −1, 0 or 1: `f64::signum` has no zero.
pub fn sign(t: f64) -> f64 {
    if t == 0.0 { 0.0 } else { t.signum() }
}

impl Split for Llsq {
    fn parts(&self, count: usize) -> Vec<Self> {
        let each = self.share.len().div_ceil(count.max(1));
        let starts = self.share.clone().step_by(each);
        starts.map(|i| Self { share: i..self.share.end.min(i + each), ..self.clone() }).collect()
    }
}

impl Problem for Llsq {
    fn name(&self) -> &'static str {
        "llsq"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        T::sum_of_squares(self.abscissae().map(|t| residual(x, t))) * 0.5
    }

    /// Σᵢ rᵢ tᵢʲ.
    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        gradient.fill(0.0);
        for t in self.abscissae() {
            let miss = x.iter().rev().fold(0.0, |sum, x| sum * t + x) - sign(t);
            for (slope, power) in gradient.iter_mut().zip(powers(t)) {
                *slope += miss * power;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_every_oracle() {
        oracle::assert_gradient(&Llsq::new(5, 9));
        oracle::assert_gradient(&Llsq::new(1, 2));
    }

    #[test]
    fn points_are_spread_from_end_to_end() {
        let points: Vec<f64> = Llsq::new(1, 5).abscissae().collect();
        assert_eq!(points, [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!([-0.5, 0.0, 0.5].map(sign), [-1.0, 0.0, 1.0]);
    }

    #[test]
    fn a_residual_does_not_depend_on_what_the_point_is() {
        let x = [0.5, -0.25, 2.0];
        for t in [-1.0, -0.3, 0.0, 0.8] {
            let difference = residual(&x, t) - residual_at(&x, t, sign(t));
            assert!(difference.abs() < 1e-15);
        }
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let whole = Llsq::new(3, 7);
        for count in [1, 2, 3, 7, 20] {
            let parts = whole.parts(count);
            let points: usize = parts.iter().map(|part| part.share.len()).sum();
            let sum: f64 = parts.iter().map(|part| part.objective(part.point())).sum();
            assert_eq!((points, parts.len() <= count), (7, true));
            assert!((sum - whole.objective(whole.point())).abs() < 1e-12);
        }
    }
}
