//! No engine is timed before its gradient is known to be right.

use wengert_problems::{Problem, Sampled, oracle};

use crate::{
    batch::way::Way,
    engines::{self, Engine, Replay},
};

/// How far from the hand-written gradient an engine may be, relative to it:
/// room for the rounding of a million steps, and for nothing else.
const TOLERANCE: f64 = 1e-9;

/// Compares every engine's gradient with the hand-written one.
///
/// # Panics
///
/// If one is off by more than a billionth.
pub fn every_engine<P: Problem + 'static>(problem: &P) {
    for mut each in engines::all(problem.operations()) {
        engine(each.as_mut(), problem);
    }
}

/// Compares an engine's gradient with the hand-written one.
///
/// The second gradient is compared, so that a tape used again has been used again.
///
/// # Panics
///
/// If it is off by more than a billionth.
pub fn engine<P: Problem>(engine: &mut dyn Engine<P>, problem: &P) {
    let mut gradient = vec![f64::NAN; problem.point().len()];
    engines::gradient(engine, problem, problem.point(), &mut gradient);
    gradient.fill(f64::NAN);
    engines::gradient(engine, problem, problem.point(), &mut gradient);
    assert_gradient(&gradient, &hand_written(problem), engine.name(), problem.name());
}

/// Compares a replayed value with the plain function, and its gradient with the hand-written one:
/// at the problem's point, and at one nearby, where nothing was recorded.
///
/// # Panics
///
/// If one of them is off by more than a billionth.
pub fn replay<P: Problem>(replay: &mut dyn Replay, name: &str, problem: &P) {
    let nearby: Vec<f64> = problem.point().iter().map(|x| x * 1.001).collect();
    for x in [&nearby, problem.point()] {
        let (mut gradient, mut expected) = (vec![f64::NAN; x.len()], vec![f64::NAN; x.len()]);
        let value = replay.value_and_gradient(x, &mut gradient);
        problem.gradient(x, &mut expected);
        assert_value(value, problem.objective(x), name, problem.name());
        assert_gradient(&gradient, &expected, name, problem.name());
    }
}

/// Compares a sum over samples with that of plain floats, and its gradient, if the way has one,
/// with the hand-written one.
///
/// # Panics
///
/// If one of them is off by more than a billionth.
pub fn sum<P: Sampled>(run: &mut dyn FnMut(&mut [f64]) -> f64, way: Way, problem: &P) {
    let x = problem.parameters();
    let (mut gradient, mut expected) = (vec![f64::NAN; x.len()], vec![f64::NAN; x.len()]);
    run(&mut gradient);
    gradient.fill(f64::NAN);
    let sum = run(&mut gradient);
    if way != Way::HandWritten {
        assert_value(sum, problem.sum(x), way.name(), problem.name());
    }
    if way.is_gradient() {
        problem.gradient(x, &mut expected);
        assert_gradient(&gradient, &expected, way.name(), problem.name());
    }
}

fn hand_written<P: Problem>(problem: &P) -> Vec<f64> {
    let mut gradient = vec![f64::NAN; problem.point().len()];
    problem.gradient(problem.point(), &mut gradient);
    gradient
}

fn assert_gradient(given: &[f64], expected: &[f64], engine: &str, problem: &str) {
    let difference = oracle::relative_difference(given, expected);
    assert!(
        difference <= TOLERANCE,
        "{engine} on {problem}: the gradient is off by {difference:e}"
    );
}

fn assert_value(given: f64, expected: f64, engine: &str, problem: &str) {
    let difference = (given - expected).abs() / expected.abs();
    assert!(difference <= TOLERANCE, "{engine} on {problem}: the value is off by {difference:e}");
}

#[cfg(test)]
mod tests {
    use wengert_problems::{LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Rosenbrock};

    use super::*;
    use crate::engines::Replayer;

    fn everything_is_right<P: Problem + 'static>(problem: &P) {
        every_engine(problem);
        for replayer in Replayer::ALL {
            replay(replayer.record(problem).as_mut(), replayer.name(), problem);
        }
    }

    #[test]
    fn every_engine_is_right_at_small_sizes() {
        everything_is_right(&Rosenbrock::new(6));
        everything_is_right(&LogSumExp::new(6));
        everything_is_right(&Perceptron::new(3, 4));
        everything_is_right(&Ode::new(100));
        everything_is_right(&Mixture::new(MixtureSize {
            dimensions: 3,
            components: 2,
            samples: 4,
        }));
    }

    #[test]
    #[should_panic(expected = "the value is off")]
    fn a_wrong_value_is_seen() {
        assert_value(1.0, 1.1, "an engine", "a problem");
    }

    #[test]
    #[should_panic(expected = "the gradient is off")]
    fn a_wrong_gradient_is_seen() {
        assert_gradient(&[1.0, 2.0], &[1.0, 2.1], "an engine", "a problem");
    }
}
