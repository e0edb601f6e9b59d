//! One recording, evaluated again: values and gradients of the five problems, in one group, so
//! that all ratios come from one run.

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};
use wengert_problems::{Problem, Visitor, visit_all};

use crate::{
    check, driver,
    engines::{self, PLAIN, Replayer, SUBJECT},
};

/// The group.
pub const REPLAY: &str = "replay";

/// Checks and measures what is asked for: nothing is recorded that the command's filter leaves out.
///
/// # Panics
///
/// If an engine's value or gradient is wrong.
pub fn measure_all(criterion: &mut Criterion) {
    visit_all(&mut Measurements { criterion });
}

struct Measurements<'c> {
    criterion: &'c mut Criterion,
}

impl Visitor for Measurements<'_> {
    fn visit<P: Problem + 'static>(&mut self, problem: P) {
        let mut group = driver::group(self.criterion, REPLAY, problem.operations());
        plain(&mut group, &problem);
        record_and_sweep(&mut group, &problem);
        for replayer in Replayer::ALL {
            replay(&mut group, &problem, replayer);
        }
    }
}

fn plain<P: Problem>(group: &mut BenchmarkGroup<'_, WallTime>, problem: &P) {
    group.bench_function(driver::id(PLAIN, problem), |bencher| {
        bencher.iter(|| problem.objective(black_box(problem.point())));
    });
}

/// What a replay saves: a recording and a sweep for each gradient.
fn record_and_sweep<P: Problem + 'static>(group: &mut BenchmarkGroup<'_, WallTime>, problem: &P) {
    let mut started = None;
    let mut gradient = vec![0.0; problem.point().len()];
    group.bench_function(driver::id(SUBJECT, problem), |bencher| {
        let engine = started.get_or_insert_with(|| {
            let mut engine = engines::subject();
            check::engine(engine.as_mut(), problem);
            engine
        });
        bencher.iter(|| {
            let x = black_box(problem.point());
            engines::gradient(engine.as_mut(), problem, x, black_box(&mut gradient));
        });
    });
}

fn replay<P: Problem>(group: &mut BenchmarkGroup<'_, WallTime>, problem: &P, replayer: Replayer) {
    let mut started = None;
    let mut gradient = vec![0.0; problem.point().len()];
    group.bench_function(driver::id(replayer.name(), problem), |bencher| {
        let replay = started.get_or_insert_with(|| {
            let mut replay = replayer.record(problem);
            check::replay(replay.as_mut(), replayer.name(), problem);
            replay
        });
        bencher.iter(|| {
            let x = black_box(problem.point());
            replay.value_and_gradient(x, black_box(&mut gradient))
        });
    });
}
