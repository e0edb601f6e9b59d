//! The packed form that replay runs on.
//!
//! A program is a stream of instructions. An instruction computes one operation of a kind, or a
//! run of them whose operands do not depend on each other; the results go to consecutive slots,
//! so that no instruction says where. Slots hold the variables, the fixed data, the constants
//! and then all results.

use super::columns;
use super::draft::Place;
use super::opcode::Opcode;
use crate::ops::Comparison;

/// The head of an instruction. Its operands are words beside it, whose layout is told in
/// [`Columns`](super::columns::Columns) and, of sums, in [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) opcode: Opcode,
    /// How many operations of the kind follow each other.
    pub(super) count: u8,
    pub(super) layout: u16,
}

impl Header {
    /// The layout of column `k` of an instruction that has nothing but columns.
    #[inline(always)]
    pub(super) const fn bits(self, k: usize) -> u32 {
        (self.layout as u32) >> (k * columns::BITS)
    }

    /// The words of the instruction that begins with `words`.
    #[inline(always)]
    pub(super) fn words(self, words: &[u32]) -> usize {
        match self.opcode.columns() {
            0 => words[0] as usize,
            columns => self.words_of(columns),
        }
    }

    /// The words of the instruction that ends with `words`.
    #[inline(always)]
    pub(super) fn words_behind(self, words: &[u32]) -> usize {
        match self.opcode.columns() {
            0 => words[words.len() - 1] as usize,
            columns => self.words_of(columns),
        }
    }

    #[inline(always)]
    fn words_of(self, columns: usize) -> usize {
        if self.count == 1 && self.opcode as u8 != Opcode::Powi as u8 {
            return columns;
        }
        let exponent = usize::from(self.opcode as u8 == Opcode::Powi as u8);
        let words = |k| columns::words_of(self.bits(k), self.count as usize);
        exponent + (0..columns).map(words).sum::<usize>()
    }
}

/// The most operations of one instruction: a multiple of the pack that is computed at once.
pub(super) const LONGEST_RUN: usize = 248;

/// How the terms of a sum are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Runs of terms whose slots are consecutive, each with its sign.
    Segments = 0,
    /// Slots one by one, all terms positive.
    Each = 1,
    /// A run of short sums, column by column.
    Columns = 2,
}

impl Layout {
    /// Set in the layout of an instruction that has no columns, where an operand is active.
    pub(super) const ACTIVE: u16 = 1 << 15;

    #[inline(always)]
    pub(super) const fn of(header: Header) -> Self {
        match header.layout & !Self::ACTIVE {
            0 => Self::Segments,
            1 => Self::Each,
            _ => Self::Columns,
        }
    }
}

/// A comparison that must come out as it did, with the slots of its operands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProgramGuard<F> {
    pub(super) comparison: Comparison,
    pub(super) slots: [u32; 2],
    pub(super) then: (F, F),
    pub(super) place: Place,
}

/// A recording packed for replay.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Program<F> {
    /// The point of the recording.
    pub(super) variables: Vec<F>,
    pub(super) data: Vec<F>,
    pub(super) constants: Vec<F>,
    pub(super) headers: Vec<Header>,
    pub(super) words: Vec<u32>,
    /// All slots: inputs, constants and results.
    pub(super) slots: usize,
    /// Numbers that log-sum-exps keep for the reverse sweep.
    pub(super) saved: usize,
    /// The most operands of an instruction that gathers them.
    pub(super) widest: usize,
    pub(super) outputs: Vec<u32>,
    pub(super) guards: Vec<ProgramGuard<F>>,
}

impl<F> Program<F> {
    /// The number of inputs, the first slots.
    #[inline]
    pub(super) fn inputs(&self) -> usize {
        self.variables.len() + self.data.len()
    }

    /// The first slot of a result.
    #[inline]
    pub(super) fn first_result(&self) -> usize {
        self.inputs() + self.constants.len()
    }

    /// The operations, each result counted.
    pub(super) fn operations(&self) -> usize {
        self.slots - self.first_result()
    }

    /// The bytes of the program.
    pub(super) fn bytes(&self) -> usize {
        self.headers.len() * size_of::<Header>()
            + self.words.len() * size_of::<u32>()
            + self.constants.len() * size_of::<F>()
            + self.outputs.len() * size_of::<u32>()
            + self.guards.len() * size_of::<ProgramGuard<F>>()
    }
}
