//! Programs whose instructions are decoded once, and not at each evaluation.
//!
//! Of a cheap operation by itself most of the work is to find out what it is: how long its run is,
//! how its operands are written, where the next instruction begins. The step of a loop is evaluated
//! so often that this is done before. Whatever is no such operation is done by the instruction as it
//! stands in the program, and all bits are the same.

use super::{forward, reverse};
use crate::function::element::Element;
use crate::function::opcode::{Opcode, Single, single};
use crate::function::program::columns::{ACTIVE, LoneTerm};
use crate::function::program::{Header, Program};
use crate::ops::{Binary, Ternary, Unary};
use pulp::{Arch, Simd};
use std::marker::PhantomData;

/// A cheap operation by itself, or where another instruction stands in the program.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct Decoded {
    /// Of a cheap operation; [`Opcode::Products`] of a sum of two products, and [`Opcode::Call`] of
    /// everything else.
    opcode: Opcode,
    /// A bit for each operand into which an adjoint flows, then [`NEGATED`].
    flags: u8,
    /// The slot of the result.
    out: u32,
    /// The slots of the operands; of everything else the number of its header, and where its words
    /// and what it keeps begin.
    operands: [u32; 4],
}

/// The flag of a pair whose second product is negated.
const NEGATED: u8 = 1 << 4;

/// Does nothing with a cheap operation.
struct Nothing;

impl Single for Nothing {
    fn unary<R: Unary>(&mut self) {}
    fn binary<R: Binary>(&mut self) {}
    fn ternary<R: Ternary>(&mut self) {}
}

impl Decoded {
    /// All instructions of a program.
    pub(in crate::function) fn all<F>(program: &Program<F>) -> Vec<Self> {
        let (mut out, mut at, mut kept) = (program.first_result(), 0, 0);
        let mut all = Vec::with_capacity(program.headers.len());
        for (number, &header) in program.headers.iter().enumerate() {
            let words = &program.words[at..];
            let (opcode, flags, operands) = Self::single(header, words)
                .or_else(|| Self::pair(header, words))
                .unwrap_or((Opcode::Call, 0, [number as u32, at as u32, kept as u32, 0]));
            all.push(Self { opcode, flags, out: out as u32, operands });
            kept += header.keeps(words);
            at += header.words(words);
            out += header.count as usize;
        }
        all
    }

    /// A cheap operation by itself.
    fn single(header: Header, words: &[u32]) -> Option<(Opcode, u8, [u32; 4])> {
        if header.count != 1 || !single(header.opcode, &mut Nothing) {
            return None;
        }
        let (mut flags, mut operands) = (0, [0; 4]);
        for (k, &word) in words.iter().enumerate().take(header.opcode.words_of_one()) {
            operands[k] = word;
            flags |= u8::from(header.bits(k) & ACTIVE != 0) << k;
        }
        Some((header.opcode, flags, operands))
    }

    /// a·b ± c·d, neither rounded with the sum.
    fn pair(header: Header, words: &[u32]) -> Option<(Opcode, u8, [u32; 4])> {
        if header.count != 1 || !header.is_plain_sum() {
            return None;
        }
        let mut terms = LoneTerm::all(words);
        let (Some(first), Some(second), None) = (terms.next(), terms.next(), terms.next()) else {
            return None;
        };
        if first.join().is_negated {
            return None;
        }
        let mut flags = if second.join().is_negated { NEGATED } else { 0 };
        for (i, term) in [first, second].into_iter().enumerate() {
            flags |= u8::from(term.is_a_active()) << (2 * i);
            flags |= u8::from(term.is_b_active()) << (2 * i + 1);
        }
        let slots = [first.a, first.b, second.a, second.b].map(|slot| slot as u32);
        Some((Opcode::Products, flags, slots))
    }

    /// Where an instruction that is not decoded stands: its header, its words and what it keeps.
    fn place<'p, F>(&self, program: &'p Program<F>) -> (Header, &'p [u32], usize) {
        let [header, at, kept, _] = self.operands.map(|number| number as usize);
        (program.headers[header], &program.words[at..], kept)
    }
}

/// As [`forward::forward`].
#[inline(always)]
pub(super) fn forward<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    arch: Arch,
    program: &Program<F>,
    memory: forward::Memory<'_, E>,
) {
    let forward::Memory { slots, saved, gathered, decoded } = memory;
    for it in decoded {
        let mut value = Value::<F, E> { arch, it, slots, number: PhantomData };
        if single(it.opcode, &mut value) {
            continue;
        }
        if it.opcode == Opcode::Products {
            value.pair();
            continue;
        }
        let ((header, words, kept), out) = (it.place(program), it.out as usize);
        if header.count == 1 && header.is_plain_sum() {
            slots[out] = forward::lone_sum::<F, E, false>(words, slots);
            continue;
        }
        let saved = &mut saved[kept..kept + header.keeps(words)];
        let run = forward::Run { arch, slots, saved, gathered, words, header, out };
        forward::other::<F, E, S, P>(simd, program, run);
    }
}

/// A cheap operation by itself, in the forward evaluation.
struct Value<'m, F, E> {
    arch: Arch,
    it: &'m Decoded,
    slots: &'m mut [E],
    number: PhantomData<F>,
}

impl<F, E: Element<F>> Value<'_, F, E> {
    #[inline(always)]
    fn operand(&self, k: usize) -> E {
        self.slots[self.it.operands[k] as usize]
    }

    #[inline(always)]
    fn put(&mut self, value: E) {
        self.slots[self.it.out as usize] = value;
    }

    /// a·b ± c·d
    #[inline(always)]
    fn pair(&mut self) {
        let first = self.operand(0) * self.operand(1);
        let second = self.operand(2) * self.operand(3);
        let is_negated = self.it.flags & NEGATED != 0;
        self.put(if is_negated { first - second } else { first + second });
    }
}

impl<F, E: Element<F>> Single for Value<'_, F, E> {
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        let [value] = E::unary::<R, 1>(self.arch, [self.operand(0)]);
        self.put(value);
    }
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let [value] = E::binary::<R, 1>(self.arch, [self.operand(0)], [self.operand(1)]);
        self.put(value);
    }
    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let [value] = E::ternary::<R, 1>([self.operand(0)], [self.operand(1)], [self.operand(2)]);
        self.put(value);
    }
}

/// As [`reverse::reverse`], without a look for 0 · ∞.
#[inline(always)]
pub(super) fn reverse<F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    arch: Arch,
    program: &Program<F>,
    memory: reverse::Memory<'_, E>,
) {
    let reverse::Memory { slots, adjoints, saved, gathered, partials, decoded } = memory;
    // PERF: as many as the compiler then knows, so that a slot is looked at once for both.
    let adjoints = &mut adjoints[..slots.len()];
    for it in decoded.iter().rev() {
        let mut flow = Flow::<F, E> { arch, it, slots, adjoints, number: PhantomData };
        if single(it.opcode, &mut flow) {
            continue;
        }
        if it.opcode == Opcode::Products {
            flow.pair();
            continue;
        }
        let ((header, words, kept), out) = (it.place(program), it.out as usize);
        if header.count == 1 && header.is_lone_sum() {
            let adjoint = flow.take();
            reverse::lone_sum::<F, E, false>(adjoint, words, slots, adjoints);
            continue;
        }
        let saved = &saved[kept..];
        let run =
            reverse::Run { arch, slots, adjoints, saved, gathered, partials, words, header, out };
        reverse::other::<F, E, S, P, false>(simd, program, run);
    }
}

/// A cheap operation by itself, in the sweep.
struct Flow<'m, F, E> {
    arch: Arch,
    it: &'m Decoded,
    slots: &'m [E],
    adjoints: &'m mut [E],
    number: PhantomData<F>,
}

impl<F, E: Element<F>> Flow<'_, F, E> {
    #[inline(always)]
    fn operand(&self, k: usize) -> E {
        self.slots[self.it.operands[k] as usize]
    }

    #[inline(always)]
    fn result(&self) -> E {
        self.slots[self.it.out as usize]
    }

    /// The adjoint of the result, which is left zero.
    #[inline(always)]
    fn take(&mut self) -> E {
        std::mem::replace(&mut self.adjoints[self.it.out as usize], E::zero())
    }

    #[inline(always)]
    fn add(&mut self, k: usize, adjoint: E, partial: impl FnOnce() -> E) {
        if self.it.flags & 1 << k != 0 {
            self.adjoints[self.it.operands[k] as usize] += adjoint.flow::<false>(partial());
        }
    }

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

impl<F, E: Element<F>> Single for Flow<'_, F, E> {
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        let (x, y, arch) = ([self.operand(0)], [self.result()], self.arch);
        let adjoint = self.take();
        self.add(0, adjoint, || E::slope::<R, 1>(arch, x, y)[0]);
    }
    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        let (x, y, z) = ([self.operand(0)], [self.operand(1)], [self.result()]);
        let adjoint = self.take();
        self.add(0, adjoint, || E::left::<R, 1>(x, y, z)[0]);
        self.add(1, adjoint, || E::right::<R, 1>(x, y, z)[0]);
    }
    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        let (x, y, z) = ([self.operand(0)], [self.operand(1)], [self.operand(2)]);
        let [[x], [y], [z]] = E::partials::<R, 1>(x, y, z);
        let adjoint = self.take();
        self.add(0, adjoint, || x);
        self.add(1, adjoint, || y);
        self.add(2, adjoint, || z);
    }
}
