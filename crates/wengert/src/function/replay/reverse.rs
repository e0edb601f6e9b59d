//! The adjoints of a program, from its last instruction back to the first.
//!
//! The sweep is optimistic: it multiplies adjoints and partials without looking, where 0 · ∞
//! should be 0 but is NaN. A number that is not finite stays so in every sum and product, and
//! what depends on a variable always hands on to something that does; so it shows in the
//! gradient if it occurred anywhere, and then the careful sweep is made, which looks.
//!
//! Adjoints are consumed: a sweep finds all of them zero but the seeds, and leaves all zero but
//! those of the inputs and of what depends on no variable, which nobody reads.

mod chains;
mod kernels;

pub(super) use kernels::Run;

use super::call;
use super::instruction::{Decoded, Instruction, Standing};
use super::packs;
use crate::function::element::Element;
use crate::function::opcode::{Opcode, Single, single};
use crate::function::program::Program;
use crate::function::program::columns::LoneTerm;
use crate::ops::{Binary, Ternary, Unary};
use crate::store::{AHEAD, prefetch};
use kernels::Kernels;
use pulp::{Arch, Simd};
use std::marker::PhantomData;

/// The memory that a sweep works in, as the forward evaluation left it.
pub(in crate::function) struct Memory<'m, E> {
    pub(in crate::function) slots: &'m [E],
    pub(in crate::function) adjoints: &'m mut [E],
    pub(in crate::function) saved: &'m [E],
    pub(in crate::function) gathered: &'m mut [E],
    pub(in crate::function) partials: &'m mut [E],
    /// The program's instructions decoded, or nothing.
    pub(in crate::function) decoded: &'m [Decoded],
}

/// Adds to the adjoints of the inputs all that flows down from the seeds.
#[inline(always)]
pub(in crate::function) fn reverse<
    F,
    E: Element<F>,
    S: Simd,
    const P: usize,
    const CAREFUL: bool,
>(
    simd: S,
    arch: Arch,
    program: &Program<F>,
    memory: Memory<'_, E>,
) {
    let Memory { slots, adjoints, saved, gathered, partials, .. } = memory;
    // PERF: as many as the compiler then knows, so that a slot is looked at once for both.
    let adjoints = &mut adjoints[..slots.len()];
    let (mut out, mut at, mut kept) = (program.slots, program.words.len(), program.saved);
    for &header in program.headers.iter().rev() {
        at -= header.words_behind(&program.words[..at]);
        out -= header.count as usize;
        let words = &program.words[at..];
        // PERF: what a long program wants next is in no cache; short ones are decoded before.
        prefetch(slots, out.wrapping_sub(AHEAD));
        prefetch(adjoints, out.wrapping_sub(AHEAD));
        prefetch(&program.words, at.wrapping_sub(3 * AHEAD));
        if CAREFUL && matches!(header.opcode, Opcode::Chain | Opcode::Chains) {
            let saved = &saved[kept..];
            chains::hand_on::<F, E>(Run {
                arch,
                slots,
                adjoints,
                saved,
                gathered,
                partials,
                words,
                header,
                out,
            });
            continue;
        }
        if header.count == 1 {
            let (it, number) = (Standing { words, header, out }, PhantomData);
            let mut flow = Flow::<F, E, _, CAREFUL> { it, slots, adjoints, number };
            if single(header.opcode, &mut flow) {
                continue;
            }
            if header.is_lone_sum() {
                let adjoint = flow.take();
                lone_sum::<F, E, CAREFUL>(adjoint, words, slots, adjoints);
                continue;
            }
        }
        kept -= header.keeps(words);
        let saved = &saved[kept..];
        let run = Run { arch, slots, adjoints, saved, gathered, partials, words, header, out };
        other::<F, E, S, P, CAREFUL>(simd, program, run);
    }
}

/// What is not a cheap operation by itself. PERF: a call, so that the loop has all registers for
/// those that are.
#[inline(never)]
pub(super) fn other<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    program: &Program<F>,
    mut run: Run<'_, E>,
) {
    if run.header.opcode.is_of_call() {
        let Run { header, words, saved, slots, adjoints, .. } = run;
        return call::reverse(program, header, words, saved, slots, adjoints);
    }
    // PERF: in its place, since a run is as much to copy as some operations are to compute.
    run.header.opcode = run.header.opcode.without_look();
    let header = run.header;
    if const { P > 1 }
        && let Some(it) = Decoded::run(header, run.words, run.out)
        && !it.meets(run.words)
    {
        let Run { words, slots, adjoints, .. } = run;
        let (it, number) = (&it, PhantomData);
        return packs::flows(
            simd,
            packs::Flows::<F, E, P, CAREFUL> { it, words, slots, adjoints, number },
        );
    }
    Kernels::<F, E, S, P, CAREFUL>::ALL[header.opcode as usize].run(simd, run);
}

/// Hands on the adjoint of a short sum of products by itself, the link of many a chain.
#[inline(always)]
pub(super) fn lone_sum<F, E: Element<F>, const CAREFUL: bool>(
    adjoint: E,
    words: &[u32],
    slots: &[E],
    adjoints: &mut [E],
) {
    for term in LoneTerm::all(words) {
        let adjoint = if term.join().is_negated { adjoint.negated() } else { adjoint };
        if term.is_a_active() {
            adjoints[term.a] += adjoint.flow::<CAREFUL>(slots[term.b]);
        }
        if term.is_b_active() {
            adjoints[term.b] += adjoint.flow::<CAREFUL>(slots[term.a]);
        }
    }
}

/// A cheap operation by itself.
pub(super) struct Flow<'m, F, E, I, const CAREFUL: bool> {
    pub(super) it: I,
    pub(super) slots: &'m [E],
    pub(super) adjoints: &'m mut [E],
    pub(super) number: PhantomData<F>,
}

impl<F, E: Element<F>, I: Instruction, const CAREFUL: bool> Flow<'_, F, E, I, CAREFUL> {
    #[inline(always)]
    pub(super) fn operand(&self, k: usize) -> E {
        self.slots[self.it.operand(k)]
    }

    /// The adjoint of the result, which is left zero.
    #[inline(always)]
    pub(super) fn take(&mut self) -> E {
        std::mem::replace(&mut self.adjoints[self.it.result()], E::zero())
    }

    #[inline(always)]
    pub(super) fn add(&mut self, k: usize, adjoint: E, partial: impl FnOnce() -> E) {
        if self.it.is_active(k) {
            self.adjoints[self.it.operand(k)] += adjoint.flow::<CAREFUL>(partial());
        }
    }
}

impl<F, E: Element<F>, I: Instruction, const CAREFUL: bool> Single for Flow<'_, F, E, I, CAREFUL> {
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        let (x, y) = ([self.operand(0)], [self.slots[self.it.result()]]);
        let adjoint = self.take();
        self.add(0, adjoint, || E::slope::<R, 1>(x, y)[0]);
    }
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let (x, y) = ([self.operand(0)], [self.operand(1)]);
        let z = [self.slots[self.it.result()]];
        let adjoint = self.take();
        self.add(0, adjoint, || E::left::<R, 1>(x, y, z)[0]);
        self.add(1, adjoint, || E::right::<R, 1>(x, y, z)[0]);
    }
    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let (x, y, z) = ([self.operand(0)], [self.operand(1)], [self.operand(2)]);
        let [[x], [y], [z]] = E::partials::<R, 1>([true; 3], x, y, z);
        let adjoint = self.take();
        self.add(0, adjoint, || x);
        self.add(1, adjoint, || y);
        self.add(2, adjoint, || z);
    }
}
