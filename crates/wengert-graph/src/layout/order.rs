//! The order within layers: few crossings.

use super::grid::Grid;

/// Sweeps over all layers, there and back. Crossings mostly stop falling after a dozen.
const SWEEPS: usize = 24;

/// Work for all sweeps together, in links looked at: a very large picture gets fewer sweeps.
const WORK: usize = 2_000_000;

/// Orders each layer so that few links cross: each item goes to the mean place of its neighbours
/// in the layer before, then in the layer behind, in turns; then neighbours change places where
/// that helps. The best order that was seen is kept.
pub(super) fn reduce(grid: &mut Grid, naive: usize) {
    let mut best = (naive, grid.rows.clone());
    let links: usize = (0..grid.layer.len()).map(|item| grid.behind.of(item).len()).sum();
    for sweep in 0..SWEEPS.min(WORK / (links + 1)) {
        if best.0 == 0 {
            break;
        }
        let mut place = places(grid);
        for step in 1..grid.rows.len() {
            let forward = sweep % 2 == 0;
            let row = if forward { step } else { grid.rows.len() - 1 - step };
            sort(grid, row, forward, &mut place);
        }
        exchange(grid, &mut place);
        let now = crossings(grid);
        if now < best.0 {
            best = (now, grid.rows.clone());
        }
    }
    grid.rows = best.1;
}

/// Of each item its place within its layer.
pub(super) fn places(grid: &Grid) -> Vec<usize> {
    let mut places = vec![0; grid.layer.len()];
    for row in &grid.rows {
        for (place, &item) in row.iter().enumerate() {
            places[item] = place;
        }
    }
    places
}

/// Sorts one layer by the mean places of neighbours; those with none keep their places.
fn sort(grid: &mut Grid, row: usize, forward: bool, places: &mut [usize]) {
    let neighbours = if forward { &grid.before } else { &grid.behind };
    let mean = |&item: &usize| {
        let list = neighbours.of(item);
        let sum: usize = list.iter().map(|&other| places[other]).sum();
        if list.is_empty() { places[item] as f64 } else { sum as f64 / list.len() as f64 }
    };
    let mut keyed: Vec<(f64, usize)> = grid.rows[row].iter().map(|i| (mean(i), *i)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (place, (_, item)) in keyed.into_iter().enumerate() {
        grid.rows[row][place] = item;
        places[item] = place;
    }
}

/// One pass in which neighbours within each layer change places where fewer links then cross.
fn exchange(grid: &mut Grid, places: &mut [usize]) {
    for row in 0..grid.rows.len() {
        for at in 1..grid.rows[row].len() {
            let (upper, lower) = (grid.rows[row][at - 1], grid.rows[row][at]);
            let crossed = |a: usize, b: usize| {
                pairs(grid.before.of(a), grid.before.of(b), places)
                    + pairs(grid.behind.of(a), grid.behind.of(b), places)
            };
            if crossed(lower, upper) < crossed(upper, lower) {
                grid.rows[row].swap(at - 1, at);
                places.swap(upper, lower);
            }
        }
    }
}

/// How many links of the upper of two items end below ones of the lower; long lists are only
/// looked at in part, since their product is what this costs.
fn pairs(upper: &[usize], lower: &[usize], places: &[usize]) -> usize {
    const MOST: usize = 32;
    let below = |a: usize| lower.iter().take(MOST).filter(move |&&b| places[a] > places[b]);
    upper.iter().take(MOST).map(|&a| below(a).count()).sum()
}

/// The number of pairs of links between neighbouring layers that cross.
///
/// Between two layers, in the order of their left ends, each link crosses those before it that
/// end below: they are counted with a Fenwick tree (Barth, Mutzel and Jünger, 2004).
pub(super) fn crossings(grid: &Grid) -> usize {
    let places = places(grid);
    let between = |pair: &[Vec<usize>]| {
        let mut tree = Fenwick::new(pair[1].len());
        let mut crossings = 0;
        for &item in &pair[0] {
            let mut ends: Vec<usize> = grid.behind.of(item).iter().map(|&i| places[i]).collect();
            ends.sort_unstable();
            // Links with a common left end do not cross.
            crossings += ends.iter().map(|&end| tree.behind(end)).sum::<usize>();
            ends.into_iter().for_each(|end| tree.add(end));
        }
        crossings
    };
    grid.rows.windows(2).map(between).sum()
}

/// Counts of places, with sums over ranges in logarithmic time.
struct Fenwick {
    sums: Vec<usize>,
    total: usize,
}

impl Fenwick {
    fn new(places: usize) -> Self {
        Self { sums: vec![0; places + 1], total: 0 }
    }

    fn add(&mut self, place: usize) {
        self.total += 1;
        let mut at = place + 1;
        while at < self.sums.len() {
            self.sums[at] += 1;
            at += at & at.wrapping_neg();
        }
    }

    /// How many were added at higher places.
    fn behind(&self, place: usize) -> usize {
        let (mut at, mut up_to) = (place + 1, 0);
        while at > 0 {
            up_to += self.sums[at];
            at &= at - 1;
        }
        self.total - up_to
    }
}
