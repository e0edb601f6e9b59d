//! What flows from a run whose operands are streams: a plain loop for each operand.

use super::Run;
use crate::function::element::Element;
use crate::function::program::columns::Column;
use crate::function::replay::streams::{OnStreams, Stream, on_streams};
use crate::ops::Binary;
use std::marker::PhantomData;

/// The partial derivative of an operation of two operands, from those and the result.
pub(super) trait Partial<F, E> {
    fn partial(x: E, y: E, z: E) -> E;
}

pub(super) struct Left<R>(PhantomData<R>);
impl<R: Binary, F, E: Element<F>> Partial<F, E> for Left<R> {
    #[inline(always)]
    fn partial(x: E, y: E, z: E) -> E {
        let [partial] = E::left::<R, 1>([x], [y], [z]);
        partial
    }
}

pub(super) struct Right<R>(PhantomData<R>);
impl<R: Binary, F, E: Element<F>> Partial<F, E> for Right<R> {
    #[inline(always)]
    fn partial(x: E, y: E, z: E) -> E {
        let [partial] = E::right::<R, 1>([x], [y], [z]);
        partial
    }
}

/// What flows from the results of a run to its operands, or nothing and false where these are no
/// streams, or where an active one is not consecutive.
#[inline(always)]
pub(super) fn flow_in_streams<L, R, F, E: Element<F>, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    pair: [Column<'_>; 2],
    is_negated: bool,
) -> bool
where
    L: Partial<F, E>,
    R: Partial<F, E>,
{
    let [x, y] = pair;
    if (x.is_active && x.unit().is_none()) || (y.is_active && y.unit().is_none()) {
        return false;
    }
    // Whether they are streams does not depend on where it flows: both, or none.
    flow_in_stream::<L, F, E, CAREFUL>(run, pair, x, is_negated)
        && flow_in_stream::<R, F, E, CAREFUL>(run, pair, y, is_negated)
}

#[inline(always)]
fn flow_in_stream<L: Partial<F, E>, F, E: Element<F>, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    pair: [Column<'_>; 2],
    target: Column<'_>,
    is_negated: bool,
) -> bool {
    let (true, Some(first)) = (target.is_active, target.unit()) else {
        return true;
    };
    let (count, out) = (run.count(), run.out);
    let (below, above) = run.adjoints.split_at_mut(out);
    let work = FlowStreams::<L, F, E, CAREFUL> {
        targets: &mut below[first..first + count],
        adjoints: &above[..count],
        results: &run.slots[out..out + count],
        is_negated,
        kind: PhantomData,
    };
    on_streams(pair, run.slots, count, work).is_none()
}

struct FlowStreams<'m, L, F, E, const CAREFUL: bool> {
    targets: &'m mut [E],
    adjoints: &'m [E],
    results: &'m [E],
    is_negated: bool,
    kind: PhantomData<(L, F)>,
}

impl<L: Partial<F, E>, F, E: Element<F>, const CAREFUL: bool> OnStreams<E>
    for FlowStreams<'_, L, F, E, CAREFUL>
{
    #[inline(always)]
    fn on(self, x: impl Stream<E>, y: impl Stream<E>) {
        for (i, target) in self.targets.iter_mut().enumerate() {
            let adjoint = self.adjoints[i];
            let adjoint = if self.is_negated { adjoint.negated() } else { adjoint };
            *target += adjoint.flow::<CAREFUL>(L::partial(x.at(i), y.at(i), self.results[i]));
        }
    }
}

/// The other factor of a product, which is the partial derivative.
pub(super) struct First;
impl<F, E: Element<F>> Partial<F, E> for First {
    #[inline(always)]
    fn partial(x: E, _: E, _: E) -> E {
        x
    }
}

pub(super) struct Second;
impl<F, E: Element<F>> Partial<F, E> for Second {
    #[inline(always)]
    fn partial(_: E, y: E, _: E) -> E {
        y
    }
}
