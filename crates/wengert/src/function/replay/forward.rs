//! The values of a program, instruction by instruction.
//!
//! A cheap operation by itself is computed in the loop. Everything else is a kernel, a function
//! found by the opcode: one loop with all kernels in it would be more than a compiler can take.

mod chains;
mod kernels;

pub(super) use kernels::Run;
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
    arch: Arch,
    program: &Program<F>,
    memory: Memory<'_, E>,
) {
    let Memory { slots, saved, gathered, .. } = memory;
    let (mut out, mut at, mut kept) = (program.first_result(), 0, 0);
    for &header in &program.headers {
        let words = &program.words[at..];
        if header.count == 1 {
            let (it, number) = (Standing { words, header, out }, PhantomData);
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
        let keeps = header.keeps(words);
        let saved = &mut saved[kept..kept + keeps];
        kept += keeps;
        let run = Run { arch, slots, saved, gathered, words, header, out };
        other::<F, E, S, P>(simd, program, run);
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
    run: Run<'_, E>,
) {
    let header = run.header;
    if header.opcode.is_of_call() {
        return call::forward(program, header, run.words, run.slots, run.saved);
    }
    if header.opcode != header.opcode.without_look() {
        return with_look::<F, E, S, P>(simd, program, run);
    }
    without_look::<F, E, S, P>(simd, program, run);
}

/// Computes products with 0 · ∞ = 0: without a look at it, and again with one where a result is NaN.
#[inline(never)]
fn with_look<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    program: &Program<F>,
    run: Run<'_, E>,
) {
    let Run { arch, words, header, out, .. } = run;
    let (slots, saved, gathered) = (&mut *run.slots, &mut *run.saved, &mut *run.gathered);
    let plain = Header { opcode: header.opcode.without_look(), ..header };
    let plain = Run { arch, slots, saved, gathered, words, header: plain, out };
    other::<F, E, S, P>(simd, program, plain);
    let (results, number) = (&run.slots[out..out + header.count as usize], PhantomData);
    if simd.vectorize(HasNan { results, number }) {
        chains::again::<F, E>(run);
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
    run: Run<'_, E>,
) {
    let header = run.header;
    if header.count == 1 && header.is_lone_sum() {
        let (words, slots, number) = (run.words, &*run.slots, PhantomData::<F>);
        run.slots[run.out] = simd.vectorize(LoneSum { words, slots, number });
        return;
    }
    // A call gives its outputs before their turn comes.
    if const { P > 1 }
        && program.calls.is_empty()
        && let Some(it) = Decoded::run(header, run.words, run.out)
    {
        let Run { words, slots, .. } = run;
        let number = PhantomData;
        return packs::values(simd, packs::Values::<F, E, P> { it: &it, words, slots, number });
    }
    Kernels::<F, E, S, P>::ALL[header.opcode as usize].run(simd, run);
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

/// The same, of products that may be rounded with the sum.
struct LoneSum<'m, F, E> {
    words: &'m [u32],
    slots: &'m [E],
    number: PhantomData<F>,
}

impl<F, E: Element<F>> NullaryFnOnce for LoneSum<'_, F, E> {
    type Output = E;
    #[inline(always)]
    fn call(self) -> E {
        lone_sum::<F, E, true>(self.words, self.slots)
    }
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
