//! Steps swept by their Jacobians, sixteen pieces side by side.
//!
//! A sweep waits: each step for the adjoint of the state behind it, and in a step each operation
//! for the one before. The Jacobian of a step waits for nothing once the state before it is known.
//! So pieces are evaluated again side by side, in the lanes of a batch, and swept once for each
//! number of the state; what is left to be done one by one is to multiply an adjoint by a matrix.

use super::Scan;
use crate::function::compiled;
use crate::function::element::Element;
use crate::function::element::lanes::Lanes;
use crate::function::element::sample::Sample;
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::replay::steps::Shape;
use crate::instructions::Arch;
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
    /// It is for the doors of single evaluations. Batches, which have sixteen samples side by side, and
    /// recordings that call the loop go through its steps; [`Scan::tangent_scan`] and what was saved
    /// are loops that know nothing of it.
    ///
    /// # Complexity
    /// A gradient evaluates each step once and, sixteen pieces at once, once more; and for each
    /// number of the state, and if steps have outputs once more, it sweeps as many at once.
    /// Memory is that of a state for each piece, and of sixteen pieces.
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
pub(super) struct Jacobians<F: Real> {
    pub(super) space: Space<Lanes<F>>,
    /// The derivatives with respect to the variables, a row of them for what is handed out with its
    /// weights, and one for each number of the next state.
    rows: Vec<Lanes<F>>,
    /// The adjoints of the state behind the pieces.
    behind: Vec<Lanes<F>>,
    /// What flows from the pieces into their variables, but for the state.
    pub(super) flows: Vec<Lanes<F>>,
}

/// The variables of a piece.
const fn width(shape: Shape) -> usize {
    shape.shared + shape.state + shape.variables
}

impl<F: Real> Jacobians<F> {
    pub(super) fn of(program: &Program<F>, shape: Shape) -> Self {
        Self {
            space: Space::of(program),
            rows: vec![Lanes::zero(); (1 + shape.state) * width(shape)],
            behind: vec![Lanes::zero(); shape.state],
            flows: vec![Lanes::zero(); width(shape)],
        }
    }

    /// The bytes that [`Jacobians::of`] takes from the heap.
    pub(super) const fn bytes(program: &Program<F>, shape: Shape) -> usize {
        let lanes = (1 + shape.state) * width(shape) + shape.state + width(shape);
        Space::<Lanes<F>>::bytes(program) + lanes * size_of::<Lanes<F>>()
    }

    /// Puts what all steps share in place.
    pub(super) fn share<E: Sample<F>>(&mut self, shared: &[E]) {
        for (slot, shared) in self.space.slots.iter_mut().zip(shared) {
            *slot = Lanes::splat(shared.number(0));
        }
    }

    /// Puts what a piece has of its own into a lane.
    pub(super) fn put<E: Sample<F>>(&mut self, lane: usize, first: usize, numbers: &[E]) {
        for (slot, number) in self.space.slots[first..].iter_mut().zip(numbers) {
            slot.0[lane] = number.number(0);
        }
    }

    /// Sweeps from the seeds that are in place, and takes a row of derivatives.
    pub(super) fn sweep(&mut self, row: usize, program: &Program<F>, arch: Arch, is_careful: bool) {
        let Self { space, rows, flows, .. } = self;
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

    /// What flows through so many pieces, from the last to the first: from the adjoint of the state
    /// behind them, in place of which that before them is left, and from what they hand out.
    ///
    /// PERF: piece after piece goes what the next one waits for, and all else side by side.
    pub(super) fn flow<E: Sample<F>, const CAREFUL: bool>(
        &mut self,
        shape: Shape,
        pieces: usize,
        adjoint: &mut [E],
    ) {
        let Self { rows, behind, flows, .. } = self;
        let (width, state) = (flows.len(), shape.state());
        let (first, rows) = rows.split_at(width);
        let column = |k: usize| rows.iter().skip(k).step_by(width);
        for lane in (0..pieces).rev() {
            for (behind, adjoint) in behind.iter_mut().zip(&*adjoint) {
                behind.0[lane] = adjoint.number(0);
            }
            for (k, adjoint) in state.clone().zip(&mut *adjoint) {
                let mut flow = first[k].0[lane];
                for (behind, partial) in behind.iter().zip(column(k)) {
                    flow += Element::flow::<CAREFUL>(behind.0[lane], partial.0[lane]);
                }
                *adjoint = E::splat(flow);
            }
        }
        for k in (0..state.start).chain(state.end..width) {
            flows[k] = first[k];
            for (behind, &partial) in behind.iter().zip(column(k)) {
                flows[k] += behind.flow::<CAREFUL>(partial);
            }
        }
    }
}
