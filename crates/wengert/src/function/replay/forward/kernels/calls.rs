//! Runs of costly operations, whose rules are functions of their own: one loop for all of them,
//! which is given the functions. A loop for each would be most of the interpreter.

use super::{Run, Task};
use crate::function::element::{Element, Entry};
use crate::function::program::columns::Column;
use crate::instructions::Arch;
use crate::ops;

/// How many packs of operands are laid side by side at once.
const BLOCK: usize = 4;

/// A rule of one operand: the function of each of them.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Unary<E>(fn(Arch, &[E], &mut [E]));

impl<E: Entry> Unary<E> {
    pub(super) const fn of<R: ops::Unary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::values::<R>)
    }

    #[inline(never)]
    pub(super) fn run<F, const P: usize>(&self, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        let run = task.run();
        let [x] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        if let Some(first) = x.lying(0, results.len()) {
            return (self.0)(run.arch, &below[first..], results);
        }
        let mut room = [[E::zero(); P]; BLOCK];
        for (block, results) in results.chunks_mut(P * BLOCK).enumerate() {
            let room = &mut room.as_flattened_mut()[..results.len()];
            let xs = x.side_by_side(below, block * P * BLOCK, room);
            (self.0)(run.arch, xs, results);
        }
    }
}

/// A rule of two operands, likewise.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Binary<E>(fn(Arch, &[E], &[E], &mut [E]));

impl<E: Entry> Binary<E> {
    pub(super) const fn of<R: ops::Binary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::pair_values::<R>)
    }

    #[inline(never)]
    pub(super) fn run<F, const P: usize>(&self, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        let run = task.run();
        let columns: [Column<'_>; 2] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        if let [Some(x), Some(y)] = columns.map(|column| column.lying(0, results.len())) {
            return (self.0)(run.arch, &below[x..], &below[y..], results);
        }
        let mut rooms = [[[E::zero(); P]; BLOCK]; 2];
        for (block, results) in results.chunks_mut(P * BLOCK).enumerate() {
            let [of_x, of_y] = &mut rooms;
            let [x, y] = [(columns[0], of_x), (columns[1], of_y)].map(|(column, room)| {
                let room = &mut room.as_flattened_mut()[..results.len()];
                column.side_by_side(below, block * P * BLOCK, room)
            });
            (self.0)(run.arch, x, y, results);
        }
    }
}

/// A rule of three operands.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Ternary<E>(fn([E; 1], [E; 1], [E; 1]) -> [E; 1]);

impl<E: Entry> Ternary<E> {
    pub(super) const fn of<R: ops::Ternary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::ternary::<R, 1>)
    }

    #[inline(never)]
    pub(super) fn run(&self, task: Task<'_, '_, E>) {
        let run = task.run();
        let [x, y, z] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        for (i, result) in results.iter_mut().enumerate() {
            let at = |column: Column<'_>| [below[column.slot(i)]];
            [*result] = (self.0)(at(x), at(y), at(z));
        }
    }
}

#[inline(never)]
pub(super) fn nary<E: Entry>(task: Task<'_, '_, E>, value: fn(&[E]) -> E) {
    let mut run = task.run();
    let count = run.gather();
    run.slots[run.out] = value(&run.gathered[..count]);
}
