//! Comparisons on which the path of a function depends are seen in every form.

use crate::support::{HOSTILE, has_class, parse, svg, text};
use num_traits::Float;
use wengert::{Function, OpKind};
use wengert_graph::{Guard, NodeIndex, Picture, Snapshot, Theme};

/// A function that decides twice, and the line of its first decision.
fn decided() -> (Snapshot, u32) {
    let line = line!() + 2;
    let f = Function::record(&[1.0, 1.0], |x| {
        let u = if x[0] < 2.0 { x[0].exp() } else { x[0] };
        if u == x[1] { u } else { u * x[1] }
    });
    (Snapshot::of_function(&f, &[0.5, 3.0]).unwrap(), line)
}

#[test]
fn a_function_tells_what_it_compared() {
    let (snapshot, line) = decided();
    let [first, second] = snapshot.guards() else { panic!("there are two comparisons") };
    assert_eq!(first.text, "x0 (0.5000) < 2 is true");
    assert_eq!((first.line, &first.nodes[..]), (line, &[NodeIndex::at(0)][..]));
    assert!(first.file.ends_with("tests/pictures/guards.rs"), "{}", first.file);
    assert_eq!(second.text, "n2 (1.6487) == x1 (3.0000) is false");
    assert_eq!((second.line, second.nodes.len()), (line + 1, 2));
}

#[test]
fn questions_about_one_number_name_one_node() {
    let f = Function::record(&[1.0], |x| {
        if Float::is_nan(x[0]) || Float::is_sign_negative(x[0]) { -x[0] } else { x[0] * 2.0 }
    });
    let snapshot = Snapshot::of_function(&f, &[0.5]).unwrap();
    let texts: Vec<&str> = snapshot.guards().iter().map(|guard| &*guard.text).collect();
    let expected = ["that x0 (0.5000) is NaN is false", "the sign bit of x0 (0.5000) is false"];
    assert_eq!(texts, expected);
    assert!(snapshot.guards().iter().all(|guard| guard.nodes == [NodeIndex::at(0)]));
}

#[test]
fn the_table_lists_them_with_their_lines() {
    let (snapshot, line) = decided();
    let table = Picture::of(&snapshot).table();
    let (_, list) = table.split_once("\n\n").unwrap();
    let words: Vec<Vec<&str>> = list.lines().map(|l| l.split("  ").collect()).collect();
    assert_eq!(words[0].first(), Some(&"comparison"));
    assert_eq!(words[1].first(), Some(&"x0 (0.5000) < 2 is true"));
    assert!(list.lines().nth(1).unwrap().ends_with(&format!("guards.rs:{line}")), "{list}");
    assert_eq!(list.lines().count(), 3);
}

#[test]
fn cards_bear_the_numbers_of_their_comparisons() {
    let (snapshot, line) = decided();
    let svg = svg(&snapshot);
    let document = parse(&svg);
    let cards = document.descendants().filter(|node| node.has_attribute("data-element"));
    let marks = cards.map(|card| {
        let notes = card.descendants().filter(|node| has_class(node, "wg-note"));
        notes.map(text).filter(|note| note.starts_with('◇')).collect::<String>()
    });
    assert_eq!(marks.collect::<Vec<_>>(), ["◇1", "◇2", "◇2", ""]);
    let lines = document.descendants().filter(|node| has_class(node, "wg-guard"));
    let lines: Vec<String> = lines.map(text).collect();
    assert_eq!(lines[0], format!("◇1  x0 (0.5000) < 2 is true  (guards.rs:{line})"));
    assert_eq!(lines.len(), 2);
}

#[test]
fn the_page_tells_them_of_each_node() {
    let (snapshot, line) = decided();
    let page = Picture::of(&snapshot).html(Theme::Auto);
    let fact = "[\"comparison\",\"x0 (0.5000) \\u003c 2 is true, at ";
    assert_eq!(page.matches(fact).count(), 1);
    assert!(page.contains(&format!("guards.rs:{line}\"]")));
}

#[test]
fn other_programs_get_a_note_at_what_is_compared() {
    let (snapshot, line) = decided();
    let picture = Picture::of(&snapshot);
    let dot = picture.dot();
    let note = format!("g1 [label=\"x0 (0.5000) < 2 is true\\nguards.rs:{line}\", shape=note");
    assert!(dot.contains(&note), "{dot}");
    for link in ["v0 -> g1 [", "v1 -> g2 [", "v2 -> g2 ["] {
        assert!(dot.contains(link), "{link} is not in {dot}");
    }
    let mermaid = picture.mermaid();
    assert!(mermaid.contains("    v0 -.- g1\n") && mermaid.contains("    v2 -.- g2\n"));
    crate::dot::graphviz(&dot);
}

#[test]
fn of_many_the_first_are_listed() {
    let f = Function::record(&[1.0], |x| {
        (0..40).fold(x[0], |y, _| if y > -1.0 { y * 0.5 } else { -y })
    });
    let snapshot = Snapshot::of_function(&f, &[0.5]).unwrap();
    assert_eq!(snapshot.guards().len(), 40);
    let picture = Picture::of(&snapshot);
    assert!(picture.table().ends_with("and 28 more\n"));
    assert!(picture.svg(Theme::Light).contains("and 28 more comparisons"));
}

#[test]
fn what_they_say_is_shown_and_never_run() {
    for text in HOSTILE {
        let mut snapshot = Snapshot::new();
        let x = snapshot.push(OpKind::Input, 1.0, &[]);
        let (words, file) = (text.to_owned(), text.into());
        snapshot.push_guard(Guard { text: words, nodes: vec![x], file, line: 1 });
        parse(&svg(&snapshot));
        let picture = Picture::of(&snapshot);
        crate::dot::graphviz(&picture.dot());
        assert_eq!(picture.html(Theme::Auto).matches("</script>").count(), 2);
        assert_eq!(picture.table().lines().count(), 5, "{}", picture.table());
        let mermaid = picture.mermaid();
        assert!(!mermaid.contains("<script") && mermaid.lines().count() == 10, "{mermaid}");
    }
}

#[test]
fn a_tape_has_none() {
    let tape = wengert::Tape::new();
    let x = tape.var(1.0);
    let _ = if x < 2.0 { x.exp() } else { x };
    let snapshot = Snapshot::of(&tape.view());
    assert!(snapshot.guards().is_empty());
    assert!(!Picture::of(&snapshot).table().contains("comparison"));
}
