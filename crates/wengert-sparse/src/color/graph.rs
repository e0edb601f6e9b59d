//! The graphs of a pattern whose vertices are coloured.

use super::NONE;
use wengert::Pattern;

/// A graph whose vertices are counted from 0.
pub(crate) trait Adjacent {
    fn vertices(&self) -> usize;
    /// Calls `visit` with each neighbour of a vertex, perhaps more than once.
    fn neighbours(&self, vertex: usize, visit: impl FnMut(usize));
    /// The neighbours of a vertex that have a colour, into `colored`.
    fn colored_neighbours(&self, vertex: usize, colors: &[u32], colored: &mut Vec<usize>) {
        colored.clear();
        self.neighbours(vertex, |other| {
            if colors[other] != NONE {
                colored.push(other);
            }
        });
    }
}

/// The graph of a symmetric pattern: an edge for each entry beside the diagonal.
#[derive(Clone, Copy)]
pub(crate) struct Symmetric<'a>(pub(crate) &'a Pattern);

impl Adjacent for Symmetric<'_> {
    fn vertices(&self) -> usize {
        self.0.rows()
    }
    fn neighbours(&self, vertex: usize, mut visit: impl FnMut(usize)) {
        for &other in self.0.row(vertex) {
            if other as usize != vertex {
                visit(other as usize);
            }
        }
    }
}

/// The graph of columns that share a row, of those rows that `counts`.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) transposed: &'a Pattern,
    /// Empty where every row counts.
    pub(crate) counts: &'a [bool],
}

impl Columns<'_> {
    pub(crate) fn does_count(&self, row: u32) -> bool {
        self.counts.is_empty() || self.counts[row as usize]
    }
}

impl Adjacent for Columns<'_> {
    fn vertices(&self) -> usize {
        self.pattern.columns()
    }
    fn neighbours(&self, column: usize, mut visit: impl FnMut(usize)) {
        for &row in self.transposed.row(column) {
            if self.does_count(row) {
                for &other in self.pattern.row(row as usize) {
                    if other as usize != column {
                        visit(other as usize);
                    }
                }
            }
        }
    }
}
