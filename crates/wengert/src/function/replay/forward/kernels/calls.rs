//! Runs of costly operations, whose rules are functions of their own: one loop for all of them,
//! which is given the functions. A loop for each would be most of the interpreter.

use super::Run;
use crate::function::element::Element;
use crate::function::element::arrays::array;
use crate::function::program::columns::Column;
use crate::ops::{self, Form};
use pulp::Simd;

/// A rule of one operand.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Unary<E, S, const P: usize> {
    pack: fn(S, [E; P]) -> [E; P],
    one: fn(S, [E; 1]) -> [E; 1],
    /// Whether a pack costs about as much as one operation.
    is_vector: bool,
}

impl<E: Copy, S: Simd, const P: usize> Unary<E, S, P> {
    pub(super) const fn of<R: ops::Unary, F>() -> Self
    where
        E: Element<F>,
    {
        let is_vector = matches!(R::FORM, Form::Vector);
        Self { pack: E::unary::<R, S, P>, one: E::unary::<R, S, 1>, is_vector }
    }

    #[inline(never)]
    pub(super) fn run(&self, simd: S, run: Run<'_, E>) {
        let [x] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        let mut i = 0;
        while P > 1 && i + P <= results.len() {
            results[i..i + P].copy_from_slice(&(self.pack)(simd, x.load(below, i)));
            i += P;
        }
        if P > 1 && self.is_vector && results.len() > i + 1 {
            // PERF: what is too short for a pack is one all the same, with the last repeated.
            let last = results.len() - 1;
            let xs = array(
                #[inline(always)]
                |k| below[x.slot(last.min(i + k))],
            );
            for (result, y) in results[i..].iter_mut().zip((self.pack)(simd, xs)) {
                *result = y;
            }
            return;
        }
        while i < results.len() {
            [results[i]] = (self.one)(simd, [below[x.slot(i)]]);
            i += 1;
        }
    }
}

/// A rule of two operands.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Binary<E, S, const P: usize> {
    pack: fn(S, [E; P], [E; P]) -> [E; P],
    one: fn(S, [E; 1], [E; 1]) -> [E; 1],
}

impl<E: Copy, S: Simd, const P: usize> Binary<E, S, P> {
    pub(super) const fn of<R: ops::Binary, F>() -> Self
    where
        E: Element<F>,
    {
        Self { pack: E::binary::<R, S, P>, one: E::binary::<R, S, 1> }
    }

    #[inline(never)]
    pub(super) fn run(&self, simd: S, run: Run<'_, E>) {
        let [x, y] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        let mut i = 0;
        while P > 1 && i + P <= results.len() {
            let z = (self.pack)(simd, x.load(below, i), y.load(below, i));
            results[i..i + P].copy_from_slice(&z);
            i += P;
        }
        while i < results.len() {
            [results[i]] = (self.one)(simd, [below[x.slot(i)]], [below[y.slot(i)]]);
            i += 1;
        }
    }
}

#[inline(never)]
pub(super) fn nary<E: Copy>(mut run: Run<'_, E>, value: fn(&[E]) -> E) {
    let count = run.gather();
    run.slots[run.out] = value(&run.gathered[..count]);
}
