//! A simulation of many paths that share their parameters: swept path by path, and as one
//! recording.

use criterion::{BenchmarkId, Criterion, Throughput};
use wengert::{Gradients, NodeId, Tape, Var};

/// The group.
pub const SIMULATION: &str = "simulation";

const PATHS: usize = 10_000;
/// Steps of a path, of five operations each.
const STEPS: usize = 100;

/// One path: a logarithmic price with a rate and a volatility, and the square of where it ends.
fn path<'t>(rate: Var<'t>, volatility: Var<'t>, number: usize) -> Var<'t> {
    let mut price = Var::constant(0.0);
    for step in 0..STEPS {
        // Shocks that differ, from a sequence that is equidistributed.
        let shock = ((number * STEPS + step) as f64 * 0.618_033_988_749_895).fract() - 0.5;
        let spread = volatility * shock;
        price = price + (rate - price) * 0.01 + spread;
    }
    price * price
}

/// The derivatives of the mean, with the tape as long as one path.
fn path_by_path(tape: &mut Tape, gradients: &mut Gradients) -> [f64; 2] {
    tape.reset();
    let empty = tape.mark();
    let parameters: [NodeId; 2] = tape.var_array([0.05, 0.2]).map(|var| var.id().expect("a node"));
    let mark = tape.mark();
    let found = |tape: &Tape, gradients: &Gradients| {
        parameters.map(|id| gradients[tape.get(id).expect("below the mark")])
    };
    for number in 0..PATHS {
        let [rate, volatility] = parameters.map(|id| tape.get(id).expect("below the mark"));
        let output = path(rate, volatility, number);
        let swept = tape.pullback_to(mark, &[(output, 1.0 / PATHS as f64)], gradients);
        swept.and_then(|()| tape.rewind(mark)).expect("the mark is this tape's");
    }
    tape.pullback_to(empty, &[], gradients).expect("the mark is this tape's");
    found(tape, gradients)
}

/// The same by one recording of all paths.
fn flat(tape: &mut Tape, gradients: &mut Gradients) -> [f64; 2] {
    tape.reset();
    let parameters @ [rate, volatility] = tape.var_array([0.05, 0.2]);
    let weight = 1.0 / PATHS as f64;
    let seeds: Vec<_> = (0..PATHS).map(|n| (path(rate, volatility, n), weight)).collect();
    tape.pullback_into(&seeds, gradients).expect("one tape");
    parameters.map(|var| gradients[var])
}

/// Measures both.
///
/// # Panics
///
/// If they differ by more than rounding.
pub fn measure_all(criterion: &mut Criterion) {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let one = path_by_path(&mut tape, &mut gradients);
    let memory = tape.memory_usage();
    let other = flat(&mut tape, &mut gradients);
    for (one, other) in one.into_iter().zip(other) {
        assert!((one - other).abs() <= 1e-12 * other.abs(), "{one} and {other} differ");
    }
    println!("tape: {memory} bytes path by path, {} bytes flat", tape.memory_usage());
    let mut group = criterion.benchmark_group(SIMULATION);
    group.throughput(Throughput::Elements((PATHS * STEPS * 5) as u64));
    group.sample_size(10);
    group.bench_function(BenchmarkId::new("path by path", PATHS), |bencher| {
        bencher.iter(|| path_by_path(&mut tape, &mut gradients));
    });
    group.bench_function(BenchmarkId::new("flat", PATHS), |bencher| {
        bencher.iter(|| flat(&mut tape, &mut gradients));
    });
}
