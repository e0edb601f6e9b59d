//! Labels are shown, never run.

use crate::support::{HOSTILE, parse, svg, text};
use proptest::prelude::{any, proptest};
use wengert::Tape;
use wengert_graph::{Picture, Snapshot, Theme};

/// A sine of an input with this label, in a scope and under a title of the same name.
fn labelled(label: &str) -> Snapshot {
    let tape = Tape::new();
    let y = {
        let _scope = tape.scope(label.to_owned());
        tape.var(1.0).label(label).sin()
    };
    Snapshot::of(&tape.view()).with_gradients(&y.gradients()).with_title(label)
}

/// What a label looks like where nothing is cut off.
fn shown(label: &str) -> String {
    let is_plain =
        |c: char| !c.is_control() && !"\u{202e}\u{2066}\u{200b}\u{feff}\u{ffff}".contains(c);
    let spelt = |c: char| if is_plain(c) { c.to_string() } else { c.escape_default().to_string() };
    label.chars().map(spelt).collect()
}

#[track_caller]
fn assert_harmless(svg: &str) {
    const ELEMENTS: [&str; 10] =
        ["svg", "title", "style", "defs", "marker", "path", "rect", "g", "text", "desc"];
    let document = parse(svg);
    for element in document.descendants().filter(|node| node.is_element()) {
        assert!(ELEMENTS.contains(&element.tag_name().name()), "{:?}", element.tag_name());
        for attribute in element.attributes() {
            assert!(!attribute.name().starts_with("on"), "{attribute:?}");
            assert!(!attribute.name().contains("href"), "{attribute:?}");
        }
    }
}

#[test]
fn svg_shows_hostile_labels_as_they_are() {
    for label in HOSTILE {
        let svg = svg(&labelled(label));
        assert_harmless(&svg);
        let document = parse(&svg);
        let title = document.root_element().first_element_child().expect("a title");
        assert_eq!(text(title), shown(label));
    }
}

#[test]
fn groups_show_hostile_names_as_they_are() {
    for label in HOSTILE {
        let tape = Tape::new();
        {
            let _scope = tape.scope(label.to_owned());
            let _ = (0..200).fold(tape.var(1.0), |x, _| x.sin());
        }
        let snapshot = Snapshot::of(&tape.view());
        assert_harmless(&Picture::of(&snapshot).svg(Theme::Auto));
    }
}

#[test]
fn the_table_keeps_its_lines() {
    for label in HOSTILE {
        let snapshot = labelled(label);
        let table = Picture::of(&snapshot).table();
        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(!table.contains(|c: char| c.is_control() && c != '\n'), "{table:?}");
    }
}

/// A line of Mermaid has one label, in quotes, with nothing in it that Mermaid would read.
#[track_caller]
fn assert_plain_mermaid(chart: &str) {
    let nodes = chart.lines().filter(|line| line.starts_with("    v") || line.starts_with("    o"));
    for line in nodes {
        let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        assert_eq!(line.matches('"').count(), 2 * quoted.len(), "{line}");
        for label in quoted {
            let bare = label.replace("<br/>", "").replace("#32;", "");
            let is_plain = |c: char| c.is_alphanumeric() || " .,/+-=();#".contains(c);
            assert!(bare.chars().all(is_plain), "{line}");
        }
    }
}

#[test]
fn mermaid_has_plain_labels() {
    for label in HOSTILE {
        let chart = Picture::of(&labelled(label)).mermaid();
        assert_plain_mermaid(&chart);
        let title = chart.lines().nth(1).expect("a title");
        let quoted = title.strip_prefix("title: \"").and_then(|rest| rest.strip_suffix('"'));
        let text = quoted.expect("in quotes").replace("\\\\", "").replace("\\\"", "");
        assert!(!text.contains(['<', '>', '"', '\\']), "{title}");
    }
}

#[test]
fn a_very_long_label_makes_no_wide_picture() {
    let snapshot = labelled(&"very long ".repeat(10_000)).with_title("short");
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let width: f64 = document.root_element().attribute("width").unwrap().parse().unwrap();
    assert!(width < 900.0, "{width}");
    assert!(Picture::of(&snapshot).table().lines().all(|line| line.len() < 200));
}

proptest! {
    #[test]
    fn any_label_is_harmless(label in any::<String>()) {
        let snapshot = labelled(&label);
        assert_harmless(&svg(&snapshot));
        assert_plain_mermaid(&Picture::of(&snapshot).mermaid());
        assert_eq!(Picture::of(&snapshot).table().lines().count(), 3);
    }
}
