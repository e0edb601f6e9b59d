//! `Iterator::sum` and `product`, of values and of references.

use super::Probe;
use wengert::{Dual, OpKind, Tape, Var};

#[test]
fn variables_sum_into_one_node() {
    let tape = Tape::new();
    let x = tape.vars(&[2.0, 3.0, 5.0]);
    let by_value: Var<'_> = x.iter().copied().sum();
    let by_reference: Var<'_> = x.iter().sum();
    assert_eq!(by_value.probe(), [10.0, 1.0, 1.0]);
    assert_eq!(by_reference.probe(), by_value.probe());
    assert_eq!((tape.len(), tape.stats().count(OpKind::Sum)), (5, 2));
}

#[test]
fn variables_multiply_into_one_node() {
    let tape = Tape::new();
    let x = tape.vars(&[2.0, 3.0, 5.0]);
    let by_value: Var<'_> = x.iter().copied().product();
    let by_reference: Var<'_> = x.iter().product();
    assert_eq!(by_value.probe(), [30.0, 15.0, 10.0]);
    assert_eq!(by_reference.probe(), by_value.probe());
    assert_eq!((tape.len(), tape.stats().count(OpKind::Product)), (5, 2));
}

#[test]
fn sums_nest() {
    let tape = Tape::new();
    let x = tape.vars(&[2.0, 3.0]);
    // Σᵢ Πⱼ (xⱼ + i + Σₖ xₖ) for i = 0, 1.
    let whole = |shift: f64| -> Var<'_> { x.iter().map(|x| x + shift + x.sin() * 0.0).sum() };
    let row = |i: f64| -> Var<'_> { x.iter().map(|x| x + i + whole(0.0)).product() };
    let y: Var<'_> = [0.0, 1.0].into_iter().map(row).sum();
    // (2x + y)(x + 2y) + (2x + y + 1)(x + 2y + 1) at (2, 3).
    assert_eq!(y.value(), 7.0 * 8.0 + 8.0 * 9.0);
    assert_eq!(y.gradients().wrt(&x), [2.0 * 8.0 + 7.0 + 2.0 * 9.0 + 8.0, 8.0 + 14.0 + 9.0 + 16.0]);
}

#[test]
fn constants_may_stand_anywhere_in_a_sum() {
    let tape = Tape::new();
    let x = tape.var(2.0);
    let c = Var::constant(10.0);
    for terms in [vec![c, c, x], vec![x, c, c], vec![c, x, c]] {
        let sum: Var<'_> = terms.iter().sum();
        assert_eq!((sum.value(), sum.gradients()[x]), (22.0, 1.0));
        let product: Var<'_> = terms.iter().product();
        assert_eq!((product.value(), product.gradients()[x]), (200.0, 100.0));
    }
}

#[test]
fn sums_of_constants_are_constants() {
    let sum: Var<'_> = [1.0, 2.0].map(Var::constant).iter().sum();
    let product: Var<'_> = [3.0, 2.0].map(Var::constant).iter().product();
    assert_eq!((sum.value(), product.value()), (3.0, 6.0));
    assert!(sum.is_constant() && product.is_constant());
}

#[test]
fn empty_sums_are_zero_and_empty_products_one() {
    let none: [Var<'_>; 0] = [];
    let (sum, product): (Var<'_>, Var<'_>) = (none.iter().sum(), none.iter().product());
    assert_eq!((sum.value(), product.value()), (0.0, 1.0));
    let none: [Dual; 0] = [];
    let (sum, product): (Dual, Dual) = (none.iter().sum(), none.iter().product());
    assert_eq!((sum.probe(), product.probe()), (vec![0.0, 0.0], vec![1.0, 0.0]));
}

#[test]
fn other_scalars_sum_and_multiply_too() {
    let tape = Tape::<f32>::default();
    let x = tape.vars(&[2.0, 3.0]);
    assert_eq!(x.iter().sum::<Var<'_, f32>>().probe(), [5.0, 1.0, 1.0]);
    assert_eq!(x.into_iter().product::<Var<'_, f32>>().probe(), [6.0, 3.0, 2.0]);
    let numbers = [Dual::new(2.0, 1.0), Dual::new(3.0, 10.0)];
    assert_eq!(numbers.iter().sum::<Dual>().probe(), [5.0, 11.0]);
    assert_eq!(numbers.into_iter().sum::<Dual>().probe(), [5.0, 11.0]);
    assert_eq!(numbers.iter().product::<Dual>().probe(), [6.0, 23.0]);
    assert_eq!(numbers.into_iter().product::<Dual>().probe(), [6.0, 23.0]);
    let tape = Tape::<Dual>::default();
    let x = tape.vars(&numbers);
    let sum: Var<'_, Dual> = x.iter().sum();
    assert_eq!(sum.probe(), [5.0, 11.0, 1.0, 0.0, 1.0, 0.0]);
    let product: Var<'_, Dual> = x.iter().product();
    assert_eq!(product.probe(), [6.0, 23.0, 3.0, 10.0, 2.0, 1.0]);
}
