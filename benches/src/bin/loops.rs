//! Loops against plain floats: `cargo run --release -p benches --bin loops`; words behind `--` choose
//! rows (`heston`, `growth`, `ode`, `lstm`).
//!
//! Prints a row for each loop: the time of a step in floats, of its value and gradient as a `Scan`
//! and by one replay of the whole, minima of rounds that take turns. Of Heston's model it prints
//! what a batch of paths takes, and what recording takes, as a loop and as one recording.

use std::hint::black_box;
use std::time::Instant;
use wengert::scan::{ScanEnd, ScanStep, ScanWorkspace};
use wengert::{Batch, Function, Scan, Var};
use wengert_gradbench::modes::{Mode, Options, gradient};
use wengert_problems::gradbench::{Lstm, LstmSize, RungeKutta};
use wengert_problems::{Heston, Model, Sampled};

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
    let (scan, steps, many) = (growth(), 1_000_000, 100_000_000);
    let differentiate = |scan: &Scan, workspace: &mut ScanWorkspace, steps: usize| {
        let mut gradient = [0.0; 2];
        let at = black_box(growth_at(steps));
        let value = scan.value_and_gradient(workspace, steps, &at, &mut gradient);
        black_box((value.expect("no comparison was recorded"), gradient));
    };
    let plain = |steps: usize| {
        let [rate, mut x] = black_box(growth_at(steps));
        for _ in 0..steps {
            x += rate * x * (1.0 - x);
        }
        black_box(x);
    };
    for (name, scan) in [("growth", &scan), ("preaccumulated", &scan.clone().preaccumulated())] {
        let mut full = scan.workspace(steps);
        let mut bounded = scan.workspace_within(steps, 100_000).expect("a state fits");
        let [floats, without, within] = times(
            ROUNDS,
            [&mut || plain(steps), &mut || differentiate(scan, &mut full, steps), &mut || {
                differentiate(scan, &mut bounded, steps)
            }],
        );
        let others = [("all kept", without), ("100 kB", within)];
        row(&format!("{name}, 10⁶ steps"), steps, floats, &others);

        let mut bounded = scan.workspace_within(many, 1_000_000).expect("a state fits");
        let [floats, within] =
            times(1, [&mut || plain(many), &mut || differentiate(scan, &mut bounded, many)]);
        row(&format!("{name}, 10⁸ steps"), many, floats, &[("1 MB", within)]);
    }
}

/// The rate of a step and the initial state: the same time in however many steps. At the rate of
/// fewer steps adjoints would become subnormal, and each operation on those takes a processor a
/// hundred times as long.
fn growth_at(steps: usize) -> [f64; 2] {
    [10.0 / steps as f64, 0.2]
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

/// What a path needs of the parameters, as a function of these, and the path as a loop.
fn heston_loop(problem: &Heston) -> (Function, Scan) {
    let start = Function::record_many(problem.parameters(), |x| {
        let model = problem.share(x);
        [&model.shared()[..], &model.state()].concat()
    });
    let model = problem.share(problem.parameters());
    let builder = Scan::builder().shared(&model.shared()).state(&model.state()).data(&[0.0; 2]);
    let path = builder.record_end(
        |step: ScanStep<'_, '_>| {
            let state = [step.state[0], step.state[1]];
            let model = Model::of(step.shared, &state);
            model.next(state, step.data, problem.step()).to_vec()
        },
        |end: ScanEnd<'_, '_>| {
            vec![Model::<Var<'_>>::of(end.shared, end.state).payoff(end.state[0])]
        },
    );
    (start, path)
}

fn heston_flat(problem: &Heston) -> Function {
    let first = &problem.data()[..problem.width()];
    let builder = Function::builder().data(first);
    builder.record_with_data(problem.parameters(), |x, data| problem.whole_term(x, data))
}

fn heston() {
    const STEPS: usize = 50;
    const FITS: &str = "the lengths fit, and there is no branch";
    let problem = Heston::new(STEPS, 4000);
    let (x, samples) = (problem.parameters(), problem.rows().len());
    let flat = heston_flat(&problem);
    let (start, path) = heston_loop(&problem);
    let (mut of_flat, mut of_path) = (flat.batch_workspace(), path.batch_workspace(STEPS));
    let mut at_start = start.workspace();
    let (mut from, mut slopes) = ([0.0; 9], [0.0; 9]);
    let (mut one, mut other) = ([0.0; 7], [0.0; 7]);
    let whole = Batch::new(samples).shared_variables(x).data(problem.data());
    let [floats, replay, stepwise] = times(
        ROUNDS,
        [
            &mut || {
                black_box(problem.sum(black_box(x)));
            },
            &mut || {
                flat.batch_gradient(&mut of_flat, &whole, &mut one, &mut []).expect(FITS);
            },
            &mut || {
                start.values(&mut at_start, black_box(x), &mut from).expect(FITS);
                let batch = Batch::new(samples).shared_variables(&from).data(problem.data());
                path.batch_gradient(&mut of_path, STEPS, &batch, &mut slopes, &mut []).expect(FITS);
                start.vjp(&mut at_start, x, &slopes, &mut other).expect(FITS);
            },
        ],
    );
    for (one, other) in one.iter().zip(&other) {
        assert!((one - other).abs() <= 1e-9 * (1.0 + one.abs()), "{other} is not {one}");
    }
    let steps = STEPS * samples;
    row("heston, 50 steps, batch", steps, floats, &[("flat", replay), ("scan", stepwise)]);

    let [flat_time, path_time] = times(
        ROUNDS,
        [
            &mut || {
                black_box(heston_flat(black_box(&problem)));
            },
            &mut || {
                black_box(heston_loop(black_box(&problem)));
            },
        ],
    );
    let bytes = start.bytes() + path.bytes();
    println!(
        "| heston, recorded and optimised | flat {:.1} µs, {} bytes | scan {:.1} µs, {bytes} bytes | \
         1 / {:.1} of the time, 1 / {:.1} of the bytes |",
        1e6 * flat_time,
        flat.bytes(),
        1e6 * path_time,
        flat_time / path_time,
        flat.bytes() as f64 / bytes as f64,
    );
}

fn main() {
    println!("| loop | a step in floats | value and gradient |");
    println!("|---|--:|--:|");
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_asked_for = |row: &str| words.is_empty() || words.iter().any(|word| word == row);
    if is_asked_for("heston") {
        heston();
    }
    if is_asked_for("growth") {
        growths();
    }
    if is_asked_for("ode") {
        problem("ode n=8, s=1000", 1000, &RungeKutta::new(8, 1000));
    }
    if is_asked_for("lstm") {
        let size = LstmSize { layers: 4, width: 14, items: 4096 };
        problem("lstm l=4, c=4096", size.items - 1, &Lstm::new(size));
    }
}
