//! Colourings for Jacobians: columns of one colour share no row (Curtis, Powell & Reid, 1974), a
//! partial distance-2 colouring of the bipartite graph.

use super::graph::Columns;
use super::{Coloring, Forbidden, NONE, Order};

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
