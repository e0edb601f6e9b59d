//! Sums into which products go with one rounding: what `mul_add` recorded, however it is packed.

use super::support::{all_same, optimisers, record_with, values};
use num_traits::Float;
use wengert::{Batch, Function, Optimise, Var, VectorAs};

/// Sums in which single roundings and double ones take turns, of any number type.
fn sums<F: Float>(x: &[F]) -> Vec<F> {
    let n = x.len();
    // Short ones, alike.
    let short = (0..n - 2).map(|i| x[i].mul_add(x[i + 1], (-x[i]).mul_add(x[0], x[i] * x[n - 1])));
    let shifted = (0..n - 2).map(|i| x[i].mul_add(x[i + 1], x[i] * x[i + 2]) - x[i] * x[i]);
    // A product that is a factor, and no term; a sum that is used twice.
    let factor = (x[0] * x[1]).mul_add(x[2], x[3] + x[4]);
    let twice = x[0].mul_add(x[1], x[2] * x[3]);
    let mixed = x[1].mul_add(x[2], x[0] * x[3] + x[2] * x[4]) + x[4] - x[0];
    short.chain(shifted).chain([chain(x), factor, twice.mul_add(x[0], twice), mixed]).collect()
}

fn recorded(optimise: Optimise, x: &[f64]) -> Function {
    record_with(optimise, x, |x| sums::<Var<'_>>(x))
}

/// A long one, of which each product is rounded with the sum.
fn chain<F: Float>(x: &[F]) -> F {
    (1..x.len()).fold(x[0], |sum, i| x[i].mul_add(x[x.len() - 1 - i], sum))
}

/// Numbers whose products are not exact.
fn points() -> impl Iterator<Item = [f64; 12]> {
    let number = |seed: u64| (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / 7e15 - 0.6;
    (1..40).map(move |k| std::array::from_fn(|i| number(100 * k + i as u64)))
}

#[test]
fn values_are_those_of_floats_to_the_last_bit() {
    let start = points().next().unwrap();
    for optimise in optimisers() {
        let f = recorded(optimise, &start);
        points().for_each(|x| all_same(&values(&f, &x), &sums(&x)));
    }
    // Which a rounding of the products would not be.
    let rounded_twice = |x: &[f64]| (1..12).fold(x[0], |sum, i| x[i] * x[11 - i] + sum);
    assert!(points().any(|x| chain(&x) != rounded_twice(&x)));
}

#[test]
fn a_chain_is_one_operation() {
    let f = Function::record(&[0.5; 12], |x| chain::<Var<'_>>(x));
    assert_eq!(f.len(), 1);
    let dot = Function::record(&[0.5; 12], |x| x[0].mul_add(x[1], Var::dot(&x[2..7], &x[7..])));
    assert_eq!(dot.len(), 1);
    // A factor is no term, and a sum that others use stays.
    assert_eq!(Function::record(&[0.5; 3], |x| (x[0] * x[1]).mul_add(x[2], x[0])).len(), 2);
}

/// A total of sums that were all recorded before it.
fn total_of_sums<'t>(x: &[Var<'t>]) -> Var<'t> {
    let terms: Vec<_> = x.windows(2).map(|x| x[0] * x[1] + x[0].sin()).collect();
    terms[1..].iter().fold(terms[0], |total, &term| total + term)
}

#[test]
fn a_total_is_one_operation_whether_its_terms_come_before_it_or_between() {
    let before = Function::record(&[0.5; 12], total_of_sums);
    let between = Function::record(&[0.5; 12], |x| {
        let term = |i: usize| x[i] * x[i + 1] + x[i].sin();
        (1..11).fold(term(0), |total, i| total + term(i))
    });
    // Sines, sums of two terms, and the total.
    for f in [&before, &between] {
        assert_eq!((f.len(), f.report().passes().last().unwrap().operations), (22, 3));
    }
    let plain = record_with(Optimise::none(), &[0.5; 12], |x| vec![total_of_sums(x)]);
    for x in points() {
        all_same(&values(&before, &x), &values(&plain, &x));
        all_same(&values(&between, &x), &values(&plain, &x));
    }
}

#[test]
fn lanes_have_the_same_bits() {
    let start = points().next().unwrap();
    let f = recorded(Optimise::all(), &start);
    let rows: Vec<f64> = points().flatten().collect();
    let samples = rows.len() / 12;
    let mut found = vec![0.0; samples * f.num_outputs()];
    let batch = Batch::new(samples).variables(&rows);
    f.batch_values(&mut f.batch_workspace(), &batch, &mut found).unwrap();
    let expected: Vec<f64> = points().flat_map(|x| sums(&x)).collect();
    all_same(&found, &expected);
}

#[test]
fn derivatives_are_those_without_fusion() {
    let start = points().next().unwrap();
    let (fused, plain) = (recorded(Optimise::all(), &start), recorded(Optimise::none(), &start));
    let size = fused.num_outputs() * fused.num_variables();
    let (v, w) = ([0.3; 12], vec![0.7; fused.num_outputs()]);
    let close = |a: &[f64], b: &[f64]| {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-13 * (1.0 + a.abs());
        assert!(a.iter().zip(b).all(near), "{a:?} is not {b:?}");
    };
    for x in points() {
        let [fused, plain] = [&fused, &plain].map(|f| {
            let (mut jacobian, mut along) = (vec![0.0; size], vec![0.0; f.num_outputs()]);
            f.jacobian(&mut f.workspace(), &x, &mut jacobian).unwrap();
            f.jvp(&mut f.dual_workspace(), &x, &v, &mut along).unwrap();
            // Recorded anew with the sweep behind it, so that signs and roundings are kept there.
            let vjp = f.vjp_function(VectorAs::Variables).unwrap();
            let again = values(&vjp, &[&x[..], &w].concat());
            let mut weighted = vec![0.0; 144];
            f.weighted_hessian(&mut f.dual_workspace(), &x, &w, &mut weighted).unwrap();
            [jacobian, along, again, weighted]
        });
        fused.iter().zip(&plain).for_each(|(a, b)| close(a, b));
    }
}

#[test]
fn a_derived_function_keeps_the_bits_of_the_value() {
    let f = Function::record(&points().next().unwrap(), |x| chain::<Var<'_>>(x));
    let both = f.value_and_gradient_function().unwrap();
    points().for_each(|x| all_same(&values(&both, &x)[..1], &[chain(&x)]));
}

#[test]
fn a_trace_shows_no_sign_before_a_second_factor() {
    let f = Function::record(&[0.5; 4], |x| x[0].mul_add(x[1], x[2] * x[3]));
    let trace = f.trace(&[2.0, 3.0, 5.0, 7.0]).unwrap();
    let operands = trace.operation(0).operands();
    assert!(operands.iter().all(|operand| !operand.is_negated));
    let partials: Vec<f64> = operands.iter().map(|operand| operand.partial).collect();
    assert_eq!((trace.operation(0).value(), partials), (41.0, vec![7.0, 5.0, 3.0, 2.0]));
}
