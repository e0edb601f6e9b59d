//! Loops that are swept by the Jacobians of their steps.

use super::loops::{Loop, bits, loops, path, product, weights};
use allocation_counter::measure;
use approx::{assert_relative_eq, relative_eq};
use wengert::Scan;
use wengert::scan::ScanBuilder;

fn each(check: impl Fn(Loop, Scan, usize)) {
    for case in loops() {
        for steps in [0, 1, 2, 7, 8, 9, 63, 64, 65, 300] {
            check(case, case.scan().preaccumulated(), steps);
        }
    }
}

#[test]
fn products_are_those_of_the_flat_function() {
    each(|case, scan, steps| {
        let point = case.point(steps);
        let flat = case.function(&point);
        let mut expected = vec![0.0; flat.num_variables()];
        let (inputs, weights) = ((&point.variables, &point.data), weights(flat.num_outputs()));
        flat.vjp(&mut flat.workspace(), inputs, &weights, &mut expected).unwrap();
        let product = product(&scan, &mut scan.workspace(steps), &point);
        for (x, y) in product.iter().zip(&expected) {
            let most = 1e-13 * (1.0 + x.abs().max(y.abs())) * (steps + 1) as f64;
            assert!((x - y).abs() <= most, "{}, {steps} steps: {x} and {y}", case.name);
        }
    });
}

#[test]
fn every_budget_gives_the_same_bits() {
    each(|case, scan, steps| {
        let point = case.point(steps);
        let all = bits(&product(&scan, &mut scan.workspace(steps), &point));
        let least = 8 * scan.state() + 8;
        for budget in [least, 2 * least, 7 * least, 1000, 1 << 20] {
            let mut workspace = scan.workspace_within(steps, budget).unwrap();
            let some = bits(&product(&scan, &mut workspace, &point));
            assert_eq!(some, all, "{}, {steps} steps, {budget} bytes", case.name);
        }
    });
}

#[test]
fn a_workspace_serves_fewer_steps_too() {
    for case in loops() {
        let scan = case.scan().preaccumulated();
        let mut workspace = scan.workspace(300);
        for steps in [300, 7, 0, 65] {
            let point = case.point(steps);
            let alone = product(&scan, &mut scan.workspace(steps), &point);
            assert_eq!(
                bits(&product(&scan, &mut workspace, &point)),
                bits(&alone),
                "{}",
                case.name
            );
        }
    }
}

#[test]
fn loops_with_an_end_too() {
    let (scan, steps) = (path(), 100);
    let data: Vec<_> = (0..steps).map(|i| (i as f64).cos()).collect();
    let product = |scan: &Scan| {
        let (at, mut product) = ([0.3, 1.2, 0.5, 0.1], [0.0; 4]);
        let mut workspace = scan.workspace(steps);
        scan.vjp(&mut workspace, steps, (&at, &data), &[1.0, -0.5], &mut product).unwrap();
        product
    };
    let (one, other) = (product(&scan), product(&scan.clone().preaccumulated()));
    assert_relative_eq!(one[..], other[..], max_relative = 1e-12);
}

#[test]
fn single_precision_loops_too() {
    let builder = ScanBuilder::<f32>::default().shared(&[0.1]).state(&[0.2]);
    let scan = builder.record(|step| {
        let (rate, x) = (step.shared[0], step.state[0]);
        (vec![x + rate * x * (1.0 - x)], vec![])
    });
    let gradient = |scan: &Scan<f32>| {
        let mut gradient = [0.0_f32; 2];
        scan.gradient(&mut scan.workspace(100), 100, &[0.1, 0.2], &mut gradient).unwrap();
        gradient
    };
    let (one, other) = (gradient(&scan), gradient(&scan.clone().preaccumulated()));
    assert_relative_eq!(one[..], other[..], max_relative = 1e-4);
}

#[test]
fn zero_times_infinity_is_zero_and_what_is_no_number_has_no_derivative() {
    let roots = Scan::builder().state(&[4.0]).data(&[1.0]).record_sum(|step| {
        let x = step.state[0];
        (vec![x * 0.5], vec![x.sqrt() * step.data[0]])
    });
    let by_jacobians = roots.clone().preaccumulated();
    let (mut one, mut other) = (roots.workspace(20), by_jacobians.workspace(20));
    for (x, weight) in [(0.0, 0.0), (0.0, 1.0), (-1.0, 1.0), (4.0, 1.0)] {
        let (mut expected, mut gradient) = ([0.0], [0.0]);
        let data = [weight; 20];
        roots.gradient(&mut one, 20, (&[x], &data), &mut expected).unwrap();
        by_jacobians.gradient(&mut other, 20, (&[x], &data), &mut gradient).unwrap();
        assert_eq!([gradient[0].is_nan(), expected[0].is_nan()], [x < 0.0; 2]);
        assert!(x < 0.0 || relative_eq!(gradient[0], expected[0], max_relative = 1e-14));
    }
}

#[test]
fn memory_is_told_and_held_and_an_evaluation_takes_none() {
    for case in loops() {
        let (scan, steps) = (case.scan().preaccumulated(), 500);
        let (point, on_top) = (case.point(steps), scan.workspace_bytes(1));
        let taken = measure(|| drop(scan.workspace(steps))).bytes_max as usize;
        assert_eq!(scan.workspace_bytes(steps), taken, "{}", case.name);
        for budget in [16 * scan.state() + 40, 1000, 20_000] {
            let results = 3 * 8 * (point.variables.len() + scan.num_outputs(steps));
            let counted = measure(|| {
                let mut workspace = scan.workspace_within(steps, budget).unwrap();
                drop(product(&scan, &mut workspace, &point));
            });
            let most = (budget + on_top + results) as u64;
            assert!(counted.bytes_max <= most, "{}: {} of {most}", case.name, counted.bytes_max);
        }
        let mut workspace = scan.workspace_within(steps, 1000).unwrap();
        let (inputs, mut product) = ((&point.variables, &point.data), point.variables.clone());
        let weights = weights(scan.num_outputs(steps));
        let work = || scan.vjp(&mut workspace, steps, inputs, &weights, &mut product).unwrap();
        assert_eq!(measure(work).count_total, 0, "{}", case.name);
    }
}

#[test]
fn a_workspace_is_for_one_of_the_two() {
    let scan = loops()[0].scan();
    let other = scan.clone().preaccumulated();
    for (scan, workspace) in [(&scan, other.workspace(3)), (&other, scan.workspace(3))] {
        let error = scan.value(&mut workspace.clone(), 3, &[0.1, 0.2]).unwrap_err();
        assert!(error.to_string().contains("workspace"), "{error}");
    }
}

#[test]
fn a_guard_is_the_step_s() {
    let falling = Scan::builder().state(&[5.0]).record(|step| {
        let x = step.state[0];
        (vec![if x > 2.0 { x - 1.0 } else { x }], vec![])
    });
    let gradient = |scan: &Scan| scan.gradient(&mut scan.workspace(50), 50, &[9.5], &mut [0.0]);
    let texts = [gradient(&falling), gradient(&falling.clone().preaccumulated())];
    let [one, other] = texts.map(|result| result.unwrap_err().to_string());
    assert_eq!(one, other);
}
