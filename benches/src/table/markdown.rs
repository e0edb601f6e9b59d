//! Times and ratios as Markdown, one table a group.

use std::fmt::Write;

use wengert_problems::{Problem, Visitor, visit_all};

use super::Estimates;
use crate::{
    driver::{GRADIENT, RECORD, SWEEP, VALUE},
    engines::{self, HAND_WRITTEN, PLAIN, SUBJECT},
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
        let (time, each) = (duration(time), rounded(each));
        writeln!(table, "| {problem} | {engine} | {time} | {each} | {by_plain} | {by_subject} |")
            .expect("a string can always grow");
    }
}

/// Two significant digits: more say nothing, where times vary by a third from run to run.
pub(crate) fn rounded(x: f64) -> String {
    // Through text, so that 9.96 has the exponent of 10.
    let text = format!("{x:.1e}");
    let Some((_, exponent)) = text.split_once('e') else {
        return text; // an infinity or NaN
    };
    let exponent: i32 = exponent.parse().expect("the exponent is a number");
    let decimals = usize::try_from(1 - exponent).unwrap_or(0);
    format!("{:.decimals$}", text.parse::<f64>().expect("the format is a number's"))
}

/// Nanoseconds in a unit that leaves at most three digits before the point.
pub(crate) fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..995.0 => format!("{} ns", rounded(nanoseconds)),
        995.0..995e3 => format!("{} µs", rounded(nanoseconds / 1e3)),
        _ => format!("{} ms", rounded(nanoseconds / 1e6)),
    }
}

pub(super) fn ratio(time: f64, reference: Option<f64>) -> String {
    reference.map_or_else(|| "–".into(), |reference| rounded(time / reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_take_the_unit_that_fits() {
        assert_eq!(duration(994.0), "990 ns");
        assert_eq!(duration(999.0), "1.0 µs");
        assert_eq!(duration(12_345.0), "12 µs");
        assert_eq!(duration(56_789_000.0), "57 ms");
        assert_eq!(duration(305_634_800.0), "310 ms");
    }

    #[test]
    fn numbers_have_two_digits() {
        let numbers = [0.0744, 0.25, 1.0, 9.96, 65.79, 655.0, 12_171.0].map(rounded);
        assert_eq!(numbers, ["0.074", "0.25", "1.0", "10", "66", "660", "12000"]);
    }

    #[test]
    fn a_row_has_the_time_an_operation_and_both_ratios() {
        let rows = Rows { problem: "ode", operations: 5_000, plain: Some(7_500.0), subject: None };
        let mut table = String::new();
        rows.write(&mut table, "aad", Some(30_000.0));
        rows.write(&mut table, "not measured", None);
        assert_eq!(table, "| ode | aad | 30 µs | 6.0 | 4.0 | – |\n");
    }

    #[test]
    fn without_measurements_only_the_headings_are_left() {
        let tables = render(&Estimates::new("no such directory"));
        assert_eq!(tables.matches("### ").count(), 3);
        assert!(!tables.contains("rosenbrock"));
    }
}
