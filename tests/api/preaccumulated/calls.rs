//! Functions called on a tape, as single nodes.

use super::near;
use wengert::{Function, OpKind, Tape, Var, select};

/// More operations than two nodes with their partial derivatives take bytes.
fn wave<'t>(x: &[Var<'t>], data: Var<'t>) -> Vec<Var<'t>> {
    let r = (x[0] * x[0] + x[1] * x[1] + 1.0).sqrt();
    vec![(x[0] * r).sin() * data + r.ln(), (r.exp() - x[1]).tanh() / (r * x[0] + 4.0)]
}

fn function() -> Function {
    Function::builder().data(&[0.5]).record_many_with_data(&[1.0, 2.0], |x, data| wave(x, data[0]))
}

const POINT: [f64; 2] = [0.7, -1.3];

#[test]
fn a_call_is_a_node_for_each_output_whatever_its_length() {
    let tape = Tape::new();
    let x = tape.var_array(POINT);
    let called = function().call(&x, &[3.0.into()]).unwrap();
    assert_eq!((tape.len(), tape.stats().count(OpKind::Preaccumulated)), (4, 2));
    let exact = wave(&x, 3.0.into());
    for (called, exact) in called.iter().zip(&exact) {
        near(called.value(), exact.value());
        let (found, exact) = (called.gradients(), exact.gradients());
        x.iter().for_each(|&x| near(found[x], exact[x]));
    }
}

#[test]
fn a_call_without_variables_is_a_number() {
    let called = function().call(&POINT.map(Var::constant), &[3.0.into()]).unwrap();
    assert!(called.iter().all(Var::is_constant));
}

#[test]
fn a_call_with_some_constants_has_the_other_operands() {
    let tape = Tape::new();
    let x = tape.var(0.7);
    let called = function().call(&[x, (-1.3).into()], &[3.0.into()]).unwrap();
    assert_eq!(tape.stats().bytes_used, 3 * 24);
    near(called[1].gradients()[x], wave(&[x, (-1.3).into()], 3.0.into())[1].gradients()[x]);
}

#[test]
fn data_that_are_variables_have_derivatives() {
    let tape = Tape::new();
    let x = tape.var_array([0.7, -1.3, 3.0]);
    let called = function().call(&x[..2], &x[2..]).unwrap();
    assert_eq!(tape.stats().count(OpKind::Preaccumulated), 0);
    near(called[0].gradients()[x[2]], wave(&x[..2], x[2])[0].gradients()[x[2]]);
}

#[test]
fn a_function_wider_than_long_is_recorded() {
    let f = Function::record_many(&[1.0; 9], |x| x.iter().map(|&x| x.sin()).collect());
    let tape = Tape::new();
    let x = tape.vars(&[0.5; 9]);
    let _ = f.call(&x, &[]).unwrap();
    assert_eq!(tape.stats().count(OpKind::Sin), 9);
}

#[test]
fn outputs_that_are_inputs_or_numbers_need_no_node() {
    let f = Function::record_many(&[1.0, 2.0], |x| {
        let long = (0..30).fold(x[0], |y, _| (y + x[1]).sin());
        vec![x[1], 4.0.into(), long]
    });
    let tape = Tape::new();
    let x = tape.var_array(POINT);
    let called = f.call(&x, &[]).unwrap();
    assert_eq!(tape.len(), 3);
    assert_eq!((called[0].id(), called[1].is_constant()), (x[1].id(), true));
    assert_eq!(called[1].value(), 4.0);
}

/// The same nodes as by `call`, in every case in which that makes them or makes none.
#[test]
fn outputs_in_an_array_are_those_in_a_list() {
    let f = Function::builder().data(&[0.5]).record_many_with_data(&[1.0, 2.0], |x, data| {
        let waves = wave(x, data[0]);
        vec![waves[0], x[1], data[0] * 2.0, waves[1]]
    });
    let (a, b) = (Tape::new(), Tape::new());
    let ([x, y], [z, w]) = (a.var_array(POINT), b.var_array(POINT));
    let (one, three) = (Var::constant(1.5), Var::constant(3.0));
    let cases = [
        ([x, y, three], [z, w, three]),
        ([x, one, three], [z, one, three]),
        ([y, x, y], [w, z, w]),
    ];
    for (ours, others) in cases {
        let array = f.call_array::<4>(&ours[..2], &ours[2..]).unwrap();
        let list = f.call(&others[..2], &others[2..]).unwrap();
        let size = |tape: &Tape| (tape.len(), tape.stats().bytes_used);
        assert_eq!(size(&a), size(&b));
        for (ours, other) in array.iter().zip(&list) {
            assert_eq!(ours.value().to_bits(), other.value().to_bits());
            assert_eq!(ours.is_constant(), other.is_constant());
            if !ours.is_constant() {
                let found = ours.gradients().wrt(&[x, y]);
                assert_eq!(found, other.gradients().wrt(&[z, w]));
            }
        }
    }
    let constants = [1.0, 2.0].map(Var::constant);
    assert!(f.call_array::<4>(&constants, &[three]).unwrap().iter().all(Var::is_constant));
}

/// Inside of it 0 meets ∞, so that the sweep is made again, with care.
#[test]
fn a_call_looks_for_infinities_that_a_zero_stops() {
    let f = Function::record(&[4.0, 1.0], |x| {
        select(x[1].less(0.0), x[0].sqrt(), x[1]) * x[1] + (0..9).fold(x[1], |y, _| y.sin())
    });
    let tape = Tape::new();
    let [x, y] = tape.var_array([0.0, 2.0]);
    for _ in 0..2 {
        let [called] = f.call_array(&[x, y], &[]).unwrap();
        let found = called.gradients().wrt(&[x, y]);
        assert!(found[0] == 0.0 && found[1].is_finite(), "{found:?}");
        near(found[1], f.inline(&[x, y], &[]).unwrap()[0].gradients()[y]);
    }
}

#[test]
fn second_derivatives_of_calls_are_those_of_the_operations() {
    let f = function();
    let hessian = wengert::hessian(
        |x| {
            let y = f.call(x, &[3.0.into()]).unwrap();
            y[0] * y[1]
        },
        &POINT,
    );
    let exact = wengert::hessian(
        |x| {
            let y = wave(x, 3.0.into());
            y[0] * y[1]
        },
        &POINT,
    );
    hessian.concat().iter().zip(exact.concat()).for_each(|(found, exact)| near(*found, exact));
}

#[test]
fn a_call_follows_the_path_of_its_point() {
    let f = Function::builder().record_paths(&[1.0], 2, |x, _| {
        let long = (0..9).fold(x[0], |y, _| y.sin() + 1.0);
        vec![if x[0] < 0.0 { long } else { -long }]
    });
    let tape = Tape::new();
    for at in [1.0, -1.0, 2.0] {
        let x = tape.var(at);
        let value = f.value(&mut f.workspace(), &[at]).unwrap();
        assert_eq!(f.call(&[x], &[]).unwrap()[0].value(), value);
    }
}

#[test]
fn a_comparison_that_flips_is_an_error_and_records_nothing() {
    let f = Function::record(&[1.0], |x| {
        (0..9).fold(if x[0] < 0.0 { -x[0] } else { x[0] }, |y, _| y.sin())
    });
    let tape = Tape::new();
    let x = tape.var(-1.0);
    let error = f.call(&[x], &[]).unwrap_err();
    assert!(error.is_guard() && error.to_string().contains("calls.rs:"), "{error}");
    assert_eq!(tape.len(), 1);
    assert!(f.call(&[tape.var(2.0)], &[]).is_ok());
}

#[test]
fn threads_call_one_function_at_once() {
    let f = function();
    let gradient = || {
        let tape = Tape::new();
        let x = tape.var_array(POINT);
        f.call(&x, &[3.0.into()]).unwrap()[0].gradients().wrt(&x)
    };
    let alone = gradient();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(gradient)).collect();
        threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), alone));
    });
}
