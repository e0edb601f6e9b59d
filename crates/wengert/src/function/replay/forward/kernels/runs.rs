//! Runs of cheap operations of one, two or three operands: a loop for each rule, with the rule in
//! it.

use super::Run;
use crate::function::element::Element;
use crate::function::program::columns::Column;
use crate::function::replay::streams::{OnStreams, Stream, on_streams};
use crate::ops::{Binary, Ternary, Unary};
use pulp::{NullaryFnOnce, Simd};
use std::marker::PhantomData;

pub(super) fn unary<R: Unary, F, E: Element<F>, S: Simd, const P: usize>(simd: S, run: Run<'_, E>) {
    simd.vectorize(UnaryCall::<R, F, E, S, P> { run, simd, kind: PhantomData });
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
    if let (true, Some(first)) = (P > 1, x.unit()) {
        let operands = &below[first..first + results.len()];
        for (result, &x) in results.iter_mut().zip(operands) {
            [*result] = E::unary::<R, S, 1>(simd, [x]);
        }
        return;
    }
    let mut i = 0;
    while P > 1 && i + P <= results.len() {
        results[i..i + P].copy_from_slice(&E::unary::<R, S, P>(simd, x.load(below, i)));
        i += P;
    }
    while i < results.len() {
        [results[i]] = E::unary::<R, S, 1>(simd, [below[x.slot(i)]]);
        i += 1;
    }
}

pub(super) fn binary<R: Binary, F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    run: Run<'_, E>,
) {
    simd.vectorize(BinaryCall::<R, F, E, S, P> { run, simd, kind: PhantomData });
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
    let (below, mut results) = Run::split(run.slots, run.out, run.header);
    if P > 1 {
        let work = BinaryStreams { results, simd, kind: PhantomData::<(R, F)> };
        match on_streams([x, y], below, run.header.count as usize, work) {
            Some(work) => results = work.results,
            None => return,
        }
    }
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

struct BinaryStreams<'m, R, F, E, S> {
    results: &'m mut [E],
    simd: S,
    kind: PhantomData<(R, F)>,
}

impl<R: Binary, F, E: Element<F>, S: Simd> OnStreams<E> for BinaryStreams<'_, R, F, E, S> {
    #[inline(always)]
    fn on(self, x: impl Stream<E>, y: impl Stream<E>) {
        for (i, result) in self.results.iter_mut().enumerate() {
            [*result] = E::binary::<R, S, 1>(self.simd, [x.at(i)], [y.at(i)]);
        }
    }
}

pub(super) fn powi<F, E: Element<F>, S: Simd>(_: S, run: Run<'_, E>) {
    let exponent = run.words[0] as i32;
    let [x] = Column::read_all(run.header, &run.words[1..]);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    for (i, result) in results.iter_mut().enumerate() {
        *result = E::power(below[x.slot(i)], exponent);
    }
}

pub(super) fn ternary<R: Ternary, F, E: Element<F>, S: Simd, const P: usize>(
    simd: S,
    run: Run<'_, E>,
) {
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
    let columns: [Column<'_>; 3] = Column::read_all(run.header, run.words);
    let [x, y, z] = columns;
    let (below, results) = Run::split(run.slots, run.out, run.header);
    if let (true, Some(x), Some(y), Some(z)) = (P > 1, x.unit(), y.unit(), z.unit()) {
        let count = results.len();
        let (x, y, z) = (&below[x..x + count], &below[y..y + count], &below[z..z + count]);
        for (i, result) in results.iter_mut().enumerate() {
            [*result] = E::ternary::<R, 1>([x[i]], [y[i]], [z[i]]);
        }
        return;
    }
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
