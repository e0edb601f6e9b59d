//! The chain rule again, written for reading: over the public view, with an error bound.

use crate::numbers::same;
use wengert::view::TapeView;
use wengert::{Tape, Var};

/// A derivative, and the sum of the absolute values of all terms that went into it, which bounds
/// the error that another order of summation can make.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flow {
    pub(crate) value: f64,
    size: f64,
}

impl Flow {
    pub(crate) fn seed(&mut self, weight: f64) {
        self.value += weight;
        self.size += weight.abs();
    }

    /// Whether it is infinite or NaN.
    pub(crate) fn is_lost(self) -> bool {
        !self.value.is_finite()
    }

    /// Adds what flows down through a partial: none from a zero, and only NaN through a zero.
    fn pull(&mut self, from: Self, partial: f64) {
        if from.value != 0.0 && (partial != 0.0 || from.value.is_nan()) {
            self.value += from.value * partial;
        }
        self.grow(from, partial);
    }

    /// Adds what flows up through a partial: none from a zero, and none through a zero.
    fn push(&mut self, from: Self, partial: f64) {
        if from.value != 0.0 && partial != 0.0 {
            self.value += from.value * partial;
        }
        self.grow(from, partial);
    }

    fn grow(&mut self, from: Self, partial: f64) {
        if from.size != 0.0 && partial != 0.0 {
            self.size += from.size * partial.abs();
        }
    }

    /// Whether `found` is this derivative but for rounding. Where terms overflow, their order
    /// decides between infinities and NaN, and nothing is asked.
    pub(crate) fn admits(self, found: f64) -> bool {
        let tolerance = 1e-11 * self.size;
        !self.size.is_finite() || same(self.value, found) || (self.value - found).abs() <= tolerance
    }
}

/// Adjoints from seeds, the last node first.
pub(crate) fn reverse(view: &TapeView<'_>, adjoints: &mut [Flow]) {
    for id in view.ids().rev() {
        let node = view.node(id).expect("the view names its own nodes");
        let (operands, partials) = (node.operands(), node.partials());
        assert_eq!(operands.len(), partials.len(), "{id} has a partial for each operand");
        for (operand, partial) in operands.into_iter().zip(partials) {
            let adjoint = adjoints[id.index()];
            adjoints[operand.index()].pull(adjoint, partial);
        }
    }
}

/// The pullback of weighted outputs: adjoints of all nodes.
pub(crate) fn pullback(tape: &Tape, outputs: &[Var<'_>], weights: &[f64]) -> Vec<Flow> {
    let mut adjoints = zeros(tape);
    for (output, &weight) in outputs.iter().zip(weights) {
        let is_lost = output.value().is_nan() && weight != 0.0;
        let weight = if is_lost { output.value() } else { weight };
        output.id().into_iter().for_each(|id| adjoints[id.index()].seed(weight));
    }
    reverse(&tape.view(), &mut adjoints);
    adjoints
}

/// Tangents from seeds, the first node first.
pub(crate) fn forward(view: &TapeView<'_>, tangents: &mut [Flow]) {
    for id in view.ids() {
        let node = view.node(id).expect("the view names its own nodes");
        let mut tangent = tangents[id.index()];
        let mut moves = false;
        for (operand, partial) in node.operands().into_iter().zip(node.partials()) {
            moves |= tangents[operand.index()].value != 0.0;
            tangent.push(tangents[operand.index()], partial);
        }
        if moves && node.value().is_nan() {
            tangent.value = f64::NAN;
        }
        tangents[id.index()] = tangent;
    }
}

/// No derivative for any node.
pub(crate) fn zeros(tape: &Tape) -> Vec<Flow> {
    vec![Flow::default(); tape.len()]
}
