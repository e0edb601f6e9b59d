//! The loss of one sample, whose point and label are data.

use super::{Activations, Layers, Perceptron, backpropagation};
use crate::{Real, Sampled};

impl Sampled for Perceptron {
    type Shared<'x, T: Real + 'x> = Layers<&'x [T], T>;
    type Scratch<T> = Activations<T>;

    fn name(&self) -> &'static str {
        "perceptron"
    }

    fn parameters(&self) -> &[f64] {
        &self.weights
    }

    fn data(&self) -> &[f64] {
        &self.rows
    }

    fn width(&self) -> usize {
        3
    }

    fn share<'x, T: Real>(&self, x: &'x [T]) -> Layers<&'x [T], T> {
        Layers::split(x, self.width)
    }

    fn scratch<T>(&self) -> Activations<T> {
        Activations::with_width(self.width)
    }

    fn term<T: Real>(
        &self,
        layers: &Layers<&[T], T>,
        data: &[T],
        activations: &mut Activations<T>,
    ) -> T {
        let (point, label) = data.split_at(2);
        (layers.output_at(point, activations) - label[0]).square()
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        backpropagation::gradient(self, 2.0, x, gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampled;

    #[test]
    fn gradient_agrees_with_dual_numbers() {
        sampled::assert_gradient(&Perceptron::new(3, 5));
    }
}
