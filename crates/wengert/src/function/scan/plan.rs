//! What is kept of a loop: the values of some steps, and the states before others.
//!
//! Steps are swept in blocks. Of the block that is swept all values are kept, so that none of them
//! is computed again; of those before it the states at their beginnings, as checkpoints. So long
//! as the checkpoints suffice no step is evaluated more than twice, and the values that the sweep
//! reads are in the cache. One block of all steps evaluates none twice.

use crate::checkpoint::advances;

/// What memory is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// The elements of a state.
    pub(super) state: usize,
    /// The elements that a sweep wants of a step.
    pub(super) record: usize,
    /// The bytes of an element.
    pub(super) element: usize,
}

/// How a loop of some length is swept in some memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The steps of a block.
    pub(super) block: usize,
    pub(super) checkpoints: usize,
}

/// The most bytes that the values of a whole loop take: about what a last cache holds.
const WHOLE: usize = 48 << 20;

/// The most bytes that the values of a block take: the half of a small second cache.
const BLOCK: usize = 128 << 10;

impl Sizes {
    /// The longest block for the cache.
    fn longest_block(self) -> usize {
        (BLOCK / (self.record * self.element).max(1)).max(1)
    }

    /// The elements with which no step is evaluated more than twice, and none more than once if
    /// that is faster. The record of one step is not counted.
    pub(super) fn enough_for(self, steps: usize) -> usize {
        if steps.saturating_mul(self.record * self.element) <= WHOLE {
            return self.checkpoint() + steps.saturating_sub(1) * self.record;
        }
        let block = self.longest_block();
        let states = steps.div_ceil(block).saturating_mul(self.state);
        states.saturating_add((block - 1) * self.record).max(self.checkpoint())
    }

    /// The plan that evaluates the fewest steps in a memory of so many elements, which hold a
    /// checkpoint.
    pub(super) fn plan(self, steps: usize, capacity: usize) -> Plan {
        let room = capacity - self.checkpoint();
        if steps.saturating_sub(1).saturating_mul(self.record) <= room {
            return Plan { block: steps.max(1), checkpoints: 1 };
        }
        let longest = self.longest_block().min(room / self.record + 1).min(steps);
        let lengths = std::iter::successors(Some(1), |&block| {
            (block < longest).then(|| longest.min(2 * block))
        });
        let plans = lengths.map(|block| self.with_blocks_of(block, steps, capacity));
        plans.min_by_key(|plan| plan.advances(steps)).expect("there is a block of one step")
    }

    fn with_blocks_of(self, block: usize, steps: usize, capacity: usize) -> Plan {
        let room = capacity - (block - 1) * self.record;
        let blocks = steps.div_ceil(block);
        if blocks.saturating_mul(self.state) <= room {
            return Plan { block, checkpoints: blocks };
        }
        Plan { block, checkpoints: room / self.checkpoint() }
    }

    /// The elements of a checkpoint: a state and, beside it, its position.
    pub(super) const fn checkpoint(self) -> usize {
        self.state + size_of::<usize>().div_ceil(self.element)
    }
}

impl Plan {
    pub(super) const fn blocks(self, steps: usize) -> usize {
        steps.div_ceil(self.block)
    }

    /// How many positions of checkpoints are written down: none where each block has one.
    pub(super) const fn positions(self, steps: usize) -> usize {
        if self.checkpoints < self.blocks(steps) { self.checkpoints } else { 0 }
    }

    /// The same for fewer steps.
    pub(super) fn shortened(self, steps: usize) -> Self {
        Self { checkpoints: self.checkpoints.min(self.blocks(steps)).max(1), ..self }
    }

    /// The elements of the store beside one record.
    pub(super) const fn elements(self, sizes: Sizes) -> usize {
        (self.block - 1) * sizes.record + self.checkpoints * sizes.state
    }

    /// The steps that are evaluated before they are swept.
    fn advances(self, steps: usize) -> u128 {
        advances(self.blocks(steps), self.checkpoints) * self.block as u128
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, Sizes};

    const SIZES: Sizes = Sizes { state: 1, record: 8, element: 8 };

    #[test]
    fn what_fits_is_kept_whole() {
        assert_eq!(SIZES.plan(100, SIZES.enough_for(100)), Plan { block: 100, checkpoints: 1 });
        assert_eq!(SIZES.plan(0, SIZES.enough_for(0)), Plan { block: 1, checkpoints: 1 });
    }

    #[test]
    fn no_step_is_evaluated_more_than_twice_without_a_bound() {
        for steps in [1_000_000, 100_000_000] {
            let plan = SIZES.plan(steps, SIZES.enough_for(steps));
            assert_eq!(plan.checkpoints, plan.blocks(steps), "{plan:?}");
            assert!(plan.advances(steps) < steps as u128);
        }
    }

    #[test]
    fn one_state_is_enough() {
        assert_eq!(SIZES.plan(1000, SIZES.checkpoint()), Plan { block: 1, checkpoints: 1 });
    }

    #[test]
    fn a_megabyte_serves_a_hundred_million_steps_twice() {
        let plan = SIZES.plan(100_000_000, 1_000_000 / 8);
        assert_eq!(plan.checkpoints, plan.blocks(100_000_000), "{plan:?}");
    }

    #[test]
    fn a_plan_fits_its_memory() {
        for state in [0, 1, 7] {
            let sizes = Sizes { state, record: 10 + state, element: 8 };
            for (steps, extra) in [(1, 0), (9, 0), (100, 30), (10_000, 500), (1 << 40, 100_000)] {
                let capacity = sizes.checkpoint() + extra;
                let plan = sizes.plan(steps, capacity);
                let taken = plan.elements(sizes) + plan.positions(steps);
                assert!(taken <= capacity && plan.checkpoints > 0, "{plan:?}");
            }
        }
    }
}
