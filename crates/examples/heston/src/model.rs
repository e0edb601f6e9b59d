//! The model, and its paths (Heston 1993, <https://doi.org/10.1093/rfs/6.2.327>).
//!
//! ```text
//! dS = r S dt + √v S dW        S the spot price, r the interest rate, v the variance
//! dv = κ (θ − v) dt + ξ √v dB  dW dB = ρ dt
//! ```

use wengert::scan::{ScanEnd, ScanStep};
use wengert::{Function, Scan, Var};

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

    /// What a path of time steps `dt` needs of the model: what all steps share, then where it
    /// begins.
    ///
    /// It is the root of the variance that moves, by the drift-implicit Euler scheme (Alfonsi
    /// 2005, <https://doi.org/10.1515/156939605777438569>; Dereich, Neuenkirch and Szpruch 2012,
    /// <https://doi.org/10.1098/rspa.2011.0505>). It stays positive by itself, where the common
    /// schemes truncate a negative variance: no branch, and derivatives that stay bounded. The
    /// logarithm of the spot moves by an explicit Euler step.
    fn path(&self, dt: f64) -> [Var<'t>; SHARED + STATE] {
        let scale = 1.0 / (2.0 + self.reversion * dt);
        let shift = (self.reversion * self.long_run - self.vol_of_vol.powi(2) / 4.0) * dt * scale;
        let noise = 0.5 * self.vol_of_vol * dt.sqrt();
        let independent = (1.0 - self.correlation.powi(2)).sqrt();
        let (root, log_spot) = (self.variance.sqrt(), self.spot.ln());
        [self.rate, scale, shift, noise, self.correlation, independent, root, log_spot]
    }
}

/// The numbers of [`Model::path`]: those that all steps share, and the state.
const SHARED: usize = 6;
const STATE: usize = 2;

/// The paths of so many steps.
#[derive(Debug)]
pub(crate) struct Market {
    pub(crate) steps: usize,
    /// From the model to what a path needs of it,
    pub(crate) start: Function,
    /// and from there, with the normal numbers as data, to what the call is worth today.
    pub(crate) path: Scan,
}

impl Market {
    pub(crate) fn new(steps: usize) -> Self {
        let dt = MATURITY / steps as f64;
        let start = Function::record_many(&POINT, |x| Model::of(x).path(dt).to_vec());
        let mut at = [0.0; SHARED + STATE];
        let recorded = start.values(&mut start.workspace(), &POINT, &mut at);
        recorded.expect("nothing is decided by the numbers");
        let (shared, state) = at.split_at(SHARED);
        let builder = Scan::builder().shared(shared).state(state).data(&[0.0; NUMBERS]);
        Self { steps, start, path: builder.record_end(|given| step(given, dt), payoff) }
    }

    /// The normal numbers of a path.
    pub(crate) fn numbers(&self) -> usize {
        NUMBERS * self.steps
    }
}

fn step<'t>(given: ScanStep<'_, 't>, dt: f64) -> Vec<Var<'t>> {
    let &[rate, scale, shift, noise, correlation, independent] = given.shared else {
        unreachable!("the loop has {SHARED} shared variables")
    };
    let (root, log_spot) = (given.state[0], given.state[1]);
    let move_of_spot = correlation * given.data[0] + independent * given.data[1];
    let half = (root + noise * given.data[0]) * scale;
    vec![
        half + (half * half + shift).sqrt(),
        log_spot + (rate - 0.5 * root * root) * dt + dt.sqrt() * root * move_of_spot,
    ]
}

/// What the call is worth today, behind the last step. `max` is no branch: a path at which the call
/// ends worthless needs no other recording.
fn payoff<'t>(end: ScanEnd<'_, 't>) -> Vec<Var<'t>> {
    let (rate, log_spot) = (end.shared[0], end.state[1]);
    vec![(log_spot.exp() - STRIKE).max(0.0) * (-rate * MATURITY).exp()]
}
