//! Numbers without a lifetime: what they may be sent to, that they record what variables record,
//! and that a number whose recording is gone is a panic or an error, never another number.

use crate::support::{panics, panics_here};
use num_traits::Float;
use static_assertions::{assert_impl_all, assert_not_impl_any};
use std::mem::forget;
use wengert::numbers::{ActiveTape, active_array, active_with_data};
use wengert::view::Note;
use wengert::{
    Active, Function, Gradients, OpKind, Tape, Var, active, array, check_gradient, check_hessian,
    gradient, hessian, jacobian, vjp,
};

assert_impl_all!(Active: Copy, Send, Sync);
assert_impl_all!(Active<f32>: Copy, Send, Sync);
assert_not_impl_any!(ActiveTape: Send, Sync, Clone);

const STALE: &str = "the number belongs to no recording that is active on this thread";
const DIFFERENT: &str = "the variables belong to different tapes";

/// Whether a type outlives everything.
fn is_static<T: 'static>(_: &T) {}

/// Some of everything, on one line of the program: operators on each side, functions, lists, comparisons.
macro_rules! models {
    ($($name:ident: $handle:ty),*) => {$(
        #[allow(clippy::extra_unused_lifetimes, reason = "one of the handles has it")]
        fn $name<'t>(x: &[$handle]) -> $handle {
            let mut sum = 2.0 * x[0] - x[1] / 3 + (1 - x[2]) % 2.5;
            sum += x[0].powi(3) + x[1].abs().powf(1.5) + x[2].atan2(x[0]);
            sum *= x[0].mul_add(x[1], 2.0).tanh().softplus();
            if sum > x[1] {
                sum -= x[2].clamp(-1.0, 1.0).max(x[0]);
            }
            let list = [sum, x[0].exp(), x[1].sin().xlogy(2.0), 0.5.into()];
            let total: $handle = list.iter().sum::<$handle>() + list.iter().product::<$handle>();
            let other = <$handle>::dot(&list, &list[..]) + <$handle>::log_sum_exp(&list);
            let third = <$handle>::linear_combination(&[1.0, 2.0, 3.0, 4.0], &list).hypot(total);
            Float::ln(other.polynomial(&[3.0, 0.0, 1.0])) + third.horner(&list) * -sum
        }
    )*};
}
models! { by_var: Var<'t>, by_active: Active }

const POINT: [f64; 3] = [0.7, -1.3, 2.2];

#[test]
fn they_record_what_variables_record() {
    let tape = Tape::new();
    let y = by_var(&tape.vars(&POINT));
    let own = Tape::new().activate();
    let z = by_active(&own.vars(&POINT));
    is_static(&z);
    assert_eq!(own.to_string(), tape.to_string());
    assert_eq!(z.value().to_bits(), y.value().to_bits());
    assert_eq!(z.gradients().as_slice(), y.gradients().as_slice());
}

#[test]
fn every_door_takes_closures_over_them() {
    assert_eq!(gradient(active(by_active), &POINT), gradient(by_var, &POINT));
    assert_eq!(hessian(active(by_active), &POINT), hessian(by_var, &POINT));
    assert_eq!(
        jacobian(active(|x: &[Active]| vec![by_active(x), x[0] * x[1]]), &POINT),
        jacobian(|x| vec![by_var(x), x[0] * x[1]], &POINT)
    );
    assert_eq!(
        vjp(active(|x: &[Active]| vec![by_active(x); 2]), &POINT, &[1.0, 2.0]),
        vjp(|x| vec![by_var(x); 2], &POINT, &[1.0, 2.0])
    );
    assert_eq!(
        array::jacobian(active_array(|[x, y]: [Active; 2]| [x * y, x - y, 2 * x]), [2.0, 3.0]),
        [[3.0, 2.0], [1.0, -1.0], [2.0, 0.0]]
    );
    assert!(check_gradient(active(by_active), &POINT).is_ok());
    assert!(check_hessian(active(by_active), &POINT).is_ok());
}

#[test]
fn a_function_of_them_is_that_of_variables() {
    let f = Function::record(&POINT, active(by_active));
    let g = Function::record(&POINT, by_var);
    assert_eq!(f.to_bytes(), g.to_bytes());
    let elsewhere = [0.6, -1.1, 1.9];
    let (mut of_f, mut of_g) = ([0.0; 3], [0.0; 3]);
    let value = f.value_and_gradient(&mut f.workspace(), &elsewhere, &mut of_f);
    assert_eq!(value, g.value_and_gradient(&mut g.workspace(), &elsewhere, &mut of_g));
    assert_eq!(of_f, of_g);
}

#[test]
fn their_comparisons_are_guards_and_other_paths() {
    fn fold(x: &[Active], t: &[Active]) -> Vec<Active> {
        vec![if x[0] < t[0] { -x[0] } else { x[0] * t[0] }]
    }
    let once =
        Function::builder().data(&[1.0]).record_many_with_data(&[2.0], active_with_data(fold));
    let mut workspace = once.workspace();
    let mut value = [0.0];
    assert_eq!(once.values(&mut workspace, (&[3.0], &[2.0]), &mut value), Ok(()));
    assert_eq!(value, [6.0]);
    let error = once.values(&mut workspace, (&[1.0], &[2.0]), &mut value).unwrap_err();
    assert!(error.is_guard() && error.to_string().contains("active.rs"), "{error}");

    let every = Function::builder().data(&[1.0]).record_paths(&[2.0], 4, active_with_data(fold));
    let mut workspace = every.workspace();
    assert_eq!(every.values(&mut workspace, (&[1.0], &[2.0]), &mut value), Ok(()));
    assert_eq!((value, every.recordings()), ([-1.0], 2));
}

#[test]
fn what_leaves_as_a_plain_number_is_noted_with_its_line() {
    let f = Function::record(&[2.0], active(|x: &[Active]| x[0] * x[0].value()));
    let places: Vec<String> = f.report().notes().iter().map(Note::to_string).collect();
    assert!(places.len() == 1 && places[0].contains("active.rs"), "{places:?}");
}

#[test]
fn a_number_of_before_a_reset_is_refused_everywhere() {
    let mut tape = Tape::new().activate();
    let [x, y] = tape.var_array([2.0, 3.0]);
    let mut gradients = (x * y).gradients();
    tape.reset();
    let new = tape.vars(&[5.0, 7.0]);
    panics_here(STALE, || x * y);
    panics_here(STALE, || 2.0 * x);
    panics_here(STALE, || x.sin());
    panics_here(STALE, || x.powi(2));
    panics_here(STALE, || new[0] * x);
    panics_here(STALE, || x * new[0]);
    panics_here(STALE, || new[0].mul_add(new[1], x));
    panics_here(STALE, || Active::sum(&[new[0], x]));
    panics_here(STALE, || x < y);
    panics_here(STALE, || x == 2.0);
    panics_here(STALE, || x.value());
    panics_here(STALE, || x.id());
    panics_here(STALE, || x.label("x"));
    panics_here(STALE, || x.gradients());
    panics_here(STALE, || gradients[x]);
    panics_here(STALE, || gradients[x] = 1.0);
    panics_here(STALE, || gradients.wrt(&[x]));
    panics(STALE, || [new[0], x].iter().sum::<Active>());
    assert!(x.check().unwrap_err().is_stale());
    assert!(gradients.get(x).unwrap_err().is_stale());
    assert!(tape.borrowed(x).unwrap_err().is_stale());
    assert!(Active::try_apply(OpKind::Mul, &[new[0], x]).unwrap_err().is_stale());
    assert_eq!(format!("{x:?} {x}"), "stale n0 stale");
    assert_eq!((new[0] * new[1]).gradients().wrt(&new), [7.0, 5.0]);
    assert_eq!(tape.len(), 3);
}

#[test]
fn derivatives_of_before_a_reset_are_refused() {
    let mut tape = Tape::new().activate();
    let x = tape.var(2.0);
    let gradients = (x * x).gradients();
    tape.reset();
    let x = tape.var(2.0);
    assert!(gradients.get(x).unwrap_err().is_stale());
}

#[test]
fn a_rewind_leaves_no_number_and_its_error_all_of_them() {
    let (mut tape, other) = (Tape::new().activate(), Tape::new());
    let x = tape.var(2.0);
    let (id, mark) = (x.id().unwrap(), tape.mark());
    assert!(tape.rewind(other.mark()).unwrap_err().is_foreign());
    let dropped = x * x;
    tape.rewind(mark).unwrap();
    assert!(x.check().is_err() && dropped.check().is_err());
    let x = tape.get(id).unwrap();
    assert_eq!((x * x).gradients()[x], 4.0);
}

#[test]
fn a_number_that_outlives_its_scope_is_refused() {
    let escaped = {
        let tape = Tape::new().activate();
        tape.var(2.0)
    };
    panics_here(STALE, || escaped + 1.0);
    let outer = Tape::new().activate();
    let x = outer.var(1.0);
    panics_here(STALE, || x * escaped);
    let mut kept = Active::default();
    let cell = std::cell::Cell::new(kept);
    let slope = gradient(
        active(|x: &[Active]| {
            cell.set(x[0]);
            x[0] * x[0]
        }),
        &[3.0],
    );
    assert_eq!(slope, [6.0]);
    kept = cell.get();
    panics_here(STALE, || kept * kept);
    panics(STALE, || gradient(active(|_: &[Active]| kept), &[3.0]));
}

#[test]
fn a_number_on_another_thread_is_refused() {
    let tape = Tape::new().activate();
    let x = tape.var(2.0);
    std::thread::scope(|scope| {
        let elsewhere = scope.spawn(move || {
            let own = Tape::new().activate();
            let y = own.var(3.0);
            panics_here(STALE, || x * y);
            panics_here(STALE, || x * x);
            panics_here(STALE, || x.value());
            (y * y).gradients()[y]
        });
        assert_eq!(elsewhere.join().unwrap(), 6.0);
    });
    assert_eq!((x * x).gradients()[x], 4.0);
}

#[test]
fn numbers_of_two_tapes_do_not_meet_and_each_finds_its_own() {
    let (outer, inner) = (Tape::new().activate(), Tape::new().activate());
    let (x, y) = (outer.var(2.0), inner.var(3.0));
    panics_here(DIFFERENT, || x * y);
    panics_here(DIFFERENT, || Active::sum(&[x, y]));
    panics_here(DIFFERENT, || x < y);
    assert!(Active::try_apply(OpKind::Add, &[x, y]).unwrap_err().is_foreign());
    assert!((x * x).gradients().get(y).unwrap_err().is_foreign());
    for _ in 0..3 {
        assert_eq!((x * x).gradients()[x], 4.0);
        assert_eq!((y * y).gradients()[y], 6.0);
    }
}

#[test]
fn a_derivative_within_a_derivative_keeps_the_two_apart() {
    // d/dx (x · d/dy (x y²) at y = 3), where the inner one takes x as a number.
    let outer = |x: &[Active]| {
        let frozen = x[0].value();
        x[0] * gradient(active(|y: &[Active]| frozen * y[0] * y[0]), &[3.0])[0]
    };
    assert_eq!(gradient(active(outer), &[2.0]), [12.0]);
    let mixed = |x: &[Active]| {
        let x = x[0];
        gradient(active(|y: &[Active]| x * y[0]), &[3.0]);
        x
    };
    panics(DIFFERENT, || gradient(active(mixed), &[2.0]));
    // Whatever the panics left, the thread's tapes are as before.
    assert_eq!(gradient(active(outer), &[2.0]), [12.0]);
}

#[test]
fn a_forgotten_tape_stays_active_and_harms_nobody() {
    let tape = Tape::new().activate();
    let x = tape.var(2.0);
    forget(tape);
    assert_eq!((x * x).gradients()[x], 4.0);
    for at in 0..100 {
        let tape = Tape::new().activate();
        let y = tape.var(f64::from(at));
        assert_eq!((y * y).gradients()[y], 2.0 * f64::from(at));
        assert_eq!((x * x).gradients()[x], 4.0);
        forget(tape);
    }
}

#[test]
fn tapes_are_dropped_in_any_order() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0], [0, 2, 1], [2, 0, 1]] {
        let mut tapes = [0.0, 1.0, 2.0].map(|_| Some(Tape::new().activate()));
        let x = [0, 1, 2].map(|i| tapes[i].as_ref().unwrap().var(i as f64));
        for (done, &next) in order.iter().enumerate() {
            drop(tapes[next].take());
            for (at, &i) in order.iter().enumerate() {
                assert_eq!(x[i].check().is_ok(), at > done);
            }
            for &i in &order[done + 1..] {
                assert_eq!((x[i] * x[i]).gradients()[x[i]], 2.0 * i as f64);
            }
        }
    }
}

#[test]
fn a_panic_in_a_closure_gives_the_recording_back() {
    let tape = Tape::new();
    let x = tape.vars(&[2.0]);
    panics("on purpose", || active(|_: &[Active]| -> Active { panic!("on purpose") })(&x));
    let y = active(|x: &[Active]| x[0] * x[0])(&x);
    assert_eq!((y.gradients()[x[0]], tape.len()), (4.0, 2));
}

#[test]
fn a_full_tape_is_an_error_and_stays_active() {
    let tape = Tape::with_limit(72).activate();
    let x = tape.var(2.0);
    let y = x * x;
    assert!(tape.try_var(1.0).is_ok());
    panics_here("its limit is 72", || x * y);
    assert!(Active::try_apply(OpKind::Mul, &[x, y]).unwrap_err().is_limit());
    assert_eq!(y.gradients()[x], 4.0);
}

#[test]
fn a_recording_that_is_being_read_is_not_lent() {
    let tape = Tape::new();
    let x = tape.vars(&[2.0]);
    let view = tape.view();
    panics("the tape is being read", || active(|x: &[Active]| x[0] * x[0])(&x));
    drop(view);
    assert_eq!(active(|x: &[Active]| x[0] * x[0])(&x).value(), 4.0);
}

#[test]
fn variables_of_a_lent_recording_are_refused_meanwhile() {
    let tape = Tape::new();
    let x = tape.vars(&[2.0]);
    let outside = x[0];
    panics("the tape is being read", || active(|x: &[Active]| x[0] * (outside * 1.0).value())(&x));
    assert_eq!((outside * outside).gradients()[outside], 4.0);
}

#[test]
fn constants_need_no_tape() {
    const HALF: Active = Active::constant(0.5);
    let y = (HALF + 1).exp().sqrt() * Active::dot(&[HALF, HALF], &[HALF, 2.0.into()]);
    assert!(y.is_constant() && y.id().is_none());
    assert_eq!(y.gradients().get(HALF).unwrap_err(), Gradients::new().get(HALF).unwrap_err());
    assert_eq!(gradient(active(|_: &[Active]| HALF), &[1.0]), [0.0]);
    assert_eq!(gradient(active(|_: &[Active]| HALF), &[]), [0.0; 0]);
    assert_eq!(size_of::<Active>(), 24);
}

#[test]
fn f32_has_tapes_of_its_own() {
    let tape = Tape::<f32>::default().activate();
    let double = Tape::new().activate();
    let (x, y) = (tape.var(2.0), double.var(3.0));
    assert_eq!((2_i16 * x * x).gradients()[x], 8.0_f32);
    assert_eq!((y * y).gradients()[y], 6.0);
}
