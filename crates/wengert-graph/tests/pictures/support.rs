//! What several tests need.

use roxmltree::{Document, Node};
use wengert_graph::{Picture, Snapshot, Theme};

/// Labels that have broken other programs.
pub(crate) const HOSTILE: [&str; 16] = [
    "<script>alert(1)</script>",
    "\" onload=\"alert(1)",
    "'></text><script/>",
    "a|b{c}d<e>f",
    "line\nbreak\ttab\r",
    "nul\0 bell\u{7} escape\u{1b}[31m",
    "]]> <!-- <![CDATA[ &amp; &#60; &lt;",
    "back\\slash \\n \\\\",
    "ends with a backslash\\",
    "end",
    "\u{202e}reversed\u{2066}\u{200b}\u{feff}\u{ffff}",
    "重み α∂Σ √ 🦀 e\u{301}",
    "${x} %s {{x}} `x` #35; $(x)",
    "graph [a->b];",
    " ",
    "",
];

/// A document, which must be well-formed.
#[track_caller]
pub(crate) fn parse(svg: &str) -> Document<'_> {
    Document::parse(svg).unwrap_or_else(|error| panic!("{error} in:\n{svg}"))
}

/// The text of an element and all below it.
pub(crate) fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

/// Whether an element has a class.
pub(crate) fn has_class(node: &Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|list| list.split(' ').any(|word| word == class))
}

/// A number in an attribute.
#[track_caller]
pub(crate) fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).expect(name).parse().expect(name)
}

/// All of a snapshot as SVG in fixed colours.
pub(crate) fn svg(snapshot: &Snapshot) -> String {
    Picture::everything(snapshot).svg(Theme::Light)
}

/// A chain of so many sines.
pub(crate) fn chain(length: usize) -> Snapshot {
    let tape = wengert::Tape::new();
    let _ = (0..length).fold(tape.var(1.0), |x, _| x.sin());
    Snapshot::of(&tape.view())
}
