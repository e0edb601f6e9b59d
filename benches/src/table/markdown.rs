//! Times and ratios as Markdown, one table a group.

use std::fmt::Write;

use wengert_problems::{Problem, Visitor, visit_all};

use super::Estimates;
use crate::{
    driver::{GRADIENT, HAND_WRITTEN, PLAIN, RECORD, SWEEP, VALUE},
    engines::{self, SUBJECT},
};

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
        let operations = problem.operations();
        let plain = self.estimates.median(VALUE, PLAIN, problem.name());
        let engines = engines::all::<P>(operations);
        for (group, table) in &mut self.groups {
            let median = |engine| self.estimates.median(group, engine, problem.name());
            let rows =
                Rows { problem: problem.name(), operations, plain, subject: median(SUBJECT) };
            rows.write(table, PLAIN, plain);
            rows.write(table, HAND_WRITTEN, median(HAND_WRITTEN));
            for engine in &engines {
                rows.write(table, engine.name(), median(engine.name()));
            }
        }
    }
}

/// What the rows of one problem in one group have in common.
struct Rows<'r> {
    problem: &'r str,
    operations: usize,
    /// The time of the plain function, and that of the engine all are compared with.
    plain: Option<f64>,
    subject: Option<f64>,
}

impl Rows<'_> {
    /// Adds the row of an engine, if it was measured.
    fn write(&self, table: &mut String, engine: &str, time: Option<f64>) {
        let Some(time) = time else { return };
        let Self { problem, operations, plain, subject } = *self;
        let each = time / operations as f64;
        let (by_plain, by_subject) = (ratio(time, plain), ratio(time, subject));
        let time = duration(time);
        writeln!(
            table,
            "| {problem} | {engine} | {time} | {each:.2} | {by_plain} | {by_subject} |"
        )
        .expect("a string can always grow");
    }
}

/// Nanoseconds in a unit that leaves at most three digits before the point.
pub(super) fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.0} ns"),
        1e3..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.1} ms", nanoseconds / 1e6),
    }
}

pub(super) fn ratio(time: f64, reference: Option<f64>) -> String {
    reference.map_or_else(|| "–".into(), |reference| format!("{:.2}", time / reference))
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
        let rows = Rows { problem: "ode", operations: 5_000, plain: Some(7_500.0), subject: None };
        let mut table = String::new();
        rows.write(&mut table, "aad", Some(30_000.0));
        rows.write(&mut table, "not measured", None);
        assert_eq!(table, "| ode | aad | 30.0 µs | 6.00 | 4.00 | – |\n");
    }

    #[test]
    fn without_measurements_only_the_headings_are_left() {
        let tables = render(&Estimates::new("no such directory"));
        assert_eq!(tables.matches("### ").count(), 3);
        assert!(!tables.contains("rosenbrock"));
    }
}
