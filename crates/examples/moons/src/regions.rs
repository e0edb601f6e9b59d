//! Regions of the plane in which a probability exceeds a level.

use contour::{ContourBuilder, Error};

/// The part of the plane that is looked at.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
}

impl Frame {
    pub(crate) fn contains(&self, &(x, y): &(f64, f64)) -> bool {
        (self.x.0..=self.x.1).contains(&x) && (self.y.0..=self.y.1).contains(&y)
    }
}

/// The cells along each side of the grid on which the probability is known.
const SIDE: usize = 100;

/// The levels: tenths.
pub(crate) fn levels() -> impl Iterator<Item = f64> {
    (0..10).map(|level| f64::from(level) / 10.0)
}

/// A ring around points whose probability exceeds a level.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) level: f64,
    pub(crate) ring: Vec<(f64, f64)>,
}

/// The regions of all levels but 0, to be filled one over the other.
pub(crate) fn regions(
    frame: &Frame,
    probability: impl Fn(&[f64; 2]) -> f64,
) -> Result<Vec<Region>, Error> {
    let step = |(low, high): (f64, f64)| (high - low) / (SIDE - 2) as f64;
    let (dx, dy) = (step(frame.x), step(frame.y));
    // One cell around the frame, because a region's corners are cut off at the edge of the grid.
    let (left, bottom) = (frame.x.0 - dx, frame.y.0 - dy);
    let middle = |cell: usize| cell as f64 + 0.5;
    let middles =
        (0..SIDE * SIDE).map(|i| [left + dx * middle(i % SIDE), bottom + dy * middle(i / SIDE)]);
    let grid: Vec<f64> = middles.map(|at| probability(&at)).collect();
    let builder = ContourBuilder::new(SIDE, SIDE, true);
    let builder = builder.x_origin(left).y_origin(bottom).x_step(dx).y_step(dy);
    trace(&builder, &grid)
}

fn trace(builder: &ContourBuilder, grid: &[f64]) -> Result<Vec<Region>, Error> {
    let levels: Vec<f64> = levels().skip(1).collect();
    let mut regions = Vec::new();
    for contour in builder.contours(grid, &levels)? {
        for polygon in contour.geometry() {
            let outer = polygon.exterior();
            // The ring reaches each hole, and comes back, over a bridge of no width.
            let holes = polygon.interiors().iter();
            let holes = holes.flat_map(|hole| hole.points().chain(outer.points().next()));
            let ring = outer.points().chain(holes).map(|point| point.x_y()).collect();
            regions.push(Region { level: contour.threshold(), ring });
        }
    }
    Ok(regions)
}
