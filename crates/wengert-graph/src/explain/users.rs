//! Who uses a node: the edges of a recording, from below.

use crate::{Argument, NodeIndex, Snapshot};

/// One use of a node: by which node, and as which of its arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) user: NodeIndex,
    pub(super) position: u32,
}

/// The uses of every node, each node's together, the latest user first. Eight bytes a use.
#[derive(Clone, Debug)]
pub(super) struct Users {
    /// Where each node's uses end; they begin where those of the node before end.
    ends: Vec<u32>,
    uses: Vec<Use>,
}

impl Users {
    /// The uses by those of the first `nodes` nodes that are `wanted`.
    pub(super) fn new(
        snapshot: &Snapshot,
        nodes: usize,
        wanted: impl Fn(NodeIndex) -> bool,
    ) -> Self {
        let edges = || {
            let users = (0..nodes).rev().map(NodeIndex::at).filter(|&user| wanted(user));
            users.flat_map(|user| uses_by(snapshot, user))
        };
        let mut next = vec![0; nodes + 1];
        edges().for_each(|(node, _)| next[node.position() + 1] += 1);
        let mut count = 0;
        for start in &mut next {
            count += *start;
            *start = count;
        }
        let nobody = Use { user: NodeIndex::at(0), position: 0 };
        let mut uses = vec![nobody; count as usize];
        for (node, each) in edges() {
            let place = &mut next[node.position()];
            uses[*place as usize] = each;
            *place += 1;
        }
        // Each place has moved from the start of its node's uses to their end.
        next.pop();
        Self { ends: next, uses }
    }

    pub(super) fn of(&self, node: NodeIndex) -> &[Use] {
        let at = node.position();
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.uses[start as usize..self.ends[at] as usize]
    }
}

/// What a node uses, in the order of its arguments.
fn uses_by(snapshot: &Snapshot, user: NodeIndex) -> impl Iterator<Item = (NodeIndex, Use)> {
    let arguments = snapshot.node(user).arguments().iter().enumerate();
    arguments.filter_map(move |(position, argument)| match *argument {
        Argument::Node { node, .. } => Some((node, Use { user, position: position as u32 })),
        Argument::Constant(_) => None,
    })
}
