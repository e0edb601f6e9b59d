//! Measures patterns, colours and evaluations on large problems: `cargo run --release -p
//! wengert-sparse --example measure`, or with the name of one problem behind `--`.
//!
//! Times are of the processor (Linux tells them): the shortest of short runs, the mean of long ones. `COLORS=1` counts colours by every order and method, and
//! `WRITE=<folder>` writes the patterns for other programs.

use std::hint::black_box;
use std::time::Instant;
use wengert::{Function, Pattern, Var};
use wengert_problems::{Mixture, MixtureSize, Perceptron, Problem, Rosenbrock};
use wengert_sparse::{Method, Order, Side, SparseHessian, SparseJacobian};

const ORDERS: [Order; 4] =
    [Order::Natural, Order::LargestFirst, Order::SmallestLast, Order::IncidenceDegree];

/// Σ 100·(x₂ − x₁²)² + (1 − x₁)² over neighbours.
fn chained<'t>(x: &[Var<'t>]) -> Var<'t> {
    x.windows(2).map(|x| (x[1] - x[0] * x[0]).powi(2) * 100.0 + (1.0 - x[0]).powi(2)).sum()
}

/// The area of a surface over a grid, in triangles (MINPACK-2, Averick et al., 1992).
fn minimal_surface<'t>(x: &[Var<'t>], n: usize) -> Var<'t> {
    let h = 1.0 / (n + 1) as f64;
    let at = |i: usize, j: usize| {
        let is_inside = (1..=n).contains(&i) && (1..=n).contains(&j);
        let height = ((i as f64 * h).sin() + (j as f64 * h).cos()) * 0.5;
        if is_inside { x[(i - 1) * n + j - 1] } else { Var::constant(height) }
    };
    let triangle = |dx: Var<'t>, dy: Var<'t>| (1.0 + (dx * dx + dy * dy) * (1.0 / (h * h))).sqrt();
    let mut area = Vec::new();
    for i in 0..=n {
        for j in 0..=n {
            let (a, b, c, d) = (at(i, j), at(i + 1, j), at(i, j + 1), at(i + 1, j + 1));
            area.extend([triangle(b - a, c - a), triangle(d - c, d - b)]);
        }
    }
    Var::sum(&area) * (0.5 * h * h)
}

/// Brown's function of neighbours: Σ (x₁²)^(x₂² + 1) + (x₂²)^(x₁² + 1).
fn brown<'t>(x: &[Var<'t>]) -> Var<'t> {
    let term = |x: &[Var<'t>]| {
        let (a, b) = (x[0] * x[0], x[1] * x[1]);
        a.powf(b + 1.0) + b.powf(a + 1.0)
    };
    x.windows(2).map(term).sum()
}

/// Each variable meets itself and the first.
fn arrow<'t>(x: &[Var<'t>]) -> Var<'t> {
    x.iter().map(|&y| (y * x[0]).sin() + y * y * y).sum()
}

/// −Δu = λ eᵘ on a grid.
fn bratu<'t>(u: &[Var<'t>], n: usize) -> Vec<Var<'t>> {
    let h = 1.0 / (n + 1) as f64;
    let at = |i: usize, j: usize| {
        let is_inside = (1..=n).contains(&i) && (1..=n).contains(&j);
        if is_inside { u[(i - 1) * n + j - 1] } else { Var::constant(0.0) }
    };
    let residual = |k: usize| {
        let (i, j) = (k / n + 1, k % n + 1);
        let around = at(i - 1, j) + at(i + 1, j) + at(i, j - 1) + at(i, j + 1);
        at(i, j) * 4.0 - around - at(i, j).exp() * (6.0 * h * h)
    };
    (0..n * n).map(residual).collect()
}

/// The seconds of the processor that this thread has had, which do not count other programs'.
fn clock() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this is Linux");
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.expect("a number of nanoseconds") * 1e-9
}

/// The shortest of many short runs, or the mean of long ones, in microseconds.
fn shortest(rounds: usize, mut run: impl FnMut()) -> f64 {
    let (mut least, start) = (f64::INFINITY, clock());
    for _ in 0..rounds {
        let start = Instant::now();
        run();
        least = least.min(start.elapsed().as_secs_f64());
    }
    // The clock of the processor ticks every few milliseconds. Short runs are not interrupted.
    if least < 1e-3 { least * 1e6 } else { (clock() - start) / rounds as f64 * 1e6 }
}

/// The most memory that was used so far.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.unwrap_or("VmHWM: unknown").replace('\t', " ")
}

fn write(name: &str, pattern: &Pattern) {
    let Ok(folder) = std::env::var("WRITE") else { return };
    let (rows, columns) = (pattern.rows(), pattern.columns());
    let mut text = String::from("%%MatrixMarket matrix coordinate pattern general\n");
    text += &format!("{rows} {columns} {}\n", pattern.len());
    for (row, column) in pattern.entries() {
        text += &format!("{} {}\n", row + 1, column + 1);
    }
    std::fs::write(format!("{folder}/{name}.mtx"), text).expect("the folder is there");
}

/// Runs the parts of planning, and tells what they took.
fn planned<P>(pattern: impl Fn() -> Pattern, plan: impl Fn(Pattern) -> P) -> (Pattern, P) {
    let start = clock();
    let found = pattern();
    let time = clock() - start;
    let of_pattern = peak();
    let plan = plan(found.clone());
    let rest = clock() - start - time;
    println!("  pattern {time:.3} s ({of_pattern}), colours and plan {rest:.3} s ({})", peak());
    (found, plan)
}

fn hessian(name: &str, x: &[f64], f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>) {
    let f = Function::record(x, f);
    println!("{name}: {} variables, {} operations ({})", x.len(), f.len(), peak());
    let build = |pattern| SparseHessian::builder(pattern).plan().expect("a pattern");
    let (pattern, plan) = planned(|| f.hessian_pattern(), build);
    write(name, &pattern);
    if std::env::var("COLORS").is_ok() {
        for method in [Method::Star, Method::Acyclic] {
            let colors = ORDERS.map(|order| {
                let builder = SparseHessian::builder(pattern.clone()).method(method);
                builder.order(order).plan().expect("a pattern").colors()
            });
            println!("  {method:?} colours {colors:?} by {ORDERS:?}");
        }
    }
    let (mut workspace, mut values) = (plan.workspace(&f), vec![0.0; plan.structure().len()]);
    let (mut simple, mut gradient, v) = (f.workspace(), vec![0.0; x.len()], vec![1.0; x.len()]);
    let rounds = if x.len() > 10_000 { 20 } else { 500 };
    let first = shortest(rounds, || f.gradient(&mut simple, black_box(x), &mut gradient).unwrap());
    let second = shortest(rounds, || {
        plan.evaluate(&f, &mut workspace, black_box(x), &[1.0], &mut values).unwrap();
    });
    let product = shortest(rounds, || {
        f.hessian_vector_product(workspace.dual(), black_box(x), &v, &mut gradient).unwrap();
    });
    let (times, each) = (second / first, second * 1e3 / values.len() as f64);
    println!("  {} colours, {} entries: gradient {first:.2} µs", plan.colors(), values.len());
    println!(
        "  product {product:.2} µs ({:.2}×), Hessian {second:.2} µs ({times:.2}×)",
        product / first
    );
    println!("  {each:.1} ns an entry ({})", peak());
}

fn jacobian(name: &str, x: &[f64], f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>) {
    let f = Function::record_many(x, f);
    println!("{name}: {} variables, {} operations ({})", x.len(), f.len(), peak());
    let build = |pattern| SparseJacobian::builder(pattern).plan().expect("a pattern");
    let (pattern, plan) = planned(|| f.jacobian_pattern(), build);
    write(name, &pattern);
    if std::env::var("COLORS").is_ok() {
        for side in [Side::Columns, Side::Rows] {
            let colors = ORDERS.map(|order| {
                let builder = SparseJacobian::builder(pattern.clone()).side(side);
                builder.order(order).plan().expect("a pattern").colors()
            });
            println!("  {side:?} colours {colors:?} by {ORDERS:?}");
        }
    }
    let (mut workspace, mut values) = (plan.workspace(&f), vec![0.0; plan.structure().len()]);
    let (mut simple, mut outputs) = (f.workspace(), vec![0.0; f.outputs()]);
    let plain = shortest(20, || f.values(&mut simple, black_box(x), &mut outputs).unwrap());
    let time =
        shortest(20, || plan.evaluate(&f, &mut workspace, black_box(x), &mut values).unwrap());
    let each = time * 1e3 / values.len() as f64;
    println!("  {} colours, {} entries: values {plain:.2} µs", plan.colors(), values.len());
    println!("  Jacobian {time:.2} µs, {each:.1} ns an entry ({})", peak());
}

/// A dense Hessian beside its gradient and a product.
fn dense(name: &str, problem: &impl Problem) {
    let x = problem.point().to_vec();
    let n = x.len();
    let f = Function::record(&x, |x| problem.objective(x));
    let (mut simple, mut dual) = (f.workspace(), f.dual_workspace());
    let (mut gradient, mut matrix, v) = (vec![0.0; n], vec![0.0; n * n], vec![1.0; n]);
    let first = shortest(200, || f.gradient(&mut simple, black_box(&x), &mut gradient).unwrap());
    let product = shortest(200, || {
        f.hessian_vector_product(&mut dual, black_box(&x), &v, &mut gradient).unwrap();
    });
    let second = shortest(20, || f.hessian(&mut dual, black_box(&x), &mut matrix).unwrap());
    println!("{name}: {n} variables, {} operations: gradient {first:.2} µs", f.len());
    println!("  product {product:.2} µs ({:.2}×), dense Hessian {second:.1} µs", product / first);
}

fn main() {
    let wanted = std::env::args().nth(1);
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    let point = |n: usize| (0..n).map(|i| 0.3 + 0.5 * (i as f64).sin()).collect::<Vec<f64>>();
    if is_wanted("dense") {
        dense("rosenbrock", &Rosenbrock::new(100));
        dense("perceptron", &Perceptron::new(16, 100));
        let size = MixtureSize { dimensions: 2, components: 5, samples: 100 };
        dense("mixture", &Mixture::new(size));
    }
    if is_wanted("small") {
        hessian("small", &point(100), chained);
    }
    if is_wanted("chained") {
        hessian("chained", &point(1_000_000), chained);
    }
    if is_wanted("surface") {
        hessian("surface", &point(300 * 300), |x| minimal_surface(x, 300));
    }
    if is_wanted("brown") {
        hessian("brown", &point(100_000), brown);
    }
    if is_wanted("arrow") {
        hessian("arrow", &point(100_000), arrow);
    }
    if is_wanted("bratu") {
        jacobian("bratu", &point(500 * 500), |u| bratu(u, 500));
    }
}
