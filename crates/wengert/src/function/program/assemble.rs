//! From a draft to a program: which operations share an instruction, and where results lie.
//!
//! Within a window of consecutive operations, those of one kind that do not depend on each
//! other are put side by side. Windows keep what belongs together in the cache.

use super::columns::{self, Join, Strides};
use super::groups::Groups;
use super::instruction::Instruction;
use super::places::{Place, Places};
use super::segments::{self, Segment, Term};
use crate::error::{Error, Kind};
use crate::function::draft::{Draft, Source, Step, check_size};
use crate::function::element::arrays::array;
use crate::function::opcode::Opcode;
use crate::function::program::call::Call;
use crate::function::program::{Header, LONGEST_RUN, Layout, Program, ProgramGuard};
use crate::scalar::Real;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// Operations that are looked at together; measured on the benchmarks, where windows of half
/// and twice the size cost the same and those of ten times lose the cache.
const WINDOW: usize = 4096;

/// The most terms of a sum that is a column operation.
const FEW_TERMS: usize = 10;

/// The fewest short sums for which columns pay.
const FEW_SUMS: usize = 4;

/// The fewest operations for which columns pay: fewer are one instruction each, which the
/// interpreter's loop and the passes of derivatives take from their words.
const FEW_OPERATIONS: usize = 4;

/// The most terms of a sum by itself that the interpreter's loop computes: a chain's links, and the
/// slopes of a Runge–Kutta method put together.
const LINK_TERMS: usize = 6;

/// The fewest operations with operands at equal distances that have an instruction of their own.
const ENOUGH: usize = 8;

/// Packs a draft.
pub(in crate::function) fn assemble<F: Real>(draft: &Draft<F>) -> Result<Program<F>, Error> {
    assemble_within(draft, Source::MOST)
}

fn assemble_within<F: Real>(draft: &Draft<F>, limit: usize) -> Result<Program<F>, Error> {
    check_size(draft.operands.len().max(draft.values() + draft.constants.len()), limit)?;
    check_saved(draft)?;
    let mut assembler = Assembler::new(draft);
    for start in (0..draft.steps.len()).step_by(WINDOW) {
        assembler.window(start..(start + WINDOW).min(draft.steps.len()));
    }
    Ok(assembler.finish())
}

/// Whether what calls save can be found again: instructions tell where it begins in 32 bits, and their
/// results and operands need less than half of what these count.
fn check_saved<F>(draft: &Draft<F>) -> Result<(), Error> {
    const LIMIT: usize = u32::MAX as usize / 2;
    if draft.calls.is_empty() {
        return Ok(());
    }
    let calls = draft.steps.iter().filter(|step| step.opcode == Opcode::Call);
    let saves = calls.map(|step| draft.calls[step.detail as usize].saves());
    let given = saves.fold(0, usize::saturating_add);
    if given > LIMIT { Err(Kind::SavedLimit { given, limit: LIMIT }.into()) } else { Ok(()) }
}

struct Assembler<'d, F> {
    draft: &'d Draft<F>,
    program: Program<F>,
    places: Places,
    window: Window,
    /// The column, or the two columns of a term, that are being written.
    columns: [Vec<u32>; 2],
    strides: Strides,
    terms: Vec<Term>,
    /// Where the words of each call begin that tell the slots of its outputs, by the call's slot.
    calls: FxHashMap<u32, usize>,
}

/// What is known of the steps of a window.
#[derive(Default)]
struct Window {
    start: usize,
    /// The order of the steps: keys that end with the position in the window.
    order: Vec<u64>,
    groups: Groups,
    /// What short sums of one instruction have in common: the number of terms, and of each its
    /// sign and how many factors are active.
    shapes: Vec<u64>,
}

impl Window {
    fn with_room_for(steps: usize) -> Self {
        let [order, shapes] = [Vec::with_capacity(steps), Vec::with_capacity(steps)];
        Self { order, shapes, ..Self::default() }
    }

    fn clear(&mut self, start: usize) {
        self.start = start;
        self.order.clear();
        self.shapes.clear();
    }

    /// The step that a key is of.
    #[inline]
    fn step(&self, key: u64) -> usize {
        self.start + position_of(key)
    }
}

impl<'d, F: Real> Assembler<'d, F> {
    fn new(draft: &'d Draft<F>) -> Self {
        // PERF: what is known to be small finds its room at once: a quarter of the time in which a
        // few operations become a program would be the growing of lists.
        let steps = draft.steps.len().min(WINDOW);
        let words = (draft.operands.len() + 2 * draft.steps.len()).min(4 * WINDOW);
        Self {
            draft,
            program: Program {
                variables: draft.variables.clone(),
                data: draft.data.clone(),
                constants: draft.constants.clone(),
                headers: Vec::with_capacity(steps),
                words: Vec::with_capacity(words),
                instructions: Vec::new(),
                slots: draft.inputs() + draft.constants.len(),
                saved: 0,
                widest: 0,
                outputs: Vec::new(),
                guards: Vec::new(),
                calls: draft.calls.clone(),
                directions: OnceLock::new(),
            },
            calls: FxHashMap::default(),
            places: Places::of_inputs(draft),
            window: Window::with_room_for(steps),
            columns: [Vec::with_capacity(steps), Vec::with_capacity(steps)],
            strides: Strides::default(),
            terms: Vec::new(),
        }
    }

    /// Puts the operations of a window in order, and writes them.
    fn window(&mut self, steps: Range<usize>) {
        self.window.clear(steps.start);
        steps.for_each(|step| self.look_at(step));
        // By level, then by kind, then by position: a kind's operations of a level are side by
        // side and in the order of the recording.
        let mut order = std::mem::take(&mut self.window.order);
        self.window.groups.sort(&mut order);
        // Results get their slots in this order, before any operand of the window is written.
        self.places.place(self.program.slots, order.iter().map(|&key| position_of(key)));
        self.runs(&order);
        self.window.order = order;
    }

    /// Writes the operations of a window in their order, level by level and kind by kind.
    fn runs(&mut self, order: &[u64]) {
        for mut rest in order.chunk_by(|a, b| a >> 16 == b >> 16) {
            while !rest.is_empty() {
                let len = self.run(&rest[..rest.len().min(LONGEST_RUN)]);
                self.program.slots += len;
                rest = &rest[len..];
            }
        }
    }

    /// Notes where a step belongs in the order, and whether it is active.
    #[inline]
    fn look_at(&mut self, step: usize) {
        let Step { opcode, detail } = self.draft.steps[step];
        let operands = self.draft.operands_of(step);
        let is_short_sum = opcode.is_products() && operands.len() <= 2 * FEW_TERMS;
        let seen = if is_short_sum { self.see_terms(opcode, operands) } else { self.see(operands) };
        let shape = if is_short_sum { seen.bits } else { 0 };
        let bits = match opcode.columns() {
            // Equal shapes have equal remainders; whether the others are equal is looked at
            // where they would share an instruction. Longer sums have an instruction each.
            0 => (shape % 0x00FF_FFFD) as u32,
            _ => seen.bits as u32 & 7 | (detail as u32) << 3,
        };
        let kind = u64::from(opcode as u8) << 24 | u64::from(bits & 0x00FF_FFFF);
        let position = (step - self.window.start) as u64;
        self.window.order.push(u64::from(seen.level) << 48 | kind << 16 | position);
        self.window.shapes.push(shape);
        self.places.push(seen.is_active, seen.level);
    }

    /// Looks at operands, of which the bits tell whether they are active.
    #[inline]
    fn see(&self, operands: &[Source]) -> Seen {
        let mut seen = Seen { level: 0, is_active: false, bits: 0 };
        for &source in operands {
            let (is_active, level) = self.places.level_above(source);
            seen.level = seen.level.max(level);
            seen.is_active |= is_active;
            seen.bits = seen.bits << 1 | u64::from(is_active);
        }
        seen
    }

    /// Looks at the factors of a short sum: see [`Window::shapes`].
    #[inline]
    fn see_terms(&self, opcode: Opcode, operands: &[Source]) -> Seen {
        let mut seen = Seen { level: 0, is_active: false, bits: 1 };
        for &[a, b] in operands.as_chunks::<2>().0 {
            let join = u64::from(join([a, b]).bits());
            let ((a, a_level), (b, b_level)) =
                (self.places.level_above(a), self.places.level_above(b));
            seen.level = seen.level.max(a_level).max(b_level);
            seen.is_active |= a | b;
            let (first, second) = in_order(opcode, a, b);
            seen.bits = seen.bits << 4 | join << 2 | u64::from(first) << 1 | u64::from(second);
        }
        seen
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
                let are_few = keys.len() < FEW_OPERATIONS;
                let len = if are_few { 1 } else { self.side_by_side(keys) };
                self.columns(opcode, &keys[..len], arity);
                len
            }
            (Opcode::Products | Opcode::Chains, _) => self.products(opcode, keys, first),
            (Opcode::Sum, _) => {
                self.long_sum(opcode, first);
                1
            }
            (Opcode::Call | Opcode::Output, _) => {
                self.of_call(opcode, detail, first);
                1
            }
            _ => {
                self.gathered(opcode, first);
                1
            }
        }
    }

    /// Writes sums of products: those of one shape, if they are enough, or the first by itself.
    fn products(&mut self, opcode: Opcode, keys: &[u64], first: usize) -> usize {
        let Window { start, shapes, .. } = &self.window;
        let shape = shapes[first - start];
        let same = |key: &&u64| shape != 0 && shapes[position_of(**key)] == shape;
        let len = keys.iter().take_while(same).count();
        let len = self.side_by_side(&keys[..len]);
        if len < FEW_SUMS {
            if self.draft.operands_of(first).len() / 2 <= LINK_TERMS {
                self.short_sums(opcode, &keys[..1]);
            } else {
                self.long_sum(opcode, first);
            }
            return 1;
        }
        self.short_sums(opcode, &keys[..len]);
        len
    }

    /// How many of the operations go into one instruction: as many as have their operands at one
    /// distance from each to the next, if those are enough, or as many as come before enough that
    /// have. A run of the kind is then read in plain loops and written in few words.
    fn side_by_side(&mut self, keys: &[u64]) -> usize {
        if keys.len() <= ENOUGH {
            return keys.len();
        }
        match self.draft.operands_of(self.window.step(keys[0])).len() {
            1 => self.few_side_by_side::<1>(keys),
            2 => self.few_side_by_side::<2>(keys),
            _ => {
                let mut strides = std::mem::take(&mut self.strides);
                strides.clear();
                let len = regular(keys, |key| {
                    let operands = self.draft.operands_of(self.window.step(key)).iter();
                    strides.step(operands.map(|&source| self.places.slot(source)))
                });
                self.strides = strides;
                len
            }
        }
    }

    /// The same for operations of one operand or two. PERF: which most are, and then all is in
    /// registers.
    fn few_side_by_side<const N: usize>(&self, keys: &[u64]) -> usize {
        let (mut last, mut strides) = ([0_u32; N], [0; N]);
        regular(keys, |key| {
            let end = self.draft.ends[self.window.step(key)] as usize;
            let operands: &[Source; N] =
                self.draft.operands[..end].last_chunk().expect("all have as many operands");
            let slots: [u32; N] = array(|k| self.places.slot(operands[k]));
            let now: [u32; N] = array(|k| slots[k].wrapping_sub(last[k]));
            let is_regular = now == strides;
            (last, strides) = (slots, now);
            is_regular
        })
    }

    /// Two factors, [in order](in_order).
    #[inline]
    fn factors(&self, opcode: Opcode, a: Source, b: Source) -> (Place, Place) {
        let (a, b) = (self.places.of(a), self.places.of(b));
        if is_turned(opcode, a.is_active(), b.is_active()) { (b, a) } else { (a, b) }
    }

    /// An instruction of a fixed number of operands.
    fn columns(&mut self, opcode: Opcode, keys: &[u64], arity: usize) {
        let mut layout = 0;
        if let &[key] = keys {
            // PERF: chains have nothing but these, `ode` for one.
            let end = self.draft.ends[self.window.step(key)] as usize;
            layout = match arity {
                1 => self.lone::<1>(end),
                2 => self.lone::<2>(end),
                _ => self.lone::<3>(end),
            };
        } else {
            for k in 0..arity {
                layout |= self.column(keys, arity, k) << (k * columns::BITS);
            }
        }
        let (count, layout) = (keys.len() as u8, layout as u16);
        self.program.headers.push(Header { opcode, count, layout });
    }

    /// Writes the operands of one operation, which end there, as columns of one slot, and returns
    /// their bits.
    #[inline]
    fn lone<const N: usize>(&mut self, end: usize) -> u32 {
        let operands: &[Source; N] =
            self.draft.operands[..end].last_chunk().expect("it has as many operands");
        let places: [Place; N] = array(|k| self.places.of(operands[k]));
        let slots: [u32; N] = array(|k| places[k].slot());
        self.program.words.extend_from_slice(&slots);
        let mut layout = 0;
        for (k, place) in places.iter().enumerate() {
            layout |= columns::bits_of_one(place.is_active()) << (k * columns::BITS);
        }
        layout
    }

    /// Writes the k-th operands of some operations as a column, and returns its bits.
    #[inline]
    fn column(&mut self, keys: &[u64], arity: usize, k: usize) -> u32 {
        let Self { draft, program, places, window, columns: [column, _], .. } = self;
        let from_end = arity - k;
        let place =
            |key| places.of(draft.operands[draft.ends[window.step(key)] as usize - from_end]);
        column.clear();
        column.extend(keys.iter().map(|&key| place(key).slot()));
        columns::write(column, place(keys[0]).is_active(), &mut program.words)
    }

    /// An instruction for several sums of the same few terms: for each term a word that tells
    /// the layout, and a column for each factor.
    fn short_sums(&mut self, opcode: Opcode, keys: &[u64]) {
        let operands = self.draft.operands_of(self.window.step(keys[0]));
        let start = self.program.words.len();
        self.program.words.extend([0, operands.len() as u32 / 2]);
        for (term, pair) in operands.as_chunks::<2>().0.iter().enumerate() {
            self.term_columns(opcode, keys, operands.len() - 2 * term, pair);
        }
        self.end(start);
        let is_fused = operands.as_chunks::<2>().0.iter().any(|pair| pair[1].is_fused());
        let flags = self.active(operands) | if is_fused { Layout::FUSED } else { 0 };
        self.header(opcode, keys.len(), Layout::Columns, flags);
    }

    /// Writes the terms of some sums that begin so many operands before the ends of theirs; that
    /// of the first sum is `pair`.
    fn term_columns(&mut self, opcode: Opcode, keys: &[u64], from_end: usize, pair: &[Source; 2]) {
        let mut columns = std::mem::take(&mut self.columns);
        columns.iter_mut().for_each(Vec::clear);
        for &key in keys {
            let at = self.draft.ends[self.window.step(key)] as usize - from_end;
            let [a, b] = [at, at + 1].map(|at| self.draft.operands[at]);
            let (a, b) = self.factors(opcode, a, b);
            columns[0].push(a.slot());
            columns[1].push(b.slot());
        }
        let words = &mut self.program.words;
        let layout = words.len();
        words.push(0);
        let [a, b] = pair.map(|source| self.places.is_active(source));
        let (a, b) = in_order(opcode, a, b);
        let a_bits = columns::write(&columns[0], a, words);
        let b_bits = columns::write(&columns[1], b, words);
        words[layout] = a_bits | b_bits << columns::BITS | join(*pair).bits() << columns::JOIN;
        self.columns = columns;
    }

    /// Ends an instruction whose length its header does not tell: the length stands at both of
    /// its ends, where the sweeps find it.
    fn end(&mut self, start: usize) {
        let len = (self.program.words.len() + 1 - start) as u32;
        self.program.words[start] = len;
        self.program.words.push(len);
    }

    /// The flag of an instruction whose operands these are.
    fn active(&self, operands: &[Source]) -> u16 {
        let is_active = operands.iter().any(|&source| self.places.is_active(source));
        if is_active { Layout::ACTIVE } else { 0 }
    }

    fn header(&mut self, opcode: Opcode, count: usize, layout: Layout, flags: u16) {
        let layout = layout as u16 | flags;
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
            terms.extend(operands.as_chunks::<2>().0.iter().map(|&pair| self.term(opcode, pair)));
            2
        };
        let flags = terms.iter().fold(0, |flags, term| flags | term.flags);
        let words = &mut self.program.words;
        let start = words.len();
        words.extend([0, 0]);
        segments::segments(&terms, |segment| words.extend(segment));
        let in_segments = words.len() - start - 2;
        let is_plain = flags & (segments::NEGATED | segments::FUSED) == 0;
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
        let active = if is_active { Layout::ACTIVE } else { 0 };
        let fused = if flags & segments::FUSED != 0 { Layout::FUSED } else { 0 };
        self.header(opcode, 1, layout, active | fused);
    }

    /// A term that is a number.
    #[inline]
    fn single_term(&self, source: Source) -> Term {
        let a = self.places.of(source);
        Term { a: a.slot(), b: 0, flags: sign(source) | flag(a, segments::ACTIVE_A) }
    }

    /// A term that is a product.
    #[inline]
    fn term(&self, opcode: Opcode, pair: [Source; 2]) -> Term {
        let (a, b) = self.factors(opcode, pair[0], pair[1]);
        let active = flag(a, segments::ACTIVE_A) | flag(b, segments::ACTIVE_B);
        let fused = if pair[1].is_fused() { segments::FUSED } else { 0 };
        Term { a: a.slot(), b: b.slot(), flags: sign(pair[0]) | fused | active }
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
        let flags = self.active(operands);
        self.header(opcode, 1, Layout::Each, flags);
    }

    /// A call, behind whose operands stand its number, how many numbers it saves, and the slots of
    /// its outputs; or an output,
    /// which tells its call its slot.
    fn of_call(&mut self, opcode: Opcode, detail: i32, step: usize) {
        let operands = self.draft.operands_of(step);
        let slot = self.program.slots as u32;
        let start = self.program.words.len();
        self.program.words.extend([0, operands.len() as u32]);
        let slots = operands.iter().map(|&source| self.places.slot(source));
        self.program.words.extend(slots);
        self.program.words.push(detail as u32);
        if opcode == Opcode::Call {
            let called = &self.program.calls[detail as usize];
            let (outputs, saves) = (called.outputs(), called.saves());
            self.program.words.push(saves as u32);
            self.program.saved += saves;
            self.calls.insert(slot, self.program.words.len());
            self.program.words.extend(std::iter::repeat_n(Call::UNUSED, outputs));
        } else {
            let call = self.calls[&self.places.slot(operands[0])];
            self.program.words[call + detail as usize] = slot;
        }
        self.end(start);
        let flags = self.active(operands);
        self.header(opcode, 1, Layout::Each, flags);
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
        self.program.instructions = Instruction::all(&self.program);
        self.program
    }
}

/// What there is to know of operands before their window is put in order.
struct Seen {
    level: u32,
    is_active: bool,
    bits: u64,
}

/// Whether two factors, told by whether they are active, are written the other way round: an active
/// one comes first, which changes no number, so that a program does not depend on it. The factors
/// of the chain rule are no equals: a NaN among adjoints passes where one among partials does not.
const fn is_turned(opcode: Opcode, a: bool, b: bool) -> bool {
    b && !a && matches!(opcode, Opcode::Products)
}

/// Whether the first factor that is written is active, and the second.
const fn in_order(opcode: Opcode, a: bool, b: bool) -> (bool, bool) {
    if is_turned(opcode, a, b) { (b, a) } else { (a, b) }
}

/// How the product of two factors goes into its sum.
const fn join([a, b]: [Source; 2]) -> Join {
    Join { is_negated: a.is_negated(), is_fused: b.is_fused() }
}

fn sign(term: Source) -> u32 {
    if term.is_negated() { segments::NEGATED } else { 0 }
}

fn flag(factor: Place, active: u32) -> u32 {
    if factor.is_active() { active } else { 0 }
}

fn position_of(key: u64) -> usize {
    (key & 0xFFFF) as usize
}

/// How many operations go into one instruction, where a function tells of one after the other
/// whether its operands are as far from the last one's as those were from the one's before:
/// see [`Assembler::side_by_side`].
fn regular(keys: &[u64], mut is_regular: impl FnMut(u64) -> bool) -> usize {
    let mut start = 0;
    for (i, &key) in keys.iter().enumerate() {
        if !is_regular(key) && i >= start + 2 {
            if start == 0 && i >= ENOUGH {
                return i;
            }
            start = i;
        }
        if start > 0 && i + 1 - start >= ENOUGH {
            return start;
        }
    }
    keys.len()
}

#[cfg(test)]
mod tests {
    use super::{assemble, assemble_within};
    use crate::function::draft::{Draft, Source, Step, check_size};
    use crate::function::opcode::Opcode;
    use crate::operation::{Called, Failure, Operation, Saving};
    use std::sync::Arc;

    /// No test has memory for 2³⁰ operations: the bound is asked with numbers, and a draft with less.
    #[test]
    fn what_is_too_long_is_an_error_with_both_numbers() {
        const MOST: usize = 1_073_741_823;
        assert_eq!(Source::MOST, MOST);
        assert!(check_size(MOST, Source::MOST).is_ok());
        let error = check_size(MOST + 1, Source::MOST).unwrap_err();
        assert!(error.is_limit());
        let text = error.to_string();
        assert!(
            text.contains("has 1073741824 ") && text.contains("can have 1073741823:"),
            "{text}"
        );
    }

    #[test]
    fn inputs_operations_and_constants_are_counted_together_and_operands_by_themselves() {
        let with_steps = |steps: usize, constants: Vec<f64>| {
            let mut draft = Draft::with_inputs(vec![1.0], vec![2.0]);
            draft.constants = constants;
            for _ in 0..steps {
                let step = Step { opcode: Opcode::Add, detail: 0 };
                draft.push(step, &[Source::value(0), Source::value(1)]);
            }
            draft
        };
        // Two inputs, an operation and a constant, more than the two operands.
        let short = with_steps(1, vec![3.0]);
        assert!(assemble_within(&short, 4).is_ok());
        assert!(assemble_within(&short, 3).is_err_and(|error| error.is_limit()));
        // Ten operands, more than seven values.
        let long = with_steps(5, Vec::new());
        assert!(assemble_within(&long, 10).is_ok());
        let error = assemble_within(&long, 9).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("has 10 operations and operands"), "{error}");
    }

    /// An operation of one output that wants so much saved.
    struct Hoard(usize);

    impl Operation for Hoard {
        fn name(&self) -> &str {
            "hoard"
        }
        fn outputs(&self, _: usize) -> Option<usize> {
            Some(1)
        }
        fn value(&self, _: &[f64], _: &mut [f64]) -> Result<(), Failure> {
            Ok(())
        }
        fn vjp(&self, _: &[f64], _: &[f64], _: &[f64], _: &mut [f64]) {}
        fn saving(&self) -> Option<&dyn Saving> {
            Some(self)
        }
    }

    impl Saving for Hoard {
        fn saved(&self, _: usize) -> usize {
            self.0
        }
        fn value_saving(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> Result<(), Failure> {
            Ok(())
        }
        fn vjp_saved(&self, _: &[f64], _: &[f64], _: &[f64], _: &[f64], _: &mut [f64]) {}
    }

    /// The numbers themselves take memory only with a workspace.
    #[test]
    fn more_saved_than_can_be_found_again_is_an_error_with_both_numbers() {
        let with_calls = |saves: &[usize]| {
            let mut draft = Draft::with_inputs(vec![1.0], Vec::new());
            for (detail, &saves) in saves.iter().enumerate() {
                let hoard: Arc<dyn Operation> = Arc::new(Hoard(saves));
                draft.calls.push(Called::new(&hoard, 1).unwrap());
                let call = Step { opcode: Opcode::Call, detail: detail as i32 };
                draft.push(call, &[Source::value(0)]);
            }
            assemble(&draft)
        };
        let most = u32::MAX as usize / 2;
        assert_eq!(with_calls(&[most]).unwrap().saved, most);
        assert_eq!(with_calls(&[most - 5, 5]).unwrap().saved, most);
        for too_many in [&[most + 1][..], &[most - 5, 6], &[usize::MAX, 7]] {
            let error = with_calls(too_many).map(|_| ()).unwrap_err();
            assert!(error.is_limit());
            let given = too_many.iter().fold(0, |sum: usize, &saves| sum.saturating_add(saves));
            let text = error.to_string();
            assert!(text.contains(&format!("save {given} numbers")), "{text}");
            assert!(text.contains("they can save 2147483647:"), "{text}");
        }
    }
}
