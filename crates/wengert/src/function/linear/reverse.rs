//! Adjoints from the seeds down, and their derivatives along several directions.

use super::shape::{Stored, is_piecewise_linear};
use super::terms::{
    Bend, Computed, Listed, Partial, Partials, Same, Term, Terms, Values, has_columns, take_back,
};
use super::{Known, Manner};
use crate::function::opcode::{Kernels, Opcode, dispatch};
use crate::function::program::columns::Column;
use crate::function::program::segments::Segment;
use crate::function::program::{Header, Layout, Program};
use crate::function::replay::forward::wide;
use crate::ops::{Binary, Nary, Operands, Ternary, Unary};
use crate::scalar::{Dual, Evaluate, Real};
use pulp::Simd;

/// Lets flow down what lies in the adjoints, of tangents that are known where `SECOND` asks for
/// the derivatives along them. Adjoints are left zero, or kept.
#[inline(always)]
pub(super) fn run<F: Real, const D: usize, const SECOND: bool>(
    program: &Program<F>,
    known: Known<'_, F>,
    tangents: &[[F; D]],
    adjoints: &mut [[F; D]],
    keeps: bool,
    manner: Manner,
    arch: pulp::Arch,
) {
    let pass = Reverse::<F, D, SECOND> { program, known, tangents, adjoints, keeps };
    match manner {
        Manner::Optimistic => arch.dispatch(pass),
        Manner::Careful => pass.run::<true>(),
    }
}

/// A pass, to be compiled for each instruction set where it is optimistic.
struct Reverse<'m, F, const D: usize, const SECOND: bool> {
    program: &'m Program<F>,
    known: Known<'m, F>,
    tangents: &'m [[F; D]],
    adjoints: &'m mut [[F; D]],
    keeps: bool,
}

impl<F: Real, const D: usize, const SECOND: bool> pulp::WithSimd for Reverse<'_, F, D, SECOND> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.run::<false>();
    }
}

impl<F: Real, const D: usize, const SECOND: bool> Reverse<'_, F, D, SECOND> {
    #[inline(always)]
    fn run<const CAREFUL: bool>(self) {
        let Self { program, known, tangents, adjoints, keeps } = self;
        let Known { values, mut partials, mut curvatures, adjoints: of_values } = known;
        let (mut out, mut at) = (program.slots, program.words.len());
        for &header in program.headers.iter().rev() {
            at -= header.words_behind(&program.words[..at]);
            out -= header.count as usize;
            let words = &program.words[at..];
            let stored = Stored::of(header, words);
            let computed = Computed {
                partials: take_back(&mut partials, stored.partials),
                curvatures: if SECOND {
                    take_back(&mut curvatures, stored.curvatures)
                } else {
                    &[]
                },
            };
            let (adjoints, results) = adjoints.split_at_mut(out);
            let results = &mut results[..header.count as usize];
            let mut run = Run::<F, D, SECOND, CAREFUL> {
                values,
                of_values,
                tangents,
                adjoints,
                results: &*results,
                header,
                words,
                out,
            };
            if has_columns(header) {
                let mut terms = Terms::read(header, words, computed);
                while let Some(term) = terms.next() {
                    run.term(term);
                }
            } else if header.layout & Layout::ACTIVE != 0 {
                run.long(computed.partials);
            }
            if !keeps {
                results.fill([F::zero(); D]);
            }
        }
    }
}

/// An instruction.
struct Run<'m, F, const D: usize, const SECOND: bool, const CAREFUL: bool> {
    values: &'m [F],
    of_values: &'m [F],
    tangents: &'m [[F; D]],
    /// Of what lies before the run.
    adjoints: &'m mut [[F; D]],
    /// The adjoints of the results.
    results: &'m [[F; D]],
    header: Header,
    words: &'m [u32],
    out: usize,
}

impl<F: Real, const D: usize, const SECOND: bool, const CAREFUL: bool>
    Run<'_, F, D, SECOND, CAREFUL>
{
    #[inline(always)]
    fn term(&mut self, term: Term<'_, F>) {
        let slots = self.values;
        match term.partial {
            Partial::Same(number) => self.flow(term, Same(number), Flat),
            Partial::Values(column, is_negated) => {
                let partials = Values { column, slots, is_negated };
                match term.bend {
                    Bend::Moving(column, is_negated) if SECOND => {
                        self.flow(term, partials, Moving { column, is_negated });
                    }
                    _ => self.flow(term, partials, Flat),
                }
            }
            Partial::Stored(partials) => {
                let (partials, column) = (Listed(partials), term.column);
                match term.bend {
                    Bend::Curved(by) if SECOND => self.flow(term, partials, Curved { by, column }),
                    Bend::Saddle(by) if SECOND => self.flow(term, partials, Saddle(by)),
                    Bend::Triple(by) if SECOND => self.flow(term, partials, Triple(by)),
                    _ => self.flow(term, partials, Flat),
                }
            }
        }
    }

    /// What flows into the adjoints of a term's operands.
    #[inline(always)]
    fn flow<B: Bends<F, D>>(&mut self, term: Term<'_, F>, partials: impl Partials<F>, bends: B) {
        let count = self.results.len();
        if let Some((slot, 0)) = term.column.regular() {
            let mut sum = self.adjoints[slot];
            for i in 0..count {
                self.pull(&mut sum, i, partials.at(i), bends);
            }
            self.adjoints[slot] = sum;
            return;
        }
        for i in 0..count {
            let slot = term.column.slot(i);
            let mut sum = self.adjoints[slot];
            self.pull(&mut sum, i, partials.at(i), bends);
            self.adjoints[slot] = sum;
        }
    }

    #[inline(always)]
    fn pull<B: Bends<F, D>>(&self, sum: &mut [F; D], i: usize, partial: F, bends: B) {
        if SECOND && !B::IS_FLAT {
            let bend = bends.at::<CAREFUL>(i, self.tangents);
            bent::<F, D, CAREFUL>(sum, self.of_values[self.out + i], &bend);
        }
        pull::<F, D, CAREFUL>(sum, &self.results[i], partial);
    }

    /// An instruction of any number of operands.
    #[inline(always)]
    fn long(&mut self, partials: &[F]) {
        let words = wide(self.words);
        match (self.header.opcode, Layout::of(self.header)) {
            (Opcode::Sum, Layout::Each) => {
                for &slot in words {
                    self.pull_slot(slot as usize, F::one());
                }
            }
            (Opcode::Products, Layout::Each) => {
                for &[a, b] in words.as_chunks().0 {
                    let (a, b) = (a as usize, b as usize);
                    self.factor(a, b, F::one(), true);
                    self.factor(b, a, F::one(), true);
                }
            }
            (Opcode::Sum | Opcode::Products, _) => {
                for words in words.as_chunks().0 {
                    self.segment(Segment::read(words));
                }
            }
            (Opcode::LogSumExp, _) if SECOND => self.log_sum_exp(words, partials),
            (opcode, _) if SECOND && !is_piecewise_linear(opcode) => dispatch(opcode, self),
            _ => {
                for (&slot, &partial) in words.iter().zip(partials) {
                    self.pull_slot(slot as usize, partial);
                }
            }
        }
    }

    #[inline(always)]
    fn pull_slot(&mut self, slot: usize, partial: F) {
        pull::<F, D, CAREFUL>(&mut self.adjoints[slot], &self.results[0], partial);
    }

    /// What flows into a factor beside another.
    #[inline(always)]
    fn factor(&mut self, slot: usize, other: usize, sign: F, moves: bool) {
        let sum = &mut self.adjoints[slot];
        if SECOND && moves {
            bent::<F, D, CAREFUL>(sum, sign * self.of_values[self.out], &self.tangents[other]);
        }
        pull::<F, D, CAREFUL>(sum, &self.results[0], sign * self.values[other]);
    }

    #[inline(always)]
    fn segment(&mut self, segment: Segment) {
        let Segment { a, b, len, .. } = segment;
        let sign = if segment.is_negated() { -F::one() } else { F::one() };
        if self.header.opcode == Opcode::Sum {
            for slot in a..a + len {
                self.pull_slot(slot, sign);
            }
            return;
        }
        let step = usize::from(!segment.is_same());
        if segment.is_a_active() {
            for i in 0..len {
                self.factor(a + i, b + step * i, sign, segment.is_b_active());
            }
        }
        if segment.is_b_active() {
            for i in 0..len {
                self.factor(b + step * i, a + i, sign, segment.is_a_active());
            }
        }
    }

    /// The shares sᵢ change by sᵢ·(dxᵢ − dy), where dy = Σ sⱼ·dxⱼ is the tangent of the result.
    #[inline(always)]
    fn log_sum_exp(&mut self, words: &[u32], shares: &[F]) {
        let (of_value, of_result) = (self.of_values[self.out], self.tangents[self.out]);
        for (&slot, &share) in words.iter().zip(shares) {
            let (mut bend, tangents) = (of_result, self.tangents[slot as usize]);
            for d in 0..D {
                let along = tangents[d] - of_result[d];
                bend[d] = if CAREFUL { along.push(share) } else { along * share };
            }
            bent::<F, D, CAREFUL>(&mut self.adjoints[slot as usize], of_value, &bend);
            self.pull_slot(slot as usize, share);
        }
    }
}

/// Other operations of many operands: the rule's partials over dual numbers, direction by
/// direction.
impl<F: Real, const D: usize, const SECOND: bool, const CAREFUL: bool> Kernels
    for Run<'_, F, D, SECOND, CAREFUL>
{
    fn nary<R: Nary>(&mut self) {
        let Self { values, tangents, out, .. } = *self;
        let slots = wide(self.words);
        let of_value = self.of_values[out];
        for lane in 0..D {
            let along = Along { slots, values, tangents, lane };
            let (result, adjoints) = (self.results[0][lane], &mut *self.adjoints);
            let y = Dual::new(values[out], tangents[out][lane]);
            R::partials(along, &[], y, &mut Vec::new(), |i, partial: Dual<F>| {
                let bent = of_value.chain(partial.tangent) + result.chain(partial.value);
                adjoints[slots[i] as usize][lane] += bent;
            });
        }
    }

    fn unary<R: Unary>(&mut self) {}
    fn powi(&mut self) {}
    fn binary<R: Binary>(&mut self) {}
    fn ternary<R: Ternary>(&mut self) {}
    fn sum(&mut self) {}
    fn products(&mut self) {}
    fn log_sum_exp(&mut self) {}
}

/// The operands of an n-ary rule along one of the directions.
#[derive(Clone, Copy)]
struct Along<'a, F, const D: usize> {
    slots: &'a [u32],
    values: &'a [F],
    tangents: &'a [[F; D]],
    lane: usize,
}

impl<F: Real, const D: usize> Operands<Dual<F>> for Along<'_, F, D> {
    fn len(self) -> usize {
        self.slots.len()
    }
    fn at(self, i: usize) -> Dual<F> {
        let slot = self.slots[i] as usize;
        Dual::new(self.values[slot], self.tangents[slot][self.lane])
    }
    fn iter(self) -> impl Iterator<Item = Dual<F>> {
        (0..self.slots.len()).map(move |i| self.at(i))
    }
    fn split(self, at: usize) -> (impl Operands<Dual<F>>, impl Operands<Dual<F>>) {
        let (first, second) = self.slots.split_at(at);
        (Along { slots: first, ..self }, Along { slots: second, ..self })
    }
}

/// How partial derivatives change along the directions, by position in a run.
trait Bends<F, const D: usize>: Copy {
    const IS_FLAT: bool;
    fn at<const CAREFUL: bool>(self, i: usize, tangents: &[[F; D]]) -> [F; D];
}

#[derive(Clone, Copy)]
struct Flat;
impl<F: Real, const D: usize> Bends<F, D> for Flat {
    const IS_FLAT: bool = true;
    #[inline(always)]
    fn at<const CAREFUL: bool>(self, _: usize, _: &[[F; D]]) -> [F; D] {
        [F::zero(); D]
    }
}

#[derive(Clone, Copy)]
struct Moving<'a> {
    column: Column<'a>,
    is_negated: bool,
}
impl<F: Real, const D: usize> Bends<F, D> for Moving<'_> {
    const IS_FLAT: bool = false;
    #[inline(always)]
    fn at<const CAREFUL: bool>(self, i: usize, tangents: &[[F; D]]) -> [F; D] {
        let mut bend = tangents[self.column.slot(i)];
        if self.is_negated {
            for bend in &mut bend {
                *bend = -*bend;
            }
        }
        bend
    }
}

#[derive(Clone, Copy)]
struct Curved<'a, F> {
    by: &'a [F],
    column: Column<'a>,
}
impl<F: Real, const D: usize> Bends<F, D> for Curved<'_, F> {
    const IS_FLAT: bool = false;
    #[inline(always)]
    fn at<const CAREFUL: bool>(self, i: usize, tangents: &[[F; D]]) -> [F; D] {
        let mut bend = tangents[self.column.slot(i)];
        for bend in &mut bend {
            *bend = along::<F, CAREFUL>(*bend, self.by[i]);
        }
        bend
    }
}

#[derive(Clone, Copy)]
struct Saddle<'a, F>([(&'a [F], Column<'a>); 2]);
impl<F: Real, const D: usize> Bends<F, D> for Saddle<'_, F> {
    const IS_FLAT: bool = false;
    #[inline(always)]
    fn at<const CAREFUL: bool>(self, i: usize, tangents: &[[F; D]]) -> [F; D] {
        let [(by_x, x), (by_y, y)] = self.0;
        let (mut bend, of_y) = (tangents[x.slot(i)], tangents[y.slot(i)]);
        for d in 0..D {
            bend[d] = along::<F, CAREFUL>(bend[d], by_x[i]) + along::<F, CAREFUL>(of_y[d], by_y[i]);
        }
        bend
    }
}

#[derive(Clone, Copy)]
struct Triple<'a, F>([(&'a [F], Column<'a>); 3]);
impl<F: Real, const D: usize> Bends<F, D> for Triple<'_, F> {
    const IS_FLAT: bool = false;
    #[inline(always)]
    fn at<const CAREFUL: bool>(self, i: usize, tangents: &[[F; D]]) -> [F; D] {
        let mut bend = [F::zero(); D];
        // A column that is not active has no tangents.
        for (by, column) in self.0.into_iter().filter(|(_, column)| column.is_active) {
            let tangents = tangents[column.slot(i)];
            for d in 0..D {
                bend[d] += along::<F, CAREFUL>(tangents[d], by[i]);
            }
        }
        bend
    }
}

/// A tangent times a partial.
#[inline(always)]
fn along<F: Real, const CAREFUL: bool>(tangent: F, partial: F) -> F {
    if CAREFUL { tangent.push(partial) } else { tangent * partial }
}

/// Adds the adjoints of a result times a partial.
#[inline(always)]
fn pull<F: Real, const D: usize, const CAREFUL: bool>(
    sum: &mut [F; D],
    result: &[F; D],
    partial: F,
) {
    for d in 0..D {
        sum[d] += if CAREFUL { result[d].chain(partial) } else { result[d] * partial };
    }
}

/// Adds the adjoint of a value times how its partial changes along the directions.
#[inline(always)]
fn bent<F: Real, const D: usize, const CAREFUL: bool>(sum: &mut [F; D], adjoint: F, bend: &[F; D]) {
    for d in 0..D {
        sum[d] += if CAREFUL { adjoint.chain(bend[d]) } else { adjoint * bend[d] };
    }
}
