//! Which element each node belongs to, and what follows: the elements and their links.

use super::{Element, Group, Grouping, Link};
use crate::{Node, NodeIndex, Snapshot};
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Nodes divided among elements, some left out.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// Of each node the element, or `OUT`.
    element: Vec<u32>,
    /// What the nodes of each element have in common, where it is a group.
    names: Vec<Name>,
}

/// The name of a group, and why it is one; nothing for a node that stands for itself.
pub(super) type Name = Option<(String, Grouping)>;

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

/// The element of nodes that are left out.
const OUT: u32 = u32::MAX;

impl Partition {
    /// Each chosen node for itself.
    pub(super) fn singles(snapshot: &Snapshot, mask: Option<&[bool]>) -> Self {
        let mut partition = Self::with_capacity(snapshot.len());
        for at in 0..snapshot.len() {
            partition.element.push(OUT);
            if mask.is_none_or(|mask| mask[at]) {
                partition.put(at, None);
            }
        }
        partition
    }

    /// Nodes in groups, and others for themselves. Elements are numbered by their first nodes.
    pub(super) fn grouped(of: &[Place], names: &[(String, Grouping)]) -> Self {
        let mut partition = Self::with_capacity(of.len());
        let mut elements = vec![OUT; names.len()];
        for (at, place) in of.iter().enumerate() {
            partition.element.push(OUT);
            match *place {
                Place::Out => {}
                Place::Pinned | Place::Loose => partition.put(at, None),
                Place::In(group) => {
                    let element = &mut elements[group as usize];
                    if *element == OUT {
                        partition.put(at, Some(names[group as usize].clone()));
                        *element = partition.element[at];
                    }
                    partition.element[at] = *element;
                }
            }
        }
        partition
    }

    /// The same nodes, divided anew: those with equal keys belong together. The first node with a
    /// key gives its name, or the element that it was in where it gives none.
    pub(super) fn regrouped(
        &self,
        key: impl Fn(usize, u32) -> u64,
        name: impl Fn(usize, u32) -> Option<Name>,
    ) -> Self {
        let mut partition = Self::with_capacity(self.element.len());
        let mut elements = HashMap::new();
        for (at, &old) in self.element.iter().enumerate() {
            partition.element.push(OUT);
            if old == OUT {
                continue;
            }
            let element = *elements.entry(key(at, old)).or_insert_with(|| {
                let name = name(at, old).unwrap_or_else(|| self.names[old as usize].clone());
                partition.put(at, name);
                partition.element[at]
            });
            partition.element[at] = element;
        }
        partition
    }

    /// The same with the nodes of one element divided as another partition says, which leaves out
    /// all others.
    pub(super) fn opened(&self, element: usize, inner: &Self) -> Self {
        let inside = |at: usize, old: u32| (old as usize == element).then(|| inner.element[at]);
        self.regrouped(
            |at, old| inside(at, old).map_or(u64::from(old), |new| u64::from(new) | 1 << 32),
            |at, old| inside(at, old).map(|new| inner.names[new as usize].clone()),
        )
    }

    fn with_capacity(nodes: usize) -> Self {
        Self { element: Vec::with_capacity(nodes), names: Vec::new() }
    }

    /// A new element with a node in it.
    fn put(&mut self, at: usize, name: Name) {
        self.element[at] = self.names.len() as u32;
        self.names.push(name);
    }

    /// The number of elements.
    pub(super) const fn len(&self) -> usize {
        self.names.len()
    }

    /// The element of a node, unless it is left out.
    pub(super) fn of(&self, node: NodeIndex) -> Option<usize> {
        let element = self.element[node.position()];
        (element != OUT).then_some(element as usize)
    }

    /// The nodes that are not left out, each with its element.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (usize, u32)> {
        let nodes = self.element.iter().copied().enumerate();
        nodes.filter(|&(_, element)| element != OUT)
    }

    /// What an element is called.
    pub(super) fn name(&self, element: usize, snapshot: &Snapshot) -> String {
        if let Some((name, _)) = &self.names[element] {
            return name.clone();
        }
        let node = self.nodes().find(|&(_, of)| of as usize == element);
        node.map_or_else(String::new, |(at, _)| snapshot.node(NodeIndex::at(at)).name())
    }

    /// The same with the elements numbered so that each stands behind all that it uses, and with
    /// names of which no two are alike.
    pub(super) fn in_order(mut self, snapshot: &Snapshot) -> Self {
        if self.names.iter().any(Option::is_some) {
            self.free_nodes();
            self.sort(snapshot);
            self.tell_apart(snapshot);
        }
        self
    }

    /// Takes the names from groups of one node, which is then shown as itself.
    fn free_nodes(&mut self) {
        let mut sizes = vec![0_usize; self.len()];
        self.nodes().for_each(|(_, element)| sizes[element as usize] += 1);
        for (name, _) in self.names.iter_mut().zip(sizes).filter(|(_, size)| *size == 1) {
            *name = None;
        }
    }

    /// Numbers elements topologically; of those that could be next, the one that begins first.
    fn sort(&mut self, snapshot: &Snapshot) {
        let links = self.links(snapshot);
        let mut behind = vec![Vec::new(); self.len()];
        let mut open = vec![0_usize; self.len()];
        for link in &links {
            behind[link.from].push(link.to);
            open[link.to] += 1;
        }
        let free = (0..self.len()).filter(|&at| open[at] == 0).map(Reverse);
        let mut ready: BinaryHeap<Reverse<usize>> = free.collect();
        let (mut number, mut next) = (vec![OUT; self.len()], 0);
        while let Some(Reverse(at)) = ready.pop() {
            number[at] = next;
            next += 1;
            for &to in &behind[at] {
                open[to] -= 1;
                if open[to] == 0 {
                    ready.push(Reverse(to));
                }
            }
        }
        debug_assert_eq!(next as usize, self.len(), "groups make no circle");
        for element in self.element.iter_mut().filter(|element| **element != OUT) {
            *element = number[*element as usize];
        }
        let mut names: Vec<(u32, Name)> =
            number.into_iter().zip(std::mem::take(&mut self.names)).collect();
        names.sort_by_key(|(number, _)| *number);
        self.names = names.into_iter().map(|(_, name)| name).collect();
    }

    /// Numbers groups of one name, and those that are called as a node is.
    fn tell_apart(&mut self, snapshot: &Snapshot) {
        let mut taken: HashSet<String> = HashSet::new();
        for (at, element) in self.nodes() {
            if self.names[element as usize].is_none() {
                taken.insert(snapshot.node(NodeIndex::at(at)).name());
            }
        }
        let mut bearers: HashMap<String, usize> = HashMap::new();
        for (name, _) in self.names.iter().flatten() {
            *bearers.entry(name.clone()).or_default() += 1;
        }
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for (name, _) in self.names.iter_mut().flatten() {
            if bearers[name] == 1 && !taken.contains(name) {
                continue;
            }
            let number = numbers.entry(name.clone()).or_default();
            let mut numbered = (*number + 1..).map(|n| (n, format!("{name} · {n}")));
            let is_free = |name: &String| !bearers.contains_key(name) && !taken.contains(name);
            if let Some((next, free)) = numbered.find(|(_, name)| is_free(name)) {
                *number = next;
                *name = free;
            }
        }
    }

    /// The links between elements, sorted by their ends.
    pub(super) fn links(&self, snapshot: &Snapshot) -> Vec<Link> {
        let mut numbers: HashMap<(usize, usize), usize> = HashMap::new();
        let mut links: Vec<Link> = Vec::new();
        // PERF: neighbours often have one link, which takes no hash to be found again.
        let mut latest = None;
        for node in snapshot.nodes() {
            let Some(to) = self.of(node.index()) else { continue };
            for edge in node.edges() {
                let Some(from) = self.of(edge.from).filter(|from| *from != to) else { continue };
                let number = match latest {
                    Some((ends, number)) if ends == (from, to) => number,
                    _ => *numbers.entry((from, to)).or_insert(links.len()),
                };
                latest = Some(((from, to), number));
                if number == links.len() {
                    links.push(Link { from, to, edges: 0, partial: 0.0, contribution: None });
                }
                let link = &mut links[number];
                link.edges += 1;
                link.partial += edge.partial;
                if let Some(contribution) = edge.contribution {
                    *link.contribution.get_or_insert(0.0) += contribution;
                }
            }
        }
        links.sort_unstable_by_key(|link| (link.from, link.to));
        links
    }

    /// What each element is.
    pub(super) fn elements(&self, snapshot: &Snapshot) -> Vec<Element> {
        let mut tallies = vec![Tally::default(); self.names.len()];
        for node in snapshot.nodes() {
            if let Some(element) = self.of(node.index()) {
                let hidden = node.edges().filter(|edge| self.of(edge.from).is_none()).count();
                tallies[element].add(node, hidden);
            }
        }
        let elements = self.names.iter().cloned().zip(tallies);
        elements.map(|(name, tally)| tally.into_element(name, snapshot)).collect()
    }

    /// Of each node whether it is in an element.
    pub(super) fn mask(&self, element: usize) -> Vec<bool> {
        self.element.iter().map(|of| *of as usize == element).collect()
    }
}

/// What is counted over the nodes of one element.
#[derive(Clone, Debug, Default)]
struct Tally {
    first: Option<NodeIndex>,
    nodes: usize,
    hidden: usize,
    non_finite: usize,
    largest_adjoint: Option<f64>,
    is_one_line: bool,
}

impl Tally {
    fn add<'s>(&mut self, node: Node<'s>, hidden: usize) {
        let line = |node: Node<'s>| node.place().map(|place| (&*place.file, place.line));
        match self.first {
            None => self.is_one_line = node.place().is_some(),
            Some(first) => self.is_one_line &= line(node) == line(node.sibling(first)),
        }
        self.first.get_or_insert(node.index());
        self.nodes += 1;
        self.hidden += hidden;
        self.non_finite += usize::from(!node.is_finite());
        if let Some(adjoint) = node.adjoint() {
            // `max` leaves a NaN out, which is counted as not finite.
            let largest = self.largest_adjoint.get_or_insert(0.0);
            *largest = largest.max(adjoint.abs());
        }
    }

    /// A group of one node is that node.
    fn into_element(self, name: Name, snapshot: &Snapshot) -> Element {
        let Self { first, nodes, hidden, non_finite, largest_adjoint, is_one_line } = self;
        let first = first.expect("an element has a node");
        match name {
            Some((name, by)) => {
                let place = snapshot.node(first).place().filter(|_| is_one_line);
                let line = place.map(|place| format!("{}:{}", place.file, place.line));
                Element::Group(Group { name, by, nodes, line, non_finite, largest_adjoint })
            }
            None => Element::Node { node: first, hidden },
        }
    }
}
