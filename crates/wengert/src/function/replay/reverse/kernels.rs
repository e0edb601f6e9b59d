//! The kernels of the reverse sweep: runs of operations, and operations of any length.

mod calls;
mod runs;
mod streams;
mod sums;

use crate::function::element::arrays::array;
use crate::function::element::{Element, Entry};
use crate::function::opcode::Opcode;
use crate::function::program::columns::Column;
use crate::function::program::instruction::{Standing, wide};
use crate::function::program::{Header, Layout};
use crate::function::replay::reverse::Memory;
use crate::function::replay::vectors::{self, Body};
use crate::instructions::{Arch, Simd};
use crate::ops::{Binary, Form, Unary, for_each_operation, rules};
use std::marker::PhantomData;

/// An instruction, and the memory that is swept, as in the forward evaluation.
pub(super) struct Task<'r, 'm, E: Entry> {
    pub(super) memory: &'r mut Memory<'m, E>,
    pub(super) it: &'r Standing<'r>,
}

impl<'r, E: Entry> Task<'r, '_, E> {
    /// What the kernel works on.
    #[inline(always)]
    fn run(self) -> Run<'r, E> {
        let Memory { arch, slots, adjoints, saved, gathered, partials, .. } = self.memory;
        let Standing { words, header, out, kept } = *self.it;
        let arch = *arch;
        Run { arch, slots, adjoints, saved, gathered, partials, words, header, out, kept }
    }
}

/// What a kernel works on.
struct Run<'m, E> {
    arch: Arch,
    slots: &'m [E],
    adjoints: &'m mut [E],
    saved: &'m [E],
    gathered: &'m mut [E],
    partials: &'m mut [E],
    words: &'m [u32],
    header: Header,
    out: usize,
    kept: usize,
}

impl<E: Copy> Run<'_, E> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.header.count as usize
    }

    /// Whether there are packs of `pack` operations to be taken at once. In a shorter run, what
    /// flows into one variable is added operation by operation.
    #[inline(always)]
    fn is_long(&self, pack: usize) -> bool {
        pack > 1 && self.count() >= pack
    }

    /// Whether an adjoint flows into any operand of an instruction that has no columns.
    #[inline(always)]
    fn is_active(&self) -> bool {
        self.header.layout & Layout::ACTIVE != 0
    }

    /// Leaves the adjoints of the results zero.
    #[inline(always)]
    fn clear<F>(&mut self)
    where
        E: Element<F>,
    {
        let out = self.out;
        self.adjoints[out..out + self.header.count as usize].fill(E::zero());
    }

    /// The adjoint of the one result, which is left zero.
    #[inline(always)]
    fn take_one<F>(&mut self) -> E
    where
        E: Element<F>,
    {
        std::mem::replace(&mut self.adjoints[self.out], E::zero())
    }
}

/// Adds to `P` adjoints of a column, which is active. PERF: no closure for the partials, which
/// would be a function of its own in the largest kernels.
#[inline(always)]
fn pull<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    column: Column<'_>,
    adjoints: &mut [E],
    i: usize,
    adjoint: [E; P],
    mut partial: [E; P],
) {
    for k in 0..P {
        partial[k] = adjoint[k].flow::<CAREFUL>(partial[k]);
    }
    column.add(adjoints, i, partial);
}

/// `P` entries from the i-th on.
#[inline(always)]
fn at<E: Copy, const P: usize>(entries: &[E], i: usize) -> [E; P] {
    let entries = &entries[i..i + P];
    array(
        #[inline(always)]
        |k| entries[k],
    )
}

/// Takes `P` adjoints and leaves zeros.
#[inline(always)]
fn take<F, E: Element<F>, const P: usize>(adjoints: &mut [E], i: usize) -> [E; P] {
    let adjoints = &mut adjoints[i..i + P];
    let mut taken = [E::zero(); P];
    taken.swap_with_slice(adjoints);
    taken
}

/// How what flows from an instruction is computed, as in the forward evaluation.
#[derive(Clone, Copy)]
pub(super) enum Kernel<E: Entry, S, const P: usize, const CAREFUL: bool> {
    /// By a loop of their own, compiled for the instruction set.
    Own(for<'r, 'm> fn(S, Task<'r, 'm, E>)),
    /// By a function that is the same for all sets.
    Plain(for<'r, 'm> fn(Task<'r, 'm, E>)),
    /// By the loop of all rules of one operand, of two, of three.
    Unary(calls::Unary<E>),
    Binary(calls::Binary<E>),
    Ternary(calls::Ternary<E>),
    /// From the operands side by side.
    Nary(calls::Nary<E>),
}

impl<E: Entry, S: Simd, const P: usize, const CAREFUL: bool> Kernel<E, S, P, CAREFUL> {
    #[inline(always)]
    pub(super) fn run<F>(&self, simd: S, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        match self {
            Self::Own(kernel) => kernel(simd, task),
            Self::Plain(kernel) => kernel(task),
            Self::Unary(rule) => rule.run::<F, P, CAREFUL>(task),
            Self::Binary(rule) => rule.run::<F, CAREFUL>(task),
            Self::Ternary(rule) => rule.run::<F, CAREFUL>(task),
            Self::Nary(rule) => rule.run::<F, CAREFUL>(task),
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

const fn unary<R: Unary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>()
-> Kernel<E, S, P, CAREFUL> {
    match R::FORM {
        Form::Inline => Kernel::own::<runs::Unary<R, F, P, CAREFUL>>(),
        _ => Kernel::Unary(calls::Unary::of::<R, F>()),
    }
}

const fn binary<R: Binary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>()
-> Kernel<E, S, P, CAREFUL> {
    match R::FORM {
        Form::Inline => Kernel::own::<runs::Binary<R, F, P, CAREFUL>>(),
        _ => Kernel::Binary(calls::Binary::of::<R, F>()),
    }
}

/// The kernels by opcode.
pub(super) struct Kernels<F, E, S, const P: usize, const CAREFUL: bool>(PhantomData<(F, E, S)>);

macro_rules! table {
    (
        unary { $($u:ident $u_name:literal,)* }
        binary { $($b:ident $b_const:ident $const_b:ident $b_name:literal,)* }
        nary { $($n:ident $n_name:literal,)* }
    ) => {
        impl<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>
            Kernels<F, E, S, P, CAREFUL>
        {
            pub(super) const ALL: &'static [Kernel<E, S, P, CAREFUL>; Opcode::ALL.len()] = &{
                let mut all = [
                    $(unary::<rules::$u, F, E, S, P, CAREFUL>(),)*
                    unary::<rules::Square, F, E, S, P, CAREFUL>(),
                    Kernel::Plain(runs::powi::<F, E, CAREFUL>),
                    $(binary::<rules::$b, F, E, S, P, CAREFUL>(),)*
                    Kernel::own::<sums::MulAdd<F, P, CAREFUL>>(),
                    Kernel::Ternary(calls::Ternary::of::<rules::Clamp, F>()),
                    Kernel::Ternary(calls::Ternary::of::<rules::BetaInc, F>()),
                    $(Kernel::Nary(calls::Nary::of::<rules::$n, F>()),)*
                    Kernel::own::<Softmax<F, CAREFUL>>(),
                    Kernel::own::<sums::Products<F, P, CAREFUL>>(),
                    Kernel::own::<sums::Products<F, P, CAREFUL>>(),
                    Kernel::own::<runs::Binary<rules::Mul, F, P, CAREFUL>>(),
                    Kernel::Nary(calls::Nary::of::<rules::Derivative, F>()),
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

/// What is not swept here.
fn nothing<E: Entry>(_: Task<'_, '_, E>) {}

/// What flows from ln Σ e^xᵢ: the shares of the terms.
struct Softmax<F, const CAREFUL: bool>(PhantomData<F>);

impl<F, E: Element<F>, const CAREFUL: bool> Body<Task<'_, '_, E>> for Softmax<F, CAREFUL> {
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let mut run = task.run();
        let adjoint = run.take_one();
        if !run.is_active() {
            return;
        }
        let operands = wide(run.words);
        let saved = &run.saved[run.kept..];
        let (weights, scale) = (&saved[..operands.len()], saved[operands.len()]);
        for (&slot, &weight) in operands.iter().zip(weights) {
            run.adjoints[slot as usize] += adjoint.flow::<CAREFUL>(weight * scale);
        }
    }
}
