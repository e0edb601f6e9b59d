//! Many nodes as few elements: by scope, by source line, by repeated pattern, and the rest.

use super::partition::Partition;
use super::pattern;
use super::{Grouping, count};
use crate::snapshot::Scope;
use crate::{Node, Role, Snapshot};
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

/// Most groups that scopes are told apart into: more are hard to read.
const SCOPES: usize = 48;

/// Up to this many outputs stay nodes of their own, whatever group they would be in.
const OUTPUTS: usize = 8;

/// Divides the chosen nodes into at most `limit` elements.
pub(super) fn collapse(snapshot: &Snapshot, mask: Option<&[bool]>, limit: usize) -> Partition {
    let mut groups = Groups::new(snapshot, mask);
    groups.by_scope();
    if groups.elements() > limit {
        groups.by_line();
    }
    if groups.elements() > limit {
        groups.by_pattern();
    }
    groups.keep(limit);
    let Groups { of, names, .. } = groups;
    Partition::grouped(&of, &names)
}

/// Where a node stands while nodes are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Not in the picture.
    Out,
    /// An element of its own, for good.
    Pinned,
    /// An element of its own so far.
    Loose,
    /// In the group with this number.
    In(u32),
}

/// Nodes on their way into groups.
struct Groups<'s> {
    snapshot: &'s Snapshot,
    of: Vec<Place>,
    names: Vec<(String, Grouping)>,
    /// The number of nodes that are elements of their own.
    alone: usize,
}

impl<'s> Groups<'s> {
    fn new(snapshot: &'s Snapshot, mask: Option<&[bool]>) -> Self {
        let outputs = snapshot.nodes().filter(|node| node.role() == Role::Output);
        let pins = outputs.take(OUTPUTS + 1).count() <= OUTPUTS;
        let place = |node: Node<'_>| match mask {
            Some(mask) if !mask[node.index().position()] => Place::Out,
            _ if pins && node.role() == Role::Output => Place::Pinned,
            _ => Place::Loose,
        };
        let of = snapshot.nodes().map(place).collect();
        Self { snapshot, of, names: Vec::new(), alone: mask.map_or(snapshot.len(), count) }
    }

    fn elements(&self) -> usize {
        self.names.len() + self.alone
    }

    /// Puts loose nodes with equal keys into one group; those with no key stay loose. The last
    /// node of a group gives its name: the first may stand where a repetition begins.
    fn group<K: Eq + Hash>(
        &mut self,
        by: Grouping,
        key: impl Fn(Node<'s>) -> Option<K>,
        name: impl Fn(Node<'s>) -> String,
    ) {
        let before = self.names.len();
        let (mut numbers, mut last) = (HashMap::new(), Vec::new());
        for node in self.snapshot.nodes() {
            let at = node.index().position();
            let Some(key) = key(node).filter(|_| self.of[at] == Place::Loose) else { continue };
            let number: usize = *numbers.entry(key).or_insert(last.len());
            if number == last.len() {
                last.push(node);
            }
            last[number] = node;
            self.of[at] = Place::In((before + number) as u32);
            self.alone -= 1;
        }
        self.names.extend(last.into_iter().map(|node| (name(node), by)));
    }

    /// As deep into nested scopes as there is room.
    fn by_scope(&mut self) {
        let Some(depth) = deepest(self.snapshot) else { return };
        let scopes = self.snapshot.scopes();
        let mut outer: Vec<Scope> = vec![0];
        for scope in 1..=scopes.len() as Scope {
            let is_outer = scopes.depth(scope) <= depth;
            outer.push(if is_outer { scope } else { outer[scopes.around(scope) as usize] });
        }
        let snapshot = self.snapshot;
        let scope = |node: Node<'s>| outer[snapshot.scope_of(node.index()) as usize];
        let key = |node: Node<'s>| Some(scope(node)).filter(|&scope| scope != 0);
        self.group(Grouping::Scope, key, |node| scopes.path(scope(node)).join("/"));
    }

    fn by_line(&mut self) {
        let line = |node: Node<'s>| node.place().map(|place| (&place.file, place.line));
        self.group(Grouping::Line, line, |node| {
            node.place().map_or_else(String::new, |place| format!("{}:{}", place.file, place.line))
        });
    }

    fn by_pattern(&mut self) {
        let classes = pattern::classes(self.snapshot);
        let class = |node: Node<'s>| Some(classes[node.index().position()]);
        self.group(Grouping::Pattern, class, |node| pattern::name(node));
    }

    /// Leaves the largest groups as they are, and puts the others into one, so that there are no
    /// more than `limit` elements.
    fn keep(&mut self, limit: usize) {
        if self.elements() <= limit {
            return;
        }
        let kept = self.largest(limit.saturating_sub(1 + self.alone));
        let rest = self.names.len() as u32;
        self.names.push(("everything else".to_owned(), Grouping::Rest));
        for place in &mut self.of {
            if let Place::In(number) = place {
                *number = if kept.contains(number) { *number } else { rest };
            }
        }
    }

    /// The numbers of the groups with most nodes.
    fn largest(&self, limit: usize) -> BTreeSet<u32> {
        let mut sizes = vec![0_usize; self.names.len()];
        for place in &self.of {
            if let Place::In(number) = place {
                sizes[*number as usize] += 1;
            }
        }
        let mut numbers: Vec<u32> = (0..self.names.len() as u32).collect();
        numbers.sort_by_key(|&number| std::cmp::Reverse(sizes[number as usize]));
        numbers.into_iter().take(limit).collect()
    }
}

/// How deep scopes can be told apart into no more groups than are easy to read.
fn deepest(snapshot: &Snapshot) -> Option<usize> {
    let scopes = snapshot.scopes();
    let mut is_used = vec![false; scopes.len() + 1];
    snapshot.nodes().for_each(|node| is_used[snapshot.scope_of(node.index()) as usize] = true);
    // Of each depth the scopes, and those among them in which nodes were recorded.
    let mut counts: Vec<[usize; 2]> = Vec::new();
    for scope in 1..=scopes.len() as Scope {
        let depth = scopes.depth(scope);
        counts.resize(counts.len().max(depth + 1), [0; 2]);
        counts[depth][0] += 1;
        counts[depth][1] += usize::from(is_used[scope as usize]);
    }
    let mut outer = 0;
    let fits = |&(_, [all, used]): &(usize, [usize; 2])| {
        let groups = outer + all;
        outer += used;
        groups <= SCOPES
    };
    counts.into_iter().enumerate().skip(1).take_while(fits).last().map(|(depth, _)| depth)
}
