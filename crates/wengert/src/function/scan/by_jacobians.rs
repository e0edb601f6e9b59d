//! The sweep of a block whose states were kept, by the Jacobians of its pieces.

use super::drive::{Drive, Ports, Stepping};
use super::jacobians::Jacobians;
use crate::function::compiled;
use crate::function::element::Element;
use crate::function::element::lanes::{Lanes, WIDTH};
use crate::function::element::sample::Sample;
use crate::function::replay::space::Space;
use crate::function::replay::steps::Steps;
use crate::scalar::Real;

impl<F: Real, E: Stepping<F>, P: Ports<E>> Drive<'_, F, E, P> {
    /// Sweeps a block whose states were kept, and tells whether all its adjoints are finite.
    pub(super) fn sweep_by_jacobians(
        &mut self,
        jacobians: &mut Jacobians<F>,
        from: usize,
        to: usize,
        is_careful: bool,
    ) -> bool {
        let shared = ..self.memory.steps.shape.shared;
        jacobians.share(&self.memory.steps.space.slots[shared]);
        let (mut end, mut are_finite) = (to, true);
        while end > from {
            let first = end.saturating_sub(WIDTH).max(from);
            self.find_jacobians(jacobians, [from, first, end], is_careful);
            are_finite &= self.pull(jacobians, [first, end], is_careful);
            end = first;
        }
        are_finite
    }

    /// The Jacobians of the pieces from `first` to `end`, of which records are counted from `block`.
    fn find_jacobians(
        &mut self,
        jacobians: &mut Jacobians<F>,
        [block, first, end]: [usize; 3],
        is_careful: bool,
    ) {
        let (shape, program, arch) = (self.memory.steps.shape, self.programs[0], self.arch);
        for lane in 0..WIDTH {
            // Lanes that count for nothing repeat the last one that does.
            let piece = (first + lane).min(end - 1);
            self.load(piece, 1);
            let Steps { variables, data, store, record, .. } = &self.memory.steps;
            let state = &store[(piece - block) * record..][..shape.state];
            jacobians.put(lane, shape.state().start, state);
            jacobians.put(lane, shape.variables().start, &variables[..shape.variables]);
            jacobians.put(lane, shape.data().start, &data[..shape.data]);
        }
        compiled::run_lanes(&mut jacobians.space, program, arch);
        if shape.outputs > 0 {
            self.seed_outputs(&mut jacobians.space, first, end);
            jacobians.sweep(0, program, arch, is_careful);
        }
        for (row, &slot) in program.outputs[..shape.state].iter().enumerate() {
            jacobians.space.adjoints[slot as usize] += Lanes::splat(F::one());
            jacobians.sweep(1 + row, program, arch, is_careful);
        }
    }

    /// Puts the weights of what pieces hand out in place.
    fn seed_outputs(&self, space: &mut Space<Lanes<F>>, first: usize, end: usize) {
        let Steps { shape, sums, .. } = &self.memory.steps;
        let weight = |piece: usize, output: usize| {
            if shape.is_summed {
                sums[output % sums.len()].number(0)
            } else {
                self.ports.weight(shape.state + piece * shape.outputs + output).number(0)
            }
        };
        for (output, &slot) in self.programs[0].outputs[shape.state..].iter().enumerate() {
            let weights = |lane: usize| weight((first + lane).min(end - 1), output);
            let weights = Lanes(std::array::from_fn(weights));
            let value = space.slots[slot as usize];
            space.adjoints[slot as usize] += weights.seeded(value);
        }
    }

    /// Hands on what flows from behind some pieces to before them, and out of them; tells whether
    /// what flows out is finite.
    fn pull(
        &mut self,
        jacobians: &mut Jacobians<F>,
        [first, end]: [usize; 2],
        is_careful: bool,
    ) -> bool {
        let Steps { shape, space, adjoint, variables, .. } = &mut self.memory.steps;
        if is_careful {
            jacobians.flow::<E, true>(*shape, end - first, adjoint);
        } else {
            jacobians.flow::<E, false>(*shape, end - first, adjoint);
        }
        let flows = |lanes: &Lanes<F>, piece: usize| E::splat(lanes.0[piece - first]);
        for (sum, lanes) in space.adjoints.iter_mut().zip(&jacobians.flows[..shape.shared]) {
            (first..end).rev().for_each(|piece| *sum += flows(lanes, piece));
        }
        let (own, mut are_finite) = (&jacobians.flows[shape.variables()], true);
        if own.is_empty() {
            return true;
        }
        for piece in (first..end).rev() {
            variables.iter_mut().zip(own).for_each(|(to, lanes)| *to = flows(lanes, piece));
            let row = shape.shared + shape.state + piece * shape.variables;
            are_finite &= self.ports.take_adjoints(row, &variables[..shape.variables]);
        }
        are_finite
    }
}
