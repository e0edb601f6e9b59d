//! Vertices with far more neighbours than most: dense rows of a matrix.

use super::Forbidden;
use super::graph::Adjacent;

/// The most dense vertices that have colours of their own.
const MOST: usize = 32;

/// A few dense vertices, each of which has a colour of its own among them.
///
/// Two vertices of one colour whose neighbours are largely the same leave every such neighbour to
/// have a colour of its own. A greedy colouring gives two dense rows one colour if they are not
/// neighbours, and then needs as many as there are columns.
pub(super) struct Dense {
    is_dense: Vec<bool>,
    colors: Vec<u32>,
}

impl Dense {
    pub(super) fn of(graph: &impl Adjacent) -> Self {
        let degree = |vertex| {
            let mut degree = 0;
            graph.neighbours(vertex, |_| degree += 1);
            degree
        };
        let degrees: Vec<usize> = (0..graph.vertices()).map(degree).collect();
        let mean = degrees.iter().sum::<usize>() / degrees.len().max(1);
        let is_dense: Vec<bool> = degrees.iter().map(|&degree| degree > 16 * (mean + 1)).collect();
        let count = is_dense.iter().filter(|&&dense| dense).count();
        Self { is_dense: if count > MOST { Vec::new() } else { is_dense }, colors: Vec::new() }
    }

    /// Forbids a dense vertex the colours of the others.
    pub(super) fn forbid(&self, vertex: usize, forbidden: &mut Forbidden) {
        if self.is_dense.get(vertex) == Some(&true) {
            self.colors.iter().for_each(|&color| forbidden.forbid(color, vertex));
        }
    }

    /// Notes the colour of a vertex.
    pub(super) fn note(&mut self, vertex: usize, color: u32) {
        if self.is_dense.get(vertex) == Some(&true) {
            self.colors.push(color);
        }
    }
}
