//! Products of the chain rule where one of them may be 0 · ∞, which is 0.

use crate::function::element::Element;
use crate::function::opcode::Opcode;
use crate::function::program::Layout;
use crate::function::program::columns::{Column, Join, ShortSums};
use crate::function::program::instruction::{Standing, wide};
use crate::function::program::segments::Segment;
use crate::function::replay::terms::add;
use crate::instructions::Vectorized;
use crate::ops::rules::Chain;
use std::marker::PhantomData;

/// Whether a result is NaN. PERF: all are looked at, several at once.
pub(super) struct HasNan<'m, F, E> {
    pub(super) results: &'m [E],
    pub(super) number: PhantomData<F>,
}

impl<F, E: Element<F>> Vectorized for HasNan<'_, F, E> {
    type Output = bool;
    #[inline(always)]
    fn run(self) -> bool {
        self.results.iter().fold(false, |has, result| has | result.has_nan())
    }
}

/// Computes an instruction once more, with a look at each product.
#[cold]
#[inline(never)]
pub(super) fn again<F, E: Element<F>>(it: Standing<'_>, slots: &mut [E]) {
    let Standing { words, header, out, .. } = it;
    let count = header.count as usize;
    let mut sums = Sums { slots, out, is_first: true };
    let plain = Join { is_negated: false, is_fused: false };
    if header.opcode == Opcode::Chain {
        return sums.side_by_side::<F>(Column::read_all(header, words), count, plain);
    }
    match Layout::of(header) {
        Layout::Columns => {
            for (pair, join) in ShortSums::read(header, words) {
                sums.side_by_side::<F>(pair, count, join);
            }
        }
        Layout::Each => {
            for &[a, b] in wide(words).as_chunks().0 {
                sums.term::<F>(0, [a as usize, b as usize], plain);
                sums.is_first = false;
            }
        }
        Layout::Segments => {
            for words in wide(words).as_chunks().0 {
                let segment = Segment::read(words);
                let [a, b] = segment.columns();
                for i in 0..segment.len {
                    sums.term::<F>(0, [a.slot(i), b.slot(i)], segment.join());
                    sums.is_first = false;
                }
            }
        }
    }
}

/// Results as far as their terms were added.
struct Sums<'m, E> {
    slots: &'m mut [E],
    out: usize,
    is_first: bool,
}

impl<E: Copy> Sums<'_, E> {
    /// Adds a term to each of some sums.
    fn side_by_side<F>(&mut self, [a, b]: [Column<'_>; 2], count: usize, join: Join)
    where
        E: Element<F>,
    {
        for i in 0..count {
            self.term::<F>(i, [a.slot(i), b.slot(i)], join);
        }
        self.is_first = false;
    }

    /// Adds a term to the i-th sum.
    fn term<F>(&mut self, i: usize, factors: [usize; 2], join: Join)
    where
        E: Element<F>,
    {
        let [a, b] = factors.map(|slot| [self.slots[slot]]);
        let [product] = E::binary::<Chain, 1>(a, b);
        let sum = &mut self.slots[self.out + i];
        *sum = add(*sum, product, self.is_first, join.is_negated);
    }
}
