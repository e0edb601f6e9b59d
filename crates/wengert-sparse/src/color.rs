//! Colourings: groups of rows or columns whose derivatives are found together.
//!
//! After Gebremedhin, Manne & Pothen, "What color is your Jacobian?" (2005), and Gebremedhin,
//! Tarafdar, Manne & Pothen, "New acyclic and star coloring algorithms" (2007).

mod acyclic;
mod bicoloring;
mod dense;
mod graph;
mod order;
mod partial;
mod star;

pub(crate) use acyclic::acyclic;
pub(crate) use bicoloring::{Bicoloring, both};
pub(crate) use graph::{Columns, Symmetric};
pub use order::Order;
pub(crate) use partial::columns;
pub(crate) use star::star;

/// A group for each row or column, counted from 0.
///
/// # Example
/// ```
/// use wengert_sparse::Coloring;
/// let coloring = Coloring::new(vec![Some(0), Some(1), None, Some(0)]);
/// assert_eq!(coloring.count(), 2);
/// assert_eq!(coloring.color(2), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coloring {
    colors: Vec<u32>,
    count: usize,
}

/// In place of a colour: what belongs to no group.
pub(crate) const NONE: u32 = u32::MAX;

impl Coloring {
    /// A colouring told by the colour of each row or column. `None` has none: its derivatives
    /// are not asked for, or found otherwise.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_sparse::Coloring::new(vec![Some(0); 3]).count(), 1);
    /// ```
    #[must_use]
    pub fn new(colors: Vec<Option<u32>>) -> Self {
        Self::of(colors.into_iter().map(|color| color.unwrap_or(NONE)).collect())
    }

    pub(crate) fn of(colors: Vec<u32>) -> Self {
        let used = colors.iter().filter(|&&color| color != NONE).max();
        let count = used.map_or(0, |&largest| largest as usize + 1);
        Self { colors, count }
    }

    /// The number of colours.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_sparse::Coloring::new(vec![Some(4)]).count(), 5);
    /// ```
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The colour of a row or column.
    ///
    /// # Panics
    /// If there is no such row or column.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_sparse::Coloring::new(vec![Some(4)]).color(0), Some(4));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn color(&self, vertex: usize) -> Option<u32> {
        Some(self.colors[vertex]).filter(|&color| color != NONE)
    }

    /// All colours, `u32::MAX` where there is none.
    pub(crate) fn colors(&self) -> &[u32] {
        &self.colors
    }

    /// The number of rows or columns.
    pub(crate) fn len(&self) -> usize {
        self.colors.len()
    }
}

/// Colours that are not to be had, by the vertex that may not have them.
struct Forbidden {
    by: Vec<u32>,
}

impl Forbidden {
    const fn new() -> Self {
        Self { by: Vec::new() }
    }

    fn forbid(&mut self, color: u32, vertex: usize) {
        let color = color as usize;
        if color >= self.by.len() {
            self.by.resize(color + 1, NONE);
        }
        self.by[color] = vertex as u32;
    }

    fn is_forbidden(&self, color: u32, vertex: usize) -> bool {
        self.by.get(color as usize) == Some(&(vertex as u32))
    }

    /// The first colour that a vertex may have.
    fn first_free(&self, vertex: usize) -> u32 {
        let free = self.by.iter().position(|&by| by != vertex as u32);
        free.unwrap_or(self.by.len()) as u32
    }
}
