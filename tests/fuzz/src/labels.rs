//! Labels: whatever they contain, pictures stay well-formed and show them as text.

use roxmltree::Document;
use wengert::Tape;
use wengert_graph::{Guard, Picture, Snapshot, Theme};

/// Draws a recording whose labels, scope, title and comparison are the parts of `bytes`, in every
/// format.
///
/// # Panics
/// If a format cannot be read back, or a label has become something else than text.
pub fn labels(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut words = text.split('\u{1f}').map(str::to_owned);
    let mut word = || words.next().unwrap_or_default();
    let tape = Tape::new();
    let _scope = tape.scope(word());
    let x = tape.var(1.0).label(word());
    let y = x.sin().label(word());
    let mut snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients()).with_title(word());
    let nodes = x.id().into_iter().map(Into::into).collect();
    snapshot.push_guard(Guard { text: word(), nodes, file: word().into(), line: 1 });
    let picture = Picture::of(&snapshot);
    check_svg(&picture.svg(Theme::Auto));
    check_dot(&picture.dot());
    check_html(&picture.html(Theme::Auto));
    // The head and two nodes; a blank line, the head and a comparison.
    assert_eq!(picture.table().lines().count(), 3 + 3);
    // A title of three lines, the head, two nodes and their line, a link, its style, a comparison
    // and its link, six classes.
    assert_eq!(picture.mermaid().lines().count(), 3 + 1 + 2 + 2 + 2 + 6);
}

/// The file is well-formed, and has as many elements as with any other labels.
fn check_svg(svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error} in:\n{svg}"));
    let elements = document.descendants().filter(|node| node.is_element());
    assert!(elements.clone().all(|node| node.attribute("onload").is_none()));
    assert!(elements.clone().all(|node| !node.has_tag_name("script")));
    let names = elements.filter(|node| node.attribute("class") == Some("wg-name"));
    assert_eq!(names.count(), 2);
}

/// Every line has its quotes closed, with nothing behind them but its end.
fn check_dot(dot: &str) {
    for line in dot.lines() {
        let (mut is_inside, mut is_escaped) = (false, false);
        for c in line.chars() {
            match c {
                '"' if !is_escaped => is_inside = !is_inside,
                _ => {}
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        assert!(!is_inside, "{line}");
        assert!(line.ends_with([';', '{', '}']), "{line}");
    }
}

/// How often a tag begins, in letters of either case.
fn tags(html: &str, tag: &str) -> usize {
    // PERF: the page is mostly its own script, which has few signs of tags.
    html.match_indices('<')
        .filter(|&(at, _)| {
            let start = html.as_bytes().get(at..at + tag.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
        })
        .count()
}

/// The page has its own two scripts and no other, and its data are JSON.
fn check_html(html: &str) {
    assert_eq!((tags(html, "<script"), tags(html, "</script")), (2, 2));
    let data = html.split_once("id=\"data\">").and_then(|(_, rest)| rest.split_once("</script>"));
    let (data, _) = data.expect("the page has its data");
    let data: serde_json::Value = serde_json::from_str(data).expect("the data are JSON");
    assert!(data.is_object());
}
