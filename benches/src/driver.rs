//! The four groups of measurements, for every problem and every engine.

use std::{hint::black_box, time::Duration};

use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, measurement::WallTime,
};
use wengert_problems::{Problem, Visitor, visit_all};

use crate::{
    check,
    engines::{self, Engine, HAND_WRITTEN, PLAIN},
};

/// The group of plain functions: what a gradient's time is a multiple of.
pub const VALUE: &str = "value";
/// The group of recordings, without the sweep.
pub const RECORD: &str = "record";
/// The group of sweeps over a finished recording.
pub const SWEEP: &str = "sweep";
/// The group of whole gradients: recording, sweep, and reading the derivatives.
pub const GRADIENT: &str = "gradient";

/// Checks and measures everything.
///
/// # Panics
///
/// If an engine's gradient is wrong.
pub fn measure_all(criterion: &mut Criterion) {
    visit_all(&mut Measurements { criterion });
}

struct Measurements<'c> {
    criterion: &'c mut Criterion,
}

impl Visitor for Measurements<'_> {
    fn visit<P: Problem + 'static>(&mut self, problem: P) {
        check::every_engine(&problem);
        let mut case = Case::new(problem);
        case.value(self.criterion);
        case.record(self.criterion);
        case.sweep(self.criterion);
        case.gradient(self.criterion);
    }
}

/// One problem, the engines for it, and room for a gradient.
struct Case<P> {
    problem: P,
    operations: usize,
    engines: Vec<Box<dyn Engine<P>>>,
    gradient: Vec<f64>,
}

impl<P: Problem + 'static> Case<P> {
    fn new(problem: P) -> Self {
        let operations = problem.operations();
        Self {
            operations,
            engines: engines::all(operations),
            gradient: vec![0.0; problem.point().len()],
            problem,
        }
    }

    fn value(&self, criterion: &mut Criterion) {
        let mut group = group(criterion, VALUE, self.operations);
        group.bench_function(id(PLAIN, &self.problem), |bencher| {
            bencher.iter(|| self.problem.objective(black_box(self.problem.point())));
        });
    }

    fn record(&mut self, criterion: &mut Criterion) {
        let mut group = group(criterion, RECORD, self.operations);
        let problem = &self.problem;
        for engine in &mut self.engines {
            group.bench_function(id(engine.name(), problem), |bencher| {
                bencher.iter(|| {
                    engine.record(problem, black_box(problem.point()), &mut |recording| {
                        black_box(recording.value());
                    });
                });
            });
        }
    }

    fn sweep(&mut self, criterion: &mut Criterion) {
        let mut group = group(criterion, SWEEP, self.operations);
        let Self { problem, engines, gradient, .. } = self;
        for engine in engines {
            group.bench_function(id(engine.name(), problem), |bencher| {
                engine.record(problem, problem.point(), &mut |recording| {
                    bencher.iter(|| recording.sweep(black_box(gradient)));
                });
            });
        }
    }

    fn gradient(&mut self, criterion: &mut Criterion) {
        let mut group = group(criterion, GRADIENT, self.operations);
        let Self { problem, engines, gradient, .. } = self;
        group.bench_function(id(HAND_WRITTEN, problem), |bencher| {
            bencher.iter(|| problem.gradient(black_box(problem.point()), black_box(gradient)));
        });
        for engine in engines {
            group.bench_function(id(engine.name(), problem), |bencher| {
                bencher.iter(|| {
                    let x = black_box(problem.point());
                    engines::gradient(engine.as_mut(), problem, x, black_box(gradient));
                });
            });
        }
    }
}

/// What a problem's time by an engine is called within a group.
pub(crate) fn id<P: Problem>(engine: &str, problem: &P) -> BenchmarkId {
    BenchmarkId::new(engine, problem.name())
}

/// A group with as many samples as keep the whole suite at a few minutes.
pub(crate) fn group<'c>(
    criterion: &'c mut Criterion,
    name: &str,
    operations: usize,
) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(operations as u64));
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_millis(1500));
    if operations < 1_000_000 {
        group.sample_size(50);
    } else {
        // An evaluation takes tens of milliseconds: ten samples of equal
        // length, where the default of growing ones would take 55 evaluations.
        group.sample_size(10).sampling_mode(SamplingMode::Flat);
    }
    group
}
