//! How often values are used.

use crate::function::draft::{Draft, Source};
use crate::scalar::Real;
use std::ops::Range;

/// How often each value is used: counts stop at 255, because only "never" and "once" matter. A
/// root counts as two, because it has to be there.
pub(super) struct Uses(Vec<u8>);

impl Uses {
    /// The uses by all steps.
    pub(super) fn by_all<F: Real>(draft: &Draft<F>) -> Self {
        let mut uses = Self::by_roots(draft);
        uses.count(&draft.operands);
        uses
    }

    /// The uses by the steps on which a root depends.
    pub(super) fn by_live<F: Real>(draft: &Draft<F>) -> Self {
        let uses = Self::by_all(draft);
        // Mostly every step is used, and then by one on which a root depends.
        if !uses.is_any_unused(draft.inputs()..draft.values()) {
            return uses;
        }
        let mut uses = Self::by_roots(draft);
        // A loop downwards, as a reverse sweep.
        for step in (0..draft.steps.len()).rev() {
            if uses.of_value(draft.inputs() + step) > 0 {
                uses.count(draft.operands_of(step));
            }
        }
        uses
    }

    fn by_roots<F: Real>(draft: &Draft<F>) -> Self {
        let mut uses = vec![0_u8; draft.values()];
        draft.roots().filter_map(Source::as_value).for_each(|value| uses[value] = 2);
        Self(uses)
    }

    #[inline]
    fn count(&mut self, operands: &[Source]) {
        let uses = self.0.as_mut_slice();
        for value in operands.iter().filter_map(|source| source.as_value()) {
            uses[value] = uses[value].saturating_add(1);
        }
    }

    #[inline]
    pub(super) fn of_value(&self, value: usize) -> u8 {
        self.0[value]
    }

    pub(super) fn is_any_unused(&self, values: Range<usize>) -> bool {
        self.0[values].contains(&0)
    }

    /// Forgets unused values from the first step's on, as the draft does.
    pub(super) fn drop_unused_from(&mut self, first: usize) {
        let mut value = 0..;
        self.0.retain(|&uses| value.next() < Some(first) || uses > 0);
    }
}
