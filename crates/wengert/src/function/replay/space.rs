//! The working memory of an evaluation, and the evaluations themselves, compiled for each
//! instruction set.

#[cfg(test)]
mod tests;

use super::{forward, reverse};
use crate::function::element::Element;
use crate::function::element::lanes::Lanes;
use crate::function::instructions::{dispatch, dispatch_vectors, has_vectors};
use crate::function::program::Program;
use crate::scalar::Real;
use pulp::{Arch, Scalar, Simd};

/// Memory for one evaluation at a time of one program.
#[derive(Clone, Debug)]
pub(in crate::function) struct Space<E> {
    /// Inputs, constants, results.
    pub(in crate::function) slots: Vec<E>,
    pub(in crate::function) adjoints: Vec<E>,
    pub(in crate::function) saved: Vec<E>,
    gathered: Vec<E>,
    partials: Vec<E>,
    /// Whether sweeps have begun and were not ended: what they left of adjoints is not zero.
    is_swept: bool,
}

impl<E> Space<E> {
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
        let numbers = 2 * padded(program) + program.saved + 2 * program.widest;
        numbers * size_of::<E>()
    }

    /// The memory of a forward evaluation.
    #[inline(always)]
    pub(in crate::function) fn forward_memory(&mut self, arch: Arch) -> forward::Memory<'_, E> {
        let Self { slots, saved, gathered, .. } = self;
        forward::Memory { arch, slots, saved, gathered }
    }

    /// The memory of a sweep.
    #[inline(always)]
    pub(in crate::function) fn reverse_memory(&mut self, arch: Arch) -> reverse::Memory<'_, E> {
        let Self { slots, adjoints, saved, gathered, partials, .. } = self;
        reverse::Memory { arch, slots, adjoints, saved, gathered, partials }
    }
}

/// Operations of a run that are computed at once in a single evaluation.
const PACK: usize = crate::function::element::arrays::WIDTH;

/// The slots of a program, and so many more that a pack may begin at the last result.
const fn padded<F>(program: &Program<F>) -> usize {
    if program.headers.is_empty() { program.slots } else { program.slots + PACK - 1 }
}

/// The slots behind a program's own that an evaluation of such elements may write to: samples side
/// by side make no packs.
pub(in crate::function) const fn padding<F, E>(program: &Program<F>) -> usize {
    if size_of::<E>() > size_of::<F>() { 0 } else { padded(program) - program.slots }
}

/// An evaluation, to be compiled for each instruction set. No closure: the function behind a
/// closure's call is not always inlined, and then is compiled for the least of them. PERF: by a
/// reference to the memory, which is as much to copy as some operations are to compute.
struct Forward<'a, 'm, F, E, const P: usize>(&'a mut forward::Memory<'m, E>, &'a Program<F>);

impl<F, E: Element<F>, const P: usize> Forward<'_, '_, F, E, P> {
    #[inline(always)]
    fn run<S: Simd, const PACKED: usize>(self, simd: S) {
        let Self(memory, program) = self;
        forward::forward::<F, E, S, PACKED>(simd, program, memory);
    }
}

impl<F, E: Element<F>, const P: usize> pulp::WithSimd for Forward<'_, '_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // PERF: without vectors packs bring little, and are much to compile.
        if const { S::F64_LANES == 1 } {
            self.run::<S, 1>(simd);
        } else {
            self.run::<S, P>(simd);
        }
    }
}

/// An optimistic reverse sweep, likewise.
struct Reverse<'a, 'm, F, E, const P: usize>(&'a mut reverse::Memory<'m, E>, &'a Program<F>);

impl<F, E: Element<F>, const P: usize> pulp::WithSimd for Reverse<'_, '_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self(memory, program) = self;
        reverse::reverse::<F, E, S, P, false>(simd, program, memory);
    }
}

/// The evaluations of such elements, with packs of so many operations. Whatever the instruction set,
/// they give the same bits: the compiler may not fuse a multiplication with an addition, and the
/// elementary functions do not. Each is a function of its own, for one evaluation and for all steps
/// of a loop, which have slots of their own.
macro_rules! evaluations {
    ($($element:ty, $pack:expr;)*) => {$(
        impl<F: Real> Space<$element> {
            #[inline]
            pub(in crate::function) fn run(&mut self, program: &Program<F>, arch: Arch) {
                Self::run_in(self.forward_memory(arch), program);
            }

            #[inline(never)]
            pub(super) fn run_in(
                mut memory: forward::Memory<'_, $element>,
                program: &Program<F>,
            ) {
                let arch = memory.arch;
                dispatch(arch, Forward::<F, $element, { $pack }>(&mut memory, program));
            }

            /// The optimistic reverse sweep, where there are vectors.
            #[inline]
            pub(in crate::function) fn sweep(&mut self, program: &Program<F>, arch: Arch) {
                Self::sweep_in(self.reverse_memory(arch), program);
            }

            #[inline(never)]
            pub(super) fn sweep_in(
                mut memory: reverse::Memory<'_, $element>,
                program: &Program<F>,
            ) {
                let arch = memory.arch;
                if !has_vectors(arch) {
                    return Self::sweep_carefully_in(memory, program);
                }
                dispatch_vectors(arch, Reverse::<F, $element, { $pack }>(&mut memory, program));
            }

            /// The reverse sweep that looks for 0 · ∞.
            #[inline]
            pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, arch: Arch) {
                Self::sweep_carefully_in(self.reverse_memory(arch), program);
            }

            #[inline(never)]
            pub(super) fn sweep_carefully_in(
                mut memory: reverse::Memory<'_, $element>,
                program: &Program<F>,
            ) {
                reverse::reverse::<F, $element, Scalar, 1, true>(Scalar, program, &mut memory);
            }
        }
    )*};
}
evaluations! {
    F, PACK;
    Lanes<F>, 1;
}
