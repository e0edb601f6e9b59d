//! Many nodes as few elements: by scope, by repeated pattern, by line, or by stretches.

use super::partition::{Partition, Place};
use super::{Grouping, circle, count, leaves, pattern};
use crate::snapshot::Scope;
use crate::{Node, NodeIndex, Role, Snapshot};
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::hash::Hash;

/// Most groups that scopes are told apart into: more are hard to read.
const SCOPES: usize = 48;

/// Up to this many outputs stay nodes of their own, whatever group they would be in.
const OUTPUTS: usize = 8;

/// Most lines, or else operations, that tell nodes apart which are like no others.
const KINDS: usize = 48;

/// So many stretches of the recording stand for what nothing else divides.
const STRETCHES: usize = 24;

/// Divides the chosen nodes into at most `limit` elements, and into more than one if there are so
/// many nodes. No element uses another in a circle.
pub(super) fn collapse(snapshot: &Snapshot, mask: Option<&[bool]>, limit: usize) -> Partition {
    let scopes = Groups::new(snapshot, mask).by_scope();
    if (2..=limit).contains(&scopes.elements()) {
        let apart = circle::untangle(&scopes.partition(), snapshot);
        if apart.len() <= limit {
            return apart;
        }
    }
    let patterns = by_pattern(&scopes, limit);
    if (2..=limit).contains(&patterns.len()) {
        return patterns;
    }
    by_stretch(Groups::new(snapshot, mask).by_scope(), limit)
}

/// The outermost calls among the chosen nodes as an element each, and all else node by node.
pub(super) fn calls(snapshot: &Snapshot, mask: Option<&[bool]>) -> Partition {
    let mut groups = Groups::new(snapshot, mask);
    let scopes = snapshot.scopes();
    let scope_of = |node: Node<'_>| snapshot.scope_of(node.index());
    let chosen = snapshot.nodes().filter(|node| groups.is_loose(*node)).map(scope_of);
    let common = chosen.reduce(|a, b| scopes.common(a, b)).unwrap_or(0);
    let depth = scopes.depth(common) + 1;
    let call = |node: Node<'_>| scopes.outer(scope_of(node), depth);
    let is_within = |scope: &Scope| scopes.depth(*scope) == depth;
    let key = |node: Node<'_>| Some(call(node)).filter(is_within);
    groups.group(Grouping::Scope, key, |node| scopes.path(call(node)).join("/"));
    circle::untangle(&groups.partition(), snapshot)
}

/// What stands in no scope by pattern, and inputs by use.
fn by_pattern(scopes: &Groups<'_>, limit: usize) -> Partition {
    let snapshot = scopes.snapshot;
    let mut groups = scopes.clone().pin_labels();
    let leaves = groups.gather_leaves();
    let room = limit.saturating_sub(leaves::GROUPS);
    groups.by_pattern();
    groups.divide_rare(room);
    let apart = match groups.elements() <= room {
        true => circle::untangle(&groups.partition(), snapshot),
        false => return groups.partition(),
    };
    match leaves.and_then(|leaf| apart.of(leaf)) {
        Some(leaves) => leaves::divide(&apart, snapshot, leaves),
        None => apart,
    }
}

/// What stands in no scope in stretches of the recording, which follow each other.
fn by_stretch(mut groups: Groups<'_>, limit: usize) -> Partition {
    let snapshot = groups.snapshot;
    if groups.elements() == 1 {
        groups.scatter();
    }
    groups.by_stretch();
    groups.keep(limit);
    circle::contract(&groups.partition(), snapshot)
}

/// Nodes on their way into groups.
#[derive(Clone)]
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

    fn partition(&self) -> Partition {
        Partition::grouped(&self.of, &self.names)
    }

    fn is_loose(&self, node: Node<'_>) -> bool {
        self.of[node.index().position()] == Place::Loose
    }

    /// Puts loose nodes with equal keys into one group; those with no key stay loose. The last
    /// node of a group gives its name, since the first may stand where a repetition begins.
    fn group<K: Copy + Eq + Hash>(
        &mut self,
        by: Grouping,
        key: impl Fn(Node<'s>) -> Option<K>,
        name: impl Fn(Node<'s>) -> String,
    ) {
        let before = self.names.len();
        let (mut numbers, mut last) = (HashMap::new(), Vec::new());
        // PERF: neighbours are often of one group, which takes no hash to be found again.
        let mut latest: Option<(K, usize)> = None;
        for node in self.snapshot.nodes() {
            let at = node.index().position();
            let Some(key) = key(node).filter(|_| self.of[at] == Place::Loose) else { continue };
            let number = match latest {
                Some((latest, number)) if latest == key => number,
                _ => *numbers.entry(key).or_insert(last.len()),
            };
            latest = Some((key, number));
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
    fn by_scope(mut self) -> Self {
        let Some(depth) = self.deepest() else { return self };
        let snapshot = self.snapshot;
        let scopes = snapshot.scopes();
        let mut outer: Vec<Scope> = vec![0];
        for scope in 1..=scopes.len() as Scope {
            let is_outer = scopes.depth(scope) <= depth;
            outer.push(if is_outer { scope } else { outer[scopes.around(scope) as usize] });
        }
        let scope = |node: Node<'s>| outer[snapshot.scope_of(node.index()) as usize];
        let key = |node: Node<'s>| Some(scope(node)).filter(|&scope| scope != 0);
        self.group(Grouping::Scope, key, |node| scopes.path(scope(node)).join("/"));
        match self.elements() {
            1 => self.scattered(),
            _ => self,
        }
    }

    /// How deep scopes can be told apart into no more groups than are easy to read.
    fn deepest(&self) -> Option<usize> {
        let scopes = self.snapshot.scopes();
        // Those in which chosen nodes were recorded, and those around them.
        let mut is_used = vec![false; scopes.len() + 1];
        let mut is_around = is_used.clone();
        for node in self.snapshot.nodes().filter(|node| self.is_loose(*node)) {
            is_used[self.snapshot.scope_of(node.index()) as usize] = true;
        }
        for scope in (1..=scopes.len() as Scope).rev() {
            is_around[scope as usize] |= is_used[scope as usize];
            let around = scopes.around(scope) as usize;
            is_around[around] |= is_around[scope as usize];
        }
        // Of each depth the scopes, and those among them in which nodes were recorded.
        let mut counts: Vec<[usize; 2]> = Vec::new();
        for scope in 1..=scopes.len() as Scope {
            let depth = scopes.depth(scope);
            counts.resize(counts.len().max(depth + 1), [0; 2]);
            counts[depth][0] += usize::from(is_around[scope as usize]);
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

    /// The same with all nodes for themselves: one group of everything divides nothing.
    fn scattered(mut self) -> Self {
        self.scatter();
        self
    }

    fn scatter(&mut self) {
        for place in self.of.iter_mut().filter(|place| matches!(place, Place::In(_))) {
            *place = Place::Loose;
            self.alone += 1;
        }
        self.names.clear();
    }

    /// Labelled nodes that are in no group stay for themselves, unless they are many.
    fn pin_labels(mut self) -> Self {
        if self.snapshot.labels() <= pattern::LABELS {
            for node in self.snapshot.nodes().filter(|node| node.label().is_some()) {
                let place = &mut self.of[node.index().position()];
                *place = if *place == Place::Loose { Place::Pinned } else { *place };
            }
        }
        self
    }

    /// Puts loose inputs and constants into one group for now; returns its first node.
    fn gather_leaves(&mut self) -> Option<NodeIndex> {
        let is_leaf = |node: &Node<'_>| node.operation().is_leaf();
        let first = self.snapshot.nodes().find(|node| is_leaf(node) && self.is_loose(*node))?;
        let key = |node: Node<'_>| is_leaf(&node).then_some(());
        self.group(Grouping::Use, key, |_| "inputs".to_owned());
        Some(first.index())
    }

    fn by_pattern(&mut self) {
        let classes = pattern::classes(self.snapshot);
        let class = |node: Node<'s>| Some(classes[node.index().position()]);
        self.group(Grouping::Pattern, class, |node| pattern::name(node));
    }

    /// Where patterns are more than there is room for, the nodes of the smallest are divided by
    /// line, or else by operation.
    fn divide_rare(&mut self, room: usize) {
        if self.elements() <= room {
            return;
        }
        let kept = self.largest(room.saturating_sub(KINDS + self.alone));
        self.loosen(|number| !kept.contains(&number));
        let line = |node: Node<'s>| node.place().map(|place| (&*place.file, place.line));
        let rare = self.snapshot.nodes().filter(|node| self.is_loose(*node));
        let lines: HashSet<_> = rare.map(line).collect();
        if (2..=KINDS).contains(&lines.len()) && !lines.contains(&None) {
            self.group(Grouping::Line, line, |node| {
                node.place().map_or_else(String::new, |at| format!("{}:{}", at.file, at.line))
            });
        } else {
            let operation = |node: Node<'s>| Some(node.operation());
            self.group(Grouping::Pattern, operation, |node| node.operation().name().to_owned());
        }
    }

    /// Makes the nodes of some groups loose.
    fn loosen(&mut self, is_wanted: impl Fn(u32) -> bool) {
        let mut numbers = vec![u32::MAX; self.names.len()];
        let mut names = Vec::new();
        for (number, name) in std::mem::take(&mut self.names).into_iter().enumerate() {
            if !is_wanted(number as u32) {
                numbers[number] = names.len() as u32;
                names.push(name);
            }
        }
        self.names = names;
        for place in &mut self.of {
            let Place::In(number) = *place else { continue };
            if numbers[number as usize] == u32::MAX {
                *place = Place::Loose;
                self.alone += 1;
            } else {
                *place = Place::In(numbers[number as usize]);
            }
        }
    }

    /// Divides loose nodes into stretches of about one length, each of nodes that were recorded
    /// with no node for itself between them.
    fn by_stretch(&mut self) {
        let loose = self.of.iter().filter(|place| **place == Place::Loose).count();
        let longest = loose.div_ceil(STRETCHES).max(2);
        let mut stretches: Vec<[usize; 3]> = Vec::new();
        let mut is_open = false;
        let before = self.names.len();
        for at in 0..self.of.len() {
            match self.of[at] {
                Place::Pinned => is_open = false,
                Place::Loose => {
                    match stretches.last_mut() {
                        Some([_, last, nodes]) if is_open && *nodes < longest => {
                            (*last, *nodes) = (at, *nodes + 1);
                        }
                        _ => stretches.push([at, at, 1]),
                    }
                    is_open = true;
                    self.of[at] = Place::In((before + stretches.len() - 1) as u32);
                    self.alone -= 1;
                }
                Place::Out | Place::In(_) => {}
            }
        }
        let name = |[first, last, _]: [usize; 3]| {
            let [first, last] = [first, last].map(|at| NodeIndex::at(at));
            (format!("{first} … {last}"), Grouping::Stretch)
        };
        self.names.extend(stretches.into_iter().map(name));
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
