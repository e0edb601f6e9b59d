//! Star colourings of Hessians: neighbours differ, and no path of four vertices has two colours.
//! Then each entry stands by itself in one of the two products that it is part of.

use super::dense::Dense;
use super::graph::{Adjacent, Symmetric};
use super::{Coloring, Forbidden, NONE, Order};
use smallvec::SmallVec;

/// The neighbours of a vertex that have one colour.
#[derive(Clone, Copy)]
struct Around {
    color: u32,
    /// The first of them.
    first: u32,
    /// Whether there are more: then the vertex is the hub of their star.
    is_hub: bool,
}

/// The colours around each vertex.
struct Stars(Vec<SmallVec<[Around; 4]>>);

impl Stars {
    fn of(&self, vertex: usize, color: u32) -> Option<Around> {
        self.0[vertex].iter().copied().find(|around| around.color == color)
    }

    /// Notes that a neighbour has its colour.
    fn add(&mut self, vertex: usize, neighbour: usize, color: u32) {
        match self.0[vertex].iter_mut().find(|around| around.color == color) {
            Some(around) => around.is_hub = true,
            None => self.0[vertex].push(Around { color, first: neighbour as u32, is_hub: false }),
        }
    }
}

/// A star colouring. PERF: a vertex looks at the colours around its neighbours and not at their
/// neighbours, which beside a dense row would be all.
pub(crate) fn star(graph: Symmetric<'_>, order: Order) -> Coloring {
    let count = graph.vertices();
    let mut colors = vec![NONE; count];
    let mut stars = Stars(vec![SmallVec::new(); count]);
    let mut forbidden = Forbidden::new();
    let (mut colored, mut firsts) = (Vec::new(), FirstOf::default());
    let mut dense = Dense::of(&graph);
    for vertex in order.of(&graph) {
        let vertex = vertex as usize;
        graph.colored_neighbours(vertex, &colors, &mut colored);
        dense.forbid(vertex, &mut forbidden);
        for &w in &colored {
            let of_w = colors[w];
            forbidden.forbid(of_w, vertex);
            // A path x, w, vertex, q whose w and q have one colour: not that of x.
            if let Some(q) = firsts.other(of_w, vertex, w) {
                for around in stars.0[q].iter().chain(&stars.0[w]) {
                    forbidden.forbid(around.color, vertex);
                }
                continue;
            }
            // A path vertex, w, x, y whose w and y have one colour: not that of x.
            for around in &stars.0[w] {
                let is_spoke = || stars.of(around.first as usize, of_w).is_some_and(|x| x.is_hub);
                if !around.is_hub && is_spoke() {
                    forbidden.forbid(around.color, vertex);
                }
            }
        }
        let color = forbidden.first_free(vertex);
        colors[vertex] = color;
        dense.note(vertex, color);
        for &w in &colored {
            stars.add(w, vertex, color);
            stars.add(vertex, w, colors[w]);
        }
    }
    Coloring::of(colors)
}

/// The first neighbour of each colour, of one vertex at a time.
#[derive(Default)]
struct FirstOf(Vec<(u32, u32)>);

impl FirstOf {
    /// The first neighbour of this colour if that is another than `w`, which is it else.
    fn other(&mut self, color: u32, vertex: usize, w: usize) -> Option<usize> {
        let color = color as usize;
        if color >= self.0.len() {
            self.0.resize(color + 1, (NONE, 0));
        }
        let (of, first) = self.0[color];
        if of == vertex as u32 {
            return Some(first as usize);
        }
        self.0[color] = (vertex as u32, w as u32);
        None
    }
}
