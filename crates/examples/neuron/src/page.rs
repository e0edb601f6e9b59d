//! How the page is set: headings, columns and digits.

/// A section's title.
pub(crate) fn heading(title: &str) {
    println!("\n{title}\n");
}

/// A sentence between two tables.
pub(crate) fn note(sentence: &str) {
    println!("\n   {sentence}\n");
}

/// The heads of a table's columns.
pub(crate) fn columns(heads: [&str; 2]) {
    println!("   {:<10}  {:>9}  {:>9}", "node", heads[0], heads[1]);
}

/// One line of a table.
pub(crate) fn row(name: &str, numbers: [f64; 2]) {
    println!("   {name:<10}  {:>9}  {:>9}", number(numbers[0]), number(numbers[1]));
}

/// A listing, from a line on.
pub(crate) fn lines(listing: &str, first: usize) {
    for line in listing.lines().skip(first) {
        println!("   {line}");
    }
}

/// Six digits after the point, or an exponent where a fixed point would hide the number or
/// break the table.
pub(crate) fn number(x: f64) -> String {
    if x == 0.0 || !x.is_finite() || (1e-4..1e3).contains(&x.abs()) {
        // Adding zero turns -0 into 0.
        format!("{:.6}", x + 0.0)
    } else {
        format!("{x:.2e}")
    }
}

/// As a factor of a product: in brackets if it is negative.
pub(crate) fn factor(x: f64) -> String {
    if x < 0.0 { format!("({})", number(x)) } else { number(x) }
}
