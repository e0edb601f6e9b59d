//! Gradients judged: central differences, and the distance between two gradients.

use wengert::{Dual, Function, Tape};

use crate::Problem;

/// The gradient of `problem` at `x` by central differences.
///
/// Two evaluations a variable and about nine correct digits: an oracle for
/// small sizes that shares no derivative rule with anybody.
pub fn central_differences<P: Problem>(problem: &P, x: &[f64]) -> Vec<f64> {
    let mut x = x.to_vec();
    (0..x.len()).map(|i| slope(problem, &mut x, i)).collect()
}

/// The slope along variable `i`; `x` is as before when it returns.
fn slope<P: Problem>(problem: &P, x: &mut [f64], i: usize) -> f64 {
    let middle = x[i];
    // The cube root of the machine epsilon balances the truncation error,
    // which grows with the step's square, against cancellation.
    let step = f64::EPSILON.cbrt() * middle.abs().max(1.0);
    let (left, right) = (middle - step, middle + step);
    x[i] = right;
    let above = problem.objective(x);
    x[i] = left;
    let below = problem.objective(x);
    x[i] = middle;
    (above - below) / (right - left)
}

/// The largest difference between two gradients, component by component,
/// relative to the expected component or to the mean of them all if that is larger.
///
/// The mean is there for components near zero, which are differences of large
/// numbers and do not have as many correct digits as the rest. A NaN in either
/// gradient makes the result NaN, which is below no tolerance.
///
/// # Panics
///
/// If the lengths differ.
///
/// # Example: one component is off by a tenth
///
/// ```
/// use wengert_problems::oracle::relative_difference;
///
/// let difference = relative_difference(&[1.1, -1.0], &[1.0, -1.0]);
/// assert!((difference - 0.1).abs() < 1e-12);
/// assert!(relative_difference(&[f64::NAN], &[1.0]).is_nan());
/// ```
pub fn relative_difference(given: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(given.len(), expected.len(), "gradients of unequal lengths");
    let mean = expected.iter().map(|e| e.abs()).sum::<f64>() / expected.len() as f64;
    given
        .iter()
        .zip(expected)
        .map(|(g, e)| (g - e).abs() / e.abs().max(mean))
        .fold(0.0, larger_or_nan)
}

/// The larger of two numbers, or NaN if one is NaN: `f64::max` would drop it.
fn larger_or_nan(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// The gradient of `problem` at `x` by dual numbers, one evaluation a variable.
///
/// Exact to rounding as a tape is, by the same rules but with no tape and no sweep.
pub fn by_dual_numbers<P: Problem>(problem: &P, x: &[f64]) -> Vec<f64> {
    let mut x: Vec<Dual> = x.iter().map(|&x| Dual::constant(x)).collect();
    (0..x.len())
        .map(|i| {
            x[i].tangent = 1.0;
            let slope = problem.objective(&x).tangent;
            x[i].tangent = 0.0;
            slope
        })
        .collect()
}

/// The gradient of `problem` at `x` by a tape and a reverse sweep.
pub fn by_tape<P: Problem>(problem: &P, x: &[f64]) -> Vec<f64> {
    let tape = Tape::new();
    let x = tape.vars(x);
    problem.objective(&x).gradients().wrt(&x)
}

/// The gradient of `problem` at `x` by the replay of a recording that was made at ¾ `x`, where
/// the largest of the variables is the same one.
pub fn by_replay<P: Problem>(problem: &P, x: &[f64]) -> Vec<f64> {
    let elsewhere: Vec<f64> = x.iter().map(|x| 0.75 * x).collect();
    let function = Function::record(&elsewhere, |x| problem.objective(x));
    let mut gradient = vec![f64::NAN; x.len()];
    let replay = function.gradient(&mut function.workspace(), x, &mut gradient);
    replay.expect("the variables are as many, and the recording decided nothing");
    gradient
}

/// Asserts that the hand-written gradient is that of central differences, dual numbers, a tape
/// and a replay.
#[cfg(test)]
#[track_caller]
pub(crate) fn assert_gradient<P: Problem>(problem: &P) {
    let x = problem.point();
    let mut written = vec![f64::NAN; x.len()];
    problem.gradient(x, &mut written);
    for (oracle, tolerance, gradient) in [
        ("central differences", 1e-7, central_differences(problem, x)),
        ("dual numbers", 1e-12, by_dual_numbers(problem, x)),
        ("a tape", 1e-12, by_tape(problem, x)),
        ("a replay", 1e-12, by_replay(problem, x)),
    ] {
        let difference = relative_difference(&written, &gradient);
        let name = problem.name();
        assert!(difference < tolerance, "{name}: {oracle} differ by {difference:e}");
    }
}
