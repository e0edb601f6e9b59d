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
    /// Positions that were found last, by four bits of a number's hash: mostly the same few numbers
    /// are asked for again and again.
    recent: [u32; 16],
}

impl<F: Real> Constants<F> {
    /// Constants that were already listed, each once.
    pub(in crate::function) fn of(list: Vec<F>) -> Self {
        Self { list, positions: HashTable::new(), recent: [0; 16] }
    }

    /// The place of a constant, which may be new.
    #[inline]
    pub(in crate::function) fn source(&mut self, number: F) -> Source {
        let hash = hash(number);
        let recent = self.recent[(hash >> 22 & 15) as usize];
        match self.list.get(recent as usize) {
            Some(found) if found.bits() == number.bits() => Source::constant(recent as usize),
            _ => self.look_up(number, hash),
        }
    }

    fn look_up(&mut self, number: F, hash_of_it: u64) -> Source {
        if self.positions.len() < self.list.len() {
            self.index();
        }
        let Self { list, positions, recent } = self;
        let same = |&at: &u32| list[at as usize].bits() == number.bits();
        let entry = positions.entry(hash_of_it, same, |&at| hash(list[at as usize]));
        let position = match entry {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(vacant) => {
                let next = list.len() as u32;
                vacant.insert(next);
                list.push(number);
                next
            }
        };
        recent[(hash_of_it >> 22 & 15) as usize] = position;
        Source::constant(position as usize)
    }

    #[cold]
    fn index(&mut self) {
        let Self { list, positions, .. } = self;
        positions.clear();
        positions.reserve(list.len(), |_| unreachable!("there is nothing to move"));
        for (at, &number) in list.iter().enumerate() {
            positions.insert_unique(hash(number), at as u32, |&at| hash(list[at as usize]));
        }
    }
}

#[inline]
fn hash<F: Real>(number: F) -> u64 {
    let mut hasher = FxHasher::default();
    // Short numbers have their bits at one end, and would all have the same other end of the hash.
    let bits = number.bits();
    hasher.write_u64(bits ^ bits >> 32);
    hasher.finish()
}
