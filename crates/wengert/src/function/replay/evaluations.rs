//! The evaluations of a program, compiled for each instruction set.

#[cfg(test)]
mod tests;

use super::space::{PACK, Space};
use super::{forward, one_by_one, reverse};
use crate::function::element::lanes::Lanes;
use crate::function::element::{Element, Entry};
use crate::function::program::Program;
use crate::instructions::{Arch, Baseline, Simd, VectorizedWith};
use crate::scalar::Real;

/// An evaluation, to be compiled for each instruction set. No closure: the function behind a
/// closure's call is not always inlined, and then is compiled for the least of them. PERF: by a
/// reference to the memory, which is as much to copy as some operations are to compute.
struct Forward<'a, 'm, F, E: Entry, const P: usize>(&'a mut forward::Memory<'m, E>, &'a Program<F>);

impl<F, E: Element<F>, const P: usize> VectorizedWith for Forward<'_, '_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self(memory, program) = self;
        forward::forward::<F, E, S, P>(simd, program, memory);
    }
}

/// An optimistic reverse sweep, likewise.
struct Reverse<'a, 'm, F, E: Entry, const P: usize>(&'a mut reverse::Memory<'m, E>, &'a Program<F>);

impl<F, E: Element<F>, const P: usize> VectorizedWith for Reverse<'_, '_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self(memory, program) = self;
        reverse::reverse::<F, E, S, P, false>(simd, program, memory);
    }
}

/// The evaluations of such elements, with packs of so many operations where there are vectors, and
/// by these functions where there are none and where 0 · ∞ is looked for. Whatever the instruction
/// set, they give the same bits: the compiler may not fuse a multiplication with an addition, and
/// the elementary functions do not. Each is a function of its own, for one evaluation and for all
/// steps of a loop, which have slots of their own.
macro_rules! evaluations {
    ($($element:ty, $pack:expr, $run:path, $sweep_carefully:path;)*) => {$(
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
                if !arch.has_vectors() {
                    return $run(memory, program);
                }
                arch.dispatch_vectors(Forward::<F, $element, { $pack }>(&mut memory, program));
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
                if !arch.has_vectors() {
                    return Self::sweep_carefully_in(memory, program);
                }
                arch.dispatch_vectors(Reverse::<F, $element, { $pack }>(&mut memory, program));
            }

            /// The reverse sweep that looks for 0 · ∞.
            #[inline]
            pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, arch: Arch) {
                Self::sweep_carefully_in(self.reverse_memory(arch), program);
            }

            #[inline(never)]
            pub(super) fn sweep_carefully_in(
                memory: reverse::Memory<'_, $element>,
                program: &Program<F>,
            ) {
                $sweep_carefully(memory, program);
            }
        }
    )*};
}
evaluations! {
    F, PACK, run_one, sweep_one_carefully;
    Lanes<F>, 1, run_lanes, sweep_lanes_carefully;
}

fn run_one<F: Real>(mut memory: forward::Memory<'_, F>, program: &Program<F>) {
    forward::forward::<F, F, Baseline, 1>(Baseline, program, &mut memory);
}

fn sweep_one_carefully<F: Real>(mut memory: reverse::Memory<'_, F>, program: &Program<F>) {
    reverse::reverse::<F, F, Baseline, 1, true>(Baseline, program, &mut memory);
}

fn run_lanes<F: Real>(memory: forward::Memory<'_, Lanes<F>>, program: &Program<F>) {
    one_by_one::run(memory, program, Space::<F>::run_in);
}

fn sweep_lanes_carefully<F: Real>(memory: reverse::Memory<'_, Lanes<F>>, program: &Program<F>) {
    one_by_one::sweep_carefully(memory, program, Space::<F>::sweep_carefully_in);
}
