//! The model, and one path of it (Heston 1993, <https://doi.org/10.1093/rfs/6.2.327>).
//!
//! ```text
//! dS = r S dt + √v S dW        S the spot price, r the interest rate, v the variance
//! dv = κ (θ − v) dt + ξ √v dB  dW dB = ρ dt
//! ```

use wengert::{Function, Var};

/// The variables, with respect to which the price is differentiated.
pub(crate) const VARIABLES: usize = 7;
pub(crate) const NAMES: [&str; VARIABLES] = [
    "spot S",
    "rate r",
    "initial variance v",
    "mean reversion κ",
    "long-run variance θ",
    "volatility of variance ξ",
    "correlation ρ",
];
/// Where it is priced. The scheme below needs 4κθ > ξ².
pub(crate) const POINT: [f64; VARIABLES] = [100.0, 0.03, 0.04, 2.0, 0.06, 0.3, -0.7];
/// The call is the right to buy at this price,
pub(crate) const STRIKE: f64 = 100.0;
/// so many years from now.
pub(crate) const MATURITY: f64 = 1.0;
/// The normal numbers of a step: one for the variance, one for the spot.
pub(crate) const NUMBERS: usize = 2;

/// The variables by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Model<'t> {
    pub(crate) spot: Var<'t>,
    pub(crate) rate: Var<'t>,
    pub(crate) variance: Var<'t>,
    pub(crate) reversion: Var<'t>,
    pub(crate) long_run: Var<'t>,
    pub(crate) vol_of_vol: Var<'t>,
    pub(crate) correlation: Var<'t>,
}

impl<'t> Model<'t> {
    /// The variables in the order of [`NAMES`].
    pub(crate) fn of(x: &[Var<'t>]) -> Self {
        Self {
            spot: x[0],
            rate: x[1],
            variance: x[2],
            reversion: x[3],
            long_run: x[4],
            vol_of_vol: x[5],
            correlation: x[6],
        }
    }

    /// What the call is worth today if the spot takes the path of these numbers.
    ///
    /// It is the root of the variance that moves, by the drift-implicit Euler scheme (Alfonsi
    /// 2005, <https://doi.org/10.1515/156939605777438569>; Dereich, Neuenkirch and Szpruch 2012,
    /// <https://doi.org/10.1098/rspa.2011.0505>). It stays positive by itself, where the common
    /// schemes truncate a negative variance: no branch, and derivatives that stay bounded. The
    /// logarithm of the spot moves by an explicit Euler step.
    fn payoff(&self, normals: &[Var<'t>]) -> Var<'t> {
        let dt = MATURITY * NUMBERS as f64 / normals.len() as f64;
        let scale = 1.0 / (2.0 + self.reversion * dt);
        let shift = (self.reversion * self.long_run - self.vol_of_vol.powi(2) / 4.0) * dt * scale;
        let noise = 0.5 * self.vol_of_vol * dt.sqrt();
        let independent = (1.0 - self.correlation.powi(2)).sqrt();

        let (mut root, mut log_spot) = (self.variance.sqrt(), self.spot.ln());
        for step in normals.chunks_exact(NUMBERS) {
            let move_of_spot = self.correlation * step[0] + independent * step[1];
            log_spot += (self.rate - 0.5 * root * root) * dt + dt.sqrt() * root * move_of_spot;
            let half = (root + noise * step[0]) * scale;
            root = half + (half * half + shift).sqrt();
        }
        // `max` is no branch: a replay at which the call ends worthless needs no other recording.
        (log_spot.exp() - STRIKE).max(0.0) * (-self.rate * MATURITY).exp()
    }
}

/// One path of so many steps as a function: the model as variables, the normal numbers as data.
pub(crate) fn record(steps: usize) -> Function {
    // Any numbers would do, because nothing is decided by them.
    let normals = vec![0.0; NUMBERS * steps];
    Function::builder()
        .data(&normals)
        .record_with_data(&POINT, |x, normals| Model::of(x).payoff(normals))
}
