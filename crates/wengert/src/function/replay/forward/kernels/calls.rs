//! Runs of costly operations, whose rules are functions of their own: one loop for all of them,
//! which is given the functions. A loop for each would be most of the interpreter.

use super::Run;
use crate::function::element::Element;
use crate::function::program::columns::Column;
use crate::ops;
use pulp::Arch;

/// How many packs of operands are copied side by side at once.
const BLOCK: usize = 4;

/// A rule of one operand: f(x) in place of each x.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Unary<E>(fn(Arch, &mut [E]));

impl<E: Copy> Unary<E> {
    pub(super) const fn of<R: ops::Unary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::values::<R>)
    }

    #[inline(never)]
    pub(super) fn run(&self, run: Run<'_, E>) {
        let [x] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        x.copy(below, 0, results);
        (self.0)(run.arch, results);
    }
}

/// A rule of two operands: f(x, y) in place of each x.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Binary<E>(fn(Arch, &mut [E], &[E]));

impl<E: Copy> Binary<E> {
    pub(super) const fn of<R: ops::Binary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::pair_values::<R>)
    }

    #[inline(never)]
    pub(super) fn run<const P: usize>(&self, run: Run<'_, E>) {
        let [x, y] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        x.copy(below, 0, results);
        if let Some(first) = y.unit() {
            return (self.0)(run.arch, results, &below[first..]);
        }
        let mut packs = [[below[0]; P]; BLOCK];
        for (block, results) in results.chunks_mut(P * BLOCK).enumerate() {
            let ys = &mut packs.as_flattened_mut()[..results.len()];
            y.copy(below, block * P * BLOCK, ys);
            (self.0)(run.arch, results, ys);
        }
    }
}

/// A rule of three operands.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Ternary<E>(fn([E; 1], [E; 1], [E; 1]) -> [E; 1]);

impl<E: Copy> Ternary<E> {
    pub(super) const fn of<R: ops::Ternary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::ternary::<R, 1>)
    }

    #[inline(never)]
    pub(super) fn run(&self, run: Run<'_, E>) {
        let [x, y, z] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        for (i, result) in results.iter_mut().enumerate() {
            let at = |column: Column<'_>| [below[column.slot(i)]];
            [*result] = (self.0)(at(x), at(y), at(z));
        }
    }
}

#[inline(never)]
pub(super) fn nary<E: Copy>(mut run: Run<'_, E>, value: fn(&[E]) -> E) {
    let count = run.gather();
    run.slots[run.out] = value(&run.gathered[..count]);
}
