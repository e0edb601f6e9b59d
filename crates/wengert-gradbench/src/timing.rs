//! Running an evaluation as often as a message asks, and timing each run.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::failure::Failure;

/// How often an evaluation is to be run: until both bounds are met.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(default)]
pub struct Repeat {
    /// The least number of runs; once is the least of all, as there must be an output.
    pub min_runs: u64,
    /// The least time of all runs together.
    pub min_seconds: f64,
}

impl Default for Repeat {
    fn default() -> Self {
        Self { min_runs: 1, min_seconds: 0.0 }
    }
}

impl Repeat {
    /// The part of a module's input that says how often.
    ///
    /// # Errors
    ///
    /// If one of the two is no number of its kind.
    pub fn read(input: &RawValue) -> Result<Self, Failure> {
        serde_json::from_str(input.get()).map_err(Failure::Input)
    }
}

/// How long something took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Timing {
    /// `evaluate` for a run, `prepare` for what all runs have in common.
    pub name: &'static str,
    /// How long.
    pub nanoseconds: u64,
}

/// The timings of one message.
#[derive(Clone, Debug, Default)]
pub struct Stopwatch {
    timings: Vec<Timing>,
}

impl Stopwatch {
    /// Does what all runs have in common. It may not look at the values of the variables.
    pub fn prepare<T>(&mut self, prepare: impl FnOnce() -> T) -> T {
        self.time("prepare", prepare)
    }

    /// Runs an evaluation until the bounds are met, and returns what the last run returned.
    pub fn evaluate<T>(&mut self, repeat: Repeat, mut evaluate: impl FnMut() -> T) -> T {
        let mut output = self.time("evaluate", &mut evaluate);
        let mut runs = 1;
        let mut seconds = self.last_seconds();
        while runs < repeat.min_runs || seconds < repeat.min_seconds {
            output = self.time("evaluate", &mut evaluate);
            runs += 1;
            seconds += self.last_seconds();
        }
        output
    }

    /// All timings, in their order.
    pub fn finish(self) -> Vec<Timing> {
        self.timings
    }

    fn time<T>(&mut self, name: &'static str, what: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = what();
        let nanoseconds = start.elapsed().as_nanos() as u64;
        self.timings.push(Timing { name, nanoseconds });
        result
    }

    fn last_seconds(&self) -> f64 {
        self.timings.last().map_or(0.0, |timing| timing.nanoseconds as f64 * 1e-9)
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;

    fn runs(repeat: Repeat, each: Duration) -> usize {
        let mut watch = Stopwatch::default();
        watch.prepare(|| ());
        let mut runs = 0;
        let last = watch.evaluate(repeat, || {
            thread::sleep(each);
            runs += 1;
            runs
        });
        let timings = watch.finish();
        assert_eq!(timings[0].name, "prepare");
        assert!(timings[1..].iter().all(|t| t.name == "evaluate"));
        assert!(timings[1..].iter().all(|t| u128::from(t.nanoseconds) >= each.as_nanos()));
        assert_eq!((timings.len(), last), (runs + 1, runs));
        runs
    }

    #[test]
    fn both_bounds_are_met() {
        let moment = Duration::from_millis(1);
        assert_eq!(runs(Repeat { min_runs: 0, min_seconds: 0.0 }, moment), 1);
        assert_eq!(runs(Repeat { min_runs: 4, min_seconds: 0.002 }, moment), 4);
        assert_eq!(runs(Repeat { min_runs: 1, min_seconds: 0.0005 }, moment), 1);
        // A sleep may take longer, and then fewer of them are enough.
        let enough = runs(Repeat { min_runs: 1, min_seconds: 0.005 }, moment);
        assert!((1..=5).contains(&enough), "{enough} runs");
    }
}
