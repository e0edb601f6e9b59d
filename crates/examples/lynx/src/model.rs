//! Lotka's and Volterra's equation, as a loop over small steps.
//!
//! Of hares u and lynxes v, u′ = (α − β v) u and v′ = (δ u − γ) v. Steps are taken of the
//! logarithms, by the midpoint method, so that no population falls below zero.

use crate::pelts::PELTS;
use wengert::scan::ScanStep;
use wengert::{Error, Scan, Var};

/// α, β, γ, δ, which all steps share, then the logarithms of hares and lynxes at the beginning.
pub(crate) const VARIABLES: usize = 6;
/// One number for each variable.
type Vector = [f64; VARIABLES];
pub(crate) const NAMES: [&str; VARIABLES] =
    ["hares' growth", "hares' loss", "lynxes' death", "lynxes' growth", "ln hares", "ln lynxes"];

/// Where the search begins: the cycle has about the right length.
pub(crate) const GUESS: [f64; VARIABLES] = [0.5, 0.025, 0.8, 0.025, 3.4, 1.4];

/// The steps of the time that was observed, and its data: for each step whether a year begins, and
/// the logarithms that were counted then.
pub(crate) struct Model {
    pub(crate) years: usize,
    pub(crate) steps_a_year: usize,
    pub(crate) data: Vec<f64>,
    /// The squared differences at the beginnings of years, summed.
    pub(crate) loss: Scan,
    /// The derivative of that along a direction.
    along: Scan,
    path: Scan,
}

impl Model {
    pub(crate) fn new(steps_a_year: usize) -> Result<Self, Error> {
        let years = PELTS.len() - 1;
        let h = 1.0 / steps_a_year as f64;
        let builder = || Scan::builder().shared(&GUESS[..4]).state(&GUESS[4..]).data(&[0.0; 3]);
        let loss = builder().record_sum(|step| (next(step, h), vec![difference(step)]));
        let path = builder().record(|step| (next(step, h), step.state.to_vec()));
        let mut data = vec![0.0; 3 * (years * steps_a_year + 1)];
        for (year, [hares, lynxes]) in PELTS.into_iter().enumerate() {
            let row = [1.0, hares.ln(), lynxes.ln()];
            data[3 * year * steps_a_year..][..3].copy_from_slice(&row);
        }
        Ok(Self { years, steps_a_year, data, along: loss.tangent_scan()?, loss, path })
    }

    /// The steps to the beginning of the last year, whose pelts the step behind it looks at.
    pub(crate) fn steps(&self) -> usize {
        self.years * self.steps_a_year + 1
    }

    /// The loss, its gradient, and its matrix of second derivatives, row by row: each row is the
    /// gradient of the derivative along one variable.
    pub(crate) fn differentiate(
        &self,
        at: &[f64; VARIABLES],
        budget: usize,
    ) -> Result<(f64, Vector, [Vector; VARIABLES]), Error> {
        let steps = self.steps();
        let mut workspace = self.loss.workspace_within(steps, budget)?;
        let mut gradient = [0.0; VARIABLES];
        let inputs = (at, &self.data);
        let loss = self.loss.value_and_gradient(&mut workspace, steps, inputs, &mut gradient)?;
        let mut workspace = self.along.workspace_within(steps, budget)?;
        let mut rows = [[0.0; VARIABLES]; VARIABLES];
        for (i, row) in rows.iter_mut().enumerate() {
            let mut v = [0.0; VARIABLES];
            v[i] = 1.0;
            // The shared variables with their tangents, then the state with its tangents.
            let moving = [&at[..4], &v[..4], &at[4..], &v[4..]].concat();
            let mut second = [0.0; 2 * VARIABLES];
            self.along.gradient(&mut workspace, steps, (&moving, &self.data), &mut second)?;
            row[..4].copy_from_slice(&second[..4]);
            row[4..].copy_from_slice(&second[8..10]);
        }
        Ok((loss, gradient, rows))
    }

    /// The loss alone.
    pub(crate) fn value(&self, at: &[f64; VARIABLES], budget: usize) -> Result<f64, Error> {
        let mut workspace = self.loss.workspace_within(self.steps(), budget)?;
        self.loss.value(&mut workspace, self.steps(), (at, &self.data))
    }

    /// Hares and lynxes step by step.
    pub(crate) fn path(&self, at: &[f64; VARIABLES]) -> Result<Vec<[f64; 2]>, Error> {
        let steps = self.steps();
        let mut values = vec![0.0; self.path.num_outputs(steps)];
        let mut workspace = self.path.workspace_within(steps, 1000)?;
        self.path.values(&mut workspace, steps, (at, &self.data), &mut values)?;
        Ok(values[2..].as_chunks().0.iter().map(|&[u, v]| [u.exp(), v.exp()]).collect())
    }
}

/// The slopes of the logarithms.
fn slopes<'t>(shared: &[Var<'t>], [u, v]: [Var<'t>; 2]) -> [Var<'t>; 2] {
    [shared[0] - shared[1] * v.exp(), shared[3] * u.exp() - shared[2]]
}

fn next<'t>(step: ScanStep<'_, 't>, h: f64) -> Vec<Var<'t>> {
    let [u, v] = [step.state[0], step.state[1]];
    let [du, dv] = slopes(step.shared, [u, v]);
    let [du, dv] = slopes(step.shared, [u + du * (0.5 * h), v + dv * (0.5 * h)]);
    vec![u + du * h, v + dv * h]
}

/// Where a year begins, the squared difference of the logarithms.
fn difference<'t>(step: ScanStep<'_, 't>) -> Var<'t> {
    let [weight, hares, lynxes] = [0, 1, 2].map(|i| step.data[i]);
    let (u, v) = (step.state[0] - hares, step.state[1] - lynxes);
    weight * (u * u + v * v)
}
