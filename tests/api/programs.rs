//! Programs of many operations: second derivatives by all ways, and bits that are the same whatever
//! the way.

use crate::expression::{Expression, point, smooth_expression};
use crate::support::{cases, near, same};
use proptest::prelude::*;
use wengert::{Batch, Dual, Function, Optimise, Scalar, Tape, Var, nested};

/// Expressions one after another: each takes the place of an input for those behind it.
#[derive(Clone, Debug)]
struct Program(Vec<Expression>);

fn program() -> impl Strategy<Value = Program> {
    prop::collection::vec(smooth_expression(), 4..10).prop_map(Program)
}

impl Program {
    fn record<'t, F: Scalar>(&self, x: &[Var<'t, F>]) -> Var<'t, F> {
        let mut state = x.to_vec();
        for (k, expression) in self.0.iter().enumerate() {
            let place = k % state.len();
            // Kept in the interval that inputs are of, so that nothing grows from step to step.
            state[place] = expression.record(&state).tanh() + x[place];
        }
        Var::sum(&state)
    }

    fn function(&self, at: &[f64], optimise: Optimise) -> Function {
        Function::builder().optimise(optimise).record(at, |x| self.record(x))
    }
}

fn unit(n: usize, at: usize) -> Vec<f64> {
    (0..n).map(|i| f64::from(u8::from(i == at))).collect()
}

/// Row behind row, the columns found by one product each.
fn by_columns(n: usize, mut product: impl FnMut(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let mut rows = vec![0.0; n * n];
    for j in 0..n {
        product(&unit(n, j)).into_iter().enumerate().for_each(|(i, entry)| rows[i * n + j] = entry);
    }
    rows
}

/// Reverse over forward: a product with the Hessian by a tape of dual numbers.
fn by_tape(program: &Program, x: &[f64], v: &[f64]) -> Vec<f64> {
    let tape = Tape::<Dual>::default();
    let seeded: Vec<Dual> = x.iter().zip(v).map(|(&x, &v)| Dual::new(x, v)).collect();
    let inputs = tape.vars(&seeded);
    let gradient = program.record(&inputs).gradients().wrt(&inputs);
    gradient.iter().map(|derivative| derivative.tangent).collect()
}

/// Forward over forward: each entry by dual numbers of dual numbers.
fn by_duals(program: &Program, x: &[f64]) -> Vec<f64> {
    let one_at = |i: usize, at: usize| if i == at { 1.0 } else { 0.0 };
    let entry = |row: usize, column: usize| {
        let number = |(i, &x): (usize, &f64)| {
            let tangent = Dual::constant(one_at(i, column));
            Var::constant(Dual::new(Dual::new(x, one_at(i, row)), tangent))
        };
        let inputs: Vec<_> = x.iter().enumerate().map(number).collect();
        program.record(&inputs).value().tangent.tangent
    };
    let n = x.len();
    (0..n * n).map(|at| entry(at / n, at % n)).collect()
}

/// Reverse over reverse: the gradient, recorded, swept.
fn by_nesting(program: &Program, x: &[f64]) -> Vec<f64> {
    wengert::jacobian(|x| nested::gradient(|x| program.record(x), x), x).concat()
}

/// The Hessian of a function, by its own door and by products one by one.
fn of_function(f: &Function, x: &[f64]) -> [Vec<f64>; 2] {
    let (n, mut workspace) = (x.len(), f.dual_workspace());
    let mut hessian = vec![0.0; n * n];
    f.hessian(&mut workspace, x, &mut hessian).unwrap();
    let products = by_columns(n, |v| {
        let mut product = vec![0.0; n];
        f.hessian_vector_product(&mut workspace, x, v, &mut product).unwrap();
        product
    });
    [hessian, products]
}

/// The Hessian by functions that are derivatives: swept once, and recorded twice.
fn of_derivatives(f: &Function, x: &[f64]) -> [Vec<f64>; 2] {
    let gradient = f.gradient_function().unwrap();
    let mut swept = vec![0.0; x.len() * x.len()];
    gradient.jacobian(&mut gradient.workspace(), x, &mut swept).unwrap();
    let hessian = gradient.jacobian_function().unwrap();
    let mut recorded = vec![0.0; x.len() * x.len()];
    hessian.values(&mut hessian.workspace(), x, &mut recorded).unwrap();
    [swept, recorded]
}

/// A column of the Hessian as a central difference of gradients.
fn by_differences(program: &Program, x: &[f64], v: &[f64]) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let beside = |sign: f64| {
        let shifted: Vec<f64> = x.iter().zip(v).map(|(x, v)| x + sign * STEP * v).collect();
        wengert::gradient(|x| program.record(x), &shifted)
    };
    beside(1.0).iter().zip(beside(-1.0)).map(|(a, b)| (a - b) / (2.0 * STEP)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases / 2, ..cases() })]

    #[test]
    fn second_derivatives_agree_by_all_ways(p in program(), (at, x) in (point(), point())) {
        let n = x.len();
        let known = by_columns(n, |v| by_tape(&p, &x, v));
        let scale = known.iter().fold(1.0, |sum: f64, entry| sum + entry.abs());
        prop_assume!(scale < 1e4);
        let mut found = vec![
            ("dual numbers of dual numbers", by_duals(&p, &x)),
            ("recorded twice", by_nesting(&p, &x)),
            ("the door", wengert::hessian(|x| p.record(x), &x).concat()),
        ];
        for optimise in [Optimise::none(), Optimise::all()] {
            let f = p.function(&at, optimise);
            let [hessian, products] = of_function(&f, &x);
            let [swept, recorded] = of_derivatives(&f, &x);
            found.extend([
                ("a function", hessian),
                ("a function's products", products),
                ("a swept gradient function", swept),
                ("a function of a function", recorded),
            ]);
        }
        for (way, hessian) in found {
            for (i, (a, b)) in hessian.iter().zip(&known).enumerate() {
                let is_near = (a - b).abs() <= 1e-9 * scale;
                prop_assert!(is_near, "{way}: {a} at {i} is not {b}");
                // Symmetric, by whatever way.
                near(a / scale, hessian[i % n * n + i / n] / scale, 1e-9);
            }
        }
        for (a, b) in by_columns(n, |v| by_differences(&p, &x, v)).iter().zip(&known) {
            near(a / (10.0 * scale), b / (10.0 * scale), 1e-4);
        }
    }

    #[test]
    fn bits_are_the_same_by_whatever_way(p in program(), (at, x, v) in (point(), point(), point())) {
        let (gradient, product) =
            wengert::hessian_vector_product(|x| p.record(x), &x, &v).unwrap();
        by_tape(&p, &x, &v).into_iter().zip(product).for_each(|(a, b)| same(a, b));
        let (value, expected) = wengert::value_and_gradient(|x| p.record(x), &x);
        let seeded: Vec<Dual> = x.iter().map(|&x| Dual::constant(x)).collect();
        let dual = p.record(&seeded.into_iter().map(Var::constant).collect::<Vec<_>>()).value();
        same(dual.value, value);
        prop_assert_eq!(gradient.len(), expected.len());
        let plain = p.function(&at, Optimise::none());
        let mut values = Vec::new();
        for f in [plain.clone(), p.function(&at, Optimise::all())] {
            values.push(f.value(&mut f.workspace(), &x).unwrap());
            bits_of_one_function(&f, &x, &v);
        }
        same(values[0], values[1]);
    }
}

/// What a function finds one by one, many at once, beside other results, in a batch and when it was
/// saved and loaded.
fn bits_of_one_function(f: &Function, x: &[f64], v: &[f64]) {
    let (n, mut workspace) = (x.len(), f.dual_workspace());
    let mut product = vec![0.0; n];
    f.hessian_vector_product(&mut workspace, x, v, &mut product).unwrap();
    let mut gradient = vec![0.0; n];
    let value = f.value_and_gradient(&mut f.workspace(), x, &mut gradient).unwrap();

    for count in [2, 5, 9] {
        let mut products = vec![0.0; count * n];
        let vectors = v.repeat(count);
        f.hessian_vector_product_many(&mut workspace, x, count, &vectors, &mut products).unwrap();
        products.iter().zip(product.iter().cycle()).for_each(|(&a, &b)| same(a, b));
    }

    let (mut beside, mut again) = (vec![0.0; n], vec![0.0; n]);
    let inputs = (x, &[][..]);
    let at_once = f.value_gradient_and_hessian_vector_product(
        &mut workspace,
        inputs,
        v,
        &mut beside,
        &mut again,
    );
    same(at_once.unwrap(), value);
    again.iter().zip(&product).for_each(|(&a, &b)| same(a, b));

    let (mut batched, mut values) = (vec![0.0; 3 * n], vec![0.0; 3]);
    let points = x.repeat(3);
    let batch = Batch::new(3).variables(&points);
    f.batch_values(&mut f.batch_workspace(), &batch, &mut values).unwrap();
    values.iter().for_each(|&a| same(a, value));
    f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut batched).unwrap();
    batched.iter().zip(gradient.iter().cycle()).for_each(|(&a, &b)| same(a, b));

    let loaded = Function::from_bytes(&f.to_bytes()).unwrap();
    let mut again = vec![0.0; n];
    let mut workspace = loaded.dual_workspace();
    loaded.hessian_vector_product(&mut workspace, x, v, &mut again).unwrap();
    again.iter().zip(&product).for_each(|(&a, &b)| same(a, b));
}
