//! What flows from products of the chain rule, with a look at each: where a zero adjoint stopped a
//! NaN, its own derivative is none.

use crate::function::element::Element;
use crate::function::opcode::Opcode;
use crate::function::program::Layout;
use crate::function::program::columns::{Column, ShortSums};
use crate::function::program::instruction::{Standing, wide};
use crate::function::program::segments::Segment;
use crate::ops::rules::Chain;

/// Hands on the adjoints of an instruction, and leaves them zero.
#[cold]
#[inline(never)]
pub(super) fn hand_on<F, E: Element<F>>(it: Standing<'_>, slots: &[E], adjoints: &mut [E]) {
    let Standing { words, header, out, .. } = it;
    let (count, mut flows) = (header.count as usize, Flows { slots, adjoints, out });
    if header.opcode == Opcode::Chain {
        flows.side_by_side::<F>(Column::read_all(header, words), count, false);
    } else if Layout::of(header) == Layout::Columns {
        for (pair, join) in ShortSums::read(header, words) {
            flows.side_by_side::<F>(pair, count, join.is_negated);
        }
    } else if header.layout & Layout::ACTIVE != 0 {
        match Layout::of(header) {
            Layout::Each => {
                for &[a, b] in wide(words).as_chunks().0 {
                    flows.term::<F>(0, [a as usize, b as usize], [true; 2], false);
                }
            }
            _ => {
                for words in wide(words).as_chunks().0 {
                    let segment = Segment::read(words);
                    let ([a, b], is_negated) = (segment.columns(), segment.is_negated());
                    for i in 0..segment.len {
                        let active = [a.is_active, b.is_active];
                        flows.term::<F>(0, [a.slot(i), b.slot(i)], active, is_negated);
                    }
                }
            }
        }
    }
    flows.adjoints[out..out + count].fill(E::zero());
}

/// Hands on the adjoint of one product of two slots, and leaves it zero.
#[cold]
#[inline(never)]
pub(super) fn hand_on_one<F, E: Element<F>>(
    slots: &[E],
    adjoints: &mut [E],
    out: usize,
    factors: [usize; 2],
    active: [bool; 2],
) {
    Flows { slots, adjoints, out }.term::<F>(0, factors, active, false);
    adjoints[out] = E::zero();
}

/// The numbers that the sweep reads and adds to.
struct Flows<'m, E> {
    slots: &'m [E],
    adjoints: &'m mut [E],
    out: usize,
}

impl<E: Copy> Flows<'_, E> {
    /// A term of each of some sums.
    fn side_by_side<F>(&mut self, [a, b]: [Column<'_>; 2], count: usize, is_negated: bool)
    where
        E: Element<F>,
    {
        for i in 0..count {
            let active = [a.is_active, b.is_active];
            self.term::<F>(i, [a.slot(i), b.slot(i)], active, is_negated);
        }
    }

    /// A term of the i-th sum.
    fn term<F>(&mut self, i: usize, [a, b]: [usize; 2], active: [bool; 2], is_negated: bool)
    where
        E: Element<F>,
    {
        let (x, p, z) = ([self.slots[a]], [self.slots[b]], [self.slots[self.out + i]]);
        let adjoint = self.adjoints[self.out + i];
        let adjoint = if is_negated { adjoint.negated() } else { adjoint };
        if active[0] {
            self.adjoints[a] += adjoint.flow::<true>(E::left::<Chain, 1>(x, p, z)[0]);
        }
        if active[1] {
            self.adjoints[b] += adjoint.flow::<true>(E::right::<Chain, 1>(x, p, z)[0]);
        }
    }
}
