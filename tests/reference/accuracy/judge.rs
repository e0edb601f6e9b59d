//! Says which errors are too large, and which exceptions are not needed.

use super::exceptions::{EXCEPTIONS, Exception, Origin};
use crate::apply;
use std::collections::BTreeMap;
use wengert::OpKind;

/// The largest error of a value or derivative, in units in the last place.
const BAR: f64 = 4.0;

/// What each operand of a reduction adds to the bar. Adding n terms from left to right errs by
/// at most (n − 1)/2 units in the last place of the sum of their magnitudes (Higham, "Accuracy
/// and Stability of Numerical Algorithms", 4.2), and multiplying n factors by as much.
const GROWTH_PER_OPERAND: f64 = 0.5;

/// An exception that allows more than this many times the worst error seen is too generous.
const MARGIN: f64 = 8.0;

/// One number that was compared.
#[derive(Debug)]
pub(super) struct Sample<'a> {
    pub(super) kind: OpKind,
    /// `value`, or `d/d` with the argument's name.
    pub(super) column: &'a str,
    /// How the number was found.
    pub(super) door: &'static str,
    pub(super) arguments: &'a [f64],
    /// What the table says that the error is to be measured against, or 0.
    pub(super) condition: f64,
}

/// Takes all comparisons over one scalar.
pub(super) struct Judge {
    scalar: &'static str,
    worst: BTreeMap<(&'static str, String), f64>,
    /// For each exception the worst error by its own measure and by the usual one.
    excused: Vec<(f64, f64)>,
    failures: Vec<String>,
}

impl Judge {
    pub(super) fn new(scalar: &'static str) -> Self {
        let excused = vec![(0.0, 0.0); EXCEPTIONS.len()];
        Self { scalar, worst: BTreeMap::new(), excused, failures: Vec::new() }
    }

    /// Takes one comparison; `error` gives its error against a scale.
    pub(super) fn take(&mut self, sample: &Sample<'_>, error: impl Fn(f64) -> f64) {
        let usual = error(sample.condition);
        let exception = EXCEPTIONS.iter().position(|e| e.is_about(sample, self.scalar));
        let (measured, allowed) = match exception {
            Some(i) => (error(EXCEPTIONS[i].scale), EXCEPTIONS[i].allowed),
            None => (usual, tolerance(sample)),
        };
        if let Some(i) = exception {
            let (scaled, plain) = &mut self.excused[i];
            (*scaled, *plain) = (scaled.max(measured), plain.max(usual));
        } else {
            let key = (sample.kind.name(), format!("{} {}", sample.column, sample.door));
            let worst = self.worst.entry(key).or_default();
            *worst = worst.max(usual);
        }
        if measured > allowed {
            self.failures.push(format!("{measured:.3e} > {allowed}: {sample:?}"));
        }
    }

    /// Prints the worst errors, and panics if any is too large or an exception is not needed.
    pub(super) fn verdict(&self) {
        println!("{}: worst error in units in the last place, outside exceptions", self.scalar);
        for ((operation, column), error) in &self.worst {
            println!("  {operation:20} {column:18} {error:4.1}");
        }
        println!("{}: worst error within exceptions, and what is allowed", self.scalar);
        for (exception, (scaled, plain)) in EXCEPTIONS.iter().zip(&self.excused) {
            if exception.scalars.contains(&self.scalar) {
                println!("  {exception}: {scaled:.3e} (unscaled {plain:.3e})");
            }
        }
        let needless =
            EXCEPTIONS.iter().zip(&self.excused).filter(|(e, worst)| self.is_needless(e, **worst));
        let needless = needless.map(|(exception, _)| format!("not needed: {exception}"));
        let faults: Vec<String> = self.failures.iter().cloned().chain(needless).collect();
        assert!(faults.is_empty(), "{}:\n{}", self.scalar, faults.join("\n"));
    }

    fn is_needless(&self, exception: &Exception, (scaled, plain): (f64, f64)) -> bool {
        let judged = exception.origin == Origin::Rule && exception.scalars.contains(&self.scalar);
        let generous = exception.allowed.is_finite() && scaled * MARGIN < exception.allowed;
        judged && (plain <= BAR || generous)
    }
}

fn tolerance(sample: &Sample<'_>) -> f64 {
    let operands = if apply::is_reduction(sample.kind) { sample.arguments.len() } else { 0 };
    BAR + GROWTH_PER_OPERAND * operands as f64
}
