//! GradBench's problems as Markdown: a table for each problem and size.

use std::fmt::Write;

use super::{
    Estimates, Peaks,
    markdown::{duration, ratio, rounded},
};
use crate::{
    engines::PLAIN,
    gradbench::{Entry, SUITE, Tool},
};

/// The tables of all cases that were measured.
pub fn render(estimates: &Estimates, peaks: &Peaks) -> String {
    let mut text = String::new();
    for entry in &SUITE {
        if let Some(table) = table(entry, estimates, peaks) {
            let Entry { problem, size, .. } = entry;
            writeln!(text, "### {problem}, {size}\n\n{table}").expect("a string can always grow");
        }
    }
    text
}

/// The table of one case, or `None` if nothing of it was measured.
fn table(entry: &Entry, estimates: &Estimates, peaks: &Peaks) -> Option<String> {
    let group = entry.group();
    let median = |tool| estimates.median(&group, tool, entry.size);
    let tools = Tool::all().into_iter().map(Tool::name);
    let measured: Vec<_> = tools.filter_map(|tool| Some((tool, median(tool)?))).collect();
    if measured.is_empty() {
        return None;
    }
    let operations = entry.case().operations();
    let plain = median(PLAIN);
    let mut table =
        "| tool | median | × plain | ns/op | bytes/op |\n|---|--:|--:|--:|--:|\n".to_owned();
    for (tool, time) in measured {
        let bytes = peaks.get(&group, tool, entry.size).filter(|_| tool != PLAIN);
        table.push_str(&row(tool, time, plain, operations, bytes));
    }
    Some(table)
}

fn row(
    tool: &str,
    time: f64,
    plain: Option<f64>,
    operations: usize,
    bytes: Option<usize>,
) -> String {
    let each = time / operations as f64;
    let bytes =
        bytes.map_or("–".into(), |bytes| format!("{:.1}", bytes as f64 / operations as f64));
    let (time, by_plain) = (duration(time), ratio(time, plain));
    format!("| {tool} | {time} | {by_plain} | {} | {bytes} |\n", rounded(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_ratio_and_both_figures_an_operation() {
        let expected = "| aad | 30 µs | 4.0 | 6.0 | 32.0 |\n";
        assert_eq!(row("aad", 30_000.0, Some(7_500.0), 5_000, Some(160_000)), expected);
        assert_eq!(row("aad", 30_000.0, None, 5_000, None), "| aad | 30 µs | – | 6.0 | – |\n");
    }

    #[test]
    fn without_measurements_there_is_no_table() {
        assert_eq!(render(&Estimates::new("no such directory"), &Peaks::default()), "");
    }
}
