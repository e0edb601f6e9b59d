//! Operands of a run that lie side by side, or are one number for all.
//!
//! A plain loop over them becomes vector instructions of any width, with nothing to be chosen
//! inside. A loop that asks at each step where its operands are does not.

use crate::function::program::columns::Column;

/// Operands by position in a run.
pub(in crate::function) trait Stream<E>: Copy {
    fn at(self, i: usize) -> E;
}

impl<E: Copy> Stream<E> for &[E] {
    #[inline(always)]
    fn at(self, i: usize) -> E {
        self[i]
    }
}

/// The same number at each position.
#[derive(Clone, Copy)]
pub(in crate::function) struct Same<E>(pub(in crate::function) E);

impl<E: Copy> Stream<E> for Same<E> {
    #[inline(always)]
    fn at(self, _: usize) -> E {
        self.0
    }
}

/// What is done with two streams of types that are known.
pub(in crate::function) trait OnStreams<E> {
    fn on(self, x: impl Stream<E>, y: impl Stream<E>);
}

/// Does `work` with the operands of two columns, or returns it where one of them is not regular,
/// or where both are the same for all.
#[inline(always)]
pub(in crate::function) fn on_streams<E: Copy, W: OnStreams<E>>(
    [x, y]: [Column<'_>; 2],
    slots: &[E],
    count: usize,
    work: W,
) -> Option<W> {
    let run = |first: usize| &slots[first..first + count];
    match (x.regular(), y.regular()) {
        (Some((x, 1)), Some((y, 1))) => work.on(run(x), run(y)),
        (Some((x, 1)), Some((y, 0))) => work.on(run(x), Same(slots[y])),
        (Some((x, 0)), Some((y, 1))) => work.on(Same(slots[x]), run(y)),
        _ => return Some(work),
    }
    None
}
