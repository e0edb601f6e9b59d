//! The gradient of the payoffs by hand: each path is gone through once forward and once back.

use super::{Heston, MATURITY, Model, PARAMETERS, STRIKE};
use crate::Sampled;

/// Overwrites `gradient` with the slopes of the sum over all paths.
pub(super) fn gradient(market: &Heston, x: &[f64], gradient: &mut [f64]) {
    let model = market.share(x);
    let mut path = Path::default();
    let mut slopes = Slopes::default();
    for normals in market.rows() {
        path.follow(market, &model, normals);
        slopes.add(market, &model, &path, normals);
    }
    gradient.copy_from_slice(&slopes.by_parameters(&model));
}

/// What the way back needs of the way forward.
#[derive(Default)]
struct Path {
    /// v before each step, and √(v⁺ dt).
    variances: Vec<f64>,
    deviations: Vec<f64>,
    /// S at the end.
    price: f64,
}

impl Path {
    fn follow(&mut self, market: &Heston, model: &Model<f64>, normals: &[f64]) {
        self.variances.clear();
        self.deviations.clear();
        let (mut log, mut variance) = (model.growth, model.variance);
        for pair in normals.chunks_exact(2) {
            let positive = variance.max(0.0);
            let deviation = (positive * market.step()).sqrt();
            self.variances.push(variance);
            self.deviations.push(deviation);
            log += deviation * pair[0] - 0.5 * market.step() * positive;
            variance += model.pull * (model.mean - positive)
                + model.volatility * deviation * shock(model, pair);
        }
        self.price = model.spot * log.exp();
    }
}

/// The normal that moves the variance, of two that are independent.
fn shock(model: &Model<f64>, pair: &[f64]) -> f64 {
    model.correlation[0] * pair[0] + model.correlation[1] * pair[1]
}

/// Sums over the paths so far.
#[derive(Default)]
struct Slopes {
    /// By the logarithm of the spot, which is also that by the growth but for the discount.
    by_log: f64,
    /// The discounted payoffs themselves.
    paid: f64,
    by_variance: f64,
    by_pull: f64,
    by_mean: f64,
    by_volatility: f64,
    by_correlation: f64,
    step: f64,
}

impl Slopes {
    fn add(&mut self, market: &Heston, model: &Model<f64>, path: &Path, normals: &[f64]) {
        self.step = market.step();
        if path.price <= STRIKE {
            return;
        }
        let by_log = model.discount * path.price;
        self.by_log += by_log;
        self.paid += model.discount * (path.price - STRIKE);
        let mut by_variance = 0.0;
        let states = path.variances.iter().zip(&path.deviations);
        for (state, pair) in states.zip(normals.chunks_exact(2)).rev() {
            by_variance += self.step_back(model, by_log, by_variance, state, pair);
        }
        self.by_variance += by_variance;
    }

    /// Adds a step's share, and returns what it adds to the slope by the variance before it.
    fn step_back(
        &mut self,
        model: &Model<f64>,
        by_log: f64,
        by_variance: f64,
        (&variance, &deviation): (&f64, &f64),
        pair: &[f64],
    ) -> f64 {
        let (shock, across) = (shock(model, pair), model.correlation[1]);
        self.by_pull += by_variance * (model.mean - variance.max(0.0));
        self.by_mean += by_variance * model.pull;
        self.by_volatility += by_variance * deviation * shock;
        // d√(1 − ρ²)/dρ = −ρ/√(1 − ρ²).
        let turned = pair[0] - model.correlation[0] / across * pair[1];
        self.by_correlation += by_variance * model.volatility * deviation * turned;
        if variance <= 0.0 {
            return 0.0;
        }
        let by_deviation = by_variance * model.volatility * shock + by_log * pair[0];
        by_deviation * 0.5 * self.step / deviation
            - by_variance * model.pull
            - by_log * 0.5 * self.step
    }

    fn by_parameters(&self, model: &Model<f64>) -> [f64; PARAMETERS] {
        [
            self.by_log / model.spot,
            self.by_variance,
            self.by_pull * self.step,
            self.by_mean,
            self.by_volatility,
            self.by_correlation,
            (self.by_log - self.paid) * MATURITY,
        ]
    }
}
