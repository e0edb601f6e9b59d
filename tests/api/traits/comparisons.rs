//! Variables are ordered by value, among each other and with numbers on either side.

use std::cmp::Ordering;
use wengert::{Dual, Scalar, Tape, Var};

/// The comparisons of `x` = 1 with a variable, a number or a constant that is 2.
fn below<F, T>(x: T, two: T, number: F)
where
    F: Scalar + PartialOrd<T>,
    T: Copy + std::fmt::Debug + PartialOrd + PartialOrd<F>,
{
    let below = [x < two, x <= two, x != two, two > x, two >= x];
    let below_number = [x < number, x <= number, x != number, number > x, number >= x, number != x];
    let equal = [two == number, number == two, two >= number, number <= two];
    assert_eq!((below, below_number, equal), ([true; 5], [true; 6], [true; 4]));
    let above = [two < x, two <= x, two == x, x > two, x >= two];
    let above_number = [number < x, number <= x, number == x, x > number, x >= number, x == number];
    assert_eq!((above, above_number), ([false; 5], [false; 6]));
    assert_eq!(x.partial_cmp(&two), Some(Ordering::Less));
    assert_eq!(number.partial_cmp(&x), Some(Ordering::Greater));
}

#[test]
fn variables_compare_with_variables_and_numbers() {
    let tape = Tape::new();
    below(tape.var(1.0), tape.var(2.0), 2.0);
    below(Var::constant(1.0), tape.var(2.0), 2.0);
    let tape = Tape::<f32>::default();
    below(tape.var(1.0), tape.var(2.0), 2.0_f32);
    let tape = Tape::<Dual>::default();
    let [one, two] = [1.0, 2.0].map(Dual::variable);
    below(tape.var(one), tape.var(two), Dual::constant(2.0));
}

#[test]
fn variables_of_different_tapes_may_be_compared() {
    let (one, other) = (Tape::new(), Tape::new());
    assert!(one.var(1.0) < other.var(2.0));
    assert_eq!(one.var(2.0), other.var(2.0));
}

#[test]
fn nan_compares_with_nothing() {
    let tape = Tape::new();
    let (x, nan) = (tape.var(1.0), tape.var(f64::NAN));
    assert_eq!(nan.partial_cmp(&x), None);
    assert_eq!(nan.partial_cmp(&1.0), None);
    assert_ne!(nan, nan);
    assert_ne!(nan, x);
}

#[test]
fn dual_numbers_compare_by_value() {
    assert_eq!(Dual::new(1.0, 2.0), Dual::new(1.0, 3.0));
    assert!(Dual::new(1.0, 9.0) < Dual::new(2.0, 0.0));
    assert_eq!(Dual::new(f64::NAN, 0.0).partial_cmp(&Dual::new(1.0, 0.0)), None);
}

#[test]
fn a_comparison_records_nothing() {
    let tape = Tape::new();
    let x = tape.var(1.0);
    assert!(x < 2.0 && x >= Var::constant(1.0));
    assert_eq!(tape.len(), 1);
}
