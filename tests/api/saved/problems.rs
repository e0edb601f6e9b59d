//! The five problems: the same bits, and how many of them a file takes.
//! `cargo test -p wengert-tests saved::problems -- --nocapture` prints the sizes.

use super::survives;
use wengert::Function;
use wengert_problems::{LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Problem, Rosenbrock};

/// Checks a problem, and that an operation as plain code counts them takes at most so many bytes
/// beside the point of the recording.
fn check(problem: &impl Problem, most: f64) {
    let point = problem.point();
    let f = Function::record(point, |x| problem.objective(x));
    let elsewhere = point.iter().map(|x| 0.9 * x + 0.01).collect();
    survives(&f, &[point.to_vec(), elsewhere], &[]);
    let (bytes, json) = (f.to_bytes().len(), f.to_json().len());
    let operations = problem.operations() as f64;
    let each = (bytes - 8 * point.len()) as f64 / operations;
    println!(
        "{:<12} {operations:>6} operations: {bytes:>6} bytes, {each:.2} an operation beside the \
         point; JSON {json:>6} bytes; program {:>6} bytes",
        problem.name(),
        f.bytes(),
    );
    assert!(each < most, "{}: {each} bytes an operation", problem.name());
}

#[test]
fn rosenbrock_survives() {
    check(&Rosenbrock::new(1000), 3.0);
}

#[test]
fn log_sum_exp_survives() {
    check(&LogSumExp::new(1000), 0.5);
}

#[test]
fn the_perceptron_survives() {
    check(&Perceptron::new(16, 100), 2.0);
}

#[test]
fn the_mixture_survives() {
    check(&Mixture::new(MixtureSize { dimensions: 5, components: 6, samples: 40 }), 3.0);
}

#[test]
fn the_differential_equation_survives() {
    check(&Ode::new(2000), 4.0);
}
