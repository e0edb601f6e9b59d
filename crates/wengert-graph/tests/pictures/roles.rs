//! Looks follow roles and gradients.

use crate::support::{has_class, number, parse, svg, text};
use wengert::Tape;
use wengert_graph::{Picture, Role, Snapshot, Theme};

#[test]
fn cards_have_the_class_of_their_role() {
    let tape = Tape::new();
    let [x, w] = tape.var_array([2.0, 3.0]);
    let y = (x * w).sin();
    let snapshot = Snapshot::of(&tape.view())
        .with_gradients(&y.gradients())
        .with_role(w.id().unwrap(), Role::Parameter);
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let cards = document.descendants().filter(|n| n.children().any(|c| has_class(&c, "wg-name")));
    let classes: Vec<&str> = cards.filter_map(|node| node.attribute("class")).collect();
    assert_eq!(classes, ["wg-input", "wg-parameter", "wg-operation", "wg-output"]);
}

#[test]
fn links_are_coloured_by_sign_and_as_wide_as_what_flows() {
    let tape = Tape::new();
    let [a, b, c, d] = tape.var_array([1.0, 1.0, 1.0, 0.0]);
    let y = wengert::Var::linear_combination(&[4.0, -1.0, 0.0], &[a, b, c]) + d * 0.25;
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let link = |from: &str| {
        let of = |node: &roxmltree::Node<'_, '_>| {
            node.first_element_child().is_some_and(|title| {
                title.has_tag_name("title") && text(title).contains(&format!("/∂{from} ="))
            })
        };
        let group = document.descendants().find(of).unwrap();
        let path = group.children().find(|node| node.has_tag_name("path")).unwrap();
        (path.attribute("class").unwrap().to_owned(), number(&path, "stroke-width"))
    };
    let [a, b, c, d] = ["n0", "n1", "n2", "n3"].map(link);
    assert!(a.0.contains("wg-positive") && b.0.contains("wg-negative") && c.0.contains("wg-zero"));
    assert!(a.1 > b.1 && b.1 > d.1 && d.1 > c.1, "{a:?} {b:?} {d:?} {c:?}");
}

#[test]
fn themes_differ_in_colours_alone() {
    let tape = Tape::new();
    let _ = tape.var(1.0).sin();
    let snapshot = Snapshot::of(&tape.view());
    let picture = Picture::of(&snapshot);
    let body = |theme: Theme| picture.svg(theme).split_once("</style>").unwrap().1.to_owned();
    assert_eq!(body(Theme::Light), body(Theme::Dark));
    assert_eq!(body(Theme::Light), body(Theme::Auto));
    let dark = "@media screen and (prefers-color-scheme: dark)";
    assert!(picture.svg(Theme::Auto).contains(dark), "print stays light");
}

#[test]
fn gradients_set_by_hand_may_be_partial() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([2.0, 3.0]);
    let z = (x * y).label("z");
    let at = z.id().unwrap().into();
    let snapshot =
        Snapshot::of(&tape.view()).with_adjoints(|node| (node.index() == at).then_some(1.0));
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let grads = document.descendants().filter(|n| n.has_tag_name("text") && text(*n) == "grad");
    assert_eq!(grads.count(), 1);
    assert_eq!(
        Picture::of(&snapshot).table().lines().nth(1),
        Some("n0           input        2.0000")
    );
}
