//! What the series of operations cost, counted.

use super::apply;
use super::series::{Series, TERMS};
use crate::ops::OpKind;

/// Operations whose series are composed of their derivatives.
const CUBIC: [OpKind; 6] = [
    OpKind::Lgamma,
    OpKind::Digamma,
    OpKind::Sinc,
    OpKind::Erfcx,
    OpKind::LogNormalCdf,
    OpKind::LogBeta,
];

/// Leaves, which are given a series.
const LEAVES: [OpKind; 2] = [OpKind::Input, OpKind::Constant];

/// Operations with a series in the first operand alone.
const WITH_PARAMETERS: [OpKind; 3] = [OpKind::GammaP, OpKind::GammaQ, OpKind::BetaInc];

/// Products of coefficients in the series of an operation with `len` coefficients, of as few
/// operands as it takes.
fn products(kind: OpKind, len: usize) -> Option<usize> {
    let parameter_slope = if WITH_PARAMETERS.contains(&kind) { 0.0 } else { 0.125 };
    let operand = |k: usize| {
        let mut series = Series::from_elem(if k == 0 { 0.125 } else { parameter_slope }, len);
        series[0] = 0.25 + 0.5 * k as f64;
        series
    };
    (1..=4).find_map(|arity| {
        let xs: Vec<Series<f64>> = (0..arity).map(operand).collect();
        let xs: Vec<&[f64]> = xs.iter().map(|x| &x[..]).collect();
        let before = TERMS.get();
        apply(kind, &xs).map(|_| TERMS.get() - before)
    })
}

/// A polynomial of degree two has third differences of zero.
#[test]
fn every_operation_costs_a_quadratic_number_of_products() {
    println!("{:<20}{:>8}{:>8}{:>8}{:>8}", "coefficients", 5, 10, 20, 40);
    let (mut cubic, mut none) = (Vec::new(), Vec::new());
    for &kind in OpKind::ALL {
        let Some([a, b, c, d]) = counts(kind, [8, 16, 24, 32]) else {
            none.push(kind);
            continue;
        };
        let is_quadratic = d + 3 * b == a + 3 * c;
        if !is_quadratic {
            cubic.push(kind);
        }
        let [a, b, c, d] = counts(kind, [5, 10, 20, 40]).expect("it has a series");
        println!("{kind:<20}{a:>8}{b:>8}{c:>8}{d:>8}");
    }
    assert_eq!(none, LEAVES);
    assert_eq!(cubic, CUBIC);
}

fn counts(kind: OpKind, lens: [usize; 4]) -> Option<[usize; 4]> {
    let [a, b, c, d] = lens.map(|len| products(kind, len));
    Some([a?, b?, c?, d?])
}
