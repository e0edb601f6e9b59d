//! Several directions at once on a tape find what one finds, to the last bit.

use crate::expression::{expression, point};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Dual, Scalar, Tape, Var, jacobian};

/// Numbers for vectors: ordinary ones, zeros, and what is lost.
fn entry(i: usize) -> f64 {
    [1.0, 0.0, -0.5, 0.0, 2.0, f64::INFINITY, 0.25, 0.0, f64::NAN][i % 9]
}

/// The same to the last bit, or both NaN.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Both directions along `count` vectors against one vector at a time.
fn check<F: Scalar>(
    tape: &Tape<F>,
    inputs: &[Var<'_, F>],
    outputs: &[Var<'_, F>],
    vectors: &dyn Fn(usize) -> F,
    count: usize,
    agree: &dyn Fn(F, F) -> bool,
) {
    let (n, m) = (inputs.len(), outputs.len());
    let given: Vec<F> = (0..count * m).map(vectors).collect();
    let mut products = vec![F::nan(); count * n];
    tape.pullback_many(outputs, inputs, &given, &mut products).unwrap();
    for (v, products) in given.chunks(m).zip(products.chunks(n)) {
        let seeds: Vec<_> = outputs.iter().copied().zip(v.iter().copied()).collect();
        let known = tape.pullback(&seeds).unwrap().wrt(inputs);
        assert!(products.iter().zip(known).all(|(&a, b)| agree(a, b)), "in reverse");
    }
    let given: Vec<F> = (0..count * n).map(vectors).collect();
    let mut products = vec![F::nan(); count * m];
    tape.pushforward_many(inputs, outputs, &given, &mut products).unwrap();
    for (v, products) in given.chunks(n).zip(products.chunks(m)) {
        let seeds: Vec<_> = inputs.iter().copied().zip(v.iter().copied()).collect();
        let known = tape.pushforward(&seeds).unwrap();
        let agrees = |(&a, &output): (&F, &Var<'_, F>)| agree(a, known[output]);
        assert!(products.iter().zip(outputs).all(agrees), "forward");
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn lanes_are_directions(
        (first, second) in (expression(), expression()),
        x in point(),
        (count, shift) in (0_usize..20, 0_usize..9),
    ) {
        let tape = Tape::new();
        let inputs = tape.vars(&x);
        let (y, z) = (first.record(&inputs), second.record(&inputs));
        let outputs = [y, z, y * z, inputs[0], y, Var::constant(3.0)];
        check(&tape, &inputs, &outputs, &|i| entry(i + shift), count, &same);
    }

    #[test]
    fn lanes_of_dual_numbers_are_directions(e in expression(), x in point(), count in 1_usize..10) {
        let tape = Tape::<Dual>::default();
        let x: Vec<Dual> = x.iter().map(|&x| Dual::new(x, 0.5 - x)).collect();
        let inputs = tape.vars(&x);
        let outputs = [e.record(&inputs), inputs[1] * inputs[1]];
        let vectors = |i: usize| Dual::new([1.0, 0.0, -0.5][i % 3], [0.0, 0.0, 2.0][i % 3]);
        let agree = |a: Dual, b: Dual| same(a.value, b.value) && same(a.tangent, b.tangent);
        check(&tape, &inputs, &outputs, &vectors, count, &agree);
    }
}

#[test]
fn a_jacobian_has_the_same_bits_from_every_number_of_sweeps() {
    fn outputs<'t>(x: &[Var<'t>], count: usize) -> Vec<Var<'t>> {
        let term = |i: usize| (x[i % x.len()] * x[(i + 1) % x.len()]).sin() + Var::norm(x);
        (0..count).map(term).collect()
    }
    let x: Vec<f64> = (0..11).map(|i| f64::from(i) * 0.3 - 1.0).collect();
    for (n, m) in [(11, 11), (11, 3), (11, 2), (11, 1), (3, 11), (2, 11), (1, 5), (11, 0)] {
        let rows = jacobian(|x| outputs(x, m), &x[..n]);
        let tape = Tape::new();
        let inputs = tape.vars(&x[..n]);
        for (row, output) in rows.iter().zip(outputs(&inputs, m)) {
            let known = output.gradients().wrt(&inputs);
            for (a, b) in row.iter().zip(known) {
                assert!((a - b).abs() <= 1e-15 * (1.0 + b.abs()), "{a} and {b} of {n} by {m}");
            }
        }
        assert_eq!(rows.len(), m);
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let (tape, other) = (Tape::new(), Tape::new());
    let [x, y] = tape.var_array([1.0, 2.0]);
    let (product, foreign) = (x * y, other.var(1.0));
    let mut two = [0.0; 2];
    let text = |result: Result<(), wengert::Error>| result.unwrap_err().to_string();
    let error = text(tape.pullback_many(&[product, x], &[x, y], &[1.0; 3], &mut two));
    assert_eq!(error, "the slice of vectors has length 3, wanted is 2");
    let error = text(tape.pushforward_many(&[x, y], &[product], &[1.0; 2], &mut two));
    assert_eq!(error, "the slice for the products has length 2, wanted is 1");
    assert!(tape.pullback_many(&[foreign], &[x], &[1.0], &mut [0.0]).unwrap_err().is_foreign());
    assert!(tape.pushforward_many(&[x], &[foreign], &[1.0], &mut [0.0]).unwrap_err().is_foreign());
    assert!(tape.pushforward_many(&[2.0.into()], &[x], &[1.0], &mut [0.0]).is_err());
    // Nothing to weight, and nothing to find.
    tape.pullback_many(&[], &[x, y], &[], &mut two).unwrap();
    assert_eq!(two, [0.0; 2]);
    tape.pullback_many(&[product], &[], &[1.0; 3], &mut []).unwrap();
}
