//! Coordinates: layers side by side, and within each layer as near to the neighbours as fits.

use super::grid::Grid;
use super::{Crossings, Layout, Point, Size, Spot};

/// Passes of the relaxation, there and back. Odd, so that the last goes forward, and what has but
/// one neighbour before it ends level with that.
const PASSES: usize = 121;

/// Work for all passes, in items: a very large picture gets fewer.
const WORK: usize = 1_500_000;

/// The room between two layers, at least and at most: more where links climb steeply.
const GAPS: (f64, f64) = (44.0, 150.0);

/// How much a link wants to be straight that has a bend at one end, or at both.
const BENT: f64 = 3.0;

/// Gives everything its place.
pub(super) fn place(
    grid: &Grid,
    sizes: &[Size],
    links: &[(usize, usize)],
    crossings: Crossings,
) -> Layout {
    let mut heights = relax(grid);
    let height = to_origin(grid, &mut heights);
    let columns = columns(grid, sizes, &heights);
    let spot = |at: usize| {
        let Column { left, right } = columns[grid.layer[at]];
        Spot { left, right, middle: heights[at], layer: grid.layer[at] }
    };
    let bends = |&(from, to): &(usize, usize)| {
        let through = |bend: usize| {
            let Column { left, right } = columns[grid.layer[bend]];
            [left, right].map(|x| Point { x, y: heights[bend] })
        };
        grid.bends(from, to).flat_map(through).collect()
    };
    Layout {
        spots: (0..grid.boxes).map(spot).collect(),
        bends: links.iter().map(bends).collect(),
        width: columns.last().map_or(0.0, |column| column.right),
        height,
        crossings,
    }
}

/// The middle of each item: in turns from left to right and back, each layer moves to the mean
/// heights of its neighbours, as near as its order and the room allow.
fn relax(grid: &Grid) -> Vec<f64> {
    let mut heights = vec![0.0; grid.layer.len()];
    for row in &grid.rows {
        let wanted: Vec<f64> = vec![0.0; row.len()];
        settle(grid, row, &wanted, &mut heights);
    }
    let passes = PASSES.min(1 + WORK / (grid.layer.len() + 1)) | 1;
    for pass in 0..passes {
        // The first half looks one way, the second both: the compromise is what is seen.
        let both = pass > passes / 2;
        let forward = pass % 2 == 0;
        for step in 0..grid.rows.len() {
            let row = &grid.rows[if forward { step } else { grid.rows.len() - 1 - step }];
            let sides = [both || forward, both || !forward];
            let wanted: Vec<f64> =
                row.iter().map(|&item| wanted(grid, item, &heights, sides)).collect();
            settle(grid, row, &wanted, &mut heights);
        }
    }
    heights
}

/// Where an item would like to be: at the mean height of its neighbours on the sides looked at,
/// or, with none there, of those on the other side.
fn wanted(grid: &Grid, item: usize, heights: &[f64], [before, behind]: [bool; 2]) -> f64 {
    let sides = [(before, grid.before.of(item)), (behind, grid.behind.of(item))];
    let looked = sides.iter().filter(|side| side.0).any(|side| !side.1.is_empty());
    let (mut sum, mut weight) = (0.0, 0.0);
    for (_, side) in sides.iter().filter(|side| side.0 || !looked) {
        for &other in *side {
            let bent = [item, other].iter().any(|&end| end >= grid.boxes);
            let pull = if bent { BENT } else { 1.0 };
            sum += pull * heights[other];
            weight += pull;
        }
    }
    if weight == 0.0 { heights[item] } else { sum / weight }
}

/// Puts a layer where it is nearest, in squares, to the heights wanted, without changing the order
/// and without overlaps.
///
/// With the room that the items above need taken off, this is isotonic regression, which pooling
/// adjacent violators solves exactly in linear time (Ayer and others, 1955).
fn settle(grid: &Grid, row: &[usize], wanted: &[f64], heights: &mut [f64]) {
    let mut above = 0.0;
    let mut offsets = Vec::with_capacity(row.len());
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (place, &item) in row.iter().enumerate() {
        if let Some(previous) = place.checked_sub(1) {
            above += grid.reach[row[previous]] + grid.reach[item];
        }
        offsets.push(above);
        let mut pool = (wanted[place] - above, 1);
        while let Some(&(sum, count)) = pools.last() {
            if sum / count as f64 <= pool.0 / pool.1 as f64 {
                break;
            }
            pool = (pool.0 + sum, pool.1 + count);
            pools.pop();
        }
        pools.push(pool);
    }
    let levels = pools.into_iter().flat_map(|(sum, n)| std::iter::repeat_n(sum / n as f64, n));
    for ((&item, offset), level) in row.iter().zip(offsets).zip(levels) {
        heights[item] = level + offset;
    }
}

/// Moves everything so that the highest outline is at 0, and returns the height of all.
fn to_origin(grid: &Grid, heights: &mut [f64]) -> f64 {
    let (mut top, mut bottom) = (f64::INFINITY, f64::NEG_INFINITY);
    for (height, reach) in heights.iter().zip(&grid.reach) {
        (top, bottom) = (top.min(height - reach), bottom.max(height + reach));
    }
    heights.iter_mut().for_each(|height| *height -= top);
    if heights.is_empty() { 0.0 } else { bottom - top }
}

/// The edges of the boxes proper of one layer.
#[derive(Clone, Copy)]
struct Column {
    left: f64,
    right: f64,
}

/// One column for each layer, as wide as its widest box.
fn columns(grid: &Grid, sizes: &[Size], heights: &[f64]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::with_capacity(grid.rows.len());
    for row in &grid.rows {
        let boxes = || row.iter().filter_map(|&item| sizes.get(item));
        let lead = boxes().map(|size| size.lead).fold(0.0, f64::max);
        let width = boxes().map(|size| size.width).fold(0.0, f64::max);
        let left =
            lead + columns.last().map_or(0.0, |before| before.right + gap(grid, row, heights));
        columns.push(Column { left, right: left + width });
    }
    columns
}

/// The room before a layer: a quarter of the steepest climb.
fn gap(grid: &Grid, row: &[usize], heights: &[f64]) -> f64 {
    let climbs = row.iter().flat_map(|&item| {
        grid.before.of(item).iter().map(move |&other| (heights[item] - heights[other]).abs())
    });
    let steepest = climbs.fold(0.0, f64::max);
    (GAPS.0 + 0.16 * steepest).min(GAPS.1)
}
