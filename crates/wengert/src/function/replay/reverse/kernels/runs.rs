//! Runs of cheap operations of one or two operands: a loop for each rule, with the rule in it.

use super::streams::{Left, Right, flow_in_streams};
use super::{Body, Run, Task, at, pull, take};
use crate::function::element::Element;
use crate::function::program::columns::Column;
use crate::ops;
use std::marker::PhantomData;

pub(super) struct Unary<R, F, const P: usize, const CAREFUL: bool>(PhantomData<(R, F)>);

impl<R: ops::Unary, F, E: Element<F>, const P: usize, const CAREFUL: bool> Body<Task<'_, '_, E>>
    for Unary<R, F, P, CAREFUL>
{
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let mut run = task.run();
        let [x] = Column::read_all(run.header, run.words);
        if !x.is_active {
            return;
        }
        if const { P > 1 }
            && let Some(first) = x.unit()
        {
            return unary_stream::<R, F, E, CAREFUL>(run, first);
        }
        let mut i = 0;
        while const { P > 1 } && i + P <= run.count() {
            unary_pack::<R, F, E, P, CAREFUL>(&mut run, x, i);
            i += P;
        }
        while i < run.count() {
            unary_pack::<R, F, E, 1, CAREFUL>(&mut run, x, i);
            i += 1;
        }
    }
}

/// A run whose operands are consecutive, from slot `first` on, as a plain loop.
#[inline(always)]
fn unary_stream<R: ops::Unary, F, E: Element<F>, const CAREFUL: bool>(
    mut run: Run<'_, E>,
    first: usize,
) {
    let (count, out) = (run.count(), run.out);
    let (xs, ys) = (&run.slots[first..first + count], &run.slots[out..out + count]);
    let (below, above) = run.adjoints.split_at_mut(out);
    let (targets, adjoints) = (&mut below[first..first + count], &above[..count]);
    for (i, target) in targets.iter_mut().enumerate() {
        let [slope] = E::slope::<R, 1>([xs[i]], [ys[i]]);
        *target += adjoints[i].flow::<CAREFUL>(slope);
    }
    run.clear();
}

#[inline(always)]
fn unary_pack<R: ops::Unary, F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    x: Column<'_>,
    i: usize,
) {
    let y = at::<E, P>(run.slots, run.out + i);
    let adjoint = take::<F, E, P>(run.adjoints, run.out + i);
    let slope = E::slope::<R, P>(x.load(run.slots, i), y);
    pull::<F, E, P, CAREFUL>(x, run.adjoints, i, adjoint, slope);
}

pub(super) struct Binary<R, F, const P: usize, const CAREFUL: bool>(PhantomData<(R, F)>);

impl<R: ops::Binary, F, E: Element<F>, const P: usize, const CAREFUL: bool> Body<Task<'_, '_, E>>
    for Binary<R, F, P, CAREFUL>
{
    #[inline(always)]
    fn run(task: Task<'_, '_, E>) {
        let mut run = task.run();
        let pair: [Column<'_>; 2] = Column::read_all(run.header, run.words);
        if !(pair[0].is_active || pair[1].is_active) {
            return;
        }
        if const { P > 1 } && run.is_long(P) && binary_streams::<R, F, E, CAREFUL>(&mut run, pair) {
            return;
        }
        let mut i = 0;
        while const { P > 1 } && i + P <= run.count() {
            binary_pack::<R, F, E, P, CAREFUL>(&mut run, pair, i);
            i += P;
        }
        while i < run.count() {
            binary_pack::<R, F, E, 1, CAREFUL>(&mut run, pair, i);
            i += 1;
        }
    }
}

/// The run as plain loops, if its operands are streams; else does nothing and returns false.
#[inline(always)]
fn binary_streams<R: ops::Binary, F, E: Element<F>, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    pair: [Column<'_>; 2],
) -> bool {
    let is_done = flow_in_streams::<Left<R>, Right<R>, F, E, CAREFUL>(run, pair, false);
    if is_done {
        run.clear();
    }
    is_done
}

#[inline(always)]
fn binary_pack<R: ops::Binary, F, E: Element<F>, const P: usize, const CAREFUL: bool>(
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

pub(super) fn powi<F, E: Element<F>, const CAREFUL: bool>(task: Task<'_, '_, E>) {
    let run = task.run();
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
