//! Sums of numbers and of products: one of any length, or several short ones.

use super::streams::{First, Second, flow_in_streams};
use super::{Body, Run, Task, at, pull};
use crate::function::element::Element;
use crate::function::program::Layout;
use crate::function::program::columns::{self, Column};
use crate::function::program::instruction::wide;
use crate::function::program::segments::Segment;
use std::marker::PhantomData;

/// What flows from Σ ±xᵢ.
pub(super) struct Sum<F>(PhantomData<F>);

impl<F, E: Element<F>> Body<Task<'_, '_, E>> for Sum<F> {
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let run = task.run();
        sum_of_terms::<F, E>(run);
    }
}

/// What flows from Σ ±aᵢ·bᵢ.
pub(super) struct Products<F, const P: usize, const CAREFUL: bool>(PhantomData<F>);

impl<F, E: Element<F>, const P: usize, const CAREFUL: bool> Body<Task<'_, '_, E>>
    for Products<F, P, CAREFUL>
{
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let run = task.run();
        sums_of_products::<F, E, P, CAREFUL>(run);
    }
}

/// What flows from a·b + c, rounded once.
pub(super) struct MulAdd<F, const P: usize, const CAREFUL: bool>(PhantomData<F>);

impl<F, E: Element<F>, const P: usize, const CAREFUL: bool> Body<Task<'_, '_, E>>
    for MulAdd<F, P, CAREFUL>
{
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let mut run = task.run();
        let [a, b, c]: [Column<'_>; 3] = Column::read_all(run.header, run.words);
        products::<F, E, P, CAREFUL>(&mut run, [a, b], false);
        if c.is_active {
            summands::<F, E, P>(&mut run, c);
        }
        run.clear();
    }
}

/// One operand by itself in each of several sums.
#[inline(always)]
fn summands<F, E: Element<F>, const P: usize>(run: &mut Run<'_, E>, operands: Column<'_>) {
    let mut i = 0;
    while const { P > 1 } && i + P <= run.count() {
        let flow = at::<E, P>(run.adjoints, run.out + i);
        operands.add(run.adjoints, i, flow);
        i += P;
    }
    while i < run.count() {
        let flow = at::<E, 1>(run.adjoints, run.out + i);
        operands.add(run.adjoints, i, flow);
        i += 1;
    }
}

#[inline(always)]
fn sum_of_terms<F, E: Element<F>>(mut run: Run<'_, E>) {
    let adjoint = run.take_one();
    if !run.is_active() {
        return;
    }
    if Layout::of(run.header) == Layout::Each {
        for &slot in wide(run.words) {
            run.adjoints[slot as usize] += adjoint;
        }
        return;
    }
    for words in wide(run.words).as_chunks().0 {
        let segment = Segment::read(words);
        let flow = if segment.is_negated() { E::negated(adjoint) } else { adjoint };
        for target in &mut run.adjoints[segment.a..segment.a + segment.len] {
            *target += flow;
        }
    }
}

#[inline(always)]
fn sums_of_products<F, E: Element<F>, const P: usize, const CAREFUL: bool>(mut run: Run<'_, E>) {
    if !run.is_active() {
        return;
    }
    match Layout::of(run.header) {
        Layout::Columns => short_sums::<F, E, P, CAREFUL>(run),
        Layout::Each => {
            let adjoint = run.take_one();
            for &[a, b] in wide(run.words).as_chunks().0 {
                let (a, b) = (a as usize, b as usize);
                run.adjoints[a] += adjoint.flow::<CAREFUL>(run.slots[b]);
                run.adjoints[b] += adjoint.flow::<CAREFUL>(run.slots[a]);
            }
        }
        Layout::Segments => {
            let adjoint = run.take_one();
            for words in wide(run.words).as_chunks().0 {
                product_segment::<F, E, P, CAREFUL>(&mut run, Segment::read(words), adjoint);
            }
        }
    }
}

#[inline(always)]
fn product_segment<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    segment: Segment,
    adjoint: E,
) {
    let Segment { a, b, len, .. } = segment;
    let adjoint = if segment.is_negated() { E::negated(adjoint) } else { adjoint };
    if segment.is_same() {
        return product_with_one::<F, E, CAREFUL>(run, segment, adjoint);
    }
    if segment.is_a_active() {
        let partials = &run.slots[b..b + len];
        add_scaled::<F, E, P, CAREFUL>(&mut run.adjoints[a..a + len], adjoint, partials);
    }
    if segment.is_b_active() {
        let partials = &run.slots[a..a + len];
        add_scaled::<F, E, P, CAREFUL>(&mut run.adjoints[b..b + len], adjoint, partials);
    }
}

/// A segment whose second factors are one slot.
#[inline(always)]
fn product_with_one<F, E: Element<F>, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    segment: Segment,
    adjoint: E,
) {
    let Segment { a, b, len, .. } = segment;
    if segment.is_a_active() {
        let flow = adjoint.flow::<CAREFUL>(run.slots[b]);
        for target in &mut run.adjoints[a..a + len] {
            *target += flow;
        }
    }
    if segment.is_b_active() {
        for &partial in &run.slots[a..a + len] {
            run.adjoints[b] += adjoint.flow::<CAREFUL>(partial);
        }
    }
}

/// Adds to each target the adjoint times its partial. PERF: in pieces of a known length, which
/// are vector instructions also where segments are too short for the compiler's own loops: all sums of
/// one are computed before any is stored, where the next partial could be for all that it knows.
#[inline(always)]
fn add_scaled<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    targets: &mut [E],
    adjoint: E,
    partials: &[E],
) {
    let (pieces, rest) = targets.as_chunks_mut::<P>();
    let (partials, of_rest) = partials.as_chunks::<P>();
    for (targets, partials) in pieces.iter_mut().zip(partials) {
        let mut sums = *targets;
        for k in 0..P {
            sums[k] += adjoint.flow::<CAREFUL>(partials[k]);
        }
        *targets = sums;
    }
    for (target, &partial) in rest.iter_mut().zip(of_rest) {
        *target += adjoint.flow::<CAREFUL>(partial);
    }
}

#[inline(always)]
fn short_sums<F, E: Element<F>, const P: usize, const CAREFUL: bool>(mut run: Run<'_, E>) {
    for (pair, join) in columns::ShortSums::read(run.header, run.words) {
        products::<F, E, P, CAREFUL>(&mut run, pair, join.is_negated);
    }
    run.clear();
}

/// One product in each of several sums.
#[inline(always)]
fn products<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    pair: [Column<'_>; 2],
    is_negated: bool,
) {
    let is_stream =
        const { P > 1 } && flow_in_streams::<Second, First, F, E, CAREFUL>(run, pair, is_negated);
    if is_stream {
        return;
    }
    let mut i = 0;
    while const { P > 1 } && i + P <= run.count() {
        term_pack::<F, E, P, CAREFUL>(run, pair, is_negated, i);
        i += P;
    }
    while i < run.count() {
        term_pack::<F, E, 1, CAREFUL>(run, pair, is_negated, i);
        i += 1;
    }
}

/// One term of several short sums.
#[inline(always)]
fn term_pack<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    [a, b]: [Column<'_>; 2],
    is_negated: bool,
    i: usize,
) {
    let mut adjoint = at::<E, P>(run.adjoints, run.out + i);
    if is_negated {
        for adjoint in &mut adjoint {
            *adjoint = adjoint.negated();
        }
    }
    let slots = run.slots;
    if a.is_active {
        pull::<F, E, P, CAREFUL>(a, run.adjoints, i, adjoint, b.load(slots, i));
    }
    if b.is_active {
        pull::<F, E, P, CAREFUL>(b, run.adjoints, i, adjoint, a.load(slots, i));
    }
}
