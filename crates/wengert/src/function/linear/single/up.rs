//! Tangents, from those of the inputs to those of all results.

use super::rows::Rows;
use super::{Shape, in_parts, in_parts_of_pairs};
use crate::function::linear::lone::Place;
use crate::function::linear::terms::Terms;
use crate::function::linear::walk::{self, At, Pass};
use crate::function::linear::{Known, PACK, calls, forward};
use crate::function::program::Program;
use crate::function::program::call::Call;
use crate::function::program::instruction::wide;
use crate::function::program::segments::Segment;
use crate::instructions::{Simd, VectorizedWith};
use crate::scalar::Real;

/// A pass, to be compiled for each instruction set.
pub(super) struct Up<'m, F> {
    pub(super) program: &'m Program<F>,
    pub(super) known: Known<'m, F>,
    pub(super) tangents: &'m mut [F],
    pub(super) rows: Rows<'m, F>,
}

impl<F: Real> VectorizedWith for Up<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        let Self { program, known, tangents, rows } = self;
        let pass = Tangents { values: known.values, tangents, rows };
        walk::up(program, known.partials, pass);
    }
}

struct Tangents<'m, F> {
    values: &'m [F],
    tangents: &'m mut [F],
    rows: Rows<'m, F>,
}

impl<F: Real> Pass<F> for Tangents<'_, F> {
    #[inline(always)]
    fn call(&mut self, call: Call<'_>) {
        calls::forward(call, self.values, self.tangents.as_chunks_mut::<1>().0);
    }

    #[inline(always)]
    fn instruction(&mut self, At { header, words, computed, out }: At<'_, F>) {
        let Self { values, tangents, rows } = self;
        match Shape::of(header) {
            Shape::Lone => {
                let place = Place { words, computed, values, tangents: &[] };
                let (tangents, results) = tangents.as_chunks_mut::<1>().0.split_at_mut(out);
                let mut sum = forward::Sum::of(tangents, values[out]);
                place.each_operand(header, &mut sum);
                sum.store(&mut results[0]);
            }
            Shape::Segments => {
                let mut sum = None;
                for words in wide(words).as_chunks().0 {
                    let is_of_products = header.opcode.is_products();
                    let segment = Segment::read(words);
                    add_segment(segment, is_of_products, values, tangents, &mut sum);
                }
                if let Some(sum) = sum {
                    tangents[out] = sum;
                }
            }
            Shape::Pairs => {
                let mut sum = F::zero();
                for &[a, b] in wide(words).as_chunks().0 {
                    let (a, b) = (a as usize, b as usize);
                    sum += tangents[a] * values[b];
                    sum += tangents[b] * values[a];
                }
                tangents[out] = sum;
            }
            Shape::Run => {
                let mut terms = Terms::read(header, words, computed);
                let (below, results) = tangents.split_at_mut(out);
                let mut is_first = true;
                while let Some(term) = terms.next() {
                    rows.push(&term, values, below, results, is_first);
                    is_first = false;
                }
            }
            Shape::Other => {
                let tangents = tangents.as_chunks_mut::<1>().0;
                let run = forward::Run::<F, 1, PACK, false> { values, tangents, out };
                run.instruction(header, words, computed.partials);
            }
        }
    }
}

/// Adds what a segment's operands contribute to a tangent.
#[inline(always)]
fn add_segment<F: Real>(
    segment: Segment,
    is_of_products: bool,
    values: &[F],
    tangents: &[F],
    sum: &mut Option<F>,
) {
    let Segment { a, b, len, .. } = segment;
    let sign = if segment.is_negated() { -F::one() } else { F::one() };
    let mut add = |parts: F| *sum.get_or_insert(F::zero()) += parts;
    let of_a = &tangents[a..a + len];
    if !is_of_products {
        if segment.is_a_active() {
            add(in_parts(of_a, |x| x * sign));
        }
        return;
    }
    let factors = &values[a..a + len];
    if segment.is_same() {
        let (value, tangent) = (values[b] * sign, tangents[b]);
        if segment.is_a_active() {
            add(in_parts(of_a, |x| x * value));
        }
        if segment.is_b_active() {
            add(in_parts(factors, |p| tangent * (p * sign)));
        }
    } else if a == b {
        if segment.is_a_active() {
            add(in_parts_of_pairs(of_a, factors, |x, p| x * (p * (sign + sign))));
        }
    } else {
        if segment.is_a_active() {
            add(in_parts_of_pairs(of_a, &values[b..b + len], |x, p| x * (p * sign)));
        }
        if segment.is_b_active() {
            add(in_parts_of_pairs(&tangents[b..b + len], factors, |x, p| x * (p * sign)));
        }
    }
}
