//! Programs that decide and call functions: Function → Function → Function.

use super::{check, gradient, hessian, lifted, values};
use crate::expression::{Expression, point, smooth_expression};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Function, Scalar, Var, select};

/// Pairs of expressions one after another; each time a comparison of what came before decides
/// whose value goes on.
type Pairs = Vec<(Expression, Expression)>;

/// The program over any number; the first of each pair is evaluated by `call`.
fn run<'t, F: Scalar>(
    pairs: &Pairs,
    x: &[Var<'t, F>],
    call: impl Fn(usize, &[Var<'t, F>]) -> Var<'t, F>,
) -> Var<'t, F> {
    let mut state = x.to_vec();
    for (k, (_, other)) in pairs.iter().enumerate() {
        let (place, beside) = (k % x.len(), (k + 1) % x.len());
        let (first, second) = (call(k, &state).tanh(), other.record(&state).tanh());
        let is_less = state[beside].less(state[place] * x[beside]);
        state[place] = select(is_less, first, second) + x[place];
    }
    Var::sum(&state)
}

/// All third derivatives, by dual numbers within dual numbers within dual numbers.
fn thirds(pairs: &Pairs, x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let entry = |at: usize| {
        let along = [at / (n * n), at / n % n, at % n];
        let x: Vec<_> = lifted(x, along).into_iter().map(Var::constant).collect();
        run(pairs, &x, |k, x| pairs[k].0.record(x)).value().tangent.tangent.tangent
    };
    (0..n * n * n).map(entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases / 4, ..cases() })]

    #[test]
    fn decisions_and_calls_have_derivatives_of_three_orders(
        pairs in prop::collection::vec((smooth_expression(), smooth_expression()), 1..4),
        (at, x) in (point(), point()),
    ) {
        let record = |e: &Expression| Function::record(&at, |x| e.record(x));
        let functions: Vec<_> = pairs.iter().map(|(first, _)| record(first)).collect();
        let plain = Function::record(&at, |x| run(&pairs, x, |k, x| pairs[k].0.record(x)));
        let f = Function::record(&at, |x| {
            run(&pairs, x, |k, x| functions[k].call_as_one(x, &[]).unwrap()[0])
        });
        let (first, second, third) = (gradient(&plain, &x), hessian(&plain, &x), thirds(&pairs, &x));
        let size: f64 = first.iter().chain(&second).chain(&third).map(|d| d.abs()).sum();
        prop_assume!(size < 1e6);
        let g = f.value_and_gradient_function().unwrap();
        check("gradient", &values(&g, &x)[1..], &first, 1e-11);
        let h = f.gradient_function().unwrap().jacobian_function().unwrap();
        check("Hessian", &values(&h, &x), &second, 1e-9);
        check("Hessian, swept", &hessian(&f, &x), &second, 1e-9);
        let t = h.jacobian_function().unwrap();
        check("third derivatives", &values(&t, &x), &third, 1e-6);
        // Decisions are made anew at every point: there is nothing to be guarded.
        prop_assert_eq!(t.trace(&x).unwrap().guards().len(), 0);
    }
}
