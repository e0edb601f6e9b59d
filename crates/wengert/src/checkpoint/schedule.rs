//! When to keep a checkpoint, and from which to go on: the binomial schedule.
//!
//! A loop is swept from its last step to its first, and each step wants the state before it. With
//! room for `c` states, steps are repeated from the nearest state that was kept. Of all ways to do
//! so the binomial one repeats the fewest (Griewank & Walther, "Algorithm 799: revolve", ACM
//! Transactions on Mathematical Software 26, 2000).

/// What is to be done next. Positions count steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Keep the present state as the checkpoint of this number.
    Keep(usize),
    /// Go back to the state of this checkpoint.
    Restore(usize),
    /// Go on from one position to another.
    Advance { from: usize, to: usize },
    /// Evaluate the step at this position, and sweep it.
    Sweep(usize),
}

/// The actions for a number of steps and of checkpoints, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    kept: Kept,
    checkpoints: usize,
    /// Steps that are not swept yet.
    left: usize,
    /// The position of the present state, if there is one.
    at: Option<usize>,
    /// Whether the present state is to be kept.
    keeps: bool,
}

/// The positions of the checkpoints that are kept.
#[derive(Clone, Debug)]
struct Kept {
    count: usize,
    /// Empty where each step has its checkpoint.
    positions: Vec<usize>,
    is_every: bool,
}

impl Kept {
    /// Notes one more position. There are never more than `most`, so that memory which is doubled
    /// holds no more than those.
    fn push(&mut self, position: usize, most: usize) {
        if !self.is_every {
            let len = self.positions.len();
            if len == self.positions.capacity() {
                self.positions.reserve_exact((most - len).min(len.max(64)));
            }
            self.positions.push(position);
        }
        self.count += 1;
    }

    /// The position of the last.
    fn last(&self) -> usize {
        if self.is_every { self.count - 1 } else { self.positions[self.count - 1] }
    }

    fn pop(&mut self) {
        self.count -= 1;
        self.positions.truncate(self.count);
    }
}

impl Schedule {
    /// The schedule for so many steps, begun at the initial state. There is room for at least one
    /// checkpoint. `positions` is memory: a number for each checkpoint that is kept, where these
    /// are fewer than the steps; it grows as they do.
    pub(crate) fn new(steps: usize, checkpoints: usize, mut positions: Vec<usize>) -> Self {
        debug_assert!(checkpoints > 0, "the initial state is one");
        positions.clear();
        let kept = Kept { count: 0, positions, is_every: checkpoints >= steps };
        Self { kept, checkpoints, left: steps, at: Some(0), keeps: true }
    }

    /// The memory, for another schedule.
    pub(crate) fn into_memory(self) -> Vec<usize> {
        self.kept.positions
    }

    /// How far to go on from a checkpoint at `from`, and whether that is to be kept.
    fn advance(&self, from: usize) -> (usize, bool) {
        let (steps, free) = (self.left - from, self.checkpoints - self.kept.count);
        if free == 0 { (steps - 1, false) } else { (split(steps, free + 1), true) }
    }
}

impl Iterator for Schedule {
    type Item = Action;

    fn next(&mut self) -> Option<Action> {
        let last = self.left.checked_sub(1)?;
        let Some(at) = self.at else {
            self.at = Some(self.kept.last());
            return Some(Action::Restore(self.kept.count - 1));
        };
        if self.keeps {
            self.keeps = false;
            self.kept.push(at, self.checkpoints);
            return Some(Action::Keep(self.kept.count - 1));
        }
        if at < last {
            let (steps, keeps) = self.advance(at);
            (self.at, self.keeps) = (Some(at + steps), keeps);
            return Some(Action::Advance { from: at, to: at + steps });
        }
        (self.left, self.at) = (last, None);
        if self.kept.last() == last {
            self.kept.pop();
        }
        Some(Action::Sweep(last))
    }
}

/// (c + r)! / (c! r!), the most steps that `c` checkpoints can serve with no step advanced more
/// than `r` times; as many as can be counted where there are more.
fn binomial(c: u128, r: u128) -> u128 {
    let (few, many) = (c.min(r), c.max(r));
    let next = |product: u128, k| product.checked_mul(many + k).map(|product| product / k);
    (1..=few).try_fold(1, next).unwrap_or(u128::MAX)
}

/// The number r of which β(c, r − 1) < steps ≤ β(c, r).
fn repetitions(steps: u128, c: u128) -> u128 {
    let reaches = |r: u128| binomial(c, r) >= steps;
    let mut above = (0..64).map(|power| 1 << power).find(|&r| reaches(r)).unwrap_or(steps);
    let mut below = above / 2;
    while below < above {
        let middle = below.midpoint(above);
        if reaches(middle) { above = middle } else { below = middle + 1 }
    }
    above
}

/// The least number of steps that are advanced, beside those that are swept, with so many
/// checkpoints, the initial state among them: r·l − β(c + 1, r − 1).
pub(crate) fn advances(steps: usize, checkpoints: usize) -> u128 {
    let (l, c) = (steps as u128, checkpoints as u128);
    match repetitions(l, c) {
        0 => 0,
        r => r * l - binomial(c + 1, r - 1),
    }
}

/// Where the next checkpoint is kept, counted from the last of `c`: as far as the least number of
/// advances allows.
fn split(steps: usize, checkpoints: usize) -> usize {
    let (l, c) = (steps as u128, checkpoints as u128);
    let r = repetitions(l, c);
    let near = binomial(c, r - 1);
    let far = l - binomial(c - 1, r - 1).min(l - 1);
    near.min(far) as usize
}

#[cfg(test)]
mod tests;
