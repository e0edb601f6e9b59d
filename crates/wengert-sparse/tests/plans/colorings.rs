//! Colourings keep what their kind promises, and need the colours that are known.

use super::verify::{is_acyclic, is_star, rectangular, symmetric, tells_apart};
use proptest::prelude::*;
use wengert::Pattern;
use wengert_sparse::{Coloring, Method, Order, Side, SparseHessian, SparseJacobian};

proptest! {
    #[test]
    fn star_colourings_have_no_path_of_two_colours(pattern in symmetric()) {
        for order in Order::ALL {
            let plan = SparseHessian::builder(pattern.clone()).order(order).plan().unwrap();
            prop_assert!(is_star(&pattern, plan.coloring()), "{:?} {:?}", order, plan.coloring());
        }
    }

    #[test]
    fn acyclic_colourings_have_no_cycle_of_two_colours(pattern in symmetric()) {
        for order in Order::ALL {
            let builder = SparseHessian::builder(pattern.clone()).method(Method::Acyclic);
            let plan = builder.order(order).plan().unwrap();
            prop_assert!(is_acyclic(&pattern, plan.coloring()), "{:?} {:?}", order, plan.coloring());
        }
    }

    #[test]
    fn colours_of_columns_and_rows_tell_entries_apart(pattern in rectangular()) {
        for order in Order::ALL {
            let mut counts = Vec::new();
            for side in [Side::Columns, Side::Rows, Side::Both, Side::Fewest] {
                let builder = SparseJacobian::builder(pattern.clone()).side(side).order(order);
                let plan = builder.plan().unwrap();
                let (columns, rows) = plan.colorings();
                prop_assert!(tells_apart(&pattern, columns, rows), "{:?} {:?}", order, side);
                prop_assert!(side != Side::Columns || rows.count() == 0);
                prop_assert!(side != Side::Rows || columns.count() == 0);
                counts.push(plan.colors());
            }
            prop_assert!(counts[3] <= counts[0].min(counts[1]));
        }
    }

    #[test]
    fn a_plan_takes_the_callers_colours_if_they_tell_entries_apart(
        pattern in rectangular(),
        colors in prop::collection::vec(prop::option::weighted(0.8, 0_u32..4), 24),
    ) {
        let columns = Coloring::new(colors[..pattern.columns()].to_vec());
        let rows = Coloring::new(colors[12..12 + pattern.rows()].to_vec());
        let builder = SparseJacobian::builder(pattern.clone());
        let plan = builder.coloring(columns.clone(), rows.clone()).plan();
        prop_assert_eq!(plan.is_ok(), tells_apart(&pattern, &columns, &rows));
    }

    #[test]
    fn a_star_colouring_of_the_callers_own_will_do(pattern in symmetric(), colors in prop::collection::vec(0_u32..6, 14)) {
        let colors: Vec<_> = colors[..pattern.rows()].iter().map(|&color| Some(color)).collect();
        let coloring = Coloring::new(colors);
        let plan = SparseHessian::builder(pattern.clone()).coloring(coloring.clone()).plan();
        let suffices = is_star(&pattern, &coloring) || is_acyclic(&pattern, &coloring);
        prop_assert!(plan.is_ok() || !suffices);
    }
}

/// The symmetric pattern of entries that are told by one triangle, with the diagonal.
fn with_diagonal(n: usize, entries: impl Iterator<Item = (usize, usize)>) -> Pattern {
    let both = entries.flat_map(|(i, j)| [(i, j), (j, i)]);
    Pattern::from_entries(n, n, both.chain((0..n).map(|i| (i, i)))).unwrap()
}

fn star_colors(pattern: &Pattern) -> usize {
    SparseHessian::builder(pattern.clone()).plan().unwrap().colors()
}

#[test]
fn known_patterns_have_the_known_numbers_of_colours() {
    let n = 60;
    let chain = with_diagonal(n, (1..n).map(|i| (i - 1, i)));
    assert_eq!(star_colors(&chain), 3);
    let builder = SparseHessian::builder(chain).method(Method::Acyclic);
    assert_eq!(builder.plan().unwrap().colors(), 2);
    let arrow = with_diagonal(n, (1..n).map(|i| (0, i)));
    assert_eq!(star_colors(&arrow), 2);
    let flipped = with_diagonal(n, (0..n - 1).map(|i| (n - 1, i)));
    assert_eq!(star_colors(&flipped), 2);
    let full = with_diagonal(9, (0..9).flat_map(|i| (0..i).map(move |j| (i, j))));
    assert_eq!(star_colors(&full), 9);
    let blocks = with_diagonal(
        n,
        (0..n / 4)
            .flat_map(|b| (0..4).flat_map(move |i| (0..i).map(move |j| (4 * b + i, 4 * b + j)))),
    );
    assert_eq!(star_colors(&blocks), 4);
    assert_eq!(star_colors(&with_diagonal(n, std::iter::empty())), 1);
    assert_eq!(star_colors(&Pattern::from_entries(3, 3, []).unwrap()), 1);
}

#[test]
fn a_jacobian_with_a_dense_row_and_column_needs_three_colours() {
    let n = 2000;
    let entries = (0..n).flat_map(|i| [(0, i), (i, 0), (i, i)]);
    let pattern = Pattern::from_entries(n, n, entries).unwrap();
    assert_eq!(SparseJacobian::builder(pattern).plan().unwrap().colors(), 3);
}

/// Lines that are dense in a few places and sparse in all others, rows beside columns: no cut by
/// length tells them apart, and each side by itself needs a colour for each of them.
#[test]
fn lines_that_are_dense_in_part_have_a_star_bicolouring_of_few_colours() {
    let n = 20;
    let sparse = |i: usize| (0..n / 2).map(move |k| (i, 2 + i * n / 2 + k));
    let upper: Vec<_> =
        (0..n).flat_map(|i| [(i, 0), (i, 1)].into_iter().chain(sparse(i))).collect();
    let (rows, columns) = (n, 2 + n * n / 2);
    let lower = upper.iter().map(|&(i, j)| (rows + j, columns + i));
    let size = rows + columns;
    let entries = upper.iter().copied().chain(lower);
    let pattern = Pattern::from_entries(size, size, entries).unwrap();
    let colors = |side| {
        let plan = SparseJacobian::builder(pattern.clone()).side(side).plan().unwrap();
        assert!(tells_apart(&pattern, plan.colorings().0, plan.colorings().1));
        plan.colors()
    };
    assert!(colors(Side::Columns) >= n && colors(Side::Rows) >= n);
    assert!(colors(Side::Both) <= 6, "{}", colors(Side::Both));
}

/// A matrix that people have, with rows and columns of many lengths. ColPack needs 13 colours by columns,
/// 12 by rows, and 15 by both together, each with the best of its orders and methods
/// (`just count-colors`).
#[test]
fn a_linear_programs_matrix_needs_no_more_colours_than_by_colpack() {
    let lines = include_str!("lp_share2b.mtx").lines().filter(|line| !line.starts_with('%'));
    let mut words = lines.flat_map(str::split_whitespace);
    let mut next = || words.next().and_then(|word| word.parse::<usize>().ok()).unwrap();
    let [rows, columns, count] = [next(), next(), next()];
    let entries: Vec<_> = (0..count).map(|_| (next() - 1, next() - 1)).collect();
    let pattern = Pattern::from_entries(rows, columns, entries).unwrap();
    let fewest = |side| {
        let colors = |order| {
            let builder = SparseJacobian::builder(pattern.clone()).side(side).order(order);
            let plan = builder.plan().unwrap();
            assert!(tells_apart(&pattern, plan.colorings().0, plan.colorings().1), "{order:?}");
            plan.colors()
        };
        Order::ALL.map(colors).into_iter().min().unwrap()
    };
    let counts = [Side::Columns, Side::Rows, Side::Both].map(fewest);
    assert!(counts.iter().zip([13, 12, 15]).all(|(ours, theirs)| *ours <= theirs), "{counts:?}");
}

/// Beside hubs that all vertices are joined to, whose neighbours are never looked through.
#[test]
fn a_hundred_thousand_spokes_are_coloured_in_no_time() {
    let n = 100_000;
    let entries = (2..n).flat_map(|i| [(0, i), (1, i)]);
    let pattern = with_diagonal(n, entries);
    for order in Order::ALL {
        let builder = SparseHessian::builder(pattern.clone()).order(order);
        assert_eq!(builder.plan().unwrap().colors(), 3, "{order:?}");
    }
}
