//! What a number without a lifetime costs beside a variable, on the five problems of the benchmarks:
//! `cargo run --profile embedded -p wengert-problems --example handles`.
//!
//! Prints the times of recording and of recording and sweeping, minima of rounds that take turns.
//! With `var` or `active` and the name of a problem as arguments it does that one alone, a few times,
//! for a tool that counts instructions.

use std::hint::black_box;
use std::time::Instant;
use wengert::{Gradients, Tape};
use wengert_problems::{
    LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Problem, Rosenbrock, Visitor,
};

const ROUNDS: usize = 15;

/// The seconds of recording, and of recording and sweeping.
fn by_variables<P: Problem>(problem: &P, tape: &mut Tape, gradients: &mut Gradients) -> [f64; 2] {
    let start = Instant::now();
    tape.reset();
    let x = tape.vars(problem.point());
    let y = problem.objective(&x);
    let recorded = start.elapsed().as_secs_f64();
    y.gradients_into(gradients);
    black_box(gradients[x[0]]);
    [recorded, start.elapsed().as_secs_f64()]
}

fn by_handles<P: Problem>(problem: &P, tape: Tape, gradients: &mut Gradients) -> (Tape, [f64; 2]) {
    let mut tape = tape.activate();
    let start = Instant::now();
    tape.reset();
    let x = tape.vars(problem.point());
    let y = problem.objective(&x);
    let recorded = start.elapsed().as_secs_f64();
    y.gradients_into(gradients);
    black_box(gradients[x[0]]);
    let swept = start.elapsed().as_secs_f64();
    (tape.deactivate(), [recorded, swept])
}

/// What was asked for.
struct Measure {
    only: Option<(String, String)>,
}

impl Visitor for Measure {
    fn visit<P: Problem + 'static>(&mut self, problem: P) {
        let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
        if let Some((way, name)) = &self.only {
            for _ in 0..if name == problem.name() { 3 } else { 0 } {
                match &**way {
                    "var" => drop(by_variables(&problem, &mut tape, &mut gradients)),
                    _ => tape = by_handles(&problem, tape, &mut gradients).0,
                }
            }
            return;
        }
        let mut least = [[f64::INFINITY; 2]; 2];
        for _ in 0..ROUNDS {
            let variables = by_variables(&problem, &mut tape, &mut gradients);
            let (back, handles) = by_handles(&problem, tape, &mut gradients);
            tape = back;
            for (least, now) in least.iter_mut().flatten().zip([variables, handles].concat()) {
                *least = least.min(now);
            }
        }
        let [variables, handles] = least;
        let ratio = |i: usize| handles[i] / variables[i];
        println!("{:<12} record {:.2}, record and sweep {:.2}", problem.name(), ratio(0), ratio(1));
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut measure = Measure { only: arguments.next().zip(arguments.next()) };
    measure.visit(Rosenbrock::new(1000));
    measure.visit(LogSumExp::new(1000));
    measure.visit(Perceptron::new(16, 100));
    measure.visit(Mixture::new(MixtureSize::USUAL));
    measure.visit(Ode::new(20_000));
}
