//! Lanes evaluated one after the other, by the interpreter of single numbers: where there are no
//! vectors, and where 0 met ∞ and a sweep looks. Both are rare, and not worth an interpreter of
//! lanes that all builds compile. Of a lane the bits are the same.

use super::{forward, reverse};
use crate::function::element::lanes::{Lanes, WIDTH, put, take};
use crate::function::program::Program;
use crate::instructions::Arch;
use crate::scalar::Real;

/// All values, by an evaluation of one lane.
pub(super) fn run<F: Real>(
    memory: forward::Memory<'_, Lanes<F>>,
    program: &Program<F>,
    run: impl Fn(forward::Memory<'_, F>, &Program<F>),
) {
    let forward::Memory { arch, slots, saved, lane, .. } = memory;
    let (inputs, results) = (program.first_result(), program.first_result()..program.slots);
    for number in 0..WIDTH {
        let mut one = Lane::of(lane, program);
        take(&slots[..inputs], number, one.slots);
        run(one.forward_memory(arch), program);
        put(&mut slots[results.clone()], number, &one.slots[results.clone()]);
        put(saved, number, one.saved);
    }
}

/// The reverse sweep that looks for 0 · ∞, by that of one lane.
pub(super) fn sweep_carefully<F: Real>(
    memory: reverse::Memory<'_, Lanes<F>>,
    program: &Program<F>,
    sweep: impl Fn(reverse::Memory<'_, F>, &Program<F>),
) {
    let reverse::Memory { arch, slots, adjoints, saved, lane, .. } = memory;
    for number in 0..WIDTH {
        let mut one = Lane::of(lane, program);
        take(slots, number, one.slots);
        take(saved, number, one.saved);
        take(adjoints, number, one.adjoints);
        sweep(one.reverse_memory(arch), program);
        put(adjoints, number, one.adjoints);
    }
}

/// The memory of a lane by itself.
struct Lane<'m, F> {
    slots: &'m mut [F],
    adjoints: &'m mut [F],
    saved: &'m mut [F],
    gathered: &'m mut [F],
    partials: &'m mut [F],
}

impl<'m, F: Real> Lane<'m, F> {
    fn of(lane: &'m mut [F], program: &Program<F>) -> Self {
        let (slots, rest) = lane.split_at_mut(program.slots);
        let (adjoints, rest) = rest.split_at_mut(program.slots);
        let (saved, rest) = rest.split_at_mut(program.saved);
        let (gathered, partials) = rest.split_at_mut(program.widest);
        Self { slots, adjoints, saved, gathered, partials }
    }

    fn forward_memory(&mut self, arch: Arch) -> forward::Memory<'_, F> {
        let Self { slots, saved, gathered, .. } = self;
        forward::Memory { arch, slots, saved, gathered, lane: &mut [] }
    }

    fn reverse_memory(&mut self, arch: Arch) -> reverse::Memory<'_, F> {
        let Self { slots, adjoints, saved, gathered, partials } = self;
        reverse::Memory { arch, slots, adjoints, saved, gathered, partials, lane: &mut [] }
    }
}
