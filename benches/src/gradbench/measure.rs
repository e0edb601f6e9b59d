//! Timing every tool on every case.

use std::{cell::OnceCell, hint::black_box, time::Duration};

use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, measurement::WallTime};

use super::{
    check,
    suite::{Entry, SUITE},
    tool::Tool,
};

/// Checks and measures what is asked for: a case that the command's filter leaves out is not
/// even made.
///
/// # Panics
///
/// If a tool's derivatives are wrong.
pub fn measure_all(criterion: &mut Criterion) {
    for entry in &SUITE {
        measure(entry, &mut group(criterion, entry));
    }
}

fn measure(entry: &Entry, group: &mut BenchmarkGroup<'_, WallTime>) {
    let case = OnceCell::new();
    for tool in Tool::all() {
        let mut started = None;
        group.bench_function(BenchmarkId::new(tool.name(), entry.size), |bencher| {
            let case = case.get_or_init(|| entry.case());
            let (run, derivatives) =
                started.get_or_insert_with(|| check::start(case.as_ref(), tool));
            bencher.iter(|| run(black_box(derivatives)));
        });
    }
}

/// Ten samples of equal length: the largest cases take a second, and of the smaller ones a
/// sample has many runs.
fn group<'c>(criterion: &'c mut Criterion, entry: &Entry) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(entry.group());
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_millis(1500));
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group
}
