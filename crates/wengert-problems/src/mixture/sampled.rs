//! The term of one sample, LSEₖ(βₖ), whose coordinates are data.

use super::{
    Component, Mixture, Scratch, gradient::Accumulator, log_density, parameters::Parameters,
};
use crate::{Real, Sampled, log_sum_exp::softmax};

impl Sampled for Mixture {
    type Shared<'x, T: Real + 'x> = Vec<Component<'x, T>>;
    type Scratch<T> = Scratch<T>;

    fn name(&self) -> &'static str {
        "mixture"
    }

    fn parameters(&self) -> &[f64] {
        &self.point
    }

    fn data(&self) -> &[f64] {
        &self.samples
    }

    fn width(&self) -> usize {
        self.size.dimensions
    }

    fn share<'x, T: Real>(&self, x: &'x [T]) -> Vec<Component<'x, T>> {
        self.components(x)
    }

    fn scratch<T>(&self) -> Scratch<T> {
        Scratch::for_size(self.size)
    }

    fn term<T: Real>(
        &self,
        components: &Vec<Component<'_, T>>,
        data: &[T],
        scratch: &mut Scratch<T>,
    ) -> T {
        log_density(components, data, scratch)
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        let parameters = Parameters::split(x, self.size);
        let mut accumulator = Accumulator::new(&parameters, self.size);
        self.samples().for_each(|sample| accumulator.add(sample));
        accumulator.finish(&parameters, gradient, self.size, None);
        // The likelihood has −n LSE(α) besides the terms.
        let mut shares = vec![0.0; self.size.components];
        softmax(parameters.alpha, &mut shares);
        for (slope, share) in gradient.iter_mut().zip(shares) {
            *slope += share * self.size.samples as f64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MixtureSize, sampled};

    #[test]
    fn gradient_agrees_with_dual_numbers() {
        let size = MixtureSize { dimensions: 3, components: 4, samples: 5 };
        sampled::assert_gradient(&Mixture::new(size));
    }
}
