//! Writing SVG, with all text escaped on its way.

use crate::text::label;
use std::fmt::Write;

/// A document that grows.
pub(super) struct Svg(String);

/// The name of the typefaces, from what systems have for their own text to what is everywhere.
pub(super) const FACES: &str =
    "Inter, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif";

impl Svg {
    pub(super) fn new(width: f64, height: f64, title: &str) -> Self {
        let (w, h) = (px(width), px(height));
        Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
             viewBox=\"0 0 {w} {h}\" role=\"img\" class=\"wg\">\n<title>{}</title>\n",
            label::xml(title)
        ))
    }

    /// Markup with no text of a user in it.
    pub(super) fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
        self.0.push('\n');
    }

    pub(super) fn open(&mut self, tag: &str) {
        self.raw(tag);
    }

    pub(super) fn close(&mut self, tag: &str) {
        self.raw(tag);
    }

    /// What is shown while the pointer is over the group that this stands in first.
    pub(super) fn tip(&mut self, text: &str) {
        writeln!(self.0, "<title>{}</title>", label::xml(text)).expect("a string takes all");
    }

    /// Text whose baseline begins at a point.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let text = label::xml(text);
        writeln!(self.0, r#"<text class="{class}" x="{}" y="{}">{text}</text>"#, px(x), px(y))
            .expect("a string takes all");
    }

    /// Text whose baseline ends at a point, or has its middle there.
    pub(super) fn anchored(&mut self, class: &str, anchor: &str, x: f64, y: f64, text: &str) {
        let (text, x, y) = (label::xml(text), px(x), px(y));
        writeln!(
            self.0,
            r#"<text class="{class}" text-anchor="{anchor}" x="{x}" y="{y}">{text}</text>"#
        )
        .expect("a string takes all");
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }
}

/// A length to a tenth of a pixel, with no zeros that say nothing.
pub(super) fn px(length: f64) -> String {
    let text = format!("{:.1}", length + 0.0);
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
