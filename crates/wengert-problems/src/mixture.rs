//! A Gaussian mixture's log-likelihood: millions of operations, most of them in dot products.
//!
//! The objective is the one of the ADBench suite. Component k has a mean μₖ, a
//! logarithmic weight αₖ, and the Cholesky factor Qₖ of its precision: lower
//! triangular, with the diagonal exp(qₖ) and the strict lower part lₖ. With
//!
//! ```text
//! βᵢₖ = αₖ + Σⱼ qₖⱼ − ½ ‖Qₖ (xᵢ − μₖ)‖²
//! ```
//!
//! it is the likelihood of n samples plus the logarithm of a Wishart prior:
//!
//! ```text
//! F = −n d/2 ln 2π + Σᵢ LSEₖ(βᵢₖ) − n LSE(α) + prior(Q).
//! ```

mod component;
mod gradient;
mod parameters;
mod prior;
mod sampled;
mod size;

use std::ops::Sub;

pub use self::{
    component::{Component, Scratch, log_density},
    prior::Wishart,
    size::MixtureSize,
};
use self::{gradient::Accumulator, parameters::Parameters};
use crate::{Problem, Real, inputs};

/// The log-likelihood of fixed samples as a function of α, μ, q and l, in this order.
///
/// Each of μ, q and l lies component by component, and an lₖ column by column.
#[derive(Clone, Debug)]
pub struct Mixture {
    size: MixtureSize,
    samples: Vec<f64>,
    point: Vec<f64>,
    /// Where a mixture is cut into parts, one of them has the prior.
    prior: Option<Wishart>,
}

impl Mixture {
    /// The likelihood of `size.samples` fixed-seed samples, with the prior of ADBench's runs.
    pub fn new(size: MixtureSize) -> Self {
        let samples = inputs::uniform(5, -1.0..1.0, size.samples * size.dimensions);
        let point = inputs::uniform(6, -1.0..1.0, size.variables());
        Self::from_data(size, Wishart::USUAL, samples, point)
    }

    /// The likelihood of samples that lie one behind the other, at a point of one's own.
    ///
    /// # Panics
    ///
    /// If there is no sample or no component, or if a list's length does not fit the size.
    pub fn from_data(
        size: MixtureSize,
        prior: Wishart,
        samples: Vec<f64>,
        point: Vec<f64>,
    ) -> Self {
        assert!(size.samples > 0 && size.components > 0, "a mixture of nothing: {size:?}");
        assert_eq!(samples.len(), size.samples * size.dimensions, "coordinates of samples");
        assert_eq!(point.len(), size.variables(), "variables");
        Self { size, samples, point, prior: Some(prior) }
    }

    /// As many mixtures as `count`, or as there are samples, of the same variables, whose sum
    /// this one is: each has a share of the samples, and the first has the prior.
    pub fn parts(&self, count: usize) -> Vec<Self> {
        let each = self.size.samples.div_ceil(count.max(1));
        let mut prior = self.prior;
        let shares = self.samples.chunks(each * self.size.dimensions);
        shares.map(|samples| self.part(samples, prior.take())).collect()
    }

    fn part(&self, samples: &[f64], prior: Option<Wishart>) -> Self {
        let count = samples.len() / self.size.dimensions;
        let size = MixtureSize { samples: count, ..self.size };
        Self { size, samples: samples.to_vec(), point: self.point.clone(), prior }
    }

    /// How large it is.
    pub fn size(&self) -> MixtureSize {
        self.size
    }

    /// The samples, each as a slice of its coordinates.
    pub fn samples(&self) -> impl Iterator<Item = &[f64]> {
        self.samples.chunks_exact(self.size.dimensions)
    }

    /// The function with other samples, as many numbers: data, or variables as `x` are.
    pub fn likelihood<T, D>(&self, x: &[T], samples: &[D]) -> T
    where
        T: Real + Sub<D, Output = T>,
        D: Copy,
    {
        let components = self.components(x);
        let mut scratch = Scratch::for_size(self.size);
        let samples = samples.chunks_exact(self.size.dimensions);
        let terms: Vec<T> =
            samples.map(|sample| log_density(&components, sample, &mut scratch)).collect();
        T::sum(&terms) + self.rest(x, &components)
    }

    /// The components at `x`: what the terms of all samples have in common.
    pub fn components<'x, T: Real>(&self, x: &'x [T]) -> Vec<Component<'x, T>> {
        Parameters::split(x, self.size).components(self.size).collect()
    }

    /// What does not belong to one sample: −n LSE(α), the prior, and constants.
    pub fn rest<T: Real>(&self, x: &[T], components: &[Component<'_, T>]) -> T {
        let alpha = Parameters::split(x, self.size).alpha;
        let weights = T::log_sum_exp(alpha) * -(self.size.samples as f64) + self.constant();
        match self.prior {
            Some(prior) => weights + prior.log_density(components),
            None => weights,
        }
    }

    /// What does not depend on the variables: −n d/2 ln 2π and the prior's normaliser.
    pub fn constant(&self) -> f64 {
        let coordinates = self.samples.len() as f64;
        let normaliser = self.prior.map_or(0.0, |prior| prior.normaliser(self.size));
        -0.5 * coordinates * std::f64::consts::TAU.ln() + normaliser
    }
}

impl Problem for Mixture {
    fn name(&self) -> &'static str {
        "mixture"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        self.likelihood(x, &self.samples)
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        let parameters = Parameters::split(x, self.size);
        let mut accumulator = Accumulator::new(&parameters, self.size);
        for sample in self.samples() {
            accumulator.add(sample);
        }
        accumulator.finish(&parameters, gradient, self.size, self.prior);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    const SMALL: MixtureSize = MixtureSize { dimensions: 3, components: 4, samples: 5 };

    #[test]
    fn gradient_agrees_with_central_differences() {
        oracle::assert_gradient(&Mixture::new(SMALL));
    }

    #[test]
    fn gradient_agrees_with_another_prior() {
        let mixture = Mixture::new(SMALL);
        let prior = Wishart { gamma: 1.5, m: 2 };
        oracle::assert_gradient(&Mixture::from_data(SMALL, prior, mixture.samples, mixture.point));
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let whole = Mixture::new(SMALL);
        let x = whole.point();
        for count in [1, 2, 3, 5, 9] {
            let parts = whole.parts(count);
            let samples: usize = parts.iter().map(|part| part.size.samples).sum();
            let sum: f64 = parts.iter().map(|part| part.objective(x)).sum();
            assert_eq!((samples, parts.len() <= count), (5, true));
            assert!((sum - whole.objective(x)).abs() < 1e-12);
        }
    }

    /// The expected value comes from a program of a dozen lines that follows
    /// ADBench's formulas with full matrices, and agrees with ADBench's answers.
    #[test]
    fn two_components_in_three_dimensions() {
        let problem = Mixture {
            size: MixtureSize { dimensions: 3, components: 2, samples: 2 },
            prior: Some(Wishart::USUAL),
            samples: vec![0.1, -0.2, 0.3, -0.4, 0.5, 0.6],
            point: [
                vec![0.5, -0.25],
                vec![0.2, 0.1, 0.0, -0.3, 0.4, 0.8],
                vec![0.1, -0.1, 0.2, 0.3, 0.0, -0.2],
                vec![0.5, -0.6, 0.7, -0.8, 0.9, 1.1],
            ]
            .concat(),
        };
        let value = problem.objective(&problem.point);
        assert!((value - -23.00753176118205).abs() < 1e-12);
    }
}
