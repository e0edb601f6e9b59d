//! Many inputs as few groups: by what uses them, how often, and what they are called.

use super::Grouping;
use super::partition::Partition;
use crate::text::number::count;
use crate::{Node, NodeIndex, Role, Snapshot};
use hashbrown::HashMap;

/// Most groups that inputs are told apart into.
pub(super) const GROUPS: usize = 24;

/// Labelled inputs stay for themselves where a group would have no more of them.
const FEW: usize = 4;

/// What inputs of one group have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Kind<'s> {
    role: Role,
    /// The elements that use them, a bit each; beyond so many, elements share bits.
    users: u64,
    /// How often they are used.
    uses: u32,
    /// The letters with which their labels begin.
    stem: &'s str,
}

/// Divides the nodes of the element `whole`, all of them inputs or constants.
///
/// The work is linear in the nodes and their arguments; of each node it keeps 16 bytes.
pub(super) fn divide(partition: &Partition, snapshot: &Snapshot, whole: usize) -> Partition {
    let uses = Uses::new(partition, snapshot, whole);
    let coarser = (0..COARSEST).find(|&coarser| uses.groups(coarser, GROUPS).is_some());
    let groups = uses.groups(coarser.unwrap_or(COARSEST), usize::MAX).unwrap_or_default();
    let number = |at: usize| groups.of[at] as usize;
    let is_leaf = |element: u32| element as usize == whole;
    let key = |at: usize, element: u32| match is_leaf(element) {
        true if groups.list[number(at)].is_few() => KEY | at as u64,
        true => KEY | groups.list[number(at)].first as u64,
        false => u64::from(element),
    };
    let name = |at: usize, element: u32| {
        let group = is_leaf(element).then(|| &groups.list[number(at)])?;
        Some((!group.is_few()).then(|| (group.name(partition, snapshot), Grouping::Use)))
    };
    partition.regrouped(key, name)
}

/// A key that no element has.
const KEY: u64 = 1 << 32;

/// How each node is used.
struct Uses<'p> {
    partition: &'p Partition,
    snapshot: &'p Snapshot,
    whole: usize,
    users: Vec<u64>,
    uses: Vec<u32>,
}

/// The coarsest that kinds are told apart: by role alone.
const COARSEST: u8 = 3;

impl<'p> Uses<'p> {
    fn new(partition: &'p Partition, snapshot: &'p Snapshot, whole: usize) -> Self {
        let (mut users, mut uses) = (vec![0; snapshot.len()], vec![0; snapshot.len()]);
        for node in snapshot.nodes() {
            let Some(user) = partition.of(node.index()) else { continue };
            for edge in node.edges() {
                users[edge.from.position()] |= 1 << (user % 64);
                uses[edge.from.position()] += 1;
            }
        }
        Self { partition, snapshot, whole, users, uses }
    }

    fn kind(&self, node: Node<'p>, coarser: u8) -> Kind<'p> {
        let at = node.index().position();
        Kind {
            role: node.role(),
            uses: if coarser < 1 { self.uses[at] } else { 0 },
            users: if coarser < 2 { self.users[at] } else { 0 },
            stem: if coarser < 3 { stem(node.label().unwrap_or_default()) } else { "" },
        }
    }

    /// The groups, unless there are more than so many.
    fn groups(&self, coarser: u8, most: usize) -> Option<Groups<'p>> {
        let mut groups = Groups { of: vec![0; self.snapshot.len()], list: Vec::new() };
        let mut numbers = HashMap::new();
        for node in self.snapshot.nodes() {
            if self.partition.of(node.index()) != Some(self.whole) {
                continue;
            }
            let kind = self.kind(node, coarser);
            let number: usize = *numbers.entry(kind).or_insert(groups.list.len());
            if number == most {
                return None;
            }
            if number == groups.list.len() {
                groups.list.push(Group::new(node, kind));
            }
            groups.list[number].add(node);
            groups.of[node.index().position()] = number as u32;
        }
        Some(groups)
    }
}

/// Of each node its group.
#[derive(Default)]
struct Groups<'s> {
    of: Vec<u32>,
    list: Vec<Group<'s>>,
}

struct Group<'s> {
    kind: Kind<'s>,
    first: usize,
    last: usize,
    nodes: usize,
    is_labelled: bool,
}

impl<'s> Group<'s> {
    fn new(node: Node<'s>, kind: Kind<'s>) -> Self {
        let at = node.index().position();
        Self { kind, first: at, last: at, nodes: 0, is_labelled: true }
    }

    fn add(&mut self, node: Node<'_>) {
        self.last = node.index().position();
        self.nodes += 1;
        self.is_labelled &= node.label().is_some();
    }

    fn is_few(&self) -> bool {
        self.is_labelled && self.nodes <= FEW
    }

    /// `w[0] … w[31]`, or `inputs of dot`, or `32 inputs`.
    fn name(&self, partition: &Partition, snapshot: &Snapshot) -> String {
        if self.is_labelled {
            let [first, last] = [self.first, self.last].map(|at| snapshot.node(NodeIndex::at(at)));
            return format!("{} … {}", first.name(), last.name());
        }
        let (role, users) = (self.kind.role.name(), self.kind.users);
        let is_known = users.count_ones() == 1 && partition.len() <= 64;
        let user = is_known.then(|| partition.name(users.trailing_zeros() as usize, snapshot));
        match user {
            Some(user) => format!("{role}s of {}", user.split('(').next().unwrap_or(&user)),
            None => format!("{} {role}s", count(self.nodes)),
        }
    }
}

/// The letters with which a label begins: `w` of `w1[3]`.
fn stem(label: &str) -> &str {
    let end = label.find(|c: char| !c.is_alphabetic()).unwrap_or(label.len());
    &label[..end]
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn labels_of_one_array_have_one_stem() {
        assert_eq!(
            ["w1[0][3]", "w_2", "x", "重み3", "", "[0]"].map(stem),
            ["w", "w", "x", "重み", "", ""]
        );
    }
}
