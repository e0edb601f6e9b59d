//! The five problems: the same bits, and how many of them a file takes.
//! `cargo test -p wengert-tests saved::problems -- --nocapture` prints the table of `docs/DESIGN.md`,
//! and each row is looked for there.

use super::survives;
use wengert::Function;
use wengert_problems::{LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Problem, Rosenbrock};

/// Checks a problem, and that an operation as plain code counts them takes at most so many bytes
/// beside the point of the recording.
fn check(title: &str, problem: &impl Problem, most: f64) {
    let point = problem.point();
    let f = Function::record(point, |x| problem.objective(x));
    let elsewhere = point.iter().map(|x| 0.9 * x + 0.01).collect();
    survives(&f, &[point.to_vec(), elsewhere], &[]);
    let (bytes, json) = (f.to_bytes().len(), f.to_json().len());
    let operations = problem.operations();
    let each = (bytes - 8 * point.len()) as f64 / operations as f64;
    let [operations, bytes, json, program] = [operations, bytes, json, f.bytes()].map(grouped);
    let row = format!("| {title} | {operations} | {bytes} | {each:.2} | {json} | {program} |");
    println!("{row}");
    let page = include_str!("../../../docs/DESIGN.md");
    assert!(page.contains(&row), "docs/DESIGN.md does not have the row\n{row}");
    assert!(each < most, "{}: {each} bytes an operation", problem.name());
}

/// A number with commas between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[test]
fn rosenbrock_survives() {
    check("Rosenbrock, 1000 variables", &Rosenbrock::new(1000), 3.0);
}

#[test]
fn log_sum_exp_survives() {
    check("log-sum-exp, 1000 variables", &LogSumExp::new(1000), 0.5);
}

#[test]
fn the_perceptron_survives() {
    check("perceptron, 100 samples", &Perceptron::new(16, 100), 2.0);
}

#[test]
fn the_mixture_survives() {
    let size = MixtureSize { dimensions: 5, components: 6, samples: 40 };
    let title = "mixture, 5 dimensions, 6 components, 40 samples";
    check(title, &Mixture::new(size), 3.0);
}

#[test]
fn the_differential_equation_survives() {
    check("differential equation, 2000 steps", &Ode::new(2000), 4.0);
}
