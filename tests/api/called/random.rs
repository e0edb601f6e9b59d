//! Random functions of random functions.

use crate::expression::{Expression, INPUTS, point, smooth_expression};
use crate::support::{cases, same};
use proptest::prelude::*;
use wengert::{Batch, Function, Optimise, Var};

/// Which function each call is of, and whether it is one operation.
type Calls = Vec<(usize, bool)>;

fn calls() -> impl Strategy<Value = Calls> {
    prop::collection::vec((0..3_usize, any::<bool>()), 1..6)
}

/// A function whose last value goes through calls, each beside the inputs; of three, of which the
/// last calls the first.
fn function(bodies: &[Expression; 3], calls: &Calls, x: &[f64], optimise: Optimise) -> Function {
    let builder = || Function::builder().optimise(optimise);
    let record = |e: &Expression| builder().record(x, |x| e.record(x));
    let (first, second) = (record(&bodies[0]), record(&bodies[1]));
    let is_one = calls[0].1;
    let third = builder().record(x, |x| {
        let y = call(&first, &[x[0], x[1], x[2]], is_one);
        bodies[2].record(&[y, x[1], x[0]])
    });
    let functions = [first, second, third];
    builder().record(x, |x| {
        calls.iter().fold(x[0], |y, &(which, is_one)| {
            call(&functions[which], &[y.tanh(), x[1], x[2]], is_one) + x[0]
        })
    })
}

fn call<'t>(f: &Function, x: &[Var<'t>; INPUTS], is_one: bool) -> Var<'t> {
    let outputs = if is_one { f.call_as_one(x, &[]) } else { f.inline(x, &[]) };
    outputs.expect("there is no comparison")[0]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases / 2, ..cases() })]

    #[test]
    fn functions_of_functions_are_their_operations(
        bodies in (smooth_expression(), smooth_expression(), smooth_expression()),
        calls in calls(),
        (at, x, v) in (point(), point(), point()),
    ) {
        let bodies = [bodies.0, bodies.1, bodies.2];
        let apart: Calls = calls.iter().map(|&(which, _)| (which, false)).collect();
        let flat = function(&bodies, &apart, &at, Optimise::all());
        let mut exact = [0.0; INPUTS];
        let value = flat.value_and_gradient(&mut flat.workspace(), &x, &mut exact).unwrap();
        let mut exact_product = [0.0; INPUTS];
        flat.hessian_vector_product(&mut flat.dual_workspace(), &x, &v, &mut exact_product).unwrap();
        let scale = exact.iter().chain(&exact_product).fold(1.0, |a: f64, b| a.max(b.abs()));
        prop_assume!(scale < 1e4);
        for optimise in [Optimise::none(), Optimise::all()] {
            let f = function(&bodies, &calls, &at, optimise);
            let (mut gradient, mut product) = ([0.0; INPUTS], [0.0; INPUTS]);
            let mut workspace = f.workspace();
            same(f.value_and_gradient(&mut workspace, &x, &mut gradient).unwrap(), value);
            f.hessian_vector_product(&mut f.dual_workspace(), &x, &v, &mut product).unwrap();
            let all = gradient.iter().chain(&product).zip(exact.iter().chain(&exact_product));
            for (a, b) in all {
                prop_assert!((a - b).abs() <= 1e-9 * scale, "{a} is not {b}");
            }

            let points = [&x[..], &at].concat().repeat(5);
            let batch = Batch::new(10).variables(&points);
            let (mut values, mut gradients) = ([0.0; 10], [0.0; 10 * INPUTS]);
            f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut gradients).unwrap();
            values.iter().step_by(2).for_each(|&a| same(a, value));
            let firsts = gradients.chunks(INPUTS).step_by(2);
            firsts.flatten().zip(gradient.iter().cycle()).for_each(|(&a, &b)| same(a, b));

            for loaded in [
                Function::from_bytes(&f.to_bytes()).unwrap(),
                Function::from_json(&f.to_json()).unwrap(),
            ] {
                let mut again = [0.0; INPUTS];
                loaded.gradient(&mut loaded.workspace(), &x, &mut again).unwrap();
                again.into_iter().zip(gradient).for_each(|(a, b)| same(a, b));
            }
        }
    }
}
