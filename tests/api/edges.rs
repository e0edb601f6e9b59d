//! Programs at the edges of the public interface: nothing given, nothing returned, numbers that
//! are none, closures that panic or call back, threads, and recordings of millions of nodes.

use crate::support::panics;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use wengert::{
    Batch, Dual, Function, Gradients, Parameters, Tangents, Tape, Var, check_gradient, gradient,
    hessian, hessian_vector_product, jacobian, jvp, value_and_gradient, vjp,
};

#[test]
fn doors_of_no_variables_give_empty_derivatives() {
    assert!(gradient(|_| 3.0.into(), &[]).is_empty());
    assert_eq!(value_and_gradient(|_| 3.0.into(), &[]), (3.0, vec![]));
    assert!(hessian(|_| 3.0.into(), &[]).is_empty());
    assert_eq!(hessian_vector_product(|_| 3.0.into(), &[], &[]), Ok((vec![], vec![])));
    assert_eq!(jacobian(|_| vec![1.0.into(), 2.0.into()], &[]), [[0.0; 0]; 2]);
    assert_eq!(jvp(|_| vec![1.0.into()], &[], &[]), Ok((vec![1.0], vec![0.0])));
    assert_eq!(vjp(|_| vec![1.0.into()], &[], &[5.0]), Ok((vec![1.0], vec![])));
    let report = check_gradient(|_| 3.0.into(), &[]);
    assert!(report.is_ok() && report.worst().is_none(), "{report}");
}

#[test]
fn doors_of_no_outputs_give_empty_rows() {
    assert!(jacobian(|_| vec![], &[1.0, 2.0]).is_empty());
    assert!(jacobian(|_| vec![], &[]).is_empty());
    assert_eq!(vjp(|_| vec![], &[1.0, 2.0], &[]), Ok((vec![], vec![0.0, 0.0])));
    assert_eq!(jvp(|_| vec![], &[1.0, 2.0], &[1.0, 1.0]), Ok((vec![], vec![])));
}

#[test]
fn a_function_of_no_outputs_is_asked_for_nothing() {
    let f = Function::record_many(&[1.0, 2.0], |_| vec![]);
    let (mut w, mut d) = (f.workspace(), f.dual_workspace());
    assert_eq!((f.num_outputs(), f.len()), (0, 0));
    assert_eq!(f.values(&mut w, &[3.0, 4.0], &mut []), Ok(()));
    let mut product = [7.0; 2];
    assert_eq!(f.vjp(&mut w, &[3.0, 4.0], &[], &mut product), Ok(()));
    assert_eq!(product, [0.0, 0.0]);
    assert_eq!(f.jacobian(&mut w, &[3.0, 4.0], &mut []), Ok(()));
    assert_eq!(f.jvp(&mut d, &[3.0, 4.0], &[1.0, 1.0], &mut []), Ok(()));
    let error = f.value(&mut w, &[3.0, 4.0]).unwrap_err().to_string();
    assert!(error.starts_with("the function has 0 outputs, here it needs one"), "{error}");
}

#[test]
fn a_function_of_no_variables_has_a_value_and_an_empty_gradient() {
    let f = Function::record(&[], |_| Var::constant(3.0).exp());
    let mut w = f.workspace();
    assert_eq!(f.value_and_gradient(&mut w, &[], &mut []), Ok(3.0_f64.exp()));
    assert_eq!(f.hessian(&mut f.dual_workspace(), &[], &mut []), Ok(()));
    let mut values = [0.0; 20];
    f.batch_values(&mut f.batch_workspace(), &Batch::new(20), &mut values).unwrap();
    assert_eq!(values, [3.0_f64.exp(); 20]);
}

#[test]
fn numbers_that_are_none_go_through_every_door() {
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE / 2.0, f64::MAX] {
        fn square<'t>(x: &[Var<'t>]) -> Var<'t> {
            x[0] * x[0]
        }
        let by_door = gradient(square, &[x])[0];
        let function = Function::record(&[1.0], square);
        let mut by_replay = [0.0];
        function.gradient(&mut function.workspace(), &[x], &mut by_replay).unwrap();
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        if x.abs() < f64::MAX / 2.0 || !x.is_finite() {
            assert!(same(by_door, 2.0 * x) && same(by_replay[0], 2.0 * x), "{x}: {by_door}");
        }
        let report = check_gradient(square, &[x]);
        assert!(!report.to_string().is_empty());
        let _ = (hessian(square, &[x]), jacobian(|x| vec![x[0], x[0]], &[x]));
    }
    let report = check_gradient(|x| x[0] * x[0], &[f64::NAN]);
    assert!(!report.is_ok() && report.worst().is_some_and(|worst| worst.index == 0));
}

#[test]
fn seeds_that_are_no_numbers_are_taken_at_their_word() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([2.0, 3.0]);
    let z = x * y;
    assert!(tape.pullback(&[(z, f64::NAN)]).unwrap()[x].is_nan());
    assert_eq!(tape.pullback(&[(z, f64::INFINITY)]).unwrap()[x], f64::INFINITY);
    assert_eq!(tape.pullback(&[(z, 0.0)]).unwrap().wrt(&[x, y]), [0.0, 0.0]);
    assert_eq!(tape.pullback(&[(z, 1.0), (z, -1.0)]).unwrap().wrt(&[x, y]), [0.0, 0.0]);
    assert_eq!(tape.pushforward(&[(x, 1.0), (x, 1.0)]).unwrap()[z], 6.0);
    assert!(tape.pushforward(&[(x, f64::NAN)]).unwrap()[z].is_nan());
    let (gradient, product) = hessian_vector_product(|x| x[0] * x[0], &[3.0], &[f64::NAN]).unwrap();
    assert!(gradient[0] == 6.0 && product[0].is_nan());
}

#[test]
fn closures_that_panic_leave_doors_and_tapes_as_they_were() {
    panics("in the middle", || {
        gradient(|x| if x[0] > 0.0 { panic!("in the middle") } else { x[0] }, &[1.0])
    });
    assert_eq!(gradient(|x| x[0] * 2.0, &[1.0]), [2.0]);
    let tape = Tape::new();
    let x = tape.var(3.0);
    panics("while labelling", || {
        let _scope = tape.scope("lost");
        let _ = (x * x).label("kept");
        panic!("while labelling");
    });
    let y = x * x;
    assert_eq!(y.gradients()[x], 6.0);
    assert_eq!(tape.view().scope(y.id().unwrap()), None, "the scope ended with the panic");
}

#[test]
fn a_path_whose_recording_panics_can_be_recorded_later() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let f = Function::builder().record_paths(&[1.0], 4, |x, _| {
        let negative = x[0] < 0.0;
        if negative && CALLS.fetch_add(1, Ordering::Relaxed) == 0 {
            panic!("the first time");
        }
        vec![if negative { -x[0] } else { x[0] }]
    });
    let mut w = f.workspace();
    panics("the first time", || f.value(&mut w, &[-2.0]));
    assert_eq!(f.value(&mut w, &[-2.0]), Ok(2.0));
    assert_eq!(f.value(&mut w, &[3.0]), Ok(3.0));
}

#[test]
fn a_path_may_evaluate_the_function_that_another_thread_records() {
    let inner = Function::builder()
        .record_paths(&[1.0], 2, |x, _| vec![if x[0] < 0.0 { -x[0] } else { x[0] }]);
    let outer = Function::builder().record_paths(&[1.0], 2, move |x, _| {
        let factor = inner.value(&mut inner.workspace(), &[if x[0] < 0.0 { -5.0 } else { 5.0 }]);
        vec![x[0] * factor.expect("both paths can be recorded")]
    });
    let at = |x: f64| outer.value(&mut outer.workspace(), &[x]);
    thread::scope(|scope| {
        let values = [-1.0, 2.0, -3.0, 4.0].map(|x| (x, scope.spawn(move || at(x))));
        for (x, value) in values {
            assert_eq!(value.join().unwrap(), Ok(5.0 * x));
        }
    });
}

#[test]
fn derivatives_and_tapes_move_between_threads() {
    let tape = Tape::new();
    let mark = tape.mark();
    let (tape, gradients, id) = thread::spawn(move || {
        let x = tape.var(3.0);
        let (gradients, id) = ((x * x).gradients(), x.id().unwrap());
        (tape, gradients, id)
    })
    .join()
    .unwrap();
    assert_eq!(gradients[tape.get(id).unwrap()], 6.0);
    let mut tape = tape;
    tape.rewind(mark).unwrap();
    assert!(tape.get(id).is_none());
}

#[test]
fn tapes_that_change_places_keep_what_belongs_to_them() {
    let (mut one, mut other) = (Tape::new(), Tape::new());
    let id = one.var(3.0).id().unwrap();
    let (mark, gradients) = (one.mark(), one.get(id).unwrap().gradients());
    std::mem::swap(&mut one, &mut other);
    assert!(one.get(id).is_none());
    assert!(one.rewind(mark).unwrap_err().is_foreign());
    assert_eq!(gradients[other.get(id).unwrap()], 1.0);
    assert_eq!(other.rewind(mark), Ok(()));
}

#[test]
fn a_forgotten_scope_ends_with_the_next_reset() {
    let mut tape = Tape::new();
    std::mem::forget(tape.scope("forgotten"));
    let inside = tape.var(1.0).id().unwrap();
    assert!(tape.view().scope(inside).is_some());
    tape.reset();
    let outside = tape.var(1.0).id().unwrap();
    assert_eq!(tape.view().scope(outside), None);
}

#[test]
fn memory_of_one_sweep_serves_tapes_of_any_length_and_is_checked_anew() {
    let (mut gradients, mut tangents) = (Gradients::new(), Tangents::new());
    for len in [1000, 3, 0, 500] {
        let tape = Tape::new();
        let x = tape.var(2.0);
        let y = (0..len).fold(x, |y, _| y + x);
        y.gradients_into(&mut gradients);
        tape.pushforward_into(&[(x, 1.0)], &mut tangents).unwrap();
        let expected = f64::from(len) + 1.0;
        assert_eq!((gradients[x], tangents[y]), (expected, expected));
        assert_eq!(gradients.as_slice().len(), len as usize + 1);
    }
    Var::<f64>::constant(1.0).gradients_into(&mut gradients);
    assert!(gradients.as_slice().is_empty());
}

#[test]
fn parameters_recorded_twice_are_told_apart() {
    let mut parameters = Parameters::new();
    let a = parameters.insert("a", 3.0);
    let (one, other) = (Tape::new(), Tape::new());
    let (first, second) = (parameters.record(&one), parameters.record(&one));
    let elsewhere = parameters.record(&other);
    let gradients = (first.var(a) * 5.0 + second.var(a) * 7.0).gradients();
    assert_eq!(first.gradient(&gradients).unwrap(), [5.0]);
    assert_eq!(second.gradient(&gradients).unwrap(), [7.0]);
    assert!(elsewhere.gradient(&gradients).unwrap_err().is_foreign());
    panics("belong to different tapes", || first.var(a) + elsewhere.var(a));
    let none = Parameters::new();
    assert!(none.record(&one).gradient(&gradients).unwrap().is_empty());
}

#[test]
fn a_limit_below_what_is_held_lets_nothing_be_added_and_all_be_read() {
    let mut tape = Tape::new();
    let _ = tape.vars(&[1.0; 64]);
    tape.set_limit(0);
    assert!(tape.try_var(1.0).unwrap_err().is_limit());
    assert!(tape.try_reserve(0).is_ok() && tape.try_reserve(1).is_err());
    let ids: Vec<_> = tape.view().ids().collect();
    assert_eq!(tape.get(ids[63]).unwrap().gradients().as_slice().len(), 64);
    tape.reset();
    assert!(tape.try_var(1.0).is_ok(), "memory that is held stays");
}

#[test]
fn exponents_at_their_ends_are_exponents() {
    let tape = Tape::new();
    let x = tape.var(1.0);
    for n in [i32::MIN, i32::MIN + 1, -1, 0, 1, i32::MAX] {
        let y = x.powi(n);
        assert_eq!((y.value(), y.gradients()[x]), (1.0, f64::from(n)));
        let f = Function::record(&[1.0], |x| x[0].powi(n));
        let mut slope = [0.0];
        f.gradient(&mut f.workspace(), &[1.0], &mut slope).unwrap();
        assert_eq!(slope, [f64::from(n)]);
        assert_eq!(hessian(|x| x[0].powi(n), &[1.0]), [[f64::from(n) * (f64::from(n) - 1.0)]]);
    }
}

#[test]
fn a_sum_that_is_iterated_while_another_tape_records_is_its_own() {
    let (one, other) = (Tape::new(), Tape::new());
    let x = one.var(2.0);
    let sum: Var<'_> = (0..5)
        .map(|i| {
            let y = other.var(f64::from(i));
            let inner: Var<'_> = [y, y, y].into_iter().sum();
            x * inner.value()
        })
        .sum();
    assert_eq!((sum.value(), sum.gradients()[x]), (60.0, 30.0));
    assert_eq!(other.len(), 10);
}

#[test]
fn ten_million_nodes_are_recorded_swept_and_dropped() {
    let mut tape = Tape::new();
    let x = tape.var(1.0);
    let y = (0..10_000_000).fold(x, |y, _| y + x);
    assert_eq!((y.value(), y.gradients()[x]), (10_000_001.0, 10_000_001.0));
    assert!(format!("{tape:?}").len() < 300, "a tape is not printed node by node");
    assert!(format!("{y:?}").len() < 40);
    tape.reset();
    assert!(tape.is_empty());
}

#[test]
fn dual_numbers_on_a_tape_may_be_no_numbers_too() {
    let tape = Tape::<Dual>::default();
    let x = tape.var(Dual::new(f64::NAN, 1.0));
    let y = x * x;
    assert!(y.gradients()[x].value.is_nan());
    let z = tape.var(Dual::new(2.0, f64::INFINITY));
    assert_eq!((z * z).gradients()[z].tangent, f64::INFINITY);
}
