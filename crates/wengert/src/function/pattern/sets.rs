//! Sets of variables, each kept once however many values in a row depend on it.
//!
//! A small set is a list of its elements. A large one is a list of the sets that it unites, and
//! is walked when its elements are asked for: so sums of a million terms, whose intermediate sets
//! have a million million elements together, take what their terms take.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// The most elements of a set that lists them.
const SMALL: usize = 24;

/// How many sets are remembered, so that one that is made again is found. PERF: as many as a
/// processor's first cache has room for. In a table of all sets each search is a miss of every
/// cache, which was half of the time for the rows of a million different sets; and what is made
/// again is nearly always what was made lately.
const REMEMBERED: usize = 1 << 12;

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
    /// By hash the set that was made last, or the empty one.
    recent: Vec<SetId>,
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
        let (members, ends, recent) = (Vec::new(), Vec::new(), vec![EMPTY; REMEMBERED]);
        Self { variables, members, ends, recent, scratch: Vec::new() }
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

    /// The elements of a set, ascending, if it lists them.
    pub(super) fn listed(&self, set: SetId) -> Option<&[u32]> {
        match self.members(set) {
            Members::Elements(elements) => Some(elements),
            _ => None,
        }
    }

    /// The union of sets that are not empty, whose list is spent.
    pub(super) fn unite(&mut self, sets: &mut Vec<SetId>) -> SetId {
        if sets.len() > 1 {
            sets.sort_unstable();
            sets.dedup();
        }
        if let [] | [_] = sets[..] {
            return sets.pop().unwrap_or(EMPTY);
        }
        let mut elements = std::mem::take(&mut self.scratch);
        elements.clear();
        let (mut largest, mut most) = (EMPTY, 0);
        let is_small = sets.iter().all(|&set| {
            let before = elements.len();
            match self.members(set) {
                Members::One(element) => elements.push(element),
                Members::Elements(more) => elements.extend_from_slice(more),
                Members::Sets(_) => return false,
            }
            if elements.len() - before > most {
                (largest, most) = (set, elements.len() - before);
            }
            elements.len() <= 2 * SMALL
        });
        elements.sort_unstable();
        elements.dedup();
        let set = match is_small && elements.len() <= SMALL {
            true if elements.len() == most => largest,
            true => self.intern(&elements, true),
            false => self.intern(sets, false),
        };
        self.scratch = elements;
        sets.clear();
        set
    }

    /// The set with these members: one that was made lately, or a new one.
    fn intern(&mut self, members: &[u32], lists_elements: bool) -> SetId {
        let place = hash(members, lists_elements) as usize % REMEMBERED;
        let known = self.recent[place];
        let is_same = match self.members(known) {
            Members::One(_) => false,
            Members::Elements(elements) => lists_elements && elements == members,
            Members::Sets(sets) => !lists_elements && sets == members,
        };
        if is_same {
            return known;
        }
        let set = self.len() as u32;
        self.members.extend_from_slice(members);
        self.ends.push((self.members.len() as u32, lists_elements));
        self.recent[place] = set;
        set
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
