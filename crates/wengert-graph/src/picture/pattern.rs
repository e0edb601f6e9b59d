//! Repeated patterns: nodes that compute the same from the same.
//!
//! Two nodes are alike to depth 0 if they have the same operation and role; to depth k + 1 if
//! moreover their arguments, one by one, are alike to depth k. A recording that repeats itself
//! (the samples of a batch, the steps of a solver) has a few *common* kinds, each with a share of
//! the nodes that does not shrink with the depth, and beside them *rare* ones, from where the
//! repetition begins. Deepening ends when the common kinds no longer part, or no longer
//! cover nearly all nodes. Then, from the last
//! node to the first, a rare node joins the common kind that is used as it is: by the same kind
//! of node, in the same place.

use crate::{Argument, Node, Snapshot};
use hashbrown::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Up to this many labels, each labelled node outside of scopes stays for itself: a name for so
/// few is the name of something special.
pub(super) const LABELS: usize = 16;

/// Most common kinds that a picture tells apart.
const KINDS: usize = 48;

/// Deepest look, which bounds the time.
const DEPTH: usize = 6;

/// A kind is common if it has at least one of so many nodes.
const SHARE: usize = 250;

/// Of each node a number that stands for its kind.
pub(super) fn classes(snapshot: &Snapshot) -> Vec<u64> {
    let flat = flat(snapshot);
    let mut classes = flat.clone();
    let mut common = common(&flat);
    for _ in 0..DEPTH {
        let deeper = deepen(snapshot, &flat, &classes);
        let parted = self::common(&deeper);
        let covers = deeper.iter().filter(|class| parted.contains(*class)).count();
        if parted.len() <= common.len() || parted.len() > KINDS || covers < most(deeper.len()) {
            break;
        }
        (classes, common) = (deeper, parted);
    }
    adopt(snapshot, &flat, &mut classes, &common);
    classes
}

/// How many nodes common kinds must cover: nine in ten. Otherwise it is no repetition that they
/// tell apart.
const fn most(nodes: usize) -> usize {
    nodes - nodes / 10
}

/// The kinds with a share of the nodes.
fn common(classes: &[u64]) -> HashSet<u64> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    // PERF: neighbours of one kind are counted together.
    for run in classes.chunk_by(PartialEq::eq) {
        *counts.entry(run[0]).or_default() += run.len();
    }
    let enough = (classes.len() / SHARE).max(2);
    counts.into_iter().filter(|(_, count)| *count >= enough).map(|(class, _)| class).collect()
}

/// How an operand is used: the kind of its user, its place among the arguments there, and its
/// own kind to depth 0.
type Use = (u64, usize, u64);

/// Gives rare nodes the common kind that is used as they are; those of which none is keep theirs.
fn adopt(snapshot: &Snapshot, flat: &[u64], classes: &mut [u64], common: &HashSet<u64>) {
    if classes.iter().all(|class| common.contains(class)) {
        return;
    }
    let mut kin: HashMap<Use, u64> = HashMap::new();
    for node in snapshot.nodes() {
        let user = classes[node.index().position()];
        for (place, edge) in node.edges().enumerate() {
            let at = edge.from.position();
            if common.contains(&user) && common.contains(&classes[at]) {
                kin.entry((user, place, flat[at])).or_insert(classes[at]);
            }
        }
    }
    for node in snapshot.nodes().rev() {
        let user = classes[node.index().position()];
        for (place, edge) in node.edges().enumerate() {
            let at = edge.from.position();
            if let Some(class) = kin.get(&(user, place, flat[at]))
                && !common.contains(&classes[at])
            {
                classes[at] = *class;
            }
        }
    }
}

/// The kinds to depth 0.
fn flat<'s>(snapshot: &'s Snapshot) -> Vec<u64> {
    let special = snapshot.labels() <= LABELS;
    // PERF: neighbours are often of one kind, and a comparison is cheaper than a hash.
    let mut latest = None;
    let class = |node: Node<'s>| {
        let kind = (node.operation(), node.role(), node.label().filter(|_| special));
        match latest {
            Some((latest, class)) if latest == kind => class,
            _ => {
                let mut hasher = DefaultHasher::new();
                kind.hash(&mut hasher);
                let class = hasher.finish();
                latest = Some((kind, class));
                class
            }
        }
    };
    snapshot.nodes().map(class).collect()
}

/// The kinds to a depth of one more.
fn deepen(snapshot: &Snapshot, flat: &[u64], classes: &[u64]) -> Vec<u64> {
    let class = |node: Node<'_>| {
        let own = flat[node.index().position()];
        node.arguments().iter().fold(own, |class, argument| match argument {
            Argument::Node { node, .. } => mix(class, classes[node.position()]),
            Argument::Constant(_) => mix(class, 1),
        })
    };
    snapshot.nodes().map(class).collect()
}

/// One step of a hash of numbers that are hashes already: odd multiplier from the golden ratio,
/// 2⁶⁴/φ, and a rotation to bring the good bits down.
const fn mix(hash: u64, next: u64) -> u64 {
    (hash.rotate_left(23) ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What one node of a kind computes: `mul(input, tanh)`, `dot(16 × input, 16 × tanh)`.
pub(super) fn name(node: Node<'_>) -> String {
    let argument = |argument: &Argument| match argument {
        Argument::Node { node: at, .. } => node.sibling(*at).operation().name(),
        Argument::Constant(_) => "c",
    };
    let mut runs: Vec<(&str, usize)> = Vec::new();
    for name in node.arguments().iter().map(argument) {
        match runs.last_mut() {
            Some((last, times)) if *last == name => *times += 1,
            _ => runs.push((name, 1)),
        }
    }
    let more = if runs.len() > RUNS { ", …" } else { "" };
    let runs = runs.into_iter().take(RUNS).map(|(name, times)| match times {
        1 => name.to_owned(),
        2 => format!("{name}, {name}"),
        _ => format!("{times} × {name}"),
    });
    let arguments = runs.collect::<Vec<_>>().join(", ");
    match node.operation().name() {
        leaf if arguments.is_empty() => leaf.to_owned(),
        name => format!("{name}({arguments}{more})"),
    }
}

/// So many arguments, or runs of equal ones, are named.
const RUNS: usize = 4;

#[cfg(test)]
mod tests {
    use super::{classes, name};
    use crate::Snapshot;
    use hashbrown::HashSet;

    #[test]
    fn a_repetition_is_one_kind_a_step() {
        let tape = wengert::Tape::new();
        let weights = tape.var_array([0.5, 0.25]);
        for sample in 0..100 {
            let _ = (weights[0] * f64::from(sample) + weights[1]).tanh();
        }
        let snapshot = Snapshot::of(&tape.view());
        let kinds: HashSet<u64> = classes(&snapshot).into_iter().collect();
        assert_eq!(kinds.len(), 4);
        let names: Vec<String> = snapshot.nodes().skip(2).take(3).map(name).collect();
        assert_eq!(names, ["mul(input, c)", "add(mul, input)", "tanh(add)"]);
    }

    #[test]
    fn the_first_steps_are_of_the_same_kinds_as_later_ones() {
        let tape = wengert::Tape::new();
        let rate = tape.var(0.5);
        (0..200).fold(tape.var(1.0), |x, _| x + (x * rate).sin() * 0.1);
        let snapshot = Snapshot::of(&tape.view());
        let kinds: HashSet<u64> = classes(&snapshot).into_iter().collect();
        // The inputs, x·rate, its sine, that times 0.1, the sum, and the last sum: the output.
        assert_eq!(kinds.len(), 6);
    }

    #[test]
    fn what_does_not_repeat_is_told_apart_by_operation_alone() {
        let tape = wengert::Tape::new();
        let (mut vars, mut seed) = (vec![tape.var(0.5)], 1_u64);
        let mut below = |limit: usize| {
            // A linear congruential generator with Knuth's multiplier.
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % limit
        };
        while vars.len() < 20_000 {
            let [x, y] = [(); 2].map(|()| vars[below(vars.len())]);
            vars.push(match below(7) {
                0 => x + y,
                1 => x * y,
                2 => x - y,
                3 => x.max(y),
                4 => x.sin(),
                5 => x.cos(),
                _ => x.tanh(),
            });
        }
        let snapshot = Snapshot::of(&tape.view());
        let kinds: HashSet<u64> = classes(&snapshot).into_iter().collect();
        let flat: HashSet<u64> = super::flat(&snapshot).into_iter().collect();
        assert_eq!(kinds, flat);
    }

    #[test]
    fn the_place_in_the_pattern_tells_apart() {
        let tape = wengert::Tape::new();
        let x = tape.var(0.5);
        let steps: Vec<_> = (0..50).map(|_| (x.sin(), x.cos().sin())).collect();
        let snapshot = Snapshot::of(&tape.view());
        let classes = classes(&snapshot);
        let at = |var: wengert::Var<'_>| classes[var.id().unwrap().index()];
        assert_ne!(at(steps[0].0), at(steps[0].1));
        assert_eq!(at(steps[0].1), at(steps[49].1));
    }
}
