//! Second derivatives: every rule is differentiated again when the scalar is a dual number.

use crate::apply;
use wengert::{Dual, Function, OpKind, Optimise, Scalar, Tape, Var, hessian};

const INF: f64 = f64::INFINITY;

/// Moderate points; those outside an operation's domain are skipped.
const POINTS: [f64; 8] = [-2.3, -0.9, -0.37, 0.21, 0.83, 1.3, 2.4, 6.1];

/// The step of the central difference, (3ε)^(1/3) with unit scale: truncation and rounding then
/// balance (Press et al., "Numerical Recipes", 5.7).
const STEP: f64 = 1e-5;

/// What truncation leaves, h²/6 of the gradient's third derivative. At a distance d from a pole
/// that is some 12/d² times the second derivative's, and digamma is asked at d = 0.1: 2·10⁻⁸.
/// Rounding (ε/h) leaves less.
const TOLERANCE: f64 = 1e-7;

#[test]
fn second_derivatives_of_one_variable_are_differences_of_the_first() {
    let unary = |kind: &&OpKind| {
        let leaf = matches!(kind, OpKind::Input | OpKind::Constant);
        !leaf && !apply::is_reduction(**kind) && is_of(**kind, 1)
    };
    for &kind in OpKind::ALL.iter().filter(unary) {
        let checked = POINTS.iter().filter(|&&x| check(kind, &[x])).count();
        assert!(checked >= 1, "{kind} has no point in its domain");
    }
}

#[test]
fn second_derivatives_of_two_variables_are_differences_of_the_first() {
    let binary = |kind: &&OpKind| !apply::is_reduction(**kind) && is_of(**kind, 2);
    for &kind in OpKind::ALL.iter().filter(binary).filter(|&&kind| kind != OpKind::Powi) {
        let pairs = POINTS.iter().flat_map(|&x| POINTS.iter().map(move |&y| [x, y]));
        let smooth = pairs.filter(|[x, y]| (x - y).abs() > 0.1);
        assert!(smooth.filter(|pair| check(kind, pair)).count() > 10, "{kind} has few points");
    }
}

#[test]
fn second_derivatives_of_lists_are_differences_of_the_first() {
    use OpKind as K;
    for kind in [K::Sum, K::Product, K::Mean, K::Dot, K::SquaredNorm, K::Norm, K::LogSumExp] {
        assert!(check(kind, &[0.3, -1.2, 0.7, 2.1]), "{kind}");
    }
    for kind in [K::SelectLess, K::SelectLessOrEqual, K::SelectEqual] {
        assert!(check(kind, &[-1.2, 0.3, 0.7, 2.1]), "{kind}");
    }
    assert!(check(K::Horner, &[0.3, -1.2, 0.7, 2.1]) && check(K::MulAdd, &[0.3, -1.2, 0.7]));
}

/// With the parameter 1, P is 1 − e⁻ˣ: also where x is nothing beside the parameter.
#[test]
fn the_incomplete_gamma_functions_with_parameter_1_are_exponentials() {
    for x in [1e-300_f64, 1e-60, 1e-20, 1e-12, 1e-3, 0.5, 3.0, 40.0] {
        let close = |found: f64| (found / (-x).exp() - 1.0).abs() <= 1e-15;
        let (p, q) = (hessian(|x| x[0].gamma_p(1.0), &[x]), hessian(|x| x[0].gamma_q(1.0), &[x]));
        assert!(close(-p[0][0]) && close(q[0][0]), "at {x}: {} and {}", p[0][0], q[0][0]);
    }
}

/// With tiny parameters the distribution has two points, of the weights b/(a + b) and a/(a + b).
#[test]
fn the_incomplete_beta_function_of_tiny_parameters_is_their_share() {
    fn f<'t>(x: &[Var<'t>]) -> Var<'t> {
        x[0].beta_inc(x[1], x[2])
    }
    let near = |found: f64, known: f64| (found - known).abs() <= 1e-14 * known.abs();
    for [a, b] in [[3e-30, 1e-30], [1e-100, 1e-90], [1e-60, 2e-80], [5e-40, 5e-40], [1e-62, 1e-60]]
    {
        let (total, x) = (a + b, 0.3);
        let of_ends = 1.0 / (x * (1.0 - x));
        let (value, slopes) = wengert::value_and_gradient(f, &[x, a, b]);
        let (p, q) = (a / total, b / total);
        assert!(near(value, q), "{value} with {a} and {b}");
        let known = [a * q * of_ends, -q / total, p / total];
        assert!(slopes.iter().zip(known).all(|(&s, k)| near(s, k)), "{slopes:?} is not {known:?}");
        let second = hessian(f, &[x, a, b]);
        let known = [
            (0, 1, q * q * of_ends),
            (0, 2, p * p * of_ends),
            (1, 1, 2.0 * q / total / total),
            (1, 2, (q - p) / total / total),
            (2, 2, -2.0 * p / total / total),
        ];
        for (i, j, known) in known {
            // Beside a largest entry 1, a small difference.
            let is_near =
                near(second[i][j], known) || i == 1 && second[i][j].abs() * total * total < 1e-15;
            assert!(is_near, "∂{i}∂{j} is {} and not {known} with {a} and {b}", second[i][j]);
        }
    }
}

/// Beside a parameter that is 1 or more, a tiny one is a factor: I ~ −b·(ln(1 − x) + x) for a = 2.
#[test]
fn the_incomplete_beta_function_is_proportional_to_a_tiny_parameter() {
    fn f<'t>(x: &[Var<'t>]) -> Var<'t> {
        x[0].beta_inc(2.0, x[1])
    }
    let (x, factor) = (0.5_f64, 0.193_147_180_559_945_3);
    for b in [0.0, 5e-324, 1e-300, 1e-200, 1e-60, 1e-20] {
        let (value, slopes) = wengert::value_and_gradient(f, &[x, b]);
        let is_near = |found: f64, known: f64| (found - known).abs() <= (1e-15 * known).max(5e-324);
        assert!(is_near(value, b * factor) && is_near(slopes[0], b), "{value}, {slopes:?} at {b}");
        assert!(is_near(slopes[1], factor), "{slopes:?} at {b}");
        assert!(is_near(hessian(f, &[x, b])[0][1], 1.0), "{:?} at {b}", hessian(f, &[x, b]));
    }
}

/// Where the density is below the smallest float, or loses its digits, and its derivatives are not.
#[test]
fn densities_that_vanish_have_derivatives() {
    type Third = Dual<Dual<Dual<f64>>>;
    type Rule = fn(Third) -> Third;
    fn lit(number: f64) -> Third {
        Dual::constant(Dual::constant(Dual::constant(number)))
    }
    let derivatives = |f: Rule, x: f64| {
        let y = f(Dual::variable(Dual::variable(Dual::variable(x))));
        [y.tangent.tangent.value, y.tangent.tangent.tangent]
    };
    for x in [5e-324_f64, 1e-300, 1e-200, 1e-160, 1e-80, 1e-20] {
        // 1 − e⁻ˣ(1 + x), 1 − e⁻ˣ(1 + x + x²/2), x³(4 − 3x) and 2x − x².
        let cases: [(Rule, [f64; 2]); 4] = [
            (|x| x.gamma_p(lit(2.0)), [1.0, -2.0]),
            (|x| x.gamma_p(lit(3.0)), [x, 1.0]),
            (|x| x.beta_inc(lit(3.0), lit(2.0)), [24.0 * x, 24.0]),
            (|x| x.beta_inc(lit(1.0), lit(2.0)), [-2.0, 0.0]),
        ];
        for (case, (f, known)) in cases.into_iter().enumerate() {
            for (found, known) in derivatives(f, x).into_iter().zip(known) {
                let is_near = (found - known).abs() <= 1e-15 * known.abs();
                assert!(is_near, "case {case} at {x}: {found} is not {known}");
            }
        }
    }
}

#[test]
fn known_second_derivatives_come_out() {
    let second =
        |f: for<'t> fn(wengert::Var<'t>) -> wengert::Var<'t>, x| hessian(|v| f(v[0]), &[x])[0][0];
    let expected = [
        (second(|x| x.powi(5), 1.5), 20.0 * 1.5_f64.powi(3)),
        (second(|x| x.powi(2), 0.0), 2.0),
        (second(|x| x.powf(3.0), 1.5), 9.0),
        (second(|x| x.polynomial(&[1.0, 2.0, 3.0, 4.0]), 2.0), 54.0),
        (second(|x| x.sin(), 1.0), -1.0_f64.sin()),
        (second(|x| x.tanh(), 30.0), -8.0 * (-60.0_f64).exp()),
        (second(|x| (x * x).sqrt(), 3.0), 0.0),
        (second(|x| x.abs(), 0.0), 0.0),
        (second(|x| x.clamp(0.0, 1.0), 0.5), 0.0),
    ];
    for (i, (ours, known)) in expected.into_iter().enumerate() {
        assert!((ours - known).abs() <= 1e-14 * known.abs().max(1e-300), "row {i}: {ours} {known}");
    }
}

/// The Hessian of a function by all ways there are; they have to agree to the last bit.
macro_rules! hessians {
    (|$x:ident| $f:expr, $at:expr) => {{
        fn f<'t, F: Scalar>($x: &[Var<'t, F>]) -> Var<'t, F> {
            $f
        }
        let at: &[f64] = &$at;
        let n = at.len();
        let unit = |j: usize| (0..n).map(|i| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
        let mut rows = vec![vec![0.0; n]; n];
        for j in 0..n {
            let tape = Tape::<Dual>::default();
            let seeded: Vec<Dual> = at.iter().zip(unit(j)).map(|(&x, v)| Dual::new(x, v)).collect();
            let inputs = tape.vars(&seeded);
            let column = f(&inputs).gradients().wrt(&inputs);
            (0..n).for_each(|i| rows[i][j] = column[i].tangent);
            let (_, product) = wengert::hessian_vector_product(|x| f(x), at, &unit(j)).unwrap();
            assert!((0..n).all(|i| is_same(product[i], rows[i][j])), "{product:?} in {rows:?}");
        }
        // The doors compute one triangle and copy it.
        let entry = |i: usize, j: usize| rows[i.max(j)][i.min(j)];
        let mirrored: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
        let door = hessian(|x| f(x), at);
        assert!(all_same(&door, &mirrored), "the door finds {door:?}, the tape {rows:?}");
        for optimise in [Optimise::none(), Optimise::all()] {
            let replay = Function::builder().optimise(optimise).record(at, |x| f(x));
            let mut flat = vec![0.0; n * n];
            replay.hessian(&mut replay.dual_workspace(), at, &mut flat).unwrap();
            let replayed: Vec<Vec<f64>> = flat.chunks(n).map(<[f64]>::to_vec).collect();
            assert!(all_same(&replayed, &mirrored), "{replayed:?} is not the tape's {rows:?}");
        }
        rows
    }};
}

/// A number in code that is generic over what a tape holds.
fn number<'t, F: Scalar>(c: f64) -> Var<'t, F> {
    Var::constant(F::from(c).expect("a float"))
}

fn is_same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

fn all_same(a: &[Vec<f64>], b: &[Vec<f64>]) -> bool {
    a.iter().flatten().zip(b.iter().flatten()).all(|(&a, &b)| is_same(a, b))
}

/// Asserts a Hessian to eight units in the last place of each entry.
#[track_caller]
fn assert_near(rows: &[Vec<f64>], expected: &[&[f64]]) {
    for (row, known) in rows.iter().zip(expected) {
        for (&entry, &known) in row.iter().zip(*known) {
            let close = crate::ulps::distance(entry, known) <= 8.0;
            assert!(close, "{rows:?} is not {expected:?}");
        }
    }
}

#[test]
fn powers_have_second_derivatives_where_their_value_is_special() {
    assert_near(&hessians!(|x| x[0].powf(number(2.0)), [0.0]), &[&[2.0]]);
    assert_near(&hessians!(|x| x[0].powf(number(1.5)), [0.0]), &[&[INF]]);
    assert_near(&hessians!(|x| x[0].powf(number(0.5)), [0.0]), &[&[-INF]]);
    assert_near(&hessians!(|x| x[0].powf(number(1.0)), [0.0]), &[&[0.0]]);
    assert_near(&hessians!(|x| x[0].powi(1), [1e-310]), &[&[0.0]]);
    assert_near(&hessians!(|x| x[0].powf(number(1.0)), [1e-310]), &[&[0.0]]);
    assert_near(&hessians!(|x| x[0].powf(number(2.0)), [-1e-170]), &[&[2.0]]);
    assert_near(&hessians!(|x| x[0].powf(number(3.0)), [-1e-170]), &[&[-6e-170]]);
    assert_near(&hessians!(|x| x[0].pow(x[1]), [0.0, 2.0]), &[&[2.0, 0.0], &[0.0, 0.0]]);
    let ln_2 = std::f64::consts::LN_2;
    let two_to_zero: &[&[f64]] = &[&[ln_2 * ln_2, 0.5], &[0.5, 0.0]];
    assert_near(&hessians!(|x| x[1].pow(x[0]), [0.0, 2.0]), two_to_zero);
    assert_near(
        &hessians!(|x| (x[0] - x[1]).pow(x[2]), [1.0, 1.0, 2.0]),
        &[&[2.0, -2.0, 0.0], &[-2.0, 2.0, 0.0], &[0.0, 0.0, 0.0]],
    );
    assert_near(
        &hessians!(
            |x| (-x[0] + number(1.0)).powf(number(2.0))
                + (x[1] - x[0].powf(number(2.0))).powf(number(2.0)) * number(100.0),
            [1.0, 1.0]
        ),
        &[&[802.0, -400.0], &[-400.0, 200.0]],
    );
}

#[test]
fn roots_have_infinite_second_derivatives_at_zero() {
    assert_near(&hessians!(|x| x[0].sqrt(), [0.0]), &[&[-INF]]);
    assert_near(&hessians!(|x| x[0].cbrt(), [0.0]), &[&[-INF]]);
    assert_near(&hessians!(|x| x[0].cbrt(), [-0.0]), &[&[INF]]);
}

#[test]
fn partials_that_cancel_keep_their_digits_in_second_derivatives() {
    assert_near(&hessians!(|x| x[0].sigmoid(), [1e-12]), &[&[-1.25e-13]]);
    assert_near(&hessians!(|x| x[0].asin(), [1e-17]), &[&[1e-17]]);
    assert_near(&hessians!(|x| x[0].acos(), [1e-17]), &[&[-1e-17]]);
    assert_near(&hessians!(|x| x[0].atanh(), [1e-17]), &[&[2e-17]]);
    let along = hessians!(|x| x[0].hypot(x[1]), [1e8, 1.0]);
    assert_near(&along, &[&[1e-24, -1e-16], &[-1e-16, 1e-8]]);
    assert_near(&hessians!(|x| x[0].hypot(number(1.0)), [1e8]), &[&[1e-24]]);
    assert_near(&hessians!(|x| x[0].hypot(number(1.0)), [1e4]), &[&[9.999_999_850_000_002e-13]]);
    let norm = hessians!(|x| Var::norm(x), [1e8, 1.0]);
    assert_near(&norm, &[&[1e-24, -1e-16], &[-1e-16, 1e-8]]);
    // (x − y)(x + y)/(x² + y²)² with x − y = 2⁻³⁰.
    let y = 1.0 + 2.0_f64.powi(-30);
    let mixed = hessians!(|x| x[0].atan2(x[1]), [y, 1.0])[0][1];
    let known = 4.656_612_866_572_179_5e-10;
    assert!((mixed - known).abs() <= 8.0 * f64::EPSILON * known, "{mixed:e}");
}

#[test]
fn a_logarithm_that_does_not_count_has_no_derivative_of_any_order() {
    let zeros: &[&[f64]] = &[&[0.0, 0.0], &[0.0, 0.0]];
    assert_near(&hessians!(|x| x[0].xlogy(x[1]), [0.0, -2.0]), zeros);
    assert_near(&hessians!(|x| x[0].xlog1py(x[1]), [0.0, -2.0]), zeros);
    assert_near(&hessians!(|x| x[0].xlogy(x[1]), [0.0, 2.0]), &[&[0.0, 0.5], &[0.5, 0.0]]);
}

/// The shares of infinite operands are a convention, which does not move with them.
#[test]
fn equal_shares_of_infinities_do_not_bend() {
    let zeros: &[&[f64]] = &[&[0.0; 3][..]; 3];
    assert_near(&hessians!(|x| Var::log_sum_exp(x), [INF, INF, 1.0]), zeros);
    assert_near(&hessians!(|x| Var::log_sum_exp(x), [-INF, -INF, -INF]), zeros);
    assert_near(&hessians!(|x| Var::log_sum_exp(x), [INF, 0.0, -INF]), zeros);
    assert_near(&hessians!(|x| x[0].log_add_exp(x[1]), [INF, INF]), &[&[0.0; 2][..]; 2]);
}

#[test]
fn an_angle_has_second_derivatives_next_to_the_origin() {
    assert_near(&hessians!(|x| x[0].atan2(x[1]), [1e-200, 1e-200]), &[&[-INF, 0.0], &[0.0, INF]]);
}

#[test]
fn third_derivatives_survive_what_leaves_the_range() {
    fn third(f: impl for<'t> Fn(Var<'t, Dual<Dual>>) -> Var<'t, Dual<Dual>>, x: f64) -> f64 {
        let tape = Tape::<Dual<Dual>>::default();
        let x = tape.var(Dual::new(Dual::variable(x), Dual::constant(1.0)));
        f(x).gradients()[x].tangent.tangent
    }
    assert_eq!(third(|x| x.powf(number(3.0)), 0.0), 6.0);
    assert_eq!(third(|x| x.powi(3), 0.0), 6.0);
    assert_eq!(third(|x| x.powi(2), 1e-160), 0.0);
    assert_eq!(third(|x| x.powf(number(2.0)), 1e-160), 0.0);
    assert_eq!(third(|x| x.powf(number(1.0)), 1e-310), 0.0);
    // −3xy²/(x² + y²)^(5/2) at y = 1.
    let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-14 * b.abs(), "{a:e} is not {b:e}");
    near(third(|x| x.hypot(number(1.0)), 1e8), -3e-32);
    near(third(|x| x.hypot(number(1e155)), 1e155), -3.0 / 32.0_f64.sqrt() * 1e-310);
    near(third(|x| x.asinh(), 1e8), 2e-24);
}

#[test]
fn every_way_takes_the_same_branch_and_no_other() {
    fn safe<'t, F: Scalar>(x: Var<'t, F>) -> Var<'t, F> {
        wengert::select(x.less(number(0.0)), (-x).sqrt(), x)
    }
    for (x, slope) in [(1.0, 1.0), (-4.0, -0.25)] {
        let (_, tangents) = wengert::jvp(|x| vec![safe(x[0])], &[x], &[1.0]).unwrap();
        assert_eq!(tangents, [slope]);
        assert_eq!(wengert::jacobian(|x| vec![safe(x[0]), x[0]], &[x]), [[slope], [1.0]]);
        assert_eq!(wengert::gradient(|x| safe(x[0]), &[x]), [slope]);
        assert!(wengert::check_gradient(|x| safe(x[0]), &[x]).is_ok());
    }
    assert_near(&hessians!(|x| safe(x[0]), [1.0]), &[&[0.0]]);
    assert_near(&hessians!(|x| safe(x[0]), [-4.0]), &[&[-1.0 / 32.0]]);
    assert_near(&hessians!(|x| x[0].ln().max(x[0] * x[0]), [-1.0]), &[&[2.0]]);
    assert_near(&hessians!(|x| x[0].ln().min(x[0] * x[0]), [-1.0]), &[&[2.0]]);
    assert_near(&hessians!(|x| x[0].sqrt() * number(0.0) + x[0] * x[0], [0.0]), &[&[2.0]]);
    let clamped = hessians!(|x| x[0].ln().max(x[0]).clamp(number(0.0), number(1.0)), [-1.0]);
    assert_near(&clamped, &[&[0.0]]);
}

/// A quadrature whose exponent does not grow has no end of itself: it gives up, with NaN.
#[test]
fn extreme_parameters_give_a_probability_or_nan() {
    let extremes = [5e-324, 1e-310, 0.3, 0.5, 0.7, 1e300, f64::MAX, INF];
    for x in extremes {
        for a in extremes {
            for b in extremes {
                let tape = Tape::new();
                let [p, q, r] = tape.var_array([x, a, b]);
                for y in [q.gamma_p(p), q.gamma_q(p), p.beta_inc(q, r)] {
                    let value = y.value();
                    assert!(value.is_nan() || (0.0..=1.0).contains(&value), "{x} {a} {b}: {value}");
                    std::hint::black_box(y.gradients());
                }
            }
        }
    }
}

fn is_of(kind: OpKind, arity: usize) -> bool {
    let arguments = vec![wengert::Var::<f64>::constant(1.0); arity];
    wengert::Var::try_apply(kind, &arguments).is_ok()
}

/// Compares the Hessian, column by column, with central differences of the gradient; false if
/// the point is outside the domain.
fn check(kind: OpKind, x: &[f64]) -> bool {
    let varies = vec![true; x.len()];
    let (value, _) = apply::reverse(kind, x, &varies);
    if !value.is_finite() || apply::reverse(kind, x, &varies).1.iter().any(|g| !g.is_finite()) {
        return false;
    }
    for along in 0..x.len() {
        let seed = |(i, &x): (usize, &f64)| Dual::new(x, if i == along { 1.0 } else { 0.0 });
        let duals: Vec<Dual> = x.iter().enumerate().map(seed).collect();
        let (_, gradient) = apply::reverse(kind, &duals, &varies);
        let (above, below) = (shifted(kind, x, along, STEP), shifted(kind, x, along, -STEP));
        for i in 0..x.len() {
            let second = gradient[i].tangent;
            let difference = (above[i] - below[i]) / (2.0 * STEP);
            let scale = 1.0 + second.abs() + gradient[i].value.abs();
            let close = (second - difference).abs() <= TOLERANCE * scale;
            assert!(close, "∂{i}∂{along} of {kind}{x:?}: {second} and {difference}");
        }
    }
    true
}

/// The gradient beside the point.
fn shifted(kind: OpKind, x: &[f64], along: usize, step: f64) -> Vec<f64> {
    let mut x = x.to_vec();
    x[along] += step;
    apply::reverse(kind, &x, &vec![true; x.len()]).1
}

/// At an end where the density is infinite, so is its slope, and away from the middle; in the
/// parameters it has the limits of the logarithms. Beside large parameters all is 0.
#[test]
fn the_incomplete_beta_function_has_limits_at_its_ends() {
    fn f<'t>(x: &[Var<'t>]) -> Var<'t> {
        x[0].beta_inc(x[1], x[2])
    }
    let infinity = f64::INFINITY;
    for [a, b] in [[0.5, 0.5], [0.3, 0.9], [2.6, 0.7], [1e12, 0.3]] {
        let second = hessian(f, &[1.0, a, b]);
        assert_eq!(second[0], [infinity, infinity, -infinity], "at 1, with {a} and {b}");
        let second = hessian(f, &[0.0, b, a]);
        assert_eq!(second[0], [-infinity, -infinity, infinity], "at 0, with {b} and {a}");
    }
    for x in [0.0, 5e-324, 1e-310, 1.0] {
        for [a, b] in [[24.1, 24.1], [24.1, 1e100], [1e100, 24.1], [1e200, 1e200]] {
            let (value, slopes) = wengert::value_and_gradient(f, &[x, a, b]);
            assert_eq!((value, slopes.as_slice()), (x.floor(), &[0.0; 3][..]), "{x}, {a}, {b}");
            assert!(hessian(f, &[x, a, b]).iter().flatten().all(|&entry| entry == 0.0));
        }
    }
}
