//! Steps swept by their Jacobians, eight pieces side by side.
//!
//! A sweep waits: each step for the adjoint of the state behind it, and in a step each operation
//! for the one before. The Jacobian of a step waits for nothing once the state before it is known.
//! So pieces are evaluated again side by side, in the lanes of a batch, and swept once for each
//! number of the state; what is left to be done one by one is to multiply an adjoint by a matrix.

use super::Scan;
use super::drive::{Drive, Ports, Stepping};
use crate::function::compiled;
use crate::function::element::Element;
use crate::function::element::lanes::{Lanes, WIDTH};
use crate::function::element::sample::Sample;
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::replay::steps::{Shape, Steps};
use crate::scalar::Real;

impl<F: Real> Scan<F> {
    /// The same loop, swept by the Jacobians of its steps: faster, and in less memory, where a state
    /// is of few numbers.
    ///
    /// Of a step only the state before it is kept. On the way back eight steps, or eight pieces of
    /// several short ones, are evaluated side by side and swept once for each number of the state;
    /// then the adjoint of the state is multiplied by one Jacobian after the other. As products are
    /// put together in another order, derivatives differ from those of the loop itself in their last
    /// bits; they are the same for every budget. Where a number of the state does not count, an
    /// infinite derivative of it does not either.
    ///
    /// It is for the doors of single evaluations. Batches, which have eight samples side by side, and
    /// recordings that call the loop go through its steps; [`Scan::tangent_scan`] and what was saved
    /// are loops that know nothing of it.
    ///
    /// # Complexity
    /// A gradient evaluates each step once and, with an eighth of the work, once more; and for each
    /// number of the state, and if steps have outputs once more, it takes an eighth of a sweep.
    /// Memory is that of a state for each piece, and of eight pieces.
    ///
    /// # Example
    /// ```
    /// use wengert::Scan;
    /// // dx/dt = r x (1 − x)
    /// let growth = Scan::builder().shared(&[1.0]).state(&[0.1]).record(|step| {
    ///     let (r, x) = (step.shared[0], step.state[0]);
    ///     (vec![x + 0.01 * r * x * (1.0 - x)], vec![])
    /// });
    /// let gradient = |growth: &Scan| {
    ///     let mut gradient = [0.0; 2];
    ///     growth.gradient(&mut growth.workspace(1000), 1000, &[1.0, 0.1], &mut gradient)?;
    ///     Ok::<_, wengert::Error>(gradient)
    /// };
    /// let (one, other) = (gradient(&growth)?, gradient(&growth.clone().preaccumulated())?);
    /// assert!(one.iter().zip(other).all(|(x, y)| (x - y).abs() < 1e-13));
    ///
    /// let bytes = growth.workspace_bytes(1000);
    /// assert!(growth.preaccumulated().workspace_bytes(1000) < bytes / 2);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn preaccumulated(self) -> Self {
        Self { is_preaccumulated: true, ..self }
    }
}

/// Memory for the Jacobians of pieces side by side.
#[derive(Clone, Debug)]
pub(super) struct Jacobians<F> {
    pub(super) space: Space<Lanes<F>>,
    /// The derivatives with respect to the variables, a row of them for what is handed out with its
    /// weights, and one for each number of the next state.
    rows: Vec<Lanes<F>>,
    /// The adjoints of one piece's variables.
    flows: Vec<F>,
}

/// The variables of a piece.
const fn width(shape: Shape) -> usize {
    shape.shared + shape.state + shape.variables
}

impl<F: Real> Jacobians<F> {
    pub(super) fn of(program: &Program<F>, shape: Shape) -> Self {
        Self {
            space: Space::decoding(program),
            rows: vec![Lanes::zero(); (1 + shape.state) * width(shape)],
            flows: vec![F::zero(); width(shape)],
        }
    }

    /// The bytes that [`Jacobians::of`] takes from the heap.
    pub(super) const fn bytes(program: &Program<F>, shape: Shape) -> usize {
        let rows = (1 + shape.state) * width(shape) * size_of::<Lanes<F>>();
        Space::<Lanes<F>>::bytes_decoding(program) + rows + width(shape) * size_of::<F>()
    }

    /// Puts what all steps share in place.
    fn share<E: Sample<F>>(&mut self, shared: &[E]) {
        for (slot, shared) in self.space.slots.iter_mut().zip(shared) {
            *slot = Lanes::splat(shared.number(0));
        }
    }

    /// Puts what a piece has of its own into a lane.
    fn put<E: Sample<F>>(&mut self, lane: usize, first: usize, numbers: &[E]) {
        for (slot, number) in self.space.slots[first..].iter_mut().zip(numbers) {
            slot.0[lane] = number.number(0);
        }
    }

    /// Sweeps from the seeds that are in place, and takes a row of derivatives.
    fn sweep(&mut self, row: usize, program: &Program<F>, arch: pulp::Arch, is_careful: bool) {
        let Self { space, rows, flows } = self;
        if is_careful {
            compiled::sweep_lanes_carefully(space, program, arch);
        } else {
            compiled::sweep_lanes(space, program, arch);
        }
        let width = flows.len();
        let adjoints = &mut space.adjoints[..width];
        rows[row * width..][..width].copy_from_slice(adjoints);
        adjoints.fill(Lanes::zero());
    }

    /// What flows into the variables of the piece in a lane, from the adjoint of the state behind it
    /// and from what it hands out.
    fn flow<E: Sample<F>, const CAREFUL: bool>(&mut self, lane: usize, behind: &[E]) {
        let Self { rows, flows, .. } = self;
        let width = flows.len();
        let (first, rows) = rows.split_at(width);
        flows.iter_mut().zip(first).for_each(|(flow, given)| *flow = given.0[lane]);
        for (adjoint, row) in behind.iter().zip(rows.chunks_exact(width.max(1))) {
            for (flow, partial) in flows.iter_mut().zip(row) {
                *flow += Element::flow::<CAREFUL>(adjoint.number(0), partial.0[lane]);
            }
        }
    }
}

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
            for piece in (first..end).rev() {
                are_finite &= self.pull(jacobians, piece, piece - first, is_careful);
            }
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

    /// Hands on what flows from behind a piece to before it, and out of it; tells whether what
    /// flows out is finite.
    fn pull(
        &mut self,
        jacobians: &mut Jacobians<F>,
        piece: usize,
        lane: usize,
        is_careful: bool,
    ) -> bool {
        let Steps { shape, space, adjoint, variables, .. } = &mut self.memory.steps;
        if is_careful {
            jacobians.flow::<E, true>(lane, adjoint);
        } else {
            jacobians.flow::<E, false>(lane, adjoint);
        }
        let (shared, own) = jacobians.flows.split_at(shape.shared);
        let (before, own) = own.split_at(shape.state);
        let element = |&number: &F| E::splat(number);
        for (sum, flow) in space.adjoints.iter_mut().zip(shared) {
            *sum += element(flow);
        }
        adjoint.iter_mut().zip(before).for_each(|(adjoint, flow)| *adjoint = element(flow));
        variables.iter_mut().zip(own).for_each(|(variable, flow)| *variable = element(flow));
        let row = shape.shared + shape.state + piece * shape.variables;
        self.ports.take_adjoints(row, &variables[..shape.variables])
    }
}
