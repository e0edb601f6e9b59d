//! Where everything stands: boxes in layers from left to right, and curves between them.
//!
//! The steps are those of layered drawing (Sugiyama, Tagawa and Toda, 1981). Layers are easy: a
//! recording is in topological order. A link that spans several layers gets a *bend* in each that
//! it crosses, and links from one box share their bends, so that they run together until they
//! part. Then layers are ordered so that few links cross, and at last everything gets its place.
//! No step recurses.

mod grid;
mod layers;
mod order;
mod place;

#[cfg(test)]
mod tests;

use grid::Grid;

/// How large a box is: `lead` is the part of its width that stands before the box proper, for
/// the round node of the operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) lead: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// A point; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// Where a box stands: `left` and `right` are the edges of the box proper, its lead is before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) left: f64,
    pub(crate) right: f64,
    /// The middle of its height.
    pub(crate) middle: f64,
    /// Its layer, from 0.
    pub(crate) layer: usize,
}

/// Boxes and the bends of links, placed; links are in the order in which they were given.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) spots: Vec<Spot>,
    /// Of each link, the points that it passes on its way, without its ends. One too long to be
    /// led has none.
    pub(crate) bends: Vec<Vec<Point>>,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// How many pairs of links cross, and how many would without ordering.
    pub(crate) crossings: Crossings,
}

/// How many pairs of links between neighbouring layers cross: see [`Picture::crossings`].
///
/// [`Picture::crossings`]: crate::Picture::crossings
///
/// # Example
/// ```
/// use wengert_graph::{Picture, Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// assert_eq!(Picture::of(&snapshot).crossings().drawn, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossings {
    /// With each layer in recording order.
    pub naive: usize,
    /// As drawn.
    pub drawn: usize,
}

/// Places boxes with these sizes and links between them, each from one box to another of a higher
/// number.
pub(crate) fn lay_out(sizes: &[Size], links: &[(usize, usize)]) -> Layout {
    let layers = layers::assign(sizes.len(), links);
    let mut grid = Grid::new(sizes, links, &layers);
    let naive = order::crossings(&grid);
    order::reduce(&mut grid, naive);
    let drawn = order::crossings(&grid);
    place::place(&grid, sizes, links, Crossings { naive, drawn })
}
