//! A small neural network's loss: dot products, tanh, and few variables used by all samples.

mod backpropagation;
mod layers;
mod sampled;

pub use self::layers::{Activations, Layers};
use crate::{Problem, Real, inputs};

/// The mean squared error of a 2-w-w-1 network with tanh units, as a function of its weights.
///
/// The samples are points of a square, labelled 1 inside a disc and −1 outside.
#[derive(Clone, Debug)]
pub struct Perceptron {
    width: usize,
    samples: Vec<Sample>,
    weights: Vec<f64>,
    /// The samples row behind row, for who takes them as data.
    rows: Vec<f64>,
}

/// A point and what the network should say about it.
#[derive(Clone, Debug)]
struct Sample {
    point: [f64; 2],
    label: f64,
}

impl Sample {
    fn new(point: [f64; 2]) -> Self {
        let [x, y] = point;
        let label = if x * x + y * y < 0.6 { 1.0 } else { -1.0 };
        Self { point, label }
    }
}

impl Perceptron {
    /// A network whose two hidden layers have `width` units, seen by `samples` points.
    pub fn new(width: usize, samples: usize) -> Self {
        let coordinates = inputs::uniform(3, -1.0..1.0, 2 * samples);
        let samples: Vec<Sample> =
            coordinates.chunks_exact(2).map(|xy| Sample::new([xy[0], xy[1]])).collect();
        let rows = samples.iter().flat_map(|s| [s.point[0], s.point[1], s.label]).collect();
        let weights = inputs::uniform(4, -0.5..0.5, layers::weights(width));
        Self { width, samples, weights, rows }
    }
}

impl Problem for Perceptron {
    fn name(&self) -> &'static str {
        "perceptron"
    }

    fn point(&self) -> &[f64] {
        &self.weights
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        let layers = Layers::split(x, self.width);
        let mut activations = Activations::with_width(self.width);
        let residuals: Vec<T> = self
            .samples
            .iter()
            .map(|sample| layers.output(&sample.point, &mut activations) - sample.label)
            .collect();
        T::squared_norm(&residuals) / self.samples.len() as f64
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        let each = 2.0 / self.samples.len() as f64;
        backpropagation::gradient(self, each, x, gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_central_differences() {
        oracle::assert_gradient(&Perceptron::new(3, 5));
    }

    #[test]
    fn the_usual_size_has_337_weights() {
        assert_eq!(Perceptron::new(16, 1).point().len(), 337);
    }

    #[test]
    fn both_labels_occur() {
        let network = Perceptron::new(1, 100);
        let inside = network.samples.iter().filter(|s| s.label > 0.0).count();
        assert!((30..70).contains(&inside), "{inside} of 100 inside");
    }
}
