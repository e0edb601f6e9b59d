//! The head of an instruction, and how its operands are written.

use super::columns;
use crate::function::opcode::Opcode;

/// The head of an instruction. Its operands are words beside it, whose layout is told in
/// [`Column`](super::columns::Column) and, of sums, in [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) struct Header {
    pub(in crate::function) opcode: Opcode,
    /// How many operations of the kind follow each other.
    pub(in crate::function) count: u8,
    pub(in crate::function) layout: u16,
}

impl Header {
    /// The layout of column `k` of an instruction that has nothing but columns.
    #[inline(always)]
    pub(in crate::function) const fn bits(self, k: usize) -> u32 {
        (self.layout as u32) >> (k * columns::BITS)
    }

    /// The words of the instruction that begins with `words`.
    #[inline(always)]
    pub(in crate::function) fn words(self, words: &[u32]) -> usize {
        match self.known_words() {
            0 => words[0] as usize,
            known => known,
        }
    }

    /// The words of the instruction that ends with `words`.
    #[inline(always)]
    pub(in crate::function) fn words_behind(self, words: &[u32]) -> usize {
        match self.known_words() {
            0 => words[words.len() - 1] as usize,
            known => known,
        }
    }

    /// How many numbers the instruction that begins with `words` keeps for the reverse sweep.
    #[inline(always)]
    pub(in crate::function) fn keeps(self, words: &[u32]) -> usize {
        match self.opcode {
            Opcode::LogSumExp => words[1] as usize + 1,
            Opcode::Call => words[words[1] as usize + 3] as usize,
            _ => 0,
        }
    }

    /// The words, where it does not take those to tell.
    #[inline(always)]
    fn known_words(self) -> usize {
        // PERF: chains have nothing but single operations.
        if self.count == 1 {
            return self.opcode.words_of_one();
        }
        match self.opcode.columns() {
            0 => 0,
            columns => self.words_of(columns),
        }
    }

    /// Whether it is one short sum of products, whose terms are written as [`LoneTerm`](super::columns::LoneTerm)s.
    #[inline(always)]
    pub(in crate::function) fn is_lone_sum(self) -> bool {
        self.opcode.is_products() && Layout::of(self) == Layout::Columns
    }

    /// Whether it is one of those in which products are computed and added as `*` and `+` do.
    #[inline(always)]
    pub(in crate::function) fn is_plain_sum(self) -> bool {
        let layout = self.layout & !Layout::ACTIVE;
        self.opcode == Opcode::Products && layout == Layout::Columns as u16
    }

    /// Whether a product of these sums is rounded with the sum. PERF: where none is, kernels have
    /// not to ask each term.
    #[inline(always)]
    pub(in crate::function) const fn is_fused(self) -> bool {
        self.layout & Layout::FUSED != 0
    }

    #[inline(always)]
    fn words_of(self, columns: usize) -> usize {
        let exponent = usize::from(self.opcode as u8 == Opcode::Powi as u8);
        let words = |k| columns::words_of(self.bits(k), self.count as usize);
        exponent + (0..columns).map(words).sum::<usize>()
    }
}

/// The most operations of one instruction: a multiple of the pack that is computed at once.
pub(in crate::function) const LONGEST_RUN: usize = 248;

/// How the terms of a sum are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) enum Layout {
    /// Runs of terms whose slots are consecutive, each with its sign.
    Segments = 0,
    /// Slots one by one, all terms positive.
    Each = 1,
    /// A run of short sums, column by column.
    Columns = 2,
}

impl Layout {
    /// Set in the layout of an instruction that has no columns, where an operand is active.
    pub(in crate::function) const ACTIVE: u16 = 1 << 15;
    /// Set in the layout of sums of products, where a product is rounded with the sum.
    pub(in crate::function) const FUSED: u16 = 1 << 14;

    #[inline(always)]
    pub(in crate::function) const fn of(header: Header) -> Self {
        match header.layout & !(Self::ACTIVE | Self::FUSED) {
            0 => Self::Segments,
            1 => Self::Each,
            _ => Self::Columns,
        }
    }
}
