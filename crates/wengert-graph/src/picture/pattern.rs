//! Repeated patterns: nodes that compute the same from the same.
//!
//! Two nodes are alike to depth 0 if they have the same operation and role; to depth k + 1 if
//! moreover their arguments, one by one, are alike to depth k. A recording that repeats itself
//! (the samples of a batch, the steps of a solver) has few kinds of nodes to a depth at which the
//! parts of one repetition are told apart.

use crate::{Argument, Node, Snapshot};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Most kinds of nodes that a picture tells apart.
const KINDS: usize = 48;

/// Deepest look: beyond a few operations, what repeats has been told apart already.
const DEPTH: usize = 6;

/// Up to this many labels, a label tells nodes apart: then it names something special, and is no
/// part of the repetition.
const LABELS: usize = 16;

/// Of each node a number that stands for its kind, as deep as kinds are few.
pub(super) fn classes(snapshot: &Snapshot) -> Vec<u64> {
    let flat = flat(snapshot);
    let mut classes = flat.clone();
    for _ in 0..DEPTH {
        let deeper = deepen(snapshot, &flat, &classes);
        if exceeds(&deeper, KINDS) {
            break;
        }
        classes = deeper;
    }
    classes
}

/// The kinds to depth 0.
fn flat(snapshot: &Snapshot) -> Vec<u64> {
    let special = snapshot.labels() <= LABELS;
    let class = |node: Node<'_>| {
        let mut hasher = DefaultHasher::new();
        let label = node.label().filter(|_| special);
        (node.operation(), node.role(), label).hash(&mut hasher);
        hasher.finish()
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

fn exceeds(classes: &[u64], limit: usize) -> bool {
    let mut seen = HashSet::new();
    classes.iter().any(|class| seen.insert(*class) && seen.len() > limit)
}

/// What one node of a kind computes: `mul(input, tanh)`, or its label.
pub(super) fn name(node: Node<'_>) -> String {
    if let Some(label) = node.label() {
        return label.to_owned();
    }
    let arguments = node.arguments().iter().take(4).map(|argument| match argument {
        Argument::Node { node: at, .. } => node.sibling(*at).operation().name(),
        Argument::Constant(_) => "c",
    });
    let arguments: Vec<&str> = arguments.collect();
    let more = if node.arguments().len() > arguments.len() { ", …" } else { "" };
    match node.operation().name() {
        leaf if arguments.is_empty() => leaf.to_owned(),
        name => format!("{name}({}{more})", arguments.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{classes, name};
    use crate::Snapshot;
    use std::collections::HashSet;

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
    fn the_place_in_the_pattern_tells_apart() {
        let tape = wengert::Tape::new();
        let x = tape.var(0.5);
        let (first, second) = (x.sin(), x.cos().sin());
        let snapshot = Snapshot::of(&tape.view());
        let classes = classes(&snapshot);
        let at = |var: wengert::Var<'_>| classes[var.id().unwrap().index()];
        assert_ne!(at(first), at(second));
    }
}
