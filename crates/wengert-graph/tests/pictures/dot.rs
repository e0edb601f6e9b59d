//! DOT as Graphviz reads it, where that is installed.

use crate::support::{HOSTILE, chain, parse, text};
use std::io::Write;
use std::process::{Command, Stdio};
use wengert::Tape;
use wengert_graph::{Picture, Snapshot};

/// The SVG that Graphviz makes, or `None`, with a word about it, where it is not installed.
pub(crate) fn graphviz(dot: &str) -> Option<String> {
    let mut command = Command::new("dot");
    command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        println!("skipped: Graphviz is not installed (`dot` cannot be started)");
        return None;
    };
    child.stdin.take().unwrap().write_all(dot.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{complaint}\n{dot}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The texts of a picture, in the order in which they stand.
fn texts(svg: &str) -> Vec<String> {
    let svg = svg.split_once("<svg").map(|(_, rest)| format!("<svg{rest}")).unwrap();
    let document = parse(&svg);
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    // Graphviz writes spaces that must not collapse as U+00A0.
    texts.map(|node| text(node).replace('\u{a0}', " ")).collect()
}

#[test]
fn the_neuron_is_read() {
    let tape = Tape::new();
    let [x, w] = [tape.var(2.0).label("x"), tape.var(-3.0).label("w")];
    let o = (x * w + 6.5).tanh().label("o");
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&o.gradients()).with_title("a \"b\"");
    let Some(svg) = graphviz(&Picture::of(&snapshot).dot()) else { return };
    let texts = texts(&svg);
    for expected in [
        "a \"b\"",
        "x",
        "data 2.0000",
        "w",
        "o",
        "data 0.4621",
        "grad 1.0000",
        "×",
        "+ 6.5",
        "tanh",
    ] {
        assert!(texts.iter().any(|text| text == expected), "{expected} is not among {texts:?}");
    }
}

#[test]
fn hostile_labels_come_out_as_they_are() {
    for label in HOSTILE {
        let tape = Tape::new();
        let _ = tape.var(1.0).label(label).sin();
        let snapshot = Snapshot::of(&tape.view());
        let Some(svg) = graphviz(&Picture::of(&snapshot).dot()) else { return };
        let plain =
            |c: char| !c.is_control() && !"\u{202e}\u{2066}\u{200b}\u{feff}\u{ffff}".contains(c);
        let spelt = |c: char| if plain(c) { c.to_string() } else { c.escape_default().to_string() };
        let shown: String = label.chars().map(spelt).collect();
        let texts = texts(&svg);
        // Graphviz writes no text for a field of blanks.
        assert!(shown.trim().is_empty() || texts.contains(&shown), "{shown:?} is not in {texts:?}");
        assert!(texts.iter().any(|text| text == "data 1.0000"));
    }
}

#[test]
fn groups_are_boxes() {
    let snapshot = chain(300);
    let dot = Picture::of(&snapshot).dot();
    assert!(dot.contains("shape=box3d"));
    let Some(svg) = graphviz(&dot) else { return };
    assert!(texts(&svg).iter().any(|text| text.ends_with(" nodes")));
}
