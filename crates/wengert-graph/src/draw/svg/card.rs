//! A box: a node with its operation before it, or a group of nodes.

use super::write::{Svg, px};
use crate::draw::contradictions::{self, Contradictions};
use crate::draw::guards::marks;
use crate::draw::scale::{Kind, Look, Scale};
use crate::layout::{Size, Spot};
use crate::text::number::{count, typeset};
use crate::text::operands::Lettered;
use crate::text::sign::sign;
use crate::text::width::{BOLD, width};
use crate::text::{formula, label};
use crate::{Element, Group, Grouping, Node, Picture};

/// The height of the band with the name, and of each line below it.
const BAND: f64 = 24.0;
const LINE: f64 = 18.0;

/// The room between outline and text.
const PAD: f64 = 10.0;

/// Names wider than this are shortened; hovering shows them whole.
const NAME: f64 = 200.0;

/// The narrowest card.
const NARROWEST: f64 = 104.0;

/// The radius of a round node, and the line from there to its card.
const RADIUS: f64 = 14.0;
const STEM: f64 = 13.0;

/// The room between two links with letters.
const LETTER: f64 = 14.0;

/// Behind a point there are four digits at most, each as wide as the others.
const FRACTION: f64 = 12.0 * (0.32 + 4.0 * 0.64);

/// What stands in a box.
pub(super) struct Card {
    name: String,
    /// The numbers of the comparisons that it is in.
    marks: String,
    /// The class of its role.
    role: &'static str,
    /// The operation's sign, if the box has a round node before it.
    sign: Option<String>,
    rows: Vec<Row>,
    tip: String,
    /// How many of its operands have letters at their links.
    letters: usize,
    /// How many of its arguments are not in the picture.
    hidden: usize,
    /// Whether something in it is not finite.
    alarm: bool,
    is_group: bool,
}

/// What a line is coloured by.
#[derive(Clone, Copy)]
enum Tint {
    None,
    /// Sign and size of an adjoint.
    Adjoint(f64),
    /// The largest size of several, which have no common sign.
    Size(f64),
}

/// One line of a card: what it is, and the number or the words.
struct Row {
    key: &'static str,
    text: String,
    /// What it is coloured by.
    tint: Tint,
    is_bad: bool,
    /// Whether the chain rule gives another number.
    is_wrong: bool,
}

impl Card {
    /// The card of an element, with what the chain rule gives where an adjoint contradicts it.
    pub(super) fn new(picture: &Picture<'_>, element: &Element, wrong: &Contradictions) -> Self {
        match element {
            Element::Node { node, hidden } => {
                let marks = marks(picture.snapshot(), *node);
                let card = Self::of_node(picture.snapshot().node(*node), *hidden);
                Self { marks, ..card }.contradicted(wrong.at(*node))
            }
            Element::Group(group) => Self::of_group(group),
        }
    }

    fn of_node(node: Node<'_>, hidden: usize) -> Self {
        let mut rows = vec![Row::number("data", node.value())];
        if let Some(adjoint) = node.adjoint() {
            rows.push(Row { tint: Tint::Adjoint(adjoint), ..Row::number("grad", adjoint) });
        }
        Self {
            name: fit(&label::visible(&node.name())),
            marks: String::new(),
            role: node.role().name(),
            sign: (!node.operation().is_leaf()).then(|| fit(&sign(node))),
            rows,
            tip: formula::tip(node),
            letters: Lettered::of(node).map_or(0, |letters| letters.len()),
            hidden,
            alarm: !node.is_finite(),
            is_group: false,
        }
    }

    /// The same with a mark at the adjoint, and what the chain rule gives told.
    fn contradicted(mut self, by_the_rule: Option<f64>) -> Self {
        if let (Some(sum), Some(row)) = (by_the_rule, self.rows.last_mut()) {
            row.is_wrong = true;
            self.tip += &format!(" · the chain rule gives {}", typeset(sum));
        }
        self
    }

    /// Whether an adjoint contradicts the chain rule.
    pub(super) fn is_wrong(&self) -> bool {
        self.rows.iter().any(|row| row.is_wrong)
    }

    fn of_group(group: &Group) -> Self {
        let key = match group.by {
            Grouping::Scope => "scope",
            Grouping::Pattern => "pattern",
            Grouping::Use => "inputs",
            Grouping::Line => "line",
            Grouping::Earlier => "earlier",
            Grouping::Stretch => "stretch",
            Grouping::Rest => "rest",
        };
        let mut rows = vec![Row::words(key, &format!("{} nodes", count(group.nodes)))];
        if let Some(line) = group.line.as_ref().filter(|line| **line != group.name) {
            rows.push(Row::words("line", &fit_middle(&label::visible(file_name(line)))));
        }
        if let Some(adjoint) = group.largest_adjoint {
            let row = Row::number("max |grad|", adjoint);
            rows.push(Row { tint: Tint::Size(adjoint), ..row });
        }
        if group.non_finite > 0 {
            let row = Row::words("not finite", &count(group.non_finite));
            rows.push(Row { is_bad: true, ..row });
        }
        Self {
            name: fit_middle(&label::visible(&group.name)),
            marks: String::new(),
            role: if group.by == Grouping::Use { "input" } else { "operation" },
            sign: None,
            rows,
            tip: group_tip(group),
            letters: 0,
            hidden: 0,
            alarm: group.non_finite > 0,
            is_group: true,
        }
    }

    /// The room it needs.
    pub(super) fn size(&self) -> Size {
        let rows = self.rows.iter().map(Row::width).fold(0.0, f64::max);
        let marks = if self.marks.is_empty() { 0.0 } else { 10.0 + width(&self.marks, 10.5) };
        let text = rows.max(width(&self.name, 12.5) * BOLD + marks);
        let stack = if self.is_group { 8.0 } else { 0.0 };
        Size {
            lead: self.lead(),
            width: (text + 2.0 * PAD).max(NARROWEST) + stack,
            height: self.height().max(2.0 * self.reach()) + stack,
        }
    }

    fn height(&self) -> f64 {
        BAND + LINE * self.rows.len() as f64 + 6.0
    }

    /// How far the round node reaches before the card.
    pub(super) fn lead(&self) -> f64 {
        self.sign.as_ref().map_or(0.0, |sign| 2.0 * half(sign) + STEM)
    }

    /// Half the height of the round node, in which each letter has room for itself.
    fn reach(&self) -> f64 {
        RADIUS.max(LETTER * self.letters as f64 / 2.0 + 4.0)
    }

    /// The room between links that arrive at it, of which there are so many.
    pub(super) fn step(&self, links: usize) -> f64 {
        let port = if self.sign.is_some() { self.reach() - 5.6 } else { self.height() * 0.3 };
        let widest = if self.letters > 0 { LETTER } else { 9.0 };
        (2.0 * port / links as f64).min(widest)
    }

    /// How far the outline at this height above or below the middle is behind its foremost point.
    pub(super) fn inset(&self, y: f64) -> f64 {
        let into_curve = (y.abs() - (self.reach() - RADIUS)).clamp(0.0, RADIUS);
        let curve = RADIUS - (RADIUS * RADIUS - into_curve * into_curve).sqrt();
        if self.sign.is_some() { curve } else { 0.0 }
    }

    pub(super) fn write(&self, svg: &mut Svg, spot: Spot, scale: &Scale) {
        let alarm = if self.alarm { " wg-alarm" } else { "" };
        svg.open(&format!(r#"<g class="wg-{}{alarm}">"#, self.role));
        svg.tip(&self.tip);
        self.write_lead(svg, spot);
        self.write_box(svg, spot);
        let (left, right) = (spot.left + PAD, self.right(spot) - PAD);
        let top = spot.middle - self.height() / 2.0;
        svg.text("wg-name", left, top + 16.5, &self.name);
        if !self.marks.is_empty() {
            svg.anchored("wg-note wg-mark", "end", right, top + 16.5, &self.marks);
        }
        for (at, row) in self.rows.iter().enumerate() {
            let middle = top + BAND + 3.0 + LINE * (at as f64 + 0.5);
            row.write(svg, left, right, middle, scale);
        }
        svg.close("</g>");
    }

    fn right(&self, spot: Spot) -> f64 {
        spot.right - if self.is_group { 8.0 } else { 0.0 }
    }

    fn write_box(&self, svg: &mut Svg, spot: Spot) {
        let radius = if self.role == "input" || self.role == "parameter" { 11.0 } else { 5.0 };
        let (left, wide) = (spot.left, self.right(spot) - spot.left);
        let (top, high) = (spot.middle - self.height() / 2.0, self.height());
        let offsets: &[f64] = if self.is_group { &[8.0, 4.0, 0.0] } else { &[0.0] };
        for offset in offsets {
            let (x, y, w, h) = (px(left + offset), px(top + offset), px(wide), px(high));
            svg.raw(&format!(
                r#"<rect class="wg-box" x="{x}" y="{y}" width="{w}" height="{h}" rx="{radius}"/>"#
            ));
        }
        let (l, t, r, b) = (px(left), px(top + BAND), px(left + wide), px(top));
        let (a, z) = (px(left + radius), px(left + wide - radius));
        let c = px(top + radius);
        svg.raw(&format!(
            r#"<path class="wg-band" d="M{l} {t}V{c}Q{l} {b} {a} {b}H{z}Q{r} {b} {r} {c}V{t}Z"/>"#
        ));
    }

    /// The round node, with the number of operands left out above it, and its line to the card.
    fn write_lead(&self, svg: &mut Svg, spot: Spot) {
        let Some(sign) = &self.sign else { return };
        let y = px(spot.middle);
        let (wide, left) = (2.0 * half(sign), spot.left - self.lead());
        svg.raw(&format!(
            r#"<path class="wg-lead" d="M{} {y}H{}"/>"#,
            px(left + wide),
            px(spot.left)
        ));
        let (x, top) = (px(left), px(spot.middle - self.reach()));
        let (w, h) = (px(wide), px(2.0 * self.reach()));
        svg.raw(&format!(
            r#"<rect class="wg-box" x="{x}" y="{top}" width="{w}" height="{h}" rx="{RADIUS}"/>"#
        ));
        if self.hidden > 0 {
            let text = format!("+{}", self.hidden);
            svg.anchored(
                "wg-note",
                "middle",
                left + wide / 2.0,
                spot.middle - self.reach() - 4.0,
                &text,
            );
        }
        svg.anchored("wg-sign", "middle", left + wide / 2.0, spot.middle + 4.6, sign);
    }
}

impl Row {
    fn number(key: &'static str, x: f64) -> Self {
        let is_bad = !x.is_finite();
        Self { key, text: typeset(x), tint: Tint::None, is_bad, is_wrong: false }
    }

    fn words(key: &'static str, text: &str) -> Self {
        Self { key, text: text.to_owned(), tint: Tint::None, is_bad: false, is_wrong: false }
    }

    fn width(&self) -> f64 {
        let number = match self.split() {
            Some((whole, _)) => width(whole, 12.0) + FRACTION,
            None => width(&self.text, 12.0),
        };
        let mark = if self.is_wrong { width(contradictions::MARK, 12.0) + 4.0 } else { 0.0 };
        width(self.key, 10.5) + mark + 16.0 + number
    }

    /// The digits before the point and those behind, with it, so that points stand in a column.
    /// What has no point is flush right: a zero alone before the points would look lost.
    fn split(&self) -> Option<(&str, &str)> {
        let is_plain = self.text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '−');
        match self.text.find('.') {
            Some(point) if is_plain => Some(self.text.split_at(point)),
            _ => None,
        }
    }

    fn write(&self, svg: &mut Svg, left: f64, right: f64, middle: f64, scale: &Scale) {
        let look = match self.tint {
            Tint::None => None,
            Tint::Adjoint(adjoint) => Some(scale.adjoint(adjoint)),
            Tint::Size(size) => Some(scale.size(size)),
        };
        if let Some(look) = look {
            write_tint(svg, look, left - 5.0, right + 5.0, middle);
        }
        let class = match look {
            _ if self.is_bad => "wg-bad",
            Some(look) if look.kind == Kind::Zero => look.kind.class(),
            _ => "wg-data",
        };
        let baseline = middle + 4.2;
        svg.text("wg-key", left, baseline, self.key);
        if self.is_wrong {
            svg.text("wg-bad", left + width(self.key, 10.5) + 4.0, baseline, contradictions::MARK);
        }
        match self.split() {
            Some((whole, fraction)) => {
                svg.anchored(class, "end", right - FRACTION, baseline, whole);
                svg.text(class, right - FRACTION, baseline, fraction);
            }
            None => svg.anchored(class, "end", right, baseline, &self.text),
        }
    }
}

fn group_tip(group: &Group) -> String {
    let line = group.line.as_ref().map_or_else(String::new, |line| format!(" · at {line}"));
    format!("{}: {} nodes{line}", group.name, group.nodes)
}

/// How much of the colour is in the ground. Red text stands on red, so that is fainter.
fn tint(look: Look) -> String {
    let most = if look.kind == Kind::NonFinite { 0.14 } else { 0.35 };
    format!("{:.2}", 0.08 + (most - 0.08) * look.strength)
}

/// The ground of an adjoint, in the colour of its sign, stronger the larger it is.
fn write_tint(svg: &mut Svg, look: Look, left: f64, right: f64, middle: f64) {
    if look.strength == 0.0 {
        return;
    }
    let (x, w) = (px(left), px(right - left));
    let (y, h) = (px(middle - 7.8), px(15.6));
    let (class, opacity) = (look.kind.class(), tint(look));
    svg.raw(&format!(
        r#"<rect class="wg-fill {class}" fill-opacity="{opacity}" x="{x}" y="{y}" width="{w}" height="{h}" rx="4"/>"#
    ));
}

/// Half the width of a round node: a circle for a short sign, else as long as it takes.
fn half(sign: &str) -> f64 {
    (width(sign, 13.0) * BOLD / 2.0 + 7.0).max(RADIUS)
}

/// As much of a text as there is room for.
fn fit(text: &str) -> String {
    let mut limit = text.chars().count().min(60);
    while limit > 2 && width(&label::shortened(text, limit), 12.5) * BOLD > NAME {
        limit -= 1;
    }
    label::shortened(text, limit).into_owned()
}

/// The same from both ends: paths and signatures have what tells them apart at either.
fn fit_middle(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let kept = |n: usize| match n < chars.len() {
        true => {
            let (head, tail) = (n.div_ceil(2), n / 2);
            let ends = [&chars[..head], &['…'], &chars[chars.len() - tail..]];
            ends.concat().into_iter().collect()
        }
        false => text.to_owned(),
    };
    let mut limit = chars.len().min(60);
    while limit > 2 && width(&kept(limit), 12.5) * BOLD > NAME {
        limit -= 1;
    }
    kept(limit)
}

/// `model.rs:12` of `src/model.rs:12`.
fn file_name(line: &str) -> &str {
    line.rsplit(['/', '\\']).next().unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::{NAME, fit, fit_middle};
    use crate::text::width::{BOLD, width};

    #[test]
    fn names_are_made_to_fit() {
        for text in ["n", &"long ".repeat(100), &"重み".repeat(40), &"W".repeat(13)] {
            for fitted in [fit(text), fit_middle(text)] {
                assert!(width(&fitted, 12.5) * BOLD <= NAME);
                assert!(fitted == text || fitted.contains('…'));
            }
        }
    }
}
