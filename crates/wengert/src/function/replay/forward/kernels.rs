//! The kernels of the forward evaluation: runs of operations, and operations of any length.

mod calls;
mod runs;
mod sums;

use crate::function::element::{Element, Entry};
use crate::function::opcode::Opcode;
use crate::function::program::Header;
use crate::function::program::instruction::Standing;
use crate::function::replay::forward::{Memory, chains};
use crate::function::replay::vectors::{self, Body};
use crate::instructions::{Arch, Simd};
use crate::ops::{Binary, Form, Unary, for_each_operation, rules};
use std::marker::PhantomData;

/// An instruction, and the memory that it is evaluated in. PERF: two addresses, since all that they
/// lead to is as much to copy as some operations are to compute.
pub(super) struct Task<'r, 'm, E: Entry> {
    pub(super) memory: &'r mut Memory<'m, E>,
    pub(super) it: &'r Standing<'r>,
}

impl<'r, E: Entry> Task<'r, '_, E> {
    /// What the kernel works on.
    #[inline(always)]
    fn run(self) -> Run<'r, E> {
        let Memory { arch, slots, saved, gathered, .. } = self.memory;
        let Standing { words, header, out, kept } = *self.it;
        Run { arch: *arch, slots, saved, gathered, words, header, out, kept }
    }
}

/// What a kernel works on.
struct Run<'m, E> {
    arch: Arch,
    slots: &'m mut [E],
    saved: &'m mut [E],
    gathered: &'m mut [E],
    words: &'m [u32],
    header: Header,
    out: usize,
    kept: usize,
}

impl<E: Copy> Run<'_, E> {
    /// The slots that are computed already, and those of the run.
    #[inline(always)]
    fn split(slots: &mut [E], out: usize, header: Header) -> (&[E], &mut [E]) {
        let (below, results) = slots.split_at_mut(out);
        (below, &mut results[..header.count as usize])
    }

    /// Copies the operands of an instruction side by side, and returns how many those are.
    #[inline(always)]
    fn gather(&mut self) -> usize {
        let count = self.words[1] as usize;
        let words = &self.words[2..2 + count];
        for (operand, &word) in self.gathered.iter_mut().zip(words) {
            *operand = self.slots[word as usize];
        }
        count
    }
}

/// How the operations of an instruction are computed. PERF: data and not a function for each
/// rule, which would be thousands for all instruction sets to be compiled.
#[derive(Clone, Copy)]
pub(super) enum Kernel<E: Entry, S, const P: usize> {
    /// By a loop of their own, compiled for the instruction set.
    Own(for<'r, 'm> fn(S, Task<'r, 'm, E>)),
    /// By a function that is the same for all sets.
    Plain(for<'r, 'm> fn(Task<'r, 'm, E>)),
    /// By the loop of all rules of one operand, of two, of three.
    Unary(calls::Unary<E>),
    Binary(calls::Binary<E>),
    Ternary(calls::Ternary<E>),
    /// From the operands side by side.
    Nary(fn(&[E]) -> E),
}

impl<E: Entry, S: Simd, const P: usize> Kernel<E, S, P> {
    #[inline(always)]
    pub(super) fn run<F>(&self, simd: S, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        match self {
            Self::Own(kernel) => kernel(simd, task),
            Self::Plain(kernel) => kernel(task),
            Self::Unary(rule) => rule.run::<F, P>(task),
            Self::Binary(rule) => rule.run::<F, P>(task),
            Self::Ternary(rule) => rule.run(task),
            Self::Nary(value) => calls::nary(task, *value),
        }
    }

    /// A loop of its own.
    const fn own<B: for<'r, 'm> Body<Task<'r, 'm, E>>>() -> Self {
        Self::Own(vectorized::<B, E, S>)
    }
}

fn vectorized<B: for<'r, 'm> Body<Task<'r, 'm, E>>, E: Entry, S: Simd>(
    simd: S,
    task: Task<'_, '_, E>,
) {
    vectors::run::<B, _, S>(simd, task);
}

const fn unary<R: Unary, F, E: Element<F>, S: Simd, const P: usize>() -> Kernel<E, S, P> {
    match R::FORM {
        Form::Inline => Kernel::own::<runs::Unary<R, F, P>>(),
        _ => Kernel::Unary(calls::Unary::of::<R, F>()),
    }
}

const fn binary<R: Binary, F, E: Element<F>, S: Simd, const P: usize>() -> Kernel<E, S, P> {
    match R::FORM {
        Form::Inline => Kernel::own::<runs::Binary<R, F, P>>(),
        _ => Kernel::Binary(calls::Binary::of::<R, F>()),
    }
}

/// The kernels by opcode.
pub(super) struct Kernels<F, E, S, const P: usize>(PhantomData<(F, E, S)>);

macro_rules! table {
    (
        unary { $($u:ident $u_name:literal,)* }
        binary { $($b:ident $b_const:ident $const_b:ident $b_name:literal,)* }
        nary { $($n:ident $n_name:literal,)* }
    ) => {
        impl<F, E: Element<F>, S: Simd, const P: usize> Kernels<F, E, S, P> {
            pub(super) const ALL: &'static [Kernel<E, S, P>; Opcode::ALL.len()] = &{
                let mut all = [
                    $(unary::<rules::$u, F, E, S, P>(),)*
                    unary::<rules::Square, F, E, S, P>(),
                    Kernel::Plain(runs::powi::<F, E>),
                    $(binary::<rules::$b, F, E, S, P>(),)*
                    Kernel::own::<sums::MulAdd<F, P>>(),
                    Kernel::Ternary(calls::Ternary::of::<rules::Clamp, F>()),
                    Kernel::Ternary(calls::Ternary::of::<rules::BetaInc, F>()),
                    $(Kernel::Nary(E::nary::<rules::$n>),)*
                    Kernel::Plain(log_sum_exp::<F, E>),
                    Kernel::own::<sums::Products<F, P>>(),
                    Kernel::Own(with_look::<F, E, S, P>),
                    Kernel::Own(with_look::<F, E, S, P>),
                    Kernel::Nary(E::nary::<rules::Derivative>),
                    Kernel::Plain(nothing::<E>),
                    Kernel::Plain(nothing::<E>),
                ];
                all[Opcode::Sum as usize] = Kernel::own::<sums::Sum<F>>();
                all
            };
        }
    };
}
for_each_operation!(table);

/// Computes products with 0 · ∞ = 0: without a look at it, and again with one where a result is NaN.
fn with_look<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    Task { memory, it }: Task<'_, '_, E>,
) {
    let Standing { header, out, .. } = *it;
    let plain = &Kernels::<F, E, S, P>::ALL[header.opcode.without_look() as usize];
    plain.run(simd, Task { memory, it });
    let (results, number) = (&memory.slots[out..out + header.count as usize], PhantomData);
    if simd.vectorize(chains::HasNan { results, number }) {
        chains::again::<F, E>(*it, memory.slots);
    }
}

/// What is not computed here.
fn nothing<E: Entry>(_: Task<'_, '_, E>) {}

fn log_sum_exp<F, E: Element<F>>(task: Task<'_, '_, E>) {
    let mut run = task.run();
    let count = run.gather();
    let saved = &mut run.saved[run.kept..][..count + 1];
    run.slots[run.out] = E::log_sum_exp(run.arch, &run.gathered[..count], saved);
}
