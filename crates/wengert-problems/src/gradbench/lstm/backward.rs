//! The gradient by backpropagation through time: forward with all gates kept, then back.

use super::{
    Lstm,
    network::{Network, States},
};

/// Overwrites `gradient` with the slopes of the loss.
pub(super) fn gradient(lstm: &Lstm, x: &[f64], gradient: &mut [f64]) {
    gradient.fill(0.0);
    let network = Network::split(x, lstm.size);
    let history = History::record(lstm, &network);
    let mut pass = Pass::new(lstm, network, gradient);
    for (t, (item, next)) in lstm.pairs().enumerate().rev() {
        pass.back(item, next, history.at(t));
    }
}

/// What one cell did in one step.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// What came in: the input, the hidden and the cell state of before.
    input: f64,
    hidden: f64,
    cell: f64,
    /// The gates.
    forget: f64,
    admit: f64,
    emit: f64,
    change: f64,
    /// The hyperbolic tangent of the new cell state.
    squashed: f64,
}

impl Cell {
    /// The step of element `j` of a layer.
    fn step(j: usize, weights: &[f64], biases: &[f64], [input, hidden, cell]: [f64; 3]) -> Self {
        let width = weights.len() / 4;
        let gate =
            |seen: f64, gate: usize| seen * weights[gate * width + j] + biases[gate * width + j];
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let (forget, admit) = (sigmoid(gate(input, 0)), sigmoid(gate(hidden, 1)));
        let (emit, change) = (sigmoid(gate(input, 2)), gate(hidden, 3).tanh());
        let squashed = (cell * forget + admit * change).tanh();
        Self { input, hidden, cell, forget, admit, emit, change, squashed }
    }

    /// The states after the step.
    fn next(&self) -> (f64, f64) {
        (self.emit * self.squashed, self.cell * self.forget + self.admit * self.change)
    }
}

/// All cells of all steps.
struct History {
    cells: Vec<Cell>,
    /// How many cells a step has.
    each: usize,
}

impl History {
    fn record(lstm: &Lstm, network: &Network<'_, f64>) -> Self {
        let width = lstm.size.width;
        let each = lstm.size.layers * width;
        let mut cells = Vec::with_capacity(each * lstm.pairs().len());
        let mut states = States::new(&lstm.state, width, 0.0);
        let mut flow = vec![0.0; width];
        for (item, _) in lstm.pairs() {
            for (flow, (e, s)) in flow.iter_mut().zip(network.input.iter().zip(item)) {
                *flow = e * s;
            }
            for ((weights, biases), (hidden, state)) in network.layers().zip(states.layers_mut()) {
                for j in 0..width {
                    let cell = Cell::step(j, weights, biases, [flow[j], hidden[j], state[j]]);
                    (hidden[j], state[j]) = cell.next();
                    flow[j] = hidden[j];
                    cells.push(cell);
                }
            }
        }
        Self { cells, each }
    }

    fn at(&self, t: usize) -> &[Cell] {
        &self.cells[t * self.each..(t + 1) * self.each]
    }
}

/// What one step after another reads and adds to.
struct Pass<'x> {
    network: Network<'x, f64>,
    scale: f64,
    layers: &'x mut [f64],
    input: &'x mut [f64],
    output: &'x mut [f64],
    output_bias: &'x mut [f64],
    /// The adjoints of h and of c of each layer, as they are between two steps.
    of_hidden: Vec<f64>,
    of_cell: Vec<f64>,
    /// The adjoint of what a layer takes in.
    of_flow: Vec<f64>,
}

impl<'x> Pass<'x> {
    fn new(lstm: &Lstm, network: Network<'x, f64>, gradient: &'x mut [f64]) -> Self {
        let width = lstm.size.width;
        let (layers, extra) = gradient.split_at_mut(lstm.size.main());
        let (input, extra) = extra.split_at_mut(width);
        let (output, output_bias) = extra.split_at_mut(width);
        let zeros = vec![0.0; lstm.size.layers * width];
        Self {
            network,
            scale: lstm.scale(),
            layers,
            input,
            output,
            output_bias,
            of_hidden: zeros.clone(),
            of_cell: zeros,
            of_flow: vec![0.0; width],
        }
    }

    /// One step, of which the adjoints of its end are there, and then those of its beginning.
    fn back(&mut self, item: &[f64], next: &[f64], cells: &[Cell]) {
        let width = item.len();
        self.back_prediction(next, &cells[cells.len() - width..]);
        for (layer, cells) in cells.chunks_exact(width).enumerate().rev() {
            for (j, cell) in cells.iter().enumerate() {
                self.back_cell(layer, j, cell);
            }
        }
        for (slope, (of_flow, item)) in self.input.iter_mut().zip(self.of_flow.iter().zip(item)) {
            *slope += of_flow * item;
        }
    }

    /// From a term of the loss to what the last layer put out.
    fn back_prediction(&mut self, next: &[f64], cells: &[Cell]) {
        let Network { output, output_bias, .. } = self.network;
        let exponential = |j: usize| (cells[j].next().0 * output[j] + output_bias[j]).exp();
        let normaliser = 2.0 + (0..next.len()).map(exponential).sum::<f64>();
        let share = next.iter().sum::<f64>() / normaliser;
        for j in 0..next.len() {
            let of_score = self.scale * (next[j] - share * exponential(j));
            self.output[j] += of_score * cells[j].next().0;
            self.output_bias[j] += of_score;
            self.of_flow[j] = of_score * output[j];
        }
    }

    /// One cell: `of_flow` is the adjoint of what it put out, and then that of what it took in.
    fn back_cell(&mut self, layer: usize, j: usize, cell: &Cell) {
        let width = self.of_flow.len();
        let at = layer * width + j;
        let of_hidden = self.of_hidden[at] + self.of_flow[j];
        let of_squashed = of_hidden * cell.emit;
        let of_cell = self.of_cell[at] + of_squashed * (1.0 - cell.squashed * cell.squashed);
        let sigmoid_slope = |y: f64| y * (1.0 - y);
        // The adjoints of what enters each gate, and what the gate looked at.
        let forget = of_cell * cell.cell * sigmoid_slope(cell.forget);
        let admit = of_cell * cell.change * sigmoid_slope(cell.admit);
        let emit = of_hidden * cell.squashed * sigmoid_slope(cell.emit);
        let change = of_cell * cell.admit * (1.0 - cell.change * cell.change);
        let weights = &self.network.layers[8 * layer * width..];
        let weight = |gate: usize| weights[gate * width + j];
        self.of_flow[j] = forget * weight(0) + emit * weight(2);
        self.of_hidden[at] = admit * weight(1) + change * weight(3);
        self.of_cell[at] = of_cell * cell.forget;
        let gates =
            [(forget, cell.input), (admit, cell.hidden), (emit, cell.input), (change, cell.hidden)];
        let slopes = &mut self.layers[8 * layer * width..];
        for (gate, (of_gate, seen)) in gates.into_iter().enumerate() {
            slopes[gate * width + j] += of_gate * seen;
            slopes[(4 + gate) * width + j] += of_gate;
        }
    }
}
