//! Where 0 meets ∞, and where a number is none.

use wengert::{Function, Scan};

/// The square root of a state, which a weight makes irrelevant.
fn roots() -> Scan {
    Scan::builder().state(&[4.0]).data(&[1.0]).record_sum(|step| {
        let x = step.state[0];
        (vec![x * 0.5], vec![x.sqrt() * step.data[0]])
    })
}

#[test]
fn zero_times_infinity_is_zero_as_in_a_function() {
    let scan = roots();
    let flat = Function::builder()
        .data(&[1.0, 1.0])
        .record_with_data(&[4.0], |x, w| x[0].sqrt() * w[0] + (x[0] * 0.5).sqrt() * w[1]);
    for weights in [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]] {
        let (mut gradient, mut expected) = ([0.0], [0.0]);
        let inputs = (&[0.0], &weights);
        scan.gradient(&mut scan.workspace(2), 2, inputs, &mut gradient).unwrap();
        flat.gradient(&mut flat.workspace(), inputs, &mut expected).unwrap();
        assert_eq!(gradient[0].to_bits(), expected[0].to_bits(), "{weights:?}");
        let mut workspace = scan.workspace_within(2, 16).unwrap();
        scan.gradient(&mut workspace, 2, inputs, &mut gradient).unwrap();
        assert_eq!(gradient[0].to_bits(), expected[0].to_bits(), "{weights:?}");
    }
}

#[test]
fn what_is_no_number_has_no_derivative() {
    let (scan, mut gradient) = (roots(), [0.0]);
    let value = scan.value_and_gradient(
        &mut scan.workspace(3),
        3,
        (&[-1.0], &[1.0, 1.0, 1.0]),
        &mut gradient,
    );
    assert!(value.unwrap().is_nan() && gradient[0].is_nan());
    // And the next evaluation knows nothing of it.
    let mut workspace = scan.workspace(1);
    scan.gradient(&mut workspace, 1, (&[-1.0], &[1.0]), &mut gradient).unwrap();
    scan.gradient(&mut workspace, 1, (&[4.0], &[1.0]), &mut gradient).unwrap();
    assert_eq!(gradient, [0.25]);
}
