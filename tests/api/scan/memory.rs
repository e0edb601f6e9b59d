//! Memory is in the workspace, told beforehand, held within its budget, and no evaluation takes
//! any.

use super::loops::{loops, product};
use allocation_counter::measure;
use static_assertions::assert_impl_all;
use wengert::Scan;
use wengert::scan::{ScanBuilder, ScanWorkspace};

assert_impl_all!(Scan: Send, Sync, Clone);
assert_impl_all!(ScanBuilder: Send, Sync, Clone);
assert_impl_all!(ScanWorkspace: Send, Sync, Clone);

#[test]
fn the_sizes_that_are_told_are_the_sizes_that_are_taken() {
    for case in loops() {
        let scan = case.scan();
        for steps in [0, 1, 10, 1000] {
            let told = scan.workspace_bytes(steps);
            let taken = measure(|| drop(scan.workspace(steps))).bytes_max as usize;
            assert_eq!(told, taken, "{}, {steps} steps", case.name);
        }
    }
}

#[test]
fn an_evaluation_allocates_nothing() {
    for case in loops() {
        let (scan, steps) = (case.scan(), 150);
        let point = case.point(steps);
        let inputs = (&point.variables, &point.data);
        let (v, mut values) =
            (vec![0.5; scan.num_outputs(steps)], vec![0.0; scan.num_outputs(steps)]);
        let mut derivatives = vec![0.0; point.variables.len()];
        for budget in [1 << 20, 4096] {
            let mut workspace = scan.workspace_within(steps, budget).unwrap();
            let counted = measure(|| {
                scan.values(&mut workspace, steps, inputs, &mut values).unwrap();
                scan.vjp(&mut workspace, steps, inputs, &v, &mut derivatives).unwrap();
            });
            assert_eq!(counted.count_total, 0, "{}", case.name);
        }
    }
}

/// The budget is for what is kept; the memory of one step comes on top.
#[test]
fn a_budget_is_held() {
    for case in loops() {
        let scan = case.scan();
        let on_top = scan.workspace_bytes(1);
        for budget in [16 * scan.state() + 40, 1000, 20_000] {
            let steps = 500;
            let point = case.point(steps);
            let counted = measure(|| {
                let mut workspace = scan.workspace_within(steps, budget).unwrap();
                let results = [(); 2].map(|()| product(&scan, &mut workspace, &point));
                assert_eq!(results[0], results[1]);
            });
            let results = 3 * 8 * (point.variables.len() + scan.num_outputs(steps));
            let most = (budget + on_top + results) as u64;
            assert!(counted.bytes_max <= most, "{}: {} of {most}", case.name, counted.bytes_max);
        }
    }
}

#[test]
fn a_million_steps_of_growth_fit_a_hundred_thousand_bytes() {
    let (scan, steps) = (loops()[0].scan(), 1_000_000);
    let mut gradient = [0.0; 2];
    let counted = measure(|| {
        let mut workspace = scan.workspace_within(steps, 100_000).unwrap();
        scan.gradient(&mut workspace, steps, &[1e-5, 0.2], &mut gradient).unwrap();
    });
    assert!(counted.bytes_max <= 110_000, "{} bytes", counted.bytes_max);
    assert!(gradient.iter().all(|x| x.is_finite() && *x > 0.0), "{gradient:?}");
}
