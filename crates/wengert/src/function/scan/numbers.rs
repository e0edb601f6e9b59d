//! The inputs and results of a loop as slices of numbers.

use super::drive::Ports;
use crate::function::Inputs;
use crate::scalar::Real;

/// The weights of the outputs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Weights<'a, F> {
    Given(&'a [F]),
    /// One at this position, zero at all others.
    Unit(usize),
}

impl<F: Real> Weights<'_, F> {
    pub(super) fn at(self, i: usize) -> F {
        match self {
            Self::Given(weights) => weights[i],
            Self::Unit(position) if position == i => F::one(),
            Self::Unit(_) => F::zero(),
        }
    }

    fn copy(self, first: usize, to: &mut [F]) {
        match self {
            Self::Given(weights) => to.copy_from_slice(&weights[first..first + to.len()]),
            Self::Unit(_) => to.iter_mut().enumerate().for_each(|(i, to)| *to = self.at(first + i)),
        }
    }
}

/// One evaluation. What is not wanted has no room.
pub(super) struct Numbers<'a, F> {
    pub(super) inputs: Inputs<'a, F>,
    pub(super) weights: Weights<'a, F>,
    pub(super) outputs: &'a mut [F],
    pub(super) adjoints: &'a mut [F],
    pub(super) guarded: usize,
}

impl<F: Real> Ports<F> for Numbers<'_, F> {
    fn variables(&self, first: usize, to: &mut [F]) {
        to.copy_from_slice(&self.inputs.variables[first..first + to.len()]);
    }
    fn data(&self, first: usize, to: &mut [F]) {
        to.copy_from_slice(&self.inputs.data[first..first + to.len()]);
    }
    fn weights(&self, first: usize, to: &mut [F]) {
        self.weights.copy(first, to);
    }
    fn weight(&self, i: usize) -> F {
        self.weights.at(i)
    }
    fn take_outputs(&mut self, first: usize, from: &[F]) {
        if !self.outputs.is_empty() {
            self.outputs[first..first + from.len()].copy_from_slice(from);
        }
    }
    fn take_adjoints(&mut self, first: usize, from: &[F]) -> bool {
        self.adjoints[first..first + from.len()].copy_from_slice(from);
        from.iter().all(|&adjoint| num_traits::Float::is_finite(adjoint))
    }
    fn guarded(&self) -> usize {
        self.guarded
    }
}
