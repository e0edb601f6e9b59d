//! Slices, against what a naive search finds.

use proptest::prelude::{Strategy, prop, prop_assert_eq, proptest};
use wengert::{Tape, Var};
use wengert_graph::{Element, NodeIndex, Picture, Selection, Snapshot};

/// A recording in which each node uses two earlier ones.
fn random() -> impl Strategy<Value = Snapshot> {
    prop::collection::vec((0_usize..1000, 0_usize..1000, -1.0..1.0), 1..30).prop_map(|steps| {
        let tape = Tape::new();
        let mut vars: Vec<Var<'_>> = vec![tape.var(0.5), tape.var(-0.25)];
        for (a, b, c) in steps {
            let (a, b) = (vars[a % vars.len()], vars[b % vars.len()]);
            vars.push(a * b + c * a);
        }
        let last = vars[vars.len() - 1];
        Snapshot::of(&tape.view()).with_gradients(&last.gradients())
    })
}

/// The pairs of a node and one that it uses.
fn edges(snapshot: &Snapshot) -> Vec<(NodeIndex, NodeIndex)> {
    snapshot.nodes().flat_map(|node| node.edges().map(|e| (e.from, e.to))).collect()
}

proptest! {
    #[test]
    fn upstream_is_what_is_reached_in_so_many_steps(snapshot in random(), depth in 0_usize..5) {
        let last = NodeIndex::at(snapshot.len() - 1);
        let mut expected = vec![last];
        for _ in 0..depth {
            let more = edges(&snapshot).into_iter().filter(|(_, to)| expected.contains(to));
            let more: Vec<NodeIndex> = more.map(|(from, _)| from).collect();
            expected.extend(more);
        }
        expected.sort();
        expected.dedup();
        let found: Vec<NodeIndex> = Selection::upstream(&snapshot, last, depth).nodes().collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_path_is_below_one_end_and_above_the_other(snapshot in random(), from in 0_usize..30) {
        let from = NodeIndex::at(from % snapshot.len());
        let last = NodeIndex::at(snapshot.len() - 1);
        let above = Selection::upstream(&snapshot, last, usize::MAX);
        let is_on = |at: NodeIndex| {
            above.contains(at) && Selection::upstream(&snapshot, at, usize::MAX).contains(from)
        };
        let expected: Vec<NodeIndex> = snapshot.nodes().map(|n| n.index()).filter(|at| is_on(*at)).collect();
        let found: Vec<NodeIndex> = Selection::path(&snapshot, from, last).nodes().collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_largest_are_those_that_sorting_puts_last(snapshot in random(), k in 0_usize..6) {
        let mut all: Vec<_> = snapshot.nodes().flat_map(|node| node.edges()).collect();
        all.sort_by(|a, b| {
            let size = |e: &wengert_graph::Edge| e.contribution.unwrap().abs();
            (size(b), b.from, b.to).partial_cmp(&(size(a), a.from, a.to)).unwrap()
        });
        // Of equal edges any may be taken; here they are ordered by their ends.
        let mut expected: Vec<NodeIndex> = all.iter().take(k).flat_map(|e| [e.from, e.to]).collect();
        expected.sort();
        expected.dedup();
        let found: Vec<NodeIndex> = Selection::largest(&snapshot, k).nodes().collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_path_against_the_direction_is_empty() {
    let snapshot = crate::support::chain(3);
    assert!(Selection::path(&snapshot, NodeIndex::at(3), NodeIndex::at(0)).is_empty());
    assert_eq!(Selection::path(&snapshot, NodeIndex::at(2), NodeIndex::at(2)).len(), 1);
}

#[test]
fn a_slice_says_how_many_operands_it_leaves_out() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([2.0, 3.0]);
    let z = x * y;
    let snapshot = Snapshot::of(&tape.view());
    let picture = Picture::slice(&snapshot, &Selection::upstream(&snapshot, z.id().unwrap(), 0));
    assert_eq!(picture.elements(), [Element::Node { node: z.id().unwrap().into(), hidden: 2 }]);
    assert!(picture.svg(wengert_graph::Theme::Light).contains(">+2<"));
}

#[test]
#[should_panic(expected = "a selection among 4 nodes cannot choose among 3")]
fn a_selection_of_another_recording_is_refused() {
    let (one, other) = (crate::support::chain(3), crate::support::chain(2));
    let _ = Picture::slice(&other, &Selection::largest(&one, 1));
}
