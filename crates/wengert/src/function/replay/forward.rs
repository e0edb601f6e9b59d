//! The values of a program, instruction by instruction.
//!
//! A cheap operation by itself is computed in the loop. Everything else is a kernel, a function
//! found by the opcode: one loop with all kernels in it would be more than a compiler can take.

mod chains;
mod kernels;

pub(super) use kernels::Task;
pub(in crate::function) use kernels::wide;

use super::call;
use super::instruction::{Decoded, Instruction, Standing};
use super::packs;
use super::terms::accumulate;
use crate::function::element::Element;
use crate::function::opcode::{Single, single};
use crate::function::program::columns::LoneTerm;
use crate::function::program::{Header, Program};
use crate::ops::{Binary, Ternary, Unary};
use kernels::Kernels;
use pulp::{Arch, NullaryFnOnce, Simd};
use std::marker::PhantomData;

/// The memory of an evaluation.
pub(in crate::function) struct Memory<'m, E> {
    /// The instructions that there are, for functions that are compiled for each set of them.
    pub(in crate::function) arch: Arch,
    pub(in crate::function) slots: &'m mut [E],
    pub(in crate::function) saved: &'m mut [E],
    pub(in crate::function) gathered: &'m mut [E],
    /// The program's instructions decoded, or nothing.
    pub(in crate::function) decoded: &'m [Decoded],
}

/// Computes all results from the inputs and constants in the slots. `P` operations of a run are
/// computed at once.
#[inline(always)]
pub(in crate::function) fn forward<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    memory: &mut Memory<'_, E>,
) {
    let (mut out, mut at, mut kept) = (program.first_result(), 0, 0);
    for &header in &program.headers {
        let words = &program.words[at..];
        if header.count == 1 {
            let (it, number) = (Standing { words, header, out, kept }, PhantomData);
            let slots = &mut *memory.slots;
            let mut value = Value::<F, E, _> { it, slots, number };
            if single(header.opcode, &mut value) {
                at += header.opcode.words_of_one();
                out += 1;
                continue;
            }
            if header.is_plain_sum() {
                slots[out] = lone_sum::<F, E, false>(words, slots);
                at += words[0] as usize;
                out += 1;
                continue;
            }
        }
        // PERF: one of its own, which is in memory, and what a cheap operation needs is not.
        let it = &Standing { words, header, out, kept };
        other::<F, E, S, P>(simd, program, Task { memory, it });
        kept += header.keeps(words);
        at += header.words(words);
        out += header.count as usize;
    }
}

/// What is not a cheap operation by itself. PERF: a call, so that the loop has all registers for
/// those that are.
#[inline(never)]
pub(super) fn other<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    task: Task<'_, '_, E>,
) {
    let opcode = task.it.header.opcode;
    if opcode.is_of_call() {
        return call::forward(program, *task.it, task.memory.slots, task.memory.saved);
    }
    if opcode != opcode.without_look() {
        return with_look::<F, E, S, P>(simd, program, task);
    }
    without_look::<F, E, S, P>(simd, program, task);
}

/// Computes products with 0 · ∞ = 0: without a look at it, and again with one where a result is NaN.
#[inline(never)]
fn with_look<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    Task { memory, it }: Task<'_, '_, E>,
) {
    let Standing { header, out, .. } = *it;
    let plain = Header { opcode: header.opcode.without_look(), ..header };
    let plain = Standing { header: plain, ..*it };
    without_look::<F, E, S, P>(simd, program, Task { memory, it: &plain });
    let (results, number) = (&memory.slots[out..out + header.count as usize], PhantomData);
    if simd.vectorize(HasNan { results, number }) {
        chains::again::<F, E>(*it, memory.slots);
    }
}

/// Whether a result is NaN. PERF: all are looked at, several at once.
struct HasNan<'m, F, E> {
    results: &'m [E],
    number: PhantomData<F>,
}

impl<F, E: Element<F>> NullaryFnOnce for HasNan<'_, F, E> {
    type Output = bool;
    #[inline(always)]
    fn call(self) -> bool {
        self.results.iter().fold(false, |has, result| has | result.has_nan())
    }
}

/// Computes an instruction that is no call and has no product of the chain rule.
#[inline(always)]
fn without_look<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    task: Task<'_, '_, E>,
) {
    let header = task.it.header;
    // A call gives its outputs before their turn comes.
    if const { P > 1 } && Decoded::may_be_run(header) && program.calls.is_empty() {
        return short_run::<F, E, S, P>(simd, task);
    }
    Kernels::<F, E, S, P>::ALL[header.opcode as usize].run(simd, task);
}

/// Computes a short run of one of the cheapest operations. PERF: a call, so that what comes to its
/// kernel need not make room for what a run is made of.
#[inline(never)]
fn short_run<F, E: Element<F>, S: Simd, const P: usize>(simd: S, task: Task<'_, '_, E>) {
    let Standing { words, header, out, .. } = *task.it;
    let Some(it) = &Decoded::run(header, words, out) else {
        return Kernels::<F, E, S, P>::ALL[header.opcode as usize].run(simd, task);
    };
    let (slots, number) = (&mut *task.memory.slots, PhantomData);
    packs::values(simd, packs::Values::<F, E, P> { it, words, slots, number });
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
pub(super) struct Value<'m, F, E, I> {
    pub(super) it: I,
    pub(super) slots: &'m mut [E],
    pub(super) number: PhantomData<F>,
}

impl<F, E: Element<F>, I: Instruction> Value<'_, F, E, I> {
    #[inline(always)]
    pub(super) fn operand(&self, k: usize) -> E {
        self.slots[self.it.operand(k)]
    }
}

impl<F, E: Element<F>, I: Instruction> Single for Value<'_, F, E, I> {
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        [self.slots[self.it.result()]] = E::unary::<R, 1>([self.operand(0)]);
    }
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let (x, y) = ([self.operand(0)], [self.operand(1)]);
        [self.slots[self.it.result()]] = E::binary::<R, 1>(x, y);
    }
    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let (x, y, z) = ([self.operand(0)], [self.operand(1)], [self.operand(2)]);
        [self.slots[self.it.result()]] = E::ternary::<R, 1>(x, y, z);
    }
}
