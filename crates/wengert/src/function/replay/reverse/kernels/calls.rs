//! Runs of costly operations, whose partial derivatives are functions of their own: one loop for
//! all of them, which is given the functions. A loop for each would be most of the interpreter.

use super::{Task, at, pull, take};
use crate::function::element::Element;
use crate::function::program::columns::Column;
use crate::function::program::instruction::wide;
use crate::instructions::Arch;
use crate::ops;

/// How many packs of slopes are computed at once.
const BLOCK: usize = 4;

/// A rule of one operand: from operands and results the slopes.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Unary<E>(fn(Arch, &[E], &[E], &mut [E]));

impl<E> Unary<E> {
    pub(super) const fn of<R: ops::Unary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::slopes::<R>)
    }

    #[inline(never)]
    pub(super) fn run<F, const P: usize, const CAREFUL: bool>(&self, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        let run = task.run();
        let [x] = Column::read_all(run.header, run.words);
        if !x.is_active {
            return;
        }
        // PERF: of most runs, and then no room is needed.
        if run.count() == 1 {
            let (x, mut slope) = (x.slot(0), [E::zero()]);
            (self.0)(run.arch, &run.slots[x..=x], &run.slots[run.out..=run.out], &mut slope);
            let adjoint = std::mem::replace(&mut run.adjoints[run.out], E::zero());
            run.adjoints[x] += adjoint.flow::<CAREFUL>(slope[0]);
            return;
        }
        let mut slopes = [[E::zero(); P]; BLOCK];
        let mut i = 0;
        while i < run.count() {
            let count = (P * BLOCK).min(run.count() - i);
            let slopes = &mut slopes.as_flattened_mut()[..count];
            let ys = &run.slots[run.out + i..];
            if let Some(first) = x.lying(i, count) {
                (self.0)(run.arch, &run.slots[first..], ys, slopes);
            } else {
                let mut room = [[E::zero(); P]; BLOCK];
                let room = &mut room.as_flattened_mut()[..count];
                (self.0)(run.arch, x.side_by_side(run.slots, i, room), ys, slopes);
            }
            let adjoints = &mut run.adjoints[run.out + i..];
            for (slope, adjoint) in slopes.iter_mut().zip(adjoints) {
                *slope = std::mem::replace(adjoint, E::zero()).flow::<CAREFUL>(*slope);
            }
            x.add_all(run.adjoints, i, slopes);
            i += count;
        }
    }
}

/// A rule of two operands: its partial derivatives from those and the result. They have no vector
/// code, so that there are no packs.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Binary<E> {
    left: fn([E; 1], [E; 1], [E; 1]) -> [E; 1],
    right: fn([E; 1], [E; 1], [E; 1]) -> [E; 1],
}

impl<E> Binary<E> {
    pub(super) const fn of<R: ops::Binary, F>() -> Self
    where
        E: Element<F>,
    {
        Self { left: E::left::<R, 1>, right: E::right::<R, 1> }
    }

    #[inline(never)]
    pub(super) fn run<F, const CAREFUL: bool>(&self, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        let run = task.run();
        let [x, y]: [Column<'_>; 2] = Column::read_all(run.header, run.words);
        if !(x.is_active || y.is_active) {
            return;
        }
        for i in 0..run.count() {
            let z = at::<E, 1>(run.slots, run.out + i);
            let adjoint = take::<F, E, 1>(run.adjoints, run.out + i);
            let (a, b) = (x.load(run.slots, i), y.load(run.slots, i));
            if x.is_active {
                pull::<F, E, 1, CAREFUL>(x, run.adjoints, i, adjoint, (self.left)(a, b, z));
            }
            if y.is_active {
                pull::<F, E, 1, CAREFUL>(y, run.adjoints, i, adjoint, (self.right)(a, b, z));
            }
        }
    }
}

/// The partial derivatives of an operation by each of three operands, or by those that are wanted.
type Partials<E> = fn([bool; 3], [E; 1], [E; 1], [E; 1]) -> [[E; 1]; 3];

/// A rule of three operands: its partial derivatives from those.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Ternary<E>(Partials<E>);

impl<E> Ternary<E> {
    pub(super) const fn of<R: ops::Ternary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::partials::<R, 1>)
    }

    #[inline(never)]
    pub(super) fn run<F, const CAREFUL: bool>(&self, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        let run = task.run();
        let columns: [Column<'_>; 3] = Column::read_all(run.header, run.words);
        let wanted = columns.map(|column| column.is_active);
        for i in 0..run.count() {
            let adjoint = take::<F, E, 1>(run.adjoints, run.out + i);
            let [x, y, z] = columns.map(|column| column.load(run.slots, i));
            for (column, partial) in columns.into_iter().zip((self.0)(wanted, x, y, z)) {
                if column.is_active {
                    pull::<F, E, 1, CAREFUL>(column, run.adjoints, i, adjoint, partial);
                }
            }
        }
    }
}

/// A rule of any number of operands, which writes a partial derivative for each.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Nary<E>(fn(&[E], E, &mut [E]));

impl<E> Nary<E> {
    pub(super) const fn of<R: ops::Nary, F>() -> Self
    where
        E: Element<F>,
    {
        Self(E::nary_partials::<R>)
    }

    #[inline(never)]
    pub(super) fn run<F, const CAREFUL: bool>(&self, task: Task<'_, '_, E>)
    where
        E: Element<F>,
    {
        let mut run = task.run();
        let adjoint = run.take_one();
        if !run.is_active() {
            return;
        }
        let operands = wide(run.words);
        for (operand, &slot) in run.gathered.iter_mut().zip(operands) {
            *operand = run.slots[slot as usize];
        }
        let (xs, partials) = (&run.gathered[..operands.len()], &mut run.partials[..operands.len()]);
        (self.0)(xs, run.slots[run.out], partials);
        for (&slot, &partial) in operands.iter().zip(&*partials) {
            run.adjoints[slot as usize] += adjoint.flow::<CAREFUL>(partial);
        }
    }
}
