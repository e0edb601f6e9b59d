//! The working memory of an evaluation, and the evaluations themselves, compiled for each
//! instruction set.

#[cfg(test)]
mod tests;

use super::forward;
use super::reverse;
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
        (2 * padded(program) + program.saved + 2 * program.widest) * size_of::<E>()
    }

    /// The slots, for the forward evaluation.
    #[inline(always)]
    fn forward<F, S: Simd, const P: usize>(&mut self, simd: S, arch: Arch, program: &Program<F>)
    where
        E: Element<F>,
    {
        let Self { slots, saved, gathered, .. } = self;
        let memory = forward::Memory { slots, saved, gathered };
        forward::forward::<F, E, S, P>(simd, arch, program, memory);
    }

    #[inline(always)]
    fn reverse<F, S: Simd, const P: usize, const CAREFUL: bool>(
        &mut self,
        simd: S,
        arch: Arch,
        program: &Program<F>,
    ) where
        E: Element<F>,
    {
        let Self { slots, adjoints, saved, gathered, partials, .. } = self;
        let memory = reverse::Memory { slots, adjoints, saved, gathered, partials };
        reverse::reverse::<F, E, S, P, CAREFUL>(simd, arch, program, memory);
    }
}

/// Operations computed at once in a single evaluation: as many as there are lanes in a batch, so
/// that the two share their vector code.
const PACK: usize = crate::function::element::lanes::WIDTH;

/// The slots of a program, and so many more that a pack may begin at the last result.
const fn padded<F>(program: &Program<F>) -> usize {
    if program.headers.is_empty() { program.slots } else { program.slots + PACK - 1 }
}

/// An evaluation, to be compiled for each instruction set. No closure: the function behind a
/// closure's call is not always inlined, and then is compiled for the least of them.
struct Forward<'a, F, E, const P: usize>(&'a mut Space<E>, Arch, &'a Program<F>);

impl<F, E: Element<F>, const P: usize> pulp::WithSimd for Forward<'_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // PERF: without vectors packs bring little, and are much to compile.
        if const { S::F64_LANES == 1 } {
            self.0.forward::<F, S, 1>(simd, self.1, self.2);
        } else {
            self.0.forward::<F, S, P>(simd, self.1, self.2);
        }
    }
}

/// An optimistic reverse sweep, likewise.
struct Reverse<'a, F, E, const P: usize>(&'a mut Space<E>, Arch, &'a Program<F>);

impl<F, E: Element<F>, const P: usize> pulp::WithSimd for Reverse<'_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.0.reverse::<F, S, P, false>(simd, self.1, self.2);
    }
}

/// The evaluations. Whatever the instruction set, they give the same bits: the compiler may not
/// fuse a multiplication with an addition, and the elementary functions do not. Each is a function
/// of its own, for one evaluation and for all steps of a loop.
impl<F: Real> Space<F> {
    #[inline(never)]
    pub(in crate::function) fn run(&mut self, program: &Program<F>, arch: Arch) {
        dispatch(arch, Forward::<F, F, PACK>(self, arch, program));
    }

    /// The optimistic reverse sweep, where there are vectors.
    #[inline(never)]
    pub(in crate::function) fn sweep(&mut self, program: &Program<F>, arch: Arch) {
        if !has_vectors(arch) {
            return self.sweep_carefully(program, arch);
        }
        dispatch_vectors(arch, Reverse::<F, F, PACK>(self, arch, program));
    }

    /// The reverse sweep that looks for 0 · ∞.
    #[inline(never)]
    pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, arch: Arch) {
        self.reverse::<F, Scalar, 1, true>(Scalar, arch, program);
    }
}

impl<F: Real> Space<Lanes<F>> {
    #[inline(never)]
    pub(in crate::function) fn run(&mut self, program: &Program<F>, arch: Arch) {
        dispatch(arch, Forward::<F, Lanes<F>, 1>(self, arch, program));
    }

    #[inline(never)]
    pub(in crate::function) fn sweep(&mut self, program: &Program<F>, arch: Arch) {
        if !has_vectors(arch) {
            return self.sweep_carefully(program, arch);
        }
        dispatch_vectors(arch, Reverse::<F, Lanes<F>, 1>(self, arch, program));
    }

    #[inline(never)]
    pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, arch: Arch) {
        self.reverse::<F, Scalar, 1, true>(Scalar, arch, program);
    }
}
