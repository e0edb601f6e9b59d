//! PNG, by its bytes.

use wengert::Tape;
use wengert_graph::{Picture, Snapshot, Theme};

fn labelled(label: &str) -> Snapshot {
    let tape = Tape::new();
    let _ = tape.var(1.0).label(label).sin();
    Snapshot::of(&tape.view())
}

/// Width and height, from the header that every PNG begins with.
fn size(png: &[u8]) -> [u32; 2] {
    assert_eq!(png[..16], *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    [16, 20].map(|at| u32::from_be_bytes(png[at..at + 4].try_into().unwrap()))
}

#[test]
fn the_scale_is_kept() {
    let snapshot = labelled("x");
    let picture = Picture::of(&snapshot);
    let svg = picture.svg(Theme::Light);
    let document = crate::support::parse(&svg);
    let side = |name| crate::support::number(&document.root_element(), name);
    let png = picture.png(Theme::Light, 2.0).unwrap();
    assert_eq!(size(&png), [side("width"), side("height")].map(|s| (2.0 * s).ceil() as u32));
}

#[test]
fn text_is_drawn() {
    // Labels of one width, so that nothing but their glyphs can differ: also those of signs.
    for (one, other) in [("b", "d"), ("重", "み"), ("∂", "∞")] {
        let png = |label| Picture::of(&labelled(label)).png(Theme::Light, 1.0).unwrap();
        assert_eq!(size(&png(one)), size(&png(other)));
        // What neither the crate's typeface nor one of the system has is the same box.
        let lacks = |label| Picture::of(&labelled(label)).png_lacks();
        let [has_one, has_other] = [one, other].map(|label| lacks(label).is_empty());
        assert_eq!(png(one) != png(other), has_one || has_other, "{one} and {other}");
        assert!(one == "重" || (has_one && has_other), "the crate's typeface has {one}, {other}");
    }
}

#[test]
fn letters_that_no_typeface_has_are_told() {
    // A plane of private letters, which have no shape but where somebody gave them one.
    let snapshot = labelled("x\u{10fff0}y\u{10fff1}");
    assert_eq!(Picture::of(&snapshot).png_lacks(), "\u{10fff0}\u{10fff1}");
    assert_eq!(Picture::of(&labelled("θ ≤ ∂")).png_lacks(), "");
}

#[test]
fn themes_differ() {
    let snapshot = labelled("x");
    let picture = Picture::of(&snapshot);
    let [auto, light, dark] =
        [Theme::Auto, Theme::Light, Theme::Dark].map(|theme| picture.png(theme, 1.0).unwrap());
    assert!(auto == light && light != dark);
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    let snapshot = labelled("x");
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e6] {
        let error = Picture::of(&snapshot).png(Theme::Light, scale).unwrap_err();
        assert!(error.is_size() && error.to_string().contains("scale"), "{error}");
    }
}
