//! What a call costs by itself: a recording of one operation.

use std::hint::black_box;

use criterion::Criterion;
use wengert::Function;

/// The group.
pub const CALL: &str = "call";

/// Measures the evaluations of x₀·x₁, whose one multiplication is next to nothing.
///
/// # Panics
///
/// If a derivative is wrong.
pub fn measure_all(criterion: &mut Criterion) {
    let function = Function::record(&[1.0, 2.0], |x| x[0] * x[1]);
    let mut workspace = function.workspace();
    let mut group = criterion.benchmark_group(CALL);
    group.bench_function("value", |bencher| {
        bencher.iter(|| function.value(&mut workspace, black_box(&[3.0, 5.0])));
    });
    group.bench_function("gradient", |bencher| {
        let mut gradient = [0.0; 2];
        bencher.iter(|| {
            function.gradient(&mut workspace, black_box(&[3.0, 5.0]), black_box(&mut gradient))
        });
        assert_eq!(gradient, [5.0, 3.0]);
    });
}
