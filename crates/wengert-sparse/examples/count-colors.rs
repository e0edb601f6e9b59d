//! How many colours the matrices in some files need, by columns, by rows, and by both together:
//! `cargo run -p wengert-sparse --example count-colors -- FILES`, in the Matrix Market format.
//!
//! The fewest that its orders give, as `benches/adolc/colors.cpp` prints ColPack's.

use wengert::Pattern;
use wengert_sparse::{Order, Side, SparseJacobian};

fn main() {
    for file in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&file).expect("a file that can be read");
        let pattern = pattern(&text);
        let [columns, rows, both] =
            [Side::Columns, Side::Rows, Side::Both].map(|side| fewest(&pattern, side));
        println!("| {file} | wengert | {columns} | {rows} | {both} |");
    }
}

fn fewest(pattern: &Pattern, side: Side) -> usize {
    let colors = |order| {
        let builder = SparseJacobian::builder(pattern.clone()).side(side).order(order);
        builder.plan().expect("a pattern has a plan").colors()
    };
    Order::ALL.map(colors).into_iter().min().expect("there are orders")
}

/// The pattern of a matrix whose entries are all listed, or of a symmetric one.
fn pattern(text: &str) -> Pattern {
    let is_symmetric = text.lines().next().is_some_and(|line| !line.contains("general"));
    let lines = text.lines().filter(|line| !line.starts_with('%') && !line.trim().is_empty());
    let numbers = |line: &str| {
        let mut words = line.split_whitespace().map(|word| word.parse().expect("a position"));
        [words.next().expect("a row"), words.next().expect("a column")]
    };
    let mut pairs = lines.map(numbers);
    let [rows, columns] = pairs.next().expect("a matrix has a size");
    let entries = pairs.map(|[row, column]| (row - 1, column - 1));
    let entries = entries.flat_map(|(row, column): (usize, usize)| {
        [Some((row, column)), is_symmetric.then_some((column, row))].into_iter().flatten()
    });
    Pattern::from_entries(rows, columns, entries).expect("positions within the matrix")
}
