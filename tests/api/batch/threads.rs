//! The same bits for every number of threads.

use super::oracle::{Samples, loss};
use crate::function::support::all_same;
use rayon::{ThreadPool, ThreadPoolBuilder};
use static_assertions::assert_impl_all;
use wengert::{Batch, BatchWorkspace, Error, Function, Real};

assert_impl_all!(BatchWorkspace: Send, Sync);
assert_impl_all!(BatchWorkspace<f32>: Send, Sync);
assert_impl_all!(Batch<'static>: Send, Sync, Copy);

/// Pools of one, two, three and eight threads.
fn pools() -> [ThreadPool; 4] {
    [1, 2, 3, 8].map(|threads| {
        ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads")
    })
}

/// The sum, and the gradient with respect to the shared variables and those of each sample.
fn answer<F: Real>(f: &Function<F>, workspace: &mut BatchWorkspace<F>, of: &Samples<F>) -> Vec<F> {
    let (common, own) = (of.shared[0].len(), of.own[0].len());
    let mut numbers = vec![F::nan(); 1 + common + own + 8 * of.count];
    let (sum, rest) = numbers.split_at_mut(1);
    let (shared, rest) = rest.split_at_mut(common);
    let (each, rest) = rest.split_at_mut(own);
    let (values, rest) = rest.split_at_mut(of.count);
    let (rows, rest) = rest.split_at_mut(3 * of.count);
    let (also_values, jacobians) = rest.split_at_mut(of.count);
    sum[0] = f.batch_gradient(workspace, &of.batch(), shared, each).unwrap();
    f.batch_gradients(workspace, &of.batch(), values, rows).unwrap();
    f.batch_jacobians(workspace, &of.batch(), also_values, jacobians).unwrap();
    numbers
}

fn check<F: Real>(counts: &[usize]) {
    let f = loss::<F>();
    for &count in counts {
        let samples = Samples::of(count, [2, 1], [1, 2]);
        let alone = answer(&f, &mut f.batch_workspace(), &samples);
        for pool in pools() {
            let mut workspace = f.batch_workspace().parallel();
            // Again with memory that threads left.
            for _ in 0..3 {
                all_same(&pool.install(|| answer(&f, &mut workspace, &samples)), &alone);
            }
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    check::<f64>(&[1, 9, 256, 257, 1000, 2049, 4097]);
    check::<f32>(&[257, 2049]);
}

#[test]
fn values_are_the_same_too() {
    let (f, samples) = (loss::<f64>(), Samples::of(3001, [1, 2], [0, 3]));
    let known = samples.values(&f);
    for pool in pools() {
        let (mut workspace, mut values) = (f.batch_workspace().parallel(), vec![f64::NAN; 3001]);
        let batch = samples.batch();
        pool.install(|| f.batch_values(&mut workspace, &batch, &mut values)).unwrap();
        all_same(&values, &known);
    }
}

/// One function, many threads at once, each with its workspace.
#[test]
fn threads_share_a_function() {
    let (f, samples) = (loss::<f64>(), Samples::of(700, [2, 1], [1, 2]));
    let known = answer(&f, &mut f.batch_workspace(), &samples);
    std::thread::scope(|scope| {
        for thread in 0..6 {
            let (f, samples, known) = (&f, &samples, &known);
            scope.spawn(move || {
                let workspace = f.batch_workspace();
                let mut workspace = if thread % 2 == 0 { workspace } else { workspace.parallel() };
                for _ in 0..5 {
                    all_same(&answer(f, &mut workspace, samples), known);
                }
            });
        }
    });
}

/// Whichever thread is first, the error names the lowest sample.
#[test]
fn the_error_is_the_lowest_samples() {
    let f = Function::record(&[1.0], |x| if x[0] < 0.0 { -x[0] } else { x[0] * 2.0 });
    let bad = |sample: usize| matches!(sample, 700 | 701 | 950 | 1500 | 2000);
    let x: Vec<f64> = (0..2049).map(|i| if bad(i) { -1.0 - i as f64 } else { 1.0 }).collect();
    let ask = |workspace: &mut BatchWorkspace| -> Result<f64, Error> {
        let batch = Batch::new(x.len()).variables(&x);
        f.batch_gradient(workspace, &batch, &mut [], &mut vec![0.0; x.len()])
    };
    let known = ask(&mut f.batch_workspace()).unwrap_err();
    assert!(known.to_string().contains("sample 700"), "{known}");
    for pool in pools() {
        let mut workspace = f.batch_workspace().parallel();
        for _ in 0..10 {
            assert_eq!(pool.install(|| ask(&mut workspace)).unwrap_err(), known);
        }
    }
}
