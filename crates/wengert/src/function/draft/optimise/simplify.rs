//! One walk through the steps that folds constants, applies identities and finds what was
//! computed before.

use super::Optimise;
use super::eliminate::Renumbering;
use super::identities::{Known, Outcome};
use super::seen::Seen;
use crate::function::draft::constants::Constants;
use crate::function::draft::fold::fold;
use crate::function::draft::report::Savings;
use crate::function::draft::{Draft, Source, Step};
use crate::function::element::arrays::array;
use crate::scalar::Real;
use std::ops::Range;

/// Applies the rules of `switches` to a draft, and tells the steps that each of them saved.
///
/// No rule makes more steps or more operands of a step, so the draft is written over itself:
/// the fresh memory of a second one would cost as much as the rules.
pub(super) fn simplify<F: Real>(draft: &mut Draft<F>, switches: Optimise) -> Savings {
    let mut simplifier = Simplifier::new(draft, switches);
    let mut start = 0;
    for index in 0..simplifier.draft.steps.len() {
        let end = simplifier.draft.ends[index] as usize;
        let result = simplifier.step(index, start..end);
        simplifier.map.push(result);
        start = end;
    }
    simplifier.finish()
}

struct Simplifier<'d, F> {
    switches: Optimise,
    /// The new draft as far as `steps` and `operands` tell, and behind them the old one.
    draft: &'d mut Draft<F>,
    steps: usize,
    operands: usize,
    constants: Constants<F>,
    map: Renumbering,
    seen: Seen,
    savings: Savings,
}

impl<'d, F: Real> Simplifier<'d, F> {
    fn new(draft: &'d mut Draft<F>, switches: Optimise) -> Self {
        Self {
            switches,
            steps: 0,
            operands: 0,
            constants: Constants::of(std::mem::take(&mut draft.constants)),
            map: Renumbering::of_inputs(draft),
            seen: Seen::with_room_for(if switches.subexpressions { draft.values() } else { 0 }),
            savings: Savings::default(),
            draft,
        }
    }

    /// Where the result of a step is found, in its simplest form.
    #[inline]
    fn step(&mut self, index: usize, old: Range<usize>) -> Source {
        // PERF: mostly a step has one operand or two, and nothing is simpler.
        let kept = match old.len() {
            1 => self.keep_as_it_is::<1>(index, old.start),
            2 => self.keep_as_it_is::<2>(index, old.start),
            _ => None,
        };
        kept.unwrap_or_else(|| self.any_step(index, old))
    }

    /// The same where the step stays as it is, or was computed before, if it is one of those.
    #[inline(always)]
    fn keep_as_it_is<const N: usize>(&mut self, index: usize, start: usize) -> Option<Source> {
        let step = self.draft.steps[index];
        let old: &[Source; N] = self.draft.operands[start..].first_chunk()?;
        let mut operands: [Source; N] = array(|k| self.map.of(old[k]));
        let mut are_constant = true;
        for operand in operands {
            are_constant &= operand.is_constant();
        }
        if are_constant {
            return None;
        }
        let Outcome::Stays = self.identity(step, &operands) else { return None };
        in_order(step, &mut operands);
        if self.switches.subexpressions {
            let found = self.seen.find_or_note(self.draft, self.steps, step, &operands);
            if let Some(found) = found {
                return Some(self.found(found, N));
            }
        }
        self.draft.operands[self.operands..][..N].copy_from_slice(&operands);
        Some(self.keep(step, N))
    }

    /// A step with any number of operands, in its simplest form.
    #[inline(never)]
    fn any_step(&mut self, index: usize, old: Range<usize>) -> Source {
        let step = self.draft.steps[index];
        let (count, are_constant) = (old.len(), self.take_operands(old));
        if are_constant && self.switches.constants && !step.opcode.is_of_call() {
            return self.fold(step, count);
        }
        match self.simplest(step, count) {
            Ok((step, count)) => self.find_or_keep(step, count),
            Err(source) => source,
        }
    }

    /// Puts the operands of a step, as they are found now, behind those kept, and tells whether
    /// all are constants.
    #[inline]
    fn take_operands(&mut self, old: Range<usize>) -> bool {
        let Self { draft, map, operands: at, .. } = self;
        let count = old.len();
        // Nothing has to move where nothing was saved before.
        if old.start != *at {
            draft.operands.copy_within(old, *at);
        }
        let mut are_constant = true;
        for operand in &mut draft.operands[*at..][..count] {
            *operand = map.of(*operand);
            are_constant &= operand.is_constant();
        }
        are_constant
    }

    #[cold]
    fn fold(&mut self, step: Step, count: usize) -> Source {
        self.savings.constants.count(count);
        let operands = &self.draft.operands[self.operands..][..count];
        let number = fold(step, operands, &self.constants.list);
        self.constants.source(number)
    }

    /// Applies identities to a step whose operands are behind those kept, until none holds: the
    /// step and the number of its operands, or what it is the same as.
    #[inline]
    fn simplest(&mut self, mut step: Step, mut count: usize) -> Result<(Step, usize), Source> {
        loop {
            match self.identity_behind(step, count) {
                Outcome::Stays => return Ok((step, count)),
                Outcome::Is(source) => {
                    self.savings.identities.count(count);
                    return Err(source);
                }
                Outcome::Step(other, sources) => {
                    self.savings.identities.shrink(count, sources.len());
                    (step, count) = (other, sources.len());
                    self.draft.operands[self.operands..][..count].copy_from_slice(&sources);
                }
            }
        }
    }

    /// The identity of a step whose operands are behind those kept.
    fn identity_behind(&mut self, step: Step, count: usize) -> Outcome {
        let operands = &self.draft.operands[self.operands..][..count];
        let known = Known { draft: self.draft, constants: &mut self.constants };
        identity(self.switches, known, step, operands)
    }

    #[inline(always)]
    fn identity(&mut self, step: Step, operands: &[Source]) -> Outcome {
        let known = Known { draft: self.draft, constants: &mut self.constants };
        identity(self.switches, known, step, operands)
    }

    /// Where a step like this one is found: an earlier one, or this one itself, which is kept.
    #[inline]
    fn find_or_keep(&mut self, step: Step, count: usize) -> Source {
        in_order(step, &mut self.draft.operands[self.operands..][..count]);
        if self.switches.subexpressions {
            let operands = &self.draft.operands[self.operands..][..count];
            let found = self.seen.find_or_note(self.draft, self.steps, step, operands);
            if let Some(found) = found {
                return self.found(found, count);
            }
        }
        self.keep(step, count)
    }

    /// The result of an earlier step, in place of one with so many operands.
    #[inline]
    fn found(&mut self, step: usize, count: usize) -> Source {
        self.savings.subexpressions.count(count);
        Source::value(self.draft.inputs() + step)
    }

    #[inline]
    fn keep(&mut self, step: Step, count: usize) -> Source {
        let result = Source::value(self.draft.inputs() + self.steps);
        self.operands += count;
        self.draft.steps[self.steps] = step;
        self.draft.ends[self.steps] = self.operands as u32;
        self.steps += 1;
        result
    }

    fn finish(self) -> Savings {
        let Self { draft, steps, operands, constants, map, savings, .. } = self;
        draft.truncate(steps, operands);
        draft.constants = constants.list;
        draft.map_roots(|source| map.of(source));
        savings
    }
}

#[inline(always)]
fn identity<F: Real>(
    switches: Optimise,
    mut known: Known<'_, F>,
    step: Step,
    operands: &[Source],
) -> Outcome {
    let safe = if switches.identities { known.safe(step, operands) } else { Outcome::Stays };
    match safe {
        Outcome::Stays if switches.finite => known.finite(step, operands),
        outcome => outcome,
    }
}

/// Puts operands that commute in the order in which the same two always are.
#[inline]
fn in_order(step: Step, operands: &mut [Source]) {
    if let [a, b] = operands
        && step.opcode.commutes()
        && *a > *b
    {
        std::mem::swap(a, b);
    }
}
