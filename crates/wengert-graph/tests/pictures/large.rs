//! Large recordings: nothing recurses, nothing grows beyond its bound.

use crate::support::{chain, parse, svg};
use wengert::{Tape, Var};
use wengert_graph::{Element, Grouping, LIMIT, Picture, Selection, Snapshot, Theme};

/// How a picture groups its nodes: the number of groups of one kind, and the nodes in them.
fn groups(picture: &Picture<'_>, by: Grouping) -> (usize, usize) {
    let groups = picture.elements().iter().filter_map(|element| match element {
        Element::Group(group) if group.by == by => Some(group.nodes),
        _ => None,
    });
    groups.fold((0, 0), |(count, nodes), n| (count + 1, nodes + n))
}

/// The nodes of all elements together.
fn nodes(picture: &Picture<'_>) -> usize {
    let nodes = |element: &Element| match element {
        Element::Node { .. } => 1,
        Element::Group(group) => group.nodes,
    };
    picture.elements().iter().map(nodes).sum()
}

#[test]
fn a_very_deep_recording_becomes_a_small_picture() {
    let snapshot = chain(100_000);
    let picture = Picture::of(&snapshot);
    assert!(picture.elements().len() <= LIMIT);
    assert_eq!(nodes(&picture), 100_001);
    parse(&picture.svg(Theme::Auto));
    assert!(picture.dot().len() < 100_000);
}

#[test]
fn as_many_nodes_as_the_limit_are_shown_one_by_one() {
    for (length, collapses) in [(LIMIT - 1, false), (LIMIT, true)] {
        let snapshot = chain(length);
        let picture = Picture::of(&snapshot);
        assert_eq!(picture.elements().len() < snapshot.len(), collapses);
    }
}

#[test]
fn a_thousand_nodes_can_be_drawn_one_by_one() {
    let tape = Tape::new();
    let weights = tape.vars(&[0.1, 0.2, 0.3, 0.4]);
    let mut row: Vec<Var<'_>> = weights.clone();
    while tape.len() < 1200 {
        row = (0..4).map(|i| (row[i] * weights[(i + 1) % 4] + row[(i + 2) % 4]).tanh()).collect();
    }
    let snapshot = Snapshot::of(&tape.view());
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let names = document.descendants().filter(|node| node.attribute("class") == Some("wg-name"));
    assert_eq!(names.count(), snapshot.len());
}

#[test]
fn scopes_come_first_and_as_deep_as_there_is_room() {
    let tape = Tape::new();
    let mut x = tape.var(1.0);
    for layer in 0..3 {
        let _outer = tape.scope(format!("layer{layer}"));
        for part in ["a", "b"] {
            let _inner = tape.scope(part);
            x = (0..50).fold(x, |x, _| x.sin());
        }
    }
    let out = x.exp().label("out");
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&out.gradients());
    let picture = Picture::of(&snapshot);
    assert_eq!(groups(&picture, Grouping::Scope), (6, 300));
    let names: Vec<&str> = picture
        .elements()
        .iter()
        .filter_map(|e| if let Element::Group(group) = e { Some(&*group.name) } else { None })
        .collect();
    assert_eq!(names[..3], ["layer0/a", "layer0/b", "layer1/a"]);
    // The input and the output stand alone.
    assert_eq!(picture.elements().len(), 8);
}

#[test]
fn too_many_inner_scopes_leave_the_outer_ones() {
    let tape = Tape::new();
    let _outer = tape.scope("solver");
    let mut x = tape.var(1.0);
    for step in 0..100 {
        let _inner = tape.scope(format!("step{step}"));
        x = x.sin().cos();
    }
    let snapshot = Snapshot::of(&tape.view());
    assert_eq!(groups(&Picture::of(&snapshot), Grouping::Scope), (1, 200));
}

#[test]
fn a_scope_for_each_step_of_a_recursion_is_no_obstacle() {
    const DEEP: usize = 20_000;
    let tape = Tape::new();
    let mut x = tape.var(1.0);
    let mut scopes = Vec::new();
    for step in 0..DEEP {
        scopes.push(tape.scope(format!("step{step}")));
        x = x.sin();
    }
    let snapshot = Snapshot::of(&tape.view());
    let deepest = snapshot.node(x.id().unwrap()).scope();
    assert_eq!((deepest.len(), deepest[63]), (64, "step63"));
    // As many scopes as are easily read, and the output, which stands alone.
    let (count, inside) = groups(&Picture::of(&snapshot), Grouping::Scope);
    assert!((1..=48).contains(&count) && inside > DEEP - 100, "{count} groups of {inside}");
}

#[test]
fn scopes_and_labels_of_every_node_are_read_as_they_were_written() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let mut x = tape.var(1.0);
    for step in 0..3000 {
        let _outer = tape.scope(format!("outer{}", step / 100));
        let _inner = tape.scope(format!("inner{step}"));
        x = x.cos().label(format!("x{step}"));
    }
    let snapshot = Snapshot::of(&tape.view());
    for (step, node) in snapshot.nodes().skip(1).enumerate() {
        assert_eq!(node.label(), Some(&*format!("x{step}")));
        assert_eq!(node.scope(), [format!("outer{}", step / 100), format!("inner{step}")]);
        assert!(node.place().is_some());
    }
    assert_eq!(groups(&Picture::of(&snapshot), Grouping::Scope), (30, 2999));
}

#[test]
fn without_scopes_source_lines_are_groups() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let mut x = tape.var(1.0);
    for _ in 0..100 {
        x = x.sin();
        x = x.cos() + 1.0;
    }
    let snapshot = Snapshot::of(&tape.view());
    let picture = Picture::of(&snapshot);
    // The last sum is the output, which stands alone; the input is the only node of its line.
    assert_eq!(groups(&picture, Grouping::Line), (2, 299));
    assert!(picture.links().iter().any(|link| link.is_feedback()));
    parse(&picture.svg(Theme::Auto));
}

#[test]
fn what_repeats_is_one_group_for_each_of_its_parts() {
    let tape = Tape::new();
    let [a, b] = [tape.var(0.5).label("a"), tape.var(0.25).label("b")];
    let mut x = tape.var(1.0).label("x");
    for _ in 0..200 {
        x = x + (a * x - b * x.sin()) * 0.1;
    }
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&x.gradients());
    let picture = Picture::of(&snapshot);
    // a·x, sin, b·sin, −, × 0.1, +: six parts, of which the last sum is the output.
    assert_eq!(groups(&picture, Grouping::Pattern), (6, 6 * 200 - 1));
    assert_eq!(picture.elements().len(), 6 + 3 + 1);
}

#[test]
fn irregular_recordings_are_bounded_too() {
    // Every node computes something else: each its own length of a sum.
    let tape = Tape::new();
    let mut vars = vec![tape.var(1.0)];
    for i in 0..400_usize {
        let operands: Vec<Var<'_>> =
            (0..=i % 40).map(|k| vars[(i * 7 + k * k) % vars.len()]).collect();
        vars.push(Var::sum(&operands));
    }
    let snapshot = Snapshot::of(&tape.view());
    let picture = Picture::of(&snapshot);
    assert!(picture.elements().len() <= LIMIT);
    assert_eq!(nodes(&picture), snapshot.len());
}

#[test]
fn a_slice_may_be_collapsed_as_well() {
    let snapshot = chain(1000);
    let last = snapshot.outputs()[0];
    let picture = Picture::slice(&snapshot, &Selection::upstream(&snapshot, last, 500));
    assert_eq!(nodes(&picture), 501);
    assert!(picture.elements().len() <= LIMIT);
}

#[test]
fn a_group_tells_what_is_not_finite() {
    let tape = Tape::new();
    let _ = (0..200).fold(tape.var(-0.5), |x, _| x.ln());
    let snapshot = Snapshot::of(&tape.view());
    let picture = Picture::of(&snapshot);
    let bad: usize = picture
        .elements()
        .iter()
        .map(|element| match element {
            Element::Group(group) => group.non_finite,
            Element::Node { node, .. } => usize::from(!snapshot.node(*node).is_finite()),
        })
        .sum();
    assert_eq!(bad, 200);
    assert!(picture.svg(Theme::Light).contains("not finite"));
}
