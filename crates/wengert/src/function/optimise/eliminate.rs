//! Leaving out what nothing depends on.

use crate::function::draft::{Draft, Source};
use crate::scalar::Real;

/// The draft without the steps on which no root depends.
pub(in crate::function) fn dead<F: Real>(draft: Draft<F>) -> Draft<F> {
    let live = live(&draft);
    if live[draft.inputs()..].iter().all(|&is_live| is_live) {
        return draft;
    }
    let draft = &draft;
    let mut kept = Draft::like(draft);
    kept.constants.clone_from(&draft.constants);
    let mut map = Renumbering::of_inputs(draft);
    for (index, &step) in draft.steps.iter().enumerate() {
        if live[draft.inputs() + index] {
            let operands = draft.operands_of(index).iter().map(|&source| map.of(source));
            kept.operands.extend(operands);
            let result = kept.finish(step);
            map.push(result);
        } else {
            // Nobody asks for it.
            map.push(Source::value(0));
        }
    }
    kept.take_roots(draft, |source| map.of(source));
    kept
}

/// Whether each value is needed: a loop downwards, as a reverse sweep.
pub(super) fn live<F: Real>(draft: &Draft<F>) -> Vec<bool> {
    let mut live = vec![false; draft.values()];
    draft.roots().filter_map(Source::as_value).for_each(|value| live[value] = true);
    for step in (0..draft.steps.len()).rev() {
        if live[draft.inputs() + step] {
            for value in draft.operands_of(step).iter().filter_map(|source| source.as_value()) {
                live[value] = true;
            }
        }
    }
    live
}

/// Where the values of one draft are found in another.
pub(super) struct Renumbering(Vec<Source>);

impl Renumbering {
    pub(super) fn of_inputs<F: Real>(draft: &Draft<F>) -> Self {
        let mut sources = Vec::with_capacity(draft.values());
        sources.extend((0..draft.inputs()).map(Source::value));
        Self(sources)
    }

    pub(super) fn push(&mut self, source: Source) {
        self.0.push(source);
    }

    /// Where an operand is found; constants stay where they are.
    #[inline]
    pub(super) fn of(&self, source: Source) -> Source {
        match source.as_value() {
            Some(value) => self.0[value].negated_if(source.is_negated()),
            None => source,
        }
    }
}
