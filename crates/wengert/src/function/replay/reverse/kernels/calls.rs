//! Runs of costly operations, whose partial derivatives are functions of their own: one loop for
//! all of them, which is given the functions. A loop for each would be most of the interpreter.

use super::{Run, at, pull, take};
use crate::function::element::Element;
use crate::function::program::columns::{Column, rest};
use crate::function::replay::forward::wide;
use crate::ops;
use pulp::Arch;

/// The slopes of `P` operations.
type Slopes<E, const P: usize> = fn(Arch, [E; P], [E; P]) -> [E; P];

/// A rule of one operand: its slopes from operands and results.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Unary<E, const P: usize> {
    /// Several at once, where that costs about as much as one.
    pack: Option<Slopes<E, P>>,
    one: Slopes<E, 1>,
}

impl<E, const P: usize> Unary<E, P> {
    pub(super) const fn of<R: ops::Unary, F>() -> Self
    where
        E: Element<F>,
    {
        let pack =
            if const { P > 1 && R::FORM.has_packs() } { Some(E::slope::<R, P> as _) } else { None };
        Self { pack, one: E::slope::<R, 1> }
    }

    #[inline(never)]
    pub(super) fn run<F, const CAREFUL: bool>(&self, mut run: Run<'_, E>)
    where
        E: Element<F>,
    {
        let [x] = Column::read_all(run.header, run.words);
        if !x.is_active {
            return;
        }
        let mut i = 0;
        if let Some(pack) = self.pack {
            while i + P <= run.count() {
                unary_pack::<F, E, P, CAREFUL>(&mut run, x, i, pack);
                i += P;
            }
            if run.count() > i + 1 {
                return unary_rest::<F, E, P, CAREFUL>(&mut run, x, i, pack);
            }
        }
        while i < run.count() {
            unary_pack::<F, E, 1, CAREFUL>(&mut run, x, i, self.one);
            i += 1;
        }
    }
}

#[inline(always)]
fn unary_pack<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    x: Column<'_>,
    i: usize,
    slopes: Slopes<E, P>,
) {
    let y = at::<E, P>(run.slots, run.out + i);
    let adjoint = take::<F, E, P>(run.adjoints, run.out + i);
    let slope = slopes(run.arch, x.load(run.slots, i), y);
    pull::<F, E, P, CAREFUL>(x, run.adjoints, i, adjoint, slope);
}

/// The operations from the i-th on, too few for a pack: a pack all the same.
#[inline(always)]
fn unary_rest<F, E: Element<F>, const P: usize, const CAREFUL: bool>(
    run: &mut Run<'_, E>,
    x: Column<'_>,
    i: usize,
    slopes: Slopes<E, P>,
) {
    let (slots, count) = (run.slots, run.count());
    let ys = rest(&slots[run.out + i..run.out + count]);
    let slopes = slopes(run.arch, x.load_rest(slots, i, count), ys);
    for (k, slope) in slopes.into_iter().enumerate().take(count - i) {
        let adjoint = std::mem::replace(&mut run.adjoints[run.out + i + k], E::zero());
        run.adjoints[x.slot(i + k)] += adjoint.flow::<CAREFUL>(slope);
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
    pub(super) fn run<F, const CAREFUL: bool>(&self, run: Run<'_, E>)
    where
        E: Element<F>,
    {
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

/// The partial derivatives of an operation by each of three operands.
type Partials<E> = fn([E; 1], [E; 1], [E; 1]) -> [[E; 1]; 3];

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
    pub(super) fn run<F, const CAREFUL: bool>(&self, run: Run<'_, E>)
    where
        E: Element<F>,
    {
        let columns: [Column<'_>; 3] = Column::read_all(run.header, run.words);
        for i in 0..run.count() {
            let adjoint = take::<F, E, 1>(run.adjoints, run.out + i);
            let [x, y, z] = columns.map(|column| column.load(run.slots, i));
            for (column, partial) in columns.into_iter().zip((self.0)(x, y, z)) {
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
    pub(super) fn run<F, const CAREFUL: bool>(&self, mut run: Run<'_, E>)
    where
        E: Element<F>,
    {
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
