//! From a draft to a program: which operations share an instruction, and where results lie.
//!
//! Within a window of consecutive operations, those of one kind that do not depend on each
//! other are put side by side. Windows keep what belongs together in the cache.

use super::columns;
use super::draft::{Draft, Source, Step};
use super::opcode::Opcode;
use super::places::Places;
use super::program::{Header, LONGEST_RUN, Layout, Program, ProgramGuard};
use super::segments::{self, Segment, Term};
use crate::error::{Error, Kind};
use crate::scalar::Real;
use std::ops::Range;

/// Operations that are looked at together; measured on the benchmarks, where windows of half
/// and twice the size cost the same and those of ten times lose the cache.
const WINDOW: usize = 4096;

/// The most terms of a sum that is a column operation.
const FEW_TERMS: usize = 10;

/// The fewest short sums for which columns pay.
const FEW_SUMS: usize = 4;

/// Packs a draft.
pub(super) fn assemble<F: Real>(draft: &Draft<F>) -> Result<Program<F>, Error> {
    let limit = u32::MAX as usize / 4;
    let given = draft.operands.len().max(draft.values() + draft.constants.len());
    if given > limit {
        return Err(Kind::FunctionLimit { given, limit }.into());
    }
    let mut assembler = Assembler::new(draft);
    for start in (0..draft.steps.len()).step_by(WINDOW) {
        assembler.window(start..(start + WINDOW).min(draft.steps.len()));
    }
    Ok(assembler.finish())
}

struct Assembler<'d, F> {
    draft: &'d Draft<F>,
    program: Program<F>,
    places: Places,
    window: Window,
    /// The column, or the two columns of a term, that are being written.
    columns: [Vec<u32>; 2],
    terms: Vec<Term>,
}

/// What is known of the steps of a window.
#[derive(Default)]
struct Window {
    start: usize,
    /// The order of the steps: keys that end with the position in the window.
    order: Vec<u64>,
    /// How deep each step is in what the window computes.
    levels: Vec<u16>,
    /// What short sums of one instruction have in common: the number of terms, and of each its
    /// sign and how many factors are active.
    shapes: Vec<u64>,
}

impl Window {
    fn clear(&mut self, start: usize) {
        let Self { order, levels, shapes, .. } = self;
        (order.clear(), levels.clear(), shapes.clear());
        self.start = start;
    }

    /// The step that a key is of.
    #[inline]
    fn step(&self, key: u64) -> usize {
        self.start + position_of(key)
    }
}

impl<'d, F: Real> Assembler<'d, F> {
    fn new(draft: &'d Draft<F>) -> Self {
        Self {
            draft,
            program: Program {
                variables: draft.variables.clone(),
                data: draft.data.clone(),
                constants: draft.constants.clone(),
                headers: Vec::new(),
                words: Vec::new(),
                slots: draft.inputs() + draft.constants.len(),
                saved: 0,
                widest: 0,
                outputs: Vec::new(),
                guards: Vec::new(),
            },
            places: Places::of_inputs(draft),
            window: Window::default(),
            columns: [Vec::new(), Vec::new()],
            terms: Vec::new(),
        }
    }

    /// Puts the operations of a window in order, and writes them.
    fn window(&mut self, steps: Range<usize>) {
        self.window.clear(steps.start);
        steps.for_each(|step| self.look_at(step));
        // By level, then by kind, then by position: a kind's operations of a level are side by
        // side and in the order of the recording.
        self.window.order.sort_unstable();
        let order = std::mem::take(&mut self.window.order);
        // Results get their slots in this order, before any operand of the window is written.
        for (slot, &key) in (self.program.slots..).zip(&order) {
            self.places.set(self.draft.inputs() + self.window.step(key), slot);
        }
        self.runs(&order);
        self.window.order = order;
    }

    /// Writes the operations of a window in their order.
    fn runs(&mut self, mut rest: &[u64]) {
        while let Some(&first) = rest.first() {
            let same = |key: &&u64| **key >> 16 == first >> 16;
            let longest = rest.iter().take(LONGEST_RUN).take_while(same).count();
            let len = self.run(&rest[..longest]);
            self.program.slots += len;
            rest = &rest[len..];
        }
    }

    /// Notes the place of a step in the order, and whether it is active.
    #[inline]
    fn look_at(&mut self, step: usize) {
        let Step { opcode, detail } = self.draft.steps[step];
        let operands = self.draft.operands_of(step);
        let (mut is_active, mut bits, mut shape) = (false, 0, 0);
        if opcode == Opcode::Products && operands.len() <= 2 * FEW_TERMS {
            (shape, is_active) = self.shape(operands);
            // Equal shapes have equal remainders; whether the others are equal is looked at
            // where they would share an instruction.
            bits = (shape % 0x00FF_FFFD) as u32;
        } else {
            for &source in operands {
                let active = self.places.is_active(source);
                is_active |= active;
                bits = bits << 1 | u32::from(active);
            }
            // Those of any number of operands have an instruction each.
            bits = if opcode.columns() > 0 { bits | (detail as u32) << 3 } else { 0 };
        }
        let kind = u64::from(opcode as u8) << 24 | u64::from(bits & 0x00FF_FFFF);
        let level = self.level(operands);
        let position = (step - self.window.start) as u64;
        self.window.order.push(u64::from(level) << 48 | kind << 16 | position);
        self.window.levels.push(level);
        self.window.shapes.push(shape);
        self.places.push(is_active);
    }

    /// One more than the deepest level of the window that the operands are of.
    #[inline]
    fn level(&self, operands: &[Source]) -> u16 {
        let first = self.draft.inputs() + self.window.start;
        let level_of = |source: &Source| {
            let position = source.as_value()?.checked_sub(first)?;
            Some(self.window.levels[position] + 1)
        };
        operands.iter().filter_map(level_of).max().unwrap_or(0)
    }

    /// See [`Window::shapes`]; and whether any factor is active.
    #[inline]
    fn shape(&self, operands: &[Source]) -> (u64, bool) {
        let (pairs, _) = operands.as_chunks::<2>();
        pairs.iter().fold((1, false), |(shape, is_active), pair| {
            let (a, b) = (self.places.is_active(pair[0]), self.places.is_active(pair[1]));
            // An active factor comes first: see `factors`.
            let active = u64::from(a | b) << 1 | u64::from(a & b);
            let shape = shape << 3 | u64::from(pair[0].is_negated()) << 2 | active;
            (shape, is_active | a | b)
        })
    }

    /// Writes one instruction for as many of the operations as can share it, and returns how
    /// many those are.
    fn run(&mut self, keys: &[u64]) -> usize {
        let first = self.window.step(keys[0]);
        let Step { opcode, detail } = self.draft.steps[first];
        match (opcode, opcode.columns()) {
            (Opcode::Powi, _) => {
                let same = |key: &&u64| self.draft.steps[self.window.step(**key)].detail == detail;
                let len = keys.iter().take_while(same).count();
                self.program.words.push(detail as u32);
                self.columns(opcode, &keys[..len], 1);
                len
            }
            (_, arity @ 1..) => {
                self.columns(opcode, keys, arity);
                keys.len()
            }
            (Opcode::Products, _) => self.products(keys, first),
            (Opcode::Sum, _) => {
                self.long_sum(opcode, first);
                1
            }
            _ => {
                self.gathered(opcode, first);
                1
            }
        }
    }

    /// Writes sums of products: those of one shape, if they are enough, or the first by itself.
    fn products(&mut self, keys: &[u64], first: usize) -> usize {
        let Window { start, shapes, .. } = &self.window;
        let shape = shapes[first - start];
        let same = |key: &&u64| shape != 0 && shapes[position_of(**key)] == shape;
        let len = keys.iter().take_while(same).count();
        if len < FEW_SUMS {
            self.long_sum(Opcode::Products, first);
            return 1;
        }
        self.short_sums(&keys[..len]);
        len
    }

    /// Two factors with an active one first, if only one of them is active: which of them comes
    /// first changes no number, and so a program does not depend on it.
    #[inline]
    fn factors(&self, pair: [Source; 2]) -> [Source; 2] {
        let [a, b] = [pair[0].plain(), pair[1]];
        if self.places.is_active(b) && !self.places.is_active(a) { [b, a] } else { [a, b] }
    }

    /// An instruction of a fixed number of operands.
    fn columns(&mut self, opcode: Opcode, keys: &[u64], arity: usize) {
        let mut layout = 0;
        for k in 0..arity {
            layout |= self.column(keys, arity, k) << (k * columns::BITS);
        }
        let (count, layout) = (keys.len() as u8, layout as u16);
        self.program.headers.push(Header { opcode, count, layout });
    }

    /// Writes the k-th operands of some operations as a column, and returns its bits.
    #[inline]
    fn column(&mut self, keys: &[u64], arity: usize, k: usize) -> u32 {
        let Self { draft, program, places, window, columns: [column, _], .. } = self;
        let operand = |key| draft.operands[draft.ends[window.step(key)] as usize - arity + k];
        let is_active = places.is_active(operand(keys[0]));
        if let &[key] = keys {
            return columns::write_one(places.slot(operand(key)), is_active, &mut program.words);
        }
        column.clear();
        column.extend(keys.iter().map(|&key| places.slot(operand(key))));
        columns::write(column, is_active, &mut program.words)
    }

    /// An instruction for several sums of the same few terms: for each term a word that tells
    /// the layout, and a column for each factor.
    fn short_sums(&mut self, keys: &[u64]) {
        let operands = self.draft.operands_of(self.window.step(keys[0]));
        let start = self.program.words.len();
        self.program.words.extend([0, operands.len() as u32 / 2]);
        for (term, pair) in operands.as_chunks::<2>().0.iter().enumerate() {
            self.term_columns(keys, operands.len() - 2 * term, pair);
        }
        self.end(start);
        let is_active = operands.iter().any(|&source| self.places.is_active(source));
        self.header(Opcode::Products, keys.len(), Layout::Columns, is_active);
    }

    /// Writes the terms of some sums that begin so many operands before the ends of theirs; that
    /// of the first sum is `pair`.
    fn term_columns(&mut self, keys: &[u64], from_end: usize, pair: &[Source; 2]) {
        let mut columns = std::mem::take(&mut self.columns);
        columns.iter_mut().for_each(Vec::clear);
        for &key in keys {
            let at = self.draft.ends[self.window.step(key)] as usize - from_end;
            let factors = self.factors([self.draft.operands[at], self.draft.operands[at + 1]]);
            columns[0].push(self.places.slot(factors[0]));
            columns[1].push(self.places.slot(factors[1]));
        }
        let words = &mut self.program.words;
        let layout = words.len();
        words.push(0);
        let (a, b) = (self.places.is_active(pair[0]), self.places.is_active(pair[1]));
        let a_bits = columns::write(&columns[0], a | b, words);
        let b_bits = columns::write(&columns[1], a & b, words);
        let sign = u32::from(pair[0].is_negated());
        words[layout] = a_bits | b_bits << columns::BITS | sign << columns::SIGN;
        self.columns = columns;
    }

    /// Ends an instruction whose length its header does not tell: the length stands at both of
    /// its ends, where the sweeps find it.
    fn end(&mut self, start: usize) {
        let len = (self.program.words.len() + 1 - start) as u32;
        self.program.words[start] = len;
        self.program.words.push(len);
    }

    fn header(&mut self, opcode: Opcode, count: usize, layout: Layout, is_active: bool) {
        let active = if is_active { Layout::ACTIVE } else { 0 };
        let layout = layout as u16 | active;
        self.program.headers.push(Header { opcode, count: count as u8, layout });
    }

    /// A sum by itself: in segments where that is shorter, else slot by slot.
    fn long_sum(&mut self, opcode: Opcode, step: usize) {
        let operands = self.draft.operands_of(step);
        let mut terms = std::mem::take(&mut self.terms);
        terms.clear();
        let width = if opcode == Opcode::Sum {
            terms.extend(operands.iter().map(|&source| self.single_term(source)));
            1
        } else {
            terms.extend(operands.as_chunks::<2>().0.iter().map(|&pair| self.term(pair)));
            2
        };
        let flags = terms.iter().fold(0, |flags, term| flags | term.flags);
        let words = &mut self.program.words;
        let start = words.len();
        words.extend([0, 0]);
        segments::segments(&terms, |segment| words.extend(segment));
        let in_segments = words.len() - start - 2;
        let is_plain = flags & segments::NEGATED == 0;
        let layout = if is_plain && in_segments > terms.len() * width {
            words.truncate(start + 2);
            for term in &terms {
                words.extend_from_slice(&[term.a, term.b][..width]);
            }
            words[start + 1] = terms.len() as u32;
            Layout::Each
        } else {
            words[start + 1] = (in_segments / Segment::WORDS) as u32;
            Layout::Segments
        };
        self.terms = terms;
        self.end(start);
        let is_active = flags & (segments::ACTIVE_A | segments::ACTIVE_B) != 0;
        self.header(opcode, 1, layout, is_active);
    }

    /// A term that is a number.
    #[inline]
    fn single_term(&self, a: Source) -> Term {
        let sign = if a.is_negated() { segments::NEGATED } else { 0 };
        let active = if self.places.is_active(a) { segments::ACTIVE_A } else { 0 };
        Term { a: self.places.slot(a), b: 0, flags: sign | active }
    }

    /// A term that is a product.
    #[inline]
    fn term(&self, pair: [Source; 2]) -> Term {
        let [a, b] = self.factors(pair);
        let b_active = if self.places.is_active(b) { segments::ACTIVE_B } else { 0 };
        let sign = if pair[0].is_negated() { segments::NEGATED } else { 0 };
        let Term { a, flags, .. } = self.single_term(a);
        Term { a, b: self.places.slot(b), flags: flags | b_active | sign }
    }

    /// An instruction that gathers its operands.
    fn gathered(&mut self, opcode: Opcode, step: usize) {
        let operands = self.draft.operands_of(step);
        let start = self.program.words.len();
        self.program.words.extend([0, operands.len() as u32]);
        let slots = operands.iter().map(|&source| self.places.slot(source));
        self.program.words.extend(slots);
        self.end(start);
        self.program.widest = self.program.widest.max(operands.len());
        if opcode == Opcode::LogSumExp {
            self.program.saved += operands.len() + 1;
        }
        let is_active = operands.iter().any(|&source| self.places.is_active(source));
        self.header(opcode, 1, Layout::Each, is_active);
    }

    fn finish(mut self) -> Program<F> {
        let outputs = self.draft.outputs.iter();
        self.program.outputs = outputs.map(|&output| self.places.slot(output)).collect();
        let guards = self.draft.guards.iter().map(|guard| ProgramGuard {
            comparison: guard.comparison,
            slots: guard.operands.map(|source| self.places.slot(source)),
            then: guard.then,
            place: guard.place.clone(),
        });
        self.program.guards = guards.collect();
        self.program.headers.shrink_to_fit();
        self.program.words.shrink_to_fit();
        self.program
    }
}

fn position_of(key: u64) -> usize {
    (key & 0xFFFF) as usize
}
