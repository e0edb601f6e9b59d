//! The same formulas recorded by operators and by fused operations and lists, as a `Function`:
//! `cargo run --profile embedded -p benches --bin forms`.
//!
//! Prints a row for each: microseconds of a value and of a value and gradient, in least times of
//! rounds that take turns, of the recording by lists and of that by operators, and their quotients.

use std::array::from_fn;
use std::hint::black_box;
use std::time::Instant;
use wengert::{Function, Var};

const ROUNDS: usize = 40;
const REPEATS: usize = 20;

/// Microseconds of a value, and of a value and gradient, by each of two recordings.
fn times(forms: &[Function; 2], x: &[f64]) -> [[f64; 2]; 2] {
    const FITS: &str = "the lengths fit, and there is no branch";
    let mut gradient = vec![0.0; x.len()];
    let mut workspaces = forms.each_ref().map(Function::workspace);
    let mut least = [[f64::INFINITY; 2]; 2];
    for _ in 0..ROUNDS {
        for ((f, workspace), least) in forms.iter().zip(&mut workspaces).zip(&mut least) {
            let value = time(|| f.value(workspace, black_box(x)).expect(FITS));
            let both =
                time(|| f.value_and_gradient(workspace, black_box(x), &mut gradient).expect(FITS));
            *least = [least[0].min(value), least[1].min(both)];
        }
    }
    least
}

fn time(mut work: impl FnMut() -> f64) -> f64 {
    let start = Instant::now();
    for _ in 0..REPEATS {
        black_box(work());
    }
    1e6 * start.elapsed().as_secs_f64() / REPEATS as f64
}

fn row(name: &str, x: &[f64], by_lists: Form, by_operators: Form) {
    let forms = [by_lists, by_operators].map(|form| Function::record(x, form));
    let [[list, both_by_list], [value, both]] = times(&forms, x);
    println!(
        "| {name} | {list:.2} | {value:.2} | {:.2} × | {both_by_list:.2} | {both:.2} | {:.2} × |",
        list / value,
        both_by_list / both
    );
}

type Form = for<'t> fn(&[Var<'t>]) -> Var<'t>;

/// Points to which the mixture is fitted.
fn points() -> impl Iterator<Item = [f64; 3]> {
    (0..200).map(|i| [0.7, 1.3, 0.31].map(|turn| (f64::from(i) * turn).sin()))
}

/// ln Σ e^(c₆ − ½ Σ ((cⱼ − pⱼ)·cⱼ₊₃)²) over four components of ten variables, summed over points.
fn mixture_by_lists<'t>(x: &[Var<'t>]) -> Var<'t> {
    let terms = points().map(|p| {
        let exponents: [Var<'t>; 4] = from_fn(|k| {
            let c = &x[10 * k..];
            let scaled: [Var<'t>; 3] = from_fn(|j| (c[j] - p[j]) * c[3 + j]);
            Var::dot(&scaled, &scaled).mul_add(-0.5, c[6])
        });
        Var::log_sum_exp(&exponents)
    });
    Var::sum(&terms.collect::<Vec<_>>())
}

fn mixture_by_operators<'t>(x: &[Var<'t>]) -> Var<'t> {
    let mut total = Var::constant(0.0);
    for p in points() {
        let exponents: [Var<'t>; 4] = from_fn(|k| {
            let c = &x[10 * k..];
            let mut sum = Var::constant(0.0);
            for j in 0..3 {
                let scaled = (c[j] - p[j]) * c[3 + j];
                sum += scaled * scaled;
            }
            sum * -0.5 + c[6]
        });
        total += Var::log_sum_exp(&exponents);
    }
    total
}

/// Polynomials of degree nine at a hundred points, by a step of Horner's scheme: the sum of their
/// squares.
fn polynomials<'t>(
    c: &[Var<'t>],
    step: impl Fn(Var<'t>, f64, Var<'t>) -> Var<'t> + Copy,
) -> Var<'t> {
    let at = |t: f64| c[1..].iter().fold(c[0], |sum, &c| step(sum, t, c));
    Var::squared_norm(&(0..100).map(|k| at(f64::from(k) * 0.01)).collect::<Vec<_>>())
}

/// The hyperbolic tangents of a matrix times a vector, which is the first row, added up.
fn layer<'t>(x: &[Var<'t>], dot: impl Fn(&[Var<'t>], &[Var<'t>]) -> Var<'t>) -> Var<'t> {
    x[16..].chunks_exact(16).map(|row| dot(row, &x[..16]).tanh()).sum()
}

fn main() {
    let x: Vec<f64> = (0..300).map(|i| 1.0 + 0.01 * f64::from(i).sin()).collect();
    println!("| recording | value by lists | by operators | | with gradient | | |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    row("mixture: `dot` and `mul_add`", &x[..40], mixture_by_lists, mixture_by_operators);
    row(
        "polynomials: `mul_add`",
        &x[..10],
        |c| polynomials(c, |sum, t, c| sum.mul_add(t, c)),
        |c| polynomials(c, |sum, t, c| sum * t + c),
    );
    row(
        "a chain: `mul_add`",
        &x,
        |x| x[1..].iter().fold(x[0], |sum, &x| sum.mul_add(x, 0.001)),
        |x| x[1..].iter().fold(x[0], |sum, &x| sum * x + 0.001),
    );
    row(
        "a·xᵢ + xᵢ₊₁, then exponentials: `mul_add`",
        &x,
        |x| x[1..].windows(2).map(|pair| x[0].mul_add(pair[0], pair[1]).exp()).sum(),
        |x| x[1..].windows(2).map(|pair| (x[0] * pair[0] + pair[1]).exp()).sum(),
    );
    row(
        "a matrix times a vector: `dot`",
        &x,
        |x| layer(x, Var::dot),
        |x| {
            layer(x, |a, b| {
                let products = a.iter().zip(b).map(|(&a, &b)| a * b);
                products.reduce(|sum, product| sum + product).expect("a row is not empty")
            })
        },
    );
    row(
        "combinations of four: `linear_combination`",
        &x,
        |x| x.windows(4).map(|x| Var::linear_combination(&[0.1, 0.2, 0.3, 0.4], x).sin()).sum(),
        |x| x.windows(4).map(|x| (x[0] * 0.1 + x[1] * 0.2 + x[2] * 0.3 + x[3] * 0.4).sin()).sum(),
    );
    row(
        "a running total of products: `mul_add`",
        &x,
        |x| x.windows(2).fold(Var::constant(0.0), |sum, pair| pair[0].mul_add(pair[1], sum)),
        |x| x.windows(2).fold(Var::constant(0.0), |sum, pair| sum + pair[0] * pair[1]),
    );
}
