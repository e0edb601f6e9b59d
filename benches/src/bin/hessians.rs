//! Second derivatives by every door, and by echidna: `cargo run --release -p benches --bin hessians`.
//!
//! Prints a row for each way to a problem's Hessian: the least time of rounds that take turns, and
//! how many times that of `Function::hessian` it is. All ways are held against each other first. A
//! second table tells from how many variables on a recording pays that is used once.

use benches::engines::Bytecode;
use std::hint::black_box;
use std::time::Instant;
use wengert::Function;
use wengert_problems::gradbench::Gmm;
use wengert_problems::{MixtureSize, Ode, Perceptron, Problem, Rosenbrock};
use wengert_sparse::SparseHessian;

const ROUNDS: usize = 15;

/// One way to a Hessian: a call evaluates it once.
type Way<'w> = (&'static str, Box<dyn FnMut() + 'w>);

fn way<'w>(name: &'static str, work: impl FnMut() + 'w) -> Way<'w> {
    (name, Box::new(work))
}

/// The least time of each way, in seconds, by turns; what is short is repeated within a turn.
fn times(ways: &mut [Way<'_>]) -> Vec<f64> {
    let seconds = |work: &mut dyn FnMut(), times: u32| {
        let start = Instant::now();
        (0..times).for_each(|_| work());
        start.elapsed().as_secs_f64() / f64::from(times)
    };
    let repeats: Vec<u32> = ways
        .iter_mut()
        .map(|(_, work)| (1e-3 / seconds(work, 1)).clamp(1.0, 1000.0) as u32)
        .collect();
    let mut least = vec![f64::INFINITY; ways.len()];
    for _ in 0..ROUNDS {
        for ((least, (_, work)), &times) in least.iter_mut().zip(&mut *ways).zip(&repeats) {
            *least = least.min(seconds(work, times));
        }
    }
    least
}

fn record<P: Problem>(problem: &P) -> Function {
    Function::record(problem.point(), |x| problem.objective(x))
}

fn dense(f: &Function, x: &[f64]) -> Vec<f64> {
    let mut rows = vec![0.0; x.len() * x.len()];
    f.hessian(&mut f.dual_workspace(), x, &mut rows).expect("no comparison was recorded");
    rows
}

/// A row for each way to a problem's Hessian, those by patterns and colours where they are asked
/// for.
fn table<P: Problem>(what: &str, problem: &P, with_plan: bool) {
    let (f, bytecode, x) = (record(problem), Bytecode::record(problem), problem.point());
    let (mut workspace, mut rows) = (f.dual_workspace(), dense(&f, x));
    agree(&wengert::hessian(|x| problem.objective(x), x).concat(), &rows);
    agree(&bytecode.hessian(x).concat(), &rows);
    agree(&bytecode.hessian_in_lanes(x).concat(), &rows);

    let plan = SparseHessian::of(&f).expect("a pattern has a plan");
    let (mut planned, mut values) = (plan.workspace(&f), vec![0.0; plan.structure().len()]);
    let (places, entries) = bytecode.sparse_hessian();
    let at = |(row, column): (usize, usize)| rows[row * x.len() + column];
    plan.evaluate(&f, &mut planned, x, &[1.0], &mut values).expect("no comparison was recorded");
    agree(&values, &plan.structure().triplets().map(at).collect::<Vec<_>>());
    agree(&entries(x), &places.into_iter().map(at).collect::<Vec<_>>());
    let mut ways = vec![
        way("`Function::hessian`", || {
            f.hessian(&mut workspace, black_box(x), &mut rows).expect("as before");
        }),
        way("`wengert::hessian`, one direction at a time", || {
            black_box(wengert::hessian(|x| problem.objective(x), black_box(x)));
        }),
        way("echidna, one direction at a time", || {
            black_box(bytecode.hessian(black_box(x)));
        }),
        way("echidna, eight directions at once", || {
            black_box(bytecode.hessian_in_lanes(black_box(x)));
        }),
    ];
    if with_plan {
        ways.push(way("`SparseHessian`, a plan", || {
            let result = plan.evaluate(&f, &mut planned, black_box(x), &[1.0], &mut values);
            result.expect("as before");
        }));
        ways.push(way("echidna, pattern and colours given", || {
            black_box(entries(black_box(x)));
        }));
    }
    let times = times(&mut ways);
    for ((name, _), time) in ways.iter().zip(&times) {
        println!("| {what} | {name} | {:.1} | {:.2} |", 1e6 * time, time / times[0]);
    }
}

#[track_caller]
fn agree(found: &[f64], known: &[f64]) {
    let scale = known.iter().fold(1.0, |scale: f64, x| scale.max(x.abs()));
    assert_eq!(found.len(), known.len());
    assert!(found.iter().zip(known).all(|(a, b)| (a - b).abs() <= 1e-9 * scale));
}

/// One Hessian by one call, and by a recording that is used once and dropped.
fn once(n: usize) {
    let problem = Rosenbrock::new(n);
    let x = problem.point();
    let mut ways = [
        way("a call", || drop(black_box(wengert::hessian(|x| problem.objective(x), x)))),
        way("a recording", || drop(black_box(dense(&record(&problem), x)))),
    ];
    let [call, recorded] = times(&mut ways)[..] else { unreachable!("there are two ways") };
    println!("| {n} | {:.2} | {:.2} | {:.2} |", 1e6 * call, 1e6 * recorded, recorded / call);
}

fn main() {
    println!("| problem | Hessian by | µs | × |\n|---|---|--:|--:|");
    table("Rosenbrock, n = 100", &Rosenbrock::new(100), true);
    let mixture = MixtureSize { dimensions: 2, components: 5, samples: 100 };
    table("GMM, d = 2, k = 5, n = 100", &Gmm::new(mixture), false);
    table("perceptron, 337 weights, 100 samples", &Perceptron::new(16, 100), false);
    // Nothing but operations by themselves.
    table("ode, 100 steps", &Ode::new(100), false);
    println!("\n| n | `wengert::hessian`, µs | recorded once, µs | × |\n|--:|--:|--:|--:|");
    [2, 4, 8, 16, 32, 64, 128].into_iter().for_each(once);
}
