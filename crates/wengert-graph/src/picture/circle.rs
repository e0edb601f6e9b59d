//! Groups that would use each other in a circle, taken apart.
//!
//! A recording has no circle, so one between groups is of the picture's own making, and would be
//! read as a recurrence. The nodes of such a circle have *stages*: along an edge the stage stays
//! the same within a group and grows from one group to another. Parts of groups by stage make no
//! circle, since every link leads to a higher stage. A layered network thus shows its layers. Of
//! a long repetition the last stages are shown, and all before them as one.

use super::Grouping;
use super::partition::Partition;
use crate::Snapshot;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A circle is taken apart into at most so many groups; of a longer one the end is shown.
const PARTS: usize = 48;

/// The same nodes in groups of which none uses another in a circle.
///
/// The work is linear in the nodes and their arguments, beside the cube of the number of elements,
/// which has a bound.
pub(super) fn untangle(partition: &Partition, snapshot: &Snapshot) -> Partition {
    let circles = circles(partition, snapshot);
    if circles.iter().all(Option::is_none) {
        return partition.clone();
    }
    let stages = stages(partition, &circles, snapshot);
    let ends: Vec<End> = (0..partition.len()).map(|at| End::new(at, &circles)).collect();
    let ends = find_ends(ends, partition, &circles, &stages);
    take_apart(partition, &circles, &stages, &ends)
}

/// The same nodes with the elements of each circle put into one.
pub(super) fn contract(partition: &Partition, snapshot: &Snapshot) -> Partition {
    let circles = circles(partition, snapshot);
    let circle = |element: u32| circles[element as usize];
    let rest = || Some(("everything else".to_owned(), Grouping::Rest));
    partition.regrouped(
        |_, element| u64::from(circle(element).unwrap_or(element)),
        |_, element| circle(element).map(|_| rest()),
    )
}

/// Of each element the first element of the circle that it is on, if it is on one.
fn circles(partition: &Partition, snapshot: &Snapshot) -> Vec<Option<u32>> {
    let count = partition.len();
    let words = count.div_ceil(64);
    let mut reached = vec![vec![0_u64; words]; count];
    for link in partition.links(snapshot) {
        reached[link.from][link.to / 64] |= 1 << (link.to % 64);
    }
    let has = |row: &[u64], at: usize| row[at / 64] >> (at % 64) & 1 == 1;
    // Warshall's algorithm (1962), a word of the matrix at a time.
    for over in 0..count {
        let beyond = reached[over].clone();
        for row in &mut reached {
            if has(row, over) {
                row.iter_mut().zip(&beyond).for_each(|(word, more)| *word |= more);
            }
        }
    }
    let shares = |a: usize, b: usize| has(&reached[a], b) && has(&reached[b], a);
    let first = |at: usize| (0..count).find(|&other| shares(at, other)).map(|first| first as u32);
    (0..count).map(first).collect()
}

/// Of each node its stage within its circle; 0 elsewhere.
fn stages(partition: &Partition, circles: &[Option<u32>], snapshot: &Snapshot) -> Vec<u32> {
    let mut stages = vec![0; snapshot.len()];
    for node in snapshot.nodes() {
        let Some(own) = partition.of(node.index()) else { continue };
        let Some(circle) = circles[own] else { continue };
        let after = node.edges().filter_map(|edge| {
            let other = partition.of(edge.from).filter(|&other| circles[other] == Some(circle))?;
            Some(stages[edge.from.position()] + u32::from(other != own))
        });
        stages[node.index().position()] = after.max().unwrap_or(0);
    }
    stages
}

/// Of one circle, from which stage on it is shown.
#[derive(Clone, Debug, Default)]
struct End {
    /// How many elements are on the circle.
    elements: usize,
    /// The last stage.
    last: u32,
    /// The first stage that is shown.
    first: u32,
}

impl End {
    /// The circle that begins with an element; one of no elements where none does.
    fn new(at: usize, circles: &[Option<u32>]) -> Self {
        let elements = circles.iter().filter(|circle| **circle == Some(at as u32)).count();
        Self { elements, ..Self::default() }
    }
}

/// All stages are shown where their groups are few; else as many of the last as there are
/// elements on the circle, which of a repetition is one round.
fn find_ends(
    mut ends: Vec<End>,
    partition: &Partition,
    circles: &[Option<u32>],
    stages: &[u32],
) -> Vec<End> {
    let on_circles = || {
        let nodes = partition.nodes().map(|(at, element)| (element, stages[at]));
        nodes.filter_map(|(element, stage)| Some((circles[element as usize]?, element, stage)))
    };
    for (circle, _, stage) in on_circles() {
        let end = &mut ends[circle as usize];
        end.last = end.last.max(stage);
    }
    // Every stage has a group at least, so no more than this many of the last can matter.
    let mut groups: BTreeMap<(u32, u32), BTreeSet<u32>> = BTreeMap::new();
    for (circle, element, stage) in on_circles() {
        let end = &ends[circle as usize];
        if (end.last - stage) as usize <= end.elements.max(PARTS) {
            groups.entry((circle, stage)).or_default().insert(element);
        }
    }
    for (circle, end) in ends.iter_mut().enumerate().filter(|(_, end)| end.elements > 0) {
        let of = |range| groups.range(range).map(|(_, elements)| elements.len());
        let circle = circle as u32;
        let all: usize = of((circle, 0)..=(circle, end.last)).sum();
        if end.last as usize <= PARTS && all <= PARTS {
            continue;
        }
        let mut shown = 0;
        let fits = |groups: &usize| {
            shown += groups;
            shown <= end.elements
        };
        let stages = of((circle, 0)..=(circle, end.last)).rev().take_while(fits).count();
        end.first = end.last + 1 - stages as u32;
    }
    ends
}

/// Each group by stage, and what comes before the first stage that is shown as one.
fn take_apart(
    partition: &Partition,
    circles: &[Option<u32>],
    stages: &[u32],
    ends: &[End],
) -> Partition {
    let before = names_before(partition, circles, stages, ends);
    let is_before = |circle: u32, at: usize| stages[at] < ends[circle as usize].first;
    let key = |at: usize, element: u32| match circles[element as usize] {
        None => u64::from(element),
        Some(circle) if is_before(circle, at) => u64::from(circle) | EARLIER,
        Some(_) => u64::from(element) | u64::from(stages[at] + 1) << 32,
    };
    let name = |at: usize, element: u32| {
        let circle = circles[element as usize].filter(|&circle| is_before(circle, at))?;
        Some(Some((before[&circle].clone(), Grouping::Earlier)))
    };
    partition.regrouped(key, name)
}

/// A key that no element and stage has.
const EARLIER: u64 = u64::MAX << 32;

/// What comes before in each circle: so many repetitions where its groups are of one size, or
/// else simply the earlier nodes.
fn names_before(
    partition: &Partition,
    circles: &[Option<u32>],
    stages: &[u32],
    ends: &[End],
) -> HashMap<u32, String> {
    let mut counts: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
    for (at, element) in partition.nodes() {
        let Some(circle) = circles[element as usize] else { continue };
        if stages[at] < ends[circle as usize].first {
            *counts.entry(circle).or_default().entry(element).or_default() += 1;
        }
    }
    let name = |(circle, counts): (u32, BTreeMap<u32, usize>)| {
        let [least, most] = [counts.values().min(), counts.values().max()];
        let name = match (least, most) {
            // The last result may be shown, as what the round that is shown begins with.
            (Some(least), Some(most)) if most - least <= 1 => format!("{most} repetitions before"),
            _ => "what comes before".to_owned(),
        };
        (circle, name)
    };
    counts.into_iter().map(name).collect()
}
