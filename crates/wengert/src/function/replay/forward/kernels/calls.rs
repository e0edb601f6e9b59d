//! Runs of costly operations, whose rules are functions of their own: one loop for all of them,
//! which is given the functions. A loop for each would be most of the interpreter.

use super::Run;
use crate::function::element::Element;
use crate::function::program::columns::Column;
use crate::ops;
use pulp::Arch;

/// `P` operations of one operand.
type Values<E, const P: usize> = fn(Arch, [E; P]) -> [E; P];

/// A rule of one operand.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Unary<E, const P: usize> {
    /// Several at once, where that costs about as much as one.
    pack: Option<Values<E, P>>,
    one: Values<E, 1>,
}

impl<E: Copy, const P: usize> Unary<E, P> {
    pub(super) const fn of<R: ops::Unary, F>() -> Self
    where
        E: Element<F>,
    {
        let pack =
            if const { P > 1 && R::FORM.has_packs() } { Some(E::unary::<R, P> as _) } else { None };
        Self { pack, one: E::unary::<R, 1> }
    }

    #[inline(never)]
    pub(super) fn run(&self, run: Run<'_, E>) {
        let arch = run.arch;
        let [x] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        let mut i = 0;
        if let Some(pack) = self.pack {
            while i + P <= results.len() {
                results[i..i + P].copy_from_slice(&pack(arch, x.load(below, i)));
                i += P;
            }
            if results.len() > i + 1 {
                // PERF: what is too short for a pack is one all the same.
                let xs = x.load_rest(below, i, results.len());
                for (result, y) in results[i..].iter_mut().zip(pack(arch, xs)) {
                    *result = y;
                }
                return;
            }
        }
        while i < results.len() {
            [results[i]] = (self.one)(arch, [below[x.slot(i)]]);
            i += 1;
        }
    }
}

/// `P` operations of two operands.
type PairValues<E, const P: usize> = fn(Arch, [E; P], [E; P]) -> [E; P];

/// A rule of two operands.
#[derive(Clone, Copy)]
pub(in crate::function::replay) struct Binary<E, const P: usize> {
    pack: Option<PairValues<E, P>>,
    one: PairValues<E, 1>,
}

impl<E: Copy, const P: usize> Binary<E, P> {
    pub(super) const fn of<R: ops::Binary, F>() -> Self
    where
        E: Element<F>,
    {
        let pack = if const { P > 1 && R::FORM.has_packs() } {
            Some(E::binary::<R, P> as _)
        } else {
            None
        };
        Self { pack, one: E::binary::<R, 1> }
    }

    #[inline(never)]
    pub(super) fn run(&self, run: Run<'_, E>) {
        let arch = run.arch;
        let [x, y] = Column::read_all(run.header, run.words);
        let (below, results) = Run::split(run.slots, run.out, run.header);
        let mut i = 0;
        if let Some(pack) = self.pack {
            while i + P <= results.len() {
                let z = pack(arch, x.load(below, i), y.load(below, i));
                results[i..i + P].copy_from_slice(&z);
                i += P;
            }
        }
        while i < results.len() {
            [results[i]] = (self.one)(arch, [below[x.slot(i)]], [below[y.slot(i)]]);
            i += 1;
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
