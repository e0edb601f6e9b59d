//! A multilayer perceptron of scalar weights, 2-16-16-1 with tanh.

use crate::data::Point;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Normal};
use wengert::Var;

pub(crate) const HIDDEN: usize = 16;
/// The inputs of a neuron in each layer, and the neurons.
const LAYERS: [(usize, usize); 3] = [(2, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, 1)];

/// The weights as variables: of a recording for training, or constants for prediction.
#[derive(Debug)]
pub(crate) struct Network<'t> {
    first: Vec<Neuron<'t>>,
    second: Vec<Neuron<'t>>,
    output: Neuron<'t>,
}

#[derive(Debug)]
struct Neuron<'t> {
    weights: Vec<Var<'t>>,
    bias: Var<'t>,
}

/// Random weights, of a size that keeps the sums of a layer near 1, and biases of zero: layer by
/// layer, neuron by neuron, its bias behind its weights.
pub(crate) fn random_weights(random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let mut weights = Vec::new();
    for (inputs, neurons) in LAYERS {
        let size = (inputs as f64).sqrt().recip();
        let normal = Normal::new(0.0, size).expect("the size is finite and positive");
        for _ in 0..neurons {
            weights.extend((0..inputs).map(|_| normal.sample(random)));
            weights.push(0.0);
        }
    }
    weights
}

impl<'t> Network<'t> {
    /// The network with weights in the order of [`random_weights`].
    pub(crate) fn new(weights: &[Var<'t>]) -> Self {
        let mut rest = weights;
        let [first, second, mut output] =
            LAYERS.map(|(inputs, neurons)| layer(&mut rest, inputs, neurons));
        let output = output.pop().expect("the last layer has one neuron");
        Self { first, second, output }
    }

    /// The network whose weights are numbers: computing with it records nothing.
    pub(crate) fn of_numbers(weights: &[f64]) -> Self {
        let constants: Vec<_> = weights.iter().map(|&weight| Var::constant(weight)).collect();
        Self::new(&constants)
    }

    /// The logit of the upper moon: positive where it is the more probable one.
    pub(crate) fn logit(&self, at: &[Var<'t>; 2]) -> Var<'t> {
        let first = outputs(&self.first, at);
        let second = outputs(&self.second, &first);
        self.output.sum(&second)
    }

    /// The cross-entropy at a point. With softplus it needs no probability, whose logarithm
    /// could overflow.
    pub(crate) fn loss(&self, at: &[Var<'t>; 2], moon: Var<'t>) -> Var<'t> {
        let logit = self.logit(at);
        logit.softplus() - moon * logit
    }

    /// The share of points on the right side of the boundary.
    pub(crate) fn accuracy(&self, points: &[Point]) -> f64 {
        let right = |p: &&Point| (self.logit(&p.at.map(Var::constant)) > 0.0) == (p.moon > 0.5);
        points.iter().filter(right).count() as f64 / points.len() as f64
    }
}

impl<'t> Neuron<'t> {
    /// One node for the sum, whatever the number of inputs.
    fn sum(&self, inputs: &[Var<'t>]) -> Var<'t> {
        Var::dot(&self.weights, inputs) + self.bias
    }
}

/// Takes the next layer's weights.
fn layer<'t>(rest: &mut &[Var<'t>], inputs: usize, neurons: usize) -> Vec<Neuron<'t>> {
    let mut neuron = || {
        let (own, behind) = rest.split_at(inputs + 1);
        *rest = behind;
        Neuron { weights: own[..inputs].to_vec(), bias: own[inputs] }
    };
    (0..neurons).map(|_| neuron()).collect()
}

fn outputs<'t>(layer: &[Neuron<'t>], inputs: &[Var<'t>]) -> Vec<Var<'t>> {
    layer.iter().map(|neuron| neuron.sum(inputs).tanh()).collect()
}
