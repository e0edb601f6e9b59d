//! Measures patterns, colours and evaluations on large problems: `cargo run --release -p
//! wengert-sparse --example measure-sparse`, or with the name of one problem behind `--`.
//!
//! Times are of the processor: the shortest of short runs, the mean of long ones. `COLORS=1` counts
//! colours by every order and method, `WRITE=<folder>` writes the patterns for other programs, and
//! `RIVAL=<driver>` compares with ADOL-C and ColPack (`just bench-adolc-sparse`).

mod clock;
mod problems;
mod rival;

use clock::{shortest, timed};
use problems::{CASES, Matrix, determinant, diagonal, point};
use std::hint::black_box;
use wengert::{Function, Pattern, VectorAs};
use wengert_problems::{Mixture, MixtureSize, Perceptron, Problem, Rosenbrock};
use wengert_sparse::{Method, Order, Side, SparseHessian, SparseJacobian};

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
fn planned<P>(pattern: impl FnOnce() -> Pattern, plan: impl Fn(Pattern) -> P) -> (Pattern, P) {
    let (time, found) = timed(pattern);
    let of_pattern = peak();
    let (rest, plan) = timed(|| plan(found.clone()));
    println!("  pattern {time:.3} s ({of_pattern}), colours and plan {rest:.3} s ({})", peak());
    (found, plan)
}

fn hessian(name: &str, x: &[f64], f: &Function) {
    println!("{name}: {} variables, {} operations ({})", x.len(), f.len(), peak());
    let build = |pattern| SparseHessian::builder(pattern).plan().expect("a pattern");
    let (pattern, plan) = planned(|| f.hessian_pattern(), build);
    write(name, &pattern);
    if std::env::var("COLORS").is_ok() {
        for method in [Method::Star, Method::Acyclic] {
            let colors = Order::ALL.map(|order| {
                let builder = SparseHessian::builder(pattern.clone()).method(method);
                builder.order(order).plan().expect("a pattern").colors()
            });
            println!("  {method:?} colours {colors:?} by {:?}", Order::ALL);
        }
    }
    let (mut workspace, mut values) = (plan.workspace(f), vec![0.0; plan.structure().len()]);
    let (mut simple, mut gradient, v) = (f.workspace(), vec![0.0; x.len()], vec![1.0; x.len()]);
    let rounds = if x.len() > 10_000 { 20 } else { 500 };
    let first = shortest(rounds, || f.gradient(&mut simple, black_box(x), &mut gradient).unwrap());
    let second = shortest(rounds, || {
        plan.evaluate(f, &mut workspace, black_box(x), &[1.0], &mut values).unwrap();
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

fn jacobian(name: &str, x: &[f64], f: &Function) {
    println!("{name}: {} variables, {} operations ({})", x.len(), f.len(), peak());
    let build = |pattern| SparseJacobian::builder(pattern).plan().expect("a pattern");
    let (pattern, plan) = planned(|| f.jacobian_pattern(), build);
    write(name, &pattern);
    if std::env::var("COLORS").is_ok() {
        for side in [Side::Columns, Side::Rows] {
            let colors = Order::ALL.map(|order| {
                let builder = SparseJacobian::builder(pattern.clone()).side(side);
                builder.order(order).plan().expect("a pattern").colors()
            });
            println!("  {side:?} colours {colors:?} by {:?}", Order::ALL);
        }
    }
    let (mut workspace, mut values) = (plan.workspace(f), vec![0.0; plan.structure().len()]);
    let (mut simple, mut outputs) = (f.workspace(), vec![0.0; f.num_outputs()]);
    let plain = shortest(20, || f.values(&mut simple, black_box(x), &mut outputs).unwrap());
    let time =
        shortest(20, || plan.evaluate(f, &mut workspace, black_box(x), &mut values).unwrap());
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

/// The product with the Hessian by reverse over reverse, beside the one by tangents.
fn nested(name: &str, x: &[f64], f: &Function) {
    let gradient = f.gradient_function().expect("all operations have derivatives");
    let derived = gradient.vjp_function(VectorAs::Data).expect("of second order too");
    let (mut dual, mut simple, v) = (f.dual_workspace(), derived.workspace(), vec![1.0; x.len()]);
    let (mut found, mut known) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    let product = shortest(500, || {
        f.hessian_vector_product(&mut dual, black_box(x), &v, &mut known).unwrap();
    });
    let time = shortest(500, || {
        derived.values(&mut simple, (black_box(x), &v[..]), &mut found).unwrap();
    });
    let scale = known.iter().fold(1.0, |a: f64, b| a.max(b.abs()));
    assert!(found.iter().zip(&known).all(|(a, b)| (a - b).abs() <= 1e-12 * scale));
    println!(
        "{name}: product {product:.2} µs, as a recording of {} operations {time:.2} µs ({:.2}×)",
        derived.len(),
        time / product
    );
}

fn main() {
    let wanted = std::env::args().nth(1);
    if let Ok(driver) = std::env::var("RIVAL") {
        return rival::compare(&driver, &wanted.unwrap_or_default());
    }
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    if is_wanted("dense") {
        dense("rosenbrock", &Rosenbrock::new(100));
        dense("perceptron", &Perceptron::new(16, 100));
        let size = MixtureSize { dimensions: 2, components: 5, samples: 100 };
        dense("mixture", &Mixture::new(size));
    }
    if is_wanted("nested") {
        let x = Rosenbrock::new(100).point().to_vec();
        let f = Function::record(&x, |x| Rosenbrock::new(100).objective(x));
        nested("rosenbrock", &x, &f);
        let x: Vec<f64> = point(49).iter().zip(0..).map(diagonal).collect();
        nested("determinant 7 × 7", &x, &Function::record(&x, determinant));
    }
    for case in CASES.iter().filter(|case| is_wanted(case.name)) {
        let x = point(case.variables);
        let f = case.record(&x);
        match case.matrix {
            Matrix::Hessian => hessian(case.name, &x, &f),
            Matrix::Jacobian => jacobian(case.name, &x, &f),
        }
    }
}
