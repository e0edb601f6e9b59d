//! In which order vertices are coloured.

use super::graph::Adjacent;

/// In which order rows or columns are given their colours, each the first that is free. Another
/// order may need fewer colours; none is best for all patterns.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert_sparse::{Order, SparseHessian};
/// let f = Function::record(&[1.0; 9], |x| x.windows(2).fold(x[0], |s, x| s + x[0] * x[1]));
/// let plan = SparseHessian::builder(f.hessian_pattern()).order(Order::SmallestLast).plan()?;
/// assert!(plan.colors() <= 3);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Order {
    /// As they are.
    #[default]
    Natural,
    /// Those with the most neighbours first (Welsh & Powell, 1967).
    LargestFirst,
    /// Last the one with the fewest neighbours, before it that with the fewest among the rest,
    /// and so on (Matula, Marble & Isaacson, 1972).
    SmallestLast,
    /// Next the one with the most neighbours that have their colour already.
    IncidenceDegree,
}

impl Order {
    /// The vertices of a graph in this order.
    pub(crate) fn of(self, graph: &impl Adjacent) -> Vec<u32> {
        let vertices = 0..graph.vertices() as u32;
        match self {
            Self::Natural => vertices.collect(),
            Self::LargestFirst => {
                let degrees = Neighbours::of(graph).degrees();
                let mut order: Vec<u32> = vertices.collect();
                order.sort_by_key(|&vertex| std::cmp::Reverse(degrees[vertex as usize]));
                order
            }
            Self::SmallestLast => {
                let mut neighbours = Neighbours::of(graph);
                let degrees = neighbours.degrees();
                let mut order = greedy(&mut neighbours, degrees, false);
                order.reverse();
                order
            }
            Self::IncidenceDegree => {
                let degrees = vec![0; graph.vertices()];
                greedy(&mut Neighbours::of(graph), degrees, true)
            }
        }
    }
}

/// Distinct neighbours of one vertex at a time.
struct Neighbours<'g, G> {
    graph: &'g G,
    /// The vertex whose neighbour a vertex was last, counted from 1.
    seen: Vec<u32>,
}

impl<'g, G: Adjacent> Neighbours<'g, G> {
    fn of(graph: &'g G) -> Self {
        Self { graph, seen: vec![0; graph.vertices()] }
    }

    fn each(&mut self, vertex: usize, mut visit: impl FnMut(usize)) {
        let (seen, mark) = (&mut self.seen, vertex as u32 + 1);
        self.graph.neighbours(vertex, |other| {
            if std::mem::replace(&mut seen[other], mark) != mark {
                visit(other);
            }
        });
    }

    fn degrees(&mut self) -> Vec<u32> {
        let vertices = self.graph.vertices();
        let degree = |vertex| {
            let mut degree = 0;
            self.each(vertex, |_| degree += 1);
            degree
        };
        let degrees = (0..vertices).map(degree).collect();
        self.seen.fill(0);
        degrees
    }
}

/// Takes vertices one by one, always one with the largest degree, or the smallest. With the
/// largest, degrees count the neighbours that were taken, else those that were not.
fn greedy<G: Adjacent>(
    neighbours: &mut Neighbours<'_, G>,
    mut degrees: Vec<u32>,
    largest: bool,
) -> Vec<u32> {
    const TAKEN: u32 = u32::MAX;
    let count = degrees.len();
    // Vertices by degree. A vertex may stand at degrees that it had before, which are passed over.
    let mut buckets: Vec<Vec<u32>> = Vec::new();
    let put = |buckets: &mut Vec<Vec<u32>>, degree: u32, vertex: usize| {
        let degree = degree as usize;
        if degree >= buckets.len() {
            buckets.resize_with(degree + 1, Vec::new);
        }
        buckets[degree].push(vertex as u32);
    };
    for vertex in (0..count).rev() {
        put(&mut buckets, degrees[vertex], vertex);
    }
    let (mut order, mut at) = (Vec::with_capacity(count), 0);
    if largest {
        at = buckets.len().saturating_sub(1);
    }
    while order.len() < count {
        let Some(vertex) = buckets[at].pop() else {
            if largest {
                at -= 1
            } else {
                at += 1
            }
            continue;
        };
        let vertex = vertex as usize;
        if degrees[vertex] != at as u32 {
            continue;
        }
        degrees[vertex] = TAKEN;
        order.push(vertex as u32);
        neighbours.each(vertex, |other| {
            if degrees[other] != TAKEN {
                degrees[other] = if largest { degrees[other] + 1 } else { degrees[other] - 1 };
                put(&mut buckets, degrees[other], other);
                let degree = degrees[other] as usize;
                at = if largest { at.max(degree) } else { at.min(degree) };
            }
        });
    }
    order
}
