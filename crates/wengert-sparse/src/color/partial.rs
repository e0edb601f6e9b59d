//! Colourings for Jacobians: columns of one colour share no row (Curtis, Powell & Reid, 1974), a
//! partial distance-2 colouring of the bipartite graph.

use super::graph::Columns;
use super::{Coloring, Forbidden, NONE, Order};
use wengert::Pattern;

/// Colours the columns that have an entry in a row that counts.
pub(crate) fn columns(graph: &Columns<'_>, order: Order) -> Coloring {
    let mut colors = vec![NONE; graph.pattern.columns()];
    let mut forbidden = Forbidden::new();
    for column in order.of(graph) {
        let column = column as usize;
        let mut has_entry = false;
        for &row in graph.transposed.row(column) {
            if !graph.does_count(row) {
                continue;
            }
            has_entry = true;
            for &other in graph.pattern.row(row as usize) {
                let color = colors[other as usize];
                if color != NONE {
                    forbidden.forbid(color, column);
                }
            }
        }
        if has_entry {
            colors[column] = forbidden.first_free(column);
        }
    }
    Coloring::of(colors)
}

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
}

/// The rows with many entries by rows, the rest by columns, or the other way round, with as few
/// colours as some split by length has: a dense row is one colour, where by columns it is as many
/// as it has entries (Hossain & Steihaug, "Computing a sparse Jacobian matrix by rows and
/// columns", 1998).
pub(crate) fn both(pattern: &Pattern, transposed: &Pattern, order: Order) -> Bicoloring {
    let by_rows = split(pattern, transposed, order);
    let by_columns = split(transposed, pattern, order);
    if by_rows.count() <= by_columns.count() {
        by_rows
    } else {
        Bicoloring { columns: by_columns.rows, rows: by_columns.columns }
    }
}

/// The best split with the long rows apart.
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
