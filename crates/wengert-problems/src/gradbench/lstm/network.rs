//! The network's parameters in one slice, and a step forward.

use super::size::LstmSize;
use crate::{Datum, Real};

/// The parameters, layer by layer and behind them.
#[derive(Clone, Copy)]
pub(super) struct Network<'x, T> {
    width: usize,
    /// 8 b a layer: the weights of the gates f, i, o and g, then their biases.
    pub(super) layers: &'x [T],
    /// e₀, e₁ and e₂.
    pub(super) input: &'x [T],
    pub(super) output: &'x [T],
    pub(super) output_bias: &'x [T],
}

impl<'x, T> Network<'x, T> {
    pub(super) fn split(x: &'x [T], size: LstmSize) -> Self {
        let width = size.width;
        let (layers, extra) = x.split_at(size.main());
        let (input, extra) = extra.split_at(width);
        let (output, output_bias) = extra.split_at(width);
        Self { width, layers, input, output, output_bias }
    }

    /// The weights and the biases of each layer, four gates behind one another.
    pub(super) fn layers(&self) -> impl DoubleEndedIterator<Item = (&'x [T], &'x [T])> {
        let width = self.width;
        self.layers.chunks_exact(8 * width).map(move |layer| layer.split_at(4 * width))
    }
}

/// h and c of each layer.
pub(super) struct States<T> {
    /// Two rows a layer.
    pub(super) rows: Vec<T>,
    width: usize,
}

impl<T: Real> States<T> {
    /// The states of the beginning, which are data; they live where `beside` does.
    pub(super) fn new<D: Datum<T>>(rows: &[D], width: usize, beside: T) -> Self {
        Self { rows: rows.iter().map(|row| row.number(beside)).collect(), width }
    }
}

impl<T> States<T> {
    pub(super) fn layers_mut(&mut self) -> impl Iterator<Item = (&mut [T], &mut [T])> {
        let width = self.width;
        self.rows.chunks_exact_mut(2 * width).map(move |pair| pair.split_at_mut(width))
    }
}

impl<T: Real> Network<'_, T> {
    /// What the network, having seen `item` too, expects of the next: `flow` is overwritten.
    pub(super) fn predict<D: Datum<T>>(
        &self,
        item: &[D],
        states: &mut States<T>,
        gates: &mut Gates<T>,
        flow: &mut Vec<T>,
    ) {
        flow.clear();
        flow.extend(self.input.iter().zip(item).map(|(&e, &s)| s.times(e)));
        for ((weights, biases), (hidden, cell)) in self.layers().zip(states.layers_mut()) {
            step(weights, biases, gates, flow, hidden, cell);
        }
        let parameters = self.output.iter().zip(self.output_bias);
        for (y, (&factor, &bias)) in flow.iter_mut().zip(parameters) {
            *y = y.mul_add(factor, bias);
        }
    }
}

/// The gates of a step, a row each; the memory is used again for the next.
#[derive(Clone)]
pub(super) struct Gates<T> {
    forget: Vec<T>,
    admit: Vec<T>,
    emit: Vec<T>,
    change: Vec<T>,
}

impl<T: Real> Gates<T> {
    pub(super) fn of_width(width: usize) -> Self {
        let row = || Vec::with_capacity(width);
        Self { forget: row(), admit: row(), emit: row(), change: row() }
    }
}

/// A gate: what is `seen`, by weights and biases, and the function of that.
fn gate<'p, T: Real + 'p>(
    row: &mut Vec<T>,
    parameters: impl Iterator<Item = (&'p T, &'p T)>,
    seen: &[T],
    function: impl Fn(T) -> T,
) {
    row.clear();
    row.extend(seen.iter().zip(parameters).map(|(&u, (&w, &b))| function(u.mul_add(w, b))));
}

/// One layer's step on its input `flow`, which its hidden state then replaces.
fn step<T: Real>(
    weights: &[T],
    biases: &[T],
    gates: &mut Gates<T>,
    flow: &mut [T],
    hidden: &mut [T],
    cell: &mut [T],
) {
    let width = flow.len();
    let parameters = |gate: usize| {
        let of_gate = gate * width..(gate + 1) * width;
        weights[of_gate.clone()].iter().zip(&biases[of_gate])
    };
    let Gates { forget, admit, emit, change } = gates;
    gate(forget, parameters(0), flow, T::sigmoid);
    gate(admit, parameters(1), hidden, T::sigmoid);
    gate(emit, parameters(2), flow, T::sigmoid);
    gate(change, parameters(3), hidden, T::tanh);
    for j in 0..width {
        cell[j] = cell[j].mul_add(forget[j], admit[j] * change[j]);
        hidden[j] = emit[j] * cell[j].tanh();
    }
    flow.copy_from_slice(hidden);
}

/// Σⱼ sⱼ (yⱼ − ln(2 + Σ exp y)) of a prediction y, which is overwritten, and the item s that came.
pub(super) fn log_likelihood<T: Real, D: Datum<T>>(prediction: &mut [T], item: &[D]) -> T {
    let exponentials: Vec<T> = prediction.iter().map(|y| y.exp()).collect();
    let normaliser = (T::sum(&exponentials) + 2.0).ln();
    for y in &mut *prediction {
        *y = *y - normaliser;
    }
    D::dot(item, prediction)
}
