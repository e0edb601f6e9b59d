//! Mermaid, which many sites draw from Markdown.

use super::colour::LIGHT;
use super::contradictions::Contradictions;
use super::guards;
use super::scale::{Kind, Scale};
use crate::text::label::{mermaid, mermaid_title, shortened};
use crate::text::number::number;
use crate::text::operands;
use crate::text::sign::sign;
use crate::{Element, Group, Link, Node, Picture, Role};
use std::fmt::{self, Write};

/// Longest label: Mermaid breaks lines where it likes.
const LABEL: usize = 60;

impl Picture<'_> {
    /// The picture as a Mermaid flowchart, to stand in Markdown between lines of three backticks,
    /// the first of them followed by `mermaid`.
    ///
    /// Viewers refuse charts of more than some hundred links, so take this for small pictures.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// tape.var(2.0).label("x").tanh();
    /// let snapshot = Snapshot::of(&tape.view());
    /// let text = Picture::of(&snapshot).mermaid();
    /// assert!(text.starts_with("flowchart LR\n"));
    /// assert!(text.contains("v0([\"x<br/>data 2.0000\"]):::input"));
    /// assert!(text.contains("o1((\"tanh\")) --- v1[\"n1<br/>"));
    /// ```
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut out = String::new();
        write_chart(&mut out, self).expect("a string takes all that is written");
        out
    }
}

fn write_chart(out: &mut String, picture: &Picture<'_>) -> fmt::Result {
    if let Some(title) = picture.snapshot().title() {
        writeln!(out, "---\ntitle: \"{}\"\n---", mermaid_title(title))?;
    }
    writeln!(out, "flowchart LR")?;
    let wrong = Contradictions::of(picture.snapshot());
    // Counted by Mermaid too, in the order in which they are written.
    let mut lines = 0_usize;
    for (at, element) in picture.elements().iter().enumerate() {
        match element {
            Element::Node { node, .. } => {
                let node = picture.snapshot().node(*node);
                lines += usize::from(!node.operation().is_leaf());
                write_node(out, at, node, &wrong)?;
            }
            Element::Group(group) => write_group(out, at, group)?,
        }
    }
    let scale = Scale::of(picture);
    for (at, link) in picture.links().iter().enumerate() {
        write_link(out, picture, link, &scale, lines + at)?;
    }
    for (number, guard) in guards::listed(picture.snapshot()) {
        let (text, place) = (mermaid(&guard.text), mermaid(&guard.short_place()));
        writeln!(out, "    g{number}>\"{text}<br/>{place}\"]:::constant")?;
        for at in guards::elements(picture, guard) {
            writeln!(out, "    v{at} -.- g{number}")?;
        }
    }
    write_classes(out)
}

fn write_node(out: &mut String, at: usize, node: Node<'_>, wrong: &Contradictions) -> fmt::Result {
    let label = mermaid(&shortened(&node.name(), LABEL));
    let grad = wrong.adjoint(node).map_or_else(String::new, |grad| format!("<br/>grad {grad}"));
    let text = format!("{label}<br/>data {}{grad}", number(node.value()));
    let class = if node.is_finite() { node.role().name() } else { "bad" };
    if node.operation().is_leaf() {
        return writeln!(out, "    v{at}([\"{text}\"]):::{class}");
    }
    let sign = mermaid(&sign(node));
    writeln!(out, "    o{at}((\"{sign}\")) --- v{at}[\"{text}\"]:::{class}")
}

fn write_group(out: &mut String, at: usize, group: &Group) -> fmt::Result {
    let name = mermaid(&shortened(&group.name, LABEL));
    let grad =
        group.largest_adjoint.map_or_else(String::new, |g| format!("<br/>max grad {}", number(g)));
    let class = if group.non_finite == 0 { "operation" } else { "bad" };
    writeln!(out, "    v{at}[[\"{name}<br/>{} nodes{grad}\"]]:::{class}", group.nodes)
}

fn write_link(
    out: &mut String,
    picture: &Picture<'_>,
    link: &Link,
    scale: &Scale,
    number_of_line: usize,
) -> fmt::Result {
    let look = scale.link(link.contribution);
    let (arrow, colour) = match look.kind {
        Kind::Unknown => ("-->", LIGHT.neutral),
        Kind::Zero => ("-.->", LIGHT.neutral),
        Kind::Positive => ("-->", LIGHT.positive),
        Kind::Negative => ("-->", LIGHT.negative),
        Kind::NonFinite => ("-->", LIGHT.bad),
    };
    let to = match &picture.elements()[link.to] {
        Element::Node { .. } => "o",
        Element::Group(_) => "v",
    };
    let mark = operands::mark_of(picture, link).map_or_else(String::new, |m| format!("|{m}|"));
    writeln!(out, "    v{} {arrow}{mark} {to}{}", link.from, link.to)?;
    let width = Scale::line(look, 1.0, 5.0);
    writeln!(out, "    linkStyle {number_of_line} stroke:{colour},stroke-width:{width}px")
}

fn write_classes(out: &mut String) -> fmt::Result {
    for role in Role::ALL {
        let width = if role == Role::Output { 3 } else { 1 };
        writeln!(
            out,
            "    classDef {} stroke:{},stroke-width:{width}px",
            role.name(),
            LIGHT.role(role)
        )?;
    }
    writeln!(out, "    classDef bad stroke:{},stroke-width:3px", LIGHT.bad)
}
