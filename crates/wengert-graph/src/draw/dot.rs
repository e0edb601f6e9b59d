//! DOT, the language of Graphviz: a record for each value, a round node for each operation, from
//! left to right.

use super::colour::LIGHT;
use super::contradictions::Contradictions;
use super::guards;
use super::scale::{Kind, Scale};
use crate::text::label::{dot, dot_record, shortened};
use crate::text::number::number;
use crate::text::operands;
use crate::text::sign::sign;
use crate::{Element, Group, Guard, Link, Node, Picture, Role};
use std::fmt::{self, Write};

/// Longest label; a longer one would make its record as wide as the page.
const LABEL: usize = 60;

/// Typefaces that some system has.
const FACES: &str = "Helvetica,Arial,sans-serif";

impl Picture<'_> {
    /// The picture in DOT, to be drawn by Graphviz: `dot -Tsvg`.
    ///
    /// Each value is a record `label | data | grad`, each operation a round node before it, and
    /// each group a box. Without gradients there is no `grad`; one that was set by hand and
    /// contradicts the chain rule is followed by `≠` and what the rule gives.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(2.0).label("x").tanh();
    /// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// let dot = Picture::of(&snapshot).dot();
    /// assert!(dot.contains(r#"label="{x|data 2.0000|grad 0.0707}""#));
    /// assert!(dot.contains(r#"o1 [label="tanh""#));
    /// assert!(dot.contains("v0 -> o1") && dot.contains("o1 -> v1"));
    /// ```
    #[must_use]
    pub fn dot(&self) -> String {
        let mut out = String::new();
        write_graph(&mut out, self).expect("a string takes all that is written");
        out
    }
}

fn write_graph(out: &mut String, picture: &Picture<'_>) -> fmt::Result {
    writeln!(out, "digraph {{\n    rankdir=LR;\n    ranksep=0.4;")?;
    writeln!(out, "    graph [fontname=\"{FACES}\", fontsize=14];")?;
    writeln!(out, "    node [fontname=\"{FACES}\", fontsize=11];")?;
    writeln!(out, "    edge [arrowsize=0.7];")?;
    if let Some(title) = picture.snapshot().title() {
        writeln!(out, "    label=\"{}\";\n    labelloc=t;", dot(title))?;
    }
    let (scale, wrong) = (Scale::of(picture), Contradictions::of(picture.snapshot()));
    for (at, element) in picture.elements().iter().enumerate() {
        match element {
            Element::Node { node, .. } => {
                write_node(out, at, picture.snapshot().node(*node), &wrong)?;
            }
            Element::Group(group) => write_group(out, at, group)?,
        }
    }
    for link in picture.links() {
        write_link(out, picture, link, &scale)?;
    }
    for (number, guard) in guards::listed(picture.snapshot()) {
        write_guard(out, picture, number, guard)?;
    }
    writeln!(out, "}}")
}

/// A note at the values that are compared.
fn write_guard(
    out: &mut String,
    picture: &Picture<'_>,
    number: usize,
    guard: &Guard,
) -> fmt::Result {
    let (text, place) = (dot(&guard.text), dot(&guard.short_place()));
    let colour = LIGHT.neutral;
    writeln!(out, "    g{number} [label=\"{text}\\n{place}\", shape=note, color=\"{colour}\"];")?;
    guards::elements(picture, guard).into_iter().try_for_each(|at| {
        writeln!(out, "    v{at} -> g{number} [style=dotted, arrowhead=none, color=\"{colour}\"];")
    })
}

fn write_node(out: &mut String, at: usize, node: Node<'_>, wrong: &Contradictions) -> fmt::Result {
    let label = dot_record(&shortened(&node.name(), LABEL));
    let grad = wrong.adjoint(node).map_or_else(String::new, |adjoint| format!("|grad {adjoint}"));
    let data = number(node.value());
    let colour = if node.is_finite() { LIGHT.role(node.role()) } else { LIGHT.bad };
    let width = if node.role() == Role::Output || !node.is_finite() { 2 } else { 1 };
    writeln!(
        out,
        "    v{at} [label=\"{{{label}|data {data}{grad}}}\", shape=record, \
         color=\"{colour}\", penwidth={width}];"
    )?;
    if node.operation().is_leaf() {
        return Ok(());
    }
    let sign = dot(&sign(node));
    writeln!(out, "    o{at} [label=\"{sign}\", shape=ellipse, color=\"{colour}\"];")?;
    writeln!(out, "    o{at} -> v{at} [arrowhead=none];")
}

fn write_group(out: &mut String, at: usize, group: &Group) -> fmt::Result {
    let name = dot(&shortened(&group.name, LABEL));
    let grad =
        group.largest_adjoint.map_or_else(String::new, |g| format!("\\nmax |grad| {}", number(g)));
    let bad = match group.non_finite {
        0 => String::new(),
        count => format!("\\n{count} not finite"),
    };
    let colour = if group.non_finite == 0 { LIGHT.role(Role::Operation) } else { LIGHT.bad };
    writeln!(
        out,
        "    v{at} [label=\"{name}\\n{} nodes{grad}{bad}\", shape=box3d, color=\"{colour}\"];",
        group.nodes
    )
}

fn write_link(out: &mut String, picture: &Picture<'_>, link: &Link, scale: &Scale) -> fmt::Result {
    let look = scale.link(link.contribution);
    let colour = match look.kind {
        Kind::Unknown | Kind::Zero => LIGHT.neutral,
        Kind::Positive => LIGHT.positive,
        Kind::Negative => LIGHT.negative,
        Kind::NonFinite => LIGHT.bad,
    };
    let style = if look.kind == Kind::Zero { ", style=dashed" } else { "" };
    let mark = operands::mark_of(picture, link)
        .map_or_else(String::new, |mark| format!(", headlabel=\"{mark} \", labelfontsize=10"));
    let width = Scale::line(look, 1.0, 4.0);
    let to = entry(picture, link.to);
    writeln!(out, "    v{} -> {to} [color=\"{colour}\", penwidth={width}{style}{mark}];", link.from)
}

/// Where links to an element end: at its operation if it shows one.
fn entry(picture: &Picture<'_>, at: usize) -> String {
    match &picture.elements()[at] {
        Element::Node { node, .. } if !picture.snapshot().node(*node).operation().is_leaf() => {
            format!("o{at}")
        }
        _ => format!("v{at}"),
    }
}
