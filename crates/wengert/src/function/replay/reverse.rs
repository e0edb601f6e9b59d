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

use super::call;
use super::forward::LONG;
use super::packs;
use crate::function::element::arrays::array;
use crate::function::element::{Element, Entry};
use crate::function::opcode::{Opcode, Single, single};
use crate::function::program::Program;
use crate::function::program::columns::LoneTerm;
use crate::function::program::instruction::{Instruction, NEGATED};
use crate::instructions::{Arch, Simd};
use crate::ops::{Binary, Ternary, Unary};
use crate::store::{AHEAD, prefetch};
use kernels::{Kernels, Task};
use std::marker::PhantomData;

/// The memory that a sweep works in, as the forward evaluation left it.
pub(in crate::function) struct Memory<'m, E: Entry> {
    /// The instructions that there are, for functions that are compiled for each set of them.
    pub(in crate::function) arch: Arch,
    pub(in crate::function) slots: &'m [E],
    pub(in crate::function) adjoints: &'m mut [E],
    pub(in crate::function) saved: &'m [E],
    pub(in crate::function) gathered: &'m mut [E],
    pub(in crate::function) partials: &'m mut [E],
    /// Of lanes, room for one by itself.
    pub(in crate::function) lane: &'m mut [E::Number],
}

impl<E: Entry> Memory<'_, E> {
    /// The slots and their adjoints. PERF: as many as the compiler then knows, so that a slot is looked
    /// at once for both.
    #[inline(always)]
    fn pair(&mut self) -> (&[E], &mut [E]) {
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
    let is_long = program.instructions.len() > LONG;
    let mut out = program.slots;
    for (number, it) in program.instructions.iter().enumerate().rev() {
        out -= it.count as usize;
        let ((slots, adjoints), of) = (memory.pair(), PhantomData);
        if is_long {
            prefetch(&program.instructions, number.wrapping_sub(AHEAD));
            prefetch(slots, out.wrapping_sub(AHEAD));
            prefetch(adjoints, out.wrapping_sub(AHEAD));
        }
        let mut flow = Flow::<F, E, CAREFUL> { it, out, slots, adjoints, of };
        if CAREFUL && it.opcode == Opcode::Chain {
            flow.chain();
            continue;
        }
        if single(it.opcode, &mut flow) {
            continue;
        }
        if it.opcode == Opcode::Products {
            flow.pair();
            continue;
        }
        if const { size_of::<E>() == size_of::<F>() } && it.opcode == Opcode::Output {
            let words = it.words(program);
            let run = packs::Flows::<F, E, P, CAREFUL> { it, out, words, slots, adjoints, of };
            packs::flows(simd, run);
            continue;
        }
        let it = &it.standing(program, number, out);
        if CAREFUL && matches!(it.header.opcode, Opcode::Chain | Opcode::Chains) {
            chains::hand_on::<F, E>(*it, slots, adjoints);
            continue;
        }
        if it.header.count == 1 && it.header.is_lone_sum() {
            let adjoint = flow.take();
            lone_sum::<F, E, CAREFUL>(adjoint, it.words, slots, adjoints);
            continue;
        }
        other::<F, E, S, P, CAREFUL>(simd, program, Task { memory, it });
    }
}

/// What is not a cheap operation by itself. PERF: a call, so that the loop has all registers for
/// those that are.
#[inline(never)]
fn other<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    program: &Program<F>,
    task: Task<'_, '_, E>,
) {
    let opcode = task.it.header.opcode;
    if opcode.is_of_call() {
        let Memory { saved, slots, adjoints, .. } = task.memory;
        return call::reverse(program, *task.it, saved, slots, adjoints);
    }
    Kernels::<F, E, S, P, CAREFUL>::ALL[opcode as usize].run(simd, task);
}

/// Hands on the adjoint of a short sum of products by itself, the link of many a chain.
#[inline(always)]
fn lone_sum<F, E: Element<F>, const CAREFUL: bool>(
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
struct Flow<'m, F, E, const CAREFUL: bool> {
    it: &'m Instruction,
    /// The slot of the result.
    out: usize,
    slots: &'m [E],
    adjoints: &'m mut [E],
    of: PhantomData<F>,
}

/// An operand: its slot, and whether an adjoint flows into it. PERF: read before the first store, which
/// to the compiler could change the instruction.
#[derive(Clone, Copy)]
struct To {
    slot: usize,
    is_active: bool,
}

impl<F, E: Element<F>, const CAREFUL: bool> Flow<'_, F, E, CAREFUL> {
    #[inline(always)]
    fn operands<const N: usize>(&self) -> [To; N] {
        let flags = self.it.flags;
        array(
            #[inline(always)]
            |k| To { slot: self.it.operand(k), is_active: flags & 1 << k != 0 },
        )
    }

    #[inline(always)]
    fn value(&self, operand: To) -> E {
        self.slots[operand.slot]
    }

    /// The adjoint of the result, which is left zero.
    #[inline(always)]
    fn take(&mut self) -> E {
        std::mem::replace(&mut self.adjoints[self.out], E::zero())
    }

    #[inline(always)]
    fn add(&mut self, operand: To, adjoint: E, partial: impl FnOnce() -> E) {
        if operand.is_active {
            self.adjoints[operand.slot] += adjoint.flow::<CAREFUL>(partial());
        }
    }

    /// a·b ± c·d
    #[inline(always)]
    fn pair(&mut self) {
        let is_negated = self.it.flags & NEGATED != 0;
        let operands: [To; 4] = self.operands();
        let [a, b, c, d] = operands.map(|operand| self.value(operand));
        let mut adjoint = self.take();
        self.add(operands[0], adjoint, || b);
        self.add(operands[1], adjoint, || a);
        if is_negated {
            adjoint = adjoint.negated();
        }
        self.add(operands[2], adjoint, || d);
        self.add(operands[3], adjoint, || c);
    }

    /// A product of the chain rule by itself.
    #[inline(always)]
    fn chain(&mut self) {
        let operands: [To; 2] = self.operands();
        let (factors, out) = (operands.map(|operand| operand.slot), self.out);
        let active = operands.map(|operand| operand.is_active);
        chains::hand_on_one::<F, E>(self.slots, self.adjoints, out, factors, active);
    }
}

impl<F, E: Element<F>, const CAREFUL: bool> Single for Flow<'_, F, E, CAREFUL> {
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        let [operand] = self.operands();
        let (x, y) = ([self.value(operand)], [self.slots[self.out]]);
        let adjoint = self.take();
        self.add(operand, adjoint, || E::slope::<R, 1>(x, y)[0]);
    }
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let [left, right] = self.operands();
        let (x, y) = ([self.value(left)], [self.value(right)]);
        let z = [self.slots[self.out]];
        let adjoint = self.take();
        self.add(left, adjoint, || E::left::<R, 1>(x, y, z)[0]);
        self.add(right, adjoint, || E::right::<R, 1>(x, y, z)[0]);
    }
    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let operands: [To; 3] = self.operands();
        let [x, y, z] = operands.map(|operand| [self.value(operand)]);
        let partials = E::partials::<R, 1>([true; 3], x, y, z);
        let adjoint = self.take();
        for (operand, [partial]) in operands.into_iter().zip(partials) {
            self.add(operand, adjoint, || partial);
        }
    }
}
