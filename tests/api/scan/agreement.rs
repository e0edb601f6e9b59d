//! Values and derivatives are those of the loop written flat.

use super::loops::{Loop, Point, bits, loops, product, weights};
use approx::assert_relative_eq;
use wengert::{Function, Optimise, Scan, Tape};

const LENGTHS: [usize; 7] = [0, 1, 2, 3, 7, 40, 300];

fn each(check: impl Fn(Loop, Point)) {
    for case in loops() {
        for steps in LENGTHS {
            check(case, case.point(steps));
        }
    }
}

#[track_caller]
fn assert_close(left: &[f64], right: &[f64], name: &str, steps: usize) {
    assert_eq!(left.len(), right.len(), "{name}, {steps} steps");
    for (i, (&x, &y)) in left.iter().zip(right).enumerate() {
        let scale = 1e-13 * (1.0 + x.abs().max(y.abs())) * (steps + 1) as f64;
        assert!((x - y).abs() <= scale, "{name}, {steps} steps, {i}: {x} and {y}");
    }
}

#[test]
fn values_are_those_of_the_flat_function_to_the_last_bit() {
    each(|case, point| {
        let (scan, flat) = (case.plain_scan(), case.function(&point));
        let inputs = (&point.variables, &point.data);
        let mut values = [vec![0.0; flat.num_outputs()], vec![0.0; flat.num_outputs()]];
        scan.values(&mut scan.workspace(point.steps), point.steps, inputs, &mut values[0]).unwrap();
        flat.values(&mut flat.workspace(), inputs, &mut values[1]).unwrap();
        // A flat sum has its terms in another order.
        if scan.num_outputs(1) == scan.num_outputs(2) {
            assert_close(&values[0], &values[1], case.name, point.steps);
        } else {
            assert_eq!(bits(&values[0]), bits(&values[1]), "{}", case.name);
        }
    });
}

#[test]
fn products_are_those_of_the_flat_function() {
    each(|case, point| {
        let flat = case.function(&point);
        let mut expected = vec![0.0; flat.num_variables()];
        let inputs = (&point.variables, &point.data);
        flat.vjp(&mut flat.workspace(), inputs, &weights(flat.num_outputs()), &mut expected)
            .unwrap();
        for scan in [case.scan(), case.plain_scan()] {
            let product = product(&scan, &mut scan.workspace(point.steps), &point);
            assert_close(&product, &expected, case.name, point.steps);
        }
    });
}

/// Where each number is used once in a step, there is one order in which adjoints are added.
#[test]
fn the_gradient_of_a_chain_has_the_bits_of_a_tape_s() {
    let scan = Scan::builder()
        .shared(&[1.1])
        .state(&[0.2])
        .optimise(Optimise::none())
        .record(|step| (vec![(step.shared[0] * step.state[0] - 0.3) / 0.9], vec![]));
    let at = [0.8, 0.7];
    for steps in LENGTHS.into_iter().chain([5000]) {
        let mut gradient = [0.0; 2];
        let mut workspace = scan.workspace(steps);
        let value = scan.value_and_gradient(&mut workspace, steps, &at, &mut gradient).unwrap();
        let tape = Tape::new();
        let [rate, x] = tape.var_array(at);
        let y = (0..steps).fold(x, |x, _| (rate * x - 0.3) / 0.9);
        assert_eq!(value.to_bits(), y.value().to_bits());
        assert_eq!(bits(&gradient), bits(&y.gradients().wrt(&[rate, x])), "{steps} steps");
    }
}

#[test]
fn jacobians_are_those_of_the_flat_function() {
    each(|case, point| {
        if point.steps > 7 {
            return;
        }
        let (scan, flat) = (case.scan(), case.function(&point));
        let inputs = (&point.variables, &point.data);
        let size = flat.num_outputs() * flat.num_variables();
        let (mut jacobian, mut expected) = (vec![0.0; size], vec![0.0; size]);
        let mut workspace = scan.workspace(point.steps);
        scan.jacobian(&mut workspace, point.steps, inputs, &mut jacobian).unwrap();
        flat.jacobian(&mut flat.workspace(), inputs, &mut expected).unwrap();
        assert_close(&jacobian, &expected, case.name, point.steps);
    });
}

#[test]
fn single_precision_loops_too() {
    let builder = wengert::scan::ScanBuilder::<f32>::default().shared(&[0.1]).state(&[0.2]);
    let scan = builder.record(|step| {
        let (rate, x) = (step.shared[0], step.state[0]);
        (vec![x + rate * x * (1.0 - x)], vec![])
    });
    let mut gradient = [0.0_f32; 2];
    let mut workspace = scan.workspace_within(100, 64).unwrap();
    let value = scan.value_and_gradient(&mut workspace, 100, &[0.1, 0.2], &mut gradient).unwrap();
    let flat = Function::<f32>::builder()
        .record(&[0.1, 0.2], |x| (0..100).fold(x[1], |y, _| y + x[0] * y * (1.0 - y)));
    let mut expected = [0.0_f32; 2];
    let mut workspace = flat.workspace();
    let flat = flat.value_and_gradient(&mut workspace, &[0.1, 0.2], &mut expected).unwrap();
    assert_relative_eq!(value, flat, max_relative = 1e-5);
    assert_relative_eq!(gradient[..], expected[..], max_relative = 1e-4);
}

#[test]
fn a_function_becomes_a_loop() {
    let step = Function::record_many(&[0.1, 0.2], |x| vec![x[1] + x[0] * x[1] * (1.0 - x[1])]);
    let (made, recorded) = (Scan::of(step, 1, 1, false).unwrap(), loops()[0].scan());
    let value = |scan: &Scan| scan.value(&mut scan.workspace(50), 50, &[0.3, 0.1]).unwrap();
    assert_eq!(value(&made).to_bits(), value(&recorded).to_bits());
}

/// Ten thousand times ten thousand.
#[test]
fn a_hundred_million_steps_are_counted() {
    let counter = Scan::builder().state(&[0.0]).record(|step| (vec![step.state[0] + 1.0], vec![]));
    let steps = if cfg!(debug_assertions) { 1_000_000 } else { 100_000_000 };
    let mut workspace = counter.workspace_within(100_000_000, 1_000_000).unwrap();
    let mut gradient = [0.0];
    let value = counter.value_and_gradient(&mut workspace, steps, &[0.0], &mut gradient);
    assert_eq!((value.unwrap(), gradient), (steps as f64, [1.0]));
}
