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
    /// Next the one with the most neighbours that have no colour yet: the largest first, of what
    /// is left (the dynamic largest first of Gebremedhin, Manne & Pothen, 2005).
    DynamicLargestFirst,
    /// Next the one with the most neighbours that have their colour already.
    IncidenceDegree,
}

impl Order {
    /// Every order.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::Order;
    /// assert_eq!(Order::ALL[0], Order::default());
    /// ```
    pub const ALL: [Self; 5] = [
        Self::Natural,
        Self::LargestFirst,
        Self::SmallestLast,
        Self::DynamicLargestFirst,
        Self::IncidenceDegree,
    ];

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
                let mut order = greedy(&mut neighbours, degrees, Next::Fewest, Count::Left);
                order.reverse();
                order
            }
            Self::DynamicLargestFirst => {
                let mut neighbours = Neighbours::of(graph);
                let degrees = neighbours.degrees();
                greedy(&mut neighbours, degrees, Next::Most, Count::Left)
            }
            Self::IncidenceDegree => {
                let degrees = vec![0; graph.vertices()];
                greedy(&mut Neighbours::of(graph), degrees, Next::Most, Count::Taken)
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

/// Which vertex is taken next: that with the fewest neighbours, or with the most.
#[derive(Clone, Copy)]
enum Next {
    Fewest,
    Most,
}

/// Which neighbours a degree counts: those that were taken, or those that are left.
#[derive(Clone, Copy)]
enum Count {
    Taken,
    Left,
}

/// Takes vertices one by one; `degrees` are those before the first is taken.
fn greedy<G: Adjacent>(
    neighbours: &mut Neighbours<'_, G>,
    degrees: Vec<u32>,
    next: Next,
    count: Count,
) -> Vec<u32> {
    let mut buckets = Buckets::of(degrees, next);
    let mut order = Vec::with_capacity(buckets.degrees.len());
    while let Some(vertex) = buckets.take() {
        order.push(vertex);
        neighbours.each(vertex as usize, |other| buckets.step(other, count));
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
    next: Next,
    /// No vertex has a degree that comes before this.
    at: usize,
    left: usize,
}

impl Buckets {
    fn of(degrees: Vec<u32>, next: Next) -> Self {
        let (left, buckets) = (degrees.len(), Vec::new());
        let mut all = Self { places: vec![NONE; left], degrees, buckets, next, at: 0, left };
        (0..left as u32).for_each(|vertex| all.put(vertex));
        all.at = match next {
            Next::Fewest => 0,
            Next::Most => all.buckets.len().saturating_sub(1),
        };
        all
    }

    fn put(&mut self, vertex: u32) {
        let degree = self.degrees[vertex as usize] as usize;
        if degree >= self.buckets.len() {
            self.buckets.resize_with(degree + 1, Vec::new);
        }
        self.places[vertex as usize] = self.buckets[degree].len() as u32;
        self.buckets[degree].push(vertex);
        self.at = match self.next {
            Next::Fewest => self.at.min(degree),
            Next::Most => self.at.max(degree),
        };
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
            match self.next {
                Next::Fewest => self.at += 1,
                Next::Most => self.at -= 1,
            }
        }
        let vertex = *self.buckets[self.at].last()?;
        self.remove(vertex);
        Some(vertex)
    }

    /// Tells a vertex that a neighbour of it was taken.
    fn step(&mut self, vertex: usize, count: Count) {
        if self.places[vertex] != NONE {
            self.remove(vertex as u32);
            match count {
                Count::Taken => self.degrees[vertex] += 1,
                Count::Left => self.degrees[vertex] -= 1,
            }
            self.put(vertex as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Order;
    use crate::color::graph::Symmetric;
    use wengert::Pattern;

    /// Each order by its definition: the vertices one by one, each time all degrees counted anew.
    fn naive(pattern: &Pattern, order: &[u32], largest: bool, of_taken: bool) -> bool {
        let degree = |vertex: u32, taken: &[u32]| {
            let others = pattern.row(vertex as usize).iter().filter(|&&other| other != vertex);
            others.filter(|other| taken.contains(other) == of_taken).count()
        };
        (0..order.len()).all(|at| {
            let (taken, left) = order.split_at(at);
            let degrees = left.iter().map(|&vertex| degree(vertex, taken));
            let best = if largest { degrees.max() } else { degrees.min() };
            best == Some(degree(left[0], taken))
        })
    }

    #[test]
    fn every_order_takes_the_vertex_that_its_definition_says() {
        let mut seed = 1_u64;
        for n in [1, 2, 7, 30] {
            let mut entries = Vec::new();
            for _ in 0..2 * n {
                let mut random = || {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (seed >> 33) as usize % n
                };
                let (i, j) = (random(), random());
                entries.extend([(i, j), (j, i)]);
            }
            let pattern = Pattern::from_entries(n, n, entries).unwrap();
            let order = |order: Order| order.of(&Symmetric(&pattern));
            assert!(naive(&pattern, &order(Order::DynamicLargestFirst), true, false));
            assert!(naive(&pattern, &order(Order::IncidenceDegree), true, true));
            let mut smallest_last = order(Order::SmallestLast);
            smallest_last.reverse();
            assert!(naive(&pattern, &smallest_last, false, false));
            let mut all = order(Order::DynamicLargestFirst);
            all.sort_unstable();
            assert!(all.into_iter().eq(0..n as u32));
        }
    }
}
