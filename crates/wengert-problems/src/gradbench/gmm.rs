//! A Gaussian mixture with a Wishart prior: [`Mixture`] under the name and at the sizes of GradBench.

use super::Split;
use crate::{Mixture, MixtureSize, Problem, Real, Wishart, inputs};

/// The log-likelihood of points under a mixture, as a function of α, μ, q and l.
#[derive(Clone, Debug)]
pub struct Gmm(Mixture);

impl Gmm {
    /// A mixture with data and a point of one's own.
    pub fn at(mixture: Mixture) -> Self {
        Self(mixture)
    }

    /// A mixture of this size with fixed-seed data and variables, γ = 1 and m = 0.
    pub fn new(size: MixtureSize) -> Self {
        let samples = inputs::uniform(15, -1.0..1.0, size.samples * size.dimensions);
        let point = inputs::uniform(16, -1.0..1.0, size.variables());
        Self(Mixture::from_data(size, Wishart::USUAL, samples, point))
    }

    /// The mixture, with the functions of its terms.
    pub fn mixture(&self) -> &Mixture {
        &self.0
    }
}

impl Split for Gmm {
    fn parts(&self, count: usize) -> Vec<Self> {
        self.0.parts(count).into_iter().map(Self).collect()
    }
}

impl Problem for Gmm {
    fn name(&self) -> &'static str {
        "gmm"
    }

    fn point(&self) -> &[f64] {
        self.0.point()
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        self.0.objective(x)
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        self.0.gradient(x, gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_every_oracle() {
        for (dimensions, components, samples) in [(1, 1, 1), (2, 5, 4), (4, 2, 3)] {
            oracle::assert_gradient(&Gmm::new(MixtureSize { dimensions, components, samples }));
        }
    }
}
