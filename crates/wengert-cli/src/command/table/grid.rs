//! The points of a table: all combinations of some ranges.

use crate::command::failure::Failure;
use crate::command::values::{self, Given, Values};
use std::ops::Range;

/// The points a table may have: minutes, and gigabytes of text.
const LONGEST: usize = 100_000_000;

/// A grid over all inputs; those with one value are axes of one point.
#[derive(Debug)]
pub(super) struct Grid {
    axes: Vec<Axis>,
    inputs: usize,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Axis {
    /// The position of the input in the program.
    input: usize,
    first: f64,
    step: f64,
    len: usize,
    /// The decimals that first value and step are written with.
    decimals: Option<usize>,
    is_range: bool,
}

impl Grid {
    pub(super) fn new(values: &Values<'_>, inputs: usize) -> Result<Self, Failure> {
        let axes: Vec<Axis> = values.iter().map(Axis::read).collect::<Result<_, _>>()?;
        if !axes.iter().any(|axis| axis.is_range) {
            let message = "a table needs an input with a range, `x=0..1..0.01`".to_owned();
            return Err(Failure::Usage(message));
        }
        let len = axes.iter().try_fold(1_usize, |len, axis| len.checked_mul(axis.len));
        match len.filter(|&len| len <= LONGEST) {
            Some(len) => Ok(Self { axes, inputs, len }),
            None => Err(too_many(axes.iter().map(|axis| axis.len as f64).product())),
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn inputs(&self) -> usize {
        self.inputs
    }

    /// The inputs, in the order in which they were given.
    pub(super) fn given(&self) -> impl Iterator<Item = usize> {
        self.axes.iter().map(|axis| axis.input)
    }

    /// Those with a range.
    pub(super) fn ranged(&self) -> impl Iterator<Item = usize> {
        self.axes.iter().filter(|axis| axis.is_range).map(|axis| axis.input)
    }

    /// Some points, a row for each in the order of the program's inputs. The last axis runs
    /// fastest.
    pub(super) fn points(&self, range: Range<usize>) -> Vec<f64> {
        let mut points = vec![0.0; range.len() * self.inputs];
        for (point, row) in range.zip(points.chunks_exact_mut(self.inputs)) {
            let mut rest = point;
            for axis in self.axes.iter().rev() {
                row[axis.input] = axis.at(rest % axis.len);
                rest /= axis.len;
            }
        }
        points
    }
}

fn too_many(points: f64) -> Failure {
    // Beyond this nobody counts the digits.
    let points = if points < 1e15 { format!("{points}") } else { format!("{points:.1e}") };
    Failure::Usage(format!("the table would have {points} points, the limit is {LONGEST}"))
}

impl Axis {
    fn read(given: &Given<'_>) -> Result<Self, Failure> {
        let parts: Vec<&str> = given.text.split("..").collect();
        match parts.as_slice() {
            [value] => Self::point(given, value),
            [first, last, step] if parts.iter().all(|part| !part.trim().is_empty()) => {
                Self::range(given, first, last, step)
            }
            _ => Err(Failure::Usage(format!(
                "`{}` is no range: write FIRST..LAST..STEP, `{}=0..1..0.01`",
                given.text, given.name
            ))),
        }
    }

    fn point(given: &Given<'_>, value: &str) -> Result<Self, Failure> {
        let first = values::number(given.name, value)?;
        let input = given.input;
        Ok(Self { input, first, step: 0.0, len: 1, decimals: None, is_range: false })
    }

    fn range(given: &Given<'_>, first: &str, last: &str, step: &str) -> Result<Self, Failure> {
        let decimals = decimals(first).zip(decimals(step)).map(|(one, other)| one.max(other));
        let [first, last, step] = [
            values::number(given.name, first)?,
            values::number(given.name, last)?,
            values::number(given.name, step)?,
        ];
        let steps = steps(first, last, step).map_err(|reason| {
            let Given { name, text, .. } = given;
            Failure::Usage(format!("the range of `{name}` is `{text}`, {reason}"))
        })?;
        if steps >= LONGEST as f64 {
            return Err(too_many(steps + 1.0));
        }
        let len = steps as usize + 1;
        Ok(Self { input: given.input, first, step, len, decimals, is_range: true })
    }

    fn at(&self, position: usize) -> f64 {
        let x = self.first + self.step * position as f64;
        // 0.1 · 3 is not 0.3; whoever writes a step of 0.1 means decimals.
        let rounded = self.decimals.map(|decimals| format!("{x:.decimals$}").parse());
        rounded.and_then(Result::ok).map_or(x, |x: f64| x + 0.0)
    }
}

/// How many steps lead from the first value to the last one, or what is wrong with them.
fn steps(first: f64, last: f64, step: f64) -> Result<f64, &'static str> {
    // Rounding must not lose the last point.
    let steps = ((last - first) / step * (1.0 + 4.0 * f64::EPSILON)).floor();
    if ![first, last, step].iter().all(|number| number.is_finite()) {
        Err("which is not finite")
    } else if step == 0.0 {
        Err("whose step is 0")
    } else if steps < 0.0 {
        Err("whose step leads away from its end")
    } else {
        Ok(steps)
    }
}

/// The digits behind the point, where a number is written as a plain decimal with no more of them
/// than a float can tell apart.
fn decimals(text: &str) -> Option<usize> {
    /// Those of the smallest float, 2⁻¹⁰⁷⁴.
    const MOST: usize = 1074;
    let text = text.trim().trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = whole.chars().chain(fraction.chars()).all(|digit| digit.is_ascii_digit());
    (is_plain && fraction.len() <= MOST).then_some(fraction.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(text: &str) -> Result<Vec<f64>, String> {
        match Axis::read(&Given { name: "x", text, input: 0 }) {
            Ok(axis) => Ok((0..axis.len).map(|position| axis.at(position)).collect()),
            Err(Failure::Usage(message)) => Err(message),
            Err(failure) => Err(format!("{failure:?}")),
        }
    }

    #[test]
    fn ranges_have_both_ends_and_clean_decimals() {
        assert_eq!(axis("0..0.5..0.1").unwrap(), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(axis("1..-1..-0.5").unwrap(), [1.0, 0.5, 0.0, -0.5, -1.0]);
        assert_eq!(axis("0..1..0.3").unwrap(), [0.0, 0.3, 0.6, 0.9]);
        assert_eq!(axis("-1..1..1").unwrap(), [-1.0, 0.0, 1.0]);
        assert_eq!(axis("2..2..1").unwrap(), [2.0]);
        assert_eq!(axis("0..1..0.01").unwrap().len(), 101);
        assert_eq!(axis("0..1..1e-3").unwrap().len(), 1001);
        assert_eq!(axis("0..pi..pi/2").unwrap(), [0.0, 0.5, 1.0].map(|x| x * std::f64::consts::PI));
        assert_eq!(axis("pi").unwrap(), [std::f64::consts::PI]);
    }

    #[test]
    fn more_decimals_than_a_float_has_are_read() {
        let zeros = "0".repeat(70_000);
        assert_eq!(axis(&format!("0.{zeros}..1..0.5")).unwrap(), [0.0, 0.5, 1.0]);
        assert_eq!(axis(&format!("0..1..0.5{zeros}")).unwrap(), [0.0, 0.5, 1.0]);
        assert_eq!(axis(&format!("0.{zeros}1..0..1")).unwrap(), [0.0]);
    }

    #[test]
    fn ranges_that_are_none_are_refused() {
        let cases = [
            ("0..1", "`0..1` is no range: write FIRST..LAST..STEP, `x=0..1..0.01`"),
            ("0..1..0", "the range of `x` is `0..1..0`, whose step is 0"),
            ("0..1..-1", "the range of `x` is `0..1..-1`, whose step leads away from its end"),
            ("0..inf..1", "the range of `x` is `0..inf..1`, which is not finite"),
            ("..1..0.1", "`..1..0.1` is no range: write FIRST..LAST..STEP, `x=0..1..0.01`"),
            ("0..1..", "`0..1..` is no range: write FIRST..LAST..STEP, `x=0..1..0.01`"),
            ("0..1..nan", "the range of `x` is `0..1..nan`, which is not finite"),
            ("0..1..1e-30", "the table would have 1.0e30 points, the limit is 100000000"),
            ("0..1..1e-9", "the table would have 1000000001 points, the limit is 100000000"),
        ];
        for (text, wanted) in cases {
            assert_eq!(axis(text).unwrap_err(), wanted);
        }
    }
}
