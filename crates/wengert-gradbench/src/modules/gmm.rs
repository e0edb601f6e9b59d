//! A Gaussian mixture with a Wishart prior.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wengert_problems::{Mixture, MixtureSize, Wishart, gradbench::Gmm};

use super::{Request, evaluation, flatten, read, scalar};
use crate::{
    failure::{Failure, length, range},
    protocol::Evaluation,
};

#[derive(Deserialize)]
struct Input {
    d: usize,
    k: usize,
    n: usize,
    m: u32,
    gamma: f64,
    x: Vec<Vec<f64>>,
    #[serde(flatten)]
    variables: Variables,
}

/// The variables, or their slopes.
#[derive(Deserialize, Serialize)]
struct Variables {
    alpha: Vec<f64>,
    mu: Vec<Vec<f64>>,
    q: Vec<Vec<f64>>,
    l: Vec<Vec<f64>>,
}

/// The problem of an input.
///
/// # Errors
///
/// If the input is not that of this module, or a list does not have the length that `d`, `k` and
/// `n` ask for.
pub fn problem(input: &RawValue) -> Result<Gmm, Failure> {
    let Input { d, k, n, m, gamma, x, variables } = read(input)?;
    range("d", d, [1, usize::MAX])?;
    range("k", k, [1, usize::MAX])?;
    range("n", n, [1, usize::MAX])?;
    positive(gamma)?;
    // The lists are as long as they are, so that no number of the input can ask for memory.
    let samples = flatten("the points `x`", &x, n, d)?;
    let size = MixtureSize { dimensions: d, components: k, samples: n };
    let point = variables.concat(size)?;
    Ok(Gmm::at(Mixture::from_data(size, Wishart { gamma, m }, samples, point)))
}

/// Whether γ has a logarithm.
fn positive(gamma: f64) -> Result<(), Failure> {
    if gamma > 0.0 {
        return Ok(());
    }
    let (least, most) = (f64::MIN_POSITIVE, f64::MAX);
    Err(Failure::Range { what: "gamma", given: gamma, least, most })
}

impl Variables {
    /// All in one list.
    fn concat(self, size: MixtureSize) -> Result<Vec<f64>, Failure> {
        let MixtureSize { dimensions: d, components: k, .. } = size;
        length("the weights `alpha`", self.alpha.len(), k)?;
        let mu = flatten("the means `mu`", &self.mu, k, d)?;
        let q = flatten("the diagonals `q`", &self.q, k, d)?;
        let l = flatten("the lower parts `l`", &self.l, k, size.below_diagonal())?;
        Ok([self.alpha, mu, q, l].concat())
    }

    /// The lists that lie in one behind the other.
    fn split(all: &[f64], size: MixtureSize) -> Self {
        let MixtureSize { dimensions: d, components: k, .. } = size;
        let (alpha, rest) = all.split_at(k);
        let (mu, rest) = rest.split_at(k * d);
        let (q, l) = rest.split_at(k * d);
        let [mu, q, l] = [mu, q, l].map(|list| rows(list, k));
        Self { alpha: alpha.to_vec(), mu, q, l }
    }
}

/// A list as so many rows, which may be empty.
fn rows(list: &[f64], count: usize) -> Vec<Vec<f64>> {
    let width = list.len() / count;
    (0..count).map(|row| list[row * width..(row + 1) * width].to_vec()).collect()
}

pub(super) fn evaluate(request: Request<'_>) -> Result<Evaluation, Failure> {
    let problem = problem(request.input)?;
    match request.function {
        "objective" => scalar::value(&problem, request.input),
        _ => {
            let (gradient, watch) = scalar::gradient(&problem, request)?;
            evaluation(Variables::split(&gradient, problem.mixture().size()), watch)
        }
    }
}
