//! The times of replays as Markdown: a row for each problem, and geometric means.

use wengert_problems::{Problem, Visitor, visit_all};

use super::{
    Estimates,
    markdown::{duration, ratio},
};
use crate::{
    engines::{PLAIN, Replayer, SUBJECT},
    replay::REPLAY,
};

/// The table, or `None` if no replay was measured.
pub fn render(estimates: &Estimates) -> Option<String> {
    let mut rows = Rows { estimates, rows: Vec::new() };
    visit_all(&mut rows);
    let Rows { rows, .. } = rows;
    if rows.is_empty() {
        return None;
    }
    let body: String = rows.iter().map(Row::line).collect();
    Some(format!("{}{body}{}", heading(), means(&rows)))
}

fn heading() -> String {
    format!(
        "| problem | plain | record + sweep | replay | as recorded | echidna | replay × {SUBJECT} \
         | replay × echidna | replay × plain |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    )
}

struct Rows<'e> {
    estimates: &'e Estimates,
    rows: Vec<Row>,
}

impl Visitor for Rows<'_> {
    fn visit<P: Problem + 'static>(&mut self, problem: P) {
        let name = problem.name();
        let median = |engine| self.estimates.median(REPLAY, engine, name);
        if let Some(replay) = median(Replayer::Optimised.name()) {
            let others = [PLAIN, SUBJECT, Replayer::Echidna.name()].map(median);
            let as_recorded = median(Replayer::AsRecorded.name());
            self.rows.push(Row { name, replay, as_recorded, others });
        }
    }
}

/// The times of one problem.
struct Row {
    name: &'static str,
    replay: f64,
    as_recorded: Option<f64>,
    /// What replays are compared with: the plain function, record and sweep, echidna.
    others: [Option<f64>; 3],
}

impl Row {
    fn line(&self) -> String {
        let Self { name, replay, as_recorded, others } = *self;
        let [plain, sweep, echidna] = others;
        let time = |time: Option<f64>| time.map_or_else(|| "–".into(), duration);
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            time(plain),
            time(sweep),
            duration(replay),
            time(as_recorded),
            time(echidna),
            ratio(replay, sweep),
            ratio(replay, echidna),
            ratio(replay, plain),
        )
    }
}

/// The row of the ratios' geometric means, over the problems that have them.
fn means(rows: &[Row]) -> String {
    let [plain, sweep, echidna] = std::array::from_fn(|other| {
        let ratios: Vec<f64> =
            rows.iter().filter_map(|row| Some(row.replay / row.others[other]?)).collect();
        ratio(geometric_mean(&ratios), Some(1.0))
    });
    format!("| geometric mean | | | | | | {sweep} | {echidna} | {plain} |\n")
}

fn geometric_mean(numbers: &[f64]) -> f64 {
    let logarithms: f64 = numbers.iter().map(|number| number.ln()).sum();
    (logarithms / numbers.len() as f64).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(replay: f64, others: [Option<f64>; 3]) -> Row {
        Row { name: "ode", replay, as_recorded: Some(30_000.0), others }
    }

    #[test]
    fn a_line_has_the_times_and_the_ratios_of_the_replay() {
        let line = row(20_000.0, [Some(10_000.0), Some(40_000.0), None]).line();
        let times = "| ode | 10 µs | 40 µs | 20 µs | 30 µs | – |";
        assert_eq!(line, format!("{times} 0.50 | – | 2.0 |\n"));
    }

    #[test]
    fn means_are_geometric() {
        let rows = [row(1.0, [Some(1.0); 3]), row(4.0, [Some(1.0); 3])];
        assert_eq!(means(&rows), "| geometric mean | | | | | | 2.0 | 2.0 | 2.0 |\n");
    }

    #[test]
    fn without_measurements_there_is_no_table() {
        assert_eq!(render(&Estimates::new("no such directory")), None);
    }
}
