//! Bundle adjustment, with its Jacobian as a sparse matrix.

use std::hint::black_box;

use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};
use wengert_problems::gradbench::{BundleAdjustment, Camera, Compressed};

use super::{Request, evaluation, read};
use crate::{
    failure::{Failure, finite, range},
    modes::{self, Options},
    protocol::Evaluation,
    timing::{Repeat, Stopwatch},
};

#[derive(Deserialize)]
struct Input {
    n: usize,
    m: usize,
    p: usize,
    cam: Camera,
    x: [f64; 3],
    w: f64,
    feat: [f64; 2],
}

/// The most cameras, points or observations: here the numbers of an input ask for memory, 500
/// bytes an observation. The largest problem of ADBench has 29 million of them.
const MOST: usize = 1 << 25;

/// The problem of an input.
///
/// # Errors
///
/// If the input is not that of this module, or has no or too many cameras, points or observations.
pub fn problem(input: &RawValue) -> Result<BundleAdjustment, Failure> {
    let Input { n, m, p, cam, x, w, feat } = read(input)?;
    range("n", n, [1, MOST])?;
    range("m", m, [1, MOST])?;
    range("p", p, [1, MOST])?;
    Ok(BundleAdjustment::repeated([n, m, p], cam, x, w, feat))
}

pub(super) fn evaluate(request: Request<'_>) -> Result<Evaluation, Failure> {
    let problem = problem(request.input)?;
    let repeat = Repeat::read(request.input)?;
    match request.function {
        "objective" => objective(&problem, repeat),
        _ => jacobian(&problem, repeat, request.options),
    }
}

fn objective(problem: &BundleAdjustment, repeat: Repeat) -> Result<Evaluation, Failure> {
    let mut watch = Stopwatch::default();
    let p = problem.observations();
    let mut residuals = vec![0.0; 3 * p];
    watch.evaluate(repeat, || black_box(problem).objective(&mut residuals));
    finite(&residuals)?;
    let output = json!({
        "reproj_error": { "elements": residuals[..2], "repeated": p },
        "w_err": { "element": residuals[2 * p], "repeated": p },
    });
    evaluation(output, watch)
}

fn jacobian(
    problem: &BundleAdjustment,
    repeat: Repeat,
    options: &Options,
) -> Result<Evaluation, Failure> {
    let mut watch = Stopwatch::default();
    let (mut mode, mut matrix) = watch.prepare(|| (modes::jacobian(options), problem.pattern()));
    watch.evaluate(repeat, || mode.entries(black_box(problem), &mut matrix.vals));
    finite(&matrix.vals)?;
    evaluation(Excerpt::of(&matrix), watch)
}

/// What an answer shows of a matrix.
#[derive(Serialize)]
struct Excerpt {
    rows: Vec<usize>,
    cols: Vec<usize>,
    vals: Vec<f64>,
}

impl Excerpt {
    fn of(matrix: &Compressed) -> Self {
        let Compressed { rows, cols, vals } = matrix;
        Self { rows: excerpt(rows), cols: excerpt(cols), vals: excerpt(vals) }
    }
}

/// The first thirty elements and the last.
fn excerpt<T: Copy>(list: &[T]) -> Vec<T> {
    list.iter().take(30).chain(list.last()).copied().collect()
}
