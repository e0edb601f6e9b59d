//! Taylor coefficients up to order 20 against `taylor.tsv`: of every smooth operation, by `Taylor`
//! numbers' own arithmetic, in a recorded function, and of a differential equation's solution.

use num_traits::Float;
use wengert::{Function, OpKind, Taylor, Var};

const ORDER: usize = 20;

/// Relative to a coefficient, or to what the largest so far allows of one that cancels.
const BAR: f64 = 1e-13;

/// An operation, its path, and the coefficients.
struct Row {
    name: String,
    path: Vec<[f64; 2]>,
    coefficients: Vec<f64>,
}

fn rows() -> impl Iterator<Item = Row> {
    include_str!("taylor.tsv").lines().map(|line| {
        let mut words = line.split('\t');
        let name = words.next().expect("an operation").to_owned();
        let count: usize = words.next().expect("a number").parse().expect("a number");
        let numbers: Vec<f64> = words.map(|word| word.parse().expect("a number")).collect();
        let (path, coefficients) = numbers.split_at(2 * count);
        let path = path.chunks(2).map(|pair| [pair[0], pair[1]]).collect();
        Row { name, path, coefficients: coefficients.to_vec() }
    })
}

/// The largest error, relative to a coefficient; of one in which terms cancel, so that it is far
/// below its neighbours, relative to a hundredth of what stands between those: the rounding of the
/// point alone moves it by some ten ε of them.
fn worst(found: &[f64], known: &[f64]) -> f64 {
    let at = |k: usize| known.get(k).map_or(0.0, |c| c.abs());
    let between = |k: usize| (at(k.wrapping_sub(1)) * at(k + 1)).sqrt();
    let error = |k: usize| match (found[k] - known[k]).abs() {
        0.0 => 0.0,
        distance => distance / at(k).max(1e-2 * between(k)),
    };
    assert_eq!(found.len(), known.len());
    (0..known.len()).map(error).fold(0.0, f64::max)
}

/// The operation along its path, in a recorded function.
fn recorded(kind: OpKind, path: &[[f64; 2]]) -> Vec<f64> {
    let at: Vec<f64> = path.iter().map(|[x, _]| *x).collect();
    let f = Function::record(&at, |x| apply_to(kind, x));
    let mut variables = vec![0.0; path.len() * (ORDER + 1)];
    for (series, [x, v]) in variables.chunks_mut(ORDER + 1).zip(path) {
        [series[0], series[1]] = [*x, *v];
    }
    let mut coefficients = vec![0.0; ORDER + 1];
    f.taylor(ORDER, &variables, &[], &mut coefficients).expect("the operation has a series");
    coefficients
}

fn apply_to<'t>(kind: OpKind, x: &[Var<'t>]) -> Var<'t> {
    Var::try_apply(kind, x).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

#[test]
fn every_smooth_operation_has_the_coefficients_of_the_table() {
    let mut seen = Vec::new();
    let mut faults = Vec::new();
    for row in rows().filter(|row| row.name != "ode") {
        let kind = OpKind::from_name(&row.name).unwrap_or_else(|| panic!("no {}", row.name));
        let error = worst(&recorded(kind, &row.path), &row.coefficients);
        println!("{kind:16} {:?} {error:.1e}", row.path);
        if error > BAR {
            faults.push(format!("{kind} along {:?}: off by {error:e}", row.path));
        }
        seen.push(kind);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let without = OpKind::ALL.iter().filter(|kind| !seen.contains(kind) && !elsewhere(**kind));
    assert_eq!(without.collect::<Vec<_>>(), [] as [&OpKind; 0]);
}

/// Leaves, what has kinks or jumps, and what takes constants: each has a test of its own here.
fn elsewhere(kind: OpKind) -> bool {
    use OpKind as K;
    matches!(kind, K::Input | K::Constant | K::Powi | K::LinearCombination | K::Polynomial)
        || matches!(kind, K::Abs | K::Signum | K::Floor | K::Ceil | K::Round | K::Trunc)
        || matches!(kind, K::Fract | K::Relu | K::Rem | K::Max | K::Min | K::Copysign)
        || matches!(kind, K::LeakyRelu | K::Clamp)
        || matches!(kind, K::SelectLess | K::SelectLessOrEqual | K::SelectEqual)
}

#[test]
fn powers_and_polynomials_are_products() {
    fn body<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
        let powers = [x[0].powi(3), x[0].powi(9), x[0].powi(-2)];
        let sums = [x[0].polynomial(&[1.0, -2.0, 0.5]), Var::linear_combination(&[3.0, -4.0], x)];
        [powers.as_slice(), sums.as_slice()].concat()
    }
    fn products<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
        let cube = x[0] * x[0] * x[0];
        let powers = [cube, cube * cube * cube, (x[0] * x[0]).recip()];
        let sums = [0.5 * x[0] * x[0] - 2.0 * x[0] + 1.0, 3.0 * x[0] - 4.0 * x[1]];
        [powers.as_slice(), sums.as_slice()].concat()
    }
    for at in [0.7, 0.0] {
        let path = [at, 0.5, -0.25, 1.0, 2.0, 1.0, 0.0, 0.5];
        let [mut found, mut known] = [[0.0; 20]; 2];
        Function::record_many(&[0.3, 0.5], body).taylor(3, &path, &[], &mut found).unwrap();
        Function::record_many(&[0.3, 0.5], products).taylor(3, &path, &[], &mut known).unwrap();
        for (a, b) in found.iter().zip(known) {
            let is_lost = !a.is_finite() && !b.is_finite();
            assert!(is_lost || *a == b || (a - b).abs() <= 1e-14 * b.abs(), "{found:?}, {known:?}");
        }
    }
}

/// The series of y′ = f(y, t) from y(0), coefficient by coefficient.
fn solve<const N: usize>(f: impl Fn(Taylor<N>, Taylor<N>) -> Taylor<N>, start: f64) -> Taylor<N> {
    let (mut y, t) = (Taylor::constant(start), Taylor::variable(0.0));
    for k in 1..N {
        y.coefficients[k] = f(y, t).coefficients[k - 1] / k as f64;
    }
    y
}

#[test]
fn the_solution_of_a_differential_equation_has_the_coefficients_of_the_table() {
    let row = rows().find(|row| row.name == "ode").expect("the row is there");
    let y = solve::<21>(|y, t| y.sin() * t, 1.0);
    let error = worst(&y.coefficients, &row.coefficients);
    println!("worst relative error {error:.1e}");
    assert!(error <= BAR, "{error:e}");
}

#[test]
fn numbers_and_recordings_agree_to_the_last_bit() {
    let at = Taylor::<8>::new([0.7, 0.5, -0.25, 0.125, 0.0, 0.0, 1.0, -1.0]);
    let body = |x: Taylor<8>| (x * x + 1.0).ln() / x.exp() - x.powf(Taylor::constant(1.5));
    let known = body(at).coefficients;
    let f = Function::builder()
        .optimise(wengert::Optimise::none())
        .record(&[0.7], |x| (x[0] * x[0] + 1.0).ln() / x[0].exp() - x[0].powf(1.5));
    let mut found = [0.0; 8];
    f.taylor(7, &at.coefficients, &[], &mut found).unwrap();
    assert_eq!(found, known);
}

#[test]
fn kinks_and_decisions_follow_the_path_at_its_beginning() {
    let f = Function::record_many(&[2.0, 1.0], |x| {
        vec![
            x[0].max(x[1]),
            x[0].abs() * x[1].relu(),
            wengert::select(x[0].less(x[1]), x[0], x[1] * x[1]),
            x[0].clamp(0.0, 1.5),
            x[0].fract() + x[0].floor() + x[0].signum() + x[1].round(),
            x[0].leaky_relu(0.5).copysign(x[1]) + x[0] % x[1] + x[0].min(x[1]),
        ]
    });
    let mut found = [0.0; 18];
    f.taylor(2, &[2.0, 1.0, 0.5, -1.0, 3.0, 0.0], &[], &mut found).unwrap();
    let known = [
        [2.0, 1.0, 0.5],
        [0.0, 0.0, 0.0],
        [1.0, -6.0, 9.0],
        [1.5, 0.0, 0.0],
        [2.0, 1.0, 0.5],
        // −x, 7t + t²/2, and −1 + 3t
        [-3.0, 9.0, 0.0],
    ]
    .concat();
    assert_eq!(found.as_slice(), known);
}

#[test]
fn derivatives_that_were_recorded_have_series_too() {
    let f = Function::record(&[0.4, 0.7], |x| Var::log_sum_exp(x) * x[0].tanh());
    let g = f.gradient_function().unwrap();
    let path = [0.4, 1.0, 0.0, 0.7, -0.5, 0.0];
    let (mut of_f, mut of_g) = ([0.0; 3], [0.0; 6]);
    f.taylor(2, &path, &[], &mut of_f).unwrap();
    g.taylor(2, &path, &[], &mut of_g).unwrap();
    // The slope along the path is the gradient times the direction, in every coefficient.
    let slope = |k: usize| of_g[k] - 0.5 * of_g[3 + k];
    assert!((of_f[1] - slope(0)).abs() < 1e-15 && (2.0 * of_f[2] - slope(1)).abs() < 1e-15);
}

#[test]
fn a_guard_that_fails_on_the_path_is_told() {
    let f = Function::record(&[2.0], |x| if x[0] > 1.0 { x[0] * x[0] } else { x[0] });
    let error = f.taylor(1, &[0.5, 1.0], &[], &mut [0.0; 2]).unwrap_err();
    assert!(error.to_string().contains("taylor.rs"), "{error}");
}

/// Where a parameter moves there is no recurrence; where it stands still there is, though it is a
/// variable.
#[test]
fn an_incomplete_function_has_a_series_in_its_argument_alone() {
    type Body = for<'t> fn(&[Var<'t>]) -> Var<'t>;
    type Number = fn([Taylor<3>; 3]) -> Taylor<3>;
    let operations: [(&str, usize, Body, Number); 3] = [
        ("gamma_p", 1, |x| x[0].gamma_p(x[1]), |[x, a, _]| x.gamma_p(a)),
        ("gamma_q", 1, |x| x[0].gamma_q(x[1]), |[x, a, _]| x.gamma_q(a)),
        ("beta_inc", 2, |x| x[0].beta_inc(x[1], x[2]), |[x, a, b]| x.beta_inc(a, b)),
    ];
    let at = [0.5, 2.0, 3.0];
    for (name, parameters, body, number) in operations {
        let (f, mut found) = (Function::record(&at, body), [f64::NAN; 3]);
        let mut still = at.map(Taylor::constant);
        still[0] = Taylor::variable(at[0]);
        f.taylor(2, &still.map(|x| x.coefficients).concat(), &[], &mut found).unwrap();
        assert_eq!(number(still).coefficients, found);
        let mut gradient = [0.0; 3];
        f.gradient(&mut f.workspace(), &at, &mut gradient).unwrap();
        assert!((found[1] - gradient[0]).abs() <= 1e-15, "{found:?}, {gradient:?}");
        for parameter in 1..=parameters {
            let mut path = still;
            path[parameter] = Taylor::variable(at[parameter]);
            let path = path.map(|x| x.coefficients).concat();
            let error = f.taylor(2, &path, &[], &mut found).unwrap_err().to_string();
            let wanted = format!("`{name}` has a series in its first argument alone");
            assert!(error.starts_with(&wanted), "{error}");
            assert!(error.contains("keep the parameters constant"), "{error}");
        }
    }
}
