//! From a program back to a draft, as it is saved and looked at: the inverse of
//! [`assemble`](super::assemble).
//!
//! Results lie in the order in which they are computed, so that the slots beyond the constants
//! are the steps of the draft. What is assembled from it is the same program again.

use super::columns::{self, Column, Join, ShortSums};
use super::segments::Segment;
use crate::function::draft::{Draft, DraftGuard, Source, Step};
use crate::function::opcode::Opcode;
use crate::function::program::{Header, Layout, Program};
use crate::scalar::Real;

/// The draft of a program.
pub(in crate::function) fn decode<F: Real>(program: &Program<F>) -> Draft<F> {
    let mut decoder = Decoder { program, draft: empty(program), words: &program.words };
    for &header in &program.headers {
        decoder.instruction(header);
    }
    decoder.roots();
    decoder.draft
}

/// A draft with the inputs and constants of a program.
fn empty<F: Real>(program: &Program<F>) -> Draft<F> {
    let mut draft = Draft::with_inputs(program.variables.clone(), program.data.clone());
    draft.reserve(program.operations(), program.words.len());
    Draft { constants: program.constants.clone(), calls: program.calls.clone(), ..draft }
}

struct Decoder<'p, F> {
    program: &'p Program<F>,
    draft: Draft<F>,
    /// The words that are left.
    words: &'p [u32],
}

impl<'p, F: Real> Decoder<'p, F> {
    fn source(&self, slot: usize) -> Source {
        let (inputs, constants) = (self.program.inputs(), self.program.constants.len());
        match slot.checked_sub(inputs) {
            None => Source::value(slot),
            Some(constant) if constant < constants => Source::constant(constant),
            Some(beyond) => Source::value(inputs + beyond - constants),
        }
    }

    fn operand(&mut self, slot: usize, is_negated: bool) {
        let source = self.source(slot).negated_if(is_negated);
        self.draft.operands.push(source);
    }

    fn second_factor(&mut self, slot: usize, join: Join) {
        let source = self.source(slot).fused_if(join.is_fused);
        self.draft.operands.push(source);
    }

    fn finish(&mut self, opcode: Opcode) {
        self.draft.finish(Step { opcode, detail: 0 });
    }

    fn words(&mut self, count: usize) -> &'p [u32] {
        let (words, rest) = self.words.split_at(count);
        self.words = rest;
        words
    }

    fn word(&mut self) -> usize {
        self.words(1)[0] as usize
    }

    /// Columns for `count` operations, whose layouts are the bits from the lowest on.
    fn columns(&mut self, layout: u32, width: usize, count: usize) -> Vec<Column<'p>> {
        let column = |k: usize| {
            let bits = layout >> (k * columns::BITS);
            Column::read(bits, count, self.words(columns::words_of(bits, count)))
        };
        (0..width).map(column).collect()
    }

    /// The steps of an instruction.
    fn instruction(&mut self, header: Header) {
        match (header.opcode, header.opcode.arity()) {
            (Opcode::Powi, _) => {
                let detail = self.word() as u32 as i32;
                self.regular(header, 1, detail);
            }
            (_, Some(arity @ 1..=3)) => self.regular(header, arity, 0),
            (Opcode::Sum | Opcode::Products | Opcode::Chains, _) => self.sums(header),
            (opcode, _) if opcode.is_of_call() => self.of_call(opcode),
            _ => self.gathered(header),
        }
    }

    /// An instruction of a fixed number of operands.
    fn regular(&mut self, header: Header, arity: usize, detail: i32) {
        let count = usize::from(header.count);
        let columns = self.columns(header.layout.into(), arity, count);
        for i in 0..count {
            columns.iter().for_each(|column| self.operand(column.slot(i), false));
            self.draft.finish(Step { opcode: header.opcode, detail });
        }
    }

    fn sums(&mut self, header: Header) {
        if Layout::of(header) == Layout::Columns {
            return self.short_sums(header);
        }
        let length = self.begin();
        let width = if header.opcode == Opcode::Sum { 1 } else { 2 };
        match Layout::of(header) {
            Layout::Each => {
                for &slot in self.words(length * width) {
                    self.operand(slot as usize, false);
                }
            }
            _ => {
                for words in self.words(length * Segment::WORDS).as_chunks().0 {
                    self.segment(Segment::read(words), width);
                }
            }
        }
        self.end(header.opcode);
    }

    /// The number that an instruction has behind its length.
    fn begin(&mut self) -> usize {
        self.words(2)[1] as usize
    }

    /// An instruction of one step that ends with its length.
    fn end(&mut self, opcode: Opcode) {
        self.word();
        self.finish(opcode);
    }

    /// The terms of a segment: numbers, or pairs of factors.
    fn segment(&mut self, segment: Segment, width: usize) {
        for i in 0..segment.len {
            self.operand(segment.a + i, segment.is_negated());
            if width == 2 {
                let b = if segment.is_same() { segment.b } else { segment.b + i };
                self.second_factor(b, segment.join());
            }
        }
    }

    fn short_sums(&mut self, header: Header) {
        let terms: Vec<_> = ShortSums::read(header, self.words).collect();
        let length = self.words[0] as usize;
        self.words(length);
        for i in 0..usize::from(header.count) {
            for &([a, b], join) in &terms {
                self.operand(a.slot(i), join.is_negated);
                self.second_factor(b.slot(i), join);
            }
            self.finish(header.opcode);
        }
    }

    /// An instruction that gathers its operands.
    fn gathered(&mut self, header: Header) {
        let count = self.begin();
        for &slot in self.words(count) {
            self.operand(slot as usize, false);
        }
        self.end(header.opcode);
    }

    /// A call, whose outputs are steps of their own, or one of these.
    fn of_call(&mut self, opcode: Opcode) {
        let length = self.words[0] as usize;
        let count = self.begin();
        for &slot in self.words(count) {
            self.operand(slot as usize, false);
        }
        let detail = self.word() as i32;
        self.words(length - count - 3);
        self.draft.finish(Step { opcode, detail });
    }

    fn roots(&mut self) {
        let outputs = self.program.outputs.iter();
        self.draft.outputs = outputs.map(|&slot| self.source(slot as usize)).collect();
        let guards = self.program.guards.iter().map(|guard| DraftGuard {
            comparison: guard.comparison,
            operands: guard.slots.map(|slot| self.source(slot as usize)),
            then: guard.then,
            place: guard.place.clone(),
        });
        self.draft.guards = guards.collect();
    }
}

#[cfg(test)]
pub(in crate::function) mod tests;
