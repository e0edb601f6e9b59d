//! Instructions as the interpreter meets them.
//!
//! Of a cheap operation by itself most of the work is to find out what it is: how long its run is,
//! how its operands are written, where the next instruction begins. So that is done once, when the
//! program is made. Whatever is no such operation is done by the instruction as it stands in the
//! program's words.

use super::columns::{ACTIVE, Line, LoneTerm};
use super::{Header, Layout, Program};
use crate::function::element::arrays::array;
use crate::function::opcode::{Opcode, Single, is_packed, single};
use crate::ops::{Binary, Ternary, Unary};

/// An instruction as it stands in a program.
#[derive(Clone, Copy)]
pub(in crate::function) struct Standing<'p> {
    /// The words from the instruction's first on.
    pub(in crate::function) words: &'p [u32],
    pub(in crate::function) header: Header,
    /// The slot of the first result.
    pub(in crate::function) out: usize,
    /// Where what it keeps for the reverse sweep begins.
    pub(in crate::function) kept: usize,
}

/// The most operations of a run that is short: of longer ones, plain loops have more at once.
const LONGEST: u8 = 64;

/// A cheap operation by itself, a short run of the cheapest ones, or where another instruction
/// stands in the program.
///
/// PERF: where its results lie whoever goes through all of them counts. Of a chain of millions of
/// operations the interpreter waits for the bytes of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) struct Instruction {
    /// Of a cheap operation; [`Opcode::Products`] of a sum of two products, [`Opcode::Output`] of a
    /// short run, and [`Opcode::Call`] of everything else.
    pub(in crate::function) opcode: Opcode,
    /// A bit for each operand into which an adjoint flows; then [`NEGATED`], or of runs a bit for
    /// each operand that is a run too, and [`FUSED`].
    pub(in crate::function) flags: u8,
    /// The operation of a run.
    pub(in crate::function) of: Opcode,
    /// How many results an instruction has.
    pub(in crate::function) count: u8,
    /// The slots of the operands; of what is not cheap by itself, of runs behind three of them, where
    /// the words begin; of everything else before it, where what it keeps begins.
    operands: [u32; 4],
}

/// The first bit of the operands that are runs.
const UNIT: usize = 4;

/// The flag of a run of sums in which a product is rounded with the sum.
const FUSED: u8 = 1 << 7;

/// The flag of a pair whose second product is negated.
pub(in crate::function) const NEGATED: u8 = 1 << 4;

/// Where words or kept numbers of an instruction begin: of as many operations and operands as a draft
/// has at most, and as much as its calls may save, there are no more than these bits count.
fn position(at: usize) -> u32 {
    u32::try_from(at).expect("a draft is within the limit of what a function can have")
}

/// Does nothing with a cheap operation.
struct Nothing;

impl Single for Nothing {
    fn unary<R: Unary>(&mut self) {}
    fn binary<R: Binary>(&mut self) {}
    fn ternary<R: Ternary>(&mut self) {}
}

impl Instruction {
    /// All instructions of a program. Of one with calls no run is told, since it may write beyond its
    /// end, and a call gives its outputs before their turn comes.
    pub(in crate::function) fn all<F>(program: &Program<F>) -> Vec<Self> {
        Self::with_runs(program, program.calls.is_empty())
    }

    /// The same, where short runs are told or left to their kernels.
    pub(in crate::function) fn with_runs<F>(program: &Program<F>, with_runs: bool) -> Vec<Self> {
        let (mut at, mut kept) = (0, 0);
        let mut all = Vec::with_capacity(program.headers.len());
        for &header in &program.headers {
            let words = &program.words[at..];
            let is_run = |it: &Self| with_runs && !it.meets(words);
            let run = || Self::run(header, words, at).filter(is_run);
            let it = Self::alone(header, words).or_else(run).unwrap_or(Self {
                opcode: Opcode::Call,
                flags: 0,
                of: header.opcode,
                count: header.count,
                operands: [0, 0, position(kept), position(at)],
            });
            all.push(it);
            kept += header.keeps(words);
            at += header.words(words);
        }
        all
    }

    /// An instruction of one operation.
    fn alone(header: Header, words: &[u32]) -> Option<Self> {
        let (opcode, flags, operands) =
            Self::single(header, words).or_else(|| Self::pair(header, words))?;
        Some(Self { opcode, flags, of: opcode, count: 1, operands })
    }

    /// A short run of one of the cheapest operations, whose columns are lines, and whose words begin
    /// there in the program.
    fn run(header: Header, words: &[u32], at: usize) -> Option<Self> {
        if !(2..=LONGEST).contains(&header.count) || !is_packed(header.opcode) {
            return None;
        }
        let (mut flags, mut operands) = (0, [0, 0, 0, position(at)]);
        if header.opcode == Opcode::Products {
            if Layout::of(header) != Layout::Columns || !LoneTerm::are_all(words) {
                return None;
            }
            flags = if header.is_fused() { FUSED } else { 0 };
        } else {
            let columns = header.opcode.columns();
            for (k, &word) in words.iter().enumerate().take(columns) {
                let line = Line::of(header.bits(k), word)?;
                operands[k] = word;
                flags |= u8::from(line.is_active) << k | u8::from(line.is_unit) << (UNIT + k);
            }
        }
        let (of, count) = (header.opcode, header.count);
        Some(Self { opcode: Opcode::Output, flags, of, count, operands })
    }

    /// The operands of a run.
    #[inline(always)]
    pub(in crate::function) fn lines<const N: usize>(&self) -> [Line; N] {
        array(
            #[inline(always)]
            |k| Line {
                is_active: self.flags & 1 << k != 0,
                first: self.operands[k] as usize,
                is_unit: self.flags & 1 << (UNIT + k) != 0,
            },
        )
    }

    /// Whether adjoints of two operands of an operation of the run may flow into one slot.
    #[inline(always)]
    pub(in crate::function) fn meets(&self, words: &[u32]) -> bool {
        let count = self.count as usize;
        let meet = |x: Line, y: Line| x.meets(y, count);
        match self.of {
            Opcode::Products => LoneTerm::all(words).any(|term| {
                let [a, b] = term.lines();
                meet(a, b)
            }),
            Opcode::MulAdd => {
                let [x, y, z] = self.lines();
                meet(x, y) || meet(x, z) || meet(y, z)
            }
            _ => {
                let [x, y] = self.lines();
                meet(x, y)
            }
        }
    }

    /// The words of what is no cheap operation by itself.
    #[inline(always)]
    pub(in crate::function) fn words<'p, F>(&self, program: &'p Program<F>) -> &'p [u32] {
        &program.words[self.operands[3] as usize..]
    }

    /// Whether products of a run of sums are rounded with the sum.
    #[inline(always)]
    pub(in crate::function) const fn is_fused(&self) -> bool {
        self.flags & FUSED != 0
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

    /// An instruction that is no cheap operation by itself as it stands in its program, of which it is
    /// the one of that number, with its first result in that slot.
    #[inline(always)]
    pub(in crate::function) fn standing<'p, F>(
        &self,
        program: &'p Program<F>,
        number: usize,
        out: usize,
    ) -> Standing<'p> {
        let (words, header) = (self.words(program), program.headers[number]);
        Standing { words, header, out, kept: self.operands[2] as usize }
    }

    /// The slot of an operand.
    #[inline(always)]
    pub(in crate::function) const fn operand(&self, k: usize) -> usize {
        self.operands[k] as usize
    }
}

/// The words of an instruction that tells its length, without that and the count behind it.
#[inline(always)]
pub(in crate::function) fn wide(words: &[u32]) -> &[u32] {
    &words[2..words[0] as usize - 1]
}
