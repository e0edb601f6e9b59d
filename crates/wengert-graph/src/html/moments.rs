//! What the slider plays: the forward pass card by card, then each `+=` of the reverse sweep.

use super::source::Source;
use crate::explain::{Addition, Formula};
use crate::text::label::visible;
use crate::text::number::{count, typeset};
use crate::{Element, Grouping, NodeIndex};
use serde::Serialize;
use std::collections::HashMap;

/// One step of the slider.
#[derive(Debug, Serialize)]
pub(super) struct Moment {
    phase: Phase,
    /// The card that changes.
    element: usize,
    /// The link along which an adjoint flows.
    link: Option<usize>,
    /// What happens, where it is not the equation of the card.
    formula: Option<Formula>,
    /// The adjoint of the card behind it.
    adjoint: Option<String>,
    /// -1, 0 or 1; nothing for what is not finite.
    sign: Option<i8>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Phase {
    Forward,
    Seed,
    Backward,
}

/// All steps in order.
pub(super) fn of(source: &Source<'_>) -> Vec<Moment> {
    let mut moments = forward(source);
    if has_sweep(source) {
        moments.extend(seed(source));
        moments.extend(backward(source));
    }
    moments
}

/// The cards that are computed: inputs and constants are given.
fn forward(source: &Source<'_>) -> Vec<Moment> {
    let elements = source.picture.elements().iter().enumerate();
    let formula = |element: &Element| match element {
        Element::Node { node, .. } if source.snapshot().node(*node).operation().is_leaf() => None,
        // The equation of a node is known of its card.
        Element::Node { .. } => Some(None),
        Element::Group(group) if group.by == Grouping::Use => None,
        Element::Group(group) => {
            let text = format!("{}: {} nodes", visible(&group.name), count(group.nodes));
            Some(Some(Formula::words(text)))
        }
    };
    let moment = |(at, formula)| Moment {
        phase: Phase::Forward,
        element: at,
        link: None,
        formula,
        adjoint: None,
        sign: None,
    };
    elements.filter_map(|(at, element)| Some((at, formula(element)?))).map(moment).collect()
}

/// Whether every card on which the output depends has an adjoint to show.
fn has_sweep(source: &Source<'_>) -> bool {
    let Some(explanation) = source.explanation else { return false };
    let nodes = (0..source.picture.elements().len()).filter_map(|at| source.node_of(at));
    source.snapshot().has_gradients()
        && nodes
            .filter(|&node| explanation.step(node).is_some())
            .all(|node| source.snapshot().node(node).adjoint().is_some())
}

/// The first step of the sweep: the output's derivative with respect to itself.
fn seed(source: &Source<'_>) -> Option<Moment> {
    let step = source.explanation?.step(source.explanation?.output())?;
    let is_output = |&at: &usize| source.node_of(at) == Some(step.node());
    let element = (0..source.picture.elements().len()).find(is_output)?;
    let adjoint = step.adjoint();
    Some(Moment {
        phase: Phase::Seed,
        element,
        link: None,
        formula: Some(step.formula()),
        adjoint: Some(typeset(adjoint)),
        sign: sign(adjoint),
    })
}

/// The sweep: the cards from last to first, and along each link into a card what flows back.
fn backward(source: &Source<'_>) -> Vec<Moment> {
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); source.picture.elements().len()];
    for (at, link) in source.picture.links().iter().enumerate() {
        into[link.to].push(at);
    }
    let additions = additions(source);
    let mut sums = vec![0.0; into.len()];
    let mut moments = Vec::new();
    for link in into.into_iter().rev().flatten() {
        let ends = &source.picture.links()[link];
        match (source.node_of(ends.from), source.node_of(ends.to)) {
            (Some(from), Some(to)) => {
                for addition in additions.get(&(from, to)).into_iter().flatten() {
                    sums[ends.from] += addition.contribution;
                    moments.push(addition_moment(ends.from, link, addition, sums[ends.from]));
                }
            }
            _ => moments.extend(group_moment(source, link)),
        }
    }
    moments
}

/// What the uses of each node add, by the node and its user, where both have a card.
fn additions(source: &Source<'_>) -> HashMap<(NodeIndex, NodeIndex), Vec<Addition>> {
    let mut additions: HashMap<_, Vec<Addition>> = HashMap::new();
    let Some(explanation) = source.explanation else { return additions };
    for link in source.picture.links() {
        if let (Some(from), Some(to)) = (source.node_of(link.from), source.node_of(link.to)) {
            additions.insert((from, to), Vec::new());
        }
    }
    let nodes = (0..source.picture.elements().len()).filter_map(|at| source.node_of(at));
    for step in nodes.filter_map(|node| explanation.step(node)) {
        let is_shown = |user: NodeIndex| additions.contains_key(&(step.node(), user));
        for addition in step.additions(is_shown).collect::<Vec<_>>() {
            if let Some(list) = additions.get_mut(&(step.node(), addition.user)) {
                list.push(addition);
            }
        }
    }
    additions
}

fn addition_moment(element: usize, link: usize, addition: &Addition, sum: f64) -> Moment {
    Moment {
        phase: Phase::Backward,
        element,
        link: Some(link),
        formula: Some(addition.formula.clone()),
        adjoint: Some(typeset(sum)),
        sign: sign(sum),
    }
}

/// What flows between groups, if anything does.
fn group_moment(source: &Source<'_>, at: usize) -> Option<Moment> {
    let link = &source.picture.links()[at];
    let contribution = link.contribution?;
    let name = |element: usize| match &source.picture.elements()[element] {
        Element::Node { node, .. } => source.names.name(*node),
        Element::Group(group) => visible(&group.name).into_owned(),
    };
    let (from, to, edges) = (name(link.from), name(link.to), count(link.edges));
    Some(Moment {
        phase: Phase::Backward,
        element: link.from,
        link: Some(at),
        formula: Some(Formula::words(format!(
            "{to} passes {} back to {from}, along {edges} edges",
            typeset(contribution)
        ))),
        adjoint: None,
        sign: sign(contribution),
    })
}

fn sign(x: f64) -> Option<i8> {
    match x {
        _ if !x.is_finite() => None,
        0.0 => Some(0),
        _ => Some(if x > 0.0 { 1 } else { -1 }),
    }
}
