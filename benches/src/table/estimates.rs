//! What criterion left on disk.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// The estimates below a directory that criterion wrote.
#[derive(Debug)]
pub struct Estimates {
    directory: PathBuf,
}

impl Estimates {
    /// The estimates in `directory`, usually `target/criterion`.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The median time of one iteration in nanoseconds, or `None` if it was not measured.
    pub fn median(&self, group: &str, engine: &str, problem: &str) -> Option<f64> {
        let path = [group, engine, problem, "new", "estimates.json"];
        let path = self.directory.join(PathBuf::from_iter(path));
        median_of(&fs::read_to_string(path).ok()?)
    }

    /// The least median of the rounds, criterion's baselines `round-1`, `round-2` and so on: what a
    /// machine that others use too takes least is the fairest to compare.
    pub fn least_of_rounds(&self, group: &str, engine: &str, problem: &str) -> Option<f64> {
        let folder = self.directory.join(PathBuf::from_iter([group, engine, problem]));
        let round = |number| folder.join(format!("round-{number}")).join("estimates.json");
        let rounds = (1..).map_while(|number| median_of(&fs::read_to_string(round(number)).ok()?));
        rounds.reduce(f64::min)
    }

    /// Whether anything of a group was measured.
    pub fn has(&self, group: &str) -> bool {
        self.directory.join(group).is_dir()
    }
}

/// Where criterion writes unless it is told otherwise.
pub fn criterion_directory() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    Path::new(&target).join("criterion")
}

/// The median in one of criterion's `estimates.json`, which names several
/// statistics and gives each a point estimate and a confidence interval.
fn median_of(json: &str) -> Option<f64> {
    let estimates: Value = serde_json::from_str(json).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_found_among_the_statistics() {
        let json = r#"{"mean":{"point_estimate":2.0},"median":{"point_estimate":1.5}}"#;
        assert_eq!(median_of(json), Some(1.5));
        assert_eq!(median_of("{}"), None);
        assert_eq!(median_of("not JSON"), None);
    }

    #[test]
    fn what_was_not_measured_is_none() {
        let estimates = Estimates::new("no such directory");
        assert_eq!(estimates.median("gradient", "wengert", "ode"), None);
        assert!(!estimates.has("gradient"));
    }
}
