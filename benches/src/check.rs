//! No engine is timed before its gradient is known to be right.

use wengert_problems::{Problem, oracle};

use crate::engines::{self, Engine};

/// How far from the hand-written gradient an engine may be, relative to it:
/// room for the rounding of a million steps, and for nothing else.
const TOLERANCE: f64 = 1e-9;

/// Compares every engine's gradient with the hand-written one.
///
/// The second gradient is compared, so that a tape used again has been used again.
///
/// # Panics
///
/// If one is off by more than a billionth.
pub fn every_engine<P: Problem + 'static>(problem: &P) {
    let expected = hand_written(problem);
    for mut engine in engines::all(problem.operations()) {
        let difference = difference(engine.as_mut(), problem, &expected);
        assert!(
            difference <= TOLERANCE,
            "{} on {}: the gradient is off by {difference:e}",
            engine.name(),
            problem.name(),
        );
    }
}

fn hand_written<P: Problem>(problem: &P) -> Vec<f64> {
    let mut gradient = vec![f64::NAN; problem.point().len()];
    problem.gradient(problem.point(), &mut gradient);
    gradient
}

fn difference<P: Problem>(engine: &mut dyn Engine<P>, problem: &P, expected: &[f64]) -> f64 {
    let mut gradient = vec![f64::NAN; expected.len()];
    engines::gradient(engine, problem, problem.point(), &mut gradient);
    gradient.fill(f64::NAN);
    engines::gradient(engine, problem, problem.point(), &mut gradient);
    oracle::relative_difference(&gradient, expected)
}

#[cfg(test)]
mod tests {
    use wengert_problems::{LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Rosenbrock};

    use super::*;

    #[test]
    fn every_engine_is_right_at_small_sizes() {
        every_engine(&Rosenbrock::new(6));
        every_engine(&LogSumExp::new(6));
        every_engine(&Perceptron::new(3, 4));
        every_engine(&Ode::new(100));
        every_engine(&Mixture::new(MixtureSize { dimensions: 3, components: 2, samples: 4 }));
    }
}
