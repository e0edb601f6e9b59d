//! A loop as one operation: against its steps recorded one after another, through every door.

use super::loops::{loops, path, weights};
use crate::support::{panics, same};
use wengert::{Batch, Error, Function, Scan, Tape, Var, VectorAs};

type Call = for<'t> fn(&Scan, usize, &[Var<'t>], &[Var<'t>]) -> Result<Vec<Var<'t>>, Error>;

const ONE: Call = |scan, steps, x, data| scan.call_as_one(steps, x, data);
const STEPS: Call = |scan, steps, x, data| scan.inline(steps, x, data);

/// Two paths one behind the other, of which the second goes on where the first pays, with a
/// datum that is a variable and others that are none.
fn caller(steps: usize, call: Call) -> Function {
    let scan = path();
    let data: Vec<f64> = (0..steps).map(|i| (i as f64 * 0.7).sin()).collect();
    Function::builder().data(&data).record_many_with_data(&[0.3, 1.2, 0.5, 0.1], |x, data| {
        let first = call(&scan, steps, x, data).unwrap();
        let mut data: Vec<_> = data.iter().map(|&datum| datum * 0.5).collect();
        if let Some(datum) = data.first_mut() {
            *datum = x[2] * x[2];
        }
        let again = [x[0], first[1], first[0] + 0.2, x[3].sin()];
        let second = call(&scan, steps, &again, &data).unwrap();
        vec![first[0] * second[1], second[0] - first[1].exp()]
    })
}

const POINTS: [[f64; 4]; 2] = [[0.3, 1.2, 0.5, 0.1], [0.25, 0.9, -0.3, 0.4]];

#[track_caller]
fn near(given: &[f64], expected: &[f64]) {
    assert_eq!(given.len(), expected.len());
    for (given, expected) in given.iter().zip(expected) {
        let near = (given - expected).abs() <= 1e-13 * (1.0 + expected.abs());
        assert!(near, "{given} is not {expected}");
    }
}

/// Asks both ways the same, at both points.
fn both(steps: usize, ask: impl Fn(&Function, (&[f64], &[f64])) -> Vec<f64>) {
    let [one, apart] = [ONE, STEPS].map(|call| caller(steps, call));
    let data: Vec<f64> = (0..steps).map(|i| (i as f64 * 1.9).cos()).collect();
    for x in POINTS {
        near(&ask(&one, (&x, &data)), &ask(&apart, (&x, &data)));
    }
}

#[test]
fn first_derivatives_are_those_of_the_steps() {
    for steps in [0, 1, 2, 9, 50] {
        both(steps, |f, inputs| {
            let (mut values, mut jacobian) = (vec![0.0; 2], vec![0.0; 8]);
            f.values(&mut f.workspace(), inputs, &mut values).unwrap();
            f.jacobian(&mut f.workspace(), inputs, &mut jacobian).unwrap();
            let mut tangents = vec![0.0; 2];
            f.jvp(&mut f.dual_workspace(), inputs, &[0.3, -1.0, 0.7, 2.0], &mut tangents).unwrap();
            [values, jacobian, tangents].concat()
        });
    }
}

#[test]
fn second_derivatives_are_those_of_the_steps() {
    for steps in [0, 1, 9] {
        both(steps, |f, inputs| {
            let mut hessian = vec![0.0; 16];
            let mut workspace = f.dual_workspace();
            f.weighted_hessian(&mut workspace, inputs, &[0.7, -1.1], &mut hessian).unwrap();
            let vjp = f.vjp_function(VectorAs::Data).unwrap();
            let mut of_vjp = vec![0.0; 16];
            let data = [inputs.1, &[0.7, -1.1]].concat();
            vjp.jacobian(&mut vjp.workspace(), (inputs.0, &data), &mut of_vjp).unwrap();
            near(&of_vjp, &hessian);
            hessian
        });
    }
}

/// What no operation of its own gives takes a loop apart.
#[test]
fn higher_orders_and_series_and_patterns_are_those_of_the_steps() {
    both(6, |f, inputs| {
        let gradient = f.vjp_function(VectorAs::Data).unwrap();
        let second = gradient.vjp_function(VectorAs::Data).unwrap();
        let third = second.jacobian_function().unwrap();
        let data = [inputs.1, &[0.7, -1.1, 0.3, 0.2, 1.0, -0.4]].concat();
        let mut values = vec![0.0; third.num_outputs()];
        third.values(&mut third.workspace(), (inputs.0, &data), &mut values).unwrap();
        let along = inputs.0.iter().flat_map(|&x| [x, 0.5, 0.0, 0.1]).collect::<Vec<_>>();
        let mut series = vec![0.0; 8];
        f.taylor(3, &along, inputs.1, &mut series).unwrap();
        [values, series].concat()
    });
    let [one, apart] = [ONE, STEPS].map(|call| caller(6, call));
    assert_eq!(one.jacobian_pattern(), apart.jacobian_pattern());
    assert_eq!(one.hessian_pattern(), apart.hessian_pattern());
}

#[test]
fn a_batch_and_a_loaded_file_have_the_bits_of_the_function() {
    for steps in [0, 1, 9, 40] {
        let f = caller(steps, ONE);
        let points: Vec<f64> = (0..21 * 4).map(|i| f64::from(i).sin()).collect();
        let data: Vec<f64> = (0..21 * steps).map(|i| (i as f64).cos()).collect();
        let batch = Batch::new(21).variables(&points).data(&data);
        let (mut values, mut jacobians) = (vec![0.0; 42], vec![0.0; 21 * 8]);
        f.batch_jacobians(&mut f.batch_workspace(), &batch, &mut values, &mut jacobians).unwrap();
        let loaded = [Function::from_bytes(&f.to_bytes()), Function::from_json(&f.to_json())]
            .map(Result::unwrap);
        for f in std::iter::once(&f).chain(&loaded) {
            let mut workspace = f.workspace();
            for sample in 0..21 {
                let x = &points[4 * sample..][..4];
                let inputs = (x, &data[steps * sample..][..steps]);
                let mut jacobian = [0.0; 8];
                f.jacobian(&mut workspace, inputs, &mut jacobian).unwrap();
                jacobian.iter().zip(&jacobians[8 * sample..]).for_each(|(&a, &b)| same(a, b));
            }
            assert_eq!(f.to_bytes(), loaded[0].to_bytes());
        }
    }
}

/// Of every loop that there is: those that compare nothing and hand out nothing are one operation,
/// the others one operation a step.
#[test]
fn every_loop_can_be_called_whole() {
    for case in loops() {
        for steps in [0, 1, 5] {
            let (scan, point) = (case.scan(), case.point(steps));
            let products = [ONE, STEPS].map(|call| {
                let f = Function::builder()
                    .data(&point.data)
                    .record_many_with_data(&point.variables, |x, data| {
                        call(&scan, steps, x, data).unwrap()
                    });
                let mut product = vec![0.0; f.num_variables()];
                let inputs = (&point.variables, &point.data);
                f.vjp(&mut f.workspace(), inputs, &weights(f.num_outputs()), &mut product).unwrap();
                product
            });
            near(&products[0], &products[1]);
        }
    }
}

#[test]
fn on_a_tape_a_loop_is_a_node_for_each_output() {
    let (scan, tape) = (path(), Tape::new());
    let x = tape.vars(&POINTS[0]);
    let data: Vec<Var<'_>> = (0..100).map(|i| Var::constant((f64::from(i)).sin())).collect();
    let y = scan.call(100, &x, &data).unwrap();
    // The data are nodes, and two outputs.
    assert_eq!(tape.len(), 4 + 100 + 2);
    let derivatives = (y[0] * y[1]).derivatives(&x);
    let flat = Tape::new();
    let z = flat.vars(&POINTS[0]);
    let w = scan.inline(100, &z, &data).unwrap();
    let expected = (w[0] * w[1]).derivatives(&z);
    near(&(y[0] * y[1]).gradients().wrt(&x), &(w[0] * w[1]).gradients().wrt(&z));
    near(&derivatives[2].gradients().wrt(&x), &expected[2].gradients().wrt(&z));
}

/// However many steps there are, the program is that of one; and one for all lengths.
#[test]
fn the_program_of_a_step_is_kept_once() {
    let scan = Scan::builder().shared(&[0.1]).state(&[0.2]).record(|step| {
        let (rate, x) = (step.shared[0], step.state[0]);
        (vec![x + rate * x * (1.0 - x)], vec![])
    });
    let bytes = |lengths: &[usize]| {
        let f = Function::record(&[0.1, 0.2], |x| {
            lengths
                .iter()
                .fold(x[1], |y, &steps| scan.call_as_one(steps, &[x[0], y], &[]).unwrap()[0])
        });
        [f.bytes(), f.to_bytes().len()]
    };
    let ([one, file], [many, _]) = (bytes(&[10]), bytes(&[1_000_000]));
    assert_eq!(one, many);
    let [two, both] = bytes(&[10, 20]);
    assert!(two < one + 150 && both < file + 100, "{two} and {one}, {both} and {file}");
}

#[test]
fn a_trace_tells_the_loop_that_operations_lie_in() {
    let scan = Scan::builder().state(&[0.5]).record(|step| (vec![step.state[0].sin()], vec![]));
    let f = Function::record(&[0.5], |x| scan.call_as_one(2, x, &[]).unwrap()[0].exp());
    let trace = f.trace(&[0.5]).unwrap();
    let told: Vec<_> = trace.operations().map(|o| (o.name(), o.calls().join("/"))).collect();
    let expected = [("sin", "loop of 2 steps 1"), ("sin", "loop of 2 steps 1"), ("exp", "")];
    assert_eq!(told, expected.map(|(name, calls)| (name, calls.to_owned())));
}

/// Guards are the caller's, with the line of the step.
#[test]
fn guards_of_a_step_are_guards_of_the_caller() {
    let line = line!() + 2;
    let falling = Scan::builder().state(&[10.0]).record(|step| {
        let x = step.state[0];
        (vec![if x > 0.0 { x - 1.0 } else { x * 0.5 }], vec![])
    });
    let f = Function::record(&[10.0], |x| falling.call_as_one(5, x, &[]).unwrap()[0]);
    assert_eq!(f.value(&mut f.workspace(), &[7.0]), Ok(2.0));
    let error = f.value(&mut f.workspace(), &[3.0]).unwrap_err();
    assert!(error.is_guard(), "{error}");
    assert!(error.to_string().contains(&format!("called.rs:{}", line + 1)), "{error}");
    let tape = Tape::new();
    assert!(falling.call_as_one(5, &[tape.var(3.0)], &[]).unwrap_err().is_guard());
}

#[test]
fn misuse_is_an_error() {
    let (scan, one, other) = (path(), Tape::new(), Tape::new());
    let data = [Var::constant(0.1); 9];
    let x = one.vars(&POINTS[0]);
    let text = |result: Result<Vec<Var<'_>>, Error>| result.unwrap_err().to_string();
    for call in [ONE, STEPS] {
        let length = "the slice of variables has length 3, wanted is 4";
        assert_eq!(text(call(&scan, 9, &x[1..], &data)), length);
        let length = "the slice of data has length 9, wanted is 8";
        assert_eq!(text(call(&scan, 8, &x, &data)), length);
    }
    let mixed = [x[0], x[1], other.var(0.5), x[3]];
    assert!(scan.call_as_one(9, &mixed, &data).unwrap_err().is_foreign());
    assert_eq!((one.len(), other.len()), (4, 1));
    panics("the variables belong to different tapes", || scan.inline(9, &mixed, &data));
    assert_eq!((one.len(), other.len()), (4, 1));
    let endless = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0].sin()], vec![]));
    let error = endless.call_as_one(usize::MAX, &[one.var(1.0)], &[]).unwrap_err();
    assert!(error.is_limit(), "{error}");
}

/// A tape that is full in the middle is as it was, and says so.
#[test]
fn a_full_tape_is_told() {
    let scan = Scan::builder().state(&[0.5]).record(|step| (vec![step.state[0].sin()], vec![]));
    let tape = Tape::with_limit(24 * 10);
    let x = tape.var(0.5);
    panics("its limit is 240", || scan.inline(100, &[x], &[]));
    let y = scan.call_as_one(100, &[x], &[]);
    if let Ok(y) = y {
        assert!(y[0].value() > 0.0);
    }
}

#[test]
fn what_a_file_says_of_loops_is_not_believed() {
    let json = caller(5, ONE).to_json();
    assert!(json.contains(r#"value loop 5 2 2 0 end 1\""#), "{json}");
    for wrong in [
        "value loop 5 2 2 0 end 7",
        "value loop 5 2 2 1 end 0",
        "value loop 5 3 2 0 end 1",
        "value loop 5 2 9 0 end 1",
        "value loop 6 2 2 0 end 1",
        "value loop 5 2 2 0 rows",
        "value loop 5 2 2 0 sums",
        "value loop 5 2 2 0 state 1",
        "value loop 5 2 2 0",
        "value loop -1 2 2 0 end 1",
        "value loop 18446744073709551615 2 2 0 end 1",
        "values loop 5 2 2 0 end 1",
    ] {
        let error =
            Function::<f64>::from_json(&json.replacen("value loop 5 2 2 0 end 1", wrong, 1));
        assert!(error.is_err_and(|error| error.is_saved()), "{wrong}");
    }
}
