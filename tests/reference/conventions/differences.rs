//! Where the ways to a derivative differ: the tables "Where directions differ", "Where a replay
//! differs" and "Where a recorded derivative differs".

use super::all_same;
use num_traits::Float;
use wengert::{Dual, Function, Number, Optimise, Tape, Var, gradient};

const INF: f64 = f64::INFINITY;

type Body = for<'t> fn(&[Var<'t>]) -> Var<'t>;

/// The gradient by a replay, which was recorded at ones.
fn replayed(f: Body, x: &[f64]) -> Vec<f64> {
    let function = Function::record(&vec![1.0; x.len()], f);
    let mut slopes = vec![0.0; x.len()];
    function.gradient(&mut function.workspace(), x, &mut slopes).expect("no guard fails");
    slopes
}

/// The gradient that is recorded, at the same point.
fn recorded(f: Body, x: &[f64]) -> Vec<f64> {
    let function =
        Function::record(&vec![1.0; x.len()], f).gradient_function().expect("it has one");
    let mut slopes = vec![0.0; x.len()];
    function.values(&mut function.workspace(), x, &mut slopes).expect("no guard fails");
    slopes
}

/// In reverse the NaN partial of the power is met first; forward, and in what is recorded, the zero
/// of the step.
#[test]
fn a_lost_derivative_before_a_step_depends_on_the_direction() {
    let tape = Tape::new();
    let x = tape.var(1.5);
    let y = Var::constant(-2.0).powf(x.floor());
    assert!(y.value() == -2.0 && y.gradients()[x].is_nan());
    assert_eq!(tape.pushforward(&[(x, 1.0)]).expect("x is of this tape")[y], 0.0);
    let dual = Float::powf(Dual::constant(-2.0), Dual::variable(1.5).floor());
    assert_eq!((dual.value, dual.tangent), (-2.0, 0.0));
    let f: Body = |x| Var::constant(-2.0).powf(x[0].floor());
    assert!(replayed(f, &[1.5])[0].is_nan());
    assert_eq!(recorded(f, &[1.5]), [0.0]);
}

/// Of a value that is NaN in reverse, a tangent of zero before it says nothing forward; a list is one
/// operation.
#[test]
fn what_a_factor_of_zero_leaves_of_nan_depends_on_the_direction() {
    let tape = Tape::new();
    let x = tape.var(2.0);
    let steps = x * 0.0 * INF;
    assert!(steps.value().is_nan() && steps.gradients()[x].is_nan());
    assert_eq!(tape.pushforward(&[(x, 1.0)]).expect("x is of this tape")[steps], 0.0);
    let [x, zero, infinity] = [Dual::variable(2.0), Dual::constant(0.0), Dual::constant(INF)];
    assert_eq!((x * zero * infinity).tangent, 0.0);
    let dots = [
        Number::dot(&[x * zero], &[infinity]),
        Number::dot(&[x, zero], &[zero, infinity]),
        Number::linear_combination(&[INF, 1.0], &[zero, x]),
        Number::polynomial(x, &[f64::NAN]),
        Number::horner(x, &[Dual::constant(f64::NAN)]),
    ];
    assert_eq!(dots[0].tangent, 0.0);
    assert!(dots[1..].iter().all(|dot| dot.value.is_nan() && dot.tangent.is_nan()), "{dots:?}");
}

/// Reverse an infinite partial derivative is met first, and what flows from it by two ways is
/// subtracted; forward the two are subtracted first.
#[test]
fn a_difference_behind_a_pole_depends_on_the_direction() {
    let tape = Tape::new();
    let x = tape.var(0.5);
    let y = x / (x - x);
    assert!(y.value() == INF && y.gradients()[x].is_nan());
    assert_eq!(tape.pushforward(&[(x, 1.0)]).expect("x is of this tape")[y], INF);
    let x = Dual::variable(0.5);
    assert_eq!((x / (x - x)).tangent, INF);
    let f: Body = |x| x[0] / (x[0] - x[0]);
    assert!(replayed(f, &[0.5])[0].is_nan());
}

/// A recorded derivative, recorded by a function of its own or on the tape, has no zero of Horner's
/// rule of one coefficient.
#[test]
fn a_polynomial_without_its_variable_is_recorded_as_its_coefficient() {
    let f: Body = |x| x[0].horner(&x[1..]);
    let at = [0.5, f64::NAN];
    assert!(replayed(f, &at).iter().all(|slope| slope.is_nan()));
    let recorded = recorded(f, &at);
    assert!(recorded[0] == 0.0 && recorded[1].is_nan(), "{recorded:?}");
}

/// A part is one operation: where its adjoint is NaN, so are the derivatives by all its inputs.
#[test]
fn a_lost_part_is_lost_by_inputs_on_which_it_does_not_depend() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([-1.0, 2.0]);
    let part = Var::preaccumulate(&[x, y], |x| vec![x[0].ln(), x[1] * 2.0]);
    assert!(part[0].gradients().wrt(&[x, y]).iter().all(|slope| slope.is_nan()));
    assert_eq!(part[1].gradients().wrt(&[x, y]), [0.0, 2.0]);
    let steps = x.ln().gradients().wrt(&[x, y]);
    assert!(steps[0].is_nan() && steps[1] == 0.0, "{steps:?}");
}

/// The partial derivatives of a part are multiplied before the adjoint is.
#[test]
fn the_derivative_of_a_part_overflows_by_itself() {
    let tape = Tape::new();
    let x = tape.var(1e-300);
    let part = Var::preaccumulate(&[x], |x| vec![x[0] * 1e200 * 1e200])[0];
    let steps = x * 1e200 * 1e200;
    assert_eq!(part.value(), steps.value());
    assert_eq!((part * 1e-300).gradients()[x], INF);
    assert!(((steps * 1e-300).gradients()[x] / 1e100 - 1.0).abs() < 1e-15);
}

/// Beside a slope that is NaN, a second derivative is 0 or NaN.
#[test]
fn second_derivatives_beside_a_lost_slope_are_lost_or_nothing() {
    let f: Body = |x| x[0].ln();
    assert!(gradient(f, &[INF])[0].is_nan());
    let function = Function::record(&[1.0], f);
    let (mut door, mut swept) = ([7.0], [7.0]);
    function.hessian(&mut function.dual_workspace(), &[INF], &mut door).expect("no guard fails");
    let slope = function.gradient_function().expect("it has one");
    slope.gradient(&mut slope.workspace(), &[INF], &mut swept).expect("no guard fails");
    assert!(swept[0].is_nan(), "{swept:?}");
    for second in [door[0], wengert::hessian(f, &[INF])[0][0]] {
        assert!(second == 0.0 || second.is_nan(), "{second}");
    }
}

#[test]
fn a_replayed_square_has_the_partial_of_a_square() {
    let f: Body = |x| x[0] * x[0] * 1e-300;
    let slope = gradient(f, &[1.2e308])[0];
    assert!((slope / 2.4e8 - 1.0).abs() < 1e-15, "{slope}");
    assert_eq!(replayed(f, &[1.2e308]), [INF]);
    let plain = Function::builder().optimise(Optimise::none()).record(&[1.0], f);
    let mut slope = [0.0];
    plain.gradient(&mut plain.workspace(), &[1.2e308], &mut slope).expect("there are no guards");
    assert!((slope[0] / 2.4e8 - 1.0).abs() < 1e-15, "without the optimiser it is that of the tape");
    assert_eq!(gradient(|x| x[0].powi(2) * 1e-300, &[1.2e308]), [INF]);
}

/// A tape multiplies the factors behind one with each other; a replay multiplies one by one.
#[test]
fn a_replayed_product_is_one_of_two_factors_after_the_other() {
    let at = [2.0, 0.0, 1e200, 1e200];
    let f: Body = |x| Var::product(x);
    assert!(gradient(f, &at)[0].is_nan());
    assert_eq!(replayed(f, &at), [0.0, INF, 0.0, 0.0]);
}

#[test]
fn a_recorded_norm_is_differentiated_as_a_quotient_by_the_length() {
    let f: Body = |x| Var::norm(x);
    let at = [INF, -INF, 1.0];
    let share = std::f64::consts::FRAC_1_SQRT_2;
    let swept = gradient(f, &at);
    let known = [share, -share, 0.0];
    assert!(swept.iter().zip(known).all(|(s, k)| (s - k).abs() < 1e-15), "{swept:?}");
    assert!(all_same(&recorded(f, &at), &[1.0, -1.0, 0.0]));
    // The length overflows, and none of the components is infinite.
    let at = [1.5e308, 1.5e308];
    let swept = gradient(f, &at);
    assert!(swept.iter().all(|s| (s - share).abs() < 1e-15), "{swept:?}");
    assert_eq!(recorded(f, &at), [0.0, 0.0]);
}

/// A number that records does not look at itself; a plain dual number does. A function of tangents
/// sees to its outputs, unless nothing is recorded of their tangents.
#[test]
fn the_tangent_of_a_recorded_nan_is_what_the_partials_say() {
    let plain = [Dual::variable(-1.0).ln(), Dual::variable(-1.0).ln().floor()];
    assert!(plain.iter().all(|y| y.value.is_nan() && y.tangent.is_nan()));
    let tape = Tape::new();
    let logarithm = Dual::new(tape.var(-1.0), Var::constant(1.0)).ln();
    let tangents = [logarithm, logarithm.floor()].map(|y| y.tangent.value());
    assert_eq!(tangents, [-1.0, 0.0]);
    let f = Function::record_many(&[1.0], |x| vec![x[0].ln(), x[0].ln().floor()]);
    let mut swept = [0.0; 2];
    f.jvp(&mut f.dual_workspace(), &[-1.0], &[1.0], &mut swept).expect("no guard fails");
    assert!(swept.iter().all(|tangent| tangent.is_nan()), "{swept:?}");
    let along = f.jvp_function(wengert::VectorAs::Variables).expect("it has one");
    let mut recorded = [7.0; 2];
    along.values(&mut along.workspace(), &[-1.0, 1.0], &mut recorded).expect("no guard fails");
    assert!(recorded[0].is_nan() && recorded[1] == 0.0, "{recorded:?}");
}

/// Integrals that nobody has written: three derivatives by a parameter are numbers, four are NaN,
/// and by the argument they go on.
#[test]
fn fourth_derivatives_by_a_parameter_alone_are_nan() {
    type Third = Dual<Dual<Dual<f64>>>;
    type Fourth = Dual<Third>;
    fn third(x: f64, moves: bool) -> Third {
        let inner = if moves { Dual::variable(x) } else { Dual::constant(x) };
        let next = if moves { Dual::variable(inner) } else { Dual::constant(inner) };
        if moves { Dual::variable(next) } else { Dual::constant(next) }
    }
    fn fourth(x: f64, moves: bool) -> Fourth {
        if moves { Dual::variable(third(x, true)) } else { Dual::constant(third(x, false)) }
    }
    macro_rules! derivatives {
        ($of:ident of $x:expr, $($parameter:expr),*; $moving:expr) => {{
            let f = |moving: usize| {
                let mut position = 0;
                let mut next = |x: f64| {
                    position += 1;
                    fourth(x, position == moving + 1)
                };
                let x = next($x);
                x.$of($(next($parameter)),*)
            };
            let y = f($moving);
            (y.value.tangent.tangent.tangent, y.tangent.tangent.tangent.tangent)
        }};
    }
    let by_parameters = [
        derivatives!(gamma_p of 1.5, 2.5; 1),
        derivatives!(gamma_q of 1.5, 2.5; 1),
        derivatives!(beta_inc of 0.3, 2.5, 1.5; 1),
        derivatives!(beta_inc of 0.3, 2.5, 1.5; 2),
    ];
    for (i, (third, fourth)) in by_parameters.into_iter().enumerate() {
        assert!(third.is_finite() && third != 0.0 && fourth.is_nan(), "{i}: {third}, {fourth}");
    }
    let by_arguments = [
        derivatives!(gamma_p of 1.5, 2.5; 0),
        derivatives!(gamma_q of 1.5, 2.5; 0),
        derivatives!(beta_inc of 0.3, 2.5, 1.5; 0),
    ];
    for (third, fourth) in by_arguments {
        assert!(third.is_finite() && fourth.is_finite() && fourth != 0.0, "{third}, {fourth}");
    }
}
