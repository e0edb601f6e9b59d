//! From a draft to a program: which operations share an instruction, and where results lie.
//!
//! Within a window of consecutive operations, those of one kind that do not depend on each
//! other are put side by side. Windows keep what belongs together in the cache.

use super::columns;
use super::draft::{Draft, Source, Step};
use super::opcode::Opcode;
use super::program::{Header, LONGEST_RUN, Layout, Program, ProgramGuard};
use super::segments::{self, Segment, Term};
use crate::error::{Error, Kind};
use crate::scalar::Real;

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
    /// The slot of each value, and whether it depends on a variable.
    places: Vec<u32>,
    active: Vec<bool>,
    /// The order of a window: keys that end with the position in it.
    order: Vec<u64>,
    levels: Vec<u16>,
    column: Vec<u32>,
    terms: Vec<Term>,
}

impl<'d, F: Real> Assembler<'d, F> {
    fn new(draft: &'d Draft<F>) -> Self {
        let inputs = draft.inputs();
        let mut active = Vec::with_capacity(draft.values());
        active.extend((0..inputs).map(|input| input < draft.variables.len()));
        let mut places = Vec::with_capacity(draft.values());
        places.extend(0..inputs as u32);
        Self {
            draft,
            program: Program {
                variables: draft.variables.clone(),
                data: draft.data.clone(),
                constants: draft.constants.clone(),
                headers: Vec::new(),
                words: Vec::new(),
                slots: inputs + draft.constants.len(),
                saved: 0,
                widest: 0,
                outputs: Vec::new(),
                guards: Vec::new(),
            },
            places,
            active,
            order: Vec::new(),
            levels: Vec::new(),
            column: Vec::new(),
            terms: Vec::new(),
        }
    }

    fn slot(&self, source: Source) -> u32 {
        match source.as_value() {
            Some(value) => self.places[value],
            None => (self.draft.inputs() + source.index()) as u32,
        }
    }

    fn is_active(&self, source: Source) -> bool {
        source.as_value().is_some_and(|value| self.active[value])
    }

    /// Puts the operations of a window in order, and writes them.
    fn window(&mut self, window: std::ops::Range<usize>) {
        self.sort(window.clone());
        let order = std::mem::take(&mut self.order);
        // Results get their slots in this order, before any operand of the window is written.
        self.places.resize(self.draft.inputs() + window.end, 0);
        for (position, key) in order.iter().enumerate() {
            let step = window.start + position_of(*key);
            self.places[self.draft.inputs() + step] = (self.program.slots + position) as u32;
        }
        let mut rest: &[u64] = &order;
        while let Some(&first) = rest.first() {
            let same = |key: &&u64| **key >> 16 == first >> 16;
            let longest = rest.iter().take(LONGEST_RUN).take_while(same).count();
            let len = self.run(window.start, &rest[..longest]);
            self.program.slots += len;
            rest = &rest[len..];
        }
        self.order = order;
    }

    /// Sorts by level, then by kind, then by position, so that a kind's operations of a level
    /// are side by side and in the order of the recording.
    fn sort(&mut self, window: std::ops::Range<usize>) {
        self.order.clear();
        self.levels.clear();
        let first = self.draft.inputs() + window.start;
        for step in window.clone() {
            let operands = self.draft.operands_of(step);
            let mut level = 0;
            let mut is_active = false;
            for value in operands.iter().filter_map(|source| source.as_value()) {
                is_active |= self.active[value];
                if value >= first {
                    level = level.max(self.levels[value - first] + 1);
                }
            }
            self.active.push(is_active);
            self.levels.push(level);
            let position = (step - window.start) as u64;
            let kind = self.kind(step);
            self.order.push(u64::from(level) << 48 | u64::from(kind) << 16 | position);
        }
        self.order.sort_unstable();
    }

    /// What operations of one instruction have in common.
    fn kind(&self, step: usize) -> u32 {
        let Step { opcode, detail } = self.draft.steps[step];
        let operands = self.draft.operands_of(step);
        let bits = |sources: &[Source], bit: fn(&Self, Source) -> bool| {
            sources.iter().fold(0_u32, |bits, &source| bits << 1 | u32::from(bit(self, source)))
        };
        let shape = match opcode.arity() {
            Some(1..=3) => bits(operands, Self::is_active) | (detail as u32) << 3,
            // Equal shapes have equal remainders; whether the others are equal is looked at where
            // they would share an instruction.
            _ if self.is_short_sum(step) => (self.shape(step) % 0x00FF_FFFD) as u32,
            // Longer ones have an instruction each.
            _ => 0,
        };
        (opcode as u32) << 24 | shape & 0x00FF_FFFF
    }

    /// Whether a step is a sum of few enough products to share an instruction.
    fn is_short_sum(&self, step: usize) -> bool {
        let few = self.draft.operands_of(step).len() <= 2 * FEW_TERMS;
        few && self.draft.steps[step].opcode == Opcode::Products
    }

    /// What short sums of one instruction have in common: the number of terms, and of each its
    /// sign and which factors are active.
    fn shape(&self, step: usize) -> u64 {
        let operands = self.draft.operands_of(step);
        operands.chunks_exact(2).fold(1, |shape, pair| {
            let [a, b] = self.factors(pair).map(|factor| u64::from(self.is_active(factor)));
            shape << 3 | u64::from(pair[0].is_negated()) << 2 | a << 1 | b
        })
    }

    /// Writes one instruction for as many of the operations as can share it, and returns how
    /// many those are.
    fn run(&mut self, base: usize, keys: &[u64]) -> usize {
        let first = base + position_of(keys[0]);
        let Step { opcode, detail } = self.draft.steps[first];
        match (opcode, opcode.arity()) {
            (Opcode::Powi, _) => {
                let same =
                    |key: &&u64| self.draft.steps[base + position_of(**key)].detail == detail;
                let len = keys.iter().take_while(same).count();
                self.program.words.push(detail as u32);
                self.columns(base, &keys[..len], 1);
                len
            }
            (_, Some(arity @ 1..=3)) => {
                self.columns(base, keys, arity);
                keys.len()
            }
            (Opcode::Products, _) if self.is_short_sum(first) => {
                let shape = self.shape(first);
                let same = |key: &&u64| self.shape(base + position_of(**key)) == shape;
                let len = keys.iter().take_while(same).count();
                if len < FEW_SUMS {
                    self.long_sum(opcode, first);
                    return 1;
                }
                self.short_sums(base, &keys[..len]);
                len
            }
            (Opcode::Products | Opcode::Sum, _) => {
                self.long_sum(opcode, first);
                1
            }
            _ => {
                self.gathered(opcode, first);
                1
            }
        }
    }

    /// The k-th operand of a step as it is written: of two factors, an active one first.
    fn operand(&self, step: usize, k: usize) -> Source {
        let operands = self.draft.operands_of(step);
        if self.draft.steps[step].opcode == Opcode::Products {
            self.factors(&operands[k & !1..][..2])[k & 1]
        } else {
            operands[k]
        }
    }

    /// Two factors with an active one first, if only one of them is active: which of them comes
    /// first changes no number, and so a program does not depend on it.
    fn factors(&self, pair: &[Source]) -> [Source; 2] {
        let (a, b) = (pair[0].plain(), pair[1]);
        if self.is_active(b) && !self.is_active(a) { [b, a] } else { [a, b] }
    }

    /// Writes the k-th operands of some operations as a column, and returns its bits.
    fn column(&mut self, base: usize, keys: &[u64], k: usize) -> u32 {
        self.column.clear();
        for &key in keys {
            let slot = self.slot(self.operand(base + position_of(key), k));
            self.column.push(slot);
        }
        let is_active = self.is_active(self.operand(base + position_of(keys[0]), k));
        columns::write(&self.column, is_active, &mut self.program.words)
    }

    /// An instruction of a fixed number of operands.
    fn columns(&mut self, base: usize, keys: &[u64], arity: usize) {
        let opcode = self.draft.steps[base + position_of(keys[0])].opcode;
        let mut layout = 0;
        for k in 0..arity {
            layout |= self.column(base, keys, k) << (k * columns::BITS);
        }
        let (count, layout) = (keys.len() as u8, layout as u16);
        self.program.headers.push(Header { opcode, count, layout });
    }

    /// An instruction for several sums of the same few terms: for each term a word that tells
    /// the layout, and a column for each factor.
    fn short_sums(&mut self, base: usize, keys: &[u64]) {
        let operands = self.draft.operands_of(base + position_of(keys[0]));
        let start = self.program.words.len();
        self.program.words.extend([0, operands.len() as u32 / 2]);
        for (term, pair) in operands.chunks_exact(2).enumerate() {
            let layout = self.program.words.len();
            self.program.words.push(0);
            let a = self.column(base, keys, 2 * term);
            let b = self.column(base, keys, 2 * term + 1);
            let sign = u32::from(pair[0].is_negated());
            self.program.words[layout] = a | b << columns::BITS | sign << columns::SIGN;
        }
        self.end(start);
        let is_active = operands.iter().any(|&source| self.is_active(source));
        self.header(Opcode::Products, keys.len(), Layout::Columns, is_active);
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
        self.terms.clear();
        let operands = self.draft.operands_of(step);
        let width = if opcode == Opcode::Sum { 1 } else { 2 };
        for term in operands.chunks_exact(width) {
            let term = self.term(term);
            self.terms.push(term);
        }
        let is_active = operands.iter().any(|&source| self.is_active(source));
        let words = &mut self.program.words;
        let start = words.len();
        words.extend([0, 0]);
        segments::segments(&self.terms, |segment| words.extend(segment));
        let in_segments = words.len() - start - 2;
        let is_plain = self.terms.iter().all(|term| term.flags & segments::NEGATED == 0);
        let layout = if is_plain && in_segments > self.terms.len() * width {
            words.truncate(start + 2);
            for term in &self.terms {
                words.extend_from_slice(&[term.a, term.b][..width]);
            }
            words[start + 1] = self.terms.len() as u32;
            Layout::Each
        } else {
            words[start + 1] = (in_segments / Segment::WORDS) as u32;
            Layout::Segments
        };
        self.end(start);
        self.header(opcode, 1, layout, is_active);
    }

    /// A term: a number, or two factors.
    fn term(&self, factors: &[Source]) -> Term {
        let sign = if factors[0].is_negated() { segments::NEGATED } else { 0 };
        if let [a] = factors {
            let active = if self.is_active(*a) { segments::ACTIVE_A } else { 0 };
            return Term { a: self.slot(*a), b: 0, flags: sign | active };
        }
        let [a, b] = self.factors(factors);
        let active_a = if self.is_active(a) { segments::ACTIVE_A } else { 0 };
        let active_b = if self.is_active(b) { segments::ACTIVE_B } else { 0 };
        Term { a: self.slot(a), b: self.slot(b), flags: sign | active_a | active_b }
    }

    /// An instruction that gathers its operands.
    fn gathered(&mut self, opcode: Opcode, step: usize) {
        let operands = self.draft.operands_of(step);
        let start = self.program.words.len();
        self.program.words.extend([0, operands.len() as u32]);
        for &source in operands {
            let slot = self.slot(source);
            self.program.words.push(slot);
        }
        self.end(start);
        self.program.widest = self.program.widest.max(operands.len());
        if opcode == Opcode::LogSumExp {
            self.program.saved += operands.len() + 1;
        }
        let is_active = operands.iter().any(|&source| self.is_active(source));
        self.header(opcode, 1, Layout::Each, is_active);
    }

    fn finish(mut self) -> Program<F> {
        let outputs = self.draft.outputs.iter();
        self.program.outputs = outputs.map(|&output| self.slot(output)).collect();
        let guards = self.draft.guards.iter().map(|guard| ProgramGuard {
            comparison: guard.comparison,
            slots: guard.operands.map(|source| self.slot(source)),
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
