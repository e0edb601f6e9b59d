//! A link: a curve from a card to the round node of an operation that uses it.

use super::write::{Svg, px};
use super::{Card, Drawing};
use crate::draw::scale::Scale;
use crate::layout::{Layout, Point};
use crate::text::number::number;
use crate::text::operands;
use crate::{Element, Link, Picture};
use std::fmt::Write;

/// The widths of the weakest line and of the strongest.
const THIN: f64 = 1.2;
const THICK: f64 = 5.5;

/// How long an arrow's head is.
const HEAD: f64 = 8.0;

/// Heads of arrows, one for each kind of link, since a head does not take its line's colour.
pub(super) const MARKERS: &str = "\
<defs>
<marker id=\"wg-head-unknown\" markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" refX=\"1\" refY=\"4.5\" orient=\"auto\"><path class=\"wg-fill wg-unknown\" d=\"M0 0.5L9 4.5L0 8.5Z\"/></marker>
<marker id=\"wg-head-zero\" markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" refX=\"1\" refY=\"4.5\" orient=\"auto\"><path class=\"wg-fill wg-zero\" d=\"M0 0.5L9 4.5L0 8.5Z\"/></marker>
<marker id=\"wg-head-positive\" markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" refX=\"1\" refY=\"4.5\" orient=\"auto\"><path class=\"wg-fill wg-positive\" d=\"M0 0.5L9 4.5L0 8.5Z\"/></marker>
<marker id=\"wg-head-negative\" markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" refX=\"1\" refY=\"4.5\" orient=\"auto\"><path class=\"wg-fill wg-negative\" d=\"M0 0.5L9 4.5L0 8.5Z\"/></marker>
<marker id=\"wg-head-bad\" markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" refX=\"1\" refY=\"4.5\" orient=\"auto\"><path class=\"wg-fill wg-bad\" d=\"M0 0.5L9 4.5L0 8.5Z\"/></marker>
</defs>";

/// Where links end: side by side at the box that they arrive at, in the order of where they come
/// from.
pub(super) struct Ports(Vec<Point>);

impl Ports {
    pub(super) fn of(picture: &Picture<'_>, layout: &Layout, cards: &[Card]) -> Self {
        let links = picture.links();
        let mut arriving: Vec<Vec<usize>> = vec![Vec::new(); cards.len()];
        for (at, link) in links.iter().enumerate() {
            arriving[link.to].push(at);
        }
        let mut ports = vec![Point { x: 0.0, y: 0.0 }; links.len()];
        for (to, mut arriving) in arriving.into_iter().enumerate() {
            let height = |at: usize| {
                layout.bends[at].last().map_or(layout.spots[links[at].from].middle, |bend| bend.y)
            };
            arriving.sort_by(|&a, &b| height(a).total_cmp(&height(b)));
            let (spot, step) = (layout.spots[to], cards[to].step(arriving.len()));
            let middle = (arriving.len() as f64 - 1.0) / 2.0;
            for (place, at) in arriving.into_iter().enumerate() {
                let y = (place as f64 - middle) * step;
                let x = spot.left - cards[to].lead() + cards[to].inset(y);
                ports[at] = Point { x, y: spot.middle + y };
            }
        }
        Self(ports)
    }
}

/// Draws one link.
pub(super) fn write(svg: &mut Svg, drawing: &Drawing<'_>, at: usize, ports: &Ports) {
    let link = &drawing.picture.links()[at];
    let look = drawing.scale.link(link.contribution);
    let end = Point { x: ports.0[at].x - HEAD, ..ports.0[at] };
    let path = path(drawing, at, end);
    let class = look.kind.class();
    let width = Scale::line(look, THIN, THICK);
    let head = class.trim_start_matches("wg-");
    svg.open(&format!(r#"<g data-link="{at}">"#));
    svg.tip(&tip(drawing.picture, link));
    svg.raw(&format!(
        r#"<path class="wg-link {class}" stroke-width="{width}" marker-end="url(#wg-head-{head})" d="{path}"/>"#
    ));
    if let Some(mark) = operands::mark_of(drawing.picture, link) {
        svg.anchored("wg-operand", "end", end.x - 1.0, end.y - 3.0, &mark);
    }
    svg.close("</g>");
}

/// Level at each end and at each bend, smooth in between.
fn path(drawing: &Drawing<'_>, at: usize, end: Point) -> String {
    let from = drawing.layout.spots[drawing.picture.links()[at].from];
    let mut last = Point { x: from.right, y: from.middle };
    let mut path = format!("M{} {}", px(last.x), px(last.y));
    for &next in drawing.layout.bends[at].iter().chain([&end]) {
        if (next.y - last.y).abs() < 0.05 {
            write!(path, "H{}", px(next.x)).expect("a string takes all");
        } else {
            let half = (next.x - last.x) / 2.0;
            let [a, b] = [px(last.x + half), px(next.x - half)];
            let (y0, x, y) = (px(last.y), px(next.x), px(next.y));
            write!(path, "C{a} {y0} {b} {y} {x} {y}").expect("a string takes all");
        }
        last = next;
    }
    path
}

fn tip(picture: &Picture<'_>, link: &Link) -> String {
    let name = |at: usize| match &picture.elements()[at] {
        Element::Node { node, .. } => (picture.snapshot().node(*node).name(), true),
        Element::Group(group) => (group.name.clone(), false),
    };
    let ((from, from_is_node), (to, to_is_node)) = (name(link.from), name(link.to));
    let mut tip = if from_is_node && to_is_node {
        format!("∂{to}/∂{from} = {}", number(link.partial))
    } else {
        format!("{from} → {to}: {} edges", link.edges)
    };
    if let Some(contribution) = link.contribution {
        write!(tip, " · adds {} to the gradient of {from}", number(contribution))
            .expect("a string takes all");
    }
    tip
}
