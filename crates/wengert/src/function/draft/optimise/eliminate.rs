//! Leaving out what nothing depends on.

use super::uses::Uses;
use crate::function::draft::{Draft, Source};
use crate::scalar::Real;

/// Leaves out the steps that are not used.
pub(super) fn dead<F: Real>(draft: &mut Draft<F>, uses: &mut Uses) {
    let inputs = draft.inputs();
    if !uses.is_any_unused(inputs..draft.values()) {
        return;
    }
    let mut map = Renumbering::of_inputs(draft);
    let (mut steps, mut operands, mut start) = (0, 0, 0);
    for index in 0..draft.steps.len() {
        let end = draft.ends[index] as usize;
        if uses.of_value(inputs + index) > 0 {
            for from in start..end {
                draft.operands[operands] = map.of(draft.operands[from]);
                operands += 1;
            }
            draft.steps[steps] = draft.steps[index];
            draft.ends[steps] = operands as u32;
            map.push(Source::value(inputs + steps));
            steps += 1;
        } else {
            // Nobody asks for it.
            map.push(Source::value(0));
        }
        start = end;
    }
    draft.truncate(steps, operands);
    draft.map_roots(|source| map.of(source));
    uses.drop_unused_from(inputs);
}

/// Where the values of one draft are found in another.
pub(super) struct Renumbering(Vec<Source>);

impl Renumbering {
    pub(super) fn of_inputs<F: Real>(draft: &Draft<F>) -> Self {
        let mut sources = Vec::with_capacity(draft.values());
        sources.extend((0..draft.inputs()).map(Source::value));
        Self(sources)
    }

    #[inline]
    pub(super) fn push(&mut self, source: Source) {
        self.0.push(source);
    }

    /// Where an operand is found; constants stay where they are.
    #[inline]
    pub(super) fn of(&self, source: Source) -> Source {
        match source.as_value() {
            Some(value) => self.0[value].negated_as(source),
            None => source,
        }
    }
}
