//! A call option priced by simulation: one path of Heston's model for each sample.
//!
//! The price of a share and its variance follow
//!
//! ```text
//! dS = r S dt + √v S dW₁,   dv = κ (θ − v) dt + ξ √v dW₂,   dW₁ dW₂ = ρ dt,
//! ```
//!
//! and the option pays S − K at time T if that is positive. A path takes equal steps of the
//! logarithm of S and of v, with v⁺ = max(v, 0) wherever v is used (Lord, Koekkoek and van Dijk,
//! *A comparison of biased simulation schemes for stochastic volatility models*, 2010: full
//! truncation). Its data are two independent normals a step.

mod adjoint;

use crate::{Real, Sampled, inputs};

/// The discounted payoff of a path, as a function of the market's seven parameters: spot, first
/// variance v₀, κ, θ, ξ, ρ and r.
#[derive(Clone, Debug)]
pub struct Heston {
    steps: usize,
    parameters: [f64; PARAMETERS],
    normals: Vec<f64>,
}

/// Spot, v₀, κ, θ, ξ, ρ, r.
const PARAMETERS: usize = 7;

/// K, on the money.
const STRIKE: f64 = 100.0;

/// T, in years.
const MATURITY: f64 = 1.0;

/// What a path needs of the parameters.
#[derive(Clone, Copy, Debug)]
pub struct Model<T> {
    spot: T,
    variance: T,
    /// κ dt and θ.
    pull: T,
    mean: T,
    /// ξ.
    volatility: T,
    /// ρ and √(1 − ρ²): how much of a step's first and second normal moves the variance.
    correlation: [T; 2],
    /// r T, and exp(−r T).
    growth: T,
    discount: T,
}

impl Heston {
    /// Paths of so many steps, with fixed-seed normals. The variance is far enough from zero
    /// (2 κ θ is six times ξ²) for paths not to get there.
    pub fn new(steps: usize, samples: usize) -> Self {
        let parameters = [100.0, 0.09, 3.0, 0.09, 0.3, -0.7, 0.03];
        Self { steps, parameters, normals: inputs::normal(7, 2 * steps * samples) }
    }

    /// The length of a step of time.
    pub fn step(&self) -> f64 {
        MATURITY / self.steps as f64
    }
}

/// A path as a loop: what its steps share, where it begins, a step, and what it pays.
impl<T: Real> Model<T> {
    /// What all steps and the payoff share.
    pub fn shared(&self) -> [T; 7] {
        let [with, across] = self.correlation;
        [self.pull, self.mean, self.volatility, with, across, self.spot, self.discount]
    }

    /// The logarithm of the spot's growth, and the variance, before the first step.
    pub fn state(&self) -> [T; 2] {
        [self.growth, self.variance]
    }

    /// The model of these numbers.
    ///
    /// # Panics
    /// If there are not as many as [`shared`](Self::shared) and [`state`](Self::state) give.
    pub fn of(shared: &[T], state: &[T]) -> Self {
        let &[pull, mean, volatility, with, across, spot, discount] = shared else {
            panic!("7 numbers are shared, not {}", shared.len());
        };
        let &[growth, variance] = state else {
            panic!("a state is 2 numbers, not {}", state.len())
        };
        let correlation = [with, across];
        Self { spot, variance, pull, mean, volatility, correlation, growth, discount }
    }

    /// The state after a step of time `dt`, by two normals.
    #[inline]
    pub fn next(&self, [log, variance]: [T; 2], normals: &[T], dt: f64) -> [T; 2] {
        let positive = variance.positive_part();
        let deviation = (positive * dt).sqrt();
        let log = deviation.mul_add(normals[0], log) - positive * (0.5 * dt);
        let shock = deviation * T::dot(&self.correlation, normals);
        let drawn = (self.mean - positive).mul_add(self.pull, variance);
        [log, self.volatility.mul_add(shock, drawn)]
    }

    /// The discounted payoff at the end.
    #[inline]
    pub fn payoff(&self, log: T) -> T {
        (self.spot * log.exp() - STRIKE).positive_part() * self.discount
    }
}

impl Sampled for Heston {
    type Shared<'x, T: Real + 'x> = Model<T>;
    type Scratch<T> = ();

    fn name(&self) -> &'static str {
        "heston"
    }

    fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    fn data(&self) -> &[f64] {
        &self.normals
    }

    fn width(&self) -> usize {
        2 * self.steps
    }

    fn share<T: Real>(&self, x: &[T]) -> Model<T> {
        let &[spot, variance, pull, mean, volatility, correlation, rate] = x else {
            panic!("{PARAMETERS} parameters, not {}", x.len());
        };
        let across = (-correlation.square() + 1.0).sqrt();
        let growth = rate * MATURITY;
        Model {
            spot,
            variance,
            pull: pull * self.step(),
            mean,
            volatility,
            correlation: [correlation, across],
            growth,
            discount: (-growth).exp(),
        }
    }

    fn scratch<T>(&self) {}

    #[inline]
    fn term<T: Real>(&self, model: &Model<T>, data: &[T], (): &mut ()) -> T {
        let steps = data.chunks_exact(2);
        let step = |state, normals| model.next(state, normals, self.step());
        let [log, _] = steps.fold(model.state(), step);
        model.payoff(log)
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        adjoint::gradient(self, x, gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampled;

    #[test]
    fn gradient_agrees_with_dual_numbers() {
        sampled::assert_gradient(&Heston::new(12, 40));
    }

    /// Where the variance does not vary, the model is that of Black and Scholes, whose price of
    /// this option, with a volatility of 0.3 and a rate of 0.03, is 13.2833.
    #[test]
    fn a_constant_variance_gives_the_price_of_black_and_scholes() {
        let mut market = Heston::new(2, 200_000);
        market.parameters[4] = 0.0;
        let mean = market.sum(&market.parameters) / 200_000.0;
        assert!((mean - 13.2833).abs() < 0.2, "{mean}");
    }

    #[test]
    fn some_paths_pay_and_some_do_not() {
        let market = Heston::new(50, 100);
        let model = market.share(&market.parameters);
        let paid = market.rows().filter(|data| market.term(&model, data, &mut ()) > 0.0).count();
        assert!((30..70).contains(&paid), "{paid} of 100 paid");
    }
}
