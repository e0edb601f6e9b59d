//! Evaluations of programs whose instructions are decoded once, and not each time.
//!
//! Of a cheap operation by itself most of the work is to find out what it is: how long its run is,
//! how its operands are written, where the next instruction begins. The step of a loop, or a small
//! function, is evaluated so often that this is done before. Whatever is no such operation is done
//! by the instruction as it stands in the program, and all bits are the same.

use super::instruction::{Decoded, Instruction, NEGATED};
use super::{forward, packs, reverse};
use crate::function::element::Element;
use crate::function::opcode::{Opcode, single};
use crate::function::program::Program;
use pulp::Simd;
use std::marker::PhantomData;

/// As [`forward::forward`].
#[inline(always)]
pub(super) fn forward<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    memory: &mut forward::Memory<'_, E>,
) {
    for it in memory.decoded {
        let slots = &mut *memory.slots;
        let mut value = forward::Value::<F, E, _> { it, slots, number: PhantomData };
        if single(it.opcode, &mut value) {
            continue;
        }
        if it.opcode == Opcode::Products {
            value.pair();
            continue;
        }
        if const { size_of::<E>() == size_of::<F>() } && it.opcode == Opcode::Output {
            let (words, number) = (it.words(program), PhantomData);
            packs::values(simd, packs::Values::<F, E, P> { it, words, slots, number });
            continue;
        }
        let it = &it.standing(program);
        if it.header.count == 1 && it.header.is_plain_sum() {
            slots[it.out] = forward::lone_sum::<F, E, false>(it.words, slots);
            continue;
        }
        forward::other::<F, E, S, P>(simd, program, forward::Task { memory, it });
    }
}

impl<F, E: Element<F>> forward::Value<'_, F, E, &Decoded> {
    /// a·b ± c·d
    #[inline(always)]
    fn pair(&mut self) {
        let first = self.operand(0) * self.operand(1);
        let second = self.operand(2) * self.operand(3);
        let is_negated = self.it.flags & NEGATED != 0;
        self.slots[self.it.result()] = if is_negated { first - second } else { first + second };
    }
}

/// As [`reverse::reverse`], without a look for 0 · ∞.
#[inline(always)]
pub(super) fn reverse<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    memory: &mut reverse::Memory<'_, E>,
) {
    for it in memory.decoded.iter().rev() {
        let ((slots, adjoints), number) = (memory.pair(), PhantomData);
        let mut flow = reverse::Flow::<F, E, _, false> { it, slots, adjoints, number };
        if single(it.opcode, &mut flow) {
            continue;
        }
        if it.opcode == Opcode::Products {
            flow.pair();
            continue;
        }
        if const { P > 1 } && it.opcode == Opcode::Output {
            let words = it.words(program);
            let run = packs::Flows::<F, E, P, false> { it, words, slots, adjoints, number };
            packs::flows(simd, run);
            continue;
        }
        let it = &mut it.standing(program);
        if it.header.count == 1 && it.header.is_lone_sum() {
            let adjoint = flow.take();
            reverse::lone_sum::<F, E, false>(adjoint, it.words, slots, adjoints);
            continue;
        }
        reverse::other::<F, E, S, P, false>(simd, program, reverse::Task { memory, it });
    }
}

impl<F, E: Element<F>> reverse::Flow<'_, F, E, &Decoded, false> {
    /// a·b ± c·d
    #[inline(always)]
    fn pair(&mut self) {
        let mut adjoint = self.take();
        let (a, b, c, d) = (self.operand(0), self.operand(1), self.operand(2), self.operand(3));
        self.add(0, adjoint, || b);
        self.add(1, adjoint, || a);
        if self.it.flags & NEGATED != 0 {
            adjoint = adjoint.negated();
        }
        self.add(2, adjoint, || d);
        self.add(3, adjoint, || c);
    }
}
