//! The same matrices by ADOL-C and ColPack: `benches/adolc/sparse.cpp`, compiled, is asked for
//! each problem, and its entries are compared with ours before its times are believed.

use crate::clock::{clock, timed};
use crate::problems::{CASES, Case, Matrix, point};
use std::hint::black_box;
use std::process::Command;
use wengert_sparse::{SparseHessian, SparseJacobian};

/// Evaluations of which the mean is taken.
const ROUNDS: usize = 5;

/// The seconds of each part, and what was found.
struct Answer {
    recording: f64,
    pattern: f64,
    plan: f64,
    evaluation: f64,
    colors: usize,
    /// The sum of the entries on the diagonal and above, each times a weight of its place.
    sum: f64,
}

impl Answer {
    /// All but the recording.
    fn total(&self) -> f64 {
        self.pattern + self.plan + self.evaluation
    }

    fn print(&self, name: &str, tool: &str, times: f64) {
        let [recording, pattern, plan, evaluation, total] =
            [self.recording, self.pattern, self.plan, self.evaluation, self.total()]
                .map(|seconds| seconds * 1e3);
        println!(
            "| {name} | {tool} | {recording:.0} | {pattern:.0} | {} | {plan:.0} | {evaluation:.1} \
             | {total:.0} | {times:.2} |",
            self.colors
        );
    }
}

/// Prints a table of both, in milliseconds, of the problems whose name contains `word`.
pub(crate) fn compare(driver: &str, word: &str) {
    println!(
        "| problem | tool | recording | pattern | colours | colouring and plan | evaluation \
         | the last three | × |\n|---|---|--:|--:|--:|--:|--:|--:|--:|"
    );
    for case in CASES.iter().filter(|case| case.name.contains(word)) {
        let Some(variables) = case.rival else { continue };
        let (theirs, ours) = (ask(driver, case.name, variables), measure(case, variables));
        let scale = ours.sum.abs().max(1.0);
        assert!((theirs.sum - ours.sum).abs() < 1e-9 * scale, "{}: entries differ", case.name);
        let name = format!("{}, n = {variables}", case.name);
        theirs.print(&name, "ADOL-C, ColPack", 1.0);
        ours.print(&name, "wengert", ours.total() / theirs.total());
    }
}

fn ask(driver: &str, name: &str, variables: usize) -> Answer {
    let arguments = [name.to_owned(), variables.to_string(), ROUNDS.to_string()];
    let output = Command::new(driver).args(arguments).output().expect("the driver runs");
    let text = String::from_utf8(output.stdout).expect("the driver writes numbers");
    let numbers: Vec<f64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let [recording, pattern, plan, evaluation, colors, _, sum] = numbers[..] else {
        panic!("{name}: the driver's answer is short: {text}");
    };
    let [recording, pattern, plan, evaluation] =
        [recording, pattern, plan, evaluation].map(|nanoseconds| nanoseconds * 1e-9);
    Answer { recording, pattern, plan, evaluation, colors: colors as usize, sum }
}

fn measure(case: &Case, variables: usize) -> Answer {
    let x = point(variables);
    let (recording, f) = timed(|| case.record(&x));
    let (mut pattern_time, mut plan_time) = (0.0, 0.0);
    let mut values = Vec::new();
    let (evaluation, colors, places): (f64, usize, Vec<(usize, usize)>) = match case.matrix {
        Matrix::Hessian => {
            let (time, pattern) = timed(|| f.hessian_pattern());
            pattern_time += time;
            let (time, plan) = timed(|| SparseHessian::builder(pattern).plan().expect("a pattern"));
            plan_time += time;
            values.resize(plan.structure().len(), 0.0);
            let mut workspace = plan.workspace(&f);
            let mean = mean(|| {
                plan.evaluate(&f, &mut workspace, black_box(&x), &[1.0], &mut values).unwrap();
            });
            (mean, plan.colors(), plan.structure().triplets().collect())
        }
        Matrix::Jacobian => {
            let (time, pattern) = timed(|| f.jacobian_pattern());
            pattern_time += time;
            let (time, plan) =
                timed(|| SparseJacobian::builder(pattern).plan().expect("a pattern"));
            plan_time += time;
            values.resize(plan.structure().len(), 0.0);
            let mut workspace = plan.workspace(&f);
            let mean = mean(|| {
                plan.evaluate(&f, &mut workspace, black_box(&x), &mut values).unwrap();
            });
            (mean, plan.colors(), plan.structure().triplets().collect())
        }
    };
    let weighted = |((row, column), value): ((usize, usize), &f64)| {
        let counts = case.matrix == Matrix::Jacobian || row <= column;
        let weight = ((7 * (row + column) + row * column) % 11) as f64 - 5.0;
        if counts { weight * value } else { 0.0 }
    };
    let sum = places.into_iter().zip(&values).map(weighted).sum();
    Answer { recording, pattern: pattern_time, plan: plan_time, evaluation, colors, sum }
}

/// The mean seconds of a run, after one that touches the memory.
fn mean(mut run: impl FnMut()) -> f64 {
    run();
    let start = clock();
    (0..ROUNDS).for_each(|_| run());
    (clock() - start) / ROUNDS as f64
}
