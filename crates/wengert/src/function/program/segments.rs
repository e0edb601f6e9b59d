//! The terms of a long sum: runs of consecutive slots.

use super::columns::{Column, Join};

/// What is told of a segment beside its slots: in the high bits of its length.
pub(in crate::function) const NEGATED: u32 = 1 << 31;
/// The second factors are one slot for all terms.
pub(in crate::function) const SAME: u32 = 1 << 30;
/// An adjoint flows into the first factors.
pub(in crate::function) const ACTIVE_A: u32 = 1 << 29;
/// An adjoint flows into the second factors.
pub(in crate::function) const ACTIVE_B: u32 = 1 << 28;
/// The products are rounded with the sum.
pub(in crate::function) const FUSED: u32 = 1 << 27;
/// The most terms of a segment.
pub(in crate::function) const LONGEST: u32 = FUSED - 1;

/// Terms ±aᵢ·bᵢ whose a are consecutive slots, and whose b are too or are all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) struct Segment {
    pub(in crate::function) a: usize,
    pub(in crate::function) b: usize,
    pub(in crate::function) len: usize,
    flags: u32,
}

impl Segment {
    /// The words of a segment.
    pub(in crate::function) const WORDS: usize = 3;

    #[inline(always)]
    pub(in crate::function) const fn read(words: &[u32; Self::WORDS]) -> Self {
        Self {
            a: words[0] as usize,
            b: words[1] as usize,
            len: (words[2] & LONGEST) as usize,
            flags: words[2] & !LONGEST,
        }
    }

    /// The factors as columns.
    #[inline(always)]
    pub(in crate::function) const fn columns(self) -> [Column<'static>; 2] {
        let stride = if self.is_same() { 0 } else { 1 };
        let a = Column::run(self.a, 1, self.is_a_active());
        [a, Column::run(self.b, stride, self.is_b_active())]
    }

    #[inline(always)]
    pub(in crate::function) const fn is_negated(self) -> bool {
        self.flags & NEGATED != 0
    }
    #[inline(always)]
    pub(in crate::function) const fn join(self) -> Join {
        Join { is_negated: self.is_negated(), is_fused: self.flags & FUSED != 0 }
    }
    #[inline(always)]
    pub(in crate::function) const fn is_same(self) -> bool {
        self.flags & SAME != 0
    }
    #[inline(always)]
    pub(in crate::function) const fn is_a_active(self) -> bool {
        self.flags & ACTIVE_A != 0
    }
    #[inline(always)]
    pub(in crate::function) const fn is_b_active(self) -> bool {
        self.flags & ACTIVE_B != 0
    }
}

/// A term as it is written: its slots, and its flags but [`SAME`].
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct Term {
    pub(in crate::function) a: u32,
    pub(in crate::function) b: u32,
    pub(in crate::function) flags: u32,
}

/// Groups terms into segments.
pub(in crate::function) fn segments(terms: &[Term], mut emit: impl FnMut([u32; Segment::WORDS])) {
    let mut rest = terms;
    while let Some(first) = rest.first() {
        let (len, same) = longest(rest);
        let flags = first.flags | if same { SAME } else { 0 };
        emit([first.a, first.b, len as u32 | flags]);
        rest = &rest[len..];
    }
}

/// The length of the segment at the start of the terms, and whether its b are all the same.
fn longest(terms: &[Term]) -> (usize, bool) {
    let follows = |step: u32| {
        let pairs = terms.windows(2).take(LONGEST as usize - 1);
        1 + pairs
            .take_while(|pair| {
                let (p, q) = (pair[0], pair[1]);
                q.flags == p.flags && q.a == p.a + 1 && q.b == p.b + step
            })
            .count()
    };
    let (along, same) = (follows(1), follows(0));
    if same > along { (same, true) } else { (along, false) }
}
