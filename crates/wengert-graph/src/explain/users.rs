//! Who uses a node: the edges of a recording, from below.

use crate::NodeIndex;

/// One use of a node as an argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) user: NodeIndex,
    /// Which of the user's arguments the node is.
    pub(super) position: u32,
    pub(super) partial: f64,
}

/// The uses of every node, each node's together.
#[derive(Clone, Debug)]
pub(super) struct Users {
    /// Where each node's uses end; they begin where those of the node before end.
    ends: Vec<u32>,
    uses: Vec<Use>,
}

impl Users {
    /// Sorts uses by the node that is used; those of one node keep their order.
    pub(super) fn new(nodes: usize, mut uses: Vec<(NodeIndex, Use)>) -> Self {
        uses.sort_by_key(|&(node, _)| node);
        let mut ends = vec![0; nodes];
        uses.iter().for_each(|&(node, _)| ends[node.position()] += 1);
        let mut end = 0;
        for count in &mut ends {
            end += *count;
            *count = end;
        }
        Self { ends, uses: uses.into_iter().map(|(_, each)| each).collect() }
    }

    pub(super) fn of(&self, node: NodeIndex) -> &[Use] {
        let at = node.position();
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.uses[start as usize..self.ends[at] as usize]
    }
}
