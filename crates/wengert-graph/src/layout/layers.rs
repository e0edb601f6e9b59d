//! Layers: each box behind all that it uses, and as near to it as others allow.

/// Passes over all boxes that draw them nearer to what they are linked with. A pass moves a whole
/// chain, so a few are enough.
const PASSES: usize = 8;

/// The layer of each box, from 0.
pub(super) fn assign(boxes: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let forward = || links.iter().copied().filter(|(from, to)| from < to);
    let users = Neighbours::new(boxes, forward());
    let used = Neighbours::new(boxes, forward().map(|(from, to)| (to, from)));
    let mut layers = longest_paths(&used, boxes);
    for _ in 0..PASSES {
        if !tighten(&mut layers, &used, &users) {
            break;
        }
    }
    layers
}

/// Each box one behind the last of those that it uses.
fn longest_paths(used: &Neighbours, boxes: usize) -> Vec<usize> {
    let mut layers = vec![0; boxes];
    for at in 0..boxes {
        layers[at] = used.of(at).iter().map(|&from| layers[from] + 1).max().unwrap_or(0);
    }
    layers
}

/// Moves boxes with more users than operands to just before the first of their users: that makes
/// links shorter in sum. An input thus stands where it is first used. Returns whether any moved.
fn tighten(layers: &mut [usize], used: &Neighbours, users: &Neighbours) -> bool {
    let mut moved = false;
    for at in (0..layers.len()).rev() {
        let Some(first) = users.of(at).iter().map(|&to| layers[to]).min() else { continue };
        if users.of(at).len() > used.of(at).len() && first - 1 > layers[at] {
            layers[at] = first - 1;
            moved = true;
        }
    }
    moved
}

/// For each box, the boxes at the other ends of its links.
pub(super) struct Neighbours {
    ends: Vec<usize>,
    list: Vec<usize>,
}

impl Neighbours {
    /// From pairs of a box and its neighbour, in any order; the order of a box's neighbours is
    /// that of the pairs.
    pub(super) fn new(boxes: usize, pairs: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut ends = vec![0; boxes + 1];
        for (at, _) in pairs.clone() {
            ends[at + 1] += 1;
        }
        for at in 0..boxes {
            ends[at + 1] += ends[at];
        }
        let mut list = vec![0; ends[boxes]];
        let mut next = ends.clone();
        for (at, neighbour) in pairs {
            list[next[at]] = neighbour;
            next[at] += 1;
        }
        Self { ends, list }
    }

    pub(super) fn of(&self, at: usize) -> &[usize] {
        &self.list[self.ends[at]..self.ends[at + 1]]
    }
}
