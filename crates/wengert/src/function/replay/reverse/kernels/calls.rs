//! Runs of costly operations, whose partial derivatives are functions of their own: one loop for
//! all of them, which is given the functions. A loop for each would be most of the interpreter.

use super::{Run, at, pull, take};
use crate::function::element::Element;
use crate::function::element::arrays::array;
use crate::function::program::columns::Column;
use crate::function::replay::forward::wide;
use crate::ops::{self, Form};
use pulp::Simd;

/// A rule of one operand: its slopes from operands and results.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Unary<E, S, const P: usize> {
    pack: fn(S, [E; P], [E; P]) -> [E; P],
    one: fn(S, [E; 1], [E; 1]) -> [E; 1],
    /// Whether a pack costs about as much as one operation.
    is_vector: bool,
}

impl<E, S: Simd, const P: usize> Unary<E, S, P> {
    pub(super) const fn of<R: ops::Unary, F>() -> Self
    where
        E: Element<F>,
    {
        let is_vector = matches!(R::FORM, Form::Vector);
        Self { pack: E::slope::<R, S, P>, one: E::slope::<R, S, 1>, is_vector }
    }

    #[inline(never)]
    pub(super) fn run<F, const CAREFUL: bool>(&self, simd: S, mut run: Run<'_, E>)
    where
        E: Element<F>,
    {
        let [x] = Column::read_all(run.header, run.words);
        if !x.is_active {
            return;
        }
        let mut i = 0;
        while P > 1 && i + P <= run.count() {
            unary_pack::<F, E, S, P, CAREFUL>(simd, &mut run, x, i, self.pack);
            i += P;
        }
        if P > 1 && self.is_vector && run.count() > i + 1 {
            return unary_rest::<F, E, S, P, CAREFUL>(simd, &mut run, x, i, self.pack);
        }
        while i < run.count() {
            unary_pack::<F, E, S, 1, CAREFUL>(simd, &mut run, x, i, self.one);
            i += 1;
        }
    }
}

#[inline(always)]
fn unary_pack<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: &mut Run<'_, E>,
    x: Column<'_>,
    i: usize,
    slopes: fn(S, [E; P], [E; P]) -> [E; P],
) {
    let y = at::<E, P>(run.slots, run.out + i);
    let adjoint = take::<F, E, P>(run.adjoints, run.out + i);
    let slope = slopes(simd, x.load(run.slots, i), y);
    pull::<F, E, P, CAREFUL>(x, run.adjoints, i, adjoint, slope);
}

/// The operations from the i-th on, too few for a pack: a pack all the same, with the last
/// repeated.
#[inline(always)]
fn unary_rest<F, E: Element<F>, S: Simd, const P: usize, const CAREFUL: bool>(
    simd: S,
    run: &mut Run<'_, E>,
    x: Column<'_>,
    i: usize,
    slopes: fn(S, [E; P], [E; P]) -> [E; P],
) {
    let (last, slots, out) = (run.count() - 1, run.slots, run.out);
    let xs = array(
        #[inline(always)]
        |k| slots[x.slot(last.min(i + k))],
    );
    let ys = array(
        #[inline(always)]
        |k| slots[out + last.min(i + k)],
    );
    for (k, slope) in slopes(simd, xs, ys).into_iter().enumerate().take(last + 1 - i) {
        let adjoint = std::mem::replace(&mut run.adjoints[out + i + k], E::zero());
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
