//! Loops against plain floats: `cargo run --release -p benches --bin loops`.
//!
//! Prints a row for each loop: the time of a step in floats, of its value and gradient as a `Scan`
//! and by one replay of the whole, minima of rounds that take turns.

use std::hint::black_box;
use std::time::Instant;
use wengert::Scan;
use wengert::scan::ScanWorkspace;
use wengert_gradbench::modes::{Mode, Options, gradient};
use wengert_problems::gradbench::{Lstm, LstmSize, RungeKutta};

const ROUNDS: usize = 15;

/// The least time of each piece of work, in seconds, by turns.
fn times<const N: usize>(rounds: usize, mut work: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..rounds {
        for (least, work) in least.iter_mut().zip(&mut work) {
            let start = Instant::now();
            work();
            *least = least.min(start.elapsed().as_secs_f64());
        }
    }
    least
}

fn row(what: &str, steps: usize, plain: f64, others: &[(&str, f64)]) {
    print!("| {what} | {:.2} ns |", 1e9 * plain / steps as f64);
    for (name, time) in others {
        print!(" {name} {:.2} ns, {:.2} × |", 1e9 * time / steps as f64, time / plain);
    }
    println!();
}

/// x ← x + r x (1 − x).
fn growth() -> Scan {
    Scan::builder().shared(&[0.1]).state(&[0.2]).record(|step| {
        let (rate, x) = (step.shared[0], step.state[0]);
        (vec![x + rate * x * (1.0 - x)], vec![])
    })
}

fn growths() {
    let (scan, steps, at) = (growth(), 1_000_000, [1e-5, 0.2]);
    let mut full = scan.workspace(steps);
    let mut bounded = scan.workspace_within(steps, 100_000).expect("a state fits");
    let differentiate = |workspace: &mut ScanWorkspace, steps: usize| {
        let mut gradient = [0.0; 2];
        let value = scan.value_and_gradient(workspace, steps, black_box(&at), &mut gradient);
        black_box((value.expect("no comparison was recorded"), gradient));
    };
    let plain = |steps: usize| {
        let [rate, mut x] = black_box(at);
        for _ in 0..steps {
            x += rate * x * (1.0 - x);
        }
        black_box(x);
    };
    let [floats, without, within] = times(
        ROUNDS,
        [&mut || plain(steps), &mut || differentiate(&mut full, steps), &mut || {
            differentiate(&mut bounded, steps)
        }],
    );
    row("growth, 10⁶ steps", steps, floats, &[("all kept", without), ("100 kB", within)]);

    let many = 100_000_000;
    let mut bounded = scan.workspace_within(many, 1_000_000).expect("a state fits");
    let [floats, within] =
        times(1, [&mut || plain(many), &mut || differentiate(&mut bounded, many)]);
    row("growth, 10⁸ steps", many, floats, &[("1 MB", within)]);
}

/// A problem of GradBench, by one replay and as a loop.
fn problem(what: &str, steps: usize, problem: &impl wengert_gradbench::modes::Batchable) {
    let x = problem.point().to_vec();
    let mode = |mode| gradient(problem, &Options { mode, threads: 1 });
    let (mut replay, mut scan) = (mode(Mode::Replay), mode(Mode::Scan));
    let (mut one, mut other) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    let [floats, whole, stepwise] = times(
        ROUNDS,
        [
            &mut || {
                black_box(problem.objective(black_box(&x)));
            },
            &mut || replay.gradient(black_box(&x), &mut one),
            &mut || scan.gradient(black_box(&x), &mut other),
        ],
    );
    row(what, steps, floats, &[("replay", whole), ("scan", stepwise)]);
}

fn main() {
    println!("| loop | a step in floats | value and gradient |");
    println!("|---|--:|--:|");
    growths();
    problem("ode n=8, s=1000", 1000, &RungeKutta::new(8, 1000));
    let size = LstmSize { layers: 4, width: 14, items: 4096 };
    problem("lstm l=4, c=4096", size.items - 1, &Lstm::new(size));
}
