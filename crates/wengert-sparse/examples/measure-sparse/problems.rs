//! Large problems whose derivatives are sparse.

use wengert::{Function, Var};

/// Which matrix is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matrix {
    Hessian,
    Jacobian,
}

/// A problem and its size.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) matrix: Matrix,
    pub(crate) variables: usize,
    /// The size at which other programs can be asked, if they can.
    pub(crate) rival: Option<usize>,
    record: fn(&[f64]) -> Function,
}

pub(crate) const CASES: [Case; 6] = [
    hessian("small", 100, None, |x| Function::record(x, chained)),
    hessian("chained", 1_000_000, Some(1_000_000), |x| Function::record(x, chained)),
    hessian("surface", 300 * 300, Some(300 * 300), |x| Function::record(x, minimal_surface)),
    hessian("brown", 100_000, Some(100_000), |x| Function::record(x, brown)),
    // ColPack takes 45 s for the colours of so small an arrow, and a square of that for a larger.
    hessian("arrow", 100_000, Some(20_000), |x| Function::record(x, arrow)),
    Case {
        name: "bratu",
        matrix: Matrix::Jacobian,
        variables: 500 * 500,
        rival: Some(500 * 500),
        record: |u| Function::record_many(u, bratu),
    },
];

const fn hessian(
    name: &'static str,
    variables: usize,
    rival: Option<usize>,
    record: fn(&[f64]) -> Function,
) -> Case {
    Case { name, matrix: Matrix::Hessian, variables, rival, record }
}

impl Case {
    /// The recording at a point of its own.
    pub(crate) fn record(&self, x: &[f64]) -> Function {
        (self.record)(x)
    }
}

/// Where the problems are measured.
pub(crate) fn point(variables: usize) -> Vec<f64> {
    (0..variables).map(|i| 0.3 + 0.5 * (i as f64).sin()).collect()
}

/// Σ 100·(x₂ − x₁²)² + (1 − x₁)² over neighbours.
fn chained<'t>(x: &[Var<'t>]) -> Var<'t> {
    x.windows(2).map(|x| (x[1] - x[0] * x[0]).powi(2) * 100.0 + (1.0 - x[0]).powi(2)).sum()
}

/// A grid of variables within a frame of constants.
struct Grid<'x, 't> {
    x: &'x [Var<'t>],
    n: usize,
    h: f64,
}

impl<'x, 't> Grid<'x, 't> {
    fn of(x: &'x [Var<'t>]) -> Self {
        let n = x.len().isqrt();
        Self { x, n, h: 1.0 / (n + 1) as f64 }
    }

    fn at(&self, i: usize, j: usize, frame: impl Fn(f64, f64) -> f64) -> Var<'t> {
        let is_inside = (1..=self.n).contains(&i) && (1..=self.n).contains(&j);
        if is_inside {
            self.x[(i - 1) * self.n + j - 1]
        } else {
            Var::constant(frame(i as f64 * self.h, j as f64 * self.h))
        }
    }
}

/// The area of a surface over a grid, in triangles (MINPACK-2, Averick et al., 1992).
fn minimal_surface<'t>(x: &[Var<'t>]) -> Var<'t> {
    let grid = Grid::of(x);
    let (n, h) = (grid.n, grid.h);
    let at = |i, j| grid.at(i, j, |s, t| (s.sin() + t.cos()) * 0.5);
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
fn bratu<'t>(u: &[Var<'t>]) -> Vec<Var<'t>> {
    let grid = Grid::of(u);
    let (n, h) = (grid.n, grid.h);
    let at = |i, j| grid.at(i, j, |_, _| 0.0);
    let residual = |k: usize| {
        let (i, j) = (k / n + 1, k % n + 1);
        let around = at(i - 1, j) + at(i + 1, j) + at(i, j - 1) + at(i, j + 1);
        at(i, j) * 4.0 - around - at(i, j).exp() * (6.0 * h * h)
    };
    (0..n * n).map(residual).collect()
}

/// An entry of a square matrix of seven rows, of which the diagonal is the largest.
pub(crate) fn diagonal((&entry, place): (&f64, usize)) -> f64 {
    if place.is_multiple_of(8) { entry + 3.0 } else { entry }
}

/// The determinant of a matrix of seven rows, by elimination.
pub(crate) fn determinant<'t>(x: &[Var<'t>]) -> Var<'t> {
    let mut rows: Vec<Vec<Var<'t>>> = x.chunks(7).map(<[_]>::to_vec).collect();
    let mut determinant = rows[0][0];
    for k in 0..7 {
        let pivot = rows[k].clone();
        for row in &mut rows[k + 1..] {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(&pivot).skip(k + 1).for_each(|(x, &y)| *x -= factor * y);
        }
        if k > 0 {
            determinant *= pivot[k];
        }
    }
    determinant
}
