//! The values of a program, instruction by instruction.
//!
//! A cheap operation by itself is computed in the loop. Everything else is a kernel, a function
//! found by the opcode: one loop with all kernels in it would be more than a compiler can take.

mod chains;
mod kernels;

use super::call;
use super::packs;
use super::terms::accumulate;
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

/// The memory of an evaluation.
pub(in crate::function) struct Memory<'m, E: Entry> {
    /// The instructions that there are, for functions that are compiled for each set of them.
    pub(in crate::function) arch: Arch,
    pub(in crate::function) slots: &'m mut [E],
    pub(in crate::function) saved: &'m mut [E],
    pub(in crate::function) gathered: &'m mut [E],
    /// Of lanes, room for one by itself.
    pub(in crate::function) lane: &'m mut [E::Number],
}

/// From so many instructions on, the next ones are in no cache, and the interpreter asks for them
/// before it gets there.
pub(super) const LONG: usize = 1 << 18;

/// Computes all results from the inputs and constants in the slots. `P` operations of a run are
/// computed at once.
#[inline(always)]
pub(in crate::function) fn forward<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    memory: &mut Memory<'_, E>,
) {
    let is_long = program.instructions.len() > LONG;
    let mut next = program.first_result();
    for (number, it) in program.instructions.iter().enumerate() {
        let out = next;
        next += it.count as usize;
        let slots = &mut *memory.slots;
        if is_long {
            prefetch(&program.instructions, number.wrapping_add(AHEAD));
            prefetch(slots, out.wrapping_add(AHEAD));
        }
        let mut value = Value::<F, E> { it, out, slots, of: PhantomData };
        if single(it.opcode, &mut value) {
            continue;
        }
        if it.opcode == Opcode::Products {
            value.pair();
            continue;
        }
        if const { size_of::<E>() == size_of::<F>() } && it.opcode == Opcode::Output {
            let (words, of) = (it.words(program), PhantomData);
            packs::values(simd, packs::Values::<F, E, P> { it, out, words, slots, of });
            continue;
        }
        let it = &it.standing(program, number, out);
        if it.header.count == 1 && it.header.is_plain_sum() {
            slots[it.out] = lone_sum::<F, E, false>(it.words, slots);
            continue;
        }
        other::<F, E, S, P>(simd, program, Task { memory, it });
    }
}

/// What is not a cheap operation by itself. PERF: a call, so that the loop has all registers for
/// those that are.
#[inline(never)]
fn other<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    task: Task<'_, '_, E>,
) {
    let opcode = task.it.header.opcode;
    if opcode.is_of_call() {
        return call::forward(program, *task.it, task.memory.slots, task.memory.saved);
    }
    Kernels::<F, E, S, P>::ALL[opcode as usize].run(simd, task);
}

/// A short sum of products by itself: the link of many a chain.
#[inline(always)]
pub(super) fn lone_sum<F, E: Element<F>, const FUSED: bool>(words: &[u32], slots: &[E]) -> E {
    let mut terms = LoneTerm::all(words);
    let factors = |term: LoneTerm| [slots[term.a], slots[term.b]];
    let mut sum = terms.next().map_or(E::zero(), |term| {
        accumulate::<F, E, FUSED>(E::zero(), factors(term), true, term.join())
    });
    for term in terms {
        sum = accumulate::<F, E, FUSED>(sum, factors(term), false, term.join());
    }
    sum
}

/// A cheap operation by itself.
struct Value<'m, F, E> {
    it: &'m Instruction,
    /// The slot of the result.
    out: usize,
    slots: &'m mut [E],
    of: PhantomData<F>,
}

impl<F, E: Element<F>> Value<'_, F, E> {
    #[inline(always)]
    fn operand(&self, k: usize) -> E {
        self.slots[self.it.operand(k)]
    }

    /// a·b ± c·d
    #[inline(always)]
    fn pair(&mut self) {
        let first = self.operand(0) * self.operand(1);
        let second = self.operand(2) * self.operand(3);
        let is_negated = self.it.flags & NEGATED != 0;
        self.slots[self.out] = if is_negated { first - second } else { first + second };
    }
}

impl<F, E: Element<F>> Single for Value<'_, F, E> {
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        [self.slots[self.out]] = E::unary::<R, 1>([self.operand(0)]);
    }
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let (x, y) = ([self.operand(0)], [self.operand(1)]);
        [self.slots[self.out]] = E::binary::<R, 1>(x, y);
    }
    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let (x, y, z) = ([self.operand(0)], [self.operand(1)], [self.operand(2)]);
        [self.slots[self.out]] = E::ternary::<R, 1>(x, y, z);
    }
}
