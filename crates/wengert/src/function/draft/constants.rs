//! The constants of a draft, each kept once.

use crate::function::draft::Source;
use crate::scalar::{Concrete, Real};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Constants by their bits, so that 0 and −0 are two and a NaN is one.
#[derive(Debug, Default)]
pub(in crate::function) struct Constants<F> {
    pub(in crate::function) list: Vec<F>,
    /// Positions in the list, by the number there. Empty until somebody asks for a number: most
    /// passes add none to a list that they are given.
    positions: HashTable<u32>,
}

impl<F: Real> Constants<F> {
    /// Constants that were already listed, each once.
    pub(in crate::function) fn of(list: Vec<F>) -> Self {
        Self { list, positions: HashTable::new() }
    }

    /// The place of a constant, which may be new.
    pub(in crate::function) fn source(&mut self, number: F) -> Source {
        if self.positions.len() < self.list.len() {
            self.index();
        }
        let Self { list, positions } = self;
        let same = |&at: &u32| list[at as usize].bits() == number.bits();
        let entry = positions.entry(hash(number), same, |&at| hash(list[at as usize]));
        let position = match entry {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(vacant) => {
                let next = list.len() as u32;
                vacant.insert(next);
                list.push(number);
                next
            }
        };
        Source::constant(position as usize)
    }

    #[cold]
    fn index(&mut self) {
        let Self { list, positions } = self;
        positions.clear();
        positions.reserve(list.len(), |_| unreachable!("there is nothing to move"));
        for (at, &number) in list.iter().enumerate() {
            positions.insert_unique(hash(number), at as u32, |&at| hash(list[at as usize]));
        }
    }
}

fn hash<F: Real>(number: F) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(number.bits());
    hasher.finish()
}
