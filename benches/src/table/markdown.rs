//! Times and ratios as Markdown, one table a group.

use std::fmt::Write;

use wengert_problems::{Problem, Visitor, visit_all};

use super::Estimates;
use crate::{
    driver::{GRADIENT, HAND_WRITTEN, PLAIN, RECORD, SWEEP, VALUE},
    engines,
};

/// The engine that all others are compared with.
const SUBJECT: &str = "wengert";

/// The tables of all groups. A row that was not measured is left out.
pub fn render(estimates: &Estimates) -> String {
    let mut tables = Tables {
        estimates,
        groups: [
            (RECORD, "Recording"),
            (SWEEP, "Sweep over a finished recording"),
            (GRADIENT, "Gradient: recording and sweep"),
        ]
        .map(|(group, title)| (group, heading(title))),
    };
    visit_all(&mut tables);
    tables.groups.map(|(_, table)| table).join("\n")
}

fn heading(title: &str) -> String {
    format!(
        "### {title}\n\n\
         | problem | engine | median | ns/op | × plain | × {SUBJECT} |\n\
         |---|---|--:|--:|--:|--:|\n"
    )
}

struct Tables<'e> {
    estimates: &'e Estimates,
    /// Each group's name and its table so far.
    groups: [(&'static str, String); 3],
}

impl Visitor for Tables<'_> {
    fn visit<P: Problem + 'static>(&mut self, problem: P) {
        let problem_name = problem.name();
        let operations = problem.operations();
        let plain = self.estimates.median(VALUE, PLAIN, problem_name);
        for (group, table) in &mut self.groups {
            let median = |engine| self.estimates.median(group, engine, problem_name);
            let subject = median(SUBJECT);
            let mut row = |engine, time: Option<f64>| {
                let Some(time) = time else { return };
                let row = Row {
                    problem: problem_name,
                    engine,
                    time,
                    operations,
                    by_plain: plain.map(|plain| time / plain),
                    by_subject: subject.map(|subject| time / subject),
                };
                row.write(table);
            };
            row(PLAIN, plain);
            row(HAND_WRITTEN, median(HAND_WRITTEN));
            for engine in engines::all::<P>(operations) {
                row(engine.name(), median(engine.name()));
            }
        }
    }
}

struct Row<'r> {
    problem: &'r str,
    engine: &'r str,
    time: f64,
    operations: usize,
    by_plain: Option<f64>,
    by_subject: Option<f64>,
}

impl Row<'_> {
    fn write(&self, table: &mut String) {
        writeln!(
            table,
            "| {} | {} | {} | {:.2} | {} | {} |",
            self.problem,
            self.engine,
            duration(self.time),
            self.time / self.operations as f64,
            ratio(self.by_plain),
            ratio(self.by_subject),
        )
        .expect("a string can always grow");
    }
}

/// Nanoseconds in a unit that leaves at most three digits before the point.
fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.0} ns"),
        1e3..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.1} ms", nanoseconds / 1e6),
    }
}

fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "–".into(), |ratio| format!("{ratio:.2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_take_the_unit_that_fits() {
        assert_eq!(duration(999.0), "999 ns");
        assert_eq!(duration(12_345.0), "12.3 µs");
        assert_eq!(duration(56_789_000.0), "56.8 ms");
    }

    #[test]
    fn a_row_has_the_time_an_operation_and_both_ratios() {
        let row = Row {
            problem: "ode",
            engine: "aad",
            time: 30_000.0,
            operations: 5_000,
            by_plain: Some(4.0),
            by_subject: None,
        };
        let mut table = String::new();
        row.write(&mut table);
        assert_eq!(table, "| ode | aad | 30.0 µs | 6.00 | 4.00 | – |\n");
    }

    #[test]
    fn without_measurements_only_the_headings_are_left() {
        let tables = render(&Estimates::new("no such directory"));
        assert_eq!(tables.matches("### ").count(), 3);
        assert!(!tables.contains("rosenbrock"));
    }
}
