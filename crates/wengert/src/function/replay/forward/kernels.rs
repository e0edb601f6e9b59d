//! The kernels of the forward evaluation: runs of operations, and operations of any length.

mod calls;
mod runs;
mod sums;

use crate::function::element::Element;
use crate::function::opcode::Opcode;
use crate::function::program::Header;
use crate::ops::{Binary, Form, Unary, for_each_operation, rules};
use pulp::{NullaryFnOnce, Scalar, Simd};
use runs::{powi, ternary};
use std::marker::PhantomData;
use sums::{sum_of_terms, sums_of_products};

/// What a kernel works on.
pub(super) struct Run<'m, E> {
    pub(super) slots: &'m mut [E],
    /// What the instruction keeps for the reverse sweep.
    pub(super) saved: &'m mut [E],
    pub(super) gathered: &'m mut [E],
    /// The words from the instruction's first on.
    pub(super) words: &'m [u32],
    pub(super) header: Header,
    /// The slot of the first result.
    pub(super) out: usize,
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
pub(super) enum Kernel<E, S, const P: usize> {
    /// By a loop of their own.
    Own(for<'m> fn(S, Run<'m, E>)),
    /// By the loop of all rules of one operand, with vector code or without.
    Unary(calls::Unary<E, S, P>),
    UnaryCall(calls::Unary<E, Scalar, P>),
    /// By that of all rules of two.
    Binary(calls::Binary<E, S, P>),
    BinaryCall(calls::Binary<E, Scalar, P>),
    /// From the operands side by side.
    Nary(fn(&[E]) -> E),
}

impl<E: Copy, S: Simd, const P: usize> Kernel<E, S, P> {
    #[inline(always)]
    pub(super) fn run(&self, simd: S, run: Run<'_, E>) {
        match self {
            Self::Own(kernel) => kernel(simd, run),
            Self::Unary(rule) => rule.run(simd, run),
            Self::UnaryCall(rule) => rule.run(Scalar, run),
            Self::Binary(rule) => rule.run(simd, run),
            Self::BinaryCall(rule) => rule.run(Scalar, run),
            Self::Nary(value) => calls::nary(run, *value),
        }
    }
}

const fn unary<R: Unary, F, E: Element<F>, S: Simd, const P: usize>() -> Kernel<E, S, P> {
    match R::FORM {
        Form::Inline => Kernel::Own(runs::unary::<R, F, E, S, P>),
        Form::Vector => Kernel::Unary(calls::Unary::of::<R, F>()),
        Form::Call => Kernel::UnaryCall(calls::Unary::of::<R, F>()),
    }
}

const fn binary<R: Binary, F, E: Element<F>, S: Simd, const P: usize>() -> Kernel<E, S, P> {
    match R::FORM {
        Form::Inline => Kernel::Own(runs::binary::<R, F, E, S, P>),
        Form::Vector => Kernel::Binary(calls::Binary::of::<R, F>()),
        Form::Call => Kernel::BinaryCall(calls::Binary::of::<R, F>()),
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
                    Kernel::Own(powi::<F, E, S>),
                    $(binary::<rules::$b, F, E, S, P>(),)*
                    Kernel::Own(ternary::<rules::MulAdd, F, E, S, P>),
                    Kernel::Own(ternary::<rules::Clamp, F, E, S, P>),
                    Kernel::Own(ternary::<rules::BetaInc, F, E, S, P>),
                    $(Kernel::Nary(E::nary::<rules::$n>),)*
                    Kernel::Own(log_sum_exp::<F, E, S>),
                    Kernel::Own(products::<F, E, S, P>),
                    binary::<rules::Chain, F, E, S, P>(),
                    Kernel::Nary(E::nary::<rules::Derivative>),
                    Kernel::Own(nothing::<E, S>),
                    Kernel::Own(nothing::<E, S>),
                ];
                all[Opcode::Sum as usize] = Kernel::Own(sum::<F, E, S>);
                all
            };
        }
    };
}
for_each_operation!(table);

/// Calls of users' operations are not made here.
fn nothing<E, S>(_: S, _: Run<'_, E>) {}

fn log_sum_exp<F, E: Element<F>, S: Simd>(simd: S, mut run: Run<'_, E>) {
    let count = run.gather();
    run.slots[run.out] = E::log_sum_exp(simd, &run.gathered[..count], run.saved);
}

/// Defines a kernel as a function that calls its body compiled for the instruction set.
macro_rules! vectorized {
    ($kernel:ident $call:ident $body:ident <$($pack:ident)?>) => {
        fn $kernel<F, E: Element<F>, S: Simd, $(const $pack: usize)?>(simd: S, run: Run<'_, E>) {
            simd.vectorize($call::<F, E, $($pack)?> { run, kind: PhantomData });
        }
        struct $call<'m, F, E, $(const $pack: usize)?> {
            run: Run<'m, E>,
            kind: PhantomData<F>,
        }
        impl<F, E: Element<F>, $(const $pack: usize)?> NullaryFnOnce for $call<'_, F, E, $($pack)?> {
            type Output = ();
            #[inline(always)]
            fn call(self) {
                $body::<F, E, $($pack)?>(self.run);
            }
        }
    };
}
vectorized! { sum SumCall sum_of_terms <> }
vectorized! { products ProductsCall sums_of_products <P> }

/// The words of an instruction that tells its length, without that and the count behind it.
#[inline(always)]
pub(in crate::function) fn wide(words: &[u32]) -> &[u32] {
    &words[2..words[0] as usize - 1]
}
