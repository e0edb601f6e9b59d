//! On tapes: values, sweeps, second derivatives, listings and rewinds.

use super::operations::{pair, pair_operation, root_operation};
use std::sync::Arc;
use wengert::check::check_operation;
use wengert::{Active, Dual, Number, OpKind, Tape, Var, active, check_gradient, check_hessian};

const POINT: [f64; 3] = [0.7, -1.3, 0.4];

fn called<T: Number>(x: &[T]) -> T {
    let y = T::call(&pair_operation(), x);
    y[0] * y[1].sin() + y[1]
}

fn by_operations<T: Number>(x: &[T]) -> T {
    let y = pair(x);
    y[0] * y[1].sin() + y[1]
}

#[track_caller]
fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-14 * a.abs().max(1.0), "{a} {b}");
    }
}

#[test]
fn the_checks_find_nothing() {
    let report = check_operation(&pair_operation(), &POINT).unwrap();
    assert!(report.is_ok(), "{report}");
    assert!(report.second.is_some() && report.side_by_side == Some(true));
    let report = check_gradient(|x| called(x), &POINT);
    assert!(report.is_ok(), "{report}");
    let report = check_hessian(|x| called(x), &POINT);
    assert!(report.is_ok(), "{report}");
    let report = check_operation(&root_operation(), &[2.0]).unwrap();
    assert!(report.is_ok(), "{report}");
}

#[test]
fn derivatives_are_those_of_operations() {
    let wanted = wengert::gradient(|x| by_operations(x), &POINT);
    assert_near(&wengert::gradient(|x| called(x), &POINT), &wanted);
    assert_near(&wengert::gradient(active(called::<Active>), &POINT), &wanted);
    let found = wengert::hessian(|x| called(x), &POINT).concat();
    assert_near(&found, &wengert::hessian(|x| by_operations(x), &POINT).concat());
    let moving: Vec<Dual> = POINT.iter().map(|&x| Dual::new(x, 1.0)).collect();
    let (found, wanted) = (called(&moving), by_operations(&moving));
    assert_near(&[found.value, found.tangent], &[wanted.value, wanted.tangent]);
    let columns =
        |f: for<'t> fn(&[Var<'t>]) -> Vec<Var<'t>>| wengert::jacobian(f, &POINT[..1]).concat();
    let found = columns(|x| Var::call(&pair_operation(), &[x[0], Var::constant(2.0), x[0] + 1.0]));
    assert_near(&found, &columns(|x| pair(&[x[0], Var::constant(2.0), x[0] + 1.0]).to_vec()));
}

/// Forward over forward over reverse: a tape of dual numbers, and dual numbers within each other.
#[test]
fn dual_numbers_nest_to_second_order() {
    let tape = Tape::<Dual>::default();
    let x = tape.vars(&[0, 1, 2].map(|i| Dual::new(POINT[i], 1.0 + i as f64)));
    let tangent = |y: Var<'_, Dual>| y.gradients().wrt(&x).iter().map(|g| g.tangent).collect();
    let found: Vec<f64> = tangent(Var::call(&pair_operation(), &x)[1]);
    let wanted: Vec<f64> = tangent(pair(&x)[1]);
    assert_near(&found, &wanted);
    let nested: Vec<Dual<Dual>> = (0..3)
        .map(|i| Dual::new(Dual::new(POINT[i], 1.0), Dual::new(0.5 + i as f64, 0.0)))
        .collect();
    let (found, wanted) = (Dual::call(&pair_operation(), &nested), pair(&nested));
    let parts =
        |y: Dual<Dual>| [y.value.value, y.value.tangent, y.tangent.value, y.tangent.tangent];
    assert_near(&parts(found[0]), &parts(wanted[0]));
    assert_near(&parts(found[1]), &parts(wanted[1]));
}

/// Some outputs are used and some not, in every order.
#[test]
fn each_output_is_swept_once() {
    let tape = Tape::new();
    let x = tape.vars(&POINT);
    let y = Var::call(&pair_operation(), &x);
    let other = pair(&x);
    for weights in [[1.0, 0.0], [0.0, 1.0], [2.0, -3.0]] {
        let found = tape.pullback(&[(y[0], weights[0]), (y[1], weights[1])]).unwrap();
        let wanted = tape.pullback(&[(other[0], weights[0]), (other[1], weights[1])]).unwrap();
        assert_near(&found.wrt(&x), &wanted.wrt(&x));
    }
    assert_near(&y[0].gradients().wrt(&x), &other[0].gradients().wrt(&x));
    assert_near(&y[1].gradients().wrt(&x), &other[1].gradients().wrt(&x));
}

#[test]
fn recorded_derivatives_are_differentiated_again() {
    let second = |f: for<'t> fn(&[Var<'t>]) -> Var<'t>| {
        wengert::gradient(
            |x| {
                let gradient = f(x).derivatives(x);
                gradient[0] * 2.0 - gradient[1] * gradient[2]
            },
            &POINT,
        )
    };
    assert_near(&second(|x| called(x)), &second(|x| by_operations(x)));
}

#[test]
fn listings_and_views_have_the_name_and_the_row() {
    let tape = Tape::new();
    let x = tape.vars(&[2.0, 3.0, 0.0]);
    let y = Var::call(&pair_operation(), &x);
    let text = tape.to_string();
    assert!(text.ends_with("n3 = pair[0] n0 n1 n2 ; 6\nn4 = pair[1] n0 n1 n2 ; 3\n"), "{text}");
    let view = tape.view();
    let node = view.node(y[1].id().unwrap()).unwrap();
    assert_eq!((node.kind(), &*node.name()), (OpKind::Custom, "pair[1]"));
    assert_eq!(node.partials().as_slice(), &[0.0, 1.0, 3.0]);
    assert_eq!(node.operands().len(), 3);
    drop(view);
    let root = Var::call(&root_operation(), &[x[0]]);
    let view = tape.view();
    assert_eq!(view.node(root[0].id().unwrap()).unwrap().name(), "root");
    assert!(Tape::<f64>::from_listing(&text).unwrap_err().to_string().contains("`pair[0]`"));
}

#[test]
fn rewinding_drops_calls_with_their_nodes() {
    let operation = pair_operation();
    let mut tape = Tape::new();
    tape.vars(&POINT);
    let ids: Vec<_> = tape.view().ids().collect();
    let mark = tape.mark();
    for _ in 0..3 {
        let x: Vec<_> = ids.iter().map(|&id| tape.get(id).unwrap()).collect();
        let y = Var::call(&operation, &x);
        assert_near(&y[1].gradients().wrt(&x), &pair(&x)[1].gradients().wrt(&x));
        tape.rewind(mark).unwrap();
        assert_eq!(Arc::strong_count(&operation), 1);
    }
}

#[test]
fn constants_record_nothing() {
    let y = Var::<f64>::call(&pair_operation(), &[2.0.into(), 3.0.into(), 0.0.into()]);
    assert!(y[0].is_constant());
    assert_eq!(f64::call(&pair_operation(), &[2.0, 3.0, 0.0]), [6.0, 3.0]);
    assert_eq!(f32::call(&pair_operation(), &[2.0, 3.0, 0.0]), [6.0, 3.0]);
    let tape = Tape::new();
    let y = Var::call(&pair_operation(), &[tape.var(2.0), 3.0.into(), 0.0.into()]);
    assert_eq!((y[0].value(), tape.len()), (6.0, 5));
}

/// A shared part swept once: calls above and below the mark.
#[test]
fn sweeps_stop_at_marks() {
    let mut tape = Tape::new();
    let empty = tape.mark();
    let x: Vec<_> = tape.vars(&POINT);
    let shared = Var::call(&pair_operation(), &x)[0].id().unwrap();
    let ids: Vec<_> = x.iter().map(|x| x.id().unwrap()).collect();
    drop(x);
    let mark = tape.mark();
    let mut gradients = wengert::Gradients::new();
    for factor in [1.0, 2.0] {
        let y = Var::call(&root_operation(), &[tape.get(shared).unwrap().powi(2) * factor])[0];
        tape.pullback_to(mark, &[(y, 1.0)], &mut gradients).unwrap();
        tape.rewind(mark).unwrap();
    }
    tape.pullback_to(empty, &[], &mut gradients).unwrap();
    let found: Vec<f64> = ids.iter().map(|&id| gradients[tape.get(id).unwrap()]).collect();
    let wanted = wengert::gradient(
        |x| {
            let y = pair(x)[0].powi(2);
            y.sqrt() + (y * 2.0).sqrt()
        },
        &POINT,
    );
    assert_near(&found, &wanted);
}
