//! The results that are further from the tables than the bar allows, each with its reason. The
//! same list stands in `docs/CONVENTIONS.md`.

use super::judge::Sample;
use std::fmt;

/// Where an error comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A rule of ours: the exception has to go when the rule gets better.
    Rule,
    /// The standard library, whose value a recording repeats to the last bit. It differs from
    /// one toolchain and platform to another, so that the exception may also be not needed.
    Std,
}

/// Some results that may err by more than the bar.
#[derive(Debug)]
pub(super) struct Exception {
    pub(super) operation: &'static str,
    /// The column, for both doors or with `(dual)` behind it for that one.
    pub(super) column: &'static str,
    pub(super) scalars: &'static [&'static str],
    /// The arguments it is about, in words and as a predicate.
    pub(super) range: &'static str,
    pub(super) applies: fn(&[f64]) -> bool,
    /// The error is counted in units in the last place of this number, where the result is
    /// smaller; 0 to count in its own.
    pub(super) scale: f64,
    /// The largest error allowed.
    pub(super) allowed: f64,
    pub(super) origin: Origin,
    pub(super) reason: &'static str,
}

impl Exception {
    pub(super) fn is_about(&self, sample: &Sample<'_>, scalar: &str) -> bool {
        self.operation == sample.kind.name()
            && (self.column == sample.column
                || self.column == format!("{} {}", sample.column, sample.door))
            && self.scalars.contains(&scalar)
            && (self.applies)(sample.arguments)
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, column, range, scale, allowed, reason, .. } = self;
        write!(f, "{operation} {column} at {range}: {allowed}")?;
        if *scale > 0.0 {
            write!(f, " of {scale}")?;
        }
        write!(f, " ({reason})")
    }
}

const BOTH: &[&str] = &["f64", "f32"];

/// All exceptions.
pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception {
        operation: "silu",
        column: "d/dx",
        scalars: BOTH,
        range: "−1.3 < x < −1.25",
        applies: |x| (-1.3..-1.25).contains(&x[0]),
        scale: 0.05,
        allowed: 1.0,
        origin: Origin::Rule,
        reason: "the derivative's zero at −1.278, where 1 + x and eˣ cancel",
    },
    Exception {
        operation: "gelu",
        column: "d/dx",
        scalars: BOTH,
        range: "−1 < x < −0.6",
        applies: |x| (-1.0..-0.6).contains(&x[0]),
        scale: 0.23,
        allowed: 4.0,
        origin: Origin::Rule,
        reason: "the derivative's zero at −0.752, where Φ(x) and x·φ(x) cancel",
    },
    Exception {
        operation: "digamma",
        column: "value",
        scalars: &["f64"],
        range: "x < 0",
        applies: |x| x[0] < 0.0,
        scale: 2.0,
        allowed: 4.0,
        origin: Origin::Rule,
        reason: "its negative zeros, where ψ(1 − x) and π·cot(πx) cancel",
    },
    Exception {
        operation: "lgamma",
        column: "d/dx",
        scalars: &["f64"],
        range: "x < 0",
        applies: |x| x[0] < 0.0,
        scale: 2.0,
        allowed: 4.0,
        origin: Origin::Rule,
        reason: "digamma's negative zeros",
    },
    Exception {
        operation: "lgamma",
        column: "value",
        scalars: BOTH,
        range: "−3 < x < −2",
        applies: |x| (-3.0..-2.0).contains(&x[0]),
        scale: 0.5,
        allowed: 4.0,
        origin: Origin::Rule,
        reason: "its zeros at −2.457 and −2.748, where libm's two logarithms cancel",
    },
    Exception {
        operation: "log_sum_exp",
        column: "value",
        scalars: &["f64"],
        range: "a largest argument in (−1, 0)",
        applies: |x| (-1.0..0.0).contains(&x.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
        scale: 0.5,
        allowed: 1.0,
        origin: Origin::Rule,
        reason: "its zeros, where the largest argument and the logarithm of the rest cancel",
    },
    Exception {
        operation: "product",
        column: "value",
        scalars: &["f64"],
        range: "factors beyond 10^±150",
        applies: has_huge_and_tiny,
        scale: 0.0,
        allowed: f64::INFINITY,
        origin: Origin::Rule,
        reason: "factors are multiplied from left to right, as plain floats are",
    },
    Exception {
        operation: "product",
        column: "d/dx",
        scalars: &["f64"],
        range: "factors beyond 10^±150",
        applies: has_huge_and_tiny,
        scale: 0.0,
        allowed: f64::INFINITY,
        origin: Origin::Rule,
        reason: "derivatives are products of the factors before and behind",
    },
    Exception {
        operation: "powi",
        column: "value",
        scalars: BOTH,
        range: "|n| > 8",
        applies: |x| x[1].abs() > 8.0,
        scale: 0.0,
        allowed: 40.0,
        origin: Origin::Std,
        reason: "std multiplies repeatedly, which loses about n/2 units",
    },
    Exception {
        operation: "acosh",
        column: "value",
        scalars: BOTH,
        range: "x < 1.01",
        applies: |x| x[0] < 1.01,
        scale: 0.0,
        allowed: 1e8,
        origin: Origin::Std,
        reason: "std's formula loses the digits of x − 1",
    },
    Exception {
        operation: "acosh",
        column: "value",
        scalars: BOTH,
        range: "x beyond half the largest float",
        applies: |x| x[0] > 8e307,
        scale: 0.0,
        allowed: f64::INFINITY,
        origin: Origin::Std,
        reason: "std's formula overflows",
    },
    Exception {
        operation: "asinh",
        column: "value",
        scalars: BOTH,
        range: "|x| beyond half the largest float",
        applies: |x| x[0].abs() > 8e307,
        scale: 0.0,
        allowed: f64::INFINITY,
        origin: Origin::Std,
        reason: "std's formula overflows",
    },
    Exception {
        operation: "atanh",
        column: "value",
        scalars: BOTH,
        range: "x < −0.9",
        applies: |x| x[0] < -0.9,
        scale: 0.0,
        allowed: 1e14,
        origin: Origin::Std,
        reason: "std's formula loses the digits of 1 + x",
    },
];

/// Whether products of some of the factors leave the range, though that of all is inside.
fn has_huge_and_tiny(factors: &[f64]) -> bool {
    let beyond = |x: &f64| *x != 0.0 && !(1e-150..1e150).contains(&x.abs());
    factors.len() > 2 && factors.iter().any(beyond)
}

#[test]
fn every_exception_is_documented() {
    let document = include_str!("../../../docs/CONVENTIONS.md");
    for Exception { operation, column, range, reason, .. } in EXCEPTIONS {
        // In a table of Markdown a bar has a backslash.
        let range = range.replace('|', "\\|");
        let line = format!("| `{operation}` | {column} | {range} |");
        let mut lines = document.lines();
        let documented = lines.any(|l| l.starts_with(&line) && l.ends_with(&format!("{reason} |")));
        assert!(documented, "docs/CONVENTIONS.md lacks {line} … {reason}");
    }
    let rows = document.lines().filter(|line| line.starts_with("| `") && line.contains("| d/dx"));
    let listed = rows.count();
    let derivatives = EXCEPTIONS.iter().filter(|e| e.column.starts_with("d/dx")).count();
    assert_eq!(listed, derivatives, "docs/CONVENTIONS.md has rows that are no exceptions");
}
