//! Derivatives as limits of difference quotients: what derivatives are compared with.
//!
//! Richardson's extrapolation to the step 0, with the error that the extrapolations' agreement
//! shows (Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", 1982).

/// The steps: from a tenth of the size of x to 2·10⁻⁸ of it.
const STEPS: usize = 12;
const RATIO: f64 = 4.0;

/// How often [`at`] evaluates the function.
pub(super) const EVALUATIONS: usize = 2 * STEPS + 1;

/// A limit, and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limit {
    pub(super) value: f64,
    pub(super) uncertainty: f64,
}

/// The derivative of one component of a function, from three sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slopes {
    pub(super) central: Limit,
    below: Limit,
    above: Limit,
}

impl Slopes {
    /// The slopes on both sides, if both are sure and they are not the same.
    pub(super) fn kink(&self) -> Option<[f64; 2]> {
        let size = self.below.value.abs().max(self.above.value.abs());
        let uncertainty = self.below.uncertainty + self.above.uncertainty;
        let is_sure = uncertainty < 1e-3 * size;
        let apart = (self.above.value - self.below.value).abs();
        (is_sure && apart > 1e-2 * size).then_some([self.below.value, self.above.value])
    }
}

/// The slopes of all components of `f` at `x`; `f(x)` is `here`.
pub(super) fn at(f: impl Fn(f64) -> Vec<f64>, x: f64, here: &[f64]) -> Vec<Slopes> {
    let size = x.abs().max(1.0);
    let steps: Vec<f64> = (0..STEPS).map(|k| 0.1 * size / RATIO.powi(k as i32)).collect();
    let above: Vec<Vec<f64>> = steps.iter().map(|step| f(x + step)).collect();
    let below: Vec<Vec<f64>> = steps.iter().map(|step| f(x - step)).collect();
    let slopes = |component: usize| {
        let middle = here[component];
        let sample = |side: &[Vec<f64>], k: usize| side[k][component];
        let quotient = |high: f64, low: f64, width: f64| {
            let rounding = f64::EPSILON * high.abs().max(low.abs()) / width;
            ((high - low) / width, rounding)
        };
        // What is added to x is not quite the step.
        let up = |k: usize| (x + steps[k]) - x;
        let down = |k: usize| x - (x - steps[k]);
        Slopes {
            central: limit(2, |k| quotient(sample(&above, k), sample(&below, k), up(k) + down(k))),
            above: limit(1, |k| quotient(sample(&above, k), middle, up(k))),
            below: limit(1, |k| quotient(middle, sample(&below, k), down(k))),
        }
    };
    (0..here.len()).map(slopes).collect()
}

/// The limit of quotients whose error is a series in this power of the step; each comes with what
/// rounding may have done to it.
fn limit(power: i32, quotient: impl Fn(usize) -> (f64, f64)) -> Limit {
    let mut best = Limit { value: f64::NAN, uncertainty: f64::INFINITY };
    let mut before: Vec<f64> = Vec::new();
    for k in 0..STEPS {
        let (quotient, rounding) = quotient(k);
        let mut row = vec![quotient];
        let mut factor = 1.0;
        for (order, coarser) in before.iter().enumerate() {
            factor *= RATIO.powi(power);
            let finer = row[order];
            let extrapolated = finer + (finer - coarser) / (factor - 1.0);
            row.push(extrapolated);
            let apart = (extrapolated - finer).abs().max((extrapolated - coarser).abs());
            let uncertainty = apart + rounding;
            if uncertainty < best.uncertainty {
                best = Limit { value: extrapolated, uncertainty };
            }
        }
        before = row;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn slopes(f: impl Fn(f64) -> f64, x: f64) -> Slopes {
        at(|x| vec![f(x)], x, &[f(x)])[0]
    }

    #[test]
    fn smooth_functions_have_their_derivatives_within_the_uncertainty() {
        type Case = (fn(f64) -> f64, f64, f64);
        let cases: [Case; 6] = [
            (f64::sin, 1.0, 1.0_f64.cos()),
            (f64::exp, 3.0, 3.0_f64.exp()),
            (|x| x * x * x, -2.0, 12.0),
            (f64::ln, 1e-3, 1e3),
            (|x| 1e6 + x * x, 1.0, 2.0),
            (|x| (50.0 * x).sin(), 0.3, 50.0 * 15.0_f64.cos()),
        ];
        for (f, x, wanted) in cases {
            let Slopes { central, .. } = slopes(f, x);
            let apart = (central.value - wanted).abs();
            assert!(apart <= 10.0 * central.uncertainty, "{apart:e}, {central:?}");
            assert!(central.uncertainty < 1e-6 * wanted.abs(), "{central:?}");
            assert_eq!(slopes(f, x).kink(), None);
        }
    }

    #[test]
    fn a_kink_has_two_slopes_and_a_jump_has_none() {
        assert_eq!(slopes(f64::abs, 0.0).kink(), Some([-1.0, 1.0]));
        assert_eq!(slopes(|x| x.max(2.0), 2.0).kink(), Some([0.0, 1.0]));
        assert_eq!(slopes(f64::floor, 2.0).kink(), None);
        assert!(slopes(f64::floor, 2.0).central.uncertainty > 1.0);
        assert_eq!(slopes(|x| x * x.abs(), 0.0).kink(), None);
    }

    #[test]
    fn outside_of_the_domain_there_is_no_limit() {
        assert!(slopes(f64::sqrt, 0.0).central.value.is_nan());
    }
}
