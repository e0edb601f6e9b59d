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

pub(super) use kernels::Task;

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
    /// The instructions that there are, for functions that are compiled for each set of them.
    pub(in crate::function) arch: Arch,
    pub(in crate::function) slots: &'m [E],
    pub(in crate::function) adjoints: &'m mut [E],
    pub(in crate::function) saved: &'m [E],
    pub(in crate::function) gathered: &'m mut [E],
    pub(in crate::function) partials: &'m mut [E],
    /// The program's instructions decoded, or nothing.
    pub(in crate::function) decoded: &'m [Decoded],
}

impl<E> Memory<'_, E> {
    /// The slots and their adjoints. PERF: as many as the compiler then knows, so that a slot is looked
    /// at once for both.
    #[inline(always)]
    pub(super) fn pair(&mut self) -> (&[E], &mut [E]) {
        let slots = self.slots;
        (slots, &mut self.adjoints[..slots.len()])
    }
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
    program: &Program<F>,
    memory: &mut Memory<'_, E>,
) {
    let (mut out, mut at, mut kept) = (program.slots, program.words.len(), program.saved);
    for &header in program.headers.iter().rev() {
        at -= header.words_behind(&program.words[..at]);
        out -= header.count as usize;
        let words = &program.words[at..];
        let (slots, adjoints) = memory.pair();
        // PERF: what a long program wants next is in no cache; short ones are decoded before.
        prefetch(slots, out.wrapping_sub(AHEAD));
        prefetch(adjoints, out.wrapping_sub(AHEAD));
        prefetch(&program.words, at.wrapping_sub(3 * AHEAD));
        let it = Standing { words, header, out, kept };
        if CAREFUL && matches!(header.opcode, Opcode::Chain | Opcode::Chains) {
            chains::hand_on::<F, E>(it, slots, adjoints);
            continue;
        }
        if header.count == 1 {
            let mut flow = Flow::<F, E, _, CAREFUL> { it, slots, adjoints, number: PhantomData };
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
        // PERF: one of its own, as in the forward evaluation.
        let it = &mut Standing { words, header, out, kept };
        other::<F, E, S, P, CAREFUL>(simd, program, Task { memory, it });
    }
}

/// What is not a cheap operation by itself. PERF: a call, so that the loop has all registers for
/// those that are.
#[inline(never)]
pub(super) fn other<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    program: &Program<F>,
    task: Task<'_, '_, E>,
) {
    let opcode = task.it.header.opcode;
    if opcode.is_of_call() {
        let Memory { saved, slots, adjoints, .. } = task.memory;
        return call::reverse(program, *task.it, saved, slots, adjoints);
    }
    task.it.header.opcode = opcode.without_look();
    if const { P > 1 } && Decoded::may_be_run(task.it.header) {
        return short_run::<F, E, S, P, CAREFUL>(simd, task);
    }
    Kernels::<F, E, S, P, CAREFUL>::ALL[task.it.header.opcode as usize].run(simd, task);
}

/// Hands on what flows from a short run of one of the cheapest operations, as in the forward evaluation.
#[inline(never)]
fn short_run<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    task: Task<'_, '_, E>,
) {
    let Standing { words, header, out, .. } = *task.it;
    let run = Decoded::run(header, words, out).filter(|it| !it.meets(words));
    let Some(it) = &run else {
        return Kernels::<F, E, S, P, CAREFUL>::ALL[header.opcode as usize].run(simd, task);
    };
    let ((slots, adjoints), number) = (task.memory.pair(), PhantomData);
    packs::flows(simd, packs::Flows::<F, E, P, CAREFUL> { it, words, slots, adjoints, number });
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
