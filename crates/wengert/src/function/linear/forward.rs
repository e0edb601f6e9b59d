//! Tangents of all results from those of the inputs, along several directions.

use super::shape::Stored;
use super::terms::{
    Computed, Listed, Partial, Partials, Same, Term, Terms, Values, has_columns, take_front,
};
use super::{Known, Manner};
use crate::function::opcode::Opcode;
use crate::function::program::segments::Segment;
use crate::function::program::{Header, Layout, Program};
use crate::function::replay::forward::wide;
use crate::scalar::{Evaluate, Real};
use pulp::Simd;

/// Computes the tangents of all results.
#[inline(always)]
pub(super) fn run<F: Real, const D: usize>(
    program: &Program<F>,
    known: Known<'_, F>,
    tangents: &mut [[F; D]],
    manner: Manner,
    arch: pulp::Arch,
) {
    match manner {
        Manner::Optimistic => arch.dispatch(Forward { program, known, tangents }),
        Manner::Careful => forward::<F, D, true>(program, known, tangents),
    }
}

/// An optimistic pass, to be compiled for each instruction set.
struct Forward<'m, F, const D: usize> {
    program: &'m Program<F>,
    known: Known<'m, F>,
    tangents: &'m mut [[F; D]],
}

impl<F: Real, const D: usize> pulp::WithSimd for Forward<'_, F, D> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        forward::<F, D, false>(self.program, self.known, self.tangents);
    }
}

#[inline(always)]
fn forward<F: Real, const D: usize, const CAREFUL: bool>(
    program: &Program<F>,
    known: Known<'_, F>,
    tangents: &mut [[F; D]],
) {
    let Known { values, mut partials, .. } = known;
    let (mut out, mut at) = (program.first_result(), 0);
    for &header in &program.headers {
        let words = &program.words[at..];
        let partials = take_front(&mut partials, Stored::of(header, words).partials);
        let mut run = Run::<F, D, CAREFUL> { values, tangents: &mut *tangents, header, words, out };
        if has_columns(header) {
            let mut terms = Terms::read(header, words, Computed { partials, curvatures: &[] });
            let mut is_first = true;
            while let Some(term) = terms.next() {
                run.term(term, is_first);
                is_first = false;
            }
        } else {
            run.long(partials);
        }
        at += header.words(words);
        out += header.count as usize;
    }
}

/// An instruction.
struct Run<'m, F, const D: usize, const CAREFUL: bool> {
    values: &'m [F],
    tangents: &'m mut [[F; D]],
    header: Header,
    words: &'m [u32],
    out: usize,
}

impl<F: Real, const D: usize, const CAREFUL: bool> Run<'_, F, D, CAREFUL> {
    /// Adds a term to the tangents of a run.
    #[inline(always)]
    fn term(&mut self, term: Term<'_, F>, is_first: bool) {
        let slots = self.values;
        match term.partial {
            Partial::Same(number) => self.add(term, Same(number), is_first),
            Partial::Stored(partials) => self.add(term, Listed(partials), is_first),
            Partial::Values(column, is_negated) => {
                self.add(term, Values { column, slots, is_negated }, is_first);
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, term: Term<'_, F>, partials: impl Partials<F>, is_first: bool) {
        let (out, count) = (self.out, self.header.count as usize);
        let (below, results) = self.tangents.split_at_mut(out);
        let results = &mut results[..count];
        let values = &self.values[out..out + count];
        if is_first {
            results.fill([F::zero(); D]);
        }
        if let Some(first) = term.column.unit() {
            let operands = &below[first..first + count];
            for (i, (result, operand)) in results.iter_mut().zip(operands).enumerate() {
                push::<F, D, CAREFUL>(result, operand, partials.at(i), values[i]);
            }
        } else {
            for (i, result) in results.iter_mut().enumerate() {
                let operand = &below[term.column.slot(i)];
                push::<F, D, CAREFUL>(result, operand, partials.at(i), values[i]);
            }
        }
    }

    /// An instruction of any number of operands.
    #[inline(always)]
    fn long(&mut self, partials: &[F]) {
        let value = self.values[self.out];
        let mut sum = [F::zero(); D];
        let words = wide(self.words);
        match (self.header.opcode, Layout::of(self.header)) {
            (Opcode::Sum, Layout::Each) => {
                for &slot in words {
                    push::<F, D, CAREFUL>(&mut sum, &self.tangents[slot as usize], F::one(), value);
                }
            }
            (Opcode::Products, Layout::Each) => {
                for &[a, b] in words.as_chunks().0 {
                    self.product(&mut sum, a as usize, b as usize, F::one(), value);
                }
            }
            (Opcode::Sum | Opcode::Products, _) => {
                for words in words.as_chunks().0 {
                    self.segment(&mut sum, Segment::read(words), value);
                }
            }
            _ => {
                for (&slot, &partial) in words.iter().zip(partials) {
                    push::<F, D, CAREFUL>(&mut sum, &self.tangents[slot as usize], partial, value);
                }
            }
        }
        self.tangents[self.out] = sum;
    }

    #[inline(always)]
    fn product(&self, sum: &mut [F; D], a: usize, b: usize, sign: F, value: F) {
        push::<F, D, CAREFUL>(sum, &self.tangents[a], sign * self.values[b], value);
        push::<F, D, CAREFUL>(sum, &self.tangents[b], sign * self.values[a], value);
    }

    #[inline(always)]
    fn segment(&self, sum: &mut [F; D], segment: Segment, value: F) {
        let Segment { a, b, len, .. } = segment;
        let sign = if segment.is_negated() { -F::one() } else { F::one() };
        if self.header.opcode == Opcode::Sum {
            for operand in &self.tangents[a..a + len] {
                push::<F, D, CAREFUL>(sum, operand, sign, value);
            }
            return;
        }
        let step = usize::from(!segment.is_same());
        if segment.is_a_active() {
            for (i, operand) in self.tangents[a..a + len].iter().enumerate() {
                push::<F, D, CAREFUL>(sum, operand, sign * self.values[b + step * i], value);
            }
        }
        if segment.is_b_active() {
            for (i, &factor) in self.values[a..a + len].iter().enumerate() {
                let operand = &self.tangents[b + step * i];
                push::<F, D, CAREFUL>(sum, operand, sign * factor, value);
            }
        }
    }
}

/// Adds what an operand's tangents contribute to those of a result of this value.
#[inline(always)]
fn push<F: Real, const D: usize, const CAREFUL: bool>(
    sum: &mut [F; D],
    operand: &[F; D],
    partial: F,
    value: F,
) {
    // The derivative of NaN is NaN.
    let partial = if CAREFUL && value.is_nan() { value } else { partial };
    for d in 0..D {
        sum[d] += if CAREFUL { operand[d].push(partial) } else { operand[d] * partial };
    }
}
