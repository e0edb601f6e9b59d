//! The working memory of an evaluation, and the evaluations themselves, compiled for each
//! instruction set.

#[cfg(test)]
mod tests;

use super::forward;
use super::reverse;
use crate::function::element::Element;
use crate::function::element::lanes::Lanes;
use crate::function::program::Program;
use crate::scalar::Real;
use pulp::{Scalar, Simd};

/// Memory for one evaluation at a time of one program.
#[derive(Clone, Debug)]
pub(in crate::function) struct Space<E> {
    /// Inputs, constants, results.
    pub(in crate::function) slots: Vec<E>,
    pub(in crate::function) adjoints: Vec<E>,
    pub(in crate::function) saved: Vec<E>,
    gathered: Vec<E>,
    partials: Vec<E>,
}

impl<E> Space<E> {
    pub(in crate::function) fn of<F: Real>(program: &Program<F>) -> Self
    where
        E: Element<F>,
    {
        let mut slots = vec![E::zero(); program.slots];
        let constants = &mut slots[program.inputs()..program.first_result()];
        for (slot, &constant) in constants.iter_mut().zip(&program.constants) {
            *slot = E::splat(constant);
        }
        Self {
            slots,
            adjoints: vec![E::zero(); program.slots],
            saved: vec![E::zero(); program.saved],
            gathered: vec![E::zero(); program.widest],
            partials: vec![E::zero(); program.widest],
        }
    }

    /// The bytes that [`Space::of`] takes from the heap.
    pub(in crate::function) const fn bytes<F>(program: &Program<F>) -> usize {
        (2 * program.slots + program.saved + 2 * program.widest) * size_of::<E>()
    }

    /// The slots, for the forward evaluation.
    #[inline(always)]
    pub(super) fn forward<F, S: Simd, const P: usize>(&mut self, simd: S, program: &Program<F>)
    where
        E: Element<F>,
    {
        let Self { slots, saved, gathered, .. } = self;
        let memory = forward::Memory { slots, saved, gathered };
        forward::forward::<F, E, S, P>(simd, program, memory);
    }

    #[inline(always)]
    pub(super) fn reverse<F, S: Simd, const P: usize, const CAREFUL: bool>(
        &mut self,
        simd: S,
        program: &Program<F>,
    ) where
        E: Element<F>,
    {
        let Self { slots, adjoints, saved, gathered, partials } = self;
        let memory = reverse::Memory { slots, adjoints, saved, gathered, partials };
        reverse::reverse::<F, E, S, P, CAREFUL>(simd, program, memory);
    }
}

/// Operations computed at once in a single evaluation: as many as there are lanes in a batch, so
/// that the two share their vector code.
pub(super) const PACK: usize = crate::function::element::lanes::WIDTH;

/// An evaluation, to be compiled for each instruction set. No closure: the function behind a
/// closure's call is not always inlined, and then is compiled for the least of them.
struct Forward<'a, F, E, const P: usize>(&'a Program<F>, &'a mut Space<E>);

impl<F, E: Element<F>, const P: usize> pulp::WithSimd for Forward<'_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.1.forward::<F, S, P>(simd, self.0);
    }
}

/// An optimistic reverse sweep, likewise.
struct Reverse<'a, F, E, const P: usize>(&'a Program<F>, &'a mut Space<E>);

impl<F, E: Element<F>, const P: usize> pulp::WithSimd for Reverse<'_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.1.reverse::<F, S, P, false>(simd, self.0);
    }
}

/// The evaluations. Whatever the instruction set, they give the same bits: the compiler may not
/// fuse a multiplication with an addition, and the elementary functions do not.
impl<F: Real> Space<F> {
    pub(in crate::function) fn run(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(Forward::<F, F, PACK>(program, self));
    }

    /// The optimistic reverse sweep.
    pub(in crate::function) fn sweep(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(Reverse::<F, F, PACK>(program, self));
    }

    /// The reverse sweep that looks for 0 · ∞.
    pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, _: pulp::Arch) {
        self.reverse::<F, Scalar, 1, true>(Scalar, program);
    }
}

impl<F: Real> Space<Lanes<F>> {
    pub(in crate::function) fn run(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(Forward::<F, Lanes<F>, 1>(program, self));
    }

    pub(in crate::function) fn sweep(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(Reverse::<F, Lanes<F>, 1>(program, self));
    }

    pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, _: pulp::Arch) {
        self.reverse::<F, Scalar, 1, true>(Scalar, program);
    }
}
