//! The values of a program, instruction by instruction.

use super::assemble::SIGNS;
use super::columns::{self, Column};
use super::element::Element;
use super::opcode::{Kernels, Opcode, dispatch};
use super::program::{Header, Layout, Program};
use super::segments::Segment;
use crate::ops::{Binary, Nary, Ternary, Unary};
use std::marker::PhantomData;

/// Computes all results from the inputs and constants in `slots`. `P` operations of a run are
/// computed at once.
#[inline(always)]
pub(super) fn forward<F, E: Element<F>, const P: usize>(
    program: &Program<F>,
    slots: &mut [E],
    saved: &mut [E],
    gathered: &mut [E],
) {
    let mut machine = Machine::<F, E, P> {
        words: &program.words,
        slots,
        saved,
        gathered,
        header: Header { opcode: Opcode::Sum, count: 0, layout: 0 },
        out: program.first_result(),
        at: 0,
        kept: 0,
        number: PhantomData,
    };
    for &header in &program.headers {
        machine.header = header;
        dispatch(header.opcode, &mut machine);
        machine.out += header.count as usize;
    }
}

struct Machine<'a, F, E, const P: usize> {
    words: &'a [u32],
    slots: &'a mut [E],
    saved: &'a mut [E],
    gathered: &'a mut [E],
    header: Header,
    /// The slot of the next result.
    out: usize,
    /// The next word, and the next of the saved numbers.
    at: usize,
    kept: usize,
    number: PhantomData<F>,
}

impl<'a, F, E: Element<F>, const P: usize> Machine<'a, F, E, P> {
    /// The next word.
    #[inline(always)]
    fn word(&mut self) -> usize {
        let word = self.words[self.at];
        self.at += 1;
        word as usize
    }

    /// The next word as the slot of an operand.
    #[inline(always)]
    fn operand(&mut self) -> E {
        let slot = self.word();
        self.slots[slot]
    }

    /// The next column, of which the layout is `bits`.
    #[inline(always)]
    fn column(&mut self, bits: u32) -> Column<'a> {
        let count = self.header.count as usize;
        let words: &'a [u32] = self.words;
        let column = Column::read(bits, count, &words[self.at..]);
        self.at += columns::words_of(bits, count);
        column
    }

    /// The layout of column `k` of an instruction that has nothing but columns.
    #[inline(always)]
    fn bits(&self, k: usize) -> u32 {
        u32::from(self.header.layout) >> (k * columns::BITS)
    }

    #[inline(always)]
    fn is_single(&self) -> bool {
        self.header.count == 1
    }

    #[inline(always)]
    fn put(&mut self, result: E) {
        self.slots[self.out] = result;
    }

    /// The slots that are computed already, and those of the run.
    #[inline(always)]
    fn split(&mut self) -> (&[E], &mut [E]) {
        let (below, results) = self.slots.split_at_mut(self.out);
        (below, &mut results[..self.header.count as usize])
    }

    /// Several short sums of the same number of products, column by column.
    #[inline(always)]
    fn short_sums(&mut self) {
        let terms = self.word();
        let layout = self.word() as u32;
        for term in 0..terms {
            let a = self.column(layout >> (2 * term * columns::BITS));
            let b = self.column(layout >> ((2 * term + 1) * columns::BITS));
            let is_negated = layout >> (SIGNS + term) & 1 != 0;
            self.add_products(a, b, term == 0, is_negated);
        }
    }

    /// One term of several sums: the first is put, the others are added.
    #[inline(always)]
    fn add_products(&mut self, a: Column<'a>, b: Column<'a>, is_first: bool, is_negated: bool) {
        let (below, results) = self.split();
        let mut i = 0;
        while P > 1 && i + P <= results.len() {
            let (a, b): ([E; P], [E; P]) = (a.load(below, i), b.load(below, i));
            for k in 0..P {
                let result = &mut results[i + k];
                *result = accumulate(*result, a[k] * b[k], is_first, is_negated);
            }
            i += P;
        }
        while i < results.len() {
            let term = below[a.slot(i)] * below[b.slot(i)];
            results[i] = accumulate(results[i], term, is_first, is_negated);
            i += 1;
        }
    }
}

#[inline(always)]
fn accumulate<F, E: Element<F>>(sum: E, term: E, is_first: bool, is_negated: bool) -> E {
    match (is_first, is_negated) {
        (true, false) => term,
        (true, true) => E::negated(term),
        (false, false) => sum + term,
        (false, true) => sum - term,
    }
}

impl<F, E: Element<F>, const P: usize> Kernels for Machine<'_, F, E, P> {
    #[inline(always)]
    fn unary<R: Unary>(&mut self) {
        if self.is_single() {
            let x = self.operand();
            let [y] = E::unary::<R, 1>([x]);
            return self.put(y);
        }
        let x = self.column(self.bits(0));
        let (below, results) = self.split();
        let mut i = 0;
        while P > 1 && i + P <= results.len() {
            results[i..i + P].copy_from_slice(&E::unary::<R, P>(x.load(below, i)));
            i += P;
        }
        while i < results.len() {
            [results[i]] = E::unary::<R, 1>([below[x.slot(i)]]);
            i += 1;
        }
    }

    #[inline(always)]
    fn powi(&mut self) {
        let exponent = self.word() as u32 as i32;
        let x = self.column(self.bits(0));
        let (below, results) = self.split();
        for (i, result) in results.iter_mut().enumerate() {
            *result = E::power(below[x.slot(i)], exponent);
        }
    }

    #[inline(always)]
    fn binary<R: Binary>(&mut self) {
        if self.is_single() {
            let (x, y) = (self.operand(), self.operand());
            let [z] = E::binary::<R, 1>([x], [y]);
            return self.put(z);
        }
        let (x, y) = (self.column(self.bits(0)), self.column(self.bits(1)));
        let (below, results) = self.split();
        let mut i = 0;
        while P > 1 && i + P <= results.len() {
            let z = E::binary::<R, P>(x.load(below, i), y.load(below, i));
            results[i..i + P].copy_from_slice(&z);
            i += P;
        }
        while i < results.len() {
            [results[i]] = E::binary::<R, 1>([below[x.slot(i)]], [below[y.slot(i)]]);
            i += 1;
        }
    }

    #[inline(always)]
    fn ternary<R: Ternary>(&mut self) {
        if self.is_single() {
            let (x, y, z) = (self.operand(), self.operand(), self.operand());
            return self.put(E::ternary::<R>(x, y, z));
        }
        let (x, y) = (self.column(self.bits(0)), self.column(self.bits(1)));
        let z = self.column(self.bits(2));
        let (below, results) = self.split();
        for (i, result) in results.iter_mut().enumerate() {
            *result = E::ternary::<R>(below[x.slot(i)], below[y.slot(i)], below[z.slot(i)]);
        }
    }

    #[inline(always)]
    fn nary<R: Nary>(&mut self) {
        let count = self.gather();
        let result = E::nary::<R>(&self.gathered[..count]);
        self.put(result);
    }

    #[inline(always)]
    fn sum(&mut self) {
        let sum = match Layout::of(self.header) {
            Layout::Each => {
                let count = self.word();
                let (words, slots) = (&self.words[self.at..self.at + count], &*self.slots);
                let terms = words.iter().map(|&word| slots[word as usize]);
                self.at += count;
                terms.reduce(|a, b| a + b).unwrap_or_else(E::zero)
            }
            _ => self.segments(),
        };
        self.at += 1;
        self.put(sum);
    }

    #[inline(always)]
    fn products(&mut self) {
        let sum = match Layout::of(self.header) {
            Layout::Columns => {
                self.short_sums();
                self.at += 1;
                return;
            }
            Layout::Each => {
                let count = 2 * self.word();
                let (words, slots) = (&self.words[self.at..self.at + count], &*self.slots);
                let pairs = words.as_chunks::<2>().0.iter();
                let terms = pairs.map(|&[a, b]| slots[a as usize] * slots[b as usize]);
                self.at += count;
                terms.reduce(|a, b| a + b).unwrap_or_else(E::zero)
            }
            Layout::Segments => self.product_segments(),
        };
        self.at += 1;
        self.put(sum);
    }

    #[inline(always)]
    fn log_sum_exp(&mut self) {
        let count = self.gather();
        let saved = &mut self.saved[self.kept..=self.kept + count];
        let result = E::log_sum_exp(&self.gathered[..count], saved);
        self.kept += count + 1;
        self.put(result);
    }
}

impl<F, E: Element<F>, const P: usize> Machine<'_, F, E, P> {
    /// Copies the operands of an instruction side by side, and returns how many those are.
    #[inline(always)]
    fn gather(&mut self) -> usize {
        let count = self.word();
        let words = &self.words[self.at..self.at + count];
        for (operand, &word) in self.gathered.iter_mut().zip(words) {
            *operand = self.slots[word as usize];
        }
        self.at += count + 1;
        count
    }

    /// A sum of segments.
    #[inline(always)]
    fn segments(&mut self) -> E {
        let count = self.word();
        let words = &self.words[self.at..self.at + count * Segment::WORDS];
        self.at += count * Segment::WORDS;
        let (mut sum, mut is_first) = (E::zero(), true);
        for words in words.as_chunks().0 {
            let segment = Segment::read(words);
            for &term in &self.slots[segment.a..segment.a + segment.len] {
                sum = accumulate(sum, term, is_first, segment.is_negated());
                is_first = false;
            }
        }
        sum
    }

    /// As [`Machine::segments`], for products.
    #[inline(always)]
    fn product_segments(&mut self) -> E {
        let count = self.word();
        let words = &self.words[self.at..self.at + count * Segment::WORDS];
        self.at += count * Segment::WORDS;
        let (mut sum, mut is_first) = (E::zero(), true);
        for words in words.as_chunks().0 {
            let segment = Segment::read(words);
            let a = &self.slots[segment.a..segment.a + segment.len];
            if segment.is_same() {
                let b = self.slots[segment.b];
                for &a in a {
                    sum = accumulate(sum, a * b, is_first, segment.is_negated());
                    is_first = false;
                }
            } else {
                let b = &self.slots[segment.b..segment.b + segment.len];
                for (&a, &b) in a.iter().zip(b) {
                    sum = accumulate(sum, a * b, is_first, segment.is_negated());
                    is_first = false;
                }
            }
        }
        sum
    }
}
