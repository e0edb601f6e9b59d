//! Derivatives inside functions that are differentiated: every order of modes, three deep, with
//! captured variables, and every operation.

use crate::expression::{expression_of, operations, point};
use num_traits::Float;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use wengert::{Dual, Function, Scalar, Tape, Var, gradient, hessian, nested};

/// x³ + sin x, by whatever number.
fn body<F: Float>(x: F) -> F {
    x * x * x + x.sin()
}

/// Its third derivative.
fn third(x: f64) -> f64 {
    6.0 - x.cos()
}

fn second(x: f64) -> f64 {
    6.0 * x - x.sin()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-14 * (1.0 + b.abs()), "{a} and {b}");
}

/// f′ in reverse, on a tape of its own over any number.
fn by_tape<F: Scalar>(f: impl for<'t> Fn(Var<'t, F>) -> Var<'t, F>, x: F) -> F {
    let tape = Tape::default();
    let x = tape.var(x);
    f(x).gradients()[x]
}

/// f′ forward, over any number.
fn by_dual<F: Scalar>(f: impl Fn(Dual<F>) -> Dual<F>, x: F) -> F {
    f(Dual::variable(x)).tangent
}

#[test]
fn all_four_nestings_of_two_modes() {
    let x0 = 0.7;
    near(by_tape(|x| nested::gradient(|x| body(x[0]), &[x])[0], x0), second(x0));
    near(by_tape(|x| by_dual(body, x), x0), second(x0));
    near(by_dual(|x| by_tape(|x| body(x), x), x0), second(x0));
    near(by_dual(|x| by_dual(body, x), x0), second(x0));
    near(by_tape(|x| by_tape(|x| body(x), x), x0), second(x0));
}

#[test]
fn all_eight_nestings_of_three() {
    let x0 = 0.7;
    near(by_tape(|x| by_tape(|x| by_tape(|x| body(x), x), x), x0), third(x0));
    near(by_tape(|x| by_tape(|x| by_dual(body, x), x), x0), third(x0));
    near(by_tape(|x| by_dual(|x| by_tape(|x| body(x), x), x), x0), third(x0));
    near(by_tape(|x| by_dual(|x| by_dual(body, x), x), x0), third(x0));
    near(by_dual(|x| by_tape(|x| by_tape(|x| body(x), x), x), x0), third(x0));
    near(by_dual(|x| by_tape(|x| by_dual(body, x), x), x0), third(x0));
    near(by_dual(|x| by_dual(|x| by_tape(|x| body(x), x), x), x0), third(x0));
    near(by_dual(|x| by_dual(|x| by_dual(body, x), x), x0), third(x0));
    near(
        by_tape(
            |x| nested::gradient(|x| nested::gradient(|x| body(x[0]), &[x[0]])[0], &[x])[0],
            x0,
        ),
        third(x0),
    );
}

#[test]
fn captured_variables_are_constants_to_the_inner_derivative() {
    // d/dx x · d/dy (x + y) at y = x is 1, and 2 where perturbations are confused.
    let on_one_tape = gradient(|x| x[0] * nested::gradient(|y| x[0] + y[0], &[x[0]])[0], &[1.0]);
    let by_numbers = by_dual(|x: Dual| x * by_dual(|y| Dual::constant(x) + y, x), 1.0);
    let mixed = by_tape(|x: Var<'_>| x * by_dual(|y| Dual::constant(x) + y, x), 1.0);
    let tapes = by_tape(|x: Var<'_>| x * by_tape(|y| y + x, x), 1.0);
    assert_eq!((on_one_tape[0], by_numbers, mixed, tapes), (1.0, 1.0, 1.0, 1.0));

    // ∂/∂x of (∂/∂y x²y³ at y = x) = d/dx 3x⁴, of which the captured x gives half.
    let slope = gradient(|x| nested::gradient(|y| x[0].powi(2) * y[0].powi(3), &[x[0]])[0], &[1.5]);
    near(slope[0], 12.0 * 1.5_f64.powi(3));
}

#[test]
fn a_descent_is_differentiated_by_what_it_depends_on() {
    // Ten steps of w ← w − r·d/dw ½a(w − b)² from w₀: w = b + (w₀ − b)(1 − ra)¹⁰.
    let slopes = gradient(
        |p| {
            let (rate, a, b) = (p[0], p[1], p[2]);
            let mut w = p[3];
            for _ in 0..10 {
                w = w - rate * nested::gradient(|w| 0.5 * a * (w[0] - b).powi(2), &[w])[0];
            }
            w
        },
        &[0.1, 2.0, 3.0, 0.5],
    );
    let (left, start) = (0.8_f64, 0.5 - 3.0);
    near(slopes[0], -start * 10.0 * left.powi(9) * 2.0);
    near(slopes[1], -start * 10.0 * left.powi(9) * 0.1);
    near(slopes[2], 1.0 - left.powi(10));
    near(slopes[3], left.powi(10));
}

#[test]
fn a_step_of_a_descent_costs_what_it_costs_alone() {
    let tape = Tape::new();
    let (theta, mut w) = (tape.var(2.0), tape.var(0.0));
    let mut lengths = Vec::new();
    for _ in 0..20 {
        let before = tape.len();
        w = w - 0.1 * nested::gradient(|w| (w[0] - theta).powi(2), &[w])[0];
        lengths.push(tape.len() - before);
    }
    assert!(lengths.iter().all(|len| *len == lengths[0]), "{lengths:?}");
}

#[test]
fn an_inner_gradient_is_recorded_in_a_function() {
    // A step of Newton's for the root of a derivative, evaluated elsewhere.
    let f = Function::record(&[0.3], |x| {
        let first = nested::gradient(|x| x[0].cosh() + x[0], &[x[0]])[0];
        let second =
            nested::gradient(|x| nested::gradient(|x| x[0].cosh() + x[0], &[x[0]])[0], &[x[0]])[0];
        x[0] - first / second
    });
    let x: f64 = -0.4;
    let value = f.value(&mut f.workspace(), &[x]).unwrap();
    near(value, x - (x.sinh() + 1.0) / x.cosh());
    let mut slope = [0.0];
    f.gradient(&mut f.workspace(), &[x], &mut slope).unwrap();
    near(slope[0], (x.sinh() + 1.0) * x.sinh() / x.cosh().powi(2));
}

#[test]
fn every_operation_has_second_derivatives_on_one_tape_and_on_nested_ones() {
    let mut runner = TestRunner::deterministic();
    for kind in operations() {
        for _ in 0..4 {
            let e = expression_of(kind).new_tree(&mut runner).unwrap().current();
            let x = point().new_tree(&mut runner).unwrap().current();
            let known = hessian(|x| e.record(x), &x);
            let scale = known.iter().flatten().fold(1.0, |a: f64, h| a + h.abs());
            if !scale.is_finite() || scale > 1e6 {
                continue;
            }
            let tape = Tape::new();
            let inputs = tape.vars(&x);
            for (row, slope) in known.iter().zip(e.record(&inputs).derivatives(&inputs)) {
                let found = match slope.is_constant() {
                    true => vec![0.0; x.len()],
                    false => slope.gradients().wrt(&inputs),
                };
                close(kind.name(), &found, row, scale);
            }
            let outer = Tape::new();
            let outside = outer.vars(&x);
            let inner = Tape::default();
            let inside = inner.vars(&outside);
            let slopes = e.record(&inside).gradients().wrt(&inside);
            for (row, slope) in known.iter().zip(slopes) {
                let found = match slope.is_constant() {
                    true => vec![0.0; x.len()],
                    false => slope.gradients().wrt(&outside),
                };
                close(kind.name(), &found, row, scale);
            }
        }
    }
}

#[track_caller]
fn close(what: &str, found: &[f64], known: &[f64], scale: f64) {
    for (a, b) in found.iter().zip(known) {
        assert!(a == b || (a - b).abs() <= 1e-9 * scale, "{what}: {found:?}, {known:?}");
    }
}

/// Of three variables, in one of which it is linear.
fn entangled<F: Float>(x: &[F]) -> F {
    x[0] * x[0] * x[1].sin() + (x[1] * x[0]).exp() + x[2] * x[1]
}

/// Its third derivative along three variables.
fn third_of_entangled(x: [f64; 3], along: [usize; 3]) -> f64 {
    let unit = |i, k: usize| f64::from(u8::from(i == along[k]));
    let numbers: Vec<_> = (0..3)
        .map(|i| {
            let first = Dual::new(x[i], unit(i, 0));
            let second = Dual::new(first, Dual::constant(unit(i, 1)));
            Dual::new(second, Dual::constant(Dual::constant(unit(i, 2))))
        })
        .collect();
    entangled(&numbers).tangent.tangent.tangent
}

#[test]
fn an_inner_hessian_is_that_of_the_door_and_has_third_derivatives() {
    let at = [0.7, -0.4, 1.3];
    let known = hessian(|x| entangled(x), &at);
    let tape = Tape::new();
    let x = tape.vars(&at);
    let rows = nested::hessian(entangled, &x);
    for i in 0..3 {
        for j in 0..3 {
            near(rows[i][j].value(), known[i][j]);
            assert_eq!(rows[i][j].id(), rows[j][i].id(), "one variable at ({i}, {j})");
            // An entry that is zero everywhere is a constant.
            let gradient = if rows[i][j].is_constant() {
                vec![0.0; 3]
            } else {
                rows[i][j].gradients().wrt(&x)
            };
            for (k, slope) in gradient.into_iter().enumerate() {
                near(slope, third_of_entangled(at, [i, j, k]));
            }
        }
    }
}

#[test]
fn an_inner_product_with_the_hessian_is_its_rows_combined() {
    let (at, v) = ([0.7, -0.4, 1.3], [1.0, -2.0, 0.5]);
    let rows = hessian(|x| entangled(x), &at);
    let tape = Tape::new();
    let (x, along) = (tape.vars(&at), tape.vars(&v));
    let (slopes, product) =
        nested::hessian_vector_product(entangled, &x, &along).expect("of one length");
    for i in 0..3 {
        near(slopes[i].value(), gradient(|x| entangled(x), &at)[i]);
        near(product[i].value(), (0..3).map(|j| rows[i][j] * v[j]).sum());
        let by_vector = product[i].gradients().wrt(&along);
        (0..3).for_each(|j| near(by_vector[j], rows[i][j]));
        let by_point = product[i].gradients().wrt(&x);
        for (k, slope) in by_point.into_iter().enumerate() {
            near(slope, (0..3).map(|j| v[j] * third_of_entangled(at, [i, j, k])).sum());
        }
    }
    let error = nested::hessian_vector_product(entangled, &x, &along[..2]).unwrap_err();
    assert_eq!(error.to_string(), "the vector has length 2, wanted is 3");
    // Of a function that is linear, all is zero.
    let flat = nested::hessian(|x| x[0] + x[1], &x);
    assert!(flat.iter().flatten().all(|entry| entry.value() == 0.0));
}

/// ∂²/∂(x, y)² of what an inner derivative is, which captures one of the variables.
#[test]
fn an_outer_hessian_goes_through_inner_derivatives() {
    let [x0, y0] = [1.3, -0.6_f64];
    // ∂/∂u (u³·y² + u·x) at u = x, where x and y are captured: 3x²y² + x.
    let of_gradient = hessian(
        |v| nested::gradient(|u| u[0].powi(3) * v[1].powi(2) + u[0] * v[0], &v[..1])[0],
        &[x0, y0],
    );
    let known = [[6.0 * y0 * y0, 12.0 * x0 * y0], [12.0 * x0 * y0, 6.0 * x0 * x0]];
    for (found, known) in of_gradient.iter().flatten().zip(known.as_flattened()) {
        near(*found, *known);
    }
    // ∂²/∂u² sin(u)·u·y at u = x, of which the outer takes derivatives up to the fourth.
    let of_hessian =
        hessian(|v| nested::hessian(|u| u[0].sin() * u[0] * v[1], &v[..1])[0][0], &[x0, y0]);
    let (sin, cos) = x0.sin_cos();
    let known =
        [[(x0 * sin - 4.0 * cos) * y0, -3.0 * sin - x0 * cos], [-3.0 * sin - x0 * cos, 0.0]];
    for (found, known) in of_hessian.iter().flatten().zip(known.as_flattened()) {
        near(*found, *known);
    }
    // Forward inside: the slope of a product along y, 2·cos(2u)·y at u = x.
    let of_jvp = hessian(
        |v| nested::jvp(|u| vec![(u[0] + u[0]).sin()], &v[..1], &v[1..]).unwrap().1[0],
        &[x0, y0],
    );
    let (sin, cos) = (2.0 * x0).sin_cos();
    let known = [[-8.0 * cos * y0, -4.0 * sin], [-4.0 * sin, 0.0]];
    for (found, known) in of_jvp.iter().flatten().zip(known.as_flattened()) {
        near(*found, *known);
    }
}
