//! The kernels of the reverse sweep: runs of operations, and operations of any length.

use crate::function::arrays::array;
use crate::function::columns::{self, Column};
use crate::function::element::Element;
use crate::function::forward::wide;
use crate::function::opcode::Opcode;
use crate::function::program::{Header, Layout};
use crate::function::segments::Segment;
use crate::ops::{Binary, Form, Nary, Ternary, Unary, for_each_operation, rules};
use pulp::{NullaryFnOnce, Scalar, Simd};
use std::marker::PhantomData;

/// What a kernel works on.
pub(super) struct Run<'m, E> {
    pub(super) slots: &'m [E],
    pub(super) adjoints: &'m mut [E],
    /// What the instruction kept, at the front.
    pub(super) saved: &'m [E],
    pub(super) gathered: &'m mut [E],
    pub(super) partials: &'m mut [E],
    /// The words from the instruction's first on.
    pub(super) words: &'m [u32],
    pub(super) header: Header,
    /// The slot of the first result.
    pub(super) out: usize,
}

impl<E: Copy> Run<'_, E> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.header.count as usize
    }

    /// Whether an adjoint flows into any operand of an instruction that has no columns.
    #[inline(always)]
    fn is_active(&self) -> bool {
        self.header.layout & Layout::ACTIVE != 0
    }

    /// The adjoint of the one result, which is left zero.
    #[inline(always)]
    fn take_one<F>(&mut self) -> E
    where
        E: Element<F>,
    {
        std::mem::replace(&mut self.adjoints[self.out], E::zero())
    }
}

/// Adds to `P` adjoints of a column, which is active. PERF: no closure for the partials, which
/// would be a function of its own in the largest kernels.
#[inline(always)]
fn pull<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    column: Column<'_>,
    adjoints: &mut [E],
    i: usize,
    adjoint: [E; P],
    mut partial: [E; P],
) {
    for k in 0..P {
        partial[k] = adjoint[k].flow::<CAREFUL>(partial[k]);
    }
    column.add(adjoints, i, partial);
}

/// `P` entries from the i-th on.
#[inline(always)]
fn at<E: Copy, const P: usize>(entries: &[E], i: usize) -> [E; P] {
    let entries = &entries[i..i + P];
    array(
        #[inline(always)]
        |k| entries[k],
    )
}

/// Takes `P` adjoints and leaves zeros.
#[inline(always)]
fn take<F, E: Element<F>, const P: usize>(adjoints: &mut [E], i: usize) -> [E; P] {
    let adjoints = &mut adjoints[i..i + P];
    let mut taken = [E::zero(); P];
    taken.swap_with_slice(adjoints);
    taken
}

/// The kernels by opcode.
pub(super) struct Kernels<F, E, S, const P: usize, const CAREFUL: bool>(PhantomData<(F, E, S)>);

macro_rules! table {
    (
        unary { $($u:ident $u_name:literal,)* }
        binary { $($b:ident $b_const:ident $const_b:ident $b_name:literal,)* }
        nary { $($n:ident $n_name:literal,)* }
    ) => {
        impl<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>
            Kernels<F, E, S, P, CAREFUL>
        {
            pub(super) const ALL: [for<'m> fn(S, Run<'m, E>); Opcode::ALL.len()] = {
                let mut all: [for<'m> fn(S, Run<'m, E>); Opcode::ALL.len()] = [
                    $(unary::<rules::$u, F, E, S, P, CAREFUL>,)*
                    unary::<rules::Square, F, E, S, P, CAREFUL>,
                    powi::<F, E, S, CAREFUL>,
                    $(binary::<rules::$b, F, E, S, P, CAREFUL>,)*
                    ternary::<rules::MulAdd, F, E, S, P, CAREFUL>,
                    ternary::<rules::Clamp, F, E, S, P, CAREFUL>,
                    $(nary::<rules::$n, F, E, S, CAREFUL>,)*
                    log_sum_exp::<F, E, S, CAREFUL>,
                    products::<F, E, S, P, CAREFUL>,
                ];
                all[Opcode::Sum as usize] = sum::<F, E, S>;
                all
            };
        }
    };
}
for_each_operation!(table);

fn unary<R: Unary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: Run<'_, E>,
) {
    if R::FORM == Form::Call {
        unary_run::<R, F, E, Scalar, P, CAREFUL>(Scalar, run);
    } else {
        simd.vectorize(UnaryCall::<R, F, E, S, P, CAREFUL> { run, simd, kind: PhantomData });
    }
}

struct UnaryCall<'m, R, F, E, S, const P: usize, const CAREFUL: bool> {
    run: Run<'m, E>,
    simd: S,
    kind: PhantomData<(R, F)>,
}

impl<R: Unary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool> NullaryFnOnce
    for UnaryCall<'_, R, F, E, S, P, CAREFUL>
{
    type Output = ();
    #[inline(always)]
    fn call(self) {
        unary_run::<R, F, E, S, P, CAREFUL>(self.simd, self.run);
    }
}

#[inline(always)]
fn unary_run<R: Unary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    mut run: Run<'_, E>,
) {
    let [x] = Column::read_all(run.header, run.words);
    if !x.is_active {
        return;
    }
    let mut i = 0;
    while P > 1 && i + P <= run.count() {
        unary_pack::<R, F, E, S, P, CAREFUL>(simd, &mut run, x, i);
        i += P;
    }
    if P > 1 && R::FORM == Form::Vector && run.count() > i + 1 {
        return unary_rest::<R, F, E, S, P, CAREFUL>(simd, &mut run, x, i);
    }
    while i < run.count() {
        unary_pack::<R, F, E, S, 1, CAREFUL>(simd, &mut run, x, i);
        i += 1;
    }
}

#[inline(always)]
fn unary_pack<R: Unary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: &mut Run<'_, E>,
    x: Column<'_>,
    i: usize,
) {
    let y = at::<E, P>(run.slots, run.out + i);
    let adjoint = take::<F, E, P>(run.adjoints, run.out + i);
    let slope = E::slope::<R, S, P>(simd, x.load(run.slots, i), y);
    pull::<F, E, P, CAREFUL>(x, run.adjoints, i, adjoint, slope);
}

/// The operations from the i-th on, too few for a pack: a pack all the same, with the last
/// repeated.
#[inline(always)]
fn unary_rest<R: Unary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: &mut Run<'_, E>,
    x: Column<'_>,
    i: usize,
) {
    let (last, slots, out) = (run.count() - 1, run.slots, run.out);
    let xs = array(
        #[inline(always)]
        |k| slots[x.slot(last.min(i + k))],
    );
    let ys = array(
        #[inline(always)]
        |k| slots[out + last.min(i + k)],
    );
    for (k, slope) in E::slope::<R, S, P>(simd, xs, ys).into_iter().enumerate().take(last + 1 - i) {
        let adjoint = std::mem::replace(&mut run.adjoints[out + i + k], E::zero());
        run.adjoints[x.slot(i + k)] += adjoint.flow::<CAREFUL>(slope);
    }
}

fn binary<R: Binary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: Run<'_, E>,
) {
    if R::FORM == Form::Call {
        binary_run::<R, F, E, P, CAREFUL>(run);
    } else {
        simd.vectorize(BinaryCall::<R, F, E, P, CAREFUL> { run, kind: PhantomData });
    }
}

struct BinaryCall<'m, R, F, E, const P: usize, const CAREFUL: bool> {
    run: Run<'m, E>,
    kind: PhantomData<(R, F)>,
}

impl<R: Binary, F, E: Element<F>, const P: usize, const CAREFUL: bool> NullaryFnOnce
    for BinaryCall<'_, R, F, E, P, CAREFUL>
{
    type Output = ();
    #[inline(always)]
    fn call(self) {
        binary_run::<R, F, E, P, CAREFUL>(self.run);
    }
}

#[inline(always)]
fn binary_run<R: Binary, F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    mut run: Run<'_, E>,
) {
    let pair: [Column<'_>; 2] = Column::read_all(run.header, run.words);
    if !(pair[0].is_active || pair[1].is_active) {
        return;
    }
    let mut i = 0;
    while P > 1 && i + P <= run.count() {
        binary_pack::<R, F, E, P, CAREFUL>(&mut run, pair, i);
        i += P;
    }
    while i < run.count() {
        binary_pack::<R, F, E, 1, CAREFUL>(&mut run, pair, i);
        i += 1;
    }
}

#[inline(always)]
fn binary_pack<R: Binary, F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    [x, y]: [Column<'_>; 2],
    i: usize,
) {
    let z = at::<E, P>(run.slots, run.out + i);
    let adjoint = take::<F, E, P>(run.adjoints, run.out + i);
    let (a, b) = (x.load(run.slots, i), y.load(run.slots, i));
    if x.is_active {
        pull::<F, E, P, CAREFUL>(x, run.adjoints, i, adjoint, E::left::<R, P>(a, b, z));
    }
    if y.is_active {
        pull::<F, E, P, CAREFUL>(y, run.adjoints, i, adjoint, E::right::<R, P>(a, b, z));
    }
}

fn powi<F, E: Element<F>, S: Simd, const CAREFUL: bool>(_: S, run: Run<'_, E>) {
    let exponent = run.words[0] as i32;
    let [x] = Column::read_all(run.header, &run.words[1..]);
    for i in 0..run.count() {
        let (y, adjoint) = (run.slots[run.out + i], take::<F, E, 1>(run.adjoints, run.out + i));
        if x.is_active {
            let slope = [E::power_slope(run.slots[x.slot(i)], exponent, y)];
            pull::<F, E, 1, CAREFUL>(x, run.adjoints, i, adjoint, slope);
        }
    }
}

fn ternary<R: Ternary, F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: Run<'_, E>,
) {
    simd.vectorize(TernaryCall::<R, F, E, P, CAREFUL> { run, kind: PhantomData });
}

struct TernaryCall<'m, R, F, E, const P: usize, const CAREFUL: bool> {
    run: Run<'m, E>,
    kind: PhantomData<(R, F)>,
}

impl<R: Ternary, F, E: Element<F>, const P: usize, const CAREFUL: bool> NullaryFnOnce
    for TernaryCall<'_, R, F, E, P, CAREFUL>
{
    type Output = ();
    #[inline(always)]
    fn call(self) {
        ternary_run::<R, F, E, P, CAREFUL>(self.run);
    }
}

#[inline(always)]
fn ternary_run<R: Ternary, F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    mut run: Run<'_, E>,
) {
    let columns: [Column<'_>; 3] = Column::read_all(run.header, run.words);
    let mut i = 0;
    while P > 1 && i + P <= run.count() {
        ternary_pack::<R, F, E, P, CAREFUL>(&mut run, columns, i);
        i += P;
    }
    while i < run.count() {
        ternary_pack::<R, F, E, 1, CAREFUL>(&mut run, columns, i);
        i += 1;
    }
}

#[inline(always)]
fn ternary_pack<R: Ternary, F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    [x, y, z]: [Column<'_>; 3],
    i: usize,
) {
    let adjoint = take::<F, E, P>(run.adjoints, run.out + i);
    let slots = run.slots;
    let [left, middle, right] =
        E::partials::<R, P>(x.load(slots, i), y.load(slots, i), z.load(slots, i));
    for (column, partial) in [(x, left), (y, middle), (z, right)] {
        if column.is_active {
            pull::<F, E, P, CAREFUL>(column, run.adjoints, i, adjoint, partial);
        }
    }
}

fn nary<R: Nary, F, E: Element<F>, S: Simd, const CAREFUL: bool>(_: S, mut run: Run<'_, E>) {
    let adjoint = run.take_one();
    if !run.is_active() {
        return;
    }
    let operands = wide(run.words);
    for (operand, &slot) in run.gathered.iter_mut().zip(operands) {
        *operand = run.slots[slot as usize];
    }
    let (xs, partials) = (&run.gathered[..operands.len()], &mut run.partials[..operands.len()]);
    E::nary_partials::<R>(xs, run.slots[run.out], partials);
    for (&slot, &partial) in operands.iter().zip(&*partials) {
        run.adjoints[slot as usize] += adjoint.flow::<CAREFUL>(partial);
    }
}

/// Defines a kernel as a function that calls its body compiled for the instruction set.
macro_rules! vectorized {
    ($kernel:ident $call:ident $body:ident <$($constant:ident: $kind:ty),*>) => {
        fn $kernel<F, E: Element<F>, S: Simd, $(const $constant: $kind),*>(
            simd: S,
            run: Run<'_, E>,
        ) {
            simd.vectorize($call::<F, E, $($constant),*> { run, kind: PhantomData });
        }
        struct $call<'m, F, E, $(const $constant: $kind),*> {
            run: Run<'m, E>,
            kind: PhantomData<F>,
        }
        impl<F, E: Element<F>, $(const $constant: $kind),*> NullaryFnOnce
            for $call<'_, F, E, $($constant),*>
        {
            type Output = ();
            #[inline(always)]
            fn call(self) {
                $body::<F, E, $($constant),*>(self.run);
            }
        }
    };
}
vectorized! { sum SumCall sum_of_terms <> }
vectorized! { products ProductsCall sums_of_products <P: usize, CAREFUL: bool> }
vectorized! { log_sum_exp LogSumExpCall softmax <CAREFUL: bool> }

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
fn softmax<F, E: Element<F>, const CAREFUL: bool>(mut run: Run<'_, E>) {
    let adjoint = run.take_one();
    if !run.is_active() {
        return;
    }
    let operands = wide(run.words);
    let (weights, scale) = (&run.saved[..operands.len()], run.saved[operands.len()]);
    for (&slot, &weight) in operands.iter().zip(weights) {
        run.adjoints[slot as usize] += adjoint.flow::<CAREFUL>(weight * scale);
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
                product_segment::<F, E, CAREFUL>(&mut run, Segment::read(words), adjoint);
            }
        }
    }
}

#[inline(always)]
fn product_segment<F, E: Element<F>, const CAREFUL: bool>(
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
        add_scaled::<F, E, CAREFUL>(&mut run.adjoints[a..a + len], adjoint, partials);
    }
    if segment.is_b_active() {
        let partials = &run.slots[a..a + len];
        add_scaled::<F, E, CAREFUL>(&mut run.adjoints[b..b + len], adjoint, partials);
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
/// are vector instructions also where segments are too short for the compiler's own loops.
#[inline(always)]
fn add_scaled<F, E: Element<F>, const CAREFUL: bool>(
    targets: &mut [E],
    adjoint: E,
    partials: &[E],
) {
    const PIECE: usize = 8;
    let (pieces, rest) = targets.as_chunks_mut::<PIECE>();
    let (partials, of_rest) = partials.as_chunks::<PIECE>();
    for (targets, partials) in pieces.iter_mut().zip(partials) {
        for k in 0..PIECE {
            targets[k] += adjoint.flow::<CAREFUL>(partials[k]);
        }
    }
    for (target, &partial) in rest.iter_mut().zip(of_rest) {
        *target += adjoint.flow::<CAREFUL>(partial);
    }
}

#[inline(always)]
fn short_sums<F, E: Element<F>, const P: usize, const CAREFUL: bool>(mut run: Run<'_, E>) {
    for (pair, is_negated) in columns::ShortSums::read(run.header, run.words) {
        let mut i = 0;
        while P > 1 && i + P <= run.count() {
            term_pack::<F, E, P, CAREFUL>(&mut run, pair, is_negated, i);
            i += P;
        }
        while i < run.count() {
            term_pack::<F, E, 1, CAREFUL>(&mut run, pair, is_negated, i);
            i += 1;
        }
    }
    let (out, count) = (run.out, run.count());
    run.adjoints[out..out + count].fill(E::zero());
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
