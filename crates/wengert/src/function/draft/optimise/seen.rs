//! Steps by what they compute, to find what was computed before.

use crate::function::draft::{Draft, Source, Step};
use crate::scalar::Real;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// The steps kept so far, each under the newest of its operands or, where that has one already,
/// in a table.
///
/// A step mostly comes soon after its newest operand, and mostly is the first that has it. So
/// the list is walked as the draft is, from one end to the other, where a table of all steps
/// would be a walk through all of the cache at each of them.
pub(super) struct Seen {
    /// For each value, one more than the first step of which it is the newest operand; 0 where
    /// there is none. Zeros are memory that costs nothing until it is written.
    firsts: Vec<u32>,
    others: HashTable<u32>,
    /// The most steps that the table remembers; then it starts anew.
    limit: usize,
}

impl Seen {
    const LIMIT: usize = 1 << 20;

    pub(super) fn with_room_for(values: usize) -> Self {
        Self { firsts: vec![0; values], others: HashTable::new(), limit: Self::LIMIT }
    }

    /// A step of the draft that is the same as this one, or else none, and then this one is
    /// remembered as the one at `next`.
    #[inline(always)]
    pub(super) fn find_or_note<F: Real>(
        &mut self,
        draft: &Draft<F>,
        next: usize,
        step: Step,
        operands: &[Source],
    ) -> Option<usize> {
        let newest = operands.iter().filter_map(|source| source.as_value()).max();
        if let Some(first) = newest.map(|value| &mut self.firsts[value]) {
            let Some(at) = first.checked_sub(1) else {
                *first = next as u32 + 1;
                return None;
            };
            if is_same(draft, at, step, operands) {
                return Some(at as usize);
            }
        }
        self.find_other(draft, next, step, operands)
    }

    /// As [`Seen::find_or_note`], in the table.
    fn find_other<F: Real>(
        &mut self,
        draft: &Draft<F>,
        next: usize,
        step: Step,
        operands: &[Source],
    ) -> Option<usize> {
        if self.others.len() >= self.limit {
            self.others.clear();
        }
        if self.others.is_empty() {
            // Growing would find every step again; half of them come here where many do.
            let room = self.firsts.len().min(self.limit) / 2;
            self.others.reserve(room, |_| unreachable!("there is nothing to move"));
        }
        let same = |&at: &u32| is_same(draft, at, step, operands);
        let hash_of = |&at: &u32| hash(draft.steps[at as usize], draft.operands_of(at as usize));
        match self.others.entry(hash(step, operands), same, hash_of) {
            Entry::Occupied(found) => Some(*found.get() as usize),
            Entry::Vacant(vacant) => {
                vacant.insert(next as u32);
                None
            }
        }
    }
}

#[inline]
fn is_same<F: Real>(draft: &Draft<F>, at: u32, step: Step, operands: &[Source]) -> bool {
    draft.steps[at as usize] == step && draft.operands_of(at as usize) == operands
}

#[inline]
fn hash(step: Step, operands: &[Source]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64((step.opcode as u64) << 32 | u64::from(step.detail as u32));
    // Two operands at a time, as a word takes two.
    let (pairs, last) = operands.as_chunks::<2>();
    pairs.iter().for_each(|&[a, b]| hasher.write_u64(a.bits() << 32 | b.bits()));
    last.iter().for_each(|&a| hasher.write_u64(a.bits()));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::function::draft::{Draft, Source, Step};
    use crate::function::opcode::Opcode;

    /// Which of some operations on one input are found, where the table remembers so many.
    fn found(opcodes: &[Opcode], limit: usize) -> Vec<Option<usize>> {
        let mut draft = Draft::with_inputs(vec![1.0], Vec::new());
        let mut seen = Seen { limit, ..Seen::with_room_for(1 + opcodes.len()) };
        let mut next = |&opcode: &Opcode| {
            let (step, operands) = (Step { opcode, detail: 0 }, [Source::value(0)]);
            let found = seen.find_or_note(&draft, draft.steps.len(), step, &operands);
            draft.push(step, &operands);
            found
        };
        opcodes.iter().map(&mut next).collect()
    }

    /// The first of an operand is kept beside it; of the others the table forgets all at once.
    #[test]
    fn what_is_more_than_the_table_remembers_is_computed_twice() {
        use Opcode::{Abs, Neg, Recip, Sqrt};
        let opcodes = [Abs, Neg, Recip, Neg, Sqrt, Recip, Sqrt, Abs, Recip];
        let all = [None, None, None, Some(1), None, Some(2), Some(4), Some(0), Some(2)];
        assert_eq!(found(&opcodes, 4), all);
        let forgotten = [None, None, None, Some(1), None, None, None, Some(0), Some(5)];
        assert_eq!(found(&opcodes, 3), forgotten);
    }
}
