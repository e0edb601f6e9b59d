//! Runs of cheap operations of one or two operands: a loop for each rule, with the rule in it.

use super::{Body, Run, Task};
use crate::function::element::Element;
use crate::function::program::columns::Column;
use crate::function::replay::streams::{OnStreams, Stream, on_streams};
use crate::ops;
use std::marker::PhantomData;

pub(super) struct Unary<R, F, const P: usize>(PhantomData<(R, F)>);

impl<R: ops::Unary, F, E: Element<F>, const P: usize> Body<Task<'_, '_, E>> for Unary<R, F, P> {
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let run = task.run();
        let [x] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        if const { P > 1 }
            && let Some(first) = x.unit()
        {
            let operands = &below[first..first + results.len()];
            for (result, &x) in results.iter_mut().zip(operands) {
                [*result] = E::unary::<R, 1>([x]);
            }
            return;
        }
        let mut i = 0;
        while const { P > 1 } && i + P <= results.len() {
            results[i..i + P].copy_from_slice(&E::unary::<R, P>(x.load(below, i)));
            i += P;
        }
        while i < results.len() {
            [results[i]] = E::unary::<R, 1>([below[x.slot(i)]]);
            i += 1;
        }
    }
}

pub(super) struct Binary<R, F, const P: usize>(PhantomData<(R, F)>);

impl<R: ops::Binary, F, E: Element<F>, const P: usize> Body<Task<'_, '_, E>> for Binary<R, F, P> {
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let run = task.run();
        let [x, y] = Column::read_all(run.header, run.words);
        let (below, mut results) = Run::split(run.slots, run.out, run.header);
        if const { P > 1 } {
            let work = BinaryStreams { results, kind: PhantomData::<(R, F)> };
            match on_streams([x, y], below, run.header.count as usize, work) {
                Some(work) => results = work.results,
                None => return,
            }
        }
        let mut i = 0;
        while const { P > 1 } && i + P <= results.len() {
            let z = E::binary::<R, P>(x.load(below, i), y.load(below, i));
            results[i..i + P].copy_from_slice(&z);
            i += P;
        }
        while i < results.len() {
            [results[i]] = E::binary::<R, 1>([below[x.slot(i)]], [below[y.slot(i)]]);
            i += 1;
        }
    }
}

struct BinaryStreams<'m, R, F, E> {
    results: &'m mut [E],
    kind: PhantomData<(R, F)>,
}

impl<R: ops::Binary, F, E: Element<F>> OnStreams<E> for BinaryStreams<'_, R, F, E> {
    #[inline(always)]
    fn on(self, x: impl Stream<E>, y: impl Stream<E>) {
        for (i, result) in self.results.iter_mut().enumerate() {
            [*result] = E::binary::<R, 1>([x.at(i)], [y.at(i)]);
        }
    }
}

pub(super) fn powi<F, E: Element<F>>(task: Task<'_, '_, E>) {
    let run = task.run();
    let exponent = run.words[0] as i32;
    let [x] = Column::read_all(run.header, &run.words[1..]);
    let (below, results) = Run::split(run.slots, run.out, run.header);
    for (i, result) in results.iter_mut().enumerate() {
        *result = E::power(below[x.slot(i)], exponent);
    }
}
