//! Instructions as the interpreter meets them: as they stand in a program, or decoded before.

use crate::function::opcode::{Opcode, Single, single};
use crate::function::program::columns::{ACTIVE, LoneTerm};
use crate::function::program::{Header, Program};
use crate::ops::{Binary, Ternary, Unary};

/// The instruction of a cheap operation by itself: where its operands and its result are.
pub(super) trait Instruction {
    /// The slot of an operand.
    fn operand(&self, k: usize) -> usize;
    /// Whether an adjoint flows into an operand.
    fn is_active(&self, k: usize) -> bool;
    /// The slot of the result.
    fn result(&self) -> usize;
}

/// An instruction as it stands in a program.
#[derive(Clone, Copy)]
pub(super) struct Standing<'p> {
    pub(super) words: &'p [u32],
    pub(super) header: Header,
    pub(super) out: usize,
}

impl Instruction for Standing<'_> {
    #[inline(always)]
    fn operand(&self, k: usize) -> usize {
        self.words[k] as usize
    }
    #[inline(always)]
    fn is_active(&self, k: usize) -> bool {
        self.header.bits(k) & ACTIVE != 0
    }
    #[inline(always)]
    fn result(&self) -> usize {
        self.out
    }
}

/// A cheap operation by itself, or where another instruction stands in the program.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct Decoded {
    /// Of a cheap operation; [`Opcode::Products`] of a sum of two products, and [`Opcode::Call`] of
    /// everything else.
    pub(super) opcode: Opcode,
    /// A bit for each operand into which an adjoint flows, then [`NEGATED`].
    pub(super) flags: u8,
    /// The slot of the result.
    out: u32,
    /// The slots of the operands; of everything else the number of its header, and where its words
    /// and what it keeps begin.
    operands: [u32; 4],
}

/// The flag of a pair whose second product is negated.
pub(super) const NEGATED: u8 = 1 << 4;

/// Does nothing with a cheap operation.
struct Nothing;

impl Single for Nothing {
    fn unary<R: Unary>(&mut self) {}
    fn binary<R: Binary>(&mut self) {}
    fn ternary<R: Ternary>(&mut self) {}
}

impl Decoded {
    /// All instructions of a program.
    pub(in crate::function) fn all<F>(program: &Program<F>) -> Vec<Self> {
        let (mut out, mut at, mut kept) = (program.first_result(), 0, 0);
        let mut all = Vec::with_capacity(program.headers.len());
        for (number, &header) in program.headers.iter().enumerate() {
            let words = &program.words[at..];
            let (opcode, flags, operands) = Self::single(header, words)
                .or_else(|| Self::pair(header, words))
                .unwrap_or((Opcode::Call, 0, [number as u32, at as u32, kept as u32, 0]));
            all.push(Self { opcode, flags, out: out as u32, operands });
            kept += header.keeps(words);
            at += header.words(words);
            out += header.count as usize;
        }
        all
    }

    /// A cheap operation by itself.
    fn single(header: Header, words: &[u32]) -> Option<(Opcode, u8, [u32; 4])> {
        if header.count != 1 || !single(header.opcode, &mut Nothing) {
            return None;
        }
        let (mut flags, mut operands) = (0, [0; 4]);
        for (k, &word) in words.iter().enumerate().take(header.opcode.words_of_one()) {
            operands[k] = word;
            flags |= u8::from(header.bits(k) & ACTIVE != 0) << k;
        }
        Some((header.opcode, flags, operands))
    }

    /// a·b ± c·d, neither rounded with the sum.
    fn pair(header: Header, words: &[u32]) -> Option<(Opcode, u8, [u32; 4])> {
        if header.count != 1 || !header.is_plain_sum() {
            return None;
        }
        let mut terms = LoneTerm::all(words);
        let (Some(first), Some(second), None) = (terms.next(), terms.next(), terms.next()) else {
            return None;
        };
        if first.join().is_negated {
            return None;
        }
        let mut flags = if second.join().is_negated { NEGATED } else { 0 };
        for (i, term) in [first, second].into_iter().enumerate() {
            flags |= u8::from(term.is_a_active()) << (2 * i);
            flags |= u8::from(term.is_b_active()) << (2 * i + 1);
        }
        let slots = [first.a, first.b, second.a, second.b].map(|slot| slot as u32);
        Some((Opcode::Products, flags, slots))
    }

    /// Where an instruction that is not decoded stands: its header, its words and what it keeps.
    pub(super) fn place<'p, F>(&self, program: &'p Program<F>) -> (Header, &'p [u32], usize) {
        let [header, at, kept, _] = self.operands.map(|number| number as usize);
        (program.headers[header], &program.words[at..], kept)
    }
}

impl Instruction for &Decoded {
    #[inline(always)]
    fn operand(&self, k: usize) -> usize {
        self.operands[k] as usize
    }
    #[inline(always)]
    fn is_active(&self, k: usize) -> bool {
        self.flags & 1 << k != 0
    }
    #[inline(always)]
    fn result(&self) -> usize {
        self.out as usize
    }
}
