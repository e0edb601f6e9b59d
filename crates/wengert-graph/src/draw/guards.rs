//! Comparisons on which a path depends, as all pictures list them.

use crate::{Element, Guard, NodeIndex, Picture, Snapshot};

/// So many are listed; more are counted.
const LISTED: usize = 12;

/// The comparisons that are listed, with their numbers from 1.
pub(super) fn listed(snapshot: &Snapshot) -> impl Iterator<Item = (usize, &Guard)> {
    (1..).zip(snapshot.guards().iter().take(LISTED))
}

/// How many are not.
pub(super) fn more(snapshot: &Snapshot) -> usize {
    snapshot.guards().len().saturating_sub(LISTED)
}

/// The elements that show what a comparison is about.
pub(super) fn elements(picture: &Picture<'_>, guard: &Guard) -> Vec<usize> {
    let shows = |element: &Element| match element {
        Element::Node { node, .. } => guard.nodes.contains(node),
        Element::Group(_) => false,
    };
    let elements = picture.elements().iter().enumerate();
    elements.filter(|(_, element)| shows(element)).map(|(at, _)| at).collect()
}

/// The marks of a node: `◇1 ◇3` where the first and the third comparison are about it.
pub(super) fn marks(snapshot: &Snapshot, node: NodeIndex) -> String {
    let about = listed(snapshot).filter(|(_, guard)| guard.nodes.contains(&node));
    about.map(|(number, _)| format!("◇{number}")).collect::<Vec<_>>().join(" ")
}
