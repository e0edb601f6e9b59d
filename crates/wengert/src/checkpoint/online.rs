//! Checkpoints of a loop whose end nobody knows while it runs.
//!
//! Wang, Moin & Iaccarino, "Minimal repetition dynamic checkpointing algorithm for unsteady adjoint
//! calculation", SIAM Journal on Scientific Computing 31 (2009): a checkpoint has a level, and one
//! before another of a higher level can be spared. So checkpoints grow sparser as the loop grows
//! longer, about as the binomial schedule would have laid them, had it known the end.

/// The place of a state in memory.
type Slot = usize;

/// No slot.
const NONE: Slot = Slot::MAX;

/// The checkpoints, each with the one before it.
#[derive(Clone, Debug)]
pub(crate) struct Online {
    checkpoints: Vec<Checkpoint>,
    capacity: usize,
    last: Slot,
    /// The checkpoint before which there are some that can be spared, and how many.
    pivot: Slot,
    spare: usize,
}

#[derive(Clone, Copy, Debug)]
struct Checkpoint {
    position: usize,
    level: u32,
    before: Slot,
}

impl Online {
    /// The bytes that a checkpoint takes here, beside its state.
    pub(crate) const BYTES: usize = size_of::<Checkpoint>();

    /// No checkpoints yet, and room for so many, of which there is at least one.
    pub(crate) fn new(capacity: usize) -> Self {
        debug_assert!(capacity > 0, "the initial state is one");
        Self { checkpoints: Vec::new(), capacity, last: NONE, pivot: NONE, spare: 0 }
    }

    /// Where to keep the state at a position, the next after all that were asked for, if it is to
    /// be kept.
    pub(crate) fn keep(&mut self, position: usize) -> Option<Slot> {
        if self.last == NONE {
            // The initial state is never spared.
            return Some(self.add(Checkpoint { position, level: u32::MAX, before: NONE }));
        }
        let next = Checkpoint { position, level: 0, before: self.last };
        if self.checkpoints.len() < self.capacity {
            return Some(self.add(next));
        }
        if self.spare > 0 {
            return Some(self.take_the_place_of_a_spare(next));
        }
        self.move_the_last(position)
    }

    fn add(&mut self, checkpoint: Checkpoint) -> Slot {
        if self.checkpoints.len() == self.checkpoints.capacity() {
            // What is doubled is never more than the budget has room for.
            let room = self.capacity - self.checkpoints.len();
            self.checkpoints.reserve_exact(room.min(self.checkpoints.len().max(64)));
        }
        self.checkpoints.push(checkpoint);
        self.last = self.checkpoints.len() - 1;
        self.last
    }

    fn take_the_place_of_a_spare(&mut self, next: Checkpoint) -> Slot {
        let slot = self.checkpoints[self.pivot].before;
        self.checkpoints[self.pivot].before = self.checkpoints[slot].before;
        self.checkpoints[slot] = next;
        self.spare -= 1;
        self.last = slot;
        slot
    }

    /// The last checkpoint goes on to a position and to a level above; those before it that are of
    /// its former level or below can then be spared.
    fn move_the_last(&mut self, position: usize) -> Option<Slot> {
        let Checkpoint { level, before, .. } = self.checkpoints[self.last];
        if before == NONE {
            return None;
        }
        self.checkpoints[self.last] = Checkpoint { position, level: level + 1, before };
        let mut earlier = before;
        while self.checkpoints[earlier].level <= level {
            self.spare += 1;
            earlier = self.checkpoints[earlier].before;
        }
        self.pivot = self.last;
        Some(self.last)
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.checkpoints.len()
    }

    /// Takes the last checkpoint away: its slot, which is free then, and its position.
    pub(crate) fn pop(&mut self) -> Option<(Slot, usize)> {
        if self.last == NONE {
            return None;
        }
        let (slot, Checkpoint { position, before, .. }) = (self.last, self.checkpoints[self.last]);
        self.last = before;
        Some((slot, position))
    }
}

#[cfg(test)]
mod tests {
    use super::super::schedule::{Action, Schedule};
    use super::Online;

    /// Runs so many steps, then sweeps them: how often each was advanced.
    fn play(steps: usize, capacity: usize) -> Vec<usize> {
        let mut online = Online::new(capacity);
        let mut states = vec![usize::MAX; capacity];
        for position in 0..steps {
            if let Some(slot) = online.keep(position) {
                states[slot] = position;
            }
        }
        let (mut advanced, mut left) = (vec![1; steps], steps);
        let mut kept = online.len();
        while let Some((slot, position)) = online.pop() {
            assert_eq!(states[slot], position, "the state is the one of its position");
            assert!(position < left, "positions rise");
            for action in Schedule::new(left - position, capacity - kept + 1, Vec::new()) {
                if let Action::Advance { from, to } = action {
                    advanced[position + from..position + to].iter_mut().for_each(|n| *n += 1);
                }
            }
            (left, kept) = (position, kept - 1);
        }
        assert_eq!((left, kept), (0, 0), "all was swept");
        advanced
    }

    /// (c + r)! / (c! r!)
    fn binomial(c: usize, r: usize) -> usize {
        (1..=r).fold(1, |product, k| product * (c + k) / k)
    }

    #[test]
    fn no_step_is_advanced_more_often_than_with_a_known_end() {
        for capacity in 1..12 {
            for steps in 1..300 {
                let most = *play(steps, capacity).iter().max().expect("there is a step");
                // The first pass is one; the sweep of a step is none.
                let least = (0..).find(|&r| binomial(capacity, r) >= steps).expect("r grows");
                assert!(
                    most <= least + 1,
                    "{steps} steps, {capacity} checkpoints: {most}, {least}"
                );
            }
        }
    }

    #[test]
    fn where_all_fit_nothing_is_repeated() {
        assert!(play(50, 50).iter().all(|&advanced| advanced == 1));
        assert!(play(50, 51).iter().all(|&advanced| advanced == 1));
    }

    #[test]
    fn one_checkpoint_is_the_initial_state() {
        assert_eq!(play(4, 1), [4, 3, 2, 1]);
    }

    #[test]
    fn a_loop_without_steps_keeps_nothing() {
        assert_eq!(Online::new(3).pop(), None);
    }
}
