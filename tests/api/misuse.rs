//! No silent wrong number: whatever the compiler lets pass is a panic or an error, with a text
//! that names the remedy and the caller's place.

use crate::support::{panics, panics_here};
use num_traits::{Float, MulAdd, Pow};
use wengert::{Dual, Gradients, OpKind, Scalar, Tangents, Tape, Taylor, Var};

const DIFFERENT: &str = "the variables belong to different tapes: record both on one tape";

/// A variable of another tape in a function of two.
#[track_caller]
fn refuses_foreign(operation: impl for<'t> Fn(Var<'t>, Var<'t>)) {
    let (one, other) = (Tape::new(), Tape::new());
    let (x, y) = (one.var(0.25), other.var(0.5));
    panics(DIFFERENT, || operation(x, y));
    panics(DIFFERENT, || operation(y, x));
    operation(x, x);
    operation(x, Var::constant(0.5));
    operation(Var::constant(0.25), y);
}

#[test]
#[allow(clippy::op_ref, reason = "operators that borrow are among those tested")]
fn operators_refuse_a_variable_of_another_tape() {
    refuses_foreign(|x, y| _ = x + y);
    refuses_foreign(|x, y| _ = x - y);
    refuses_foreign(|x, y| _ = x * y);
    refuses_foreign(|x, y| _ = x / y);
    refuses_foreign(|x, y| _ = x % y);
    refuses_foreign(|x, y| _ = &x + &y);
    refuses_foreign(|x, y| _ = &x * y);
    refuses_foreign(|mut x, y| x += y);
    refuses_foreign(|mut x, y| x -= &y);
    refuses_foreign(|mut x, y| x *= y);
    refuses_foreign(|mut x, y| x /= y);
    refuses_foreign(|mut x, y| x %= y);
}

#[test]
fn methods_refuse_a_variable_of_another_tape() {
    refuses_foreign(|x, y| _ = x.powf(y));
    refuses_foreign(|x, y| _ = x.pow(y));
    refuses_foreign(|x, y| _ = x.log(y));
    refuses_foreign(|x, y| _ = x.hypot(y));
    refuses_foreign(|x, y| _ = x.atan2(y));
    refuses_foreign(|x, y| _ = x.max(y));
    refuses_foreign(|x, y| _ = x.min(y));
    refuses_foreign(|x, y| _ = x.copysign(y));
    refuses_foreign(|x, y| _ = x.leaky_relu(y));
}

#[test]
fn functions_of_three_refuse_a_variable_of_another_tape() {
    refuses_foreign(|x, y| _ = x.mul_add(y, 1.0));
    refuses_foreign(|x, y| _ = x.mul_add(1.0, y));
    refuses_foreign(|x, y| _ = x.mul_add(x, y));
    refuses_foreign(|x, y| _ = x.mul_add(y, x));
    refuses_foreign(|x, y| _ = Var::constant(2.0).mul_add(x, y));
    refuses_foreign(|x, y| _ = x.clamp(y, 9.0));
    refuses_foreign(|x, y| _ = x.clamp(-9.0, y));
    refuses_foreign(|x, y| _ = Var::constant(1.0).clamp(x - 9.0, y));
}

#[test]
fn functions_of_many_refuse_a_variable_of_another_tape() {
    refuses_foreign(|x, y| _ = Var::sum(&[x, x, y]));
    refuses_foreign(|x, y| _ = Var::product(&[x, y]));
    refuses_foreign(|x, y| _ = Var::mean(&[x, 1.0.into(), y]));
    refuses_foreign(|x, y| _ = Var::dot(&[x], &[y]));
    refuses_foreign(|x, y| _ = Var::squared_norm(&[x, y]));
    refuses_foreign(|x, y| _ = Var::norm(&[x, y]));
    refuses_foreign(|x, y| _ = Var::log_sum_exp(&[x, y]));
    refuses_foreign(|x, y| _ = Var::linear_combination(&[1.0, 2.0], &[x, y]));
    refuses_foreign(|x, y| _ = x.horner(&[1.0.into(), y]));
    refuses_foreign(|x, y| _ = Var::constant(1.0).horner(&[x, y]));
}

#[test]
fn iterators_refuse_a_variable_of_another_tape() {
    refuses_foreign(|x, y| _ = [x, y].into_iter().sum::<Var<'_>>());
    refuses_foreign(|x, y| _ = [x, y].iter().sum::<Var<'_>>());
    refuses_foreign(|x, y| _ = [1.0.into(), x, 2.0.into(), y].iter().product::<Var<'_>>());
}

#[test]
fn traits_refuse_a_variable_of_another_tape() {
    refuses_foreign(|x, y| _ = Float::powf(x, y));
    refuses_foreign(|x, y| _ = Float::abs_sub(x, y));
    refuses_foreign(|x, y| _ = Float::mul_add(x, y, y));
    refuses_foreign(|x, y| _ = Float::clamp(x, y - 9.0, y));
    refuses_foreign(|x, y| _ = Pow::pow(x, y));
    refuses_foreign(|x, y| _ = MulAdd::mul_add(x, x, y));
}

/// The kinds that take two variables and more, and arguments for them of which the last is `y`.
fn arguments<'t>(kind: OpKind, x: Var<'t>, y: Var<'t>) -> Option<Vec<Var<'t>>> {
    use OpKind::{BetaInc, Clamp, LinearCombination, MulAdd, Polynomial, Powi};
    use OpKind::{SelectEqual, SelectLess, SelectLessOrEqual};
    match kind {
        Powi | Polynomial => None,
        MulAdd | BetaInc => Some(vec![x, x, y]),
        Clamp => Some(vec![x, (-9.0).into(), y]),
        SelectLess | SelectLessOrEqual | SelectEqual => Some(vec![x, 2.0.into(), x, y]),
        LinearCombination => Some(vec![1.0.into(), 2.0.into(), x, y]),
        _ => Some(vec![x, y]).filter(|xs| Var::try_apply(kind, &[xs[0], xs[0]]).is_ok()),
    }
}

#[test]
fn every_operation_by_name_refuses_a_variable_of_another_tape() {
    let (one, other) = (Tape::new(), Tape::new());
    let (x, y) = (one.var(0.25), other.var(0.5));
    let tried = OpKind::ALL.iter().filter_map(|&kind| Some((kind, arguments(kind, x, y)?)));
    let mut count = 0;
    for (kind, arguments) in tried {
        let error = Var::try_apply(kind, &arguments).expect_err(kind.name());
        assert!(error.is_foreign(), "{kind}: {error}");
        count += 1;
    }
    assert!(count >= 27, "13 of two, 6 with shapes of their own and 8 of many, here {count}");
    assert_eq!(other.len(), 1, "nothing was recorded on the other tape");
}

#[test]
fn derivatives_refuse_a_variable_of_another_tape() {
    let text = "these derivatives belong to another tape than the variable: sweep the variable's";
    let (one, other) = (Tape::new(), Tape::new());
    let (x, y) = (one.var(1.0), other.var(2.0));
    let mut gradients = (x * x).gradients();
    assert!(gradients.get(y).unwrap_err().is_foreign());
    panics_here(text, || gradients[y]);
    panics_here(text, || gradients.wrt(&[x, y]));
    panics_here(text, || gradients.wrt_into(&[y], &mut [0.0]));
    panics_here(text, || gradients[y] = 1.0);
    let tangents = one.pushforward(&[(x, 1.0)]).unwrap();
    assert!(tangents.get(y).unwrap_err().is_foreign());
    panics_here(text, || tangents[y]);
}

#[test]
fn sweeps_refuse_a_variable_of_another_tape() {
    let (one, other) = (Tape::new(), Tape::new());
    let (x, y) = (one.var(1.0), other.var(2.0));
    assert!(one.pullback(&[(x, 1.0), (y, 1.0)]).unwrap_err().is_foreign());
    assert!(one.pushforward(&[(x, 1.0), (y, 1.0)]).unwrap_err().is_foreign());
}

#[test]
fn a_refused_sweep_leaves_the_derivatives_of_before() {
    let (one, other) = (Tape::new(), Tape::new());
    let (x, y) = (one.var(3.0), other.var(2.0));
    let square = x * x;
    let (mut gradients, mut tangents) = (Gradients::new(), Tangents::new());
    one.pullback_into(&[(square, 1.0)], &mut gradients).unwrap();
    one.pushforward_into(&[(x, 1.0)], &mut tangents).unwrap();
    assert!(one.pullback_into(&[(square, 5.0), (y, 1.0)], &mut gradients).is_err());
    assert!(one.pushforward_into(&[(x, 5.0), (y, 1.0)], &mut tangents).is_err());
    assert_eq!((gradients[x], tangents[square]), (6.0, 6.0));
}

#[test]
fn derivatives_of_before_a_reset_are_stale() {
    let text = "the tape was reset or rewound since these derivatives were computed: sweep it";
    let mut tape = Tape::new();
    let x = tape.var(3.0);
    let gradients = (x * x).gradients();
    let tangents = tape.pushforward(&[(x, 1.0)]).unwrap();
    tape.reset();
    let x = tape.var(3.0);
    assert!(gradients.get(x).unwrap_err().is_stale());
    assert!(tangents.get(x).unwrap_err().is_stale());
    panics_here(text, || gradients[x]);
    panics_here(text, || tangents[x]);
}

#[test]
fn derivatives_stay_good_below_a_rewind_and_are_stale_above() {
    let mut tape = Tape::new();
    let x = tape.var(3.0).id().unwrap();
    let mark = tape.mark();
    let y = tape.get(x).unwrap() * 5.0;
    let gradients = y.gradients();
    tape.rewind(mark).unwrap();
    assert_eq!(gradients[tape.get(x).unwrap()], 5.0);
    let another = tape.var(1.0);
    assert!(gradients.get(another).unwrap_err().is_stale());
}

#[test]
fn a_variable_recorded_after_the_sweep_is_an_error() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let gradients = (x * x).gradients();
    let tangents = tape.pushforward(&[(x, 1.0)]).unwrap();
    let later = x + 1.0;
    let text = "n2 was recorded after the sweep, which saw 2 nodes: sweep again";
    assert!(gradients.get(later).unwrap_err().is_stale());
    panics_here(text, || gradients[later]);
    panics_here(text, || tangents[later]);
}

#[test]
fn a_variable_above_the_output_has_derivative_zero() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let output = x * x;
    let above = output.sin();
    let gradients = output.gradients();
    assert_eq!((gradients[above], gradients[output], gradients[x]), (0.0, 1.0, 6.0));
}

#[test]
fn a_constant_output_has_gradient_zero() {
    let tape = Tape::new();
    let x = tape.vars(&[1.0, 2.0]);
    let gradients = (Var::constant(2.0) * 3.0).gradients();
    assert_eq!(gradients.wrt(&x), [0.0, 0.0]);
    assert_eq!(tape.pullback(&[(Var::constant(2.0), 1.0)]).unwrap().wrt(&x), [0.0, 0.0]);
    assert_eq!(tape.pullback(&[]).unwrap().wrt(&x), [0.0, 0.0]);
    // A NaN that is a constant depends on nothing.
    let lost = Var::constant(f64::NAN) * 3.0;
    assert_eq!(lost.gradients().wrt(&x), [0.0, 0.0]);
    assert_eq!(wengert::gradient(|_| Var::constant(f64::NAN), &[1.0, 2.0]), [0.0, 0.0]);
    assert_eq!(wengert::hessian(|_| Var::constant(f64::NAN), &[1.0]), [[0.0]]);
}

#[test]
fn a_constant_has_no_adjoint_and_no_seed_but_a_tangent_of_zero() {
    let text = "a constant has no adjoint: make it an input with `Tape::var`";
    let tape = Tape::new();
    let (x, c) = (tape.var(1.0), Var::constant(2.0));
    let gradients = (x * c).gradients();
    panics_here(text, || gradients[c]);
    panics_here(text, || gradients.wrt(&[x, c]));
    assert!(Var::constant(1.0).gradients().get(c).is_err());
    assert!(tape.pushforward(&[(c, 1.0)]).is_err());
    assert_eq!(tape.pushforward(&[(x, 1.0)]).unwrap()[c], 0.0);
}

#[test]
fn a_foreign_mark_and_a_stale_mark_are_errors() {
    let (mut one, other) = (Tape::new(), Tape::new());
    let foreign = one.rewind(other.mark()).unwrap_err();
    assert!(foreign.is_foreign());
    assert_eq!(foreign.to_string(), "the mark was made on another tape");
    let low = one.mark();
    one.vars(&[1.0, 2.0]);
    let high = one.mark();
    one.rewind(low).unwrap();
    one.vars(&[1.0, 2.0, 3.0]);
    let stale = one.rewind(high).unwrap_err();
    assert!(stale.is_stale());
    let text = "the mark stands at 2 nodes, but the tape was cut to 0 since: mark it again";
    assert_eq!(stale.to_string(), text);
    assert_eq!(one.len(), 3, "a refused rewind changes nothing");
}

#[test]
fn bounds_out_of_order_are_refused() {
    let text = "a clamp needs bounds that are no NaN, the lower first";
    let tape = Tape::new();
    let x = tape.var(1.0);
    panics_here(text, || x.clamp(2.0, 1.0));
    panics_here(text, || x.clamp(f64::NAN, 1.0));
    panics_here(text, || x.clamp(0.0, x * f64::NAN));
    panics_here(text, || Float::clamp(x, 2.0.into(), 1.0.into()));
    panics_here(text, || Float::clamp(Dual::variable(1.0), 2.0.into(), 1.0.into()));
    assert!(Var::try_apply(OpKind::Clamp, &[x, 2.0.into(), 1.0.into()]).is_err());
}

#[test]
fn lengths_that_differ_are_refused() {
    let tape = Tape::new();
    let x = tape.vars(&[1.0, 2.0]);
    panics_here("the second list has length 1, wanted is 2", || Var::dot(&x, &x[..1]));
    panics_here("coefficients has length 3, wanted is 2", || {
        Var::linear_combination(&[1.0; 3], &x)
    });
    panics_here("the slice to fill has length 3, wanted is 2", || {
        x[0].gradients().wrt_into(&x, &mut [0.0; 3]);
    });
    let error = wengert::vjp(|x| x.to_vec(), &[1.0, 2.0], &[1.0]).unwrap_err();
    assert_eq!(error.to_string(), "the vector has length 1, wanted is 2");
    assert!(wengert::jvp(|x| x.to_vec(), &[1.0], &[1.0, 2.0]).is_err());
    assert!(wengert::hessian_vector_product(|x| x[0], &[1.0], &[]).is_err());
}

#[test]
fn an_operation_by_name_says_what_it_takes() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let text = |kind, arguments: &[Var<'_>]| {
        Var::try_apply(kind, arguments).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(text(OpKind::Sin, &[]), "`sin` takes 1 argument, given 0");
    assert_eq!(text(OpKind::Sin, &[x, x]), "`sin` takes 1 argument, given 2");
    assert_eq!(text(OpKind::Add, &[x]), "`add` takes 2 arguments, given 1");
    assert_eq!(text(OpKind::MulAdd, &[x, x]), "`mul_add` takes 3 arguments, given 2");
    assert_eq!(text(OpKind::Dot, &[x]), "`dot` takes an even number of arguments, given 1");
    assert_eq!(text(OpKind::Horner, &[]), "`horner` takes at least 1 argument, given 0");
    assert!(text(OpKind::Input, &[]).contains("record it with `Tape::var`"));
    assert!(text(OpKind::Powi, &[x, x]).contains("takes a constant integer"));
    assert!(text(OpKind::Powi, &[x, 0.5.into()]).contains("takes a constant integer"));
    assert!(text(OpKind::Powi, &[x, 1e10.into()]).contains("fits 32 bits"));
    assert!(text(OpKind::Polynomial, &[x, x]).contains("takes constants as coefficients"));
    assert!(text(OpKind::LinearCombination, &[x, x]).contains("constants as coefficients"));
    assert_eq!(tape.len(), 1, "nothing was recorded");
}

#[test]
fn a_panic_names_the_line_of_the_operation() {
    let (one, other) = (Tape::new(), Tape::new());
    let (mut x, y) = (one.var(1.0), other.var(2.0));
    panics_here(DIFFERENT, || x + y);
    panics_here(DIFFERENT, || std::ops::Sub::sub(&x, &y));
    panics_here(DIFFERENT, || x *= y);
    panics_here(DIFFERENT, || x.atan2(y));
    panics_here(DIFFERENT, || x.mul_add(y, 1.0));
    panics_here(DIFFERENT, || x.clamp(0.0, y));
    panics_here(DIFFERENT, || Var::sum(&[x, y]));
    panics_here(DIFFERENT, || Var::dot(&[x], &[y]));
    panics_here(DIFFERENT, || Var::linear_combination(&[1.0, 1.0], &[x, y]));
    panics_here(DIFFERENT, || x.horner(&[y]));
    panics_here(DIFFERENT, || Float::hypot(x, y));
}

#[test]
fn a_full_tape_names_the_line_of_the_operation() {
    let text = "the tape would hold 48 bytes, its limit is 24: reset it, or give";
    let tape = Tape::with_limit(24);
    let x = tape.var(1.0);
    panics_here(text, || tape.var(2.0));
    panics_here(text, || tape.vars(&[2.0]));
    panics_here(text, || tape.var_array([2.0]));
    panics_here(text, || x + x);
    panics_here(text, || 2.0 / x);
    panics_here(text, || -x);
    panics_here(text, || x.sin());
    panics_here(text, || x.powi(2));
    panics_here(text, || x.max(0.0));
    panics_here(text, || x.mul_add(x, x));
    panics_here("its limit is 24", || x.mul_add(2.0, 3.0));
    panics_here("its limit is 24", || x.clamp(0.0, 2.0));
    panics_here("its limit is 24", || Var::sum(&[x]));
    panics_here("its limit is 24", || x.polynomial(&[1.0]));
    panics_here("a tape can have 4294967295", || Tape::with_capacity(usize::MAX));
    assert_eq!(x.gradients()[x], 1.0, "what is there can be swept");
}

/// Recording in every way while `f` looks on.
#[track_caller]
fn refuses_to_record<F: Scalar>(x: Var<'_, F>) {
    let text = "the tape is being read: drop its `TapeView` before recording more operations";
    let tape = x.tape().unwrap();
    panics(text, || tape.var(F::one()));
    panics(text, || x + x);
    panics(text, || x.sin());
    panics(text, || x.clamp(F::zero(), F::one()));
    panics(text, || Var::sum(&[x, x]));
    panics(text, || [x, x].iter().sum::<Var<'_, F>>());
    assert!(tape.try_var(F::one()).unwrap_err().to_string().contains(text));
    assert!(Var::try_apply(OpKind::Exp, &[x]).is_err());
}

#[test]
fn recording_while_a_view_lives_is_refused_and_works_after_it() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let (view, second) = (tape.view(), tape.view());
    refuses_to_record(x);
    assert_eq!((view.len(), x.gradients()[x]), (1, 1.0));
    drop(view);
    refuses_to_record(x);
    drop(second);
    assert_eq!((x * x).gradients()[x], 6.0);
}

#[test]
fn a_view_dropped_by_a_panic_lets_recording_go_on() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    panics("while reading", || {
        let _view = tape.view();
        panic!("while reading");
    });
    assert_eq!((x * x).gradients()[x], 6.0);
}

#[test]
fn a_forgotten_view_stops_recording_until_a_reset() {
    let mut tape = Tape::new();
    let x = tape.var(3.0);
    std::mem::forget(tape.view());
    refuses_to_record(x);
    tape.reset();
    let x = tape.var(3.0);
    let y = (0..1000).fold(x, |y, _| y + 1.0);
    assert_eq!((y.value(), y.gradients()[x]), (1003.0, 1.0));
}

#[test]
fn a_forgotten_view_stops_recording_until_a_rewind() {
    let mut tape = Tape::new();
    let x = tape.var(3.0).id().unwrap();
    let mark = tape.mark();
    std::mem::forget(tape.view());
    tape.rewind(mark).unwrap();
    let x = tape.get(x).unwrap();
    assert_eq!(Var::sum(&[x, x]).gradients()[x], 2.0);
}

#[test]
fn a_panic_inside_a_sum_leaves_the_tape_as_good_as_before() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    panics("in the iterator", || {
        let terms =
            (0..5).map(|i| if i < 3 { x * f64::from(i) } else { panic!("in the iterator") });
        terms.sum::<Var<'_>>()
    });
    let sum: Var<'_> = [x, x * 2.0].into_iter().sum();
    assert_eq!((sum.value(), sum.gradients()[x]), (9.0, 3.0));
    let view = tape.view();
    assert_eq!(view.node(sum.id().unwrap()).unwrap().operands().len(), 2);
}

#[test]
fn a_door_within_a_door_that_uses_only_values_is_fine() {
    // That a handle of the outer door cannot be used in the inner one is shown in tests/misuse.
    fn square_or_panic<'t>(x: &[Var<'t>]) -> Var<'t> {
        let at = x[0].value();
        assert_eq!(wengert::gradient(|y| y[0] * y[0] * at, &[at]), [2.0 * at * at]);
        x[0] * x[0]
    }
    assert_eq!(wengert::gradient(square_or_panic, &[3.0]), [6.0]);
}

#[test]
fn a_clamp_between_variables_hands_a_nan_on() {
    let tape = Tape::new();
    let [x, low, high] = tape.var_array([f64::NAN, 0.0, 1.0]);
    let clamped = x.clamp(low, high);
    assert!(clamped.value().is_nan());
    assert!(clamped.gradients()[x].is_nan());
}

#[test]
fn a_series_along_a_parameter_of_an_incomplete_function_is_refused() {
    let (x, a) = (Taylor::<3>::variable(0.5), Taylor::<3>::variable(2.0));
    panics_here("`gamma_p` has a series in its first argument alone", || x.gamma_p(a));
    panics_here("keep the parameters constant", || x.gamma_q(a));
    panics_here("`beta_inc` has", || x.beta_inc(a, 3.0));
    panics_here("`beta_inc` has", || x.beta_inc(3.0, a));
}
