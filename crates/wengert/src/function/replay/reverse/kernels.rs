//! The kernels of the reverse sweep: runs of operations, and operations of any length.

mod calls;
mod runs;
mod streams;
mod sums;

use crate::function::element::Element;
use crate::function::element::arrays::array;
use crate::function::opcode::Opcode;
use crate::function::program::columns::Column;
use crate::function::program::{Header, Layout};
use crate::function::replay::forward::wide;
use crate::ops::{Binary, Form, Unary, for_each_operation, rules};
use pulp::{NullaryFnOnce, Scalar, Simd};
use runs::{powi, ternary};
use std::marker::PhantomData;
use sums::{sum_of_terms, sums_of_products};

/// What a kernel works on.
pub(super) struct Run<'m, E> {
    pub(super) slots: &'m [E],
    pub(super) adjoints: &'m mut [E],
    /// What the instruction kept, at the front.
    pub(super) saved: &'m [E],
    pub(super) gathered: &'m mut [E],
    pub(super) partials: &'m mut [E],
    /// The words from the instruction's first on.
    pub(super) words: &'m [u32],
    pub(super) header: Header,
    /// The slot of the first result.
    pub(super) out: usize,
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
pub(super) enum Kernel<E, S, const P: usize, const CAREFUL: bool> {
    /// By a loop of their own.
    Own(for<'m> fn(S, Run<'m, E>)),
    /// By the loop of all rules of one operand, with vector code or without.
    Unary(calls::Unary<E, S, P>),
    UnaryCall(calls::Unary<E, Scalar, P>),
    /// By that of all rules of two.
    Binary(calls::Binary<E>),
    /// From the operands side by side.
    Nary(calls::Nary<E>),
}

impl<E, S: Simd, const P: usize, const CAREFUL: bool> Kernel<E, S, P, CAREFUL> {
    #[inline(always)]
    pub(super) fn run<F>(&self, simd: S, run: Run<'_, E>)
    where
        E: Element<F>,
    {
        match self {
            Self::Own(kernel) => kernel(simd, run),
            Self::Unary(rule) => rule.run::<F, CAREFUL>(simd, run),
            Self::UnaryCall(rule) => rule.run::<F, CAREFUL>(Scalar, run),
            Self::Binary(rule) => rule.run::<F, CAREFUL>(run),
            Self::Nary(rule) => rule.run::<F, CAREFUL>(run),
        }
    }
}

const fn unary<R: Unary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>()
-> Kernel<E, S, P, CAREFUL> {
    match R::FORM {
        Form::Inline => Kernel::Own(runs::unary::<R, F, E, S, P, CAREFUL>),
        Form::Vector => Kernel::Unary(calls::Unary::of::<R, F>()),
        Form::Call => Kernel::UnaryCall(calls::Unary::of::<R, F>()),
    }
}

const fn binary<R: Binary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>()
-> Kernel<E, S, P, CAREFUL> {
    match R::FORM {
        Form::Inline => Kernel::Own(runs::binary::<R, F, E, S, P, CAREFUL>),
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
                    Kernel::Own(powi::<F, E, S, CAREFUL>),
                    $(binary::<rules::$b, F, E, S, P, CAREFUL>(),)*
                    Kernel::Own(ternary::<rules::MulAdd, F, E, S, P, CAREFUL>),
                    Kernel::Own(ternary::<rules::Clamp, F, E, S, P, CAREFUL>),
                    Kernel::Own(ternary::<rules::BetaInc, F, E, S, P, CAREFUL>),
                    $(Kernel::Nary(calls::Nary::of::<rules::$n, F>()),)*
                    Kernel::Own(log_sum_exp::<F, E, S, CAREFUL>),
                    Kernel::Own(products::<F, E, S, P, CAREFUL>),
                    binary::<rules::Chain, F, E, S, P, CAREFUL>(),
                    Kernel::Nary(calls::Nary::of::<rules::Derivative, F>()),
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

/// Calls of users' operations are not swept here.
fn nothing<E, S>(_: S, _: Run<'_, E>) {}

/// Defines a kernel as a function that calls its body compiled for the instruction set.
macro_rules! vectorized {
    ($kernel:ident $call:ident $body:ident <$($constant:ident: $kind:ty),*>) => {
        fn $kernel<F, E: Element<F>, S: Simd, $(const $constant: $kind),*>(
            simd: S,
            run: Run<'_, E>,
        ) {
            simd.vectorize($call::<F, E, $($constant),*> { run, kind: PhantomData });
        }
        struct $call<'m, F, E, $(const $constant: $kind),*> {
            run: Run<'m, E>,
            kind: PhantomData<F>,
        }
        impl<F, E: Element<F>, $(const $constant: $kind),*> NullaryFnOnce
            for $call<'_, F, E, $($constant),*>
        {
            type Output = ();
            #[inline(always)]
            fn call(self) {
                $body::<F, E, $($constant),*>(self.run);
            }
        }
    };
}
vectorized! { sum SumCall sum_of_terms <> }
vectorized! { products ProductsCall sums_of_products <P: usize, CAREFUL: bool> }
vectorized! { log_sum_exp LogSumExpCall softmax <CAREFUL: bool> }

#[inline(always)]
fn softmax<F, E: Element<F>, const CAREFUL: bool>(mut run: Run<'_, E>) {
    let adjoint = run.take_one();
    if !run.is_active() {
        return;
    }
    let operands = wide(run.words);
    let (weights, scale) = (&run.saved[..operands.len()], run.saved[operands.len()]);
    for (&slot, &weight) in operands.iter().zip(weights) {
        run.adjoints[slot as usize] += adjoint.flow::<CAREFUL>(weight * scale);
    }
}
