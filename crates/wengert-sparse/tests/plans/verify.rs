//! What colourings promise, by the definitions, without regard to time.

use proptest::prelude::*;
use wengert::Pattern;
use wengert_sparse::Coloring;

/// A square symmetric pattern.
pub(crate) fn symmetric() -> impl Strategy<Value = Pattern> {
    (1_usize..14).prop_flat_map(|n| {
        let entries = prop::collection::vec((0..n, 0..n), 0..3 * n);
        entries.prop_map(move |entries| {
            let both = entries.into_iter().flat_map(|(i, j)| [(i, j), (j, i)]);
            Pattern::from_entries(n, n, both).unwrap()
        })
    })
}

/// A pattern of any shape.
pub(crate) fn rectangular() -> impl Strategy<Value = Pattern> {
    (1_usize..12, 1_usize..12).prop_flat_map(|(m, n)| {
        let entries = prop::collection::vec((0..m, 0..n), 0..3 * n.max(m));
        entries.prop_map(move |entries| Pattern::from_entries(m, n, entries).unwrap())
    })
}

fn has_edge(pattern: &Pattern, a: usize, b: usize) -> bool {
    a != b && pattern.contains(a, b)
}

/// Neighbours differ, and all vertices have colours.
pub(crate) fn is_proper(pattern: &Pattern, coloring: &Coloring) -> bool {
    let n = pattern.rows();
    (0..n).all(|a| coloring.color(a).is_some())
        && (0..n).all(|a| {
            (0..n).all(|b| !has_edge(pattern, a, b) || coloring.color(a) != coloring.color(b))
        })
}

/// No path of four vertices has two colours.
pub(crate) fn is_star(pattern: &Pattern, coloring: &Coloring) -> bool {
    let n = pattern.rows();
    let color = |v| coloring.color(v);
    let is_bad = |[a, b, c, d]: [usize; 4]| {
        let is_path = has_edge(pattern, a, b) && has_edge(pattern, b, c) && has_edge(pattern, c, d);
        is_path && a != c && b != d && color(a) == color(c) && color(b) == color(d)
    };
    is_proper(pattern, coloring)
        && (0..n.pow(4)).all(|path| !is_bad([0, 1, 2, 3].map(|k| path / n.pow(k) % n)))
}

/// The vertices of any two colours have fewer edges among them than vertices, in each part that
/// hangs together: they are forests.
pub(crate) fn is_acyclic(pattern: &Pattern, coloring: &Coloring) -> bool {
    let n = pattern.rows();
    let colors: Vec<_> = (0..n).filter_map(|v| coloring.color(v)).collect();
    let is_forest = |a: u32, b: u32| {
        let mut part: Vec<usize> = (0..n).collect();
        for v in 0..n {
            for w in 0..v {
                let pair = [coloring.color(v), coloring.color(w)];
                let is_of_both = pair == [Some(a), Some(b)] || pair == [Some(b), Some(a)];
                if !is_of_both || !has_edge(pattern, v, w) {
                    continue;
                }
                if part[v] == part[w] {
                    return false;
                }
                let (from, to) = (part[v], part[w]);
                part.iter_mut().filter(|part| **part == from).for_each(|part| *part = to);
            }
        }
        true
    };
    is_proper(pattern, coloring)
        && colors.iter().all(|&a| colors.iter().all(|&b| a == b || is_forest(a, b)))
}

/// Every entry stands alone in its row among the columns of its colour, or in its column among
/// the rows of its colour.
pub(crate) fn tells_apart(pattern: &Pattern, columns: &Coloring, rows: &Coloring) -> bool {
    let alone_in_row = |i: usize, j: usize| {
        let same = |k: &usize| columns.color(*k) == columns.color(j) && pattern.contains(i, *k);
        columns.color(j).is_some() && (0..pattern.columns()).filter(same).count() == 1
    };
    let alone_in_column = |i: usize, j: usize| {
        let same = |k: &usize| rows.color(*k) == rows.color(i) && pattern.contains(*k, j);
        rows.color(i).is_some() && (0..pattern.rows()).filter(same).count() == 1
    };
    pattern.entries().all(|(i, j)| alone_in_row(i, j) || alone_in_column(i, j))
}
