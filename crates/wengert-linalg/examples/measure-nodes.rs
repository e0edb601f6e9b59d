//! What one node costs beside the same by nalgebra's operations on variables: instructions where
//! `valgrind --tool=callgrind` runs it with an argument, times without.
//!
//! `measure-nodes` prints ratios of least times; `measure-nodes nodes 6 500` and `measure-nodes operations
//! 6 500` do one of the two so often, to be counted: the difference of two such runs is free of what
//! comes before.

use nalgebra::{DMatrix, DVector};
use std::hint::black_box;
use std::time::Instant;
use wengert::{Active, Tape};
use wengert_linalg::{Method, solve};

/// So often each is measured, of which the least counts.
const ROUNDS: usize = 25;

fn definite(n: usize) -> (Vec<f64>, Vec<f64>) {
    let b = DMatrix::from_fn(n, n, |i, j| ((i * 7 + j * 13) as f64 * 0.377).sin());
    let a = &b * b.transpose() + DMatrix::identity(n, n);
    (a.as_slice().to_vec(), (0..n).map(|i| 1.0 + i as f64).collect())
}

fn by_operations(a: &[Active], b: &[Active]) -> Active {
    let n = b.len();
    let b = DVector::from_column_slice(b);
    let cholesky = DMatrix::from_column_slice(n, n, a).cholesky().expect("it is definite");
    b.dot(&cholesky.solve(&b))
}

fn by_nodes(a: &[Active], b: &[Active]) -> Active {
    let solution = solve(Method::Cholesky, a, b).expect("it is definite");
    Active::dot(b, &solution)
}

/// What all pay who record a matrix of inputs and sweep over it.
fn inputs_alone(a: &[Active], b: &[Active]) -> Active {
    a[0] * b[0]
}

/// Records and sweeps so many times, and returns the seconds of each.
fn run(f: fn(&[Active], &[Active]) -> Active, n: usize, times: usize) -> f64 {
    let (a, b) = definite(n);
    let mut tape = Tape::new().activate();
    let mut gradients = wengert::Gradients::new();
    let start = Instant::now();
    for _ in 0..times {
        tape.reset();
        let (a, b) = (tape.vars(&a), tape.vars(&b));
        f(&a, &b).gradients_into(&mut gradients);
        black_box(gradients[a[0]]);
    }
    start.elapsed().as_secs_f64() / times as f64
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [which, n, times] = &arguments[..] {
        let [n, times] = [n, times].map(|number| number.parse().expect("it is a number"));
        let f: fn(&[Active], &[Active]) -> Active = match which.as_str() {
            "nodes" => by_nodes,
            "operations" => by_operations,
            _ => inputs_alone,
        };
        println!("{:.2} µs", run(f, n, times) * 1e6);
        return;
    }
    println!("{:>4} {:>12} {:>12} {:>12} {:>8}", "n", "operations", "node", "inputs", "ratio");
    for n in [3, 6, 12, 25, 50, 100] {
        let times = 50_000 / (n * n * n) + 1;
        let mut least = [f64::INFINITY; 3];
        // By turns, so that all meet the same machine.
        for _ in 0..ROUNDS {
            for (least, f) in least.iter_mut().zip([by_operations, by_nodes, inputs_alone]) {
                *least = least.min(run(f, n, times));
            }
        }
        let [operations, node, inputs] = least.map(|seconds| format!("{:.2} µs", seconds * 1e6));
        let ratio = least[1] / least[0];
        println!("{n:>4} {operations:>12} {node:>12} {inputs:>12} {ratio:>8.4}");
    }
}
