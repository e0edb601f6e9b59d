//! HTML: a picture that plays, answers when pointed at, and can be searched.
//!
//! One file with all it needs in it. A policy in its head forbids every request, and every script
//! but its own; labels reach the page as text of the drawing or as strings of JSON, and the
//! script only ever writes them as text.

mod data;
mod moments;
mod source;
mod views;

use crate::text::label;
use crate::{Picture, Theme};
use data::Page;
use views::Views;

impl Picture<'_> {
    /// The picture as one HTML file that needs nothing else and asks nothing of the network.
    ///
    /// It can be moved, zoomed, searched and saved as SVG. Pointing at a node shows its operation,
    /// value, adjoint, local derivatives and formula; a click marks what feeds it and what it
    /// feeds, and opens a group: of large pictures as many as there is room for, some hundred
    /// cards in all. A slider plays the forward pass and then, where the snapshot has gradients, the
    /// reverse sweep with each `+=`; the derivation, with its formulas set, stands beside it
    /// ([`Snapshot::explain`](crate::Snapshot::explain) of the last output).
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot, Theme};
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).label("</script>").sin();
    /// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// let html = Picture::of(&snapshot).html(Theme::Auto);
    /// assert!(html.starts_with("<!DOCTYPE html>"));
    /// assert_eq!(html.matches("</script>").count(), 2, "those of the page itself");
    /// ```
    #[must_use]
    pub fn html(&self, theme: Theme) -> String {
        let views = Views::of(self);
        let title = self.snapshot().title().unwrap_or("Computation graph");
        fill(include_str!("html/page.html"), |place| match place {
            "theme" => name(theme).to_owned(),
            "title" => label::xml(title),
            "style" => include_str!("html/page.css").to_owned(),
            "picture" => self.svg(theme),
            "drawings" => drawings(&views, theme),
            "data" => script_safe(&Page::of(&views)),
            "script" => include_str!("html/page.js").to_owned(),
            other => unreachable!("the page has no place for {other}"),
        })
    }
}

/// The drawings with a group opened, each where it is not shown until the script takes it.
fn drawings(views: &Views<'_>, theme: Theme) -> String {
    let each = views.list.iter().enumerate().skip(1);
    let drawing = |(at, view): (usize, &views::View<'_>)| {
        format!("<template id=\"view-{at}\">\n{}</template>\n", view.picture.svg(theme))
    };
    each.map(drawing).collect()
}

const fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// The template with each `{{place}}` filled. What is filled in is not looked at again, so that
/// no label can be taken for a place.
fn fill(template: &str, content: impl Fn(&str) -> String) -> String {
    let mut pieces = template.split("{{");
    let mut page = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (place, rest) = piece.split_once("}}").expect("each place of the template ends");
        page += &content(place);
        page += rest;
    }
    page
}

/// JSON in which nothing can end or begin a tag.
fn script_safe(page: &Page) -> String {
    let json = serde_json::to_string(page).expect("strings and numbers are JSON");
    let mut safe = String::with_capacity(json.len() + json.len() / 16);
    for c in json.chars() {
        match c {
            // These stand only within strings, where an escape means the same.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe += &format!("\\u{:04x}", u32::from(c))
            }
            _ => safe.push(c),
        }
    }
    safe
}
