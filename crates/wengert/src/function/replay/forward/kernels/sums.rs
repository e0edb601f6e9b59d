//! Sums of numbers and of products: one of any length, or several short ones.

use super::{Body, Run, Task};
use crate::function::element::Element;
use crate::function::program::Layout;
use crate::function::program::columns::{self, Column, Join};
use crate::function::program::instruction::wide;
use crate::function::program::segments::Segment;
use crate::function::replay::forward::lone_sum;
use crate::function::replay::streams::{OnStreams, Same, Stream, on_streams};
use crate::function::replay::terms::{accumulate, add};
use std::marker::PhantomData;

/// Σ ±xᵢ
pub(super) struct Sum<F>(PhantomData<F>);

impl<F, E: Element<F>> Body<Task<'_, '_, E>> for Sum<F> {
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let run = task.run();
        sum_of_terms::<F, E>(run);
    }
}

/// Σ ±aᵢ·bᵢ
pub(super) struct Products<F, const P: usize>(PhantomData<F>);

impl<F, E: Element<F>, const P: usize> Body<Task<'_, '_, E>> for Products<F, P> {
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let run = task.run();
        if run.header.count == 1 && run.header.is_lone_sum() {
            run.slots[run.out] = lone_sum::<F, E, true>(run.words, run.slots);
        } else if run.header.is_fused() {
            sums_of_products::<F, E, P, true>(run);
        } else {
            sums_of_products::<F, E, P, false>(run);
        }
    }
}

/// a·b + c, rounded once.
pub(super) struct MulAdd<F, const P: usize>(PhantomData<F>);

impl<F, E: Element<F>, const P: usize> Body<Task<'_, '_, E>> for MulAdd<F, P> {
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let run = task.run();
        let [a, b, c]: [Column<'_>; 3] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        let join = Join { is_negated: false, is_fused: true };
        c.copy(below, 0, results);
        terms::<F, E, P, true>(results, below, [a, b], join, false);
    }
}

#[inline(always)]
fn sum_of_terms<F, E: Element<F>>(run: Run<'_, E>) {
    let words = wide(run.words);
    let slots = &*run.slots;
    run.slots[run.out] = match Layout::of(run.header) {
        Layout::Each => {
            let mut sum = slots[words[0] as usize];
            for &word in &words[1..] {
                sum += slots[word as usize];
            }
            sum
        }
        _ => {
            let (mut sum, mut is_first) = (E::zero(), true);
            for words in words.as_chunks().0 {
                let segment = Segment::read(words);
                for &term in &slots[segment.a..segment.a + segment.len] {
                    sum = add(sum, term, is_first, segment.is_negated());
                    is_first = false;
                }
            }
            sum
        }
    };
}

#[inline(always)]
fn sums_of_products<F, E: Element<F>, const P: usize, const FUSED: bool>(run: Run<'_, E>) {
    match Layout::of(run.header) {
        Layout::Columns => short_sums::<F, E, P, FUSED>(run),
        Layout::Each => {
            let (words, slots) = (wide(run.words), &*run.slots);
            let pairs = words.as_chunks::<2>().0;
            let mut sum = product::<F, E>(slots, pairs[0]);
            for &pair in &pairs[1..] {
                sum += product::<F, E>(slots, pair);
            }
            run.slots[run.out] = sum;
        }
        Layout::Segments => {
            run.slots[run.out] = product_segments::<F, E, FUSED>(wide(run.words), run.slots);
        }
    }
}

/// The product of two slots. No closure, which may become a function of its own, and then is compiled
/// for the least instruction set.
#[inline(always)]
fn product<F, E: Element<F>>(slots: &[E], [a, b]: [u32; 2]) -> E {
    slots[a as usize] * slots[b as usize]
}

#[inline(always)]
fn product_segments<F, E: Element<F>, const FUSED: bool>(words: &[u32], slots: &[E]) -> E {
    let (mut sum, mut is_first) = (E::zero(), true);
    for words in words.as_chunks().0 {
        let segment = Segment::read(words);
        let (a, join) = (&slots[segment.a..segment.a + segment.len], segment.join());
        if segment.is_same() {
            let b = slots[segment.b];
            for &a in a {
                sum = accumulate::<F, E, FUSED>(sum, [a, b], is_first, join);
                is_first = false;
            }
        } else {
            let b = &slots[segment.b..segment.b + segment.len];
            for (&a, &b) in a.iter().zip(b) {
                sum = accumulate::<F, E, FUSED>(sum, [a, b], is_first, join);
                is_first = false;
            }
        }
    }
    sum
}

/// Several short sums of the same number of products, column by column.
#[inline(always)]
fn short_sums<F, E: Element<F>, const P: usize, const FUSED: bool>(run: Run<'_, E>) {
    let sums = columns::ShortSums::read(run.header, run.words);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    let mut is_first = true;
    for (pair, join) in sums {
        terms::<F, E, P, FUSED>(results, below, pair, join, is_first);
        is_first = false;
    }
}

/// One product in each of several sums, of which the results are the beginnings.
#[inline(always)]
fn terms<F, E: Element<F>, const P: usize, const FUSED: bool>(
    results: &mut [E],
    below: &[E],
    [a, b]: [Column<'_>; 2],
    join: Join,
    is_first: bool,
) {
    if const { P > 1 } {
        let (count, number) = (results.len(), PhantomData::<F>);
        let work = TermStreams::<_, _, FUSED> { results: &mut *results, is_first, join, number };
        let Some(work) = on_streams([a, b], below, count, work) else { return };
        if let (Some((a, 0)), Some((b, 0))) = (a.regular(), b.regular()) {
            // A summand that all sums have in common, times 1.
            return work.on(Same(below[a]), Same(below[b]));
        }
    }
    if let (Some(a), Some(b)) = (a.listed_slots(), b.listed_slots()) {
        for ((result, &a), &b) in results.iter_mut().zip(a).zip(b) {
            let factors = [below[a as usize], below[b as usize]];
            *result = accumulate::<F, E, FUSED>(*result, factors, is_first, join);
        }
        return;
    }
    let mut i = 0;
    while const { P > 1 } && i + P <= results.len() {
        let (a, b): ([E; P], [E; P]) = (a.load(below, i), b.load(below, i));
        let results = &mut results[i..i + P];
        for k in 0..P {
            results[k] = accumulate::<F, E, FUSED>(results[k], [a[k], b[k]], is_first, join);
        }
        i += P;
    }
    while i < results.len() {
        let factors = [below[a.slot(i)], below[b.slot(i)]];
        results[i] = accumulate::<F, E, FUSED>(results[i], factors, is_first, join);
        i += 1;
    }
}

/// One term of several short sums.
struct TermStreams<'m, F, E, const FUSED: bool> {
    results: &'m mut [E],
    is_first: bool,
    join: Join,
    number: PhantomData<F>,
}

impl<F, E: Element<F>, const FUSED: bool> OnStreams<E> for TermStreams<'_, F, E, FUSED> {
    #[inline(always)]
    fn on(self, a: impl Stream<E>, b: impl Stream<E>) {
        let Self { results, is_first, join, .. } = self;
        for (i, result) in results.iter_mut().enumerate() {
            *result = accumulate::<F, E, FUSED>(*result, [a.at(i), b.at(i)], is_first, join);
        }
    }
}
