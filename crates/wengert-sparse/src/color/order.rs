//! In which order vertices are coloured.

use super::NONE;
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
    degrees: Vec<u32>,
    largest: bool,
) -> Vec<u32> {
    let mut buckets = Buckets::of(degrees, largest);
    let mut order = Vec::with_capacity(buckets.degrees.len());
    while let Some(vertex) = buckets.take() {
        order.push(vertex);
        neighbours.each(vertex as usize, |other| buckets.step(other));
    }
    order
}

/// The vertices that were not taken, by degree. Which of equal degree comes first is up to the
/// order in which they came, with the holes filled from the end: it is that of ColPack.
struct Buckets {
    degrees: Vec<u32>,
    /// Where a vertex stands in its bucket, or [`NONE`] once it is taken.
    places: Vec<u32>,
    buckets: Vec<Vec<u32>>,
    /// Whether the largest degree comes first, and else the smallest.
    largest: bool,
    /// No vertex has a degree that comes before this.
    at: usize,
    left: usize,
}

impl Buckets {
    fn of(degrees: Vec<u32>, largest: bool) -> Self {
        let (left, buckets) = (degrees.len(), Vec::new());
        let mut all = Self { places: vec![NONE; left], degrees, buckets, largest, at: 0, left };
        (0..left as u32).for_each(|vertex| all.put(vertex));
        all.at = if largest { all.buckets.len().saturating_sub(1) } else { 0 };
        all
    }

    fn put(&mut self, vertex: u32) {
        let degree = self.degrees[vertex as usize] as usize;
        if degree >= self.buckets.len() {
            self.buckets.resize_with(degree + 1, Vec::new);
        }
        self.places[vertex as usize] = self.buckets[degree].len() as u32;
        self.buckets[degree].push(vertex);
        self.at = if self.largest { self.at.max(degree) } else { self.at.min(degree) };
    }

    fn remove(&mut self, vertex: u32) {
        let bucket = &mut self.buckets[self.degrees[vertex as usize] as usize];
        let place = std::mem::replace(&mut self.places[vertex as usize], NONE);
        bucket.swap_remove(place as usize);
        if let Some(&moved) = bucket.get(place as usize) {
            self.places[moved as usize] = place;
        }
    }

    /// Takes the vertex whose degree comes first.
    fn take(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        while self.buckets[self.at].is_empty() {
            self.at = if self.largest { self.at - 1 } else { self.at + 1 };
        }
        let vertex = *self.buckets[self.at].last()?;
        self.remove(vertex);
        Some(vertex)
    }

    /// Tells a vertex that a neighbour of it was taken.
    fn step(&mut self, vertex: usize) {
        if self.places[vertex] != NONE {
            self.remove(vertex as u32);
            let degree = &mut self.degrees[vertex];
            *degree = if self.largest { *degree + 1 } else { *degree - 1 };
            self.put(vertex as u32);
        }
    }
}
