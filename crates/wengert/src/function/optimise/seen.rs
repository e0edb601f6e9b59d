//! Steps by what they compute, to find what was computed before.

use crate::function::draft::{Draft, Source, Step};
use crate::scalar::Real;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// The steps kept so far.
///
/// Drafts of millions of steps are looked through only for recent duplicates, because a table of
/// them all would be a walk through memory at each step.
pub(super) struct Seen {
    table: HashTable<u32>,
}

impl Seen {
    /// The most steps that are remembered; then remembering starts anew.
    const LIMIT: usize = 1 << 20;

    pub(super) fn with_room_for(steps: usize) -> Self {
        Self { table: HashTable::with_capacity(steps.min(Self::LIMIT)) }
    }

    /// A step of the draft that is the same as this one, or else none, and then this one is
    /// remembered as the one at `next`.
    #[inline]
    pub(super) fn find_or_note<F: Real>(
        &mut self,
        draft: &Draft<F>,
        next: usize,
        step: Step,
        operands: &[Source],
    ) -> Option<usize> {
        if self.table.len() >= Self::LIMIT {
            self.table.clear();
        }
        let same = |&at: &u32| {
            draft.steps[at as usize] == step && draft.operands_of(at as usize) == operands
        };
        let hash_of = |&at: &u32| hash(draft.steps[at as usize], draft.operands_of(at as usize));
        match self.table.entry(hash(step, operands), same, hash_of) {
            Entry::Occupied(found) => Some(*found.get() as usize),
            Entry::Vacant(vacant) => {
                vacant.insert(next as u32);
                None
            }
        }
    }
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
