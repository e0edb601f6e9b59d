//! The working memory of an evaluation, and the evaluations themselves, compiled for each
//! instruction set.

use super::element::Element;
use super::forward::forward;
use super::lanes::Lanes;
use super::program::Program;
use super::reverse::{Memory, reverse};
use crate::scalar::{Dual, Real};

/// Memory for one evaluation at a time of one program.
#[derive(Clone, Debug)]
pub(super) struct Space<E> {
    /// Inputs, constants, results.
    pub(super) slots: Vec<E>,
    pub(super) adjoints: Vec<E>,
    saved: Vec<E>,
    gathered: Vec<E>,
    partials: Vec<E>,
}

impl<E> Space<E> {
    pub(super) fn of<F: Real>(program: &Program<F>) -> Self
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
    pub(super) const fn bytes<F>(program: &Program<F>) -> usize {
        (2 * program.slots + program.saved + 2 * program.widest) * size_of::<E>()
    }

    /// The slots, for the forward evaluation.
    #[inline(always)]
    fn forward<F, const P: usize>(&mut self, program: &Program<F>)
    where
        E: Element<F>,
    {
        forward::<F, E, P>(program, &mut self.slots, &mut self.saved, &mut self.gathered);
    }

    #[inline(always)]
    fn reverse<F, const P: usize, const CAREFUL: bool>(&mut self, program: &Program<F>)
    where
        E: Element<F>,
    {
        let Self { slots, adjoints, saved, gathered, partials } = self;
        let memory = Memory { slots, adjoints, saved, gathered, partials };
        reverse::<F, E, P, CAREFUL>(program, memory);
    }
}

/// Operations computed at once in a single evaluation: as many as there are lanes in a batch, so
/// that the two share their vector code.
const PACK: usize = super::lanes::WIDTH;

/// The evaluations. Whatever the instruction set, they give the same bits: the compiler may not
/// fuse a multiplication with an addition, and the elementary functions do not.
impl<F: Real> Space<F> {
    #[inline(never)]
    pub(super) fn run(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(
            #[inline(always)]
            || self.forward::<F, PACK>(program),
        );
    }

    /// The optimistic reverse sweep.
    #[inline(never)]
    pub(super) fn sweep(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(
            #[inline(always)]
            || self.reverse::<F, PACK, false>(program),
        );
    }

    /// The reverse sweep that looks for 0 · ∞.
    #[cold]
    #[inline(never)]
    pub(super) fn sweep_carefully(&mut self, program: &Program<F>) {
        self.reverse::<F, 1, true>(program);
    }
}

impl<F: Real> Space<Lanes<F>> {
    #[inline(never)]
    pub(super) fn run(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(
            #[inline(always)]
            || self.forward::<F, 1>(program),
        );
    }

    #[inline(never)]
    pub(super) fn sweep(&mut self, program: &Program<F>, arch: pulp::Arch) {
        arch.dispatch(
            #[inline(always)]
            || self.reverse::<F, 1, false>(program),
        );
    }

    #[cold]
    #[inline(never)]
    pub(super) fn sweep_carefully(&mut self, program: &Program<F>) {
        self.reverse::<F, 1, true>(program);
    }
}

/// Evaluations that carry a tangent: for Jacobian-vector products and second derivatives.
impl<F: Real> Space<Dual<F>> {
    #[inline(never)]
    pub(super) fn run(&mut self, program: &Program<F>) {
        self.forward::<F, 1>(program);
    }

    #[inline(never)]
    pub(super) fn sweep(&mut self, program: &Program<F>) {
        self.reverse::<F, 1, true>(program);
    }
}
