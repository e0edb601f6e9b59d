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

use self::{component::Component, gradient::Accumulator, parameters::Parameters};
use crate::{Problem, Real, inputs};

/// How large a [`Mixture`] is.
#[derive(Clone, Copy, Debug)]
pub struct MixtureSize {
    /// d, of the space that samples live in.
    pub dimensions: usize,
    /// k, the number of Gaussians.
    pub components: usize,
    /// n, the number of samples.
    pub samples: usize,
}

impl MixtureSize {
    /// d = 10, k = 25, n = 1000: the middle one of the sizes that ADBench is run at.
    pub const USUAL: Self = Self { dimensions: 10, components: 25, samples: 1000 };

    /// The strict lower part of a factor: d (d − 1) / 2.
    const fn below_diagonal(self) -> usize {
        self.dimensions * (self.dimensions - 1) / 2
    }

    /// All of α, μ, q and l.
    const fn variables(self) -> usize {
        self.components * (1 + 2 * self.dimensions + self.below_diagonal())
    }
}

/// The log-likelihood of fixed samples as a function of α, μ, q and l, in this order.
///
/// Each of μ, q and l lies component by component, and an lₖ column by column.
#[derive(Clone, Debug)]
pub struct Mixture {
    size: MixtureSize,
    samples: Vec<f64>,
    point: Vec<f64>,
}

impl Mixture {
    /// The likelihood of `size.samples` fixed-seed samples.
    pub fn new(size: MixtureSize) -> Self {
        Self {
            size,
            samples: inputs::uniform(5, -1.0..1.0, size.samples * size.dimensions),
            point: inputs::uniform(6, -1.0..1.0, size.variables()),
        }
    }

    fn samples(&self) -> impl Iterator<Item = &[f64]> {
        self.samples.chunks_exact(self.size.dimensions)
    }

    /// What does not depend on the variables: −n d/2 ln 2π and the prior's normaliser.
    fn constant(&self) -> f64 {
        let coordinates = self.samples.len() as f64;
        -0.5 * coordinates * std::f64::consts::TAU.ln() + prior::normaliser(self.size)
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
        let parameters = Parameters::split(x, self.size);
        let components: Vec<Component<'_, T>> = parameters.components(self.size).collect();
        let mut scratch = component::Scratch::with_dimensions(self.size.dimensions);
        let mut densities = Vec::with_capacity(components.len());
        let likelihoods: Vec<T> = self
            .samples()
            .map(|sample| {
                let each = components.iter();
                densities.clear();
                densities.extend(each.map(|c| c.log_density(sample, &mut scratch)));
                T::log_sum_exp(&densities)
            })
            .collect();
        T::sum(&likelihoods) - T::log_sum_exp(parameters.alpha) * self.size.samples as f64
            + prior::log_density(&components)
            + self.constant()
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        let parameters = Parameters::split(x, self.size);
        let mut accumulator = Accumulator::new(&parameters, self.size);
        for sample in self.samples() {
            accumulator.add(sample);
        }
        accumulator.finish(&parameters, gradient, self.size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_central_differences() {
        oracle::assert_gradient(&Mixture::new(MixtureSize {
            dimensions: 3,
            components: 4,
            samples: 5,
        }));
    }

    /// The expected value comes from a program of a dozen lines that follows
    /// ADBench's formulas with full matrices, and agrees with ADBench's answers.
    #[test]
    fn two_components_in_three_dimensions() {
        let problem = Mixture {
            size: MixtureSize { dimensions: 3, components: 2, samples: 2 },
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
