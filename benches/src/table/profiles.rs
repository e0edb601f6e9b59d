//! The times of cargo's own profile beside those of link-time optimisation, as Markdown.

use wengert_problems::{Problem, Visitor, visit_all};

use super::{
    Estimates,
    markdown::{duration, ratio},
};
use crate::{
    driver::GRADIENT,
    engines::{Replayer, SINGLE, SUBJECT},
    replay::REPLAY,
};

/// The table of what was measured in both builds, or `None` if nothing was.
pub fn render(lto: &Estimates, embedded: &Estimates) -> Option<String> {
    let mut rows = Rows { builds: [lto, embedded], text: String::new() };
    visit_all(&mut rows);
    let heading = "| problem | way | with LTO | cargo's default | |\n|---|---|--:|--:|--:|\n";
    (!rows.text.is_empty()).then(|| format!("{heading}{}", rows.text))
}

struct Rows<'e> {
    builds: [&'e Estimates; 2],
    text: String,
}

impl Visitor for Rows<'_> {
    fn visit<P: Problem + 'static>(&mut self, problem: P) {
        let problem = problem.name();
        for (group, engine, way) in [
            (GRADIENT, SUBJECT, "record + sweep"),
            (GRADIENT, SINGLE, "the same, single operations"),
            (REPLAY, Replayer::Optimised.name(), "replay"),
        ] {
            let [lto, embedded] =
                self.builds.map(|build| build.least_of_rounds(group, engine, problem));
            let (Some(lto), Some(embedded)) = (lto, embedded) else {
                continue;
            };
            self.text += &format!(
                "| {problem} | {way} | {} | {} | {} × |\n",
                duration(lto),
                duration(embedded),
                ratio(embedded, Some(lto))
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_measurements_there_is_no_table() {
        let none = Estimates::new("no such directory");
        assert_eq!(render(&none, &none), None);
    }
}
