//! Functions and loops called while something else is recorded.

use super::loops::{bits, loops, weights};
use crate::support::panics;
use wengert::{Function, Optimise, Scan, Tape, Var};

fn inner() -> Function {
    Function::builder().data(&[0.5]).record_many_with_data(&[1.0, 2.0], |x, data| {
        let norm = (x[0] * x[0] + x[1] * x[1]).sqrt();
        vec![norm * data[0], x[0] / norm - Var::log_sum_exp(&[x[0], x[1], norm])]
    })
}

/// The same, as plain code.
fn plain<'t>(x: [Var<'t>; 2], data: Var<'t>) -> [Var<'t>; 2] {
    let norm = (x[0] * x[0] + x[1] * x[1]).sqrt();
    [norm * data, x[0] / norm - Var::log_sum_exp(&[x[0], x[1], norm])]
}

#[test]
fn a_call_on_a_tape_is_its_operations() {
    let f = inner();
    let tape = Tape::new();
    let x = tape.var_array([0.7, -1.3]);
    let half = Var::constant(0.5);
    let [a, b] = f.call(&x, &[half]).unwrap()[..] else { panic!("there are two outputs") };
    let [c, d] = f.call(&[b, a], &[x[0]]).unwrap()[..] else { panic!("there are two outputs") };
    let gradients = (c * d + a).gradients();
    let called = gradients.wrt(&x);

    let [a, b] = plain(x, half);
    let [c, d] = plain([b, a], x[0]);
    let expected = (c * d + a).gradients().wrt(&x);
    for (called, expected) in called.iter().zip(&expected) {
        assert!((called - expected).abs() < 1e-14 * (1.0 + expected.abs()), "{called}, {expected}");
    }
}

/// Through every door: values, gradients, second derivatives, and in a batch.
#[test]
fn a_call_in_a_function_is_its_operations() {
    let f = inner();
    let caller = Function::record(&[0.7, -1.3], |x| {
        let once = f.call(x, &[Var::constant(0.5)]).unwrap();
        let twice = f.call(&once, &[x[1]]).unwrap();
        twice[0] * twice[1]
    });
    let flat = Function::record(&[0.7, -1.3], |x| {
        let once = plain([x[0], x[1]], Var::constant(0.5));
        let twice = plain(once, x[1]);
        twice[0] * twice[1]
    });
    let numbers = |f: &Function| {
        let (at, mut gradient, mut hessian) = ([1.7, 0.4], [0.0; 2], [0.0; 4]);
        let value = f.value_and_gradient(&mut f.workspace(), &at, &mut gradient).unwrap();
        f.hessian(&mut f.dual_workspace(), &at, &mut hessian).unwrap();
        [&[value], &gradient[..], &hessian].concat()
    };
    for (called, expected) in numbers(&caller).iter().zip(&numbers(&flat)) {
        assert!((called - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{called}, {expected}");
    }
}

#[test]
fn guards_of_a_called_function_are_guards_of_the_caller() {
    let abs = Function::record(&[1.0], |x| if x[0] < 0.0 { -x[0] } else { x[0] });
    let caller = Function::record(&[3.0], |x| abs.call(&[x[0] - 1.0], &[]).unwrap()[0] * 2.0);
    let mut workspace = caller.workspace();
    assert_eq!(caller.value(&mut workspace, &[2.0]), Ok(2.0));
    assert!(caller.value(&mut workspace, &[0.5]).unwrap_err().is_guard());
    let tape = Tape::new();
    let error = abs.call(&[tape.var(-1.0)], &[]).unwrap_err();
    assert!(error.is_guard(), "{error}");
}

#[test]
fn a_called_loop_is_its_steps() {
    for case in loops() {
        for steps in [0, 1, 5] {
            let (scan, point) = (case.scan(), case.point(steps));
            let builder = Function::builder().data(&point.data).optimise(Optimise::none());
            let called = builder.record_many_with_data(&point.variables, |x, data| {
                scan.call(steps, x, data).expect("there is no comparison")
            });
            let flat = case.function(&point);
            let products = [called, flat].map(|f| {
                let mut product = vec![0.0; f.num_variables()];
                let inputs = (&point.variables, &point.data);
                f.vjp(&mut f.workspace(), inputs, &weights(f.num_outputs()), &mut product).unwrap();
                product
            });
            for (called, flat) in products[0].iter().zip(&products[1]) {
                let near = (called - flat).abs() < 1e-12 * (1.0 + flat.abs());
                assert!(near, "{}, {steps} steps: {called} and {flat}", case.name);
            }
        }
    }
}

#[test]
fn wrong_lengths_of_calls_are_errors() {
    let f = inner();
    let tape = Tape::new();
    let x = tape.var(1.0);
    let text = |result: Result<Vec<Var<'_>>, wengert::Error>| result.unwrap_err().to_string();
    assert_eq!(text(f.call(&[x], &[x])), "the slice of variables has length 1, wanted is 2");
    assert_eq!(text(f.call(&[x, x], &[])), "the slice of data has length 0, wanted is 1");
    let scan = loops()[0].scan();
    assert_eq!(text(scan.call(3, &[x], &[])), "the slice of variables has length 1, wanted is 2");
}

#[test]
#[should_panic(expected = "the variables belong to different tapes")]
fn variables_of_two_tapes_panic() {
    let (one, other) = (Tape::new(), Tape::new());
    let _ = inner().call(&[one.var(1.0), other.var(2.0)], &[Var::constant(1.0)]);
}

#[test]
fn nothing_is_recorded_of_a_function_whose_last_input_is_of_another_tape() {
    let f = Function::record(&[1.0; 3], |x| (x[0] * x[1]).sin() + x[2]);
    let (one, other) = (Tape::new(), Tape::new());
    let [x, y] = one.var_array([1.0, 2.0]);
    let z = other.var(3.0);
    panics("the variables belong to different tapes", || f.inline(&[x, y, z], &[]));
    assert_eq!((one.len(), other.len()), (2, 1));
}

/// A step that compares is called as an operation of its own.
#[test]
fn nothing_is_recorded_of_steps_whose_last_is_given_another_tape() {
    let scan = Scan::builder().state(&[1.0]).data(&[0.5]).record(|step| {
        let (x, d) = (step.state[0], step.data[0]);
        (vec![if x > -1.0 { x * d + x.sin() } else { x }], vec![])
    });
    let (one, other) = (Tape::new(), Tape::new());
    let (x, data) = (one.var(1.0), [Var::constant(0.5), other.var(0.5)]);
    assert!(scan.call_as_one(2, &[x], &data).unwrap_err().is_foreign());
    panics("the variables belong to different tapes", || scan.inline(2, &[x], &data));
    assert_eq!((one.len(), other.len()), (1, 1));
}

/// The loop of tangents: its values are derivatives, and its gradients second derivatives.
#[test]
fn the_loop_of_tangents_is_the_derivative() {
    for case in loops() {
        let (scan, steps) = (case.scan(), 6);
        let along = scan.tangent_scan().unwrap();
        let point = case.point(steps);
        let n = point.variables.len();
        let v: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
        // Part by part, values and then tangents.
        let own = (n - scan.shared() - scan.state()) / steps;
        let mut moving = Vec::new();
        let mut places = vec![scan.shared(), scan.state()];
        places.resize(2 + steps, own);
        let mut start = 0;
        for width in places {
            moving.extend_from_slice(&point.variables[start..start + width]);
            moving.extend_from_slice(&v[start..start + width]);
            start += width;
        }
        let flat = case.function(&point);
        let inputs = (&point.variables, &point.data);
        let mut expected = vec![0.0; flat.num_outputs()];
        flat.jvp(&mut flat.dual_workspace(), inputs, &v, &mut expected).unwrap();
        let mut tangents = vec![0.0; along.num_outputs(steps)];
        let mut workspace = along.workspace(steps);
        along.values(&mut workspace, steps, (&moving, &point.data), &mut tangents).unwrap();
        let tangents = if scan.is_summed() { &tangents[..] } else { &tangents[scan.state()..] };
        for (tangent, expected) in tangents.iter().zip(&expected) {
            let near = (tangent - expected).abs() < 1e-12 * (1.0 + expected.abs());
            assert!(near, "{}: {tangent} and {expected}", case.name);
        }
    }
}

#[test]
fn gradients_of_the_loop_of_tangents_are_second_derivatives_within_every_budget() {
    let case = loops().into_iter().find(|case| case.name == "tracking").unwrap();
    let (scan, steps) = (case.scan(), 20);
    let along = scan.tangent_scan().unwrap();
    let point = case.point(steps);
    let flat = case.function(&point);
    let n = point.variables.len();
    // Along the first state.
    let mut direction = vec![0.0; n];
    direction[2] = 1.0;
    let mut expected = vec![0.0; n];
    let inputs = (&point.variables, &point.data);
    let mut workspace = flat.dual_workspace();
    flat.hessian_vector_product(&mut workspace, inputs, &direction, &mut expected).unwrap();
    let (shared, rest) = point.variables.split_at(2);
    let mut moving = [shared, &[0.0; 2], &rest[..2], &[1.0, 0.0]].concat();
    moving.extend(rest[2..].iter().flat_map(|&own| [own, 0.0]));
    let gradient = |mut workspace| {
        let mut gradient = vec![0.0; moving.len()];
        let inputs = (&moving, &point.data);
        along.gradient(&mut workspace, steps, inputs, &mut gradient).unwrap();
        gradient
    };
    let all = gradient(along.workspace(steps));
    let of_values =
        [&all[..2], &all[4..6], &all.iter().skip(8).step_by(2).copied().collect::<Vec<_>>()];
    for (second, expected) in of_values.concat().iter().zip(&expected) {
        assert!((second - expected).abs() < 1e-11 * (1.0 + expected.abs()), "{second}, {expected}");
    }
    for budget in [40, 80, 200, 1000, 5000] {
        assert_eq!(bits(&gradient(along.workspace_within(steps, budget).unwrap())), bits(&all));
    }
}

#[test]
fn a_loop_of_a_function_is_called_in_a_loop() {
    let inner = Scan::builder()
        .shared(&[0.5])
        .state(&[1.0])
        .record(|step| (vec![step.state[0] * step.shared[0] + 0.25], vec![]));
    let outer = Scan::builder().shared(&[0.5]).state(&[1.0]).record_sum(|step| {
        let x = inner.call(3, &[step.shared[0], step.state[0]], &[]).unwrap()[0];
        (vec![x.sin()], vec![x])
    });
    let mut gradient = [0.0; 2];
    let mut workspace = outer.workspace(10);
    let value = outer.value_and_gradient(&mut workspace, 10, &[0.4, 0.9], &mut gradient).unwrap();
    let (expected, slopes) = wengert::value_and_gradient(
        |x| {
            let (mut state, mut sum) = (x[1], Var::constant(0.0));
            for _ in 0..10 {
                let inner = (0..3).fold(state, |state, _| state * x[0] + 0.25);
                (state, sum) = (inner.sin(), sum + inner);
            }
            sum
        },
        &[0.4, 0.9],
    );
    assert!((value - expected).abs() < 1e-14 * expected.abs());
    for (gradient, slope) in gradient.iter().zip(&slopes) {
        assert!((gradient - slope).abs() < 1e-13 * slope.abs(), "{gradient} and {slope}");
    }
}
