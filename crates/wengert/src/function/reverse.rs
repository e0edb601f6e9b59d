//! The adjoints of a program, from its last instruction back to the first.
//!
//! The sweep is optimistic: it multiplies adjoints and partials without looking, where 0 · ∞
//! should be 0 but is NaN. A number that is not finite stays so in every sum and product, and
//! what depends on a variable always hands on to something that does; so it shows in the
//! gradient if it occurred anywhere, and then the careful sweep is made, which looks.
//!
//! Adjoints are consumed: a sweep finds all of them zero but the seeds, and leaves all zero but
//! those of the inputs and of what depends on no variable, which nobody reads.

use super::assemble::SIGNS;
use super::columns::{self, Column};
use super::element::Element;
use super::opcode::{Kernels, Opcode, dispatch};
use super::program::{Header, Layout, Program};
use super::segments::Segment;
use crate::ops::{Binary, Nary, Ternary, Unary};
use std::marker::PhantomData;

/// The memory that a sweep works in, as the forward evaluation left it.
pub(super) struct Memory<'a, E> {
    pub(super) slots: &'a [E],
    pub(super) adjoints: &'a mut [E],
    pub(super) saved: &'a [E],
    pub(super) gathered: &'a mut [E],
    pub(super) partials: &'a mut [E],
}

/// Adds to the adjoints of the inputs all that flows down from the seeds.
#[inline(always)]
pub(super) fn reverse<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    program: &Program<F>,
    memory: Memory<'_, E>,
) {
    let mut machine = Machine::<F, E, P, CAREFUL> {
        words: &program.words,
        memory,
        header: Header { opcode: Opcode::Sum, count: 0, layout: 0 },
        out: program.slots,
        at: program.words.len(),
        kept: program.saved,
        number: PhantomData,
    };
    for &header in program.headers.iter().rev() {
        machine.header = header;
        machine.out -= header.count as usize;
        dispatch(header.opcode, &mut machine);
    }
}

struct Machine<'a, F, E, const P: usize, const CAREFUL: bool> {
    words: &'a [u32],
    memory: Memory<'a, E>,
    header: Header,
    /// The slot of the first result of the instruction.
    out: usize,
    /// The first word of the instruction behind, and its first saved number.
    at: usize,
    kept: usize,
    number: PhantomData<F>,
}

/// Adds to `P` adjoints of a column, if it is active.
#[inline(always)]
fn pull<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    column: Column<'_>,
    adjoints: &mut [E],
    i: usize,
    adjoint: [E; P],
    partial: impl FnOnce() -> [E; P],
) {
    if column.is_active {
        let partial = partial();
        let flow: [E; P] = std::array::from_fn(|k| adjoint[k].flow::<CAREFUL>(partial[k]));
        column.add(adjoints, i, flow);
    }
}

/// `P` entries from the i-th on.
#[inline(always)]
fn at<E: Copy, const P: usize>(entries: &[E], i: usize) -> [E; P] {
    let entries = &entries[i..i + P];
    std::array::from_fn(|k| entries[k])
}

/// Takes `P` adjoints and leaves zeros.
#[inline(always)]
fn take<F, E: Element<F>, const P: usize>(adjoints: &mut [E], i: usize) -> [E; P] {
    let adjoints = &mut adjoints[i..i + P];
    std::array::from_fn(|k| std::mem::replace(&mut adjoints[k], E::zero()))
}

impl<'a, F, E: Element<F>, const P: usize, const CAREFUL: bool> Machine<'a, F, E, P, CAREFUL> {
    #[inline(always)]
    fn bits(&self, k: usize) -> u32 {
        u32::from(self.header.layout) >> (k * columns::BITS)
    }

    #[inline(always)]
    fn is_single(&self) -> bool {
        self.header.count == 1
    }

    /// The columns of an instruction that has nothing else.
    #[inline(always)]
    fn columns<const N: usize>(&mut self) -> [Column<'a>; N] {
        let count = self.header.count as usize;
        for k in 0..N {
            self.at -= columns::words_of(self.bits(k), count);
        }
        let words: &'a [u32] = self.words;
        let mut at = self.at;
        std::array::from_fn(|k| {
            let column = Column::read(self.bits(k), count, &words[at..]);
            at += columns::words_of(self.bits(k), count);
            column
        })
    }

    /// The slots of an instruction of one operation.
    #[inline(always)]
    fn operands<const N: usize>(&mut self) -> [usize; N] {
        self.at -= N;
        let words = &self.words[self.at..self.at + N];
        std::array::from_fn(|k| words[k] as usize)
    }

    /// The words of an instruction that ends with their number, without that.
    #[inline(always)]
    fn wide(&mut self) -> &'a [u32] {
        let words: &'a [u32] = self.words;
        let last = self.at - 1;
        self.at -= words[last] as usize;
        &words[self.at..last]
    }

    #[inline(always)]
    fn is_active(&self) -> bool {
        self.header.layout & Layout::ACTIVE != 0
    }

    /// The adjoint of the one result.
    #[inline(always)]
    fn take_one(&mut self) -> E {
        std::mem::replace(&mut self.memory.adjoints[self.out], E::zero())
    }

    #[inline(always)]
    fn unary_pack<R: Unary, const N: usize>(&mut self, x: Column<'_>, i: usize) {
        let Memory { slots, adjoints, .. } = &mut self.memory;
        let (y, adjoint) =
            (at::<E, N>(slots, self.out + i), take::<F, E, N>(adjoints, self.out + i));
        let slope = || E::slope::<R, N>(x.load(slots, i), y);
        pull::<F, E, N, CAREFUL>(x, adjoints, i, adjoint, slope);
    }

    #[inline(always)]
    fn binary_pack<R: Binary, const N: usize>(&mut self, [x, y]: [Column<'_>; 2], i: usize) {
        let Memory { slots, adjoints, .. } = &mut self.memory;
        let (z, adjoint) =
            (at::<E, N>(slots, self.out + i), take::<F, E, N>(adjoints, self.out + i));
        let (a, b) = (x.load(slots, i), y.load(slots, i));
        pull::<F, E, N, CAREFUL>(x, adjoints, i, adjoint, || E::left::<R, N>(a, b, z));
        pull::<F, E, N, CAREFUL>(y, adjoints, i, adjoint, || E::right::<R, N>(a, b, z));
    }

    /// One term of several short sums.
    #[inline(always)]
    fn term_pack<const N: usize>(&mut self, [a, b]: [Column<'_>; 2], is_negated: bool, i: usize) {
        let Memory { slots, adjoints, .. } = &mut self.memory;
        let mut adjoint = at::<E, N>(adjoints, self.out + i);
        if is_negated {
            adjoint = adjoint.map(E::negated);
        }
        pull::<F, E, N, CAREFUL>(a, adjoints, i, adjoint, || b.load(slots, i));
        pull::<F, E, N, CAREFUL>(b, adjoints, i, adjoint, || a.load(slots, i));
    }

    fn short_sums(&mut self, words: &'a [u32]) {
        let count = self.header.count as usize;
        let (terms, layout) = (words[0] as usize, words[1]);
        let mut rest = &words[2..];
        for term in 0..terms {
            let mut next = |k: usize| {
                let bits = layout >> ((2 * term + k) * columns::BITS);
                let column = Column::read(bits, count, rest);
                rest = &rest[columns::words_of(bits, count)..];
                column
            };
            let pair = [next(0), next(1)];
            let is_negated = layout >> (SIGNS + term) & 1 != 0;
            let mut i = 0;
            while P > 1 && i + P <= count {
                self.term_pack::<P>(pair, is_negated, i);
                i += P;
            }
            while i < count {
                self.term_pack::<1>(pair, is_negated, i);
                i += 1;
            }
        }
        self.memory.adjoints[self.out..self.out + count].fill(E::zero());
    }

    #[inline(always)]
    fn product_segment(&mut self, segment: Segment, adjoint: E) {
        let Segment { a, b, len, .. } = segment;
        let adjoint = if segment.is_negated() { E::negated(adjoint) } else { adjoint };
        let Memory { slots, adjoints, .. } = &mut self.memory;
        if segment.is_a_active() {
            let targets = &mut adjoints[a..a + len];
            if segment.is_same() {
                let flow = adjoint.flow::<CAREFUL>(slots[b]);
                targets.iter_mut().for_each(|target| *target += flow);
            } else {
                for (target, &b) in targets.iter_mut().zip(&slots[b..b + len]) {
                    *target += adjoint.flow::<CAREFUL>(b);
                }
            }
        }
        if segment.is_b_active() {
            let partials = &slots[a..a + len];
            if segment.is_same() {
                for &a in partials {
                    adjoints[b] += adjoint.flow::<CAREFUL>(a);
                }
            } else {
                for (target, &a) in adjoints[b..b + len].iter_mut().zip(partials) {
                    *target += adjoint.flow::<CAREFUL>(a);
                }
            }
        }
    }
}

impl<F, E: Element<F>, const P: usize, const CAREFUL: bool> Kernels
    for Machine<'_, F, E, P, CAREFUL>
{
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        if self.is_single() {
            let [x] = self.operands();
            if self.bits(0) & columns::ACTIVE != 0 {
                let adjoint = self.take_one();
                let [slope] =
                    E::slope::<R, 1>([self.memory.slots[x]], [self.memory.slots[self.out]]);
                self.memory.adjoints[x] += adjoint.flow::<CAREFUL>(slope);
            }
            return;
        }
        let [x] = self.columns();
        if !x.is_active {
            return;
        }
        let (count, mut i) = (self.header.count as usize, 0);
        while P > 1 && i + P <= count {
            self.unary_pack::<R, P>(x, i);
            i += P;
        }
        while i < count {
            self.unary_pack::<R, 1>(x, i);
            i += 1;
        }
    }

    #[inline(always)]
    fn powi(&mut self) {
        let [x] = self.columns();
        self.at -= 1;
        let exponent = self.words[self.at] as i32;
        let Memory { slots, adjoints, .. } = &mut self.memory;
        for i in 0..self.header.count as usize {
            let (y, adjoint) =
                (at::<E, 1>(slots, self.out + i), take::<F, E, 1>(adjoints, self.out + i));
            let slope = || [E::power_slope(slots[x.slot(i)], exponent, y[0])];
            pull::<F, E, 1, CAREFUL>(x, adjoints, i, adjoint, slope);
        }
    }

    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        if self.is_single() {
            let [x, y] = self.operands();
            let bits = u32::from(self.header.layout);
            let Memory { slots, adjoints, .. } = &mut self.memory;
            let (a, b, z) = ([slots[x]], [slots[y]], [slots[self.out]]);
            let [adjoint] = take::<F, E, 1>(adjoints, self.out);
            if bits & columns::ACTIVE != 0 {
                adjoints[x] += adjoint.flow::<CAREFUL>(E::left::<R, 1>(a, b, z)[0]);
            }
            if bits >> columns::BITS & columns::ACTIVE != 0 {
                adjoints[y] += adjoint.flow::<CAREFUL>(E::right::<R, 1>(a, b, z)[0]);
            }
            return;
        }
        let pair: [Column<'_>; 2] = self.columns();
        if !(pair[0].is_active || pair[1].is_active) {
            return;
        }
        let (count, mut i) = (self.header.count as usize, 0);
        while P > 1 && i + P <= count {
            self.binary_pack::<R, P>(pair, i);
            i += P;
        }
        while i < count {
            self.binary_pack::<R, 1>(pair, i);
            i += 1;
        }
    }

    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let columns: [Column<'_>; 3] = self.columns();
        let Memory { slots, adjoints, .. } = &mut self.memory;
        for i in 0..self.header.count as usize {
            let adjoint = take::<F, E, 1>(adjoints, self.out + i);
            let [x, y, z] = columns.map(|column| slots[column.slot(i)]);
            for (column, partial) in columns.into_iter().zip(E::partials::<R>(x, y, z)) {
                pull::<F, E, 1, CAREFUL>(column, adjoints, i, adjoint, || [partial]);
            }
        }
    }

    #[inline(always)]
    fn nary<R: Nary>(&mut self) {
        let operands = &self.wide()[1..];
        let adjoint = self.take_one();
        if !self.is_active() {
            return;
        }
        let Memory { slots, adjoints, gathered, partials, .. } = &mut self.memory;
        for (operand, &slot) in gathered.iter_mut().zip(operands) {
            *operand = slots[slot as usize];
        }
        let (xs, partials) = (&gathered[..operands.len()], &mut partials[..operands.len()]);
        E::nary_partials::<R>(xs, slots[self.out], partials);
        for (&slot, &partial) in operands.iter().zip(&*partials) {
            adjoints[slot as usize] += adjoint.flow::<CAREFUL>(partial);
        }
    }

    #[inline(always)]
    fn sum(&mut self) {
        let words = self.wide();
        let adjoint = self.take_one();
        if !self.is_active() {
            return;
        }
        let adjoints = &mut self.memory.adjoints;
        if Layout::of(self.header) == Layout::Each {
            for &slot in &words[1..] {
                adjoints[slot as usize] += adjoint;
            }
            return;
        }
        for words in words[1..].as_chunks().0 {
            let segment = Segment::read(words);
            let flow = if segment.is_negated() { E::negated(adjoint) } else { adjoint };
            let targets = &mut adjoints[segment.a..segment.a + segment.len];
            targets.iter_mut().for_each(|target| *target += flow);
        }
    }

    #[inline(always)]
    fn products(&mut self) {
        let words = self.wide();
        if !self.is_active() {
            return;
        }
        match Layout::of(self.header) {
            Layout::Columns => self.short_sums(words),
            Layout::Each => {
                let adjoint = self.take_one();
                let Memory { slots, adjoints, .. } = &mut self.memory;
                for &[a, b] in words[1..].as_chunks().0 {
                    let (a, b) = (a as usize, b as usize);
                    adjoints[a] += adjoint.flow::<CAREFUL>(slots[b]);
                    adjoints[b] += adjoint.flow::<CAREFUL>(slots[a]);
                }
            }
            Layout::Segments => {
                let adjoint = self.take_one();
                for words in words[1..].as_chunks().0 {
                    self.product_segment(Segment::read(words), adjoint);
                }
            }
        }
    }

    #[inline(always)]
    fn log_sum_exp(&mut self) {
        let operands = &self.wide()[1..];
        let adjoint = self.take_one();
        self.kept -= operands.len() + 1;
        if !self.is_active() {
            return;
        }
        let saved = &self.memory.saved[self.kept..=self.kept + operands.len()];
        let (weights, scale) = (&saved[..operands.len()], saved[operands.len()]);
        let adjoints = &mut self.memory.adjoints;
        for (&slot, &weight) in operands.iter().zip(weights) {
            adjoints[slot as usize] += adjoint.flow::<CAREFUL>(weight * scale);
        }
    }
}
