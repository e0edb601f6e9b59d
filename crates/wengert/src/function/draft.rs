//! A recording as the optimiser sees it: operations in order, whose operands are inputs,
//! constants or earlier operations.

pub(in crate::function) mod constants;
pub(in crate::function) mod flat;
pub(in crate::function) mod fold;
pub(in crate::function) mod optimise;
pub(in crate::function) mod report;

use super::opcode::Opcode;
use crate::error::{Error, Kind};
use crate::operation::Called;
use crate::ops::Comparison;
use crate::scalar::Real;
use crate::store::Note;
use rustc_hash::FxBuildHasher;
use std::collections::HashSet;
use std::sync::Arc;

/// Where an operand comes from: a value (an input or the result of an operation) or a constant.
/// A term of a sum can be negated, and a product in one be rounded with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Source(u32);

impl Source {
    const CONSTANT: u32 = 1 << 31;
    const NEGATED: u32 = 1 << 30;
    /// Below this are all positions of values and constants.
    pub(super) const LIMIT: usize = Self::NEGATED as usize;
    /// The most values with their constants, or operands, that a function can have.
    pub(super) const MOST: usize = Self::LIMIT - 1;

    #[inline]
    pub(super) fn value(index: usize) -> Self {
        debug_assert!(index < Self::LIMIT);
        Self(index as u32)
    }

    #[inline]
    pub(super) fn constant(index: usize) -> Self {
        debug_assert!(index < Self::LIMIT);
        Self(index as u32 | Self::CONSTANT)
    }

    #[inline]
    pub(super) const fn is_constant(self) -> bool {
        self.0 & Self::CONSTANT != 0
    }

    #[inline]
    pub(super) const fn is_negated(self) -> bool {
        self.0 & Self::NEGATED != 0
    }

    #[inline]
    pub(super) const fn negated_if(self, negate: bool) -> Self {
        if negate { Self(self.0 ^ Self::NEGATED) } else { self }
    }

    /// Negated if another is.
    #[inline]
    pub(super) const fn negated_as(self, other: Self) -> Self {
        Self(self.0 ^ other.0 & Self::NEGATED)
    }

    /// Of the second factor of a term, whether the product is rounded with the sum, once. Terms have
    /// the sign of their first factor, so that this has the place of a sign.
    #[inline]
    pub(super) const fn is_fused(self) -> bool {
        self.is_negated()
    }

    /// Marks a second factor likewise.
    #[inline]
    pub(super) const fn fused_if(self, fuse: bool) -> Self {
        self.plain().negated_if(fuse)
    }

    /// The operand itself, whatever its sign.
    #[inline]
    pub(super) const fn plain(self) -> Self {
        Self(self.0 & !Self::NEGATED)
    }

    /// What tells it from every other, as a number to be hashed.
    #[inline]
    pub(super) const fn bits(self) -> u64 {
        self.0 as u64
    }

    /// The position among the values, or among the constants.
    #[inline]
    pub(super) const fn index(self) -> usize {
        (self.0 & !(Self::CONSTANT | Self::NEGATED)) as usize
    }

    /// The position among the values, if it is one.
    #[inline]
    pub(super) const fn as_value(self) -> Option<usize> {
        if self.is_constant() { None } else { Some(self.index()) }
    }
}

/// Whether a function can have so many values or operands, of which there may be `limit`.
pub(super) fn check_size(given: usize, limit: usize) -> Result<(), Error> {
    if given > limit { Err(Kind::FunctionLimit { given, limit }.into()) } else { Ok(()) }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.is_negated() { "-" } else { "" };
        let kind = if self.is_constant() { 'c' } else { 'v' };
        write!(f, "{sign}{kind}{}", self.index())
    }
}

/// An operation without its operands. `detail` is the exponent of an integer power, the position
/// of a call among the draft's, or that of an output among those of its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) opcode: Opcode,
    pub(super) detail: i32,
}

/// A comparison that the recorded path depends on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DraftGuard<F> {
    pub(super) comparison: Comparison,
    pub(super) operands: [Source; 2],
    pub(super) then: (F, F),
    pub(super) place: Place,
}

/// A line of a program: in this process or, of a loaded recording, wherever it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: Arc<str>,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Place {
    /// The column, which counts from 1, of a place that is known by its line alone.
    pub(super) const WHOLE_LINE: u32 = 0;
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, column } = self;
        write!(f, "{file}:{line}")?;
        if *column == Self::WHOLE_LINE { Ok(()) } else { write!(f, ":{column}") }
    }
}

/// Operations in order. Values are counted through: the variables, the fixed data, then the
/// result of each operation.
#[derive(Clone, Debug)]
pub(super) struct Draft<F> {
    /// The point of the recording: as many numbers as there are variables, and data.
    pub(super) variables: Vec<F>,
    pub(super) data: Vec<F>,
    pub(super) constants: Vec<F>,
    pub(super) steps: Vec<Step>,
    /// Where the operands of each step end; they begin where those of the step before end.
    pub(super) ends: Vec<u32>,
    pub(super) operands: Vec<Source>,
    pub(super) outputs: Vec<Source>,
    pub(super) guards: Vec<DraftGuard<F>>,
    /// The operations of users' own that are called.
    pub(super) calls: Vec<Called>,
    /// What is to be told of the recording; only as it was lowered.
    pub(super) notes: Vec<Note>,
}

impl<F: Real> Draft<F> {
    /// A draft with the same inputs and nothing else.
    pub(super) fn with_inputs(variables: Vec<F>, data: Vec<F>) -> Self {
        Self {
            variables,
            data,
            constants: Vec::new(),
            steps: Vec::new(),
            ends: Vec::new(),
            operands: Vec::new(),
            outputs: Vec::new(),
            guards: Vec::new(),
            calls: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Makes variables of the data. Values are counted through, so that they stay where they are.
    pub(super) fn take_data_as_variables(&mut self) {
        self.variables.append(&mut self.data);
    }

    /// A draft with the same inputs, and room for as many steps.
    pub(super) fn like(other: &Self) -> Self {
        let mut draft = Self::with_inputs(other.variables.clone(), other.data.clone());
        draft.reserve(other.steps.len(), other.operands.len());
        draft.calls.clone_from(&other.calls);
        draft
    }

    /// The number of what is called, which may be new.
    pub(super) fn number_of(&mut self, called: &Called) -> i32 {
        let known = self.calls.iter().position(|known| known == called);
        let number = known.unwrap_or_else(|| {
            self.calls.push(called.clone());
            self.calls.len() - 1
        });
        number as i32
    }

    /// Puts the variables in another order, which tells for each place the present one.
    pub(super) fn reorder_variables(&mut self, order: &[usize]) {
        let mut places = vec![0; order.len()];
        for (place, &from) in order.iter().enumerate() {
            places[from] = place;
        }
        self.variables = order.iter().map(|&from| self.variables[from]).collect();
        let moved = |source: Source| match source.as_value() {
            Some(value) if value < places.len() => Source::value(places[value]).negated_as(source),
            _ => source,
        };
        self.operands.iter_mut().for_each(|operand| *operand = moved(*operand));
        self.map_roots(moved);
    }

    /// Makes room for steps and their operands. What is not used then costs nothing but
    /// addresses.
    pub(super) fn reserve(&mut self, steps: usize, operands: usize) {
        self.steps.reserve_exact(steps);
        self.ends.reserve_exact(steps);
        self.operands.reserve_exact(operands);
    }

    /// The number of inputs, which come before the steps among the values.
    #[inline]
    pub(super) fn inputs(&self) -> usize {
        self.variables.len() + self.data.len()
    }

    /// The number of values.
    pub(super) fn values(&self) -> usize {
        self.inputs() + self.steps.len()
    }

    /// The operands of a step.
    #[inline]
    pub(super) fn operands_of(&self, step: usize) -> &[Source] {
        &self.operands[self.range_of(step)]
    }

    #[inline]
    pub(super) fn range_of(&self, step: usize) -> std::ops::Range<usize> {
        let start = if step == 0 { 0 } else { self.ends[step - 1] as usize };
        start..self.ends[step] as usize
    }

    /// Appends a step and returns where its result is found.
    #[inline]
    pub(super) fn push(&mut self, step: Step, operands: &[Source]) -> Source {
        self.operands.extend_from_slice(operands);
        self.finish(step)
    }

    /// Appends a step whose operands were already put behind those of the last.
    #[inline]
    pub(super) fn finish(&mut self, step: Step) -> Source {
        let result = Source::value(self.values());
        self.steps.push(step);
        self.ends.push(self.operands.len() as u32);
        result
    }

    /// The bytes that the steps take.
    pub(super) fn bytes(&self) -> usize {
        self.steps.len() * (size_of::<Step>() + size_of::<u32>())
            + self.operands.len() * size_of::<Source>()
            + self.constants.len() * size_of::<F>()
    }

    /// Everything that has to be computed: outputs, and operands of guards.
    pub(super) fn roots(&self) -> impl Iterator<Item = Source> + '_ {
        let guarded = self.guards.iter().flat_map(|guard| guard.operands);
        self.outputs.iter().copied().chain(guarded)
    }

    /// Keeps the first steps, and the operands of those.
    pub(super) fn truncate(&mut self, steps: usize, operands: usize) {
        self.steps.truncate(steps);
        self.ends.truncate(steps);
        self.operands.truncate(operands);
    }

    /// Says anew where outputs and the operands of guards are found. A guard said twice is kept
    /// once.
    pub(super) fn map_roots(&mut self, map: impl Fn(Source) -> Source) {
        self.outputs.iter_mut().for_each(|output| *output = map(*output));
        let mut seen = HashSet::with_hasher(FxBuildHasher);
        self.guards.retain_mut(|guard| {
            guard.operands = guard.operands.map(&map);
            seen.insert((guard.comparison, guard.operands))
        });
    }
}
