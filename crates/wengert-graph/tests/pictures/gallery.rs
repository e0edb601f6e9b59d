//! The pictures of the documentation are those that the code draws.

#[path = "../../examples/gallery/pictures.rs"]
mod pictures;

use crate::support::parse;
use std::path::Path;

#[test]
fn the_documentation_shows_what_is_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/graphs");
    for (name, drawn) in pictures::files() {
        let kept = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(kept == drawn, "docs/graphs/{name} is not what is drawn now: run `just gallery`");
    }
}

#[test]
fn no_picture_is_kept_that_is_not_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/graphs");
    let drawn: Vec<String> = pictures::files().into_iter().map(|(name, _)| name).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".svg") || drawn.contains(&name), "{name} is not drawn");
    }
}

/// Numbers as words, as far as they are needed.
const WORDS: [&str; 21] = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

#[test]
fn the_documentation_counts_what_is_drawn() {
    let page = include_str!("../../../../docs/GRAPHS.md");
    let mut counted = 0;
    let drawn = pictures::each(|name, picture| {
        let end = format!("](graphs/{name}.svg)");
        let text = page.lines().find_map(|line| line.strip_prefix("![")?.strip_suffix(&end));
        if let Some(text) = text.filter(|text| text.contains(" elements")) {
            let (nodes, elements) = (picture.snapshot().len(), WORDS[picture.elements().len()]);
            assert!(text.contains(&format!("{nodes} nodes")), "{name} has {nodes} nodes: {text}");
            assert!(text.contains(&format!("as {elements} elements")), "{name}: {text}");
            counted += 1;
        }
        Ok::<(), std::convert::Infallible>(())
    });
    assert_eq!((drawn, counted), (Ok(()), 3));
}

#[test]
fn few_links_cross() {
    let drawn = pictures::each(|name, picture| {
        let crossings = picture.crossings();
        assert!(crossings.drawn <= crossings.naive, "{name}: {crossings:?}");
        if name == "neuron" || name == "network" {
            assert_eq!(crossings.drawn, 0, "{name}");
        }
        Ok::<(), std::convert::Infallible>(())
    });
    assert_eq!(drawn, Ok(()));
}

#[test]
fn pictures_are_drawn_the_same_each_time() {
    assert!(pictures::files() == pictures::files());
}

#[test]
fn every_picture_is_well_formed() {
    for (name, text) in pictures::files() {
        if name.ends_with(".svg") {
            assert!(
                parse(&text).root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg"))
            );
        }
    }
}
