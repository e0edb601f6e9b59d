//! `+ − · / %` in every way to pass two operands, and in the ways to assign.

use super::Probe;
use wengert::{Dual, Tape, Var};

/// Each operator on two variables `$x`, `$y` and a number `$c`, all ways against the first.
macro_rules! in_every_way {
    ($x:ident, $y:ident, $c:ident; $($operator:tt $assign:tt)*) => {$(
        let expected = ($x $operator $y).probe();
        assert!(expected.iter().all(|part| part.is_finite()));
        assert_eq!(($x $operator &$y).probe(), expected);
        assert_eq!((&$x $operator $y).probe(), expected);
        assert_eq!((&$x $operator &$y).probe(), expected);
        let mut z = $x;
        z $assign $y;
        assert_eq!(z.probe(), expected);
        let mut z = $x;
        z $assign &$y;
        assert_eq!(z.probe(), expected);

        let constant = From::from($c);
        let expected = ($x $operator also(&$x, constant)).probe();
        assert_eq!(($x $operator $c).probe(), expected);
        assert_eq!(($x $operator &$c).probe(), expected);
        assert_eq!((&$x $operator $c).probe(), expected);
        assert_eq!((&$x $operator &$c).probe(), expected);
        let mut z = $x;
        z $assign $c;
        assert_eq!(z.probe(), expected);
        let mut z = $x;
        z $assign &$c;
        assert_eq!(z.probe(), expected);

        let expected = (also(&$x, constant) $operator $x).probe();
        assert_eq!(($c $operator $x).probe(), expected);
        assert_eq!(($c $operator &$x).probe(), expected);
        assert_eq!((&$c $operator $x).probe(), expected);
        assert_eq!((&$c $operator &$x).probe(), expected);
    )*};
}

/// `value`, of the type of the first argument.
fn also<T>(_: &T, value: T) -> T {
    value
}

#[test]
fn variables_of_f64_have_every_operator() {
    let tape = Tape::new();
    let ([x, y], c) = (tape.var_array([7.5, -2.25]), 1.75_f64);
    in_every_way! { x, y, c; + += - -= * *= / /= % %= }
    assert_eq!((-x).probe(), (-&x).probe());
}

#[test]
fn variables_of_f32_have_every_operator() {
    let tape = Tape::<f32>::default();
    let ([x, y], c) = (tape.var_array([7.5, -2.25]), 1.75_f32);
    in_every_way! { x, y, c; + += - -= * *= / /= % %= }
    assert_eq!((-x).probe(), (-&x).probe());
}

#[test]
fn variables_of_dual_numbers_have_every_operator() {
    let tape = Tape::<Dual>::default();
    let [x, y] = tape.var_array([Dual::new(7.5, 1.0), Dual::new(-2.25, 0.5)]);
    let c = Dual::new(1.75, -3.0);
    in_every_way! { x, y, c; + += - -= * *= / /= % %= }
    assert_eq!((-x).probe(), (-&x).probe());
}

#[test]
fn dual_numbers_have_every_operator() {
    let (x, y, c) = (Dual::new(7.5, 1.0), Dual::new(-2.25, 0.5), 1.75_f64);
    in_every_way! { x, y, c; + += - -= * *= / /= % %= }
    assert_eq!((-x).probe(), (-&x).probe());
    let (x, y, c) = (Dual::new(7.5_f32, 1.0), Dual::new(-2.25_f32, 0.5), 1.75_f32);
    in_every_way! { x, y, c; + += - -= * *= / /= % %= }
}

#[test]
fn the_operators_have_the_derivatives_of_the_book() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([7.5, -2.0]);
    assert_eq!((x + y).probe(), [5.5, 1.0, 1.0]);
    assert_eq!((x - y).probe(), [9.5, 1.0, -1.0]);
    assert_eq!((x * y).probe(), [-15.0, -2.0, 7.5]);
    assert_eq!((x / y).probe(), [-3.75, -0.5, -1.875]);
    assert_eq!((x % y).probe(), [1.5, 1.0, 3.0]);
    assert_eq!((-x).probe(), [-7.5, -1.0, 0.0]);
    assert_eq!((2.0 - y).probe(), [4.0, 0.0, -1.0]);
    assert_eq!((2.0 / y).probe(), [-1.0, 0.0, -0.5]);
    assert_eq!((9.0 % y).probe(), [1.0, 0.0, 4.0]);
    assert_eq!((x / 2.0).probe(), [3.75, 0.5, 0.0]);
}

#[test]
fn operations_between_constants_record_nothing() {
    let tape = Tape::new();
    let x = tape.var(2.0);
    let c: Var<'_> = (Var::constant(3.0) * 2.0 - Var::from(1.0)).sqrt() + Var::default();
    assert!(c.is_constant() && c.id().is_none() && c.tape().is_none());
    assert_eq!((c.value(), tape.len()), (5.0_f64.sqrt(), 1));
    assert_eq!((x * c).probe()[..2], [2.0 * 5.0_f64.sqrt(), 5.0_f64.sqrt()]);
}

#[test]
fn a_variable_used_twice_collects_both_derivatives() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([3.0, 4.0]);
    assert_eq!((x * x).probe(), [9.0, 6.0, 0.0]);
    assert_eq!((x - x).probe(), [0.0, 0.0, 0.0]);
    assert_eq!((x / x).probe()[..2], [1.0, 0.0]);
    assert_eq!(x.mul_add(x, x).probe(), [12.0, 7.0, 0.0]);
    assert_eq!(x.mul_add(y, x).probe(), [15.0, 5.0, 3.0]);
    assert_eq!(Var::dot(&[x, y], &[y, x]).probe(), [24.0, 8.0, 6.0]);
}

#[test]
fn a_fused_product_takes_constants_anywhere() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([3.0, 4.0]);
    let c = Var::constant(2.0);
    assert_eq!(x.mul_add(y, 2.0).probe(), [14.0, 4.0, 3.0]);
    assert_eq!(x.mul_add(2.0, y).probe(), [10.0, 2.0, 1.0]);
    assert_eq!(c.mul_add(x, y).probe(), [10.0, 2.0, 1.0]);
    assert_eq!(x.mul_add(2.0, 5.0).probe(), [11.0, 2.0, 0.0]);
    assert_eq!(c.mul_add(x, 5.0).probe(), [11.0, 2.0, 0.0]);
    assert_eq!(c.mul_add(5.0, x).probe(), [13.0, 1.0, 0.0]);
    assert!(c.mul_add(5.0, 1.0).is_constant());
}

#[test]
fn integers_are_the_numbers_that_they_convert_to() {
    let tape = Tape::new();
    let wide = Tape::<Dual>::default();
    for c in [7, -1, i32::MIN, i32::MAX] {
        let ([x, y], number) = (tape.var_array([7.5, -2.25]), f64::from(c));
        in_every_way! { x, y, c; + += - -= * *= / /= % %= }
        assert_eq!((c * x).value(), number * 7.5);
        let (x, y) = (Dual::new(7.5, 1.0), Dual::new(-2.25, 0.0));
        in_every_way! { x, y, c; + += - -= * *= / /= % %= }
        let [x, y] = wide.var_array([x, y]);
        in_every_way! { x, y, c; + += - -= * *= / /= % %= }
    }
    let tape = Tape::<f32>::default();
    for c in [7, -1, i16::MIN, i16::MAX] {
        let [x, y] = tape.var_array([7.5, -2.25]);
        in_every_way! { x, y, c; + += - -= * *= / /= % %= }
    }
}

#[test]
fn literals_have_one_meaning() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let y = 2 * x - x / 4 + 1 - (1 - x) % 2 + 0.5 * x.pow(2) + x.powf(2) + x.max(4).min(5);
    assert_eq!(y.value(), 6.0 - 0.75 + 1.0 + 0.0 + 4.5 + 9.0 + 4.0);
    assert!([x > 1, x >= 3, x == 3, x != 4, x < 4, x <= 3, x > 1.0].iter().all(|&holds| holds));
    assert_eq!(x.partial_cmp(&3), Some(std::cmp::Ordering::Equal));
    assert_eq!(i32::MAX + Var::constant(0.0), 2_147_483_647.0);
}

#[test]
fn comparisons_with_integers_are_guards() {
    let f = wengert::Function::record(&[3.0], |x| if x[0] > 1 { 2 * x[0] } else { -x[0] });
    assert_eq!(f.value(&mut f.workspace(), &[2.0]), Ok(4.0));
    assert!(f.value(&mut f.workspace(), &[0.5]).unwrap_err().is_guard());
}
