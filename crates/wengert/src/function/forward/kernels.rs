//! The kernels of the forward evaluation: runs of operations, and operations of any length.

use crate::function::arrays::array;
use crate::function::columns::{self, Column};
use crate::function::element::Element;
use crate::function::opcode::Opcode;
use crate::function::program::{Header, Layout};
use crate::function::segments::Segment;
use crate::ops::{Binary, Form, Nary, Ternary, Unary, for_each_operation, rules};
use pulp::{NullaryFnOnce, Scalar, Simd};
use std::marker::PhantomData;

/// What a kernel works on.
pub(super) struct Run<'m, E> {
    pub(super) slots: &'m mut [E],
    /// What the instruction keeps for the reverse sweep.
    pub(super) saved: &'m mut [E],
    pub(super) gathered: &'m mut [E],
    /// The words from the instruction's first on.
    pub(super) words: &'m [u32],
    pub(super) header: Header,
    /// The slot of the first result.
    pub(super) out: usize,
}

impl<E: Copy> Run<'_, E> {
    /// The slots that are computed already, and those of the run.
    #[inline(always)]
    fn split(slots: &mut [E], out: usize, header: Header) -> (&[E], &mut [E]) {
        let (below, results) = slots.split_at_mut(out);
        (below, &mut results[..header.count as usize])
    }

    /// Copies the operands of an instruction side by side, and returns how many those are.
    #[inline(always)]
    fn gather(&mut self) -> usize {
        let count = self.words[1] as usize;
        let words = &self.words[2..2 + count];
        for (operand, &word) in self.gathered.iter_mut().zip(words) {
            *operand = self.slots[word as usize];
        }
        count
    }
}

/// The kernels by opcode.
pub(super) struct Kernels<F, E, S, const P: usize>(PhantomData<(F, E, S)>);

macro_rules! table {
    (
        unary { $($u:ident $u_name:literal,)* }
        binary { $($b:ident $b_const:ident $const_b:ident $b_name:literal,)* }
        nary { $($n:ident $n_name:literal,)* }
    ) => {
        impl<F, E: Element<F>, S: Simd, const P: usize> Kernels<F, E, S, P> {
            pub(super) const ALL: [for<'m> fn(S, Run<'m, E>); Opcode::ALL.len()] = {
                let mut all: [for<'m> fn(S, Run<'m, E>); Opcode::ALL.len()] = [
                    $(unary::<rules::$u, F, E, S, P>,)*
                    unary::<rules::Square, F, E, S, P>,
                    powi::<F, E, S>,
                    $(binary::<rules::$b, F, E, S, P>,)*
                    ternary::<rules::MulAdd, F, E, S, P>,
                    ternary::<rules::Clamp, F, E, S, P>,
                    $(nary::<rules::$n, F, E, S>,)*
                    log_sum_exp::<F, E, S>,
                    products::<F, E, S, P>,
                ];
                all[Opcode::Sum as usize] = sum::<F, E, S>;
                all
            };
        }
    };
}
for_each_operation!(table);

fn unary<R: Unary, F, E: Element<F>, S: Simd, const P: usize>(simd: S, run: Run<'_, E>) {
    if R::FORM == Form::Call {
        unary_run::<R, F, E, Scalar, P>(Scalar, run);
    } else {
        simd.vectorize(UnaryCall::<R, F, E, S, P> { run, simd, kind: PhantomData });
    }
}

struct UnaryCall<'m, R, F, E, S, const P: usize> {
    run: Run<'m, E>,
    simd: S,
    kind: PhantomData<(R, F)>,
}

impl<R: Unary, F, E: Element<F>, S: Simd, const P: usize> NullaryFnOnce
    for UnaryCall<'_, R, F, E, S, P>
{
    type Output = ();
    #[inline(always)]
    fn call(self) {
        unary_run::<R, F, E, S, P>(self.simd, self.run);
    }
}

#[inline(always)]
fn unary_run<R: Unary, F, E: Element<F>, S: Simd, const P: usize>(simd: S, run: Run<'_, E>) {
    let [x] = Column::read_all(run.header, run.words);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    let mut i = 0;
    while P > 1 && i + P <= results.len() {
        results[i..i + P].copy_from_slice(&E::unary::<R, S, P>(simd, x.load(below, i)));
        i += P;
    }
    if P > 1 && R::FORM == Form::Vector && results.len() > i + 1 {
        // PERF: what is too short for a pack is one all the same, with the last repeated.
        let last = results.len() - 1;
        let xs = array(
            #[inline(always)]
            |k| below[x.slot(last.min(i + k))],
        );
        for (result, y) in results[i..].iter_mut().zip(E::unary::<R, S, P>(simd, xs)) {
            *result = y;
        }
        return;
    }
    while i < results.len() {
        [results[i]] = E::unary::<R, S, 1>(simd, [below[x.slot(i)]]);
        i += 1;
    }
}

fn binary<R: Binary, F, E: Element<F>, S: Simd, const P: usize>(simd: S, run: Run<'_, E>) {
    if R::FORM == Form::Call {
        binary_run::<R, F, E, Scalar, P>(Scalar, run);
    } else {
        simd.vectorize(BinaryCall::<R, F, E, S, P> { run, simd, kind: PhantomData });
    }
}

struct BinaryCall<'m, R, F, E, S, const P: usize> {
    run: Run<'m, E>,
    simd: S,
    kind: PhantomData<(R, F)>,
}

impl<R: Binary, F, E: Element<F>, S: Simd, const P: usize> NullaryFnOnce
    for BinaryCall<'_, R, F, E, S, P>
{
    type Output = ();
    #[inline(always)]
    fn call(self) {
        binary_run::<R, F, E, S, P>(self.simd, self.run);
    }
}

#[inline(always)]
fn binary_run<R: Binary, F, E: Element<F>, S: Simd, const P: usize>(simd: S, run: Run<'_, E>) {
    let [x, y] = Column::read_all(run.header, run.words);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    let mut i = 0;
    while P > 1 && i + P <= results.len() {
        let z = E::binary::<R, S, P>(simd, x.load(below, i), y.load(below, i));
        results[i..i + P].copy_from_slice(&z);
        i += P;
    }
    while i < results.len() {
        [results[i]] = E::binary::<R, S, 1>(simd, [below[x.slot(i)]], [below[y.slot(i)]]);
        i += 1;
    }
}

fn powi<F, E: Element<F>, S: Simd>(_: S, run: Run<'_, E>) {
    let exponent = run.words[0] as i32;
    let [x] = Column::read_all(run.header, &run.words[1..]);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    for (i, result) in results.iter_mut().enumerate() {
        *result = E::power(below[x.slot(i)], exponent);
    }
}

fn ternary<R: Ternary, F, E: Element<F>, S: Simd, const P: usize>(simd: S, run: Run<'_, E>) {
    simd.vectorize(TernaryCall::<R, F, E, P> { run, kind: PhantomData });
}

struct TernaryCall<'m, R, F, E, const P: usize> {
    run: Run<'m, E>,
    kind: PhantomData<(R, F)>,
}

impl<R: Ternary, F, E: Element<F>, const P: usize> NullaryFnOnce for TernaryCall<'_, R, F, E, P> {
    type Output = ();
    #[inline(always)]
    fn call(self) {
        ternary_run::<R, F, E, P>(self.run);
    }
}

#[inline(always)]
fn ternary_run<R: Ternary, F, E: Element<F>, const P: usize>(run: Run<'_, E>) {
    let [x, y, z] = Column::read_all(run.header, run.words);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    let mut i = 0;
    while P > 1 && i + P <= results.len() {
        let (x, y, z) = (x.load(below, i), y.load(below, i), z.load(below, i));
        results[i..i + P].copy_from_slice(&E::ternary::<R, P>(x, y, z));
        i += P;
    }
    while i < results.len() {
        let operands = ([below[x.slot(i)]], [below[y.slot(i)]], [below[z.slot(i)]]);
        [results[i]] = E::ternary::<R, 1>(operands.0, operands.1, operands.2);
        i += 1;
    }
}

fn nary<R: Nary, F, E: Element<F>, S: Simd>(_: S, mut run: Run<'_, E>) {
    let count = run.gather();
    run.slots[run.out] = E::nary::<R>(&run.gathered[..count]);
}

fn log_sum_exp<F, E: Element<F>, S: Simd>(simd: S, mut run: Run<'_, E>) {
    let count = run.gather();
    run.slots[run.out] = E::log_sum_exp(simd, &run.gathered[..count], run.saved);
}

/// Defines a kernel as a function that calls its body compiled for the instruction set.
macro_rules! vectorized {
    ($kernel:ident $call:ident $body:ident <$($pack:ident)?>) => {
        fn $kernel<F, E: Element<F>, S: Simd, $(const $pack: usize)?>(simd: S, run: Run<'_, E>) {
            simd.vectorize($call::<F, E, $($pack)?> { run, kind: PhantomData });
        }
        struct $call<'m, F, E, $(const $pack: usize)?> {
            run: Run<'m, E>,
            kind: PhantomData<F>,
        }
        impl<F, E: Element<F>, $(const $pack: usize)?> NullaryFnOnce for $call<'_, F, E, $($pack)?> {
            type Output = ();
            #[inline(always)]
            fn call(self) {
                $body::<F, E, $($pack)?>(self.run);
            }
        }
    };
}
vectorized! { sum SumCall sum_of_terms <> }
vectorized! { products ProductsCall sums_of_products <P> }

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
                    sum = accumulate(sum, term, is_first, segment.is_negated());
                    is_first = false;
                }
            }
            sum
        }
    };
}

/// The words of an instruction that tells its length, without that and the count behind it.
#[inline(always)]
pub(in crate::function) fn wide(words: &[u32]) -> &[u32] {
    &words[2..words[0] as usize - 1]
}

#[inline(always)]
fn sums_of_products<F, E: Element<F>, const P: usize>(run: Run<'_, E>) {
    match Layout::of(run.header) {
        Layout::Columns => short_sums::<F, E, P>(run),
        Layout::Each => {
            let (words, slots) = (wide(run.words), &*run.slots);
            let pairs = words.as_chunks::<2>().0;
            let product = |&[a, b]: &[u32; 2]| slots[a as usize] * slots[b as usize];
            let mut sum = product(&pairs[0]);
            for pair in &pairs[1..] {
                sum += product(pair);
            }
            run.slots[run.out] = sum;
        }
        Layout::Segments => {
            run.slots[run.out] = product_segments(wide(run.words), run.slots);
        }
    }
}

#[inline(always)]
fn product_segments<F, E: Element<F>>(words: &[u32], slots: &[E]) -> E {
    let (mut sum, mut is_first) = (E::zero(), true);
    for words in words.as_chunks().0 {
        let segment = Segment::read(words);
        let a = &slots[segment.a..segment.a + segment.len];
        if segment.is_same() {
            let b = slots[segment.b];
            for &a in a {
                sum = accumulate(sum, a * b, is_first, segment.is_negated());
                is_first = false;
            }
        } else {
            let b = &slots[segment.b..segment.b + segment.len];
            for (&a, &b) in a.iter().zip(b) {
                sum = accumulate(sum, a * b, is_first, segment.is_negated());
                is_first = false;
            }
        }
    }
    sum
}

/// Several short sums of the same number of products, column by column.
#[inline(always)]
fn short_sums<F, E: Element<F>, const P: usize>(run: Run<'_, E>) {
    let sums = columns::ShortSums::read(run.header, run.words);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    let mut is_first = true;
    for ([a, b], is_negated) in sums {
        let mut i = 0;
        while P > 1 && i + P <= results.len() {
            let (a, b): ([E; P], [E; P]) = (a.load(below, i), b.load(below, i));
            let results = &mut results[i..i + P];
            for k in 0..P {
                results[k] = accumulate(results[k], a[k] * b[k], is_first, is_negated);
            }
            i += P;
        }
        while i < results.len() {
            let product = below[a.slot(i)] * below[b.slot(i)];
            results[i] = accumulate(results[i], product, is_first, is_negated);
            i += 1;
        }
        is_first = false;
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
