//! The working memory of an evaluation.

use super::{forward, reverse};
use crate::function::element::{Element, Entry};
use crate::function::program::Program;
use crate::instructions::Arch;
use crate::scalar::Real;

/// Memory for one evaluation at a time of one program.
#[derive(Clone, Debug)]
pub(in crate::function) struct Space<E: Entry> {
    /// Inputs, constants, results.
    pub(in crate::function) slots: Vec<E>,
    pub(in crate::function) adjoints: Vec<E>,
    pub(in crate::function) saved: Vec<E>,
    gathered: Vec<E>,
    partials: Vec<E>,
    /// Where there are lanes, all of this for one by itself.
    lane: Vec<E::Number>,
    /// Whether sweeps have begun and were not ended: what they left of adjoints is not zero.
    is_swept: bool,
}

impl<E: Entry> Space<E> {
    pub(in crate::function) fn of<F: Real>(program: &Program<F>) -> Self
    where
        E: Element<F>,
    {
        let mut slots = vec![E::zero(); padded(program)];
        let constants = &mut slots[program.inputs()..program.first_result()];
        for (slot, &constant) in constants.iter_mut().zip(&program.constants) {
            *slot = E::splat(constant);
        }
        Self {
            slots,
            adjoints: vec![E::zero(); padded(program)],
            saved: vec![E::zero(); program.saved],
            gathered: vec![E::zero(); program.widest],
            partials: vec![E::zero(); program.widest],
            lane: vec![F::zero(); lane::<F, E>(program)],
            is_swept: false,
        }
    }

    /// Before the seeds of a sweep, which leaves the adjoints zero for the next when it ends. Where
    /// an error, or a panic of a user's operation, kept the one before from its end, they are made
    /// so now.
    #[inline]
    pub(in crate::function) fn begin_sweep<F>(&mut self)
    where
        E: Element<F>,
    {
        if std::mem::replace(&mut self.is_swept, true) {
            self.adjoints.fill(E::zero());
        }
    }

    /// Behind a sweep, when the adjoints of the inputs are taken.
    #[inline]
    pub(in crate::function) const fn end_sweep(&mut self) {
        self.is_swept = false;
    }

    /// The bytes that [`Space::of`] takes from the heap.
    pub(in crate::function) const fn bytes<F>(program: &Program<F>) -> usize {
        let entries = 2 * padded(program) + program.saved + 2 * program.widest;
        entries * size_of::<E>() + lane::<F, E>(program) * size_of::<F>()
    }

    /// The memory of a forward evaluation.
    #[inline(always)]
    pub(in crate::function) fn forward_memory(&mut self, arch: Arch) -> forward::Memory<'_, E> {
        let Self { slots, saved, gathered, lane, .. } = self;
        forward::Memory { arch, slots, saved, gathered, lane }
    }

    /// The memory of a sweep.
    #[inline(always)]
    pub(in crate::function) fn reverse_memory(&mut self, arch: Arch) -> reverse::Memory<'_, E> {
        let Self { slots, adjoints, saved, gathered, partials, lane, .. } = self;
        reverse::Memory { arch, slots, adjoints, saved, gathered, partials, lane }
    }
}

/// Operations of a run that are computed at once in a single evaluation.
pub(super) const PACK: usize = crate::function::element::arrays::WIDTH;

/// The slots of a program, and so many more that a pack may begin at the last result.
const fn padded<F>(program: &Program<F>) -> usize {
    if program.headers.is_empty() { program.slots } else { program.slots + PACK - 1 }
}

/// The slots behind a program's own that an evaluation of such elements may write to: samples side
/// by side make no packs.
pub(in crate::function) const fn padding<F, E: Entry>(program: &Program<F>) -> usize {
    if E::LANES > 1 { 0 } else { padded(program) - program.slots }
}

/// The numbers of the memory that a lane by itself takes.
const fn lane<F, E: Entry>(program: &Program<F>) -> usize {
    let numbers = 2 * program.slots + program.saved + 2 * program.widest;
    if E::LANES > 1 { numbers } else { 0 }
}
