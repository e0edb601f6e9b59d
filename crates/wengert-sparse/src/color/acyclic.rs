//! Acyclic colourings of Hessians: neighbours differ, and every cycle has three colours. Then the
//! entries between two colours form trees, along which they are found one from the other.

use super::dense::Dense;
use super::graph::{Adjacent, Symmetric};
use super::{Coloring, Forbidden, NONE, Order};
use smallvec::SmallVec;

/// The neighbours of a vertex that have one colour, and the tree of both colours that they are in.
#[derive(Clone, Copy)]
struct Around {
    color: u32,
    tree: u32,
}

/// Trees, joined as they grow (Tarjan, 1975).
#[derive(Default)]
struct Trees {
    parents: Vec<u32>,
    /// The vertex that looked at a tree last, and the neighbour through which it did.
    visits: Vec<(u32, u32)>,
}

impl Trees {
    fn plant(&mut self) -> u32 {
        let tree = self.parents.len() as u32;
        self.parents.push(tree);
        self.visits.push((NONE, NONE));
        tree
    }

    fn root(&mut self, mut tree: u32) -> u32 {
        while self.parents[tree as usize] != tree {
            let above = self.parents[self.parents[tree as usize] as usize];
            self.parents[tree as usize] = above;
            tree = above;
        }
        tree
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a as usize] = b;
    }
}

/// An acyclic colouring.
pub(crate) fn acyclic(graph: Symmetric<'_>, order: Order) -> Coloring {
    let count = graph.vertices();
    let mut colors = vec![NONE; count];
    let mut around: Vec<SmallVec<[Around; 4]>> = vec![SmallVec::new(); count];
    let (mut trees, mut forbidden, mut colored) = (Trees::default(), Forbidden::new(), Vec::new());
    let mut dense = Dense::of(&graph);
    for vertex in order.of(&graph) {
        let vertex = vertex as usize;
        graph.colored_neighbours(vertex, &colors, &mut colored);
        dense.forbid(vertex, &mut forbidden);
        for &w in &colored {
            forbidden.forbid(colors[w], vertex);
        }
        for &w in &colored {
            for &Around { color, tree } in &around[w] {
                if forbidden.is_forbidden(color, vertex) {
                    continue;
                }
                // A second way into one tree would close a cycle.
                let root = trees.root(tree) as usize;
                let visit = (vertex as u32, w as u32);
                match trees.visits[root] {
                    (by, through) if by == visit.0 && through != visit.1 => {
                        forbidden.forbid(color, vertex);
                    }
                    _ => trees.visits[root] = visit,
                }
            }
        }
        let color = forbidden.first_free(vertex);
        colors[vertex] = color;
        dense.note(vertex, color);
        for &w in &colored {
            let mine = tree_of(&mut around[vertex], colors[w], &mut trees);
            let others = tree_of(&mut around[w], color, &mut trees);
            trees.join(mine, others);
        }
    }
    Coloring::of(colors)
}

/// The tree of a vertex and its neighbours of a colour, a new one where there were none.
fn tree_of(around: &mut SmallVec<[Around; 4]>, color: u32, trees: &mut Trees) -> u32 {
    if let Some(known) = around.iter().find(|around| around.color == color) {
        return known.tree;
    }
    let tree = trees.plant();
    around.push(Around { color, tree });
    tree
}
