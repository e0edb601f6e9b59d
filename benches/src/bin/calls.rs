//! One-call derivatives of long recordings: `cargo run --profile embedded -p benches --bin calls`.
//!
//! Prints nanoseconds a node of the first, the second and the least of the later calls of
//! `value_and_gradient` in a process, and of a tape that is used again. Each problem releases the
//! memory that the one before left, and is so a first call as far as the system gives pages back.

use std::hint::black_box;
use std::time::Instant;
use wengert::{Gradients, Tape};
use wengert_problems::{Mixture, MixtureSize, Ode, Problem};

const CALLS: usize = 6;

fn row<P: Problem>(problem: &P) {
    let x = problem.point();
    let calls: Vec<f64> = (0..CALLS)
        .map(|_| time(|| wengert::value_and_gradient(|x| problem.objective(x), black_box(x)).0))
        .collect();
    wengert::release_memory();
    let (mut tape, mut adjoints) = (Tape::new(), Gradients::default());
    let again = (0..CALLS).map(|_| {
        time(|| {
            tape.reset();
            let y = problem.objective(&tape.vars(black_box(x)));
            y.gradients_into(&mut adjoints);
            y.value()
        })
    });
    let again = again.fold(f64::INFINITY, f64::min);
    let later = calls[1..].iter().copied().fold(f64::INFINITY, f64::min);
    let nodes = tape.len() as f64;
    let [first, second, later, again] = [calls[0], calls[1], later, again].map(|t| 1e9 * t / nodes);
    println!(
        "| {} | {nodes} | {first:.1} | {second:.1} | {later:.1} | {again:.1} | {:.2} × |",
        problem.name(),
        second / again
    );
}

fn time(work: impl FnOnce() -> f64) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64()
}

fn main() {
    println!(
        "| problem | nodes | first call | second | later | a tape used again | second / again |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    row(&Ode::new(500_000));
    row(&Ode::new(1_000_000));
    row(&Mixture::new(MixtureSize::USUAL));
}
