//! Numbers as pictures show them.

use crate::support::{has_class, parse, svg, text};
use wengert::OpKind;
use wengert_graph::{Picture, Snapshot};

/// An input with this value and adjoint.
fn input(value: f64, adjoint: f64) -> Snapshot {
    let mut snapshot = Snapshot::new();
    let x = snapshot.push(OpKind::Input, value, &[]);
    snapshot.set_adjoint(x, adjoint);
    snapshot
}

/// The texts of the value and of the adjoint, and the class of the latter.
fn rows(snapshot: &Snapshot) -> (String, String, String) {
    let svg = svg(snapshot);
    let document = parse(&svg);
    let card = document.descendants().find(|node| has_class(node, "wg-input")).unwrap();
    let texts: Vec<_> = card.children().filter(|node| node.has_tag_name("text")).collect();
    let key = |word: &str| texts.iter().position(|node| text(*node) == word).unwrap();
    let (data, grad) = (key("data"), key("grad"));
    let join = |range: &[roxmltree::Node<'_, '_>]| range.iter().map(|n| text(*n)).collect();
    let class = texts[grad + 1].attribute("class").unwrap().to_owned();
    (join(&texts[data + 1..grad]), join(&texts[grad + 1..]), class)
}

#[test]
fn a_zero_is_a_zero_whatever_its_sign() {
    for zero in [0.0, -0.0] {
        let (data, grad, class) = rows(&input(zero, zero));
        assert_eq!((&*data, &*grad, &*class), ("0", "0", "wg-zero"));
        assert!(!Picture::of(&input(zero, zero)).dot().contains("-0"));
        assert!(!Picture::of(&input(zero, zero)).table().contains("-0"));
        assert!(!Picture::of(&input(zero, zero)).mermaid().contains("-0"));
    }
}

#[test]
fn digits_are_sensible_over_the_range_of_floats() {
    let cases = [
        (0.707_119_98, "0.7071"),
        (-1.5, "−1.5000"),
        (12_345.678, "12345.68"),
        (1e-7, "1.0000e−7"),
        (-1e300, "−1.0000e300"),
        (5e-324, "4.9407e−324"),
    ];
    for (x, expected) in cases {
        let (data, grad, _) = rows(&input(x, x));
        assert_eq!((&*data, &*grad), (expected, expected));
    }
}

#[test]
fn what_is_not_finite_is_red() {
    for (x, expected) in [(f64::NAN, "NaN"), (f64::INFINITY, "∞"), (f64::NEG_INFINITY, "−∞")]
    {
        let snapshot = input(x, x);
        let (data, grad, class) = rows(&snapshot);
        assert_eq!((&*data, &*grad, &*class), (expected, expected, "wg-bad"));
        let svg = svg(&snapshot);
        assert!(parse(&svg).descendants().any(|node| has_class(&node, "wg-alarm")));
        assert!(!svg.contains("NaN\"") && !svg.contains("inf\""), "no length may be NaN");
    }
}

#[test]
fn points_stand_in_a_column() {
    let snapshot = input(123.5, -0.25);
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let fraction = |digits: &str| {
        let found = document.descendants().find(|node| node.is_element() && text(*node) == digits);
        found.unwrap().attribute("x").unwrap().to_owned()
    };
    assert_eq!(fraction(".5000"), fraction(".2500"));
}
