//! Which element each node belongs to, and what follows: the elements and their links.

use super::collapse::Place;
use super::{Element, Group, Grouping, Link};
use crate::{NodeIndex, Snapshot};
use std::collections::HashMap;

/// Nodes divided among elements, some left out.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// Of each node the element, or `OUT`.
    element: Vec<u32>,
    /// What the nodes of each element have in common, where it is a group.
    names: Vec<Option<(String, Grouping)>>,
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

    fn with_capacity(nodes: usize) -> Self {
        Self { element: Vec::with_capacity(nodes), names: Vec::new() }
    }

    /// A new element with a node in it.
    fn put(&mut self, at: usize, name: Option<(String, Grouping)>) {
        self.element[at] = self.names.len() as u32;
        self.names.push(name);
    }

    fn of(&self, node: NodeIndex) -> Option<usize> {
        let element = self.element[node.position()];
        (element != OUT).then_some(element as usize)
    }

    /// The links between elements, sorted by their ends.
    pub(super) fn links(&self, snapshot: &Snapshot) -> Vec<Link> {
        let mut links: HashMap<(usize, usize), Link> = HashMap::new();
        for node in snapshot.nodes() {
            let Some(to) = self.of(node.index()) else { continue };
            for edge in node.edges() {
                let Some(from) = self.of(edge.from).filter(|from| *from != to) else { continue };
                let new = Link { from, to, edges: 0, partial: 0.0, contribution: None };
                let link = links.entry((from, to)).or_insert(new);
                link.edges += 1;
                link.partial += edge.partial;
                if let Some(contribution) = edge.contribution {
                    *link.contribution.get_or_insert(0.0) += contribution;
                }
            }
        }
        let mut links: Vec<Link> = links.into_values().collect();
        links.sort_unstable_by_key(|link| (link.from, link.to));
        links
    }

    /// What each element is.
    pub(super) fn into_elements(self, snapshot: &Snapshot) -> Vec<Element> {
        let mut tallies = vec![Tally::default(); self.names.len()];
        for node in snapshot.nodes() {
            if let Some(element) = self.of(node.index()) {
                let hidden = node.edges().filter(|edge| self.of(edge.from).is_none()).count();
                tallies[element].add(node, hidden);
            }
        }
        let elements = self.names.into_iter().zip(tallies);
        elements.map(|(name, tally)| tally.into_element(name)).collect()
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
}

impl Tally {
    fn add(&mut self, node: crate::Node<'_>, hidden: usize) {
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
    fn into_element(self, name: Option<(String, Grouping)>) -> Element {
        let Self { first, nodes, hidden, non_finite, largest_adjoint } = self;
        match (name, nodes) {
            (Some((name, by)), 2..) => {
                Element::Group(Group { name, by, nodes, non_finite, largest_adjoint })
            }
            _ => Element::Node { node: first.expect("an element has a node"), hidden },
        }
    }
}
