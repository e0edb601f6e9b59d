//! The drawing itself: everything in its place, nothing upon anything else.

use crate::support::{has_class, number, parse, svg};
use roxmltree::Document;
use wengert::{Tape, Var};
use wengert_graph::Snapshot;

/// Left, top, right and bottom of every box, the round nodes among them.
fn boxes(document: &Document<'_>) -> Vec<[f64; 4]> {
    let is_legend = |node: &roxmltree::Node<'_, '_>| number(node, "height") == 10.0;
    let boxes = document.descendants().filter(|node| has_class(node, "wg-box") && !is_legend(node));
    let sides = |node: roxmltree::Node<'_, '_>| {
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| number(&node, name));
        [x, y, x + w, y + h]
    };
    boxes.map(sides).collect()
}

#[track_caller]
fn assert_apart(boxes: &[[f64; 4]]) {
    for (at, a) in boxes.iter().enumerate() {
        for b in &boxes[at + 1..] {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{a:?} lies upon {b:?}");
        }
    }
}

/// A small network: dense, with links over several layers.
fn network() -> Snapshot {
    let tape = Tape::new();
    let inputs = tape.vars(&[0.5, -0.5, 0.25]);
    let mut row = inputs.clone();
    for layer in 0..3 {
        let next = |i: usize| {
            let sum = Var::dot(&row, &inputs) * (0.1 + i as f64);
            (sum + row[(i + layer) % 3]).tanh()
        };
        row = (0..3).map(next).collect();
    }
    let out = Var::sum(&row);
    Snapshot::of(&tape.view()).with_gradients(&out.gradients()).with_title("network")
}

#[test]
fn nothing_overlaps_and_all_is_inside() {
    let svg = svg(&network());
    let document = parse(&svg);
    let boxes = boxes(&document);
    assert!(boxes.len() > 50);
    assert_apart(&boxes);
    let root = document.root_element();
    let [width, height] = ["width", "height"].map(|name| number(&root, name));
    for [left, top, right, bottom] in boxes {
        assert!(left >= 0.0 && top >= 0.0 && right <= width && bottom <= height);
    }
}

#[test]
fn everything_flows_from_left_to_right() {
    let snapshot = network();
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let mut links = 0;
    for path in document.descendants().filter(|node| has_class(node, "wg-link")) {
        let numbers: Vec<f64> = path
            .attribute("d")
            .unwrap()
            .split(|c: char| c.is_ascii_alphabetic() || c == ' ')
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().unwrap())
            .collect();
        let horizontal =
            path.attribute("d").unwrap().rfind('H') > path.attribute("d").unwrap().rfind('C');
        let end = numbers[numbers.len() - if horizontal { 1 } else { 2 }];
        assert!(numbers[0] < end);
        links += 1;
    }
    assert_eq!(links, wengert_graph::Picture::everything(&snapshot).links().len());
}

#[test]
fn an_empty_recording_is_an_empty_picture() {
    let snapshot = Snapshot::new();
    let svg = svg(&snapshot);
    let document = parse(&svg);
    assert!(boxes(&document).is_empty());
    assert!(number(&document.root_element(), "width") > 0.0);
}

#[test]
fn one_file_needs_no_other() {
    let svg = svg(&network());
    let references = svg.replace("http://www.w3.org/2000/svg", "");
    assert!(!references.contains("http") && !references.contains("@import"));
    assert!(references.matches("url(").count() == references.matches("url(#wg-head-").count());
}
