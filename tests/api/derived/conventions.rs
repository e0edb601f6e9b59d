//! Second derivatives where there are none, or several: those that are recorded twice, and those
//! that are swept over what is recorded once, are those of the door.

use super::{hessian, values};
use wengert::OpKind::{self, *};
use wengert::{Function, Var, select};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The Hessian by two derivations, and by a derivation and a sweep. Neither adds a comparison.
fn by_derivations(f: &Function, x: &[f64]) -> [Vec<f64>; 2] {
    let g = f.gradient_function().unwrap();
    let h = g.jacobian_function().unwrap();
    for derived in [&g, &h] {
        assert_eq!(derived.trace(x).unwrap().guards().len(), 0, "at {x:?}");
    }
    let mut swept = vec![0.0; x.len() * x.len()];
    g.jacobian(&mut g.workspace(), x, &mut swept).unwrap();
    [values(&h, x), swept]
}

/// Operations of variables at kinks, ties, poles and ends.
const POINTS: &[(OpKind, &[f64])] = &[
    (Abs, &[0.0]),
    (Abs, &[-0.0]),
    (Relu, &[0.0]),
    (LeakyRelu, &[0.0, 0.1]),
    (Max, &[1.0, 1.0]),
    (Min, &[1.0, 1.0]),
    (Max, &[0.0, -0.0]),
    (Max, &[INF, INF]),
    (Max, &[NAN, 1.0]),
    (Min, &[1.0, NAN]),
    (Max, &[NAN, NAN]),
    (Copysign, &[0.0, -1.0]),
    (Copysign, &[2.0, -0.0]),
    (SelectLess, &[1.0, 1.0, 3.0, 4.0]),
    (SelectLess, &[NAN, 1.0, 3.0, 4.0]),
    (SelectLess, &[1.0, 2.0, 3.0, INF]),
    (SelectLess, &[1.0, 2.0, 3.0, NAN]),
    (SelectLessOrEqual, &[1.0, 1.0, 3.0, 4.0]),
    (SelectEqual, &[0.0, -0.0, 3.0, 4.0]),
    (Signum, &[0.0]),
    (Round, &[2.5]),
    (Floor, &[2.0]),
    (Fract, &[2.0]),
    (Rem, &[6.0, 2.0]),
    (Pow, &[3.0, 0.0]),
    (Pow, &[0.0, 0.0]),
    (Pow, &[0.0, 0.5]),
    (Pow, &[0.0, 1.0]),
    (Pow, &[0.0, 2.0]),
    (Pow, &[0.0, 1.5]),
    (Pow, &[-2.0, 3.0]),
    (Pow, &[NAN, 0.0]),
    (Sqrt, &[0.0]),
    (Cbrt, &[0.0]),
    (Cbrt, &[-0.0]),
    (Hypot, &[0.0, 0.0]),
    (Hypot, &[INF, 1.0]),
    (Hypot, &[INF, NAN]),
    (Norm, &[0.0, 0.0]),
    (Norm, &[1.0, -INF]),
    (Atan2, &[0.0, 0.0]),
    (Atan2, &[1.0, INF]),
    (Tanh, &[400.0]),
    (Sigmoid, &[INF]),
    (Softplus, &[-INF]),
    (Silu, &[INF]),
    (Gelu, &[-INF]),
    (Erf, &[-INF]),
    (NormalCdf, &[-INF]),
    (Exp, &[-INF]),
    (Exp, &[1000.0]),
    (Ln, &[0.0]),
    (Ln, &[-1.0]),
    (Ln1p, &[-1.0]),
    (Asin, &[1.0]),
    (Acosh, &[1.0]),
    (Atanh, &[1.0]),
    (Recip, &[0.0]),
    (Recip, &[-0.0]),
    (Div, &[1.0, 0.0]),
    (Div, &[0.0, 0.0]),
    (Mul, &[0.0, INF]),
    (Lgamma, &[-1.0]),
    (Xlogy, &[0.0, 0.0]),
    (Xlogy, &[0.0, -1.0]),
    (Xlogy, &[2.0, 0.0]),
    (Log1mExp, &[0.0]),
    (LogSigmoid, &[-INF]),
    (LogCosh, &[-INF]),
    (LogAddExp, &[INF, INF]),
    (LogAddExp, &[-INF, -INF]),
    (LogDiffExp, &[1.0, 1.0]),
    (LogSumExp, &[INF, 0.0]),
    (LogSumExp, &[-INF, -INF]),
    (LogSumExp, &[NAN, 0.0]),
    (Product, &[0.0, 2.0, 3.0]),
    (Product, &[0.0, 0.0, 3.0]),
    (Sum, &[INF, -INF]),
    (Sinc, &[0.0]),
    (Sinc, &[2.0]),
    (ErfInv, &[1.0]),
    (NormalQuantile, &[0.0]),
    (LogBeta, &[0.0, 2.0]),
    (GammaP, &[0.0, 2.0]),
    (GammaQ, &[INF, 2.0]),
    (BetaInc, &[1.0, 2.0, 1.0]),
];

type Body = for<'t> fn(&[Var<'t>]) -> Var<'t>;

/// Kinks and infinities inside of something, which multiplies them with what it has.
const BODIES: &[(Body, &[f64])] = &[
    (|x| x[0].sqrt() * 0.0 + x[1] * x[1], &[0.0, 1.0]),
    (|x| select(x[0].less(0.0), (-x[0]).sqrt(), x[0] * x[1]), &[0.0, 2.0]),
    (|x| select(x[0].less(x[1]), x[0] * x[0], x[1].powi(3)), &[2.0, 2.0]),
    (|x| (x[0] * x[0]).sqrt() + x[1] * x[0], &[0.0, 1.0]),
    (|x| x[0].abs() * x[1] + x[1].max(x[0]) * x[0], &[0.0, 0.0]),
    (|x| x[0].max(x[1]).powi(2), &[1.5, 1.5]),
    (|x| (x[0] * x[1]).clamp(0.0, 6.0) * x[0], &[2.0, 3.0]),
    (|x| x[0].relu() * x[1].exp(), &[0.0, 1.0]),
    (|x| Var::norm(x).powi(2), &[0.0, 0.0]),
    (|x| x[0].hypot(x[1]) * x[0], &[0.0, 0.0]),
    (|x| x[0].ln() * 0.0 + x[1] * x[1], &[-1.0, 1.0]),
    (|x| x[0].floor() * x[1] + x[1] * x[1], &[NAN, 1.0]),
    (|x| x[1].recip().powi(0) * x[0] * x[0], &[3.0, 0.0]),
    (|x| x[0].recip().floor() * x[1] * x[1], &[0.0, 2.0]),
    (|x| Var::log_sum_exp(x) * x[1], &[INF, 1.0]),
    // Branches that are lost, with their derivatives, and not taken.
    (|x| select(x[0].less(0.0), (-x[0]).sqrt(), x[0] * x[1]), &[1.0, 2.0]),
    (|x| select(x[0].less(0.0), x[1].powi(2), x[0].ln() * x[1]), &[-1.0, 2.0]),
    (|x| x[0].asin().min(x[0] * x[1]), &[2.0, 1.0]),
    (|x| x[0].acos().max(x[1]) + x[1] * x[1], &[2.0, 1.0]),
    (|x| x[0].ln().relu() * x[1] + x[1] * x[1], &[0.0, 1.0]),
];

fn is_same(a: f64, b: f64) -> bool {
    a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-13 * b.abs()
}

#[test]
fn recorded_second_derivatives_have_the_conventions_of_the_door() {
    let operation = |&(kind, at): &(OpKind, &'static [f64])| {
        let start: Vec<f64> = (0..at.len()).map(|i| 0.3 + 0.1 * i as f64).collect();
        let f = Function::record(&start, |x| Var::try_apply(kind, x).unwrap());
        (format!("{kind}"), f, at)
    };
    let body = |&(body, at): &(Body, &'static [f64])| {
        (String::from("a body"), Function::record(&[0.5, 0.25], body), at)
    };
    let mut faults = Vec::new();
    for (name, f, at) in POINTS.iter().map(operation).chain(BODIES.iter().map(body)) {
        let known = hessian(&f, at);
        for (way, found) in ["recorded", "swept"].into_iter().zip(by_derivations(&f, at)) {
            if !found.iter().zip(&known).all(|(&a, &b)| is_same(a, b)) {
                faults.push(format!("{name} at {at:?}, {way}: {found:?}, by the door {known:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
