//! Values and first derivatives are those of the tape.

use super::program::{self, Step, all, exact, exact_everywhere, record, special_point};
use super::support::{Reference, all_same, cast, jacobian, optimisers, record_with, values};
use crate::expression::{Expression, differentiate, expression, point};
use crate::support::{cases, near, same};
use proptest::prelude::*;
use wengert::{Function, FunctionBuilder, Optimise, Real};
use wengert_problems::{
    LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Problem, Rosenbrock, oracle,
};

/// At the point of the recording and at another, by the function and by the one-call door.
fn check_problem(problem: &impl Problem, name: &str) {
    let x = problem.point();
    let elsewhere: Vec<f64> = x.iter().map(|x| 0.9 * x + 0.01).collect();
    for optimise in optimisers() {
        let builder = Function::builder().optimise(optimise);
        let f = builder.record(x, |x| problem.objective(x));
        let (mut workspace, mut gradient) = (f.workspace(), vec![f64::NAN; x.len()]);
        for at in [x, &elsewhere, x] {
            let value = f.value_and_gradient(&mut workspace, at, &mut gradient).unwrap();
            let (expected, slopes) = wengert::value_and_gradient(|x| problem.objective(x), at);
            near(value, expected, 1e-13);
            same(f.value(&mut workspace, at).unwrap(), value);
            let mut written = vec![0.0; x.len()];
            problem.gradient(at, &mut written);
            for known in [slopes, written] {
                let difference = oracle::relative_difference(&gradient, &known);
                assert!(difference < 1e-11, "{name} {optimise:?}: {difference:e}");
            }
        }
    }
}

#[test]
fn problems_have_the_gradients_of_the_tape_and_of_the_hand() {
    check_problem(&Rosenbrock::new(40), "rosenbrock");
    check_problem(&LogSumExp::new(30), "log_sum_exp");
    check_problem(&Perceptron::new(5, 7), "perceptron");
    let size = MixtureSize { dimensions: 3, components: 4, samples: 6 };
    check_problem(&Mixture::new(size), "mixture");
    check_problem(&Ode::new(200), "ode");
}

/// Values as bits, and derivatives but for the order of summation, for every optimiser.
fn check_program<F: Real>(steps: &[Step], at: &[f64], points: [&[f64]; 2]) {
    let at: Vec<F> = cast(at);
    for optimise in optimisers() {
        let f = record_with(optimise, &at, |x| record(steps, x));
        for x in points.map(cast::<F>) {
            let reference = Reference::of(&x, |x| record(steps, x));
            all_same(&values(&f, &x), &reference.values);
            reference.assert_rows(&jacobian(&f, &x), optimise);
        }
    }
}

/// An evaluation of a tree by all means agrees with the oracle as far as rounding lets it.
fn agrees_with_the_oracle(e: &Expression, f: &Function, x: &[f64]) -> Result<(), TestCaseError> {
    let mut gradient = vec![0.0; x.len()];
    let value = f.value_and_gradient(&mut f.workspace(), x, &mut gradient).unwrap();
    for (i, &given) in gradient.iter().enumerate() {
        let (found, change) = differentiate(e, x, i);
        prop_assume!(found.influence.is_finite() && found.value.is_finite());
        let gap = (given - found.derivative).abs();
        let tolerance = 8.0 * change + 1e-11 * found.influence + 1e-290;
        prop_assert!(gap <= tolerance, "∂{i} {given:e}, not {found:?}, of {value:e}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn exact_operations_give_the_bits_of_the_tape(
        steps in program::program(exact()),
        (at, x) in (point(), point()),
    ) {
        check_program::<f64>(&steps, &at, [&at, &x]);
    }

    #[test]
    fn also_where_floats_are_special(
        steps in program::program(exact_everywhere()),
        (at, x, y) in (point(), special_point(), special_point()),
    ) {
        check_program::<f64>(&steps, &at, [&x, &y]);
        check_program::<f32>(&steps, &at, [&x, &y]);
    }

    /// Also of functions whose replay rounds otherwise than the tape.
    #[test]
    fn the_optimiser_changes_no_bit_of_a_value(
        steps in program::program(all()),
        (at, x, y) in (point(), special_point(), point()),
    ) {
        let plain = record_with(Optimise::none(), &at, |x| record(&steps, x));
        for optimise in optimisers() {
            let f = record_with(optimise, &at, |x| record(&steps, x));
            for x in [&at, &x, &y] {
                all_same(&values(&f, x), &values(&plain, x));
            }
        }
    }

    #[test]
    fn every_operation_is_what_the_oracle_says(
        e in expression(),
        (at, x) in (point(), point()),
    ) {
        for optimise in [Optimise::none(), Optimise::all()] {
            let f = FunctionBuilder::default().optimise(optimise).record(&at, |x| e.record(x));
            agrees_with_the_oracle(&e, &f, &at)?;
            agrees_with_the_oracle(&e, &f, &x)?;
        }
    }

    #[test]
    fn a_pullback_is_that_of_the_tape(
        steps in program::program(exact()),
        (at, x) in (point(), point()),
        v in prop::collection::vec(-2.0..2.0_f64, program::OUTPUTS),
    ) {
        for optimise in optimisers() {
            let f = record_with(optimise, &at, |x| record(&steps, x));
            let mut product = vec![0.0; x.len()];
            f.vjp(&mut f.workspace(), &x, &v[..f.num_outputs()], &mut product).unwrap();
            let v = &v[..f.num_outputs()];
            let (_, known) = wengert::vjp(|x| record(&steps, x), &x, v).unwrap();
            let reference = Reference::of(&x, |x| record(&steps, x)).weighted(v, &known);
            reference.assert_rows(&[product], optimise);
        }
    }
}
