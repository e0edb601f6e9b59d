//! What the page's script knows of the picture: words and numbers, ready to be shown.

use super::moments::{self, Moment};
use super::source::Source;
use super::views::Views;
use crate::explain::names::Names;
use crate::explain::{Formula, local};
use crate::text::label::{shortened, visible};
use crate::text::number::{count, typeset};
use crate::{Argument, Element, Group, Grouping, Guard, Link, Node, NodeIndex};
use serde::Serialize;

/// So many arguments of a node are listed; more are counted.
const LISTED: usize = 24;

/// Everything beside the drawings.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    views: Vec<View>,
}

/// What is known of one drawing: of the picture, or of the picture with some group opened.
#[derive(Debug, Serialize)]
struct View {
    /// The group that is open in it, and the view in which that is closed.
    name: String,
    parent: Option<usize>,
    elements: Vec<Item>,
    links: Vec<Connection>,
    moments: Vec<Moment>,
    derivation: Vec<Line>,
}

/// One card of the picture.
#[derive(Debug, Serialize)]
struct Item {
    name: String,
    role: &'static str,
    /// The value as a formula, with its number.
    formula: Option<Formula>,
    /// The view in which this group is open.
    opens: Option<usize>,
    facts: Vec<Fact>,
    /// What a search looks at.
    words: String,
}

/// A line of what is known: what, and how much.
#[derive(Debug, Serialize)]
struct Fact(&'static str, String);

/// One link of the picture: from the card that is used to the one that uses it.
#[derive(Debug, Serialize)]
struct Connection {
    from: usize,
    to: usize,
    text: String,
}

/// A line of the derivation, and the card that it is about.
#[derive(Debug, Serialize)]
struct Line {
    element: usize,
    is_backward: bool,
    /// What it says, where it is not the equation of the card.
    formula: Option<Formula>,
}

impl Page {
    pub(super) fn of(views: &Views<'_>) -> Self {
        let snapshot = views.list[0].picture.snapshot();
        let output = snapshot.outputs().last().copied();
        let explanation = output.map(|output| snapshot.explain(output));
        let names = explanation.as_ref().map(|explanation| explanation.names().clone());
        let names = names.unwrap_or_else(|| Names::new(snapshot));
        let wrong = snapshot.contradictions();
        let view = |view: &super::views::View<'_>| {
            let (names, explanation) = (names.clone(), explanation.as_ref());
            Source { picture: &view.picture, names, explanation, wrong: &wrong }.view(view)
        };
        Self { views: views.list.iter().map(view).collect() }
    }
}

impl Source<'_> {
    fn view(&self, view: &super::views::View<'_>) -> View {
        let elements = self.picture.elements().iter().zip(&view.opens);
        View {
            name: shown(&view.name),
            parent: view.parent,
            elements: elements.map(|(of, opens)| Item { opens: *opens, ..self.item(of) }).collect(),
            links: self.picture.links().iter().map(|link| self.connection(link)).collect(),
            moments: moments::of(self),
            derivation: self.derivation(),
        }
    }

    fn item(&self, element: &Element) -> Item {
        match element {
            Element::Node { node, .. } => self.node(self.snapshot().node(*node)),
            Element::Group(group) => group_item(group),
        }
    }

    fn node(&self, node: Node<'_>) -> Item {
        let name = self.names.name(node.index());
        let operation = node.operation().name();
        let mut facts = vec![
            Fact("node", node.index().to_string()),
            Fact("operation", operation.to_owned()),
            Fact("value", exact(node.value())),
        ];
        facts.extend(node.adjoint().map(|adjoint| Fact("adjoint", exact(adjoint))));
        let wrong = self.wrong.binary_search_by_key(&node.index(), |(at, _)| *at).ok();
        facts.extend(
            wrong.map(|at| self.wrong[at].1).map(|sum| Fact("≠ its users pass back", exact(sum))),
        );
        facts.extend(self.swept(node));
        facts.extend(self.partials(node));
        let is_about = |guard: &&Guard| guard.nodes.contains(&node.index());
        let guards = self.snapshot().guards().iter().filter(is_about).take(LISTED);
        facts.extend(guards.map(|guard| Fact("comparison", shown(&guard.to_string()))));
        facts.extend((!node.scope().is_empty()).then(|| Fact("scope", path(&node.scope()))));
        facts.extend(node.place().map(|place| Fact("recorded at", place.to_string())));
        let words = format!("{name} {} {operation}", node.index()).to_lowercase();
        let formula = Some(self.snapshot().equation(node.index(), &self.names));
        Item { name, role: node.role().name(), formula, opens: None, facts, words }
    }

    /// The adjoint by the chain rule, where the one given is another.
    fn swept(&self, node: Node<'_>) -> Option<Fact> {
        let given = node.adjoint()?;
        let swept = self.explanation?.step(node.index())?.adjoint();
        let differs = (given - swept).abs() > 1e-9 * swept.abs().max(f64::MIN_POSITIVE);
        differs.then(|| Fact("by the chain rule", exact(swept)))
    }

    /// A line for each argument that is a node: `∂n/∂x = w = −3.0000`.
    fn partials(&self, node: Node<'_>) -> Vec<Fact> {
        let arguments = node.arguments().iter().enumerate();
        let partials = arguments.filter_map(|(at, argument)| match *argument {
            Argument::Node { node: by, partial } => {
                Some(Fact("local derivative", self.partial(node.index(), by, at, partial)))
            }
            Argument::Constant(_) => None,
        });
        let mut facts: Vec<Fact> = partials.take(LISTED).collect();
        let more = node.edges().count() - facts.len();
        facts.extend(
            (more > 0).then(|| Fact("local derivative", format!("and {} more", count(more)))),
        );
        facts
    }

    fn partial(&self, of: NodeIndex, by: NodeIndex, at: usize, partial: f64) -> String {
        let names = [of, by].map(|node| self.names.name(node));
        let number = typeset(partial);
        match local(self.snapshot(), of, at, &self.names) {
            Some(formula) if formula.parse::<f64>().is_err() => {
                format!("∂{}/∂{} = {formula} = {number}", names[0], names[1])
            }
            _ => format!("∂{}/∂{} = {number}", names[0], names[1]),
        }
    }

    fn connection(&self, link: &Link) -> Connection {
        let Link { from, to, edges, partial, contribution } = *link;
        let name = |element: usize| match &self.picture.elements()[element] {
            Element::Node { node, .. } => self.names.name(*node),
            Element::Group(group) => shown(&group.name),
        };
        let (source, user) = (name(from), name(to));
        let mut text = match (self.node_of(from), self.node_of(to)) {
            (Some(_), Some(_)) => format!("∂{user}/∂{source} = {}", typeset(partial)),
            _ => format!("{source} → {user}: {} edges", count(edges)),
        };
        if let Some(contribution) = contribution {
            text += &format!("\nadds {} to the adjoint of {source}", typeset(contribution));
        }
        Connection { from, to, text }
    }

    /// The equations of the nodes that have a card: values up, derivatives down.
    fn derivation(&self) -> Vec<Line> {
        let cards = || {
            let all = (0..self.picture.elements().len()).map(|at| (at, self.node_of(at)));
            all.filter_map(|(element, node)| Some((element, node?)))
        };
        let up = cards().map(|(element, _)| Line { element, is_backward: false, formula: None });
        let down = cards().collect::<Vec<_>>().into_iter().rev().filter_map(|(element, node)| {
            let formula = Some(self.explanation?.step(node)?.formula());
            Some(Line { element, is_backward: true, formula })
        });
        up.chain(down).collect()
    }
}

fn group_item(group: &Group) -> Item {
    let by = match group.by {
        Grouping::Scope => "recorded in one scope",
        Grouping::Pattern => "computed alike",
        Grouping::Use => "inputs that the same operations use",
        Grouping::Line => "recorded by one line",
        Grouping::Earlier => "earlier rounds of what is shown",
        Grouping::Stretch => "recorded one after the other",
        Grouping::Rest => "shown as one for want of room",
    };
    let mut facts = vec![Fact("nodes", count(group.nodes)), Fact("why one", by.to_owned())];
    facts.extend(group.largest_adjoint.map(|size| Fact("largest adjoint", exact(size))));
    facts.extend(group.line.as_ref().map(|line| Fact("recorded at", shown(line))));
    let bad = group.non_finite;
    facts.extend((bad > 0).then(|| Fact("not finite", count(bad))));
    let name = shown(&group.name);
    let words = name.to_lowercase();
    Item { name, role: "group", formula: None, opens: None, facts, words }
}

fn path(scope: &[&str]) -> String {
    shown(&scope.join(" / "))
}

fn shown(text: &str) -> String {
    shortened(&visible(text), 200).into_owned()
}

/// All digits of a number.
fn exact(x: f64) -> String {
    let plain = x + 0.0;
    let size = plain.abs();
    let text = if size != 0.0 && !(1e-5..1e16).contains(&size) {
        format!("{plain:e}")
    } else {
        format!("{plain}")
    };
    text.replace('-', "−").replace("inf", "∞")
}
