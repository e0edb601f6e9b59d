//! What the colours mean, below the picture.

use super::card::Card;
use super::write::{Svg, px};
use crate::draw::scale::Scale;
use crate::text::label::shortened;
use crate::text::number::count;
use crate::text::operands;
use crate::text::width::{BOLD, width};
use crate::{Element, Picture, Role};
use std::borrow::Cow;

/// The height of the legend with its room.
const HEIGHT: f64 = 40.0;

/// The room between two entries.
const SPACE: f64 = 18.0;

/// The entries that a picture needs.
pub(super) struct Legend {
    roles: Vec<Role>,
    has_gradients: bool,
    has_bad: bool,
    has_hidden: bool,
    /// Whether some link is dotted.
    has_still: bool,
    /// What letters and numbers at links say, where there are any.
    marks: Vec<&'static str>,
    summary: Option<String>,
}

/// How wide a title is.
pub(super) fn title_width(title: &str) -> f64 {
    width(&shown_title(title), 16.0) * BOLD
}

/// As much of a title as has room.
pub(super) fn shown_title(title: &str) -> Cow<'_, str> {
    shortened(title, 200)
}

impl Legend {
    pub(super) fn of(picture: &Picture<'_>, cards: &[Card], scale: &Scale) -> Self {
        let shown = |role: &Role| {
            picture.elements().iter().any(|element| match element {
                Element::Node { node, .. } => picture.snapshot().node(*node).role() == *role,
                Element::Group(_) => false,
            })
        };
        Self {
            roles: Role::ALL.into_iter().filter(shown).collect(),
            has_gradients: scale.has_gradients(),
            has_bad: picture.elements().iter().any(|element| is_bad(picture, element)),
            has_hidden: picture.elements().iter().any(hides),
            has_still: picture.links().iter().any(|link| link.contribution == Some(0.0)),
            marks: marks(picture, cards),
            summary: summary(picture),
        }
    }

    pub(super) fn height(&self) -> f64 {
        if self.roles.is_empty() && self.summary.is_none() { 0.0 } else { HEIGHT }
    }

    pub(super) fn width(&self) -> f64 {
        let roles = self.roles.iter().map(|role| 20.0 + width(role.name(), 10.5) + SPACE);
        let gradient = if self.has_gradients { 300.0 } else { 0.0 };
        let bad = if self.has_bad { 20.0 + width("not finite", 10.5) + SPACE } else { 0.0 };
        let hidden = if self.has_hidden { width(HIDDEN, 10.5) + SPACE } else { 0.0 };
        let still = if self.has_still { 29.0 + width(STILL, 10.5) + SPACE } else { 0.0 };
        let marks: f64 = self.marks.iter().map(|text| width(text, 10.5) + SPACE).sum();
        let summary = self.summary.as_ref().map_or(0.0, |text| width(text, 10.5) + SPACE);
        roles.sum::<f64>() + gradient + bad + hidden + still + marks + summary
    }

    pub(super) fn write(&self, svg: &mut Svg, left: f64, top: f64) {
        if self.height() == 0.0 {
            return;
        }
        let middle = top + HEIGHT - 12.0;
        let mut x = left;
        if let Some(summary) = &self.summary {
            x = note(svg, x, middle, summary);
        }
        for role in &self.roles {
            swatch(svg, role.name(), x, middle);
            x = note(svg, x + 20.0, middle, role.name());
        }
        if self.has_bad {
            swatch(svg, "operation wg-alarm", x, middle);
            x = note(svg, x + 20.0, middle, "not finite");
        }
        if self.has_hidden {
            x = note(svg, x, middle, HIDDEN);
        }
        for text in &self.marks {
            x = note(svg, x, middle, text);
        }
        if self.has_gradients {
            x = ramp(svg, x, middle);
        }
        if self.has_still {
            let (y, end) = (px(middle), px(x + 24.0));
            svg.raw(&format!(
                r#"<path class="wg-link wg-zero" stroke-width="1.2" d="M{} {y}H{end}"/>"#,
                px(x)
            ));
            note(svg, x + 29.0, middle, STILL);
        }
    }
}

/// What a dotted link says.
const STILL: &str = "nothing flows";

/// What letters and numbers at links say, and the mark of a contradiction.
fn marks(picture: &Picture<'_>, cards: &[Card]) -> Vec<&'static str> {
    let marks: Vec<String> =
        picture.links().iter().filter_map(|link| operands::mark_of(picture, link)).collect();
    let is_count = |mark: &String| mark.ends_with('×');
    let has_letters = marks.iter().any(|mark| !is_count(mark));
    let texts = [
        (has_letters, "a, b, …: operands"),
        (marks.iter().any(is_count), "n×: used n times"),
        (cards.iter().any(Card::is_wrong), "≠ the chain rule"),
    ];
    texts.into_iter().filter(|(is_there, _)| *is_there).map(|(_, text)| text).collect()
}

/// What a number above a round node says.
const HIDDEN: &str = "+n: operands not shown";

fn hides(element: &Element) -> bool {
    matches!(element, Element::Node { hidden: 1.., .. })
}

fn is_bad(picture: &Picture<'_>, element: &Element) -> bool {
    match element {
        Element::Node { node, .. } => !picture.snapshot().node(*node).is_finite(),
        Element::Group(group) => group.non_finite > 0,
    }
}

/// How much of the recording is shown, where it is not all of it, node by node.
fn summary(picture: &Picture<'_>) -> Option<String> {
    let (elements, nodes) = (picture.elements().len(), picture.snapshot().len());
    (elements < nodes).then(|| format!("{} nodes, shown as {}", count(nodes), count(elements)))
}

/// A small text, and where the next entry begins.
fn note(svg: &mut Svg, x: f64, middle: f64, text: &str) -> f64 {
    svg.text("wg-note", x, middle + 3.8, text);
    x + width(text, 10.5) + SPACE
}

/// A small box in the looks of a role.
fn swatch(svg: &mut Svg, class: &str, x: f64, middle: f64) {
    let (x, y) = (px(x + 0.5), px(middle - 5.0));
    svg.raw(&format!(
        r#"<g class="wg-{class}"><rect class="wg-box" x="{x}" y="{y}" width="14" height="10" rx="3"/><rect class="wg-band" x="{x}" y="{y}" width="14" height="10" rx="3"/></g>"#
    ));
}

/// From strongly negative to strongly positive, and what the width of a link says.
fn ramp(svg: &mut Svg, x: f64, middle: f64) -> f64 {
    let mut x = note(svg, x, middle, "grad  −") - SPACE + 5.0;
    for step in -4_i32..=4 {
        let class = if step < 0 { "wg-negative" } else { "wg-positive" };
        let opacity = 0.35 * f64::from(step.abs()) / 4.0;
        let (left, top) = (px(x), px(middle - 5.0));
        svg.raw(&format!(
            r#"<rect class="wg-fill {class}" fill-opacity="{opacity:.2}" x="{left}" y="{top}" width="9" height="10"/>"#
        ));
        x += 9.0;
    }
    let (left, top) = (px(x - 81.0), px(middle - 5.0));
    svg.raw(&format!(r#"<rect class="wg-frame" x="{left}" y="{top}" width="81" height="10"/>"#));
    x = note(svg, x + 5.0, middle, "+");
    let (y, thin, thick) = (px(middle), px(x + 24.0), px(x));
    svg.raw(&format!(
        r#"<path class="wg-fill wg-unknown" d="M{thick} {y}L{thin} {}V{}Z"/>"#,
        px(middle - 2.8),
        px(middle + 2.8)
    ));
    note(svg, x + 30.0, middle, "|adjoint × partial|")
}
