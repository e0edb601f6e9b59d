//! Rows and columns coloured together: each entry stands alone in its row among the columns of its
//! colour, or in its column among the rows of its colour.
//!
//! Two ways: a star bicolouring, which chooses row by row and column by column, and a split of all
//! rows by their length. Which needs fewer colours depends on the pattern, so both are tried.

use super::graph::Columns;
use super::partial::columns;
use super::{Coloring, Forbidden, NONE, Order};
use wengert::Pattern;

/// Colours of columns, and of rows, which together have every entry once.
#[derive(Clone, Debug)]
pub(crate) struct Bicoloring {
    pub(crate) columns: Coloring,
    pub(crate) rows: Coloring,
}

impl Bicoloring {
    pub(crate) const fn count(&self) -> usize {
        self.columns.count() + self.rows.count()
    }

    /// With rows and columns exchanged.
    fn transposed(self) -> Self {
        Self { columns: self.rows, rows: self.columns }
    }
}

/// The one with the fewest colours that is found.
pub(crate) fn both(pattern: &Pattern, transposed: &Pattern, order: Order) -> Bicoloring {
    let by_rows = split(pattern, transposed, order);
    let by_columns = split(transposed, pattern, order).transposed();
    let best = if by_rows.count() <= by_columns.count() { by_rows } else { by_columns };
    match star(pattern, transposed, best.count()) {
        Some(fewer) => fewer,
        None => best,
    }
}

/// A star bicolouring with fewer colours than `limit`, if it is found: no path of four vertices of
/// the graph of rows and columns has two colours, and each entry's row or column has one.
///
/// A colour goes to lines of the side that has the longest of what is left, longest first, which
/// share no entry's line across; their entries are then known, and left out (Juedes & Jones,
/// "Coloring Jacobians revisited: a new algorithm for star and acyclic bicoloring problems", 2012).
/// It takes time in proportion to the colours times the lines, and to the entries.
fn star(pattern: &Pattern, transposed: &Pattern, limit: usize) -> Option<Bicoloring> {
    let (mut rows, mut columns) = (Lines::of(pattern), Lines::of(transposed));
    let (mut left, mut is_by_rows) = (pattern.len(), false);
    while left > 0 {
        if (rows.count + columns.count + 1) as usize >= limit {
            return None;
        }
        let lengths = (rows.longest(), columns.longest());
        // Of two that are as long, the side that has a colour already is not left.
        is_by_rows = lengths.0 > lengths.1 || is_by_rows && lengths.0 == lengths.1;
        left -= if is_by_rows { rows.color(&mut columns) } else { columns.color(&mut rows) };
    }
    Some(Bicoloring { columns: Coloring::of(columns.colors), rows: Coloring::of(rows.colors) })
}

/// The rows of a matrix, or its columns, while colours are given to them.
struct Lines<'a> {
    pattern: &'a Pattern,
    colors: Vec<u32>,
    count: u32,
    /// The entries of each that are not known yet: none of one that has a colour.
    left: Vec<usize>,
    /// The colour of the lines across by which each was met last.
    met: Vec<u32>,
}

impl<'a> Lines<'a> {
    fn of(pattern: &'a Pattern) -> Self {
        let left = (0..pattern.rows()).map(|line| pattern.row(line).len()).collect();
        let none = vec![NONE; pattern.rows()];
        Self { pattern, colors: none.clone(), count: 0, left, met: none }
    }

    fn longest(&self) -> usize {
        self.left.iter().copied().max().unwrap_or(0)
    }

    /// Gives a colour to as many lines as are found, and tells how many entries are known by it.
    fn color(&mut self, across: &mut Lines<'_>) -> usize {
        let (color, mut known) = (self.count, 0);
        self.count += 1;
        for line in self.by_length() {
            let entries = self.pattern.row(line);
            let is_open = |other: &u32| across.colors[*other as usize] == NONE;
            let mut open = entries.iter().filter(|other| is_open(other));
            if open.any(|&other| across.met[other as usize] == color) {
                continue;
            }
            for &other in entries {
                if across.colors[other as usize] == NONE {
                    across.met[other as usize] = color;
                    across.left[other as usize] -= 1;
                }
            }
            known += std::mem::take(&mut self.left[line]);
            self.colors[line] = color;
        }
        known
    }

    /// The lines with entries that are not known yet, the longest first.
    fn by_length(&self) -> Vec<usize> {
        let mut lines: Vec<usize> = (0..self.left.len()).filter(|&k| self.left[k] > 0).collect();
        lines.sort_by_key(|&line| std::cmp::Reverse(self.left[line]));
        lines
    }
}

/// The rows with many entries by rows, the rest by columns, with as few colours as some cut by
/// length has: a dense row is one colour, where by columns it is as many as it has entries (Hossain
/// & Steihaug, "Computing a sparse Jacobian matrix by rows and columns", 1998).
fn split(pattern: &Pattern, transposed: &Pattern, order: Order) -> Bicoloring {
    let longest = (0..pattern.rows()).map(|row| pattern.row(row).len()).max().unwrap_or(0);
    let mut best: Option<Bicoloring> = None;
    let mut limit = 1;
    while limit < longest {
        // Columns need as many colours as the longest of their rows has entries.
        if best.as_ref().is_some_and(|best| best.count() <= limit) {
            break;
        }
        let is_short: Vec<bool> =
            (0..pattern.rows()).map(|row| pattern.row(row).len() <= limit).collect();
        let graph = Columns { pattern, transposed, counts: &is_short };
        let columns = columns(&graph, order);
        let rows = long_rows(pattern, transposed, &is_short);
        let split = Bicoloring { columns, rows };
        if best.as_ref().is_none_or(|best| split.count() < best.count()) {
            best = Some(split);
        }
        limit *= 2;
    }
    best.unwrap_or_else(|| Bicoloring {
        columns: columns(&Columns { pattern, transposed, counts: &[] }, order),
        rows: Coloring::of(vec![NONE; pattern.rows()]),
    })
}

/// Colours the long rows so that those of a colour share no column.
fn long_rows(pattern: &Pattern, transposed: &Pattern, is_short: &[bool]) -> Coloring {
    let mut colors = vec![NONE; pattern.rows()];
    let mut forbidden = Forbidden::new();
    for row in (0..pattern.rows()).filter(|&row| !is_short[row]) {
        for &column in pattern.row(row) {
            for &other in transposed.row(column as usize) {
                let color = colors[other as usize];
                if color != NONE {
                    forbidden.forbid(color, row);
                }
            }
        }
        colors[row] = forbidden.first_free(row);
    }
    Coloring::of(colors)
}
