//! The gradient of the network's loss as textbooks give it: one pass back per sample.

use super::{
    Perceptron, Sample,
    layers::{Activations, Layers},
};

/// Overwrites `gradient` with the slopes of the squared errors' sum, times `scale`/2.
pub(super) fn gradient(network: &Perceptron, scale: f64, x: &[f64], gradient: &mut [f64]) {
    gradient.fill(0.0);
    let mut pass = Pass {
        layers: Layers::split(x, network.width),
        slopes: Layers::split_mut(gradient, network.width),
        activations: Activations::with_width(network.width),
        deltas: vec![0.0; network.width],
    };
    for sample in &network.samples {
        pass.add(sample, scale);
    }
}

/// What one sample after another reads and adds to.
struct Pass<'x, 'g> {
    layers: Layers<&'x [f64], f64>,
    slopes: Layers<&'g mut [f64], &'g mut f64>,
    activations: Activations<f64>,
    /// The loss's slope by what enters each unit of the first layer.
    deltas: Vec<f64>,
}

impl Pass<'_, '_> {
    fn add(&mut self, sample: &Sample, scale: f64) {
        let output = self.layers.output(&sample.point, &mut self.activations);
        self.add_third((output - sample.label) * scale);
        self.add_first(sample);
    }

    /// The output unit's slopes, then the second layer's unit by unit.
    fn add_third(&mut self, delta: f64) {
        *self.slopes.third_bias += delta;
        self.deltas.fill(0.0);
        for unit in 0..self.deltas.len() {
            let active = self.activations.second[unit];
            self.slopes.third[unit] += delta * active;
            self.add_second(unit, delta * self.layers.third[unit] * tanh_slope(active));
        }
    }

    /// One unit of the second layer, and its share of what reaches the first.
    fn add_second(&mut self, unit: usize, delta: f64) {
        let row = unit * self.deltas.len()..(unit + 1) * self.deltas.len();
        self.slopes.second_bias[unit] += delta;
        add_scaled(&mut self.slopes.second[row.clone()], delta, &self.activations.first);
        add_scaled(&mut self.deltas, delta, &self.layers.second[row]);
    }

    fn add_first(&mut self, sample: &Sample) {
        for (unit, row) in self.slopes.first.chunks_exact_mut(2).enumerate() {
            let delta = self.deltas[unit] * tanh_slope(self.activations.first[unit]);
            self.slopes.first_bias[unit] += delta;
            add_scaled(row, delta, &sample.point);
        }
    }
}

/// The derivative of tanh where its value is `tanh`.
fn tanh_slope(tanh: f64) -> f64 {
    1.0 - tanh * tanh
}

/// y ← y + a x.
fn add_scaled(y: &mut [f64], a: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}
