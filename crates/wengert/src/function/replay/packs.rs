//! Short runs of the cheapest operations, by straight code for a few at once.
//!
//! Where operands lie side by side, or are one number for all, `P` operations are a few vector
//! instructions. A plain loop over so few does most of them one by one. Sums and flows have the
//! order in which the kernels have them.

use super::terms::accumulate;
use crate::function::element::Element;
use crate::function::opcode::{Packed, packed};
use crate::function::program::columns::{Line, LoneTerm, pack, pack_mut};
use crate::function::program::instruction::Instruction;
use crate::instructions::{Simd, Vectorized};
use crate::ops::{Binary, Ternary};
use std::marker::PhantomData;

/// Computes a run. PERF: a call, so that the interpreter's loop keeps its registers for single
/// operations.
#[inline(never)]
pub(super) fn values<F, E: Element<F>, S: Simd, const P: usize>(simd: S, run: Values<'_, F, E, P>) {
    simd.vectorize(run);
}

/// Hands on what flows from a run whose operands do not [meet](Instruction::meets), likewise.
#[inline(never)]
pub(super) fn flows<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: Flows<'_, F, E, P, CAREFUL>,
) {
    simd.vectorize(run);
}

/// A run in the forward evaluation. Its last pack reaches beyond it: what is written there is
/// computed later.
pub(super) struct Values<'m, F, E, const P: usize> {
    pub(super) it: &'m Instruction,
    /// The slot of the first result.
    pub(super) out: usize,
    /// Those of the instruction, from its first on.
    pub(super) words: &'m [u32],
    pub(super) slots: &'m mut [E],
    pub(super) of: PhantomData<F>,
}

impl<F, E: Element<F>, const P: usize> Vectorized for Values<'_, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        packed(self.it.of, &mut self);
    }
}

impl<F, E: Element<F>, const P: usize> Values<'_, F, E, P> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.it.count as usize
    }

    /// Short sums of products, of which `FUSED` have some that are rounded with the sum.
    #[inline(always)]
    fn sums<const FUSED: bool>(&mut self) {
        let mut i = 0;
        while i < self.count() {
            let mut sums = [E::zero(); P];
            for (position, term) in LoneTerm::all(self.words).enumerate() {
                let [a, b] = term.lines();
                let (a, b): ([E; P], [E; P]) = (a.load(self.slots, i), b.load(self.slots, i));
                let (is_first, join) = (position == 0, term.join());
                for k in 0..P {
                    sums[k] = accumulate::<F, E, FUSED>(sums[k], [a[k], b[k]], is_first, join);
                }
            }
            self.put(i, sums);
            i += P;
        }
    }

    #[inline(always)]
    fn put(&mut self, i: usize, values: [E; P]) {
        *pack_mut(self.slots, self.out + i) = values;
    }
}

impl<F, E: Element<F>, const P: usize> Packed for Values<'_, F, E, P> {
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let [x, y] = self.it.lines();
        let mut i = 0;
        while i < self.count() {
            let (x, y) = (x.load(self.slots, i), y.load(self.slots, i));
            self.put(i, E::binary::<R, P>(x, y));
            i += P;
        }
    }

    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let [x, y, z] = self.it.lines();
        let mut i = 0;
        while i < self.count() {
            let (x, y, z) = (x.load(self.slots, i), y.load(self.slots, i), z.load(self.slots, i));
            self.put(i, E::ternary::<R, P>(x, y, z));
            i += P;
        }
    }

    #[inline(always)]
    fn products(&mut self) {
        if self.it.is_fused() {
            self.sums::<true>();
        } else {
            self.sums::<false>();
        }
    }
}

/// Does something with the operations of a run, pack by pack: by packs of `P`, of four and of one.
macro_rules! in_packs {
    ($run:ident, $pack:ident $(of $kind:ident)? $(, $with:expr)?) => {
        let (count, mut i) = ($run.it.count as usize, 0);
        while i + P <= count {
            $run.$pack::<$($kind,)? P>($($with,)? i);
            i += P;
        }
        if i + 4 <= count {
            $run.$pack::<$($kind,)? 4>($($with,)? i);
            i += 4;
        }
        while i < count {
            $run.$pack::<$($kind,)? 1>($($with,)? i);
            i += 1;
        }
    };
}

/// A run in the reverse sweep.
pub(super) struct Flows<'m, F, E, const P: usize, const CAREFUL: bool> {
    pub(super) it: &'m Instruction,
    /// The slot of the first result.
    pub(super) out: usize,
    pub(super) words: &'m [u32],
    pub(super) slots: &'m [E],
    pub(super) adjoints: &'m mut [E],
    pub(super) of: PhantomData<F>,
}

impl<F, E: Element<F>, const P: usize, const CAREFUL: bool> Vectorized
    for Flows<'_, F, E, P, CAREFUL>
{
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        packed(self.it.of, &mut self);
    }
}

impl<F, E: Element<F>, const P: usize, const CAREFUL: bool> Flows<'_, F, E, P, CAREFUL> {
    /// The adjoints of results, which are left zero.
    #[inline(always)]
    fn take<const N: usize>(&mut self, i: usize) -> [E; N] {
        std::mem::replace(pack_mut(self.adjoints, self.out + i), [E::zero(); N])
    }

    /// Hands on adjoints of results, times partial derivatives.
    #[inline(always)]
    fn pull<const N: usize>(&mut self, to: Line, i: usize, adjoints: [E; N], partials: [E; N]) {
        let mut flow = partials;
        for k in 0..N {
            flow[k] = adjoints[k].flow::<CAREFUL>(partials[k]);
        }
        to.add(self.adjoints, i, flow);
    }

    #[inline(always)]
    fn binary_pack<R: Binary, const N: usize>(&mut self, [x, y]: [Line; 2], i: usize) {
        let (adjoints, z) = (self.take::<N>(i), pack(self.slots, self.out + i));
        let (a, b) = (x.load(self.slots, i), y.load(self.slots, i));
        if x.is_active {
            self.pull(x, i, adjoints, E::left::<R, N>(a, b, z));
        }
        if y.is_active {
            self.pull(y, i, adjoints, E::right::<R, N>(a, b, z));
        }
    }

    #[inline(always)]
    fn ternary_pack<R: Ternary, const N: usize>(&mut self, [x, y, z]: [Line; 3], i: usize) {
        let (adjoints, slots) = (self.take::<N>(i), self.slots);
        let at = [x, y, z].map(|line| line.load(slots, i));
        let [left, middle, right] = E::partials::<R, N>([true; 3], at[0], at[1], at[2]);
        if x.is_active {
            self.pull(x, i, adjoints, left);
        }
        if y.is_active {
            self.pull(y, i, adjoints, middle);
        }
        if z.is_active {
            self.pull(z, i, adjoints, right);
        }
    }

    #[inline(always)]
    fn term_pack<const N: usize>(&mut self, term: LoneTerm, i: usize) {
        let [a, b] = term.lines();
        let mut adjoints: [E; N] = pack(self.adjoints, self.out + i);
        if term.join().is_negated {
            for adjoint in &mut adjoints {
                *adjoint = adjoint.negated();
            }
        }
        if a.is_active {
            self.pull(a, i, adjoints, b.load(self.slots, i));
        }
        if b.is_active {
            self.pull(b, i, adjoints, a.load(self.slots, i));
        }
    }

    #[inline(always)]
    fn clear_pack<const N: usize>(&mut self, i: usize) {
        *pack_mut(self.adjoints, self.out + i) = [E::zero(); N];
    }
}

impl<F, E: Element<F>, const P: usize, const CAREFUL: bool> Packed for Flows<'_, F, E, P, CAREFUL> {
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let [x, y] = self.it.lines();
        in_packs!(self, binary_pack of R, [x, y]);
    }

    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let [x, y, z] = self.it.lines();
        in_packs!(self, ternary_pack of R, [x, y, z]);
    }

    #[inline(always)]
    fn products(&mut self) {
        // Term after term, and not pack after pack: two terms may have a factor in common.
        for term in LoneTerm::all(self.words) {
            in_packs!(self, term_pack, term);
        }
        in_packs!(self, clear_pack);
    }
}
