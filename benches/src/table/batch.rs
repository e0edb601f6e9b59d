//! The times of batches as Markdown: a row for each way to each sum.

use std::fmt::Write;

use wengert_problems::{Sampled, SampledVisitor, visit_sampled};

use super::{
    Estimates,
    markdown::{ratio, rounded},
};
use crate::batch::{BATCH, way::Way};

/// The table, or `None` if no batch was measured.
pub fn render(estimates: &Estimates) -> Option<String> {
    let mut table = Table { estimates, rows: String::new() };
    visit_sampled(&mut table);
    let heading = "| sum | way | ns/sample | × plain | × plain-each | × one thread |\n\
                   |---|---|--:|--:|--:|--:|\n";
    (!table.rows.is_empty()).then(|| format!("{heading}{}", table.rows))
}

struct Table<'e> {
    estimates: &'e Estimates,
    rows: String,
}

impl SampledVisitor for Table<'_> {
    fn visit<P: Sampled + 'static>(&mut self, problem: P) {
        let (name, samples) = (problem.name(), problem.rows().len());
        let median = |way: Way| self.estimates.median(BATCH, way.name(), name);
        let references = [Way::Plain, Way::PlainEach, Way::BatchGradient].map(median);
        for way in Way::ALL {
            if let Some(time) = median(way) {
                let row = row(way.name(), time, samples, references);
                writeln!(self.rows, "| {name} {row}").expect("a string can always grow");
            }
        }
    }
}

fn row(way: &str, time: f64, samples: usize, references: [Option<f64>; 3]) -> String {
    let each = time / samples as f64;
    let [plain, plain_each, one_thread] = references.map(|reference| ratio(time, reference));
    format!("| {way} | {} | {plain} | {plain_each} | {one_thread} |", rounded(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_time_of_a_sample_and_three_ratios() {
        let row = row("replay-each", 4_000.0, 10, [Some(2_000.0), Some(1_000.0), None]);
        assert_eq!(row, "| replay-each | 400 | 2.0 | 4.0 | – |");
    }

    #[test]
    fn without_measurements_there_is_no_table() {
        assert_eq!(render(&Estimates::new("no such directory")), None);
    }
}
