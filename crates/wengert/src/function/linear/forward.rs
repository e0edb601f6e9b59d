//! Tangents of all results from those of the inputs, along several directions.

use super::lone::{Flow, Place, is_lone};
use super::terms::{Computed, PARTS, Term, Terms, add_parts, is_in_pairs};
use super::walk::{self, At, Pass};
use super::{Known, calls};
use crate::function::program::call::Call;
use crate::function::program::instruction::wide;
use crate::function::program::{Header, Program};
use crate::instructions::{Arch, Simd, VectorizedWith};
use crate::scalar::{Evaluate, Real};

/// Computes the tangents of all results, along `D` directions, those of `P` operands at once, with
/// vector instructions.
#[inline(never)]
pub(super) fn run<F: Real, const D: usize, const P: usize>(
    program: &Program<F>,
    known: Known<'_, F>,
    tangents: &mut [[F; D]],
    arch: Arch,
) {
    arch.dispatch_vectors(Forward::<F, D, P> { program, known, tangents });
}

/// Likewise, along one direction, looking for 0 · ∞.
#[inline(never)]
pub(super) fn run_carefully<F: Real>(
    program: &Program<F>,
    known: Known<'_, F>,
    tangents: &mut [[F; 1]],
) {
    let pass = Up::<F, 1, 1, true> { values: known.values, tangents };
    walk::up(program, known.partials, pass);
}

/// An optimistic pass, to be compiled for each instruction set.
struct Forward<'m, F, const D: usize, const P: usize> {
    program: &'m Program<F>,
    known: Known<'m, F>,
    tangents: &'m mut [[F; D]],
}

impl<F: Real, const D: usize, const P: usize> VectorizedWith for Forward<'_, F, D, P> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        let Self { program, known, tangents } = self;
        let pass = Up::<F, D, P, false> { values: known.values, tangents };
        walk::up(program, known.partials, pass);
    }
}

/// What a pass works on, along `D` directions.
struct Up<'m, F, const D: usize, const P: usize, const CAREFUL: bool> {
    values: &'m [F],
    tangents: &'m mut [[F; D]],
}

impl<F: Real, const D: usize, const P: usize, const CAREFUL: bool> Pass<F>
    for Up<'_, F, D, P, CAREFUL>
{
    #[inline(always)]
    fn call(&mut self, call: Call<'_>) {
        calls::forward(call, self.values, self.tangents);
    }
    #[inline(always)]
    fn instruction(&mut self, At { header, words, computed, out }: At<'_, F>) {
        let Self { values, tangents } = self;
        let run = Run::<F, D, P, CAREFUL> { values, tangents, out };
        run.instruction(header, words, computed.partials);
    }
}

/// An instruction.
pub(super) struct Run<'m, F, const D: usize, const P: usize, const CAREFUL: bool> {
    pub(super) values: &'m [F],
    pub(super) tangents: &'m mut [[F; D]],
    pub(super) out: usize,
}

impl<F: Real, const D: usize, const P: usize, const CAREFUL: bool> Run<'_, F, D, P, CAREFUL> {
    #[inline(always)]
    pub(super) fn instruction(mut self, header: Header, words: &[u32], partials: &[F]) {
        let computed = Computed { partials, curvatures: &[] };
        if !CAREFUL && is_lone(header) {
            return self.lone(header, words, computed);
        }
        if is_in_pairs(header) {
            return self.pairs(wide(words).as_chunks().0);
        }
        let mut terms = Terms::read(header, words, computed);
        let is_long = header.opcode.columns() == 0 && !header.is_lone_sum();
        let mut is_first = true;
        while let Some(term) = terms.next() {
            if is_long {
                self.long(term, is_first);
            } else {
                self.term(term, is_first);
            }
            is_first = false;
        }
    }

    /// An operation by itself.
    #[inline(always)]
    fn lone(self, header: Header, words: &[u32], computed: Computed<'_, F>) {
        let Self { values, tangents, out } = self;
        let (tangents, results) = tangents.split_at_mut(out);
        let mut sum = Sum::of(tangents, values[out]);
        Place { words, computed, values, tangents: &[] }.each_operand(header, &mut sum);
        sum.store(&mut results[0]);
    }

    /// Adds a term to the tangents of a run, or begins them with it.
    #[inline(always)]
    fn term(&mut self, term: Term<'_, F>, is_first: bool) {
        let mut i = 0;
        while const { P > 1 } && i + P <= term.count {
            self.pack::<P>(&term, i, is_first);
            i += P;
        }
        while i < term.count {
            self.pack::<1>(&term, i, is_first);
            i += 1;
        }
    }

    #[inline(always)]
    fn pack<const N: usize>(&mut self, term: &Term<'_, F>, i: usize, is_first: bool) {
        let at = self.out + i;
        let partials: [F; N] = term.partial.load(self.values, i);
        let operands: [[F; D]; N] = term.column.load(self.tangents, i);
        let values = &self.values[at..at + N];
        let results = &mut self.tangents[at..at + N];
        for k in 0..N {
            let mut sum = if is_first { [F::zero(); D] } else { results[k] };
            push::<F, D, CAREFUL>(&mut sum, &operands[k], partials[k], values[k]);
            results[k] = sum;
        }
    }

    /// Adds all of a term to the tangents of one result, or begins them with it.
    #[inline(always)]
    fn long(&mut self, term: Term<'_, F>, is_first: bool) {
        let mut parts = [[F::zero(); D]; PARTS];
        let mut i = 0;
        while i + PARTS <= term.count {
            self.add(&mut parts, &term, i);
            i += PARTS;
        }
        while i < term.count {
            self.add(parts.first_chunk_mut::<1>().expect("there are more"), &term, i);
            i += 1;
        }
        let mut sum = if is_first { [F::zero(); D] } else { self.tangents[self.out] };
        add_parts(&mut sum, &parts);
        self.tangents[self.out] = sum;
    }

    #[inline(always)]
    fn add<const N: usize>(&self, sums: &mut [[F; D]; N], term: &Term<'_, F>, i: usize) {
        let value = self.values[self.out];
        let partials: [F; N] = term.partial.load(self.values, i);
        let operands: [[F; D]; N] = term.column.load(self.tangents, i);
        for k in 0..N {
            push::<F, D, CAREFUL>(&mut sums[k], &operands[k], partials[k], value);
        }
    }

    /// A sum of products of slots in pairs.
    #[inline(always)]
    fn pairs(&mut self, pairs: &[[u32; 2]]) {
        let mut sum = [F::zero(); D];
        let value = self.values[self.out];
        for &[a, b] in pairs {
            let (a, b) = (a as usize, b as usize);
            push::<F, D, CAREFUL>(&mut sum, &self.tangents[a], self.values[b], value);
            push::<F, D, CAREFUL>(&mut sum, &self.tangents[b], self.values[a], value);
        }
        self.tangents[self.out] = sum;
    }
}

/// What flows up into an operation by itself, without a look at 0 · ∞.
pub(super) struct Sum<'m, F, const D: usize> {
    tangents: &'m [[F; D]],
    value: F,
    sum: [F; D],
    /// Whether there is an operand with a tangent.
    is_active: bool,
}

impl<'m, F: Real, const D: usize> Sum<'m, F, D> {
    #[inline(always)]
    pub(super) fn of(tangents: &'m [[F; D]], value: F) -> Self {
        Self { tangents, value, sum: [F::zero(); D], is_active: false }
    }

    #[inline(always)]
    pub(super) fn store(self, result: &mut [F; D]) {
        if self.is_active {
            *result = self.sum;
        }
    }
}

impl<F: Real, const D: usize> Flow<F, D> for Sum<'_, F, D> {
    const BENDS: bool = false;
    #[inline(always)]
    fn operand(&mut self, slot: usize, partial: F, _: Option<[F; D]>) {
        self.is_active = true;
        push::<F, D, false>(&mut self.sum, &self.tangents[slot], partial, self.value);
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
