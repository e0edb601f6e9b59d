//! How often values are used.

use crate::function::draft::{Draft, Source};
use crate::scalar::Real;

/// How often each value is used: counts stop at 255, because only "never" and "once" matter. A
/// root counts as two, because it has to be there.
pub(super) struct Uses(Vec<u8>);

impl Uses {
    /// The uses by all steps, or by those alone on which a root depends: a loop downwards, as a
    /// reverse sweep.
    pub(super) fn of<F: Real>(draft: &Draft<F>, by_all: bool) -> Self {
        let mut uses = vec![0_u8; draft.values()];
        for value in draft.roots().filter_map(Source::as_value) {
            uses[value] = uses[value].saturating_add(2);
        }
        let (inputs, mut end) = (draft.inputs(), draft.operands.len());
        for step in (0..draft.steps.len()).rev() {
            let start = draft.range_of(step).start;
            if by_all || uses[inputs + step] > 0 {
                for value in draft.operands[start..end].iter().filter_map(|s| s.as_value()) {
                    uses[value] = uses[value].saturating_add(1);
                }
            }
            end = start;
        }
        Self(uses)
    }

    #[inline]
    pub(super) fn of_value(&self, value: usize) -> u8 {
        self.0[value]
    }

    pub(super) fn is_any_unused(&self, values: std::ops::Range<usize>) -> bool {
        self.0[values].contains(&0)
    }

    /// Forgets the values of unused steps, as the draft does.
    pub(super) fn drop_unused_from(&mut self, first: usize) {
        let mut value = 0..;
        self.0.retain(|&uses| value.next() < Some(first) || uses > 0);
    }
}
