//! Parts of a recording as single nodes: against the same operations one by one, against dual
//! numbers and differences; and what misuse meets.

mod calls;
mod misuse;
mod random;

use num_traits::Float;
use wengert::dual::DualVec;
use wengert::view::Argument;
use wengert::{Dual, Function, OpKind, Tape, Var, statement};

/// A function of two numbers with curvature in every direction.
fn bend<T: Float>([x, y]: [T; 2]) -> [T; 2] {
    let r = (x * x + y * y + T::one()).sqrt();
    [(x * y).sin() / r, (y - r).exp() * x]
}

/// The same, as a part.
fn part<'t, F: wengert::Scalar>(x: [Var<'t, F>; 2]) -> [Var<'t, F>; 2] {
    Var::preaccumulate_array(x, |x| bend_of_vars(x))
}

fn bend_of_vars<F: wengert::Scalar>([x, y]: [Var<'_, F>; 2]) -> [Var<'_, F>; 2] {
    let r = (x * x + y * y + F::one()).sqrt();
    [(x * y).sin() / r, (y - r).exp() * x]
}

/// A composition of two parts and what lies between them, with each part as `f` says.
fn twice<'t, F: wengert::Scalar>(
    x: &[Var<'t, F>],
    f: impl Fn([Var<'t, F>; 2]) -> [Var<'t, F>; 2],
) -> Var<'t, F> {
    let [a, b] = f([x[0], x[1]]);
    let [c, d] = f([a * b, x[0]]);
    c * d + a.tanh()
}

#[track_caller]
fn near(given: f64, expected: f64) {
    let near = (given - expected).abs() <= 1e-14 * (1.0 + expected.abs());
    assert!(near, "{given} is not {expected}");
}

const POINT: [f64; 2] = [0.7, -1.3];

#[test]
fn parts_and_statements_have_the_values_and_gradients_of_their_operations() {
    let flat = wengert::value_and_gradient(|x| twice(x, bend_of_vars), &POINT);
    let parts = wengert::value_and_gradient(|x| twice(x, part), &POINT);
    let statements =
        wengert::value_and_gradient(|x| twice(x, |x| Var::statement(x, bend, bend)), &POINT);
    for (value, gradient) in [parts, statements] {
        assert_eq!(value, flat.0);
        gradient.iter().zip(&flat.1).for_each(|(given, expected)| near(*given, *expected));
    }
}

#[test]
fn the_forward_sweep_goes_through_parts() {
    let tape = Tape::new();
    let x = tape.vars(&POINT);
    let (flat, parts) = (twice(&x, bend_of_vars), twice(&x, part));
    let tangents = tape.pushforward(&[(x[0], 1.0), (x[1], 0.5)]).unwrap();
    near(tangents[parts], tangents[flat]);
}

#[test]
fn sweeps_along_several_directions_go_through_parts() {
    let tape = Tape::new();
    let x = tape.vars(&POINT);
    let (flat, parts) = (twice(&x, bend_of_vars), twice(&x, part));
    let both = [flat, parts];
    let (rows, mut jacobian) = ([1.0, 0.0, 0.0, 1.0], [0.0; 4]);
    tape.pullback_many(&both, &x, &rows, &mut jacobian).unwrap();
    near(jacobian[2], jacobian[0]);
    near(jacobian[3], jacobian[1]);
    let mut columns = [0.0; 4];
    tape.pushforward_many(&x, &both, &rows, &mut columns).unwrap();
    near(columns[1], columns[0]);
    near(columns[3], jacobian[1]);
}

#[test]
fn a_part_is_a_node_for_each_output() {
    let tape = Tape::new();
    let [x, y] = tape.var_array(POINT);
    let [a, b] = part([x, y]);
    assert_eq!((tape.len(), tape.stats().count(OpKind::Preaccumulated)), (4, 2));
    assert_eq!(tape.stats().bytes_used, 4 * 24 + 4 * (4 + 8));
    let view = tape.view();
    let node = view.node(a.id().unwrap()).unwrap();
    let [value, _] = bend(DualVec::variables(POINT));
    assert_eq!(node.value(), value.value);
    node.partials().iter().zip(value.tangents).for_each(|(given, exact)| near(*given, exact));
    let operands = [x, y].map(|x| x.id().unwrap());
    assert_eq!(node.operands().as_slice(), operands);
    let numbers = node.partials().into_iter().map(Argument::Constant);
    let arguments: Vec<_> = numbers.chain(operands.map(Argument::Node)).collect();
    assert_eq!(node.arguments().as_slice(), arguments);
    assert_eq!(view.node(b.id().unwrap()).unwrap().kind().name(), "preaccumulated");
}

#[test]
fn a_part_of_one_variable_takes_no_more_than_its_node() {
    let tape = Tape::new();
    let x = tape.var(0.5);
    let y = Var::preaccumulate(&[x, Var::constant(2.0)], |x| vec![(x[0] * x[1]).sin().exp()])[0];
    assert_eq!((tape.stats().nodes, tape.stats().bytes_used), (2, 48));
    near(y.gradients()[x], 2.0 * 1.0_f64.cos() * 1.0_f64.sin().exp());
}

#[test]
fn outputs_that_are_inputs_or_constants_need_no_node() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([2.0, 3.0]);
    let outputs = Var::preaccumulate(&[1.0.into(), x, y], |v| vec![v[2], v[0], 7.0.into(), v[1]]);
    assert_eq!(tape.len(), 2);
    assert_eq!([outputs[0].id(), outputs[3].id()], [y.id(), x.id()]);
    assert!(outputs[1].is_constant() && outputs[2].is_constant());
    let values: Vec<f64> = outputs.iter().map(Var::value).collect();
    assert_eq!(values, [3.0, 1.0, 7.0, 2.0]);
}

#[test]
fn an_input_that_stands_twice_counts_twice() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let [y] = Var::preaccumulate_array([x, x], |[a, b]| [a * a * b]);
    assert_eq!(y.gradients()[x], 27.0);
    let z = statement!(|x, y| x * y);
    assert_eq!(z.gradients()[x], 27.0 + 3.0 * 27.0);
}

#[test]
fn constants_alone_record_nothing() {
    let [a, b] = [2.0, 3.0].map(Var::<f64>::constant);
    assert!(statement!(|a, b| a * b).is_constant());
    assert_eq!(Var::preaccumulate(&[a, b], |v| vec![v[0] / v[1]])[0].value(), 2.0 / 3.0);
    assert_eq!(Var::<f64>::preaccumulate(&[], |_| vec![]).len(), 0);
}

#[test]
fn parts_nest() {
    let tape = Tape::new();
    let x = tape.vars(&POINT);
    let nested = Var::preaccumulate(&x, |x| vec![twice(x, |x| part(part(x)))])[0];
    let flat = twice(&x, |x| bend_of_vars(bend_of_vars(x)));
    let found = nested.gradients().wrt(&x);
    found.iter().zip(flat.gradients().wrt(&x)).for_each(|(given, exact)| near(*given, exact));
}

/// Of dual numbers the partial derivatives move too, so that nothing is lost.
#[test]
fn second_derivatives_on_a_tape_of_dual_numbers_are_whole() {
    let gradient = |f: &dyn for<'t> Fn(&[Var<'t, Dual>]) -> Var<'t, Dual>| {
        let tape = Tape::<Dual>::default();
        let x = tape.vars(&[Dual::new(POINT[0], 1.0), Dual::new(POINT[1], -0.5)]);
        f(&x).gradients().wrt(&x)
    };
    let flat = gradient(&|x| twice(x, bend_of_vars));
    for found in
        [gradient(&|x| twice(x, part)), gradient(&|x| twice(x, |x| Var::statement(x, bend, bend)))]
    {
        for (found, exact) in found.iter().zip(&flat) {
            near(found.value, exact.value);
            near(found.tangent, exact.tangent);
        }
    }
    let (_, product) =
        wengert::hessian_vector_product(|x| twice(x, bend_of_vars), &POINT, &[1.0, -0.5]).unwrap();
    flat.iter().zip(product).for_each(|(found, exact)| near(found.tangent, exact));
}

#[test]
fn what_evaluates_a_recording_again_has_the_operations() {
    let flat = wengert::hessian(|x| twice(x, bend_of_vars), &POINT);
    assert_eq!(wengert::hessian(|x| twice(x, part), &POINT), flat);
    assert_eq!(wengert::hessian(|x| twice(x, |x| Var::statement(x, bend, bend)), &POINT), flat);
    // And the tape that it leaves behind is an ordinary one again.
    let report = wengert::check_gradient(|x| twice(x, part), &POINT);
    assert!(report.is_ok(), "{report}");
    let report = wengert::check_hessian(|x| twice(x, part), &POINT);
    assert!(report.is_ok(), "{report}");
}

#[test]
fn a_function_has_the_operations_of_its_parts() {
    let flat = Function::record(&POINT, |x| twice(x, bend_of_vars));
    for parts in [
        Function::record(&POINT, |x| twice(x, part)),
        Function::record(&POINT, |x| twice(x, |x| Var::statement(x, bend, bend))),
    ] {
        assert_eq!((parts.len(), parts.bytes()), (flat.len(), flat.bytes()));
        assert!(parts.report().notes().is_empty(), "nothing is frozen");
        let at = [-0.2, 0.4];
        let value = |f: &Function| f.value(&mut f.workspace(), &at).unwrap();
        assert_eq!(value(&parts), value(&flat));
    }
}

#[test]
fn a_comparison_within_a_part_is_a_guard_of_the_function() {
    let f = Function::record(&[1.0], |x| {
        Var::preaccumulate(x, |x| vec![if x[0] < 0.0 { -x[0] } else { x[0] }])[0]
    });
    let error = f.value(&mut f.workspace(), &[-1.0]).unwrap_err();
    assert!(error.is_guard(), "{error}");
}

#[test]
fn kinks_within_parts_are_found() {
    let report = wengert::check_gradient(
        |x| x[0] * Var::preaccumulate(&x[1..], |x| vec![x[0].abs()])[0],
        &[2.0, 0.0],
    );
    assert_eq!(report.kinks.len(), 1);
}

/// A statement takes its expression twice: what it is swept by is what is checked.
#[test]
fn a_statement_of_two_expressions_that_differ_is_found() {
    let check = |by: f64| {
        wengert::check_gradient(
            move |x| {
                let [y] = Var::statement([x[0], x[1]], |[x, y]| [x * y * by], |[x, y]| [x * y]);
                y
            },
            &[2.0, 3.0],
        )
    };
    assert!(check(1.0).is_ok());
    assert!(!check(2.0).is_ok());
}

#[test]
fn a_tape_that_keeps_places_keeps_the_operations() {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let x = tape.var_array(POINT);
    let [y, _] = part(x);
    assert_eq!(tape.stats().count(OpKind::Preaccumulated), 0);
    assert!(tape.view().source(y.id().unwrap()).is_some());
}

/// A NaN that a mask hides behind the part does not count, as it does not one by one.
#[test]
fn a_masked_part_passes_nothing_on() {
    let tape = Tape::new();
    let x = tape.var(-1.0);
    let root = Var::preaccumulate(&[x], |x| vec![x[0].sqrt() * 2.0])[0];
    let y = wengert::select(x.less(0.0), x * x, root);
    assert_eq!(y.gradients()[x], -2.0);
    let root = statement!(|x| x.sqrt() * 2.0);
    assert!(root.gradients()[x].is_nan());
    assert_eq!(wengert::select(x.less(0.0), x * x, root).gradients()[x], -2.0);
}

#[test]
fn a_listing_with_parts_is_read_back() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([2.0, 4.0]);
    let [z] = Var::preaccumulate_array([x, y], |[x, y]| [x * y / 2.0]);
    let _ = statement!(|z| z * z + z).label("w");
    let listing = tape.to_string();
    assert_eq!(
        listing,
        "n0 = input ; 2\n\
         n1 = input ; 4\n\
         n2 = preaccumulated 2 1 n0 n1 ; 4\n\
         n3 = preaccumulated 9 n2 ; 20 \"w\"\n"
    );
    let read = Tape::<f64>::from_listing(&listing).unwrap();
    assert_eq!(read.to_string(), listing);
    let ids: Vec<_> = read.view().ids().collect();
    let (x, w) = (read.get(ids[0]).unwrap(), read.get(ids[3]).unwrap());
    assert_eq!(w.gradients()[x], 18.0);
}

#[test]
fn a_part_of_32_bits_is_one_too() {
    let tape = Tape::<f32>::default();
    let x = tape.var_array([0.5_f32, 2.0]);
    let [y, _] = Var::statement(x, |x| x.map(|x| x * x + 1.0), |x| x.map(|x| x * x + 1.0));
    assert_eq!(y.gradients()[x[0]], 1.0);
    assert_eq!(tape.stats().bytes_used, 4 * 20 + 2 * 2 * (4 + 4));
}

#[test]
fn what_dual_numbers_of_many_directions_compute_is_what_those_of_one_do() {
    fn f<T: Float>(x: T, y: T) -> T {
        let r = x.hypot(y).powf(x) + (y.atan2(x)).mul_add(x, y.max(x));
        r.ln() / (x - y).abs().sqrt() % (x + y).powi(3)
    }
    for [x, y] in [[0.5, 2.0], [3.0, 1.0], [1.5, -0.5]] {
        let [a, b] = DualVec::variables([x, y]);
        let all = f(a, b);
        let along = [f(Dual::variable(x), y.into()), f(x.into(), Dual::variable(y))];
        assert_eq!(all.value, along[0].value);
        assert_eq!(all.tangents, along.map(|z| z.tangent));
    }
    let lost = DualVec::<f64, 2>::variable(-1.0, 0).sqrt() * 0.0;
    assert!(lost.tangents[0].is_nan() && lost.tangents[1] == 0.0, "{lost:?}");
    // A tangent that is zero itself, but moves: the derivative of NaN is NaN, whole.
    let (lost, moving) = (Dual::constant(-1.0), Dual::new(0.0, 1.0));
    let [of_many] = DualVec::new(lost, [moving]).sqrt().tangents;
    let of_one = Dual::new(lost, moving).sqrt().tangent;
    assert!(of_many.value.is_nan() && of_one.value.is_nan(), "{of_many:?} {of_one:?}");
    let masked = DualVec::<f64, 1>::variable(0.0, 0);
    assert_eq!((masked * masked).sqrt().tangents, [0.0], "0 · ∞ is 0");
    assert_eq!(
        format!("{} {:?}", DualVec::new(1.5, [2.0, 0.0]), DualVec::new(1.5, [2.0])),
        "1.5 + [2,0]ε 1.5+[2.0]ε"
    );
}
