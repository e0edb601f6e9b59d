//! Sets of variables, each kept once however many values depend on it.
//!
//! A small set is a list of its elements. A large one is a list of the sets that it unites, and
//! is walked when its elements are asked for: so sums of a million terms, whose intermediate sets
//! have a million million elements together, take what their terms take.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// The most elements of a set that lists them.
const SMALL: usize = 24;

/// A set: 0 is the empty one, behind it are those of one variable each.
pub(super) type SetId = u32;

pub(super) const EMPTY: SetId = 0;

#[derive(Debug)]
pub(super) struct Sets {
    variables: usize,
    /// What the further sets list, one behind the other: elements, or sets that they unite.
    members: Vec<u32>,
    /// Where each ends, and whether it lists elements.
    ends: Vec<(u32, bool)>,
    known: HashTable<SetId>,
    scratch: Vec<u32>,
}

/// What a set is made of.
enum Members<'a> {
    One(u32),
    Elements(&'a [u32]),
    Sets(&'a [SetId]),
}

impl Sets {
    pub(super) fn of(variables: usize) -> Self {
        let (members, ends, known) = (Vec::new(), Vec::new(), HashTable::new());
        Self { variables, members, ends, known, scratch: Vec::new() }
    }

    /// The set of one variable.
    pub(super) const fn one(variable: usize) -> SetId {
        variable as u32 + 1
    }

    fn len(&self) -> usize {
        1 + self.variables + self.ends.len()
    }

    fn members(&self, set: SetId) -> Members<'_> {
        match (set as usize).checked_sub(1 + self.variables) {
            None if set == EMPTY => Members::Elements(&[]),
            None => Members::One(set - 1),
            Some(index) => {
                let start = if index == 0 { 0 } else { self.ends[index - 1].0 as usize };
                let (end, lists_elements) = self.ends[index];
                let members = &self.members[start..end as usize];
                if lists_elements { Members::Elements(members) } else { Members::Sets(members) }
            }
        }
    }

    /// The union of sets, whose list is spent.
    pub(super) fn unite(&mut self, sets: &mut Vec<SetId>) -> SetId {
        sets.sort_unstable();
        sets.dedup();
        if sets.first() == Some(&EMPTY) {
            sets.remove(0);
        }
        if let [] | [_] = sets[..] {
            return sets.pop().unwrap_or(EMPTY);
        }
        let mut elements = std::mem::take(&mut self.scratch);
        elements.clear();
        let is_small = sets.iter().all(|&set| {
            match self.members(set) {
                Members::One(element) => elements.push(element),
                Members::Elements(more) => elements.extend_from_slice(more),
                Members::Sets(_) => return false,
            }
            elements.len() <= 2 * SMALL
        });
        elements.sort_unstable();
        elements.dedup();
        let set = match is_small && elements.len() <= SMALL {
            true => self.intern(&elements, true),
            false => self.intern(sets, false),
        };
        self.scratch = elements;
        sets.clear();
        set
    }

    /// The set with these members, which may be new.
    fn intern(&mut self, members: &[u32], lists_elements: bool) -> SetId {
        let first = 1 + self.variables as u32;
        let hash = hash(members, lists_elements);
        let Self { members: all, ends, known, .. } = self;
        let span = |set: SetId| {
            let index = (set - first) as usize;
            let start = if index == 0 { 0 } else { ends[index - 1].0 as usize };
            (start..ends[index].0 as usize, ends[index].1)
        };
        let is_same = |&set: &SetId| {
            let (span, lists) = span(set);
            lists == lists_elements && all[span] == *members
        };
        let rehash = |&set: &SetId| {
            let (span, lists) = span(set);
            self::hash(&all[span], lists)
        };
        match known.entry(hash, is_same, rehash) {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(vacant) => {
                let set = first + ends.len() as u32;
                vacant.insert(set);
                all.extend_from_slice(members);
                ends.push((all.len() as u32, lists_elements));
                set
            }
        }
    }
}

fn hash(members: &[u32], lists_elements: bool) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(u8::from(lists_elements));
    members.iter().for_each(|&member| hasher.write_u32(member));
    hasher.finish()
}

/// Walks through sets, and remembers what it has seen.
pub(super) struct Walk {
    /// The walk by which a set or an element was last met.
    sets: Vec<u32>,
    elements: Vec<u32>,
    now: u32,
    open: Vec<SetId>,
}

impl Walk {
    pub(super) fn of(sets: &Sets) -> Self {
        let (elements, sets) = (vec![0; sets.variables], vec![0; sets.len()]);
        Self { sets, elements, now: 0, open: Vec::new() }
    }

    /// The walk that met a set last, 0 for none.
    pub(super) fn last(&self, set: SetId) -> u32 {
        self.sets[set as usize]
    }

    /// Writes the elements of a set behind those of `list`, each once, in no order.
    pub(super) fn elements(&mut self, sets: &Sets, set: SetId, list: &mut Vec<u32>) {
        self.now += 1;
        self.open.push(set);
        while let Some(set) = self.open.pop() {
            if std::mem::replace(&mut self.sets[set as usize], self.now) == self.now {
                continue;
            }
            match sets.members(set) {
                Members::One(element) => self.element(element, list),
                Members::Elements(elements) => {
                    elements.iter().for_each(|&element| self.element(element, list));
                }
                Members::Sets(united) => self.open.extend_from_slice(united),
            }
        }
    }

    fn element(&mut self, element: u32, list: &mut Vec<u32>) {
        if std::mem::replace(&mut self.elements[element as usize], self.now) != self.now {
            list.push(element);
        }
    }
}
