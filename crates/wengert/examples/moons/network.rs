//! A multilayer perceptron of scalar weights, 2-16-16-1 with tanh.

use crate::data::Point;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Normal};
use wengert::{ParameterId, Parameters, Var};

pub(crate) const HIDDEN: usize = 16;

/// The keys of the weights, by layer. The values live in [`Parameters`], where the optimiser
/// finds them in one slice; they outlive every recording.
#[derive(Debug)]
pub(crate) struct Network {
    first: Vec<Neuron<ParameterId>>,
    second: Vec<Neuron<ParameterId>>,
    output: Neuron<ParameterId>,
}

/// The weights as variables: of one recording for training, or constants for prediction.
#[derive(Debug)]
pub(crate) struct Weights<'t> {
    first: Vec<Neuron<Var<'t>>>,
    second: Vec<Neuron<Var<'t>>>,
    output: Neuron<Var<'t>>,
}

#[derive(Debug)]
struct Neuron<T> {
    weights: Vec<T>,
    bias: T,
}

impl Network {
    /// Random weights, of a size that keeps the sums of a layer near 1.
    pub(crate) fn new(parameters: &mut Parameters, random: &mut Xoshiro256PlusPlus) -> Self {
        let mut layer = |name, neurons, inputs| {
            (0..neurons)
                .map(|i| neuron(&format!("{name}[{i}]"), inputs, parameters, random))
                .collect()
        };
        let first = layer("first", HIDDEN, 2);
        let second = layer("second", HIDDEN, HIDDEN);
        let output = neuron("output", HIDDEN, parameters, random);
        Self { first, second, output }
    }

    /// The weights that `var` has for their keys.
    pub(crate) fn weights<'t>(&self, var: impl Fn(ParameterId) -> Var<'t>) -> Weights<'t> {
        let neuron = |neuron: &Neuron<ParameterId>| Neuron {
            weights: neuron.weights.iter().map(|&id| var(id)).collect(),
            bias: var(neuron.bias),
        };
        Weights {
            first: self.first.iter().map(neuron).collect(),
            second: self.second.iter().map(neuron).collect(),
            output: neuron(&self.output),
        }
    }
}

fn neuron(
    name: &str,
    inputs: usize,
    parameters: &mut Parameters,
    random: &mut Xoshiro256PlusPlus,
) -> Neuron<ParameterId> {
    let size = (inputs as f64).sqrt().recip();
    let normal = Normal::new(0.0, size).expect("the size is finite and positive");
    let weights = (0..inputs)
        .map(|i| parameters.insert(format!("{name}.weight[{i}]"), normal.sample(random)))
        .collect();
    Neuron { weights, bias: parameters.insert(format!("{name}.bias"), 0.0) }
}

impl<'t> Weights<'t> {
    /// The logit of the upper moon: positive where it is the more probable one.
    pub(crate) fn logit(&self, at: &[f64; 2]) -> Var<'t> {
        // One node for a neuron's sum, whatever the number of its inputs.
        let first = |n: &Neuron<Var<'t>>| (Var::linear_combination(at, &n.weights) + n.bias).tanh();
        let first: Vec<_> = self.first.iter().map(first).collect();
        let second = |n: &Neuron<Var<'t>>| (Var::dot(&n.weights, &first) + n.bias).tanh();
        let second: Vec<_> = self.second.iter().map(second).collect();
        Var::dot(&self.output.weights, &second) + self.output.bias
    }

    /// The mean cross-entropy over the points. With softplus it needs no probability, whose
    /// logarithm could overflow.
    pub(crate) fn loss(&self, points: &[Point]) -> Var<'t> {
        let loss = |point: &Point| {
            let logit = self.logit(&point.at);
            logit.softplus() - point.moon * logit
        };
        let losses: Vec<_> = points.iter().map(loss).collect();
        Var::mean(&losses)
    }

    /// The share of points on the right side of the boundary.
    pub(crate) fn accuracy(&self, points: &[Point]) -> f64 {
        let right = |point: &&Point| (self.logit(&point.at) > 0.0) == (point.moon > 0.5);
        points.iter().filter(right).count() as f64 / points.len() as f64
    }
}
