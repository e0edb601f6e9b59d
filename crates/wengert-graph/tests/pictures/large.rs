//! Large recordings: nothing recurses, nothing grows beyond its bound.

use crate::support::{chain, parse, svg};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};
use std::collections::HashSet;
use wengert::{Tape, Var};
use wengert_graph::{Element, Group, Grouping, LIMIT, Picture, Selection, Snapshot, Theme};

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
fn labels_and_structure_come_before_lines() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let [slope, shift] = [tape.var(1.5).label("slope"), tape.var(0.5).label("shift")];
    let errors: Vec<Var<'_>> =
        (0..1000).map(|i| (slope * f64::from(i) - shift).tanh().powi(2)).collect();
    let loss = Var::sum(&errors).label("loss");
    let line = line!() - 2;
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&loss.gradients());
    let picture = Picture::of(&snapshot);
    assert_eq!(groups(&picture, Grouping::Pattern), (4, 4000));
    // The groups and the three labelled nodes.
    assert_eq!(picture.elements().len(), 7);
    for group in picture.elements().iter().filter_map(group) {
        let recorded = group.line.as_deref().expect("each is recorded by one line");
        assert!(recorded.ends_with(&format!("large.rs:{line}")), "{recorded} is not {line}");
    }
}

/// The group that an element is.
fn group(element: &Element) -> Option<&Group> {
    match element {
        Element::Group(group) => Some(group),
        Element::Node { .. } => None,
    }
}

/// What every picture keeps: each element behind what it uses, names that tell apart, all nodes.
#[track_caller]
fn assert_sound(picture: &Picture<'_>) {
    for link in picture.links() {
        assert!(link.from < link.to, "{link:?} in {:?}", picture.elements());
    }
    let names: Vec<&str> =
        picture.elements().iter().filter_map(group).map(|group| &*group.name).collect();
    let different: HashSet<&&str> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
    assert_eq!(nodes(picture), picture.snapshot().len());
}

#[test]
fn layers_without_scopes_stand_one_behind_the_other() {
    let tape = Tape::new();
    let mut row = vec![tape.var(0.5).label("x1"), tape.var(-0.25).label("x2")];
    for width in [16, 16, 1] {
        let neuron = |_| {
            let weights: Vec<Var<'_>> = (0..=row.len()).map(|_| tape.var(0.1)).collect();
            (Var::dot(&weights[1..], &row) + weights[0]).tanh()
        };
        row = (0..width).map(neuron).collect();
    }
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&row[0].gradients());
    let picture = Picture::of(&snapshot);
    assert_sound(&picture);
    let is_shown = |label: &str| {
        picture.elements().iter().any(|element| match element {
            Element::Node { node, .. } => snapshot.node(*node).label() == Some(label),
            Element::Group(_) => false,
        })
    };
    assert!(is_shown("x1") && is_shown("x2"));
    // Weights and biases of the first two layers, and the weights of the last.
    assert_eq!(groups(&picture, Grouping::Use), (5, 32 + 16 + 256 + 16 + 16));
    // Products, sums and tanh of two layers; of the last one each is a node.
    assert_eq!(groups(&picture, Grouping::Pattern), (6, 6 * 16));
}

#[test]
fn many_labels_name_the_ends_of_groups() {
    let tape = Tape::new();
    let xs: Vec<Var<'_>> = (1..=2).map(|i| tape.var(0.5).label(format!("x{i}"))).collect();
    let ws: Vec<Var<'_>> =
        (0..256).map(|i| tape.var(0.5).label(format!("w[{}][{}]", i / 2, i % 2))).collect();
    let hidden: Vec<Var<'_>> = ws.chunks(2).map(|row| Var::dot(row, &xs).tanh()).collect();
    let out = Var::sum(&hidden);
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&out.gradients());
    let picture = Picture::of(&snapshot);
    assert_sound(&picture);
    let names: Vec<&str> =
        picture.elements().iter().filter_map(group).map(|group| &*group.name).collect();
    assert_eq!(names, ["w[0][0] … w[127][1]", "dot(4 × input)", "tanh(dot)"]);
    // The two inputs and the sum are nodes.
    assert_eq!(picture.elements().len(), 6);
}

#[test]
fn of_a_loop_the_last_round_is_shown() {
    let tape = Tape::new();
    let [a, b] = [tape.var(0.5).label("a"), tape.var(0.25).label("b")];
    let mut x = tape.var(1.0).label("x");
    for _ in 0..200 {
        x = x + (a * x - b * x.sin()) * 0.1;
    }
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&x.gradients());
    let picture = Picture::of(&snapshot);
    assert_sound(&picture);
    let groups: Vec<&Group> = picture.elements().iter().filter_map(group).collect();
    // a·x, sin, b·sin, −, × 0.1, +: six operations a step, and the sum that the last begins with.
    let [before] = groups[..] else { panic!("{groups:?}") };
    assert_eq!(
        (&*before.name, before.by, before.nodes),
        ("199 repetitions before", Grouping::Earlier, 6 * 199 - 1)
    );
    assert_eq!(picture.elements().len(), 3 + 1 + 1 + 6);
}

#[test]
fn a_scope_that_is_entered_again_is_another_group() {
    let tape = Tape::new();
    let mut x = tape.var(1.0);
    for name in ["encode", "decode", "encode"] {
        let _scope = tape.scope(name);
        x = (0..100).fold(x, |x, _| x.sin());
    }
    let snapshot = Snapshot::of(&tape.view());
    let picture = Picture::of(&snapshot);
    assert_sound(&picture);
    let names: Vec<&str> =
        picture.elements().iter().filter_map(group).map(|group| &*group.name).collect();
    assert_eq!(names, ["encode · 1", "decode", "encode · 2"]);
}

#[test]
fn groups_open_until_all_nodes_are_seen() {
    for snapshot in [chain(400), irregular(400)] {
        let mut picture = Picture::of(&snapshot);
        for _ in 0..5000 {
            let Some(name) = picture.elements().iter().find_map(group).map(|g| g.name.clone())
            else {
                break;
            };
            let opened = picture.open(&name).unwrap();
            assert!(opened.elements().len() > picture.elements().len(), "{name} is divided");
            picture = opened;
        }
        assert_sound(&picture);
        assert_eq!(picture.elements().len(), snapshot.len());
    }
}

/// Operations of operands from anywhere.
fn irregular(count: usize) -> Snapshot {
    let tape = Tape::new();
    let (mut vars, mut seed) = (tape.vars(&[0.5, 0.25, 0.125]), 1_u64);
    let mut below = |limit: usize| {
        // A linear congruential generator with Knuth's multiplier.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % limit
    };
    while vars.len() < count {
        let [x, y] = [(); 2].map(|()| vars[below(vars.len())]);
        vars.push(if below(2) == 0 { x + y } else { (x * y).sin() });
    }
    Snapshot::of(&tape.view())
}

/// What random recordings are made of: an operation, its operands, and what is said of it.
type Steps = Vec<(u8, u16, u16, u8, bool)>;

/// A recording in scopes that come and go, with labels now and then.
fn recorded(steps: &Steps, lines: bool, has_scopes: bool) -> Snapshot {
    let mut tape = Tape::new();
    tape.record_sources(lines);
    let mut vars = tape.vars(&[0.5, 0.25]);
    for (at, &(kind, a, b, scope, is_labelled)) in steps.iter().enumerate() {
        let _outer = (has_scopes && scope < 4).then(|| tape.scope(format!("s{scope}")));
        let _inner = (has_scopes && scope < 2).then(|| tape.scope(format!("t{}", at % 3)));
        let [a, b] = [a, b].map(|i| vars[usize::from(i) % vars.len()]);
        let var = match kind % 5 {
            0 => a + b,
            1 => a * b,
            2 => a.sin(),
            3 => tape.var(0.75),
            _ => Var::dot(&[a, b], &[b, a]),
        };
        vars.push(if is_labelled { var.label(format!("v{}", at % 40)) } else { var });
    }
    Snapshot::of(&tape.view())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn groups_never_use_each_other_in_a_circle(
        steps in prop::collection::vec((0_u8..5, any::<u16>(), any::<u16>(), 0_u8..6, prop::bool::weighted(0.02)), 150..700),
        lines: bool,
        has_scopes: bool,
        which: usize,
    ) {
        let snapshot = recorded(&steps, lines, has_scopes);
        let picture = Picture::of(&snapshot);
        assert_sound(&picture);
        prop_assert!(picture.elements().len() <= LIMIT);
        let names: Vec<&Group> = picture.elements().iter().filter_map(group).collect();
        if !names.is_empty() {
            assert_sound(&picture.open(&names[which % names.len()].name).unwrap());
        }
    }
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
